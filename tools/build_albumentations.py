"""Find what the transforms of Albumentations take, for the rule `misspelt-albumentation`.

    python tools/build_albumentations.py FOLDER…

Each folder is an unpacked release, such as ``albumentations-1.3.1`` with the package in it; an argument counts that one of them
takes. `cfglint/catalog/data/albumentations.json` is replaced. The sources are only parsed.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from catalog import library_files

from cfglint.catalog.store import DATA

COMPOSITIONS = {
    name: ['transforms', 'p', 'n', 'replace', 'first', 'second', 'always_apply']
    for name in ('OneOf', 'SomeOf', 'OneOrOther', 'Sequential', 'Compose', 'RandomOrder')
}


def main(roots: list[str]) -> None:
    """Write what is found in unpacked releases."""
    taken: dict[str, set[str]] = {}
    opened: set[str] = set()
    for root in roots:
        for path in sorted(Path(root, 'albumentations', 'augmentations').rglob('*.py')):
            for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
                if isinstance(node, ast.ClassDef) and not node.name.startswith('_'):
                    _note(node, taken, opened)
    found = {name: sorted(taken[name]) for name in sorted(taken.keys() - opened) if 'p' in taken[name]}
    Path(DATA, 'albumentations.json').write_text(library_files.text(found | COMPOSITIONS), encoding='utf-8')


def _note(node: ast.ClassDef, taken: dict[str, set[str]], opened: set[str]) -> None:
    """Note what a class takes, or that it takes anything."""
    for method in node.body:
        if isinstance(method, ast.FunctionDef) and method.name == '__init__':
            given = (*method.args.args[1:], *method.args.kwonlyargs)
            taken.setdefault(node.name, set()).update(each.arg for each in given)
            if method.args.kwarg is not None:
                opened.add(node.name)


if __name__ == '__main__':
    main(sys.argv[1:])
