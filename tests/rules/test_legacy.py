"""Configs of 0.x, judged for the releases that their project is for."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.catalog.run_libraries import Libraries
from cfglint.catalog.targets import Targets
from cfglint.diagnostics import Severity
from cfglint.engine import check
from cfglint.rules import all_rules
from cfglint.settings import Project, Settings
from cfglint.targeting import libraries_for
from cfglint.workspace import Workspace
from tests.kit.repo import diagnose, write

OLD = """\
model = dict(type='RetinaNet', backbone=dict(type='ResNet', depth=50),
             bbox_head=dict(type='RetinaHead', num_classes=80, in_channels=256))
data = dict(samples_per_gpu=2, train=dict(type='CocoDataset', ann_file='a.json',
            pipeline=[dict(type='LoadImageFromFile'), dict(type='DefaultFormatBundle'), dict(type='Collect', keys=['img'])]))
optimizer = dict(type='SGD', lr=0.02, paramwise_cfg=dict(norm_decay_mult=0.))
optimizer_config = dict(grad_clip=None)
lr_config = dict(policy='step', step=[8, 11])
runner = dict(type='EpochBasedRunner', max_epochs=12)
log_config = dict(interval=50, hooks=[dict(type='TextLoggerHook')])
custom_hooks = [dict(type='NumClassCheckHook', priority='LOW')]
"""
NEW = "default_scope = 'mmdet'\nmodel = dict(type='RetinaNet')\ntrain_dataloader = dict(batch_size=2)\n"


def found(folder: Path, config: str, **files: str) -> list[tuple[str, int]]:
    """Return what is said at warning or above: rules with lines."""
    named = {name.replace('__', '/').replace('_', '.'): text for name, text in files.items()}
    told = diagnose(folder, {'config.py': config, **named}, 'config.py')
    text = config.encode()
    return [
        (each.rule, text.count(b'\n', 0, each.span.start) + 1)
        for each in told
        if each.severity > Severity.INFO and each.span
    ]


@pytest.mark.parametrize('requirement', ['mmdet==2.28.2', 'mmdet==3.3.0'])
def test_mmcv_has_no_pure_python_configs(tmp_path: Path, requirement: str) -> None:
    said = found(tmp_path, f"import os\n{OLD}work_dir = os.path.join('a', 'b')\n", requirements_txt=f'{requirement}\n')
    assert (('interpreter-dependent-style', 1) in said) == (requirement == 'mmdet==3.3.0')


@pytest.mark.parametrize('files', [
    {'requirements_txt': 'mmdet==2.28.2\n'}, {'requirements_txt': 'mmdet<3\n'}, {'requirements_txt': 'mmcv-full\n'},
    {'setup_py': "setup(install_requires=['mmcv-full==1.7.0'])"}, {'mmdet__version_py': "__version__ = '2.11.0'"},
    {'requirements_txt': 'mmcv>=1.3,<=1.8\nmmdet>=2.0\n'},
])  # fmt: skip
def test_a_project_of_0x_has_right_configs_of_0x(tmp_path: Path, files: dict[str, str]) -> None:
    assert found(tmp_path, OLD, **files) == []


@pytest.mark.parametrize(
    'files', [{}, {'requirements_txt': 'mmdet>=3.0\n'}, {'requirements_txt': 'mmdet\nmmcv>=1.3\n'}]
)
def test_any_other_project_has_them_judged_for_1x(tmp_path: Path, files: dict[str, str]) -> None:
    assert 'removed-runner' in [rule for rule, _ in found(tmp_path, OLD, **files)]


def test_types_and_arguments_are_those_of_the_0x_release(tmp_path: Path) -> None:
    wrong = (
        OLD.replace('num_classes', 'num_clases')
        .replace("'Collect'", "'Colect'")
        .replace('SGD', 'SGDD')
        .replace('grad_clip', 'grad_clipp')
    )
    wrong = wrong.replace("type='ResNet'", "type='CSPNeXt'")
    assert found(tmp_path, wrong, requirements_txt='mmdet==2.28.2') == [
        ('type-of-another-release', 1), ('misspelt-argument', 2), ('unknown-type', 4), ('unknown-type', 5),
    ]  # fmt: skip


def test_the_projects_own_types_are_not_judged(tmp_path: Path) -> None:
    assert found(tmp_path, OLD.replace("type='ResNet'", "type='MyGreatNet'"), requirements_txt='mmdet==2.28.2') == []


def test_a_project_for_both_has_each_config_judged_by_what_it_is(tmp_path: Path) -> None:
    both = {'requirements_txt': 'mmdet==2.28.2\nmmsegmentation==1.2.2\n'}
    assert found(tmp_path, OLD, **both) == []
    new = NEW.replace('mmdet', 'mmseg').replace('RetinaNet', 'EncoderDecodr')
    rules = [rule for rule, _ in found(tmp_path, new, **both)]
    assert 'unknown-type' in rules and 'config-newer-than-target' not in rules


def test_a_config_of_1x_is_told_once_that_the_project_is_not(tmp_path: Path) -> None:
    said = found(tmp_path, NEW, requirements_txt='mmdet==2.28.2')
    assert [line for rule, line in said if rule == 'config-newer-than-target'] == [1]


def test_the_requirements_that_are_nearest_count(tmp_path: Path) -> None:
    write(tmp_path, {'.git/HEAD': '', 'requirements.txt': 'mmdet==2.28.2\n', 'configs/a.py': OLD})
    write(tmp_path, {'v3/requirements/runtime.txt': 'mmdet>=3.0\n', 'v3/configs/a.py': NEW, 'other/a.py': NEW})
    paths = [str(tmp_path / name) for name in ('configs/a.py', 'v3/configs/a.py', 'other/a.py')]
    libraries = libraries_for(paths, Project(Settings(), str(tmp_path)), ())
    found = check(paths, list(all_rules().values()), workspace=Workspace(libraries)).diagnostics
    assert [each.path for each in found if each.rule == 'config-newer-than-target'] == [paths[2]]


def test_the_code_of_a_0x_copy_is_not_held_against_a_config_of_1x(tmp_path: Path) -> None:
    copy = {'mmdet__version_py': "__version__ = '2.28.2'\n", 'mmdet__models_py': 'from mmcv.runner import BaseModule\n'}
    text = NEW.replace('RetinaNet', 'RetinaNett') + "custom_imports = dict(imports=['mmdet.models'])\n"
    said = {rule for rule, _ in found(tmp_path, text, **copy)}
    assert 'config-newer-than-target' in said and said.isdisjoint({'unknown-type', 'removed-import'})


def test_a_config_with_sections_of_both_is_judged_for_1x_whatever_is_required(tmp_path: Path) -> None:
    rules = [rule for rule, _ in found(tmp_path, NEW + 'fp16 = dict(loss_scale=512.)\n', requirements_txt='mmcv-full')]
    assert 'removed-fp16' in rules


def test_versions_that_no_catalog_reaches_back_to_are_not_judged(tmp_path: Path) -> None:
    assert found(tmp_path, OLD.replace('num_classes', 'num_clases'), requirements_txt='mmdet==1.2.0') == []


def test_where_a_0x_release_was_asked_for_nothing_else_is_said_of_a_config_of_1x(tmp_path: Path) -> None:
    path = tmp_path / 'config.py'
    path.write_text(NEW.replace('RetinaNet', 'RetinaNett'))
    libraries = Libraries(Targets(['mmdet==2.28.2'], installed=lambda distribution: None))
    result = check([str(path)], list(all_rules().values()), workspace=Workspace(libraries))
    assert [(each.rule, each.severity) for each in result.diagnostics] == [('config-newer-than-target', Severity.ERROR)]
    assert libraries.chosen() == []
