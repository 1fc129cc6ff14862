"""Configs of which a part cannot be read: what they say themselves is judged, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.engine import check
from cfglint.language.config import Config
from cfglint.language.loader import Loader
from cfglint.language.values import Unknown
from cfglint.rules import all_rules
from tests.language.oracle import Files, Refusal, mmengine, write

FAULT = "train_dataloader = dict(batch_size='3')\n"


def read(folder: Path, files: Files | str) -> Config:
    """Return what is known of a config that MMEngine refuses."""
    path = write(folder, files)
    assert isinstance(mmengine(path), Refusal)
    config = Loader().load_known(str(path))
    assert config.refusal is not None and config.partial is not None
    return config


def said(folder: Path, files: Files | str, *names: str) -> list[tuple[str, str | None]]:
    """Return the rules and keys of all diagnostics of some files, errors and warnings."""
    first = write(folder, files)
    found = check([str(folder / name) for name in names or [first.name]], list(all_rules().values()))
    assert not found.crashes
    return [(each.rule, each.key) for each in found.diagnostics if each.severity.name != 'INFO']


@pytest.mark.parametrize(
    ('text', 'rule'),
    [
        ("_base_ = './gone.py'\n", 'missing-base'),
        ("_base_ = ['./gone.py']\n", 'missing-base'),
        ("_base_ = '{{ fileDirname }}/gone.py'\n", 'missing-base'),
        ("_base_ = '{{$CFGLINT_ABSENT:gone}}/gone.py'\n", 'missing-base'),
        ('_base_ = 3\n', 'invalid-base'),
        ('_base_ = nothing\n', 'undefined-name'),
        ("_base_ = './config.py'\n", 'circular-base'),
        ('a = nothing\n', 'undefined-name'),
        ("a = dict(b=1)['c']\n", 'failing-expression'),
        ('a = dict(b=1, c=nothing)\n', 'undefined-name'),
        ("a = [1, {'b': nothing}]\n", 'undefined-name'),
        ('a = int(nothing)\n', 'undefined-name'),
        ('a, b = 1, 2, 3\n', 'failing-expression'),
        ('for a in range(3):\n    nothing\n', 'undefined-name'),
        ('def f(x):\n    return x.y\n\n\na = f(dict(b=1))\n', 'failing-expression'),
        ('a = dict(b=1, **dict(b=2))\n', 'repeated-key'),
        ('_deprecation_ = True\n', 'invalid-deprecation'),
        ("from mmengine.runner import Runner\n_base_ = './here.py'\na = _base_.x\n", 'mixed-config-styles'),
        ('from mmengine.config import read_base\nwith read_base():\n    from .gone import *\n', 'missing-base'),
        ('from mmengine.config import read_base\nwith read_base():\n    from .gone import a\nb = a.c[0]\n', 'missing-base'),
        ('from mmengine.config import read_base\nwith read_base():\n    from .here import b\n', 'undefined-base-variable'),
    ],
)  # fmt: skip
def test_what_fails_is_told_once_and_the_rest_judged(text: str, rule: str, tmp_path: Path) -> None:
    found = said(tmp_path, {'config.py': text + FAULT, 'here.py': 'here = 1\n'})
    assert [name for name, _ in found] == [rule, 'wrong-type']
    assert found[1][1] == 'train_dataloader.batch_size'


def test_a_child_of_what_cannot_be_read_is_judged(tmp_path: Path) -> None:
    files: Files = {'config.py': f"_base_ = './bad.py'\n{FAULT}", 'bad.py': 'a = (\n'}
    assert [name for name, _ in said(tmp_path, files)] == ['syntax-error', 'wrong-type']


def test_what_may_be_caught_is_no_error(tmp_path: Path) -> None:
    text = 'try:\n    a = dict(b=nothing)\nexcept NameError:\n    a = 1\n'
    assert Loader().load(str(write(tmp_path, text))).table == {'a': 1}


def test_all_errors_of_a_file_are_told_each_once(tmp_path: Path) -> None:
    text = "a = nothing\nb = [nowhere for _ in 'xyz']\nfor c in range(3):\n    d = [never]\ne = dict(f=1).g\n"
    found = said(tmp_path, text)
    assert found == [
        ('undefined-name', 'a'), ('undefined-name', 'b'), ('undefined-name', None), ('failing-expression', 'e')
    ]  # fmt: skip


def test_a_value_that_fails_is_unknown_and_its_neighbours_are_known(tmp_path: Path) -> None:
    config = read(tmp_path, 'a = dict(b=[1, nothing], c=2)\na.update(d=nothing, e=3)\nf = a["e"]\n')
    assert config.table['a']['c'] == 2 and config.table['f'] == 3
    assert isinstance(config.table['a']['b'][1], Unknown) and isinstance(config.table['a']['d'], Unknown)


def test_what_a_failing_statement_might_have_changed_is_unknown(tmp_path: Path) -> None:
    config = read(tmp_path, 'a = dict(b=1)\nc = [2]\nd = 3\nfor x in c:\n    a["b"] = x\n    nothing.run(c)\n')
    assert isinstance(config.table['a'], Unknown) and isinstance(config.table['c'], Unknown)
    assert config.table['d'] == 3


BASES: Files = {'here.py': 'known = dict(x=1)\nlines = [dict(a=1)]\nnumber = 3\n'}


@pytest.mark.parametrize(
    ('text', 'values'),
    [
        ('a = _base_.number\nb = _base_.lines[0].a\nc = _base_["number"]\n', {'a': 3, 'b': 1, 'c': 3}),
        ('a = _base_.known.x\nb = _base_.absent.y[0]\nc = _base_["absent"]\n', {'a': None, 'b': None, 'c': None}),
        ('a = {{_base_.number}}\nb = {{ _base_.absent }}\nc = {{_base_.known.absent}}\n', {'a': 3, 'b': None, 'c': None}),
        ('known = dict(y=2)\nabsent = dict(_delete_=True, z=1)\n', {'absent': {'z': 1}}),
        ('del _base_.known\n_base_.number = 5\n', {'number': 5}),
        ('known = _base_.known\nknown.x = 2\n', {'known': None}),
        ('lines = _base_.lines\nlines[0].a = 2\n', {'lines': [{'a': 2}]}),
        ('del _base_.absent\na = "absent" in _base_\n', {'a': None}),
    ],
)  # fmt: skip
@pytest.mark.parametrize('absent', ['./gone.py', 'mmhuman3d::_base_/default_runtime.py'])
def test_what_comes_from_known_bases_beside_unknown_ones(
    text: str, values: dict[str, object], absent: str, tmp_path: Path
) -> None:
    files: Files = {**BASES, 'config.py': f"_base_ = ['./here.py', '{absent}']\n{text}"}
    config = Loader(package_root=lambda name: None).load_known(str(write(tmp_path, {**files})))
    assert len(config.errors) == (absent == './gone.py')
    for name, value in values.items():
        found = config.table[name]
        assert isinstance(found, Unknown) if value is None else found == value, name


def test_a_dict_that_is_merged_into_an_unknown_one_may_have_more(tmp_path: Path) -> None:
    text = "_base_ = './gone.py'\na = dict(b=dict(c=1), d=[dict(e=1)])\nf = dict(_delete_=True, g=1)\n"
    table = read(tmp_path, text).table
    assert isinstance(table.get('x'), Unknown) and isinstance(table['a']['b'].get('x'), Unknown)
    assert table['a']['d'][0].get('x') is None and table['f'].get('x') is None


def test_a_child_of_a_partial_config_is_partial(tmp_path: Path) -> None:
    files: Files = {
        'config.py': "_base_ = './base.py'\na = _base_.x\nb = {{_base_.y}}\nmodel = dict(head=dict(z=1))\n",
        'base.py': "_base_ = './gone.py'\nmodel = dict(head=dict(y=1))\n",
    }
    config = read(tmp_path, files)
    assert config.errors == () and config.refusal is not None and config.refusal.rule == 'missing-base'
    assert isinstance(config.table['a'], Unknown) and isinstance(config.table['b'], Unknown)
    assert config.table['model']['head'] == {'y': 1, 'z': 1}
    assert said(tmp_path, files) == [('missing-base', '_base_')]


SILENT = """
model = dict(
    backbone=dict(depth=18),
    decode_head=dict(in_channels=[128, 256]),
    auxiliary_head=dict(in_channels=256))
