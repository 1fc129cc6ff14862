"""The page of ``cfglint report`` in a real browser, where one is installed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.cli.conftest import Ran, cli
from tests.kit.repo import write
from tests.report.test_page import ATTACK, FILES, LEGACY

__all__ = ['cli']
BROWSER = next(filter(None, map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome', 'chrome'))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason='no Chromium or Chrome is installed')
CONTRAST = """() => {
  const channels = (text) => text.match(/[\\d.]+/g).slice(0, 3).map((each) => {
    const value = each / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const light = (text) => channels(text).reduce((sum, each, index) => sum + each * [0.2126, 0.7152, 0.0722][index], 0);
  const back = (node) => {
    for (let each = node; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      if (!colour.endsWith(', 0)') && colour !== 'transparent') return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  return [...document.querySelectorAll('main *, header *, footer *')]
    .filter((node) => !node.closest('svg') && [...node.childNodes].some((each) => each.nodeType === 3 && each.data.trim()))
    .map((node) => {
      const both = [light(getComputedStyle(node).color), light(back(node))];
      return [(Math.max(...both) + 0.05) / (Math.min(...both) + 0.05), node.outerHTML.slice(0, 80)];
    }).filter(([ratio]) => ratio < 4.5);
}"""
"""Finds texts that are too faint by WCAG 2 (AA): less than 4.5 to 1."""


@pytest.fixture(scope='module')
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=BROWSER, args=['--no-sandbox'])
        yield started
        started.close()


@pytest.fixture
def opened(cli: Callable[..., Ran], browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Return a function that opens the report of some files; whatever the console says fails the test."""
    said: list[str] = []

    def opened(files: dict[str, str], width: int = 1400, scheme: str = 'light') -> Page:
        write(tmp_path, files)
        assert cli('report', 'configs', '--output', 'x.html').code == 0
        page = browser.new_page(viewport={'width': width, 'height': 900}, color_scheme=scheme)
        page.on('console', lambda message: said.append(message.text))
        page.on('pageerror', lambda error: said.append(str(error)))
        page.on('dialog', lambda dialog: said.append(dialog.message))
        page.on('request', lambda request: said.append(request.url) if not request.url.startswith('file:') else None)
        page.goto((tmp_path / 'x.html').as_uri())
        return page

    yield opened
    assert said == []


@pytest.mark.parametrize('width', [400, 1400])
@pytest.mark.parametrize('scheme', ['light', 'dark'])
def test_readable(opened: Callable[..., Page], width: int, scheme: str) -> None:
    page = opened({**FILES, **LEGACY}, width, scheme)
    page.evaluate('document.querySelectorAll("details").forEach((each) => { each.open = true; })')
    assert page.evaluate('document.documentElement.scrollWidth') <= width
    assert page.evaluate(CONTRAST) == []
    colours = page.evaluate('getComputedStyle(document.body).backgroundColor'), scheme
    assert colours in (('rgb(255, 255, 255)', 'light'), ('rgb(13, 17, 23)', 'dark'))


def test_findings_are_filtered(opened: Callable[..., Page]) -> None:
    page = opened(FILES)
    visible = page.locator('article:visible')
    everything = visible.count()
    assert everything > 2 and page.locator('#shown').inner_text().startswith(f'{everything} findings in ')
    page.get_by_label('Search').fill('VAL_INTERVALL')
    assert visible.count() == 1 and page.locator('.file:visible').count() == 1
    assert page.locator('#shown').inner_text() == '1 finding in 1 file'
    page.get_by_role('button', name='Reset').click()
    page.wait_for_function(f'document.getElementById("shown").value.startsWith("{everything} ")')
    page.get_by_role('checkbox', name='error').uncheck()
    assert page.locator('article[data-severity=error]:visible').count() == 0
    page.get_by_role('checkbox', name='error').check()
    page.get_by_text('By rule').click()
    page.get_by_role('button', name='misspelt-field only').click()
    assert {each.get_attribute('data-rule') for each in visible.all()} == {'misspelt-field'}


def test_the_keyboard_reaches_all_of_it(opened: Callable[..., Page]) -> None:
    page = opened(FILES)
    page.keyboard.press('Tab')
    assert page.evaluate('document.activeElement.textContent') == 'Skip to the content'
    assert page.evaluate('document.activeElement.getBoundingClientRect().left') > 0
    reached = set()
    for _ in range(60):
        page.keyboard.press('Tab')
        reached.add(page.evaluate('document.activeElement.id || document.activeElement.tagName'))
    assert {'words', 'rule', 'SUMMARY', 'INPUT', 'BUTTON', 'A'} <= reached


def test_what_a_screen_reader_is_told(opened: Callable[..., Page]) -> None:
    page = opened(FILES)
    told = page.locator('body').aria_snapshot()
    for landmark in (
        '- banner',
        '- navigation "Sections"',
        '- main',
        '- search "Filter the findings"',
        '- contentinfo',
    ):
        assert landmark in told
    assert '- region "Schedules"' in told and '- status' in told


def test_hostile_configs_run_nothing(opened: Callable[..., Page]) -> None:
    page = opened(ATTACK)
    assert page.title().endswith('cfglint report')
    assert page.locator('img').count() == 0
