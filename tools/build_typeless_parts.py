"""Find the arguments of a library's classes that are handed whole to another class: `Graph(**graph_cfg)`.

    python tools/build_typeless_parts.py PACKAGE_FOLDER

prints, as JSON, class → argument → the class that gets it, for `model.typeless_parts` of `data/libraries/PACKAGE.json`.
What takes keys out of the argument, or hands on others beside it, is left out: what fits it would not be certain.
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
    found = []
    for method in node.body:
        if isinstance(method, ast.FunctionDef):
            for call in ast.walk(method):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id[:1].isupper():
                    argument = _argument(call, method)
                    if argument is not None:
                        found.append((argument, call.func.id))
    several = {name for name, target in found if any(name == other and target != each for other, each in found)}
    return [(name, target) for name, target in found if name not in several and not _is_changed(node, name)]


def _argument(call: ast.Call, method: ast.FunctionDef) -> str | None:
    """Return the argument that alone is handed to a call, as `**name` or `**self.name`."""
    if call.args or len(call.keywords) != 1 or call.keywords[0].arg is not None:
        return None
    value = call.keywords[0].value
    if isinstance(value, ast.Attribute) and ast.unparse(value.value) == 'self':
        return value.attr
    return value.id if isinstance(value, ast.Name) and method.name == '__init__' else None


def _is_changed(node: ast.ClassDef, name: str) -> bool:
    """Tell whether something is taken out of an argument, or it is replaced, before it is handed on."""
    names = (name, f'self.{name}')
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute):
            if each.func.attr in TAKES and ast.unparse(each.func.value) in names:
                return True
        elif isinstance(each, ast.Assign) and any(ast.unparse(target) in names for target in each.targets):
            value = ast.unparse(each.value)
            if value != name and f'**self.{name}' not in value and f'**{name}' not in value:
                return True
        elif isinstance(each, ast.Delete) and any(ast.unparse(target).startswith(names) for target in each.targets):
            return True
    return False


if __name__ == '__main__':
    main(Path(sys.argv[1]))
