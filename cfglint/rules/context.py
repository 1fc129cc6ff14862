"""What a rule may ask of a config, and how it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from cfglint.diagnostics import Advice, Applicability, Diagnostic, Edit, Fix, Related, Severity, shortened
from cfglint.rules.claims import Claims
from cfglint.rules.reading.view import ConfigView

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypedDict

    from typing_extensions import Unpack

    from cfglint.era import Era
    from cfglint.language.config import Config
    from cfglint.language.places import Span
    from cfglint.rules.declaration import Rule
    from cfglint.rules.reading.items import Item
    from cfglint.workspace import Workspace

    class Parts(TypedDict, total=False):
        """What else there is to say in a report; see `Context.report_at`."""

        severity: Severity | None
        raises: str | None
        ignored: bool
        advice: Advice | None
        related: tuple[Related, ...]
        fix: Fix | None
        about: Item | None
        explains: tuple[Item, ...]
        misspelt: str | None


class Context(ConfigView):
    """One config, as a rule sees it: read as `ConfigView` says, and reported on.

    Attributes:
        rule: The rule that is asked.
        claims: What was said, and what that explains.
    """

    def __init__(
        self, config: Config, era: Era, *, is_entry: bool, workspace: Workspace, legacy_scope: str | None = None
    ) -> None:
        super().__init__(config, era, is_entry=is_entry, workspace=workspace, legacy_scope=legacy_scope)
        self.claims = Claims()
        self.rule: Rule

    def report(
        self,
        item: Item,
        message: str,
        *,
        at: Literal['key', 'value'] = 'key',
        key: str | None = None,
        **parts: Unpack[Parts],
    ) -> Diagnostic:
        """Make a diagnostic about an item, at its key or value; `parts` are those of `report_at`."""
        span = self.key_span(item) if at == 'key' else self.value_span(item)
        parts.setdefault('about', item)
        return self.report_at(span, message, key=item.key if key is None else key, **parts)

    def report_at(
        self,
        span: Span | None,
        message: str,
        *,
        key: str | None = None,
        severity: Severity | None = None,
        raises: str | None = None,
        ignored: bool = False,
        advice: Advice | None = None,
        related: tuple[Related, ...] = (),
        fix: Fix | None = None,
        about: Item | None = None,
        explains: tuple[Item, ...] = (),
        misspelt: str | None = None,
    ) -> Diagnostic:
        """Make a diagnostic at a span, or about the file as a whole.

        Args:
            span: The place; none for the file as a whole.
            message: What is wrong, one sentence.
            key: The dotted key.
            severity: How bad it is, if not as bad as the rule declares.
            raises: What MMEngine raises here, such as ``KeyError: 'model'``.
            ignored: Whether MMEngine ignores it; if neither is given, the rule's declaration counts.
            advice: What to do.
            related: Further places.
            fix: What to change.
            about: The item that it is about and claims.
            explains: Further items that it claims; see `cfglint.rules.claims`.
            misspelt: What the key of the item should have been: the other rules take it for that.
        """
        rule = self.rule
        if rule.family == 'deprecated' and self.era == '0.x':
            fix = None  # key by key it would become half of each: migrating it is a thing of its own
        severity = rule.severity if severity is None else severity
        consequence = shortened(rule.consequence(severity, raises, ignored))
        path = self.path if span is None else span.path
        message, key = shortened(message), None if key is None else shortened(key)
        if len(related) > 1:  # two keys may lead to the same place
            related = tuple(dict.fromkeys(related))
        said = Diagnostic(rule.name, rule.family, severity, message, path, span, key, related, fix, consequence, advice)
        if about is not None:
            self.claims.add(rule, about, said, explains, misspelt)
        return said

    def report_leftover(
        self, argument: Item, message: str, old: str, others: Sequence[Item] = (), **parts: Any
    ) -> Diagnostic:
        """Make a diagnostic about what is left over from a base's type, at the `type` of the child.

        Args:
            argument: The first argument that the new type does not take.
            message: What is wrong with it.
            old: The type of the base.
            others: Further arguments of the same dict that the new type does not take either.
            parts: What MMEngine does, as for `report`.
        """
        words = f"{message}: it is left over from the base's `{old}`"
        parts['advice'] = Advice('to replace the whole dict of the base, add', '_delete_=True')
        kind = None if argument.parent is None else argument.parent.get('type')
        span = None if kind is None else self.value_span(kind)
        related = tuple(self.related(each, f'`{each.name}` is left over from here') for each in (argument, *others))
        return self.report_at(
            span, words, key=argument.key, related=related, about=argument, explains=tuple(others), **parts
        )

    def replace_key(
        self, item: Item, name: str, message: str, trust: Applicability = Applicability.UNSAFE
    ) -> Fix | None:
        """Make a fix that renames the item's key where it is written: the dict is wrong wherever it stands."""
        span = self.key_span(item)
        if span is None or item.origin is None or item.origin.key is None:
            return None
        old = item.origin.source.text[span.start : span.end]
        quote = old[0] if old[:1] in ('"', "'") else ''
        anywhere = '*.' if item.parent is not None and item.parent.parent is not None else ''
        keys = (f'{anywhere}{item.name}', f'{anywhere}{name}')
        return Fix(message, (Edit(span, f'{quote}{name}{quote}'),), trust, keys)

    def replace_value(
        self,
        item: Item,
        text: str,
        message: str,
        trust: Applicability = Applicability.UNSAFE,
        *,
        anywhere: bool = False,
    ) -> Fix | None:
        """Make a fix that replaces the item's value where it is written.

        Args:
            item: The item.
            text: What to write.
            message: What the fix does.
            trust: How much it may be trusted.
            anywhere: Whether the value is wrong under every key at which the dict stands, not only under this one.
        """
        span = self.value_span(item)
        if span is None or item.origin is None:
            return None
        return Fix(message, (Edit(span, text),), trust, (f'*.{item.name}' if anywhere else item.key,))
