"""Where to point when several sections disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Applicability, Edit, Fix
from cfglint.language.source import Range

if TYPE_CHECKING:
    from cfglint.diagnostics import Diagnostic, Severity
    from cfglint.rules.context import Context, Item


def report_between(
    context: Context,
    item: Item,
    others: tuple[Item | None, ...],
    message: str,
    *,
    severity: Severity | None = None,
    fix: Fix | None = None,
) -> Diagnostic:
    """Make a diagnostic about an item that disagrees with others, where the config itself says so.

    An item that stands in a base is right there, as long as its children agree: then the diagnostic stands at that
    one of the others which the config itself sets, with the item as a related place.
    """
    there = [other for other in others if other is not None]
    for each in (item, *there):
        if is_own(context, each):
            related = tuple(context.related(other, f'`{other.key}` is here') for other in (item, *there) if other is not each)
            span = context.key_span(each)
            return context.report_at(span, message, key=item.key, severity=severity, related=related, fix=fix)
    related = tuple(context.related(other, f'`{other.key}` is here') for other in there)
    return context.report(item, message, severity=severity, related=related, fix=fix)


def is_own(context: Context, item: Item) -> bool:
    """Tell whether an item is written in the config itself, not in one of its bases."""
    return item.origin is not None and item.origin.source is context.config.source


def add_beside(context: Context, sibling: Item, name: str, text: str, trust: Applicability) -> Fix | None:
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
    return Fix(f'Add `{name}={text}`', (Edit(place, field),), trust)
