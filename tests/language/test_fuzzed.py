"""Configs that `tools/fuzz.py` found to be read in another way than by MMEngine, cut down to what matters."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.language.config import Config
from cfglint.language.values import Unknown
from tests.language.oracle import agree, cfglint, refuse, write

BASE = "model = dict(type='A', x=dict(y=1))\nlr = 0.1\n"


@pytest.mark.parametrize(
    'text',
    [
        'del _base_.model\na = _base_.get("lr")\n',
        'del _base_["model"]\na = _base_.get("lr")\n',
        '_base_.model = [1]\na = _base_.get("model")\n',
    ],
)
def test_what_is_taken_out_of_a_base_is_gone(tmp_path: Path, text: str) -> None:
    agree(tmp_path, {'config.py': f'_base_ = "base.py"\n{text}', 'base.py': BASE})


@pytest.mark.parametrize('key', ['1', 'None', 'int', '(1, 2)'])
def test_names_are_strings(tmp_path: Path, key: str) -> None:
    refuse(tmp_path, f'globals()[{key}] = 1\na = 1\n', 'AttributeError', 'failing-expression')


def test_a_list_that_is_extended_by_a_set_of_texts_has_no_known_order(tmp_path: Path) -> None:
    config = cfglint(write(tmp_path, 'a = [1]\nb = dict(a=a)\nb["a"] += {"x", "y"}\na += {"x", "y"}\n'))
    assert isinstance(config, Config)
    assert isinstance(config.table['a'], Unknown) and isinstance(config.table['b']['a'], Unknown)


@pytest.mark.parametrize('name', ['sep', 'end'])
def test_what_print_does_not_take(tmp_path: Path, name: str) -> None:
    refuse(tmp_path, f'print(1, {name}=3)\na = 1\n', 'TypeError', 'failing-expression')


@pytest.mark.parametrize('text', ['*a = [1]\n', 'for *a in [[1]]:\n    pass\n', '*a, *b = [1, 2]\n'])
def test_stars_that_no_assignment_can_have(tmp_path: Path, text: str) -> None:
    refuse(tmp_path, text, 'SyntaxError', 'syntax-error')


@pytest.mark.parametrize(
    'failing',
    [
        'dict(**{1: 2}, head=d.pop("a"))',
        'dict(**{1: 2}, **d.pop("e"))',
        'sum({"x", "y"})',
        'int[0]',
        'str["a"]',
    ],
)
def test_what_fails_does_so_when_all_arguments_are_computed(tmp_path: Path, failing: str) -> None:
    agree(tmp_path, f'd = dict(a=1, b=2, e=dict())\ntry:\n    x = {failing}\nexcept TypeError:\n    y = 3\n')
