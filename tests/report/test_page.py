"""``cfglint report``: the page is sound, says what is known, and holds nothing that a config could have smuggled in."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.conftest import Ran, cli
from tests.kit.repo import write

__all__ = ['cli']
Cli = Callable[..., Ran]
VOID = {'meta', 'input', 'br', 'link', 'img'}
TRAINS = (
    "model = dict(type='RetinaNet')\n"
    "train_dataloader = dict(batch_size=1, dataset=dict(type='CocoDataset'), sampler=dict(type='DefaultSampler'))\n"
    "optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.02))\n"
    "param_scheduler = [dict(type='MultiStepLR', milestones=[8, 11])]\n"
    'train_cfg = dict(by_epoch=True, max_epochs=12)\n'
    "default_scope = 'mmdet'\n"
)
FILES = {
    'configs/_base_/run.py': f"{TRAINS}default_hooks = dict(checkpoint=dict(type='CheckpointHook', max_keep_ckpt=3))\n",
    'configs/a.py': "_base_ = './_base_/run.py'\ntrain_cfg = dict(val_intervall=1)\n",
    'configs/b.py': "_base_ = './a.py'\nmodel = dict(typ='FCOS')\n",
}
LEGACY = {
    'configs/old.py': "optimizer = dict(type='SGD', lr=0.02)\nlr_config = dict(policy='step', step=[8])\ntotal_epochs = 12\n"
    "model = dict(type='RetinaNet')\ndata = dict(samples_per_gpu=2, train=dict(type='CocoDataset'))\nevaluation = dict(metric='x')\n"
}
HOSTILE = '</script></style></pre><script>document.title="x"</script><img src=x onerror=alert(1)>'
ATTACK = {
    f'configs/{HOSTILE.replace("/", "∕")}.py': f"_base_ = ['a.py', {HOSTILE!r}]\n",
    'configs/a.py': f'{TRAINS}train_cfg = dict({{{HOSTILE!r}: 1}}, by_epoch=True, max_epochs=12)\nfoo = dict(type={HOSTILE!r})\n'
    f'default_hooks = dict(checkpoint=dict(type="CheckpointHook", **{{{HOSTILE!r}: 1}}))\n'
    f'optim_wrapper = dict(optimizer=dict(type="SGD", lr=1), paramwise_cfg=dict(custom_keys={{{HOSTILE!r}: dict(lr_mult=2)}}))\n',
    'configs/old.py': f'optimizer = dict(type="SGD", lr=1)\nlr_config = dict(policy={HOSTILE!r})\ntotal_epochs = 3\nmodel = dict(type={HOSTILE!r})\n'
    f'data = dict(train=dict(type={HOSTILE!r}))\n',
}  # fmt: skip


class Element(NamedTuple):
    """A start tag."""

    tag: str
    attributes: dict[str, str | None]
    above: tuple[str, ...]


class Page(HTMLParser):
    """The elements of a page, which has to close each that it opens."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.stack: list[str] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.feed(text)
        self.close()
        assert self.stack == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs), tuple(self.stack)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs), tuple(self.stack)))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        kind = self.stack[-1] if self.stack else ''
        (self.scripts if kind == 'script' else [] if kind == 'style' else self.texts).append(data)

    def all(self, tag: str) -> list[Element]:
        """Return the elements of a kind."""
        return [each for each in self.elements if each.tag == tag]

    @property
    def text(self) -> str:
        """What a reader sees."""
        return re.sub(r'\s+', ' ', ''.join(self.texts))


def page_of(cli: Cli, folder: Path, files: dict[str, str], *args: str) -> Page:
    write(folder, files)
    ran = cli('report', 'configs', '--output', 'x.html', *args)
    assert (ran.code, ran.err) == (0, '') and re.fullmatch(r'wrote x.html: \d+\.\d MB\n', ran.out)
    return Page((folder / 'x.html').read_text(encoding='utf-8'))


def test_what_is_found_stands_with_its_excerpt(cli: Cli, tmp_path: Path) -> None:
    page = page_of(cli, tmp_path, FILES)
    rules = [each.attributes['data-rule'] for each in page.all('article')]
    assert rules.count('misspelt-field') == 2
    assert '`' not in page.text.split('Findings')[0]
    assert 'CheckpointHook does not take max_keep_ckpt' in page.text
    assert "1 | _base_ = './_base_/run.py'" not in page.text and '2 | train_cfg = dict(val_intervall=1)' in page.text


