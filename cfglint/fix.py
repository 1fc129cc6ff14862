"""Applying fixes: rules propose, this module chooses, applies and writes."""

from __future__ import annotations

import os
import re
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from cfglint.check import Crash, Result
from cfglint.language.source import SourceFile
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from cfglint.diagnostics import Applicability, Diagnostic, Edit, Fix
    from cfglint.report.sources import Sources

MAX_PASSES = 20
"""How often what is fixed is checked again; each pass applies all fixes that do not touch each other."""


@dataclass
class Fixed:
    """What fixing came to; nothing is written yet.

    Attributes:
        before: What was found before any fix.
        result: What is found after the last fix.
        texts: The files that change, with their new text.
        originals: The same files as they are on disk.
        applied: How many fixes of each rule were applied.
    """

    before: Result
    result: Result
    texts: dict[str, SourceFile] = field(default_factory=dict)
    originals: dict[str, SourceFile] = field(default_factory=dict)
    applied: Counter[str] = field(default_factory=Counter)


class _Chosen(NamedTuple):
    rule: str
    fix: Fix


def fix(
    paths: Collection[str],
    check: Callable[[dict[str, SourceFile]], Result],
    sources: Sources,
    trust: Applicability,
) -> Fixed:
    """Check and fix until nothing is left to apply.

    A fix that breaks a file which could be read is taken back, and its rule is not trusted again in this run.

    Args:
        paths: The files that may be changed.
        check: Checks them all, with the texts in its argument instead of those on disk.
        sources: The texts on disk.
        trust: What to apply at least.
    """
    result = check({})
    done = Fixed(result, result)
    allowed, distrusted = frozenset(paths), set[str]()
    for _ in range(MAX_PASSES):
        chosen = select(done.result.diagnostics, trust, allowed, distrusted)
        if not chosen:
            break
        texts = _applied(chosen, done.texts, sources)
        result = check(texts)
        broken = _newly_broken(done.result, result)
        if broken:
            blamed = {each.rule for each in chosen if any(edit.span.path in broken for edit in each.fix.edits)}
            distrusted |= blamed or {each.rule for each in chosen}
            words = f'a fix of {", ".join(sorted(distrusted))} would break this file; it was not applied'
            done.result.crashes += [Crash(path, words, '') for path in sorted(broken)]
            continue
        result.crashes[:0] = [crash for crash in done.result.crashes if crash not in result.crashes]
        done.texts, done.result = texts, result
        done.applied.update(each.rule for each in chosen)
    else:
        names = ', '.join(sorted({each.rule for each in chosen}))
        done.result.crashes.append(
            Crash(chosen[0].fix.edits[0].span.path, f'the fixes of {names} do not come to an end', '')
        )
    done.originals = {path: sources.get(path) for path in done.texts}
    done.texts = {path: source for path, source in done.texts.items() if source.text != done.originals[path].text}
    return done


def select(
    diagnostics: Iterable[Diagnostic], trust: Applicability, allowed: Collection[str], distrusted: Collection[str] = ()
) -> list[_Chosen]:
    """Return the fixes that do not touch each other, in order of position; the rest get their turn in the next pass."""
    taken: dict[str, list[Edit]] = {}
    chosen = []
    for diagnostic in diagnostics:
        fix = diagnostic.fix
        if fix is None or not fix.edits or fix.applicability < trust or diagnostic.rule in distrusted:
            continue
        if any(edit.span.path not in allowed for edit in fix.edits) or _touches(fix.edits, taken):
            continue
        for edit in fix.edits:
            taken.setdefault(edit.span.path, []).append(edit)
        chosen.append(_Chosen(diagnostic.rule, fix))
    return chosen


def _touches(edits: Sequence[Edit], taken: dict[str, list[Edit]]) -> bool:
    return any(
        edit.span.start <= other.span.end and other.span.start <= edit.span.end
        for edit in edits
        for other in taken.get(edit.span.path, ())
    )


def _applied(chosen: Iterable[_Chosen], texts: dict[str, SourceFile], sources: Sources) -> dict[str, SourceFile]:
    edits: dict[str, list[Edit]] = {}
    for each in chosen:
        for edit in each.fix.edits:
            edits.setdefault(edit.span.path, []).append(edit)
    changed = dict(texts)
    for path, some in edits.items():
        before = changed.get(path) or sources.get(path)
        changed[path] = SourceFile(path, apply(before.text, some))
    return changed


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return the text after the edits; all else stays as it is, line ends included."""
    line_end = '\r\n' if '\r\n' in text else '\n'
    for span, content in sorted(edits, key=lambda edit: edit.span.start, reverse=True):
        content = re.sub(r'\r\n|\n', line_end, content)
        text = text[: span.start] + content + text[span.end :]
    return text


def _newly_broken(before: Result, after: Result) -> set[str]:
    fine = {outcome.path for outcome in before.outcomes if outcome.status == 'checked'}
    return {outcome.path for outcome in after.outcomes if outcome.status == 'broken' and outcome.path in fine}


def write(texts: dict[str, SourceFile], originals: dict[str, SourceFile]) -> None:
    """Write all files or none: each at once, with the permissions that it had.

    Raises:
        UsageError: A file cannot be written, or was changed by someone else meanwhile.
    """
    ready: list[tuple[str, str]] = []
    path = ''
    try:
        for path, source in texts.items():
            target = os.path.realpath(path)
            ready.append((_written_beside(target, source.text), target))
            with open(target, 'rb') as file:
                if file.read() != originals[path].text.encode():
                    raise UsageError(f'`{path}` was changed while it was checked: nothing was written')
        while ready:
            os.replace(*ready[-1])
            ready.pop()
    except OSError as error:
        raise UsageError(f'cannot write `{path}`: {(error.strerror or type(error).__name__).lower()}') from None
    finally:
        for temporary, _ in ready:
            os.unlink(temporary)


def _written_beside(target: str, text: str) -> str:
    """Write a new file beside the target, on disk before it takes the target's place."""
    handle, temporary = tempfile.mkstemp(prefix=f'.{os.path.basename(target)}.', dir=os.path.dirname(target))
    try:
        with os.fdopen(handle, 'wb') as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, os.stat(target).st_mode & 0o7777)
    except BaseException:
        os.unlink(temporary)
        raise
    return temporary
