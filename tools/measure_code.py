"""Measure the rules about code on the sources of libraries.

    measure_code.py FOLDER imports LIB-VERSION…   # imports of 0.x that fail today: how many are reported, and rightly?
    measure_code.py FOLDER renames LIB-VERSION…   # methods and bases that upstream renamed: how many are named?
    measure_code.py FOLDER clean LIB-VERSION…     # what is said of code that is right

FOLDER has unpacked wheels. The imports are resolved against the sources of the releases themselves, not the catalogs.
"""

from __future__ import annotations

import argparse
import ast
import re
import textwrap
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cfglint.catalog import Installation
from cfglint.code.module import Code, methods
from cfglint.code.successors import Releases
from cfglint.diagnostics import Severity
from cfglint.language.source import SourceFile
from cfglint.rules import family

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cfglint.code.scopes import Function

TODAY = {
    'mmengine': 'mmengine-0.10.7', 'mmcv': 'mmcv-2.1.0', 'mmdet': 'mmdet-3.3.0', 'mmseg': 'mmsegmentation-1.2.2',
    'mmpretrain': 'mmpretrain-1.2.0', 'mmagic': 'mmagic-1.2.0',
}  # fmt: skip
ENDED = frozenset({'mmcls', 'mmgen', 'mmedit', 'mmselfsup'})
_OURS = frozenset({*TODAY, *ENDED})