optim_wrapper = dict(constructor='LearningRateDecayOptimizerConstructor', optimizer=dict(layer_decay_rate=0.9))
param_scheduler = [dict(type='ConstantLR', factor=2.5)]
train_cfg = dict(max_epochs=3, stage2_num_epochs=1)
val_dataloader = dict(dataset=dict(type='ConcatDataset', datasets=[
    dict(type='CocoDataset', metainfo=dict(classes=('a', ))), dict(type='CocoDataset', metainfo=dict(classes=('b', )))]))
custom_hooks = [dict(type='EMAHook', evaluate_on_origin=True)]
"""


def test_nothing_is_said_of_what_a_base_may_say(tmp_path: Path) -> None:
    assert said(tmp_path, f"_base_ = ['../_base_/gone.py']\n{SILENT}") == [('missing-base', '_base_')]


def test_a_base_that_was_emptied_is_told_of_once(tmp_path: Path) -> None:
    names = '_base_.optim_wrapper.optimizer.lr = 0.01\na = _base_.b\nc = {{ _base_.c }}\nd = _base_.d\ne = _base_.b\n'
    path = write(tmp_path, {'config.py': f"_base_ = './base.py'\n{names}", 'base.py': '# moved\n'})
    [found] = check([str(path)], list(all_rules().values())).diagnostics
    assert (found.rule, found.message) == ('failing-expression', 'no base defines `optim_wrapper`, `b` and 2 more')
    assert found.consequence == "raises AttributeError: 'ConfigDict' object has no attribute 'optim_wrapper'"
    assert len(found.related) == 4


def test_a_misspelt_name_of_a_base_is_told_of_by_itself(tmp_path: Path) -> None:
    files = {'config.py': "_base_ = './base.py'\na = _base_.trian\nb = _base_.other\n", 'base.py': 'train = 1\n'}
    assert [rule for rule, _ in said(tmp_path, files)] == ['failing-expression', 'failing-expression']
