"""The report: what became what, what is open, and how far the curves are from those before."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from cfglint.migrate.curves import Curves
from cfglint.migrate.report import render
from cfglint.migrate.run import migrate
from cfglint.usage import UsageError

HEAD = "model = dict(type='RPN')\noptimizer = dict(type='SGD', lr=0.02, momentum=0.9)\n"
EPOCHS = "runner = dict(type='EpochBasedRunner', max_epochs=4)\n"
POLY = "lr_config = dict(policy='poly', power=0.9, min_lr=1e-4, by_epoch=False)\n"
STEP = "lr_config = dict(policy='step', step=[2], warmup='linear', warmup_iters=50)\n"


def reported(tmp_path: Path, suffix: str, **files: str) -> str:
    for name, text in files.items():
        (tmp_path / f'{name}.py').write_text(text)
    return render(list(migrate(sorted(map(str, tmp_path.glob('*.py'))))), f'report{suffix}')


def test_what_became_what(tmp_path: Path) -> None:
    text = reported(tmp_path, '.md', a=HEAD + EPOCHS + STEP)
    assert '| `runner` | `train_cfg` |\n' in text
    assert '| `lr_config` | `param_scheduler` |\n' in text


def test_nothing_is_said_of_equal_curves(tmp_path: Path) -> None:
    assert 'learning rate' not in reported(tmp_path, '.md', a=HEAD + EPOCHS + STEP)


def test_the_largest_difference(tmp_path: Path) -> None:
    text = reported(tmp_path, '.md', a=HEAD + EPOCHS + POLY)
    assert (
        'differs by at most 0.0011 of the first one (0.02), at iteration 1,999, if an epoch has 500 iterations.' in text
    )
    assert '| 1,999 | 0.000121' in text


def test_momentum(tmp_path: Path) -> None:
    momentum = "momentum_config = dict(policy='cyclic', target_ratio=(0.85 / 0.95, 1), by_epoch=False)\n"
    text = HEAD + "runner = dict(type='IterBasedRunner', max_iters=1000)\n" + momentum
    assert 'The momentum differs' not in reported(tmp_path, '.md', a=text)
    text = HEAD + EPOCHS + momentum
    assert 'The momentum differs by at most' in reported(tmp_path, '.md', a=text)


def test_what_cannot_be_compared(tmp_path: Path) -> None:
    plateau = "lr_config = dict(policy='Reduce', val_metric='PSNR', mode='max', factor=0.5, patience=10)\n"
    assert 'could not be compared: the formula of the policy `Reduce` is not known.' in reported(
        tmp_path, '.md', a=HEAD + EPOCHS + plateau
    )


def test_a_drawing(tmp_path: Path) -> None:
    text = reported(tmp_path, '.html', a=HEAD + EPOCHS + POLY)
    drawing = text[text.index('<svg') : text.index('</svg>') + 6]
    lines = ElementTree.fromstring(drawing).findall('polyline')
    assert [len(line.attrib['points'].split()) for line in lines] == [251, 251]


def test_names_are_escaped(tmp_path: Path) -> None:
    text = reported(tmp_path, '.html', a=HEAD + EPOCHS + "lr_config = dict(policy='<b>')\n")
    assert '<b>' not in text and '&lt;B&gt;' in text


def test_another_format(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r'a report is written as \.md or \.html'):
        reported(tmp_path, '.txt', a=HEAD)


def test_equal_settings_are_compared_once() -> None:
    old = {
        'optimizer': {'type': 'SGD', 'lr': 0.02}, 'runner': {'type': 'EpochBasedRunner', 'max_epochs': 2},
        'lr_config': {'policy': 'exp', 'gamma': 0.9},
    }  # fmt: skip
    curves = Curves()
    new = {'param_scheduler': []}
    first, second = list(curves.differences(old, new)), list(curves.differences(dict(old), dict(new)))
    assert first[0] is second[0]
    assert first[0].largest == pytest.approx(0.1)


def test_every_optimizer_of_a_gan() -> None:
    old = {
        'optimizer': {'generator': {'type': 'Adam', 'lr': 0.02}, 'critic': {'type': 'Adam', 'lr': 0.04}},
        'runner': {'type': 'IterBasedRunner', 'max_iters': 20}, 'lr_config': {'policy': 'exp', 'gamma': 0.9, 'by_epoch': False},
    }  # fmt: skip
    assert [each.start for each in Curves().differences(old, {'param_scheduler': []})] == [0.02, 0.04]
