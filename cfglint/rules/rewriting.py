"""Fixes for top-level keys: rewrite or remove one assignment, where nothing else in the file depends on it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.diagnostics import Applicability, Edit, Fix
from cfglint.language.numbers import as_float
from cfglint.language.values import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cfglint.language.config import Config
    from cfglint.language.places import Span
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


class Key(NamedTuple):
    """A top-level key of 0.x in the file that writes it."""

    name: str
    item: Item
    config: Config
    context: Context


def assignment(key: Key) -> ast.Assign | None:
    """Return the plain top-level assignment of a key, if the file has just that one and never reads the name."""
    config, origin = key.config, key.item.origin
    if config.tree is None or origin is None or origin.source is not config.source:
        return None
    if key.name in config.loads or key.name in config.rebound or config.source.shifts:
        return None
    for node in config.tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and node.targets[0] is origin.key:
            return node
    return None


def can_write(key: Key, target: str) -> bool:
    """Tell whether a key of 1.x is free for what this key says: no other key of the file claims it."""
    return target not in key.config.own and target not in key.config.loads


def rewrite(key: Key, sections: Mapping[str, str], keys: Sequence[Key] | None) -> Fix | None:
    """Replace the assignments of some keys by the sections that they become; none if `keys` is none."""
    node = None if not keys else assignment(keys[0])
    removals = [remove(each) for each in (keys or ())[1:]]
    if not keys or node is None or not all(can_write(key, name) for name in sections):
        return None
    edits = [Edit(key.config.source.span(node), '\n'.join(sections.values()))]
    for each in removals:
        if each is None:
            return None
        edits += each.edits
    old, new = (' and '.join(f'`{name}`' for name in names) for names in ((each.name for each in keys), sections))
    named = (*(each.name for each in keys), *sections)
    return Fix(f'Write {new} instead of {old}', tuple(edits), Applicability.UNSAFE, named)


def with_mixed_precision(key: Key) -> Fix | None:
    """Turn the `optim_wrapper` of the same file into one of mixed precision, and remove `fp16`."""
    removal = remove(key)
    wrapper: Any = key.config.own.get('optim_wrapper')
    value = key.item.value
    origin = wrapper.origins.get('type') if isinstance(wrapper, Table) else None
    if removal is None or not isinstance(value, dict) or origin is None or origin.source is not key.config.source:
        return None
    if wrapper.get('type') != 'OptimWrapper' or 'loss_scale' in wrapper or not isinstance(origin.value, ast.Constant):
        return None
    scale = value.get('loss_scale', 512.0)
    if not isinstance(scale, (int, float, str)):
        return None
    scale = as_float(scale) if isinstance(scale, int) else scale  # MMEngine refuses an int
    edit = Edit(origin.source.span(origin.value), f"'AmpOptimWrapper', loss_scale={scale!r}")
    keys = ('optim_wrapper', key.name)
    return Fix('Train with `AmpOptimWrapper`', (edit, *removal.edits), Applicability.UNSAFE, keys)


def remove(key: Key, trust: Applicability = Applicability.SAFE) -> Fix | None:
    """Remove the assignment, with its lines where nothing else stands on them."""
    node = assignment(key)
    if node is None or (key.config.tree is not None and len(key.config.tree.body) == 1):
        return None
    text, span = key.config.source.text, key.config.source.span(node)
    start = text.rfind('\n', 0, span.start) + 1
    line_end = text.find('\n', span.end)
    end = len(text) if line_end < 0 else line_end + 1
    if text[start : span.start].strip() or text[span.end : end].strip():
        # Something else stands on the line: a comment goes with what it describes, code must stay.
        rest = text[span.end : end].strip()
        if text[start : span.start].strip() or not rest.startswith('#'):
            return None
        trust = min(trust, Applicability.UNSAFE)
    return Fix(f'Remove `{key.name}`', (Edit(_between(span, start, end), ''),), trust, (key.name,))


def _between(span: Span, start: int, end: int) -> Span:
    return span._replace(start=start, end=end)
