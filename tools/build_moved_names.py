"""Find where the public names of the 0.x releases are today, by comparing the sources of the releases.

    build_moved_names.py FOLDER [--suggest]

FOLDER has unpacked wheels, `mmcv-1.7.2/mmcv/…`. Writes `cfglint/catalog/data/moved/LIB.json`: where a name was defined
→ from where to import it. What has no counterpart of its name is completed by hand, in `data/code/LIB.json`;
`--suggest` prints new names whose definition is alike.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cfglint.catalog import Installation, Missing
from cfglint.catalog.names import Located, Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DATA = Path(__file__).parent.parent / 'cfglint' / 'catalog' / 'data' / 'moved'

SOURCES = {
    'mmcv': ('mmcv==1.7.2', 'mmengine==0.10.7', 'mmcv==2.1.0'),
    'mmdet': ('mmdet==2.28.2', 'mmdet==3.3.0', 'mmengine==0.10.7', 'mmcv==2.1.0'),
    'mmseg': ('mmsegmentation==0.30.0', 'mmsegmentation==1.2.2', 'mmengine==0.10.7', 'mmcv==2.1.0'),
    'mmcls': ('mmcls==0.25.0', 'mmpretrain==1.2.0', 'mmengine==0.10.7', 'mmcv==2.1.0'),
    'mmselfsup': ('mmselfsup==0.10.1', 'mmpretrain==1.2.0', 'mmengine==0.10.7', 'mmcv==2.1.0'),
    'mmgen': ('mmgen==0.7.3', 'mmagic==1.2.0', 'mmengine==0.10.7', 'mmcv==2.1.0'),
    'mmedit': ('mmedit==0.16.1', 'mmagic==1.2.0', 'mmengine==0.10.7', 'mmcv==2.1.0'),
    'mmpose': ('mmpose==0.29.0', 'mmpose==1.3.2', 'mmengine==0.10.7', 'mmcv==2.1.0'),
    'mmaction': ('mmaction2==0.24.1', 'mmaction2==1.2.0', 'mmengine==0.10.7', 'mmcv==2.1.0'),
    'mmocr': ('mmocr==0.6.3', 'mmocr==1.0.1', 'mmengine==0.10.7', 'mmcv==2.1.0'),
    'mmdet3d': ('mmdet3d==1.0.0rc6', 'mmdet3d==1.4.0', 'mmengine==0.10.7', 'mmcv==2.1.0'),
    'mmrotate': ('mmrotate==0.3.4', 'mmrotate==1.0.0rc1', 'mmengine==0.10.7', 'mmcv==2.1.0'),
    'mmtrack': ('mmtrack==0.14.0', 'mmdet==3.3.0', 'mmengine==0.10.7', 'mmcv==2.1.0'),
    'mmrazor': ('mmrazor==0.3.1', 'mmrazor==1.0.0', 'mmengine==0.10.7', 'mmcv==2.1.0'),
}
"""Package → its last release of 0.x, and the releases that have its names today, in the order of preference."""

ALIKE = 0.25
"""How much of two functions of the same name has to be the same words; a class keeps what its name says."""
SAME = 0.8
"""The same, where the name is another one."""


class Definition(NamedTuple):
    """A class, a function or a variable of a module."""

    path: str
    name: str
    kind: str
    words: Counter[str]


def definitions(folder: Path, package: str) -> Iterator[Definition]:
    """Yield what the modules of a package define for others."""
    for file in sorted((folder / package).rglob('*.py')):
        module = '.'.join(file.relative_to(folder).with_suffix('').parts).removesuffix('.__init__')
        if any(not part or part.startswith('_') for part in module.split('.')):
            continue
        for node in _statements(ast.parse(file.read_text(encoding='utf-8'))):
            for name in _bound(node):
                if not name.startswith('_'):
                    yield Definition(f'{module}.{name}', name, _kind(node), _words(node))


def _statements(tree: ast.Module) -> Iterator[ast.stmt]:
    for node in tree.body:
        yield node
        if isinstance(node, (ast.If, ast.Try)):
            yield from (each for each in ast.iter_child_nodes(node) if isinstance(each, ast.stmt))


def _bound(node: ast.stmt) -> list[str]:
    if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return []


def _kind(node: ast.stmt) -> str:
    return {'ClassDef': 'class', 'FunctionDef': 'function'}.get(type(node).__name__, 'other')


def _words(node: ast.stmt) -> Counter[str]:
    for each in ast.walk(node):
        body = getattr(each, 'body', None)
        if isinstance(body, list) and body and isinstance(each, (ast.ClassDef, ast.FunctionDef)):
            is_text = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
            each.body = body[is_text:] or [ast.Pass()]
    return Counter(re.findall(r'\w+', ast.unparse(node)))


def likeness(one: Definition, other: Definition) -> float:
    """Return how much of two definitions is the same, from 0 to 1."""
    total = max(one.words.total(), other.words.total())
    return (one.words & other.words).total() / total if total else 1.0


class Today(NamedTuple):
    """The releases that have the names of a library today."""

    installation: Installation
    found: dict[str, list[Definition]]
    packages: list[str]

    @staticmethod
    def of(folder: Path, releases: Iterable[str]) -> Today:
        """Read the sources of some releases."""
        found: dict[str, list[Definition]] = {}
        targets = dict(release.split('==') for release in releases)
        packages = [_package(library) for library in targets]
        for (library, version), package in zip(targets.items(), packages, strict=True):
            for each in definitions(folder / f'{library}-{version}', package):
                found.setdefault(each.name, []).append(each)
        return Today(Installation(targets, era=1), found, packages)

    def place(self, old: Definition) -> str | None:
        """Return from where to import what has the same name and is the same."""
        fitting = [each for each in self.found.get(old.name, ()) if each.kind == old.kind]
        if old.kind == 'function':
            fitting = [each for each in fitting if likeness(old, each) >= ALIKE]
        if old.kind == 'other':
            fitting = [each for each in fitting if each.words == old.words]
        fitting = [each for each in fitting if self.public(each.path) is not None]
        if not fitting:
            return None
        parts = set(old.path.split('.'))

        def rank(each: Definition) -> tuple[int, int, float]:
            common = len(parts.intersection(each.path.split('.')))
            return self.packages.index(each.path.partition('.')[0]), -common, -likeness(old, each)

        return self.public(min(fitting, key=rank).path)

    def public(self, path: str) -> str | None:
        """Return the shortest path to what is defined at a path; `mmengine.utils` goes before `mmengine`."""
        module, _, name = path.rpartition('.')
        parts = module.split('.')
        prefixes = ['.'.join(parts[:end]) for end in range(1, len(parts) + 1)]
        found = [each for each in prefixes if self._leads(f'{each}.{name}', path)]
        return f'{min(found, key=lambda each: each.count(".") or 1.5)}.{name}' if found else None

    def _leads(self, path: str, to: str) -> bool:
        located = self.installation.locate(path)
        return isinstance(located, Located) and located.path == to


def _package(library: str) -> str:
    return {'mmsegmentation': 'mmseg', 'mmaction2': 'mmaction'}.get(library, library)


def accesses(old: Installation, package: str) -> dict[str, set[str]]:
    """Return where each name of a package is defined → the paths from which it can be imported."""
    library = old.release({'mmseg': 'mmsegmentation', 'mmaction': 'mmaction2'}.get(package, package))
    assert library is not None
    found: dict[str, set[str]] = {}
    for module in library.catalog.modules():
        if not isinstance(old.modules(module), Names):
            continue
        for name in old.exported(module):
            located = old.locate(f'{module}.{name}')
            if isinstance(located, Located) and located.name and located.path.startswith(f'{package}.'):
                found.setdefault(located.path, {located.path}).add(f'{module}.{name}')
    return found


def build(folder: Path, package: str, *, suggest: bool) -> dict[str, str]:
    """Return where the names of a package that some import does not find any more are today."""
    first, *rest = SOURCES[package]
    library, version = first.split('==')
    old = Installation({library: version}, era=0)
    today = Today.of(folder, rest)
    paths = accesses(old, package)
    had = {each.path: each for each in definitions(folder / f'{library}-{version}', package)}
    known = {each.name for each in had.values()}
    moved = {}
    for path, each in sorted(had.items()):
        lost = [one for one in paths.get(path, {path}) if isinstance(today.installation.locate(one), Missing)]
        is_away = package not in today.packages
        if not lost and not is_away:
            continue
        place = today.place(each)
        if place is not None:
            moved[path] = place
        elif suggest and each.kind != 'other':
            others = (one for name, ones in today.found.items() if name not in known for one in ones)
            near = [one for one in others if one.kind == each.kind and likeness(each, one) >= SAME]
            best = max(near, key=lambda one: likeness(each, one), default=None)
            print(path, '→', best and f'{best.path} {likeness(each, best):.2f}')
    return moved


def main() -> None:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('folder', type=Path)
    parser.add_argument('--suggest', action='store_true')
    parser.add_argument('--only', action='append')
    options = parser.parse_args()
    DATA.mkdir(exist_ok=True)
    for package in options.only or SOURCES:
        moved = build(options.folder, package, suggest=options.suggest)
        sources = SOURCES[package]
        text = json.dumps({'from': sources[0], 'to': sources[1:], 'moved': moved}, indent=1)
        (DATA / f'{package}.json').write_text(f'{text}\n', encoding='utf-8')
        print(f'{package}: {len(moved)} names')


if __name__ == '__main__':
    main()
