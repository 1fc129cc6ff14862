"""Resolve every `type` of the configs of a model zoo in its own release, and list what does not fit.

    python tools/check_zoo_types.py LIBRARY==RELEASE CONFIGS… [--show 50]

A measure of the catalogs, not of the configs: what is listed is a defect of the zoo, or ours. It loads configs with
MMEngine's own `Config.fromfile` (which executes them), so run it on official zoos only.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cfglint.catalog import Component, Extra, Installation, libraries
from cfglint.catalog.framework import injected, plain

if TYPE_CHECKING:
    from collections.abc import Iterator


class Place(NamedTuple):
    """A dict with a `type`."""

    item: dict[str, Any]
    key: str
    slot: str
    scope: str
    parents: tuple[str, ...]


def places(value: Any, key: str, slot: str, scope: str, parents: tuple[str, ...]) -> Iterator[Place]:
    """Each dict with a `type`, with its key, the last name in it, and the scope that it is built in."""
    if isinstance(value, dict):
        scope = value.get('_scope_', scope)
        if 'type' in value:
            yield Place(value, key, slot, scope, parents)
            parents = (*parents, str(value['type']))
        for name, item in value.items():
            yield from places(item, f'{key}.{name}' if key else str(name), str(name), scope, parents)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from places(item, f'{key}[{index}]', slot, scope, parents)


def check(config: dict[str, Any], installation: Installation, scope: str) -> Iterator[tuple[str, str]]:
    """(message, key) of everything that does not fit; `ok`, `open`… count the rest."""
    for place in places(config, '', '', scope, ()):
        type_ = place.item['type']
        if not isinstance(type_, str):
            type_ = f'{type_.__module__}.{type_.__qualname__}' if hasattr(type_, '__module__') else repr(type_)
        if plain(type_, place.slot, place.parents):
            continue
        component = installation.find(type_, None, place.scope)
        if component is None:
            yield f'no type {place.scope}:{type_}', place.key
        elif component.kind == 'unknown':
            yield 'unknown', place.key
        else:
            yield from arguments(place, component, installation)


def arguments(place: Place, component: Component, installation: Installation) -> Iterator[tuple[str, str]]:
    """Unexpected and missing arguments of one dict."""
    signature = installation.complete(installation.signature(component), place.item, place.scope)
    framework = injected(component, installation, place.slot)
    given = {name for name in place.item if name not in ('type', '_scope_', '_delete_')}
    wrong = [name for name in sorted(given) if signature.accepts(name) is False and name not in framework.extra]
    missing = [name for name in signature.required if name not in given and name not in framework.given]
    yield signature.extra.value if signature.extra is not Extra.REFUSED else 'ok', place.key
    for name in wrong:
        yield f'{component.path} does not take {name}', place.key
    if missing and not framework.elsewhere:
        yield f'{component.path} needs {", ".join(missing)}', place.key


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('release')
    parser.add_argument('configs', nargs='+', type=Path)
    parser.add_argument('--show', type=int, default=60)
    options = parser.parse_args()
    from mmengine.config import Config

    library, _, release = options.release.partition('==')
    installation = Installation({library: release})
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    parts = (
        'model',
        'train_dataloader',
        'val_dataloader',
        'test_dataloader',
        'optim_wrapper',
        'param_scheduler',
        'train_cfg',
        'val_cfg',
        'test_cfg',
        'val_evaluator',
        'test_evaluator',
        'default_hooks',
        'custom_hooks',
        'visualizer',
        'log_processor',
        'tta_model',
        'strategy',
        'data_preprocessor',
    )
    files = [path for root in options.configs for path in sorted(root.rglob('*.py')) if '_base_' not in path.parts]
    for path in files:
        try:
            config = Config.fromfile(path, import_custom_modules=False)
        except Exception as error:
            counts[f'not loaded: {type(error).__name__}: {str(error)[:80]}'] += 1
            first.setdefault(f'not loaded: {type(error).__name__}: {str(error)[:80]}', str(path))
            continue
        scope = config.get('default_scope') or libraries.scope_of(library)
        whole = config._to_lazy_dict() if hasattr(config, '_to_lazy_dict') else dict(config)
        for message, key in check({name: whole[name] for name in parts if name in whole}, installation, scope):
            counts[message] += 1
            first.setdefault(message, f'{path.name}: {key}')
    print(f'{library} {release}: {len(files)} configs')
    for message, count in counts.most_common(options.show):
        print(f'{count:7d} {message}   [{first[message]}]')
    return 0


if __name__ == '__main__':
    sys.exit(main())
