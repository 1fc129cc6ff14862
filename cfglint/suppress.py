"""Suppressions: comments that say which diagnostics are meant to be there.

    fp16 = dict()  # cfglint: ignore[dead-fp16] -- read by our own tools
    # cfglint: ignore[removed-lr-config, deprecated]
    lr_config = dict(policy='step')
    # cfglint: ignore-file[schema]

A comment after code counts for the diagnostics that begin or end on its line; a comment on a line of its own, for the
next line of code. Names are those of rules or families; without names, all are meant.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from cfglint.diagnostics import Advice, Applicability, Diagnostic, Edit, Fix
from cfglint.language.places import Range
from cfglint.rules.declaration import MAX_OF_A_RULE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cfglint.language.places import Span
    from cfglint.language.source import SourceFile
    from cfglint.rules.declaration import Rule

MARK = 'cfglint:'
UNUSED = 'unused-suppression'
INVALID = 'invalid-suppression'
_COMMENT = re.compile(r'#\s*cfglint:(?P<body>[^#]*)')
_BODY = re.compile(r'(?P<kind>ignore-file|ignore) ?(?:\[(?P<names>[^\]]*)\])? ?(?:--.*)?$')
"""Of a text in which each run of blanks is one."""


class Suppression(NamedTuple):
    """One comment, or the part of a comment that is ours."""

    span: Span
    whole_file: bool
    row: int
    """The line whose diagnostics are meant."""
    names: tuple[str, ...]
    """Rules and families; empty for all."""
    valid: bool = True

    def covers(self, diagnostic: Diagnostic, rows: tuple[int, int]) -> bool:
        """Tell whether a diagnostic of the same file, on these first and last lines, is meant."""
        return (self.whole_file or self.row in rows) and (
            not self.names or diagnostic.rule in self.names or diagnostic.family in self.names
        )


def find(source: SourceFile) -> list[Suppression]:
    """Return the suppressions in a file."""
    if MARK not in source.text:
        return []
    comments = _yaml_comments if source.path.endswith(('.yaml', '.yml')) else _python_comments
    return [each for row, column, text in comments(source) for each in _read(source, row, column, text)]


def apply(
    diagnostics: Iterable[Diagnostic],
    paths: Iterable[str],
    source_of: Callable[[str], SourceFile],
    rules: Sequence[Rule],
    judged: Callable[[str, Rule], bool],
) -> list[Diagnostic]:
    """Drop what is suppressed, and report suppressions that are of no use.

    Args:
        diagnostics: What was found.
        paths: The files that were checked.
        source_of: Returns the text of a file.
        rules: The rules that were asked: nothing is said about suppressions of others.
        judged: Tells whether all that a rule can say about a file was asked in this run.

    Returns:
        What is left, sorted; of very many suppressions of no use in one file, the first.
    """
    kept: list[Diagnostic] = []
    in_file: dict[str, list[Suppression]] = {}
    used: set[tuple[str, int, str]] = set()
    for diagnostic in diagnostics:
        path = diagnostic.path
        if path not in in_file:
            in_file[path] = find(source_of(path))
        covering = _covering(diagnostic, in_file[path], source_of) if in_file[path] else []
        for each in covering:
            used.update(
                (path, each.span.start, name)
                for name in each.names or ('',)
                if name in ('', diagnostic.rule, diagnostic.family)
            )
        if not covering:
            kept.append(diagnostic)
    asked = {rule.name: rule for rule in rules}
    if UNUSED in asked or INVALID in asked:
        for path in paths:
            suppressions = in_file[path] if path in in_file else find(source_of(path))
            kept += islice(_complaints(path, suppressions, used, asked, source_of, judged), MAX_OF_A_RULE)
    return sorted(kept, key=Diagnostic.sort_key)


def _covering(
    diagnostic: Diagnostic, suppressions: list[Suppression], source_of: Callable[[str], SourceFile]
) -> list[Suppression]:
    rows = (0, 0)
    if diagnostic.span is not None:
        source = source_of(diagnostic.path)
        rows = source.location(diagnostic.span.start).row, source.location(diagnostic.span.end).row
    return [each for each in suppressions if each.valid and each.covers(diagnostic, rows)]


def _complaints(
    path: str,
    suppressions: list[Suppression],
    used: set[tuple[str, int, str]],
    asked: dict[str, Rule],
    source_of: Callable[[str], SourceFile],
    judged: Callable[[str, Rule], bool],
) -> Iterator[Diagnostic]:
    from cfglint.rules import all_rules, families

    known = all_rules()
    names = {*known, *families()}
    for each in suppressions:
        wrong = [name for name in each.names if name not in names]
        if not each.valid or wrong:
            if INVALID in asked:
                yield _invalid(path, each, wrong, asked[INVALID])
            continue
        if UNUSED not in asked:
            continue
        unused = [name for name in each.names or ('',) if (path, each.span.start, name) not in used]
        meant = [[rule for rule in known.values() if name in ('', rule.name, rule.family)] for name in unused]
        if all(rule.name in asked and judged(path, rule) for group in meant for rule in group) and unused:
            yield _unused(path, each, unused, source_of(path), asked[UNUSED])


def _invalid(path: str, suppression: Suppression, wrong: list[str], rule: Rule) -> Diagnostic:
    if wrong:
        from cfglint.language.errors import nearest
        from cfglint.rules import all_rules, families

        words = f'there is no rule or family `{wrong[0]:.60}`'
        near = nearest(wrong[0], (*families(), *all_rules()))
        advice = Advice('remove it') if near is None else Advice(f'write `{near}`')
    else:
        words = 'this suppression is not understood'
        advice = Advice('write, for one line,', '# cfglint: ignore[rule-name] -- reason')
    return Diagnostic(rule.name, rule.family, rule.severity, words, path, suppression.span, advice=advice)


def _unused(path: str, suppression: Suppression, unused: list[str], source: SourceFile, rule: Rule) -> Diagnostic:
    kept = [name for name in suppression.names if name not in unused]
    if kept:
        text = source.text[suppression.span.start : suppression.span.end]
        names = re.compile(r'\[[^\]]*\]')
        fix = Fix(
            'Remove the unused names',
            (Edit(suppression.span, names.sub(f'[{", ".join(kept)}]', text, count=1)),),
            Applicability.SAFE,
        )
    else:
        fix = Fix('Remove the suppression', (Edit(_with_blanks(suppression.span, source), ''),), Applicability.SAFE)
    named = ', '.join(f'`{name}`' for name in unused if name)
    where = 'in this file' if suppression.whole_file else 'here'
    words = (
        f'there is no diagnostic of {named} to suppress {where}'
        if named
        else f'there is no diagnostic to suppress {where}'
    )
    advice = Advice(f'take {named} out of it' if kept else 'remove the comment')
    return Diagnostic(rule.name, rule.family, rule.severity, words, path, suppression.span, fix=fix, advice=advice)


def _with_blanks(span: Span, source: SourceFile) -> Span:
    """Widen the span of a comment: the blanks before it, and the whole line if nothing else is on it."""
    text, start, end = source.text, span.start, span.end
    while start > 0 and text[start - 1] in ' \t':
        start -= 1
    own_line = start == 0 or text[start - 1] in '\r\n'
    if end < len(text) and text[end] not in '\r\n':  # another comment follows
        return span if own_line else span._replace(start=start)
    if own_line:
        end += 2 if text.startswith('\r\n', end) else int(end < len(text))
    return span._replace(start=start, end=end)


def _read(source: SourceFile, row: int, column: int, comment: str) -> Iterator[Suppression]:
    offset = source.offset_of_row(row) + column
    own_line = not source.line(row)[:column].strip()
    for match in _COMMENT.finditer(comment):
        text = match[0].rstrip()
        span = source.span(Range(offset + match.start(), offset + match.start() + len(text)))
        body = _BODY.match(' '.join(match['body'].split()))
        if body is None:
            yield Suppression(span, False, row, (), valid=False)
            continue
        names = tuple(name.strip() for name in (body['names'] or '').split(',') if name.strip())
        is_empty = body['names'] is not None and not names
        target = _next_code(source, row) if own_line else row
        yield Suppression(span, body['kind'] == 'ignore-file', target, names, valid=not is_empty)


def _next_code(source: SourceFile, row: int) -> int:
    """Return the first line after `row` that is neither blank nor a comment."""
    end = len(source.text)
    following = row + 1
    while source.offset_of_row(following) < end and source.line(following).strip()[:1] in ('', '#'):
        following += 1
    return following


def _python_comments(source: SourceFile) -> Iterator[tuple[int, int, str]]:
    import tokenize  # few files mention us

    # `$` stands in MMEngine's templates; the tokenizer of newer Pythons stops there.
    # The text is handed over by Python's lines: a form feed or U+2028 ends no line.
    lines = iter([line + '\n' for line in re.split(r'\r\n|\r|\n', source.text.replace('$', '_'))])
    try:
        for token in tokenize.generate_tokens(lambda: next(lines, '')):
            if token.type == tokenize.COMMENT and MARK in token.string:
                yield token.start[0], token.start[1], token.string
    except (tokenize.TokenError, SyntaxError):
        return  # what follows the mistake is not understood; the syntax error itself is reported


def rows_in_strings(source: SourceFile) -> set[int] | None:
    """Return the lines whose end is inside a string or continued by a backslash, where no comment can stand; None if the file
    cannot be parsed.
    """
    lines = re.split(r'\r\n|\r|\n', source.text)
    if source.path.endswith(('.yaml', '.yml')):
        spans = _yaml_scalars(source.text)
        if spans is None:
            return None
        places = [(source.location(start).row, source.location(end).row) for start, end in spans]
        return {row for first, last in places for row in range(first, last)}
    import tokenize

    taken = {row for row, line in enumerate(lines, 1) if line.endswith('\\')}
    given = iter([f'{line}\n' for line in lines])
    opened: list[int] = []
    try:
        for token in tokenize.generate_tokens(lambda: next(given, '').replace('$', '_')):
            name = tokenize.tok_name[token.type]
            if name == 'STRING':
                taken.update(range(token.start[0], token.end[0]))
            elif name == 'FSTRING_START':
                opened.append(token.start[0])
            elif name == 'FSTRING_END':
                taken.update(range(opened.pop(), token.end[0]))
    except (tokenize.TokenError, SyntaxError):
        return None
    return taken


def _yaml_comments(source: SourceFile) -> Iterator[tuple[int, int, str]]:
    scalars = _yaml_scalars(source.text) or []
    for match in re.finditer(r'(?m)(?:^|(?<=\s))#[^\r\n]*', source.text):
        if MARK in match[0] and not any(start <= match.start() < end for start, end in scalars):
            location = source.location(match.start())
            yield location.row, location.column - 1, match[0]


def _yaml_scalars(text: str) -> list[tuple[int, int]] | None:
    """Return where the scalars of a YAML file are, None if it is malformed: then what follows counts as comments."""
    import yaml

    try:
        tokens = list(yaml.scan(text))
    except yaml.YAMLError:
        return None
    return [(each.start_mark.index, each.end_mark.index) for each in tokens if isinstance(each, yaml.ScalarToken)]
