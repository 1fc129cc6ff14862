from pathlib import Path

import pytest

from cfglint.migrate.run import migrate


def migrated(tmp_path: Path, **texts: str) -> dict[str, str]:
    for name, text in texts.items():
        (tmp_path / f'{name}.py').write_text(text)
    found = list(migrate([str(tmp_path / f'{name}.py') for name in texts]))
    assert not any(each.refused or each.todos for each in found)
    return {Path(each.path).stem: each.text for each in found}


def test_scopes_types_and_imports_change_together(tmp_path: Path) -> None:
    text = """default_scope = 'mmcls'
custom_imports = dict(imports=['mmcls.models', 'my.models'])
train_pipeline = [dict(type='LoadImageFromFile'), dict(type='PackClsInputs')]  # as before
visualizer = dict(type='ClsVisualizer', vis_backends=[dict(type='LocalVisBackend')])
model = dict(type='mmcls.ImageClassifier', backbone=dict(type='BEiT', _scope_='mmcls'))
"""
    found = ' '.join(migrated(tmp_path, a=text)['a'].split()).replace('( ', '(')
    assert found == ' '.join(
        text.replace("'mmcls", "'mmpretrain")
        .replace('PackClsInputs', 'PackInputs')
        .replace('ClsVisualizer', 'UniversalVisualizer')
        .replace("'BEiT'", "'BEiTViT'")
        .split()
    )


def test_bases_change_with_those_who_inherit_them(tmp_path: Path) -> None:
    found = migrated(
        tmp_path,
        base="default_scope = 'mmgen'\nval_cfg = dict(type='GenValLoop')\n",
        child="_base_ = './base.py'\nlog_processor = dict(type='GenLogProcessor', by_epoch=False)\n",
    )
    assert found == {
        'base': "default_scope = 'mmagic'\nval_cfg = dict(type='MultiValLoop')\n",
        'child': "_base_ = './base.py'\nlog_processor = dict(type='LogProcessor', by_epoch=False)\n",
    }


def test_two_arguments_become_a_pair(tmp_path: Path) -> None:
    text = (
        "default_scope = 'mmselfsup'\nview_pipeline = [dict(type='RandomGaussianBlur', sigma_min=0.1, sigma_max=2.0)]\n"
    )
    assert "magnitude_range=(0.1, 2.0), magnitude_std='inf'" in migrated(tmp_path, a=text)['a'].replace(
        '\n        ', ' '
    )


@pytest.mark.parametrize('scope', ['mmdet', 'mmpretrain', 'mmagic'])
def test_other_scopes_stay(tmp_path: Path, scope: str) -> None:
    text = f"default_scope = '{scope}'\ntrain_dataloader = dict(dataset=dict(type='mmcls.ImageNet'))\n"
    assert migrated(tmp_path, a=text)['a'] == text


def test_what_the_new_library_does_not_have_is_a_question(tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text("default_scope = 'mmselfsup'\nmodel = dict(type='ODC')\n")
    [found] = migrate([str(tmp_path / 'a.py')])
    assert [path for path, _ in found.todos] == ['model']
