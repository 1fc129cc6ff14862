"""Write the configs of a model zoo in other forms, and print what cfglint says of one form only.

    python tools/rewrite_zoo.py FOLDER [--seed 0] [--count 40]

A config means the same in all of them: a difference is a false alarm, or something that is missed, unless a rule looks at
the form itself (a lost assignment, a stale variable). All is written into a copy. Needs mmengine, for what it writes out.
"""

from __future__ import annotations

import argparse
import ast
import random
import re
import shutil
import sys
import tempfile
import warnings
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cfglint import ConfigError, check, load
from cfglint.report import python

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SHARE = 0.4
"""How many of the values that could stand in a variable do."""
PARTIAL = frozenset({'missing-base', 'uninstalled-package'})
"""Of a config with a base that is missing, the other forms leave out what the base would say."""
_PATH = re.compile(r'`[^`]*/[^`]*`')


class Literals(ast.NodeTransformer):
    """``dict(a=1)`` as ``{'a': 1}``."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if not _is_dict(node):
            return node
        return ast.Dict([ast.Constant(each.arg) for each in node.keywords], [each.value for each in node.keywords])


class Sums(ast.NodeTransformer):
    """``[a, b]`` as ``[a] + [b]``, and ``dict(a=1, b=2)`` as ``dict(**dict(a=1), b=2)``."""

    def visit_List(self, node: ast.List) -> ast.expr:
        self.generic_visit(node)
        if len(node.elts) < 2:
            return node
        return ast.BinOp(ast.List(node.elts[:1], ast.Load()), ast.Add(), ast.List(node.elts[1:], ast.Load()))

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if _is_dict(node) and len(node.keywords) > 1:
            first, *rest = node.keywords
            node.keywords = [ast.keyword(None, ast.Call(ast.Name('dict', ast.Load()), [], [first])), *rest]
        return node


class Variables(ast.NodeTransformer):
    """Some values of arguments as variables above the statement."""

    def __init__(self, turn: random.Random) -> None:
        self._turn = turn
        self._count = 0
        self._made: list[ast.stmt] = []

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        self._made = []
        self.generic_visit(node)
        return [*self._made, node]

    def visit_keyword(self, node: ast.keyword) -> ast.keyword:
        self.generic_visit(node)
        if node.arg != 'type' and _stands_alone(node.value) and self._turn.random() < SHARE:
            self._count += 1
            name = f'variable_{self._count}'
            self._made.append(ast.Assign([ast.Name(name, ast.Store())], node.value))
            node.value = ast.Name(name, ast.Load())
        return node


def _stands_alone(value: ast.expr) -> bool:
    """Tell whether a value is a constant or a call that reads no variable, which a comprehension may have bound."""
    names = {each.id for each in ast.walk(value) if isinstance(each, ast.Name)}
    return isinstance(value, (ast.Call, ast.Constant)) and names <= {'dict'}


def _is_dict(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id == 'dict' and not node.args and bool(node.keywords)


def transformed(transformer: ast.NodeTransformer, text: str) -> str:
    return ast.unparse(ast.fix_missing_locations(transformer.visit(ast.parse(text)))) + '\n'


def written_out(path: Path, target: Path) -> None:
    """Let MMEngine write a config out."""
    from mmengine import Config

    Config.fromfile(str(path), import_custom_modules=False).dump(str(target))


def forms(turn: random.Random) -> dict[str, Callable[[str], str]]:
    """Return what makes other texts of a resolved one."""
    return {
        'flat': lambda text: text,
        'literals': lambda text: transformed(Literals(), text),
        'sums': lambda text: transformed(Sums(), text),
        'variables': lambda text: transformed(Variables(turn), text),
        'shuffled': lambda text: '\n'.join(map(ast.unparse, turn.sample(body := ast.parse(text).body, len(body)))),
    }


def write_forms(path: Path, folder: Path, turn: random.Random) -> dict[str, Path]:
    """Write a config in all forms into a folder each; return the files by form."""
    text, name = python.render(load(path).printed()), re.sub(r'\W', '_', path.with_suffix('').as_posix())
    made = {}
    for form, write in forms(turn).items():
        made[form] = folder / form / f'{name}.py'
        made[form].parent.mkdir(exist_ok=True)
        made[form].write_text(write(text), encoding='utf-8')
    base = folder / 'flat' / f'{name}.py'
    for form, text in {
        'child': f"_base_ = ['../flat/{base.name}']\n",
        'pure': f'from mmengine.config import read_base\n\nwith read_base():\n    from ..flat.{name} import *\n',
    }.items():
        made[form] = folder / form / base.name
        made[form].parent.mkdir(exist_ok=True)
        made[form].write_text(text, encoding='utf-8')
    made['dump'] = folder / 'dump' / base.name
    made['dump'].parent.mkdir(exist_ok=True)
    written_out(path, made['dump'])
    return made


def findings(paths: Iterable[Path]) -> dict[Path, set[tuple[str, str]]]:
    """Return the rule and the words of what is said of each config."""
    found: dict[Path, set[tuple[str, str]]] = defaultdict(set)
    for each in check(list(paths)):
        for path in {each.path, *each.affects}:
            found[Path(path)].add((each.rule, _PATH.sub('…', each.message)))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder', type=Path)
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--count', type=int, default=40)
    arguments = parser.parse_args()
    warnings.simplefilter('ignore')
    turn = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as temporary:
        zoo = Path(temporary).resolve() / 'zoo'
        shutil.copytree(arguments.folder, zoo)
        paths = sorted(path for path in zoo.rglob('*.py') if '_base_' not in path.parts)
        made: dict[Path, dict[str, Path]] = {}
        for path in turn.sample(paths, min(arguments.count, len(paths))):
            try:
                made[path] = write_forms(path, zoo, turn)
            except (ConfigError, ImportError, OSError, SyntaxError, ValueError) as error:
                print(f'{path.relative_to(zoo)}: left out: {str(error)[:100]}')
        before = findings(made)
        whole = [path for path in made if PARTIAL.isdisjoint(rule for rule, _ in before[path])]
        print(f'{len(whole)} configs')
        for form in made[whole[0]] if whole else ():
            compare(form, {path: made[path][form] for path in whole}, before, zoo)


def compare(form: str, files: dict[Path, Path], before: dict[Path, set[tuple[str, str]]], zoo: Path) -> None:
    """Print what is said of one form only, and how often."""
    after = findings(files.values())
    differences: dict[tuple[str, str, str], list[Path]] = defaultdict(list)
    for path, file in files.items():
        for sign, said in (('+', after[file] - before[path]), ('-', before[path] - after[file])):
            for rule, message in said:
                differences[sign, rule, message].append(path)
    print(f'{form}: {len(differences)} differences')
    for (sign, rule, message), where in sorted(differences.items()):
        print(f'  {sign} {rule}: {message} ({len(where)}, such as {where[0].relative_to(zoo)})')


if __name__ == '__main__':
    main()