class Sources:
    """The sources of releases, by which an import works or fails."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.has = cache(self._has)
        self._names = cache(self._bound)

    def file(self, module: str) -> Path | None:
        """Return the file of a module."""
        release = TODAY.get(module.partition('.')[0])
        if release is None:
            return None
        path = self._folder / release / Path(*module.split('.'))
        return next((each for each in (path.with_suffix('.py'), path / '__init__.py') if each.is_file()), None)

    def _has(self, module: str, name: str) -> bool:
        """Tell whether `from module import name` works; with no name, `import module`."""
        if self.file(module) is None:
            return False
        return not name or self.file(f'{module}.{name}') is not None or name in self._names(module)

    def _bound(self, module: str, seen: frozenset[str] = frozenset()) -> frozenset[str]:
        path = self.file(module)
        if path is None or module in seen:
            return frozenset()
        found: set[str] = set()
        package = module.split('.') if path.name == '__init__.py' else module.split('.')[:-1]
        for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                found.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.add(node.id)
            elif isinstance(node, ast.Import):
                found.update(each.asname or each.name.partition('.')[0] for each in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = package[: len(package) - node.level + 1] if node.level else []
                source = '.'.join([*base, *([node.module] if node.module else [])])
                for each in node.names:
                    if each.name == '*':
                        found.update(self._bound(source, seen | {module}))
                    else:
                        found.add(each.asname or each.name)
        return frozenset(found)


def modules(folder: Path, release: str) -> Iterator[Code]:
    """Yield the modules of a release."""
    root = folder / release
    package = {'mmsegmentation': 'mmseg', 'mmaction2': 'mmaction'}.get(name := release.partition('-')[0], name)
    for file in sorted((root / package).rglob('*.py')):
        parts = file.relative_to(root).with_suffix('').parts
        if not any(part.startswith('.') for part in parts):
            is_package = parts[-1] == '__init__'
            module = '.'.join(parts[:-1] if is_package else parts)
            yield Code(module, SourceFile(str(file), file.read_text(encoding='utf-8')), is_package=is_package)


def installation(release: str = '') -> Installation:
    """Return the releases that code is compared with; `release` among them."""
    names = {each.rsplit('-', 1)[0]: each.rsplit('-', 1)[1] for each in (*TODAY.values(), *filter(None, [release]))}
    return Installation(names, era=1)


def imports(folder: Path, release: str, *, verbose: bool) -> None:
    """Print how many of the imports that fail are reported, and with the right place."""
    sources = Sources(folder)
    releases = Releases(installation(), lambda package: False, ENDED)
    rules = [rule for rule in family('code') if rule.name in ('removed-import', 'renamed-package')]
    failing = reported = homed = right = 0
    everywhere = _definitions(folder)
    for code in modules(folder, release):
        said = {}
        for rule in rules:
            assert rule.look is not None
            for found in rule.look(code, releases):
                said.update(
                    dict.fromkeys(
                        range(code.source.location(found.span.start).row, code.source.location(found.span.end).row + 1),
                        found,
                    )
                )
        for each in code.scopes.imports:
            module, name = (each.path, '') if isinstance(each.statement, ast.Import) else each.path.rsplit('.', 1)
            name = '' if name == '*' else name
            if module.partition('.')[0] not in _OURS or each.statement in code.guarded or sources.has(module, name):
                continue
            failing += 1
            found = said.get(each.alias.lineno) or said.get(each.statement.lineno)
            reported += found is not None
            place = releases.gone(module, name) if name else None
            if found is None and verbose:
                print('silent', code.name, each.statement.lineno, each.path)
            if name and name in everywhere:
                homed += 1
                is_right = place is not None and place.place is not None and sources.has(*place.place)
                right += is_right
                if not is_right and verbose:
                    print('no place', each.path, sorted(everywhere[name])[:3], place and place.advice)
    print(
        f'{release}: {failing} imports fail, {reported} reported ({reported / failing:.1%}); of {homed} whose name exists today {right} with its place ({right / max(homed, 1):.1%})'
    )


@cache
def _definitions(folder: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for release in TODAY.values():
        for code in modules(folder, release):
            for node in code.tree.body:
                if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                    found.setdefault(node.name, set()).add(code.name)
    return found


LATER = {'mmdet': 'mmdet-3.3.0', 'mmsegmentation': 'mmsegmentation-1.2.2', 'mmcls': 'mmpretrain-1.2.0'}
KINDS = re.compile(
    r'_heads?\b|\.heads\.|\.detectors\.|\.segmentors\.|\.classifiers\.|\.datasets\.(?!pipelines)|\.hooks?\.'
)
"""The modules of heads, models, datasets and hooks."""
ALIKE = 0.45
"""How much of a method has to be the same words for another one to be the same method."""
WORDS = 10
"""Words below which the body of a method is like any other."""


def renames(folder: Path, release: str, *, verbose: bool) -> None:
    """Print how many of the methods and bases that upstream renamed are named with their successor.

    A public method that a class of the same name does not have any more became that new method which is most alike. A
    base was renamed if there is none of its name any more. What is checked is a class of a user's that overrides the
    method, or that has the base.
    """
    releases = Releases(installation(), lambda package: False, ENDED)
    later = {node.name: node for code in modules(folder, LATER[release.rsplit('-', 1)[0]]) for node in code.classes}
    hooks = {
        name
        for code in modules(folder, TODAY['mmengine'])
        for node in code.classes
        if node.name == 'Hook'
        for name in methods(node)
    }
    total = named = 0
    for code in modules(folder, release):
        nodes = [node for node in code.classes if node.name in later and KINDS.search(f'{code.name}.')]
        for node in nodes:
            for old, new, text in _renamed(code, node, later):
                if old in hooks:
                    continue  # it is still called
                own = Code('own', SourceFile('own.py', text), is_package=False)
                looks = [rule.look for rule in family('code') if rule.look is not None]
                found = [each for look in looks for each in look(own, releases)]
                said = [
                    f'{each.message} {each.advice}'
                    for each in found
                    if f'`{old}`' in each.message or old in str(each.advice)
                ]
                total += 1
                is_named = any(re.search(rf'\b_?{_stem(new)}(_single)?\b', words) for words in said)
                named += is_named
                if verbose and not is_named:
                    print(f'{code.name}.{node.name}: {old} -> {new}: {said[:1]}')
    print(f'{release}: {total} renamed, {named} named with their successor ({named / max(total, 1):.1%})')


def _stem(name: str) -> str:
    """Return a name without what marks a part of it: `_predict_by_feat_single` is `predict_by_feat` for one picture."""
    return name.strip('_').removesuffix('_single')


def _renamed(code: Code, old: ast.ClassDef, later: Mapping[str, ast.ClassDef]) -> Iterator[tuple[str, str, str]]:
    """Yield the methods and bases that have another name: the old one, the new one, and a module that has the old one."""
    new = later[old.name]
    one, other = methods(old), methods(new)
    for name, method in one.items():
        if name.startswith('_') or name in other or sum(_words(method).values()) < WORDS:
            continue
        fitting = [each for key, each in other.items() if key not in one and likeness(method, each) >= ALIKE]
        if fitting:
            best = max(fitting, key=lambda each: likeness(method, each)).name
            method.decorator_list = []
            body = textwrap.indent(ast.unparse(method), '    ')
            yield name, best, f'from {code.name} import {old.name}\n\n\nclass Own({old.name}):\n{body}\n'
    for base in old.bases:
        path = code.scopes.path(base) or ''
        name = path.rpartition('.')[2]
        come = [ast.unparse(each).rpartition('.')[2] for each in new.bases]
        is_library = path.startswith('mm') and not path.startswith('mmcv')
        if is_library and not name.startswith('_') and name not in later and len(come) == 1 and name not in come:
            yield name, come[0], f'from {path.rpartition(".")[0]} import {name}\n\n\nclass Own({name}):\n    pass\n'


def likeness(one: Function, other: Function) -> float:
    """Return how much of the bodies of two methods is the same, from 0 to 1."""
    a, b = _words(one), _words(other)
    return (a & b).total() / max(a.total(), b.total(), 1)


def _words(node: Function) -> Counter[str]:
    is_text = isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant)
    return Counter(re.findall(r'\w+', ' '.join(map(ast.unparse, node.body[is_text:]))))


def clean(folder: Path, release: str, *, verbose: bool) -> None:
    """Print what is said of code that is right."""
    package = {'mmsegmentation': 'mmseg', 'mmaction2': 'mmaction'}.get(name := release.partition('-')[0], name)
    releases = Releases(installation(release), lambda each: each == package)
    count = 0
    for code in modules(folder, release):
        for rule in family('code'):
            for found in rule.look(code, releases) if rule.look is not None else ():
                severity = rule.severity if found.severity is None else found.severity
                if severity >= Severity.WARNING or verbose:
                    count += 1
                    print(
                        f'{code.name}:{code.source.location(found.span.start).row}: {severity}[{rule.name}] {found.message}'
                    )
    print(f'{release}: {count} diagnostics')


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder', type=Path)
    parser.add_argument('what', choices=['imports', 'renames', 'clean'])
    parser.add_argument('releases', nargs='+')
    parser.add_argument('--verbose', action='store_true')
    options = parser.parse_args()
    for release in options.releases:
        {'imports': imports, 'renames': renames, 'clean': clean}[options.what](
            options.folder, release, verbose=options.verbose
        )


if __name__ == '__main__':
    main()
