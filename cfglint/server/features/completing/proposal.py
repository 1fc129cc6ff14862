"""What may be typed at a place."""

from __future__ import annotations

from typing import NamedTuple

from lsprotocol import types


class Proposal(NamedTuple):
    """Something that may be typed.

    Attributes:
        label: What is shown, and what is typed is compared with.
        inserted: The text to insert; the label if empty.
        kind: What it is.
        rank: Those with a lower one come first.
        detail: What is shown beside it: a default, the release.
        text: Its documentation, in Markdown.
        data: What is needed to find its documentation later; none if there is nothing to find.
        deprecated: Whether it still works, but should not be used.
    """

    label: str
    inserted: str = ''
    kind: types.CompletionItemKind = types.CompletionItemKind.Field
    rank: int = 5
    detail: str = ''
    text: str = ''
    data: dict[str, str] | None = None
    deprecated: bool = False

    @property
    def order(self) -> tuple[int, str]:
        """What proposals are sorted by."""
        return self.rank, self.label.lower()

    def item(self, around: types.Range) -> types.CompletionItem:
        """Return it as the protocol has it; it replaces a range."""
        return types.CompletionItem(
            label=self.label,
            kind=self.kind,
            detail=self.detail or None,
            documentation=types.MarkupContent(types.MarkupKind.Markdown, self.text) if self.text else None,
            sort_text=f'{self.rank}{self.label.lower()}',
            text_edit=types.TextEdit(around, self.inserted or self.label),
            tags=[types.CompletionItemTag.Deprecated] if self.deprecated else None,
            data=self.data,
        )
