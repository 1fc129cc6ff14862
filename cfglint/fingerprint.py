"""What a diagnostic is recognised by in a later run, when lines have moved or its file has another name."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfglint.diagnostics import Diagnostic
    from cfglint.report.sources import Sources


def fingerprints(diagnostics: Sequence[Diagnostic], sources: Sources) -> list[str]:
    """Return a fingerprint for each diagnostic, unique within its file: 16 hexadecimal digits.

    It is made of the rule, the key and the text of the line: neither the path nor the number of the line counts, nor the
    message, which other files may change. Those that are alike in all of this are numbered in their order in the file.
    """
    seen: Counter[tuple[str, tuple[str, str, str]]] = Counter()
    found = []
    for each in diagnostics:
        content = (each.rule, each.key or '', _line(each, sources))
        number = seen[each.path, content]
        seen[each.path, content] += 1
        text = '\0'.join([*content, str(number)])
        found.append(hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16])
    return found


def _line(diagnostic: Diagnostic, sources: Sources) -> str:
    """Return the first line that a diagnostic is about, without what only lays it out."""
    if diagnostic.span is None:
        return ''
    source = sources.get(diagnostic.span.path)
    return ' '.join(source.line(source.location(diagnostic.span.start).row).split())
