"""Writing suppressions for what is found, so that only what is new is reported from then on."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from cfglint.language.source import SourceFile
from cfglint.suppress import rows_in_strings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cfglint.diagnostics import Diagnostic

_LINE = re.compile(r'[^\r\n]*(\r\n|\r|\n)?')


def with_ignores(
    diagnostics: Iterable[Diagnostic], reason: str, source_of: Callable[[str], SourceFile]
) -> dict[str, SourceFile]:
    """Return the files of diagnostics with a comment for each that can have one; JSON has no comments.

    A diagnostic gets its comment at the end of the line that it begins on; where that is inside a string, on the one that it ends
    on; and else one for the whole file.

    Args:
        diagnostics: What to suppress.
        reason: Why.
        source_of: Returns the text of a file.
    """
    by_file: defaultdict[str, list[Diagnostic]] = defaultdict(list)
    for each in diagnostics:
        if not each.path.endswith('.json'):
            by_file[each.path].append(each)
    found = {}
    for path, several in by_file.items():
        source = source_of(path)
        text = _with_comments(source, several, reason)
        if text is not None:
            found[path] = SourceFile(path, text)
    return found


def _with_comments(source: SourceFile, diagnostics: list[Diagnostic], reason: str) -> str | None:
    """Return the text with comments, None where it cannot be parsed and so has no safe place for them."""
    taken = rows_in_strings(source)
    if taken is None:
        return None
    names: defaultdict[int, set[str]] = defaultdict(set)
    for each in diagnostics:
        rows = [] if each.span is None else [source.location(place).row for place in (each.span.start, each.span.end)]
        names[next((row for row in rows if row not in taken), 0)].add(each.rule)
    lines = [match[0] for match in _LINE.finditer(source.text) if match[0]]
    for row in sorted(filter(None, names)):
        line = lines[row - 1] if row <= len(lines) else ''
        code = line.rstrip('\r\n')
        lines[row - 1 : row] = [f'{code.rstrip()}  # {_words("ignore", names[row], reason)}{line[len(code) :]}']
    if names[0]:
        end = '\r\n' if '\r\n' in source.text else '\n'
        if lines and not lines[-1].endswith(('\n', '\r')):
            lines[-1] += end
        lines.append(f'# {_words("ignore-file", names[0], reason)}{end}')
    return ''.join(lines)


def _words(kind: str, names: set[str], reason: str) -> str:
    return f'cfglint: {kind}[{", ".join(sorted(names))}] -- {reason}'
