"""Where to point when several sections disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from cfglint.diagnostics import Advice, Applicability, Edit, Fix
from cfglint.era import can_run, is_below_base_folder
from cfglint.language.places import Range

if TYPE_CHECKING:
    from cfglint.diagnostics import Diagnostic
    from cfglint.language.config import Config
    from cfglint.language.places import Span
    from cfglint.language.values import Origin
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


def report_between(
    context: Context,
    item: Item,
    others: tuple[Item | None, ...],
    message: str,
    *,
    at: Literal['key', 'value'] = 'key',
    key: str | None = None,
    advice: Advice | None = None,
    **parts: Any,
) -> Diagnostic:
    """Make a diagnostic about an item that disagrees with others, at the cause: the last line that makes it wrong.

    Each item is right by itself: the diagnostic stands where they come together, which is the file that inherits all of
    them. If it writes one of them itself, it stands there, else at the base that brings the item. A child that only
    repeats what its base says, or adds to a dict, has decided nothing. `parts` are those of `Context.report_at`; where the
    diagnostic stands elsewhere, `advice` tells the dict that its code is for.
    """
    written = {each.key: each for each in (item, *others) if each is not None and each.origin is not None}
    decided = {key: _decided(each) for key, each in written.items()}
    joint = _joint(context.config, {each.origin.source.path for each in decided.values() if each.origin is not None})
    anchor = next((found for each in written.values() if (found := _written_in(each, joint)) is not None), None)
    if anchor is None:
        span = _base_span(joint, item)
    else:
        span = context.value_span(anchor) if at == 'value' and anchor.key == item.key else context.key_span(anchor)
    away = [each for key, each in decided.items() if anchor is None or key != anchor.key]
    related = tuple(context.related(each, f'`{each.key}` is here') for each in away)
    key = item.key if key is None else key
    parts.setdefault('about', item)
    if advice is not None and (anchor is None or anchor.key != item.key):
        advice = _with_place(advice, item, key)
    return context.report_at(span, message, key=key, advice=advice, related=related, **parts)


def _with_place(advice: Advice, item: Item, key: str) -> Advice:
    """Return advice that names the dict that its code, `name=value`, is for."""
    name, equals, _ = (advice.code or '').partition('=')
    if not equals or not name.isidentifier() or ' in `' in f' {advice.text}':
        return advice
    path = key.split('.')
    if name in path:
        path = path[: -1 - path[::-1].index(name)]
    elif not isinstance(item.value, dict):
        path = path[:-1]
    where, text = f'in `{".".join(path)}`', advice.text
    # What is before the "or" is to be done elsewhere.
    return (
        advice._replace(text=f'{text} {where}' if text.endswith(' or write') else f'{where}, {text}')
        if path
        else advice
    )


def _written_in(item: Item, config: Config) -> Item | None:
    """Return an item with its origin in the file of a config, None if that does not write it."""
    origin = item.origin
    while origin is not None and origin.source is not config.source:
        origin = origin.overrides
    return None if origin is None else item._replace(origin=origin)


def _decided(item: Item) -> Item:
    """Return an item with the origin that decided its value."""
    origin, value = item.origin, item.value
    while origin is not None and origin.overrides is not None and _is_kept(origin.replaced, value):
        origin, value = origin.overrides, origin.replaced
    return item._replace(origin=origin)


def _is_kept(old: Any, new: Any) -> bool:
    """Tell whether a child has repeated what its base says, or merged into it."""
    if isinstance(new, dict) and isinstance(old, dict):
        # What a dict is depends on these; of other fields, rules name the one that counts.
        return old.keys() <= new.keys() and all(old.get(key) == new.get(key) for key in ('type', 'by_epoch'))
    return type(old) is type(new) and old == new


def first_written(item: Item) -> Item:
    """Return a dict with the origin of the file that wrote it whole: what it lacks is missing there."""
    origin: Origin | None = item.origin
    value = item.value
    while origin is not None:
        replaced = origin.replaced
        if not isinstance(replaced, dict) or not replaced.keys() <= value.keys():
            break
        origin, value = origin.overrides, replaced
    return item._replace(origin=origin)


def unset(context: Context, *sections: str) -> tuple[Item, ...]:
    """Return the sections that a config, or one of its bases, sets to None."""
    items = (context.section(name) for name in sections)
    return tuple(item for item in items if item is not None and item.value is None)


def report_absent(
    context: Context,
    item: Item,
    absent: tuple[str, ...],
    message: str,
    *,
    key: str | None = None,
    **parts: Any,
) -> Diagnostic:
    """Make a diagnostic about an item that misses another section, where the config itself says so.

    A base may well leave out what its children add: the diagnostic stands in the innermost config that could run and
    does not have it, at the item if it is written there, else at the base that brings the item. `parts` are those of `Context.report_at`.
    """
    where = _innermost(context.config, item.key.partition('.')[0], absent)
    own = item.origin is not None and item.origin.source is where.source
    span = context.key_span(item) if own else _base_span(where, item)
    related = () if own else (context.related(item, f'`{item.key}` is here'),)
    parts.setdefault('about', item)
    return context.report_at(span, message, key=item.key if key is None else key, related=related, **parts)


def _innermost(config: Config, section: str, absent: tuple[str, ...]) -> Config:
    for base in config.bases:
        table = base.config.table
        runs = can_run(base.config.table) and not is_below_base_folder(base.config.path)
        if runs and section in table and not any(table.get(name) is not None for name in absent):
            return _innermost(base.config, section, absent)
    return config


def _joint(config: Config, paths: set[str]) -> Config:
    """Return the innermost config that has or inherits all of some files."""
    for base in config.bases:
        if paths <= {each.path for each in base.config.lineage()}:
            return _joint(base.config, paths)
    return config


def _base_span(config: Config, item: Item) -> Span | None:
    """Return where a config names the base that brings an item."""
    path = None if item.origin is None else item.origin.source.path
    for base in config.bases:
        if path in {each.path for each in base.config.lineage()}:
            return config.source.span(base.place)
    return None


def is_own(context: Context, item: Item) -> bool:
    """Tell whether an item is written in the config itself, not in one of its bases."""
    return item.origin is not None and item.origin.source is context.config.source


def is_decided_above(context: Context, winner: Item, loser: Item) -> bool:
    """Tell whether an item is written whole in a file that inherits the one in which another item is written."""
    if winner.origin is None or loser.origin is None or winner.origin.source is loser.origin.source:
        return False
    if winner.origin.overrides is not None and isinstance(winner.value, dict):
        return False
    heir = next((each for each in context.lineage if each.source is winner.origin.source), None)
    return heir is not None and any(each.source is loser.origin.source for each in heir.lineage())


def insert_field(context: Context, sibling: Item, name: str, text: str, trust: Applicability) -> Fix | None:
    """Make a fix that writes another field before an item of a dict, in the way that the item is written."""
    span = context.key_span(sibling)
    if span is None or sibling.origin is None or sibling.origin.key is None:
        return None
    written = sibling.origin.source.text[span.start : span.end]
    quote = written[:1] if written[:1] in ('"', "'") else ''
    if written.strip('\'"') != sibling.name:
        return None
    field = f'{quote}{name}{quote}: {text}, ' if quote else f'{name}={text}, '
    place = sibling.origin.source.span(Range(span.start, span.start))
    key = f'{sibling.parent.key}.{name}' if sibling.parent is not None and sibling.parent.key else name
    return Fix(f'Add `{name}={text}`', (Edit(place, field),), trust, (key,))
