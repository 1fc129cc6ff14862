"""Backbones in a depth or an architecture that there is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.catalog.data_facts import data_facts
from cfglint.diagnostics import Advice
from cfglint.language.numbers import is_int
from cfglint.rules.reading.official import package_of
from cfglint.rules.reading.types import class_name
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

ARGUMENTS: Final = frozenset({'depth', 'arch'})
MAX_SHOWN: Final = 8
MAX_DEPTH: Final = 4


@rule(reads=('model',), words=ARGUMENTS)
def unknown_architecture(context: Context) -> Iterator[Diagnostic]:
    """A `depth` or `arch` that a backbone does not know.

    Each class has a table of its depths or architectures and refuses others: a ResNet has 18, 34, 50, 101 or 152 layers,
    a ResNeXt 50, 101 or 152.

    Source: the `arch_settings` and `arch_zoo` of the backbones, `if depth not in self.arch_settings: raise KeyError`.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', backbone=dict(type='ResNet', depth=55))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', backbone=dict(type='ResNet', depth=50))
    ```
    """
    model = context.section('model')
    for part in _parts(model) if model is not None else ():
        for name in ARGUMENTS & part.value.keys():
            item = part.get(name)
            if item is not None and (is_int(item.value) or isinstance(item.value, str)):
                yield from _judge(context, part, item)


def _parts(item: Item, depth: int = 0) -> Iterator[Item]:
    """Yield the parts of a model that may have an architecture: those directly below it, and backbones further down."""
    if not isinstance(item.value, dict):
        return
    for name, value in item.value.items():
        if isinstance(value, dict) and (depth == 0 or name == 'backbone'):
            part = item.get(name) if 'type' in value or 'backbone' in value else None
            if part is not None and not ARGUMENTS.isdisjoint(value):
                yield part
            if part is not None and 'backbone' in value and depth < MAX_DEPTH:
                yield from _parts(part, depth + 1)


def _judge(context: Context, part: Item, item: Item) -> Iterator[Diagnostic]:
    named = class_name(part.value, context.scope)
    known = None if named is None else data_facts(named.package).architectures.get(named.name, {}).get(item.name)
    if named is None or known is None or _plain(item.value) in [_plain(each) for each in known]:
        return
    if package_of(context, part) != named.package:
        return
    kind = named.name
    if item.name == 'arch' and not isinstance(item.value, str):
        return
    shown = ', '.join(f'`{each}`' for each in known[:MAX_SHOWN]) + (', …' if len(known) > MAX_SHOWN else '')
    raises = f"KeyError: 'invalid depth {item.value}'" if item.name == 'depth' else 'AssertionError'
    given = f'{item.value!s:.30}'
    message = f'`{kind}` has no {item.name} `{given}`' if item.name == 'arch' else f'`{kind}` has no depth {given}'
    near = min(known, key=lambda each: _distance(each, item.value))
    advice = Advice(f'one of {shown}, such as', f'dict({item.name}={near!r})')
    yield context.report(item, message, at='value', raises=raises, advice=advice)


def _plain(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _distance(known: object, given: object) -> float:
    """Return how far a value is from what is given, for the advice."""
    if isinstance(known, int) and isinstance(given, int):
        return abs(known - given)
    import difflib  # few runs have to guess

    return 1 - difflib.SequenceMatcher(None, str(known).lower(), str(given).lower()).ratio()
