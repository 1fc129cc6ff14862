"""The releases in which a config works, the releases that were chosen, and pages of components."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran, cli  # noqa: F401 (a fixture)
from tests.kit.repo import write

Cli = Callable[..., Ran]
CONFIG = """\
default_scope = 'mmdet'
tta_model = dict(type='DDQDETR', neck=dict(type='FPN', in_channels=[8], out_channels=8, num_outs=1))
"""


def test_releases_that_work(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    write(tmp_path, {'a.py': CONFIG})
    ran = cli('compat', 'a.py')
    assert ran.code == 0
    assert '  mmdet: works from 3.2.0 to 3.3.0 (2 of 11 releases)\n' in ran.out
    assert '    3.0.0rc0 … 3.1.0:\n      a.py:2:23: there is no `DDQDETR`\n' in ran.out


def test_json_has_every_release(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    write(tmp_path, {'a.py': CONFIG})
    (config,) = json.loads(cli('compat', 'a.py', '--output-format', 'json').out)['configs']
    (mmdet,) = (each for each in config['libraries'] if each['library'] == 'mmdet')
    assert (mmdet['first'], mmdet['last']) == ('3.2.0', '3.3.0')
    by_release = {each['release']: each for each in mmdet['releases']}
    assert by_release['3.3.0'] == {'release': '3.3.0', 'works': True, 'reasons': []}
    assert by_release['3.1.0']['reasons'][0]['location'] == {'row': 2, 'column': 23}


def test_no_release_works(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    write(tmp_path, {'a.py': CONFIG.replace('num_outs', 'num_out')})
    ran = cli('compat', 'a.py')
    assert ran.code == 1 and 'mmdet: none of 11 releases works' in ran.out


def test_a_fault_of_one_library_is_not_held_against_another(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    text = (
        CONFIG.replace('num_outs', 'num_out')
        + "train_dataloader = dict(sampler=dict(type='DefaultSampler', shuffle=True))\n"
    )
    write(tmp_path, {'a.py': text})
    assert '  mmengine: works from 0.7.0 to' in cli('compat', 'a.py').out


def test_a_release_that_another_target_refuses(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    write(tmp_path, {'a.py': "default_scope = 'mmdet'\ntrain_pipeline = []\ntta_model = dict(a=dict(type='DCNv2'))\n"})
    ran = cli('compat', 'a.py', '--target', 'mmdet==3.3.0')
    assert 'mmcv: works from 2.0.0rc4 to 2.1.0' in ran.out
    assert '2.2.0:\n      mmdet 3.3.0 asserts mmcv>=2.0.0rc4,<2.2.0\n' in ran.out


def test_environment(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    from cfglint.catalog.incompatibilities import Incompatibility

    found = [Incompatibility('it-breaks', 'a breaks b', 'remove b', True)]
    monkeypatch.setattr('cfglint.catalog.incompatibilities.incompatibilities', lambda: found)
    assert cli('compat', '--environment')[:2] == (1, 'error[it-breaks]: a breaks b\n  remove b\n')
    assert (
        json.loads(cli('compat', '--environment', '--output-format', 'json').out)['environment'][0]['name']
        == 'it-breaks'
    )
    found.clear()
    assert cli('compat', '--environment').code == 0


def test_usage(cli: Cli) -> None:  # noqa: F811
    assert cli('compat') == Ran(2, '', 'cfglint: error: name a config, or give --environment\n')


def test_targets_of_check(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    write(tmp_path, {'a.py': CONFIG, 'requirements.txt': 'mmdet>=3.0,<3.2\n', '.git/HEAD': ''})
    assert (
        cli('check', 'a.py', '--select', 'component')
        .err.splitlines()[1]
        .startswith('against mmdet 3.1.0 (requirements.txt:1 requires mmdet>=3.0,<3.2)')
    )
    assert cli('check', 'a.py', '--select', 'component', '--target', 'mmdet==3.3.0').code == 0
    write(tmp_path, {'cfglint.toml': '[targets]\nmmdet = "3.0.0"\n'})
    assert 'against mmdet 3.0.0 (settings say 3.0.0)' in cli('check', 'a.py', '--select', 'component').err


@pytest.mark.parametrize(('target', 'words'), [
    ('mmdet==9', 'the catalog has no release 9 of mmdet; it has 2.3.0, 2.5.0 … '),
    ('nolib==1', 'there is no catalog of `nolib`; there are: mmengine, '),
    ('mmdet', '`mmdet` is no target: write `library==release`, or a range such as `mmdet>=3.1,<3.4`'),
])  # fmt: skip
@pytest.mark.parametrize('command', ['check', 'targets', 'compat'])
def test_wrong_targets(cli: Cli, tmp_path: Path, command: str, target: str, words: str) -> None:  # noqa: F811
    write(tmp_path, {'a.py': CONFIG})
    ran = cli(command, 'a.py', '--target', target)
    assert (
        ran.code == 2 and ran.out == '' and ran.err.startswith(f'cfglint: error: {words}') and ran.err.count('\n') == 1
    )


def test_table_of_targets(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    write(tmp_path, {'requirements.txt': 'mmpose==1.0.0\n', '.git/HEAD': ''})
    rows = [line.split(maxsplit=3) for line in cli('targets').out.splitlines()]
    assert rows[0] == ['library', 'release', 'from', 'why']
    assert ['mmpose', '1.0.0', 'requirements', 'requirements.txt:1 requires mmpose==1.0.0'] in rows


def test_parts_of_a_repository_have_requirements_of_their_own(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    old = "model = dict(type='RetinaNet')\ndata = dict(train=dict(type='CocoDataset'))\nrunner = dict(max_epochs=1)\n"
    files = {'.git/HEAD': '', 'requirements.txt': 'mmsegmentation==1.2.2\n', 'det/requirements.txt': 'mmdet==2.28.2\n'}
    write(
        tmp_path,
        {
            **files,
            'det/configs/a.py': old,
            'seg/configs/b.py': "default_scope = 'mmseg'\nmodel = dict(type='EncoderDecodr', neck=dict(type='FPN'))\n",
        },
    )
    for paths in (['.'], ['det/configs', 'seg/configs']):
        ran = cli('check', *paths, '--select', 'component,deprecated', '--output-format', 'concise')
        assert [line.partition(':')[0] for line in ran.out.splitlines()] == ['seg/configs/b.py']
        assert (
            'mmdet 2.28.2 (det/requirements.txt:1 requires mmdet==2.28.2)' in ran.err
            and 'mmsegmentation 1.2.2 (req' in ran.err
        )


def test_page_of_a_component(cli: Cli) -> None:  # noqa: F811
    out = cli('explain', 'mmdet.FPN', '--target', 'mmdet==3.3.0').out
    assert 'Class: mmdet.models.necks.fpn.FPN' in out and '  in_channels: List[int]  (required)\n' in out
    assert 'Other arguments: refused' in out and 'Releases: mmdet 2.12.0 to 3.3.0' in out
    assert 'mmdet.FPN\n' in cli('explain', 'FPN').out and 'mmseg.FPN\n' in cli('explain', 'FPN').out


@pytest.mark.parametrize(('name', 'message'), [
    ('RetinaHed', 'no library has a component `RetinaHed`; did you mean `RetinaHead`?'),
    ('mmdet.DetrTransformer', 'no library has a component `mmdet.DetrTransformer`; did you mean `'),
    ('mmdet.Transformer', '`mmdet.Transformer` is in none of the releases that configs are checked against; it is in mmdet 2.7.0 to 3.0.0rc5'),
])  # fmt: skip
def test_component_that_does_not_exist(cli: Cli, name: str, message: str) -> None:  # noqa: F811
    ran = cli('explain', name)
    assert ran.code == 2 and ran.err.startswith(f'cfglint: error: {message}')


def test_a_config_of_0x_is_tried_in_the_releases_of_0x(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    text = (
        "model = dict(type='YOLOX', neck=dict(type='YOLOXPAFPN'), bbox_head=dict(type='OwnHead'), input_size=(640, 640))\n"
        "data = dict(train=dict(type='CocoDataset', pipeline=[dict(type='LoadImageFromFile')]))\nrunner = dict(max_epochs=1)\n"
    )
    write(tmp_path, {'a.py': text})
    ran = cli('compat', 'a.py')
    assert ran.code == 0
    assert '  0.x: works with mmdet 2.19.1 … 2.28.2 (10 of 24 releases)\n' in ran.out
    assert '    2.15.1 … 2.18.1:\n      a.py:1:90: `YOLOX` does not take `input_size`\n' in ran.out
    (config,) = json.loads(cli('compat', 'a.py', '--output-format', 'json').out)['configs']
    assert [each['era'] for each in config['libraries'] if each['library'] == 'mmdet'] == ['0.x']
