"""What a file costs with all that it inherits is bounded, however little each of its bases does."""

from __future__ import annotations

import ast
import gc
from pathlib import Path

import pytest

from cfglint.engine import check
from cfglint.language import held, parsing
from cfglint.language import loader as loading
from cfglint.language.bases import MAX_CHARACTERS, TooMuch
from cfglint.language.config import Config
from cfglint.language.errors import ConfigError
from cfglint.language.evaluation import evaluator
from cfglint.language.evaluation.limits import MAX_BYTES
from cfglint.language.loader import Loader
from cfglint.language.source import SourceFile
from cfglint.rules import all_rules
from tests.hostile.inheritance import TREES, _chain, _many_bases
from tests.hostile.kit import write

COMPUTING = (
    'own values at every level', 'own texts at every level', 'copies at every level', 'bases that double',
    '190 computed bases', 'computed bases at every level',
)  # fmt: skip
LONG = ('merging large dicts at every level', 'layers with large dicts', '20 wide bases')


def _last(folder: Path) -> str:
    """Return the config that inherits all others."""
    names = ('0.py',) if (folder / 'configs' / 'w0.py').exists() else ('57.py', '39.py', 'a.py', '0_0.py')
    name = next(name for name in names if (folder / 'configs' / name).exists())
    return str(folder / 'configs' / name)


@pytest.mark.parametrize('name', COMPUTING)
def test_steps_are_not_taken_again_at_every_level(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, TREES[name]())
    made = []
    initialize = evaluator.Evaluator.__init__

    def noted(self: evaluator.Evaluator, *args: object, **kwargs: bool) -> None:
        initialize(self, *args, **kwargs)  # type: ignore[arg-type]
        made.append(self)

    monkeypatch.setattr(evaluator.Evaluator, '__init__', noted)
    with pytest.raises(ConfigError):
        Loader().load_known(_last(tmp_path))
    assert evaluator.MAX_STEPS / 2 < sum(each.spent[0] for each in made) < 2 * evaluator.MAX_STEPS


def test_no_more_values_are_made_than_are_allowed(tmp_path: Path) -> None:
    write(tmp_path, _many_bases(190, 'x{n} = ["x" * 99_000 + str(i) for i in range(9)]\n'))
    loader = Loader()
    with pytest.raises(TooMuch):
        loader.load_known(_last(tmp_path))
    read = [known for _, known in loader._held if isinstance(known, Config)]
    assert MAX_BYTES < sum(config.made for config in read) < 2 * MAX_BYTES


class Counting(Loader):
    """Counts the characters that it reads."""

    characters = 0

    def read(self, path: str):  # type: ignore[no-untyped-def]  # noqa: ANN201
        """Return the text of a file."""
        source = super().read(path)
        self.characters += source.weight
        return source


@pytest.mark.parametrize('name', LONG)
def test_no_more_is_read_than_is_allowed(name: str, tmp_path: Path) -> None:
    write(tmp_path, TREES[name]())
    loader = Counting()
    with pytest.raises(TooMuch) as caught:
        loader.load_known(_last(tmp_path))
    assert caught.value.source is not None and caught.value.source.path == _last(tmp_path)
    assert loader.characters < 1.2 * MAX_CHARACTERS


def test_what_was_read_before_does_not_matter(tmp_path: Path) -> None:
    write(tmp_path, TREES['merging large dicts at every level']())
    paths = [str(tmp_path / 'configs' / f'{n}.py') for n in (0, 7, 8, 40)]

    def answer(loader: Loader, path: str) -> str:
        try:
            loader.load_known(path)
        except ConfigError as error:
            return f'{error} {error.source and error.source.path} {error.place and error.place.lineno}'
        return ''

    alone = [answer(Loader(), path) for path in paths]
    upwards, downwards = Loader(), Loader()
    assert [answer(upwards, path) for path in paths] == alone
    assert [answer(downwards, path) for path in reversed(paths)] == alone[::-1]
    assert alone[0] == '' and 'more than' in alone[-1]


PLAIN = {
    'configs/a.py': 'from mmengine.config import read_base\nwith read_base():\n'
    + ''.join(f'    from .b{n} import *\n' for n in range(9)),
    **{f'configs/b{n}.py': f'a{n} = dict(x={n})\n' for n in range(9)},
}


def test_bases_are_read_in_one_style_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a pure-Python config inherits may look like the other style."""
    write(tmp_path, PLAIN)
    parsed = []

    def noted(code: str) -> ast.Module:
        parsed.append(code)
        return tree_of(code)

    tree_of = parsing.tree_of
    monkeypatch.setattr(parsing, 'tree_of', noted)
    monkeypatch.setattr(loading, 'load_text', lambda *_: pytest.fail('a base is evaluated in the other style'))
    config = Loader().load(_last(tmp_path))
    assert config.table['a8']['x'] == 8 and sorted(parsed) == sorted(map(str, PLAIN.values()))


def test_plain_bases_may_be_read_by_others(tmp_path: Path) -> None:
    """That there is too much for one config is not said of its bases, in whichever order they are read."""
    names = range(9)
    text = f'{"x" * 9} = "{"y" * (MAX_CHARACTERS // 7)}"\n'
    few = 'from mmengine.config import read_base\nwith read_base():\n    from .b8 import *\n'
    write(tmp_path, {**PLAIN, **{f'configs/b{n}.py': text for n in names}, 'configs/c.py': few})
    loader = Loader()
    with pytest.raises(TooMuch) as caught:
        loader.load_known(_last(tmp_path))
    assert caught.value.source is not None and caught.value.source.path == _last(tmp_path)
    for name in ('c', *(f'b{n}' for n in names)):
        loader.load(str(tmp_path / 'configs' / f'{name}.py'))
    assert len(loader.load(str(tmp_path / 'configs' / 'c.py')).table['x' * 9]) == MAX_CHARACTERS // 7


def test_broken_bases_count(tmp_path: Path) -> None:
    bases = [f'b{n}.py' for n in range(10)]
    text = '#' * (MAX_CHARACTERS // 9) + '\na = (\n'
    write(tmp_path, {'configs/a.py': f'_base_ = {bases}\n', **{f'configs/{name}': text for name in bases}})
    with pytest.raises(TooMuch):
        Loader().load_known(_last(tmp_path))


def test_refused_files_do_not_stay(tmp_path: Path) -> None:
    """What a loader holds has a bound for errors, too, and no error keeps alive how it came about."""
    size = 60_000
    write(tmp_path, _chain(58, f'a = 1  # {"x" * size}', f'a = 1  # {"x" * size}'))
    paths = sorted(map(str, tmp_path.glob('configs/*.py')))
    gc.disable()  # a collection costs more than all that most runs do
    try:
        result = check(paths, list(all_rules().values()))
        alive = sum(type(each) is SourceFile and str(tmp_path) in each.path for each in gc.get_objects())
    finally:
        gc.enable()
    assert sum(each.status == 'broken' for each in result.outcomes) > 45
    assert alive * size * held._TREE <= held.MAX_WEIGHT
