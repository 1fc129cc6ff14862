"""Find the keys that models read of their settings without a `type`, such as `test_cfg`, and write them into the facts.

    python tools/build_settings.py FOLDER…

Each folder is the root of an unpacked release, such as ``mmdet-3.3.0`` with the package ``mmdet`` in it. In
`cfglint/catalog/data/libraries/PACKAGE.json`, two sections are replaced:

- `model.settings`: the keys that the library's own configs have below each of `SETTINGS`. Some of them have not been read
  for years, which is no mistake of whoever copies them;
- `model.settings_read`: the keys that the sources look up in anything that is named like a setting.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from catalog import library_files

from cfglint.catalog import syntax
from cfglint.catalog.model_facts import ModelFacts
from cfglint.catalog.run_libraries import Libraries
from cfglint.catalog.schema import build
from cfglint.catalog.store import DATA
from cfglint.language.errors import ConfigError
from cfglint.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

SETTINGS = (
    'test_cfg', 'train_cfg', 'semi_train_cfg', 'semi_test_cfg', 'extra', 'plugins', 'gau_cfg', 'loss_config', 'arch', 'tasks',
    'group_cfg', 'distill_cfg',
)  # fmt: skip
NAMED_LIKE_ONE = re.compile(r'(cfgs?|config|extra|plugins?|spec)_?$|^(pts|rpn|rcnn|tasks?|arch|arch_settings)$')
READS = ('get', 'pop', 'setdefault')


def main(roots: list[str]) -> None:
    """Write what is found in unpacked releases."""
    for root in roots:
        package = next(path.parent for path in sorted(Path(root).glob('*/version.py')))
        path = Path(DATA, 'libraries', f'{package.name}.json')
        facts = json.loads(path.read_text(encoding='utf-8'))
        facts.setdefault('model', {}).update(settings=in_configs(package), settings_read=in_sources(package))
        build(ModelFacts, facts['model'], path.name)
        path.write_text(library_files.text(facts), encoding='utf-8')


def in_configs(package: Path) -> dict[str, list[str]]:
    """Return setting → the keys that the configs of a package have there."""
    found: dict[str, set[str]] = {}
    workspace = Workspace(Libraries())
    for path in sorted((package / '.mim' / 'configs').rglob('*.py')):
        try:
            model = workspace.loader.load(str(path)).table.get('model')
        except ConfigError:
            continue
        for setting, key in _written(model, None):
            found.setdefault(setting, set()).add(key)
    return {name: sorted(found[name]) for name in SETTINGS if name in found}


def in_sources(package: Path) -> list[str]:
    """Return the keys that the modules of a package look up."""
    modules = [path for path in package.rglob('*.py') if '.mim' not in path.parts]
    return sorted({key for path in modules for key in _read(ast.parse(path.read_text(encoding='utf-8')))})


def _read(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        key = None
        if isinstance(node, ast.Attribute) and _is_setting(node.value):
            key = node.attr
        elif isinstance(node, ast.Subscript) and _is_setting(node.value):
            key = syntax.literal(node.slice)
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.In, ast.NotIn)):
            key = syntax.literal(node.left) if _is_setting(node.comparators[0]) else None
        elif isinstance(node, ast.Call) and node.args:
            key = _asked(node)
        if key is not None and key.isidentifier() and not hasattr(dict, key):
            yield key


def _asked(call: ast.Call) -> str | None:
    """Return the key that a call asks a setting for: `cfg.get('nms')`, `hasattr(cfg, 'nms')`."""
    if isinstance(call.func, ast.Attribute) and call.func.attr in READS and _is_setting(call.func.value):
        return syntax.literal(call.args[0])
    if syntax.dotted(call.func) in ('hasattr', 'getattr') and _is_setting(call.args[0]):
        return syntax.literal(call.args[1])
    return None


def _is_setting(node: ast.expr) -> bool:
    last = (syntax.dotted(node) or '').rpartition('.')[2]
    return NAMED_LIKE_ONE.search(last) is not None


def _written(value: Any, setting: str | None) -> Iterator[tuple[str, str]]:
    """Yield each setting at and below a value, with the keys that it has."""
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from _written(each, setting)
    elif isinstance(value, dict):
        below = None if 'type' in value else setting
        for name, each in value.items():
            if below is not None and isinstance(name, str):
                yield below, name
            yield from _written(each, name if below is None and name in SETTINGS else below)


if __name__ == '__main__':
    main(sys.argv[1:])
