"""The table of what covers each check about files and the config language is complete and true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cfglint.engine import check
from cfglint.rules import all_rules
from tests.rules.consistency.test_coverage import rows

CHECKS = {*(f'C{number:03}' for number in range(1, 7)), *(f'C{number:03}' for number in range(10, 69))}
LAZY = 'from mmengine.config import read_base\nfrom torch.optim import SGD\n'
FAULTS = {
    'C002': 'a = (1',
    'C005': "filename = 'a'",
    'C006': 'items = [1]',
    'C010': "_base_ = './absent.py'",
    'C011': "_base_ = ('a.py',)",
    'C012': "name = 'a.py'\n_base_ = name",
    'C013': '_base_ = []\n_base_ = []',
    'C014': "_base_: str = 'a.py'",
    'C015': "if True:\n    _base_ = 'a.py'",
    'C016': "_base_ = './config.py'",
    'C018': "_base_ = 'mmdet::a'",
    'C020': "_base_ = 'mmrazor::a/b.py'",
    'C023': "model = dict(type='A', neck=dict(_delete_=True, type='B'))",
    'C024': 'a = dict(_delete_=True)',
    'C031': "with open('x') as file:\n    a = 1",
    'C032': LAZY + 'with read_base():\n    import a',
    'C034': LAZY + 'with read_base():\n    from .absent import *',
    'C036': LAZY + 'from torch import *\na = 1',
    'C037': LAZY + 'a = SGD(1)',
    'C038': LAZY + 'a = dict(b=1)\na.merge(dict(b=2))',
    'C041': LAZY + "a = dict(b=dict(type='A', c=1))\na.update(b=dict(c=2))",
    'C042': LAZY + "custom_imports = dict(imports=['a'])",
    'C045': 'a = [lambda: 1]',
    'C046': "a = {'class': 1}",
    'C047': 'a = (i for i in range(3))',
    'C048': 'a = __file__',
    'C050': 'a = dict(b=1)\nc = a.b',
    'C052': 'a = {{_base_.b}}',
    'C053': 'a = "{{_base_.b}}"',
    'C055': 'a = {{_base_.b.0}}',
    'C056': 'a = {{$NAME:1}}',
    'C057': "a = '{{$NAME}}'",
    'C059': "a = '{{$CFGLINT_IS_NOT_SET:}}'",
    'C060': "custom_imports = dict(imports=('a',))",
    'C068': 'from torch.optim import SGD as model\nmodel = dict(type=model)',
    'C063': '_deprecation_ = True',
    'C064': "a = dict(_base_='b.py')",
}
"""For checks that one file shows: a text with the fault."""


def test_every_check_has_one_row() -> None:
    assert sorted(check for check, _, _ in rows() if check in CHECKS) == sorted(CHECKS)


@pytest.mark.parametrize(('name', 'text'), FAULTS.items(), ids=FAULTS)
def test_it_is_reported_by_what_the_table_says(name: str, text: str, tmp_path: Path) -> None:
    covered = next(covered for each, covered, _ in rows() if each == name)
    config = tmp_path / 'config.py'
    config.write_text(text + '\n')
    found = {diagnostic.rule for diagnostic in check([str(config)], list(all_rules().values())).diagnostics}
    assert found & set(re.findall(r'`([a-z-]+)`', covered)), found