def test_inheritance_schedules_and_releases(cli: Cli, tmp_path: Path) -> None:
    page = page_of(cli, tmp_path, FILES)
    tree = page.text.split('Below each file stand those that inherit it.')[1]
    assert tree.index('configs/_base_/run.py') < tree.index('configs/a.py') < tree.index('configs/b.py')
    assert '12 epochs; lr from 0.02, at the end 0.0002' in page.text
    assert {each.attributes.get('class') for each in page.all('svg')} == {'graph', 'schedule'}
    assert 'In which releases of mmdet the configs that use it work' in page.text
    assert re.search(r'3\.3\.0 ?0 of 2 ?RetinaNet needs backbone, and 3 more', page.text)
    assert 'No config is of 0.x.' in page.text


def test_what_is_migrated_and_what_is_open(cli: Cli, tmp_path: Path) -> None:
    page = page_of(cli, tmp_path, LEGACY, '--target', 'mmdet==3.3.0')
    assert re.search(
        r'1 config of 0\.x: cfglint migrate rewrites 1 file, bases included, and leaves \d+ questions? open', page.text
    )
    assert 'lr_config param_scheduler 1' in re.sub(r'\s+', ' ', ' '.join(page.texts))


def test_a_project_of_0_x_stays_one(cli: Cli, tmp_path: Path) -> None:
    page = page_of(cli, tmp_path, {**LEGACY, 'cfglint.toml': 'targets = { mmdet = "2.28.2" }\n'})
    assert '1 config of 0.x: the settings are for releases of 0.x' in page.text


@pytest.mark.parametrize('files', [FILES, LEGACY, ATTACK], ids=['modern', 'legacy', 'hostile'])
def test_the_page_is_sound(cli: Cli, tmp_path: Path, files: dict[str, str]) -> None:
    page = page_of(cli, tmp_path, files)
    ids = [each.attributes['id'] for each in page.elements if 'id' in each.attributes]
    assert len(ids) == len(set(ids))
    for each in page.elements:
        for name in ('aria-labelledby', 'for'):
            assert set((each.attributes.get(name) or '').split()) <= set(ids)
        assert not any(name.startswith('on') for name in each.attributes) and 'style' not in each.attributes
    links = [each.attributes['href'] or '' for each in page.all('a')]
    assert {link[1:] for link in links if link.startswith('#')} <= set(ids)
    assert all(link.startswith(('#', 'https://mmcfglint.readthedocs.io/')) for link in links)
    assert not [each for each in page.elements if each.tag in ('img', 'link', 'iframe') or 'src' in each.attributes]


def test_landmarks_and_names(cli: Cli, tmp_path: Path) -> None:
    page = page_of(cli, tmp_path, FILES)
    for tag in ('header', 'nav', 'main', 'footer', 'form', 'h1', 'noscript'):
        assert len(page.all(tag)) == 1, tag
    assert page.all('html')[0].attributes['lang'] == 'en' and page.all('form')[0].attributes['role'] == 'search'
    assert page.all('a')[0].attributes['href'] == '#main'
    assert all('aria-labelledby' in each.attributes for each in page.all('section'))
    assert all('label' in each.above for each in page.elements if each.tag in ('input', 'select'))
    assert all(each.attributes['role'] == 'img' for each in page.all('svg'))
    assert all(each.attributes.get('scope') in ('row', 'col') for each in page.all('th'))


def test_hostile_configs_stay_text(cli: Cli, tmp_path: Path) -> None:
    page = page_of(cli, tmp_path, ATTACK)
    (script,) = page.scripts
    assert script.startswith("'use strict';") and 'document.title' not in script
    assert page.text.count(HOSTILE) > 3
    assert len(page.all('script')) == 1 and len(page.all('style')) == 1


def test_one_config_without_findings(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': 'a = 1\n'})
    assert cli('report', 'a.py', '--output', 'x.html').code == 0
    page = Page((tmp_path / 'x.html').read_text(encoding='utf-8'))
    assert (
        'Nothing was found.' in page.text
        and page.scripts == []
        and page.text.lstrip().startswith('a.py: cfglint report')
    )


def test_what_is_missing_is_said(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, FILES)
    (tmp_path / 'empty').mkdir()
    assert cli('report', 'empty').err == 'cfglint: error: there is no config in what was given\n'
    ran = cli('report', 'configs', '--output', 'nowhere/x.html')
    assert ran.err == 'cfglint: error: cannot write `nowhere/x.html`: no such file or directory\n'
    monkeypatch.setitem(sys.modules, 'jinja2', None)
    monkeypatch.delitem(sys.modules, 'cfglint.report.page')
    assert cli('report', 'configs') == Ran(
        2, '', "cfglint: error: the page needs jinja2: pip install 'mmcfglint[report]'\n"
    )
