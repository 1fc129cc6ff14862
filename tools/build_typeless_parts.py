"""Find the arguments of a library's classes that are handed whole to another class: `Graph(**graph_cfg)`.

    python tools/build_typeless_parts.py PACKAGE_FOLDER

prints, as JSON, class → argument → the class that gets it, for `model.typeless_parts` of `data/libraries/PACKAGE.json`.
The argument may be copied, completed, or be a list with an item a layer: `layer_cfg = dict(width=8); layer_cfg.update(
layer_cfgs[i]); Layer(**layer_cfg)`. What takes keys out of it is left out: what fits it would not be certain.
"""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path

from cfglint.catalog.names import Located
from cfglint.catalog.run_libraries import Libraries

TAKES = ('pop', 'popitem', 'clear')


def main(folder: Path) -> None:
    """Print what is found in a package."""
    package = folder.name
    installation = Libraries().for_config('1.x').installation(package)
    trees = {path: ast.parse(path.read_text(encoding='utf-8')) for path in sorted(folder.rglob('*.py'))}
    found: dict[str, dict[str, str]] = {}
    for path, tree in trees.items():
        module = '.'.join((package, *path.relative_to(folder).with_suffix('').parts)).removesuffix('.__init__')
        for node in tree.body if '.mim' not in path.parts else ():
            if isinstance(node, ast.ClassDef):
                parts = dict(_handed(node))
                where = f'{module}.{node.name}'
                known = set(installation.signature_at(where).parameters)
                for argument, target in parts.items():
                    located = installation.locate(f'{module}.{target}')
                    if argument in known and isinstance(located, Located) and located.path.partition('.')[0] != 'torch':
                        body = installation.object(located.path)
                        if body is not None and body.body['kind'] == 'class':
                            found.setdefault(where, {})[argument] = located.path
    print(json.dumps(found, indent=2))


def _handed(node: ast.ClassDef) -> list[tuple[str, str]]:
    """Return the arguments that a class hands on whole, with the class that gets each."""
    found: list[tuple[str, str]] = []
    for method in node.body:
        if isinstance(method, ast.FunctionDef):
            sources = _sources(method)
            for call in ast.walk(method):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id[:1].isupper():
                    found += ((name, call.func.id) for name in sorted(_spread(call, sources)))
    several = {name for name, target in found if any(name == other and target != each for other, each in found)}
    return [(name, target) for name, target in found if name not in several and not _is_changed(node, name)]


def _sources(method: ast.FunctionDef) -> dict[str, set[str]]:
    """Return name in a method → the arguments of the class whose items it has."""
    given = method.args.args[1:] + method.args.kwonlyargs if method.name == '__init__' else []
    found = {each.arg: {each.arg} for each in given}
    for _ in range(2):  # what a loop assigns at its end is used at its start
        for node in ast.walk(method):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                found.setdefault(node.targets[0].id, set()).update(_items(node.value, found))
            elif isinstance(node, ast.For):
                _note_loop(node, found)
            elif isinstance(node, ast.Call):
                updated = ast.unparse(node.func).removesuffix('.update')
                if updated.isidentifier() and len(node.args) == 1 and isinstance(node.func, ast.Attribute):
                    found.setdefault(updated, set()).update(_items(node.args[0], found))
    return found


def _note_loop(node: ast.For, found: dict[str, set[str]]) -> None:
    """Note what the variable of a loop over a list of dicts, or over `enumerate` of it, has."""
    over, target = node.iter, node.target
    if isinstance(over, ast.Call) and isinstance(over.func, ast.Name) and over.func.id == 'enumerate':
        over, target = over.args[0], target.elts[-1] if isinstance(target, ast.Tuple) else target
    if isinstance(target, ast.Name):
        found.setdefault(target.id, set()).update(_items(over, found))


def _items(value: ast.expr, sources: dict[str, set[str]]) -> set[str]:
    """Return the arguments of which an expression has the items: a copy, one of a list, with others beside them."""
    if isinstance(value, ast.Name):
        return sources.get(value.id, set())
    if isinstance(value, ast.Attribute) and ast.unparse(value.value) == 'self':
        return {value.attr}
    if isinstance(value, ast.Subscript) and not isinstance(value.slice, ast.Constant):
        return _items(value.value, sources)
    if isinstance(value, ast.Dict):
        spread = [each for key, each in zip(value.keys, value.values, strict=True) if key is None]
        return set().union(*(_items(each, sources) for each in spread))
    if isinstance(value, ast.Call):
        function = ast.unparse(value.func).rpartition('.')[2]
        spread = [each.value for each in value.keywords if each.arg is None]
        if function == 'copy' and isinstance(value.func, ast.Attribute) and not value.args:
            return _items(value.func.value, sources)
        if function in ('dict', 'deepcopy', 'copy'):
            return set().union(*(_items(each, sources) for each in (*value.args, *spread)))
    return set()


def _spread(call: ast.Call, sources: dict[str, set[str]]) -> set[str]:
    """Return the arguments that a call hands on, as `**name`."""
    return set().union(*(_items(each.value, sources) for each in call.keywords if each.arg is None))


def _is_changed(node: ast.ClassDef, name: str) -> bool:
    """Tell whether something is taken out of an argument, or it is replaced, before it is handed on."""
    names = (name, f'self.{name}')
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute):
            if each.func.attr in TAKES and ast.unparse(each.func.value) in names:
                return True
        elif isinstance(each, ast.Assign) and any(ast.unparse(target) in names for target in each.targets):
            value = ast.unparse(each.value)
            parts = (f'**self.{name}', f'**{name}', f'copy({name})', f'{name}.copy()', f'[{name}]')
            if value != name and not any(part in value for part in parts):
                return True
        elif isinstance(each, ast.Delete) and any(ast.unparse(target).startswith(names) for target in each.targets):
            return True
    return False


if __name__ == '__main__':
    main(Path(sys.argv[1]))
