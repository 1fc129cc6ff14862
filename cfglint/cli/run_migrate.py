"""What ``cfglint migrate`` does, once its options are read."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple, TextIO

from cfglint.cli import exits
from cfglint.comparing import unified
from cfglint.discover import DEFAULT_EXCLUDE, Excludes, Found, discover
from cfglint.given_code import GivenCode, python_files, words_of_absent
from cfglint.language.errors import ConfigError
from cfglint.language.files import read
from cfglint.language.loader import Loader
from cfglint.migrate.code import migrate_code
from cfglint.migrate.files import write_in_place, write_tree
from cfglint.migrate.report import render
from cfglint.migrate.run import Migrated, migrate
from cfglint.migrate.targets import goal_of, reason_to_stay
from cfglint.recognition import why_no_config
from cfglint.report.sources import shown
from cfglint.report.summary import not_configs
from cfglint.rules import family
from cfglint.rules.reading.legacy_scope import legacy_scope
from cfglint.settings import project
from cfglint.targeting import libraries_for
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfglint.catalog.run_libraries import Libraries


class Options(NamedTuple):
    """The command line."""

    paths: tuple[str, ...]
    diff: bool = False
    write: bool = False
    output: str | None = None
    targets: tuple[str, ...] = ()
    report: str | None = None
    code: tuple[str, ...] = ()


def run(options: Options) -> int:
    """Migrate, print, and return the exit code: 1 when something is left for a person to decide."""
    if sum((options.diff, options.write, options.output is not None)) > 1:
        raise UsageError('choose one of --diff, --write and --output')
    if not options.paths and not options.code:
        raise UsageError('name the configs to migrate, or code with --code')
    found = discover(options.paths, Excludes(names=DEFAULT_EXCLUDE))
    configs = [path for path in found.files if path.endswith('.py') and _is_config(path, found)]
    absent: list[str] = []
    modules = [path for path in python_files(options.code) if path not in found.files]
    goal = goal_of(options.targets)
    if not options.targets:
        _refuse_legacy_project(configs)
        _refuse_legacy_project(modules, by_code=False)
    results = list(migrate(configs, goal)) if options.paths else []
    if modules:
        given = GivenCode.of(modules, goal.releases)
        results += migrate_code(given, family('code'))
        absent = given.absent()
    files = [*found.files, *modules]
    folders = [*found.folders, *(os.path.abspath(path) for path in options.code if os.path.isdir(path))]
    report = None if options.report is None else render(results, options.report)
    if options.diff:
        for result in results:
            sys.stdout.write(_diff(result))
    elif options.output is not None:
        write_tree(results, options.output, folders)
    elif options.write:
        write_in_place(results, files, folders)
    if options.report is not None and report is not None:
        _save(options.report, report)
    stream = sys.stderr if options.diff else sys.stdout
    _report(results, stream, passed=sum(path.endswith('.py') for path in found.files) - len(configs))
    if absent:
        print(words_of_absent(absent), file=stream)
    if any(result.is_bug for result in results):
        return exits.INTERNAL
    return exits.DIAGNOSTICS if any(result.todos or result.refused for result in results) else exits.OK


def _is_config(path: str, found: Found) -> bool:
    """Tell whether a file is to be migrated: one that was named is, one of a folder only if it is a config."""
    if path not in found.candidates:
        return True
    try:
        return why_no_config(read(path)) is None
    except ConfigError:
        return True


def _refuse_legacy_project(files: Sequence[str], *, by_code: bool = True) -> None:
    """Refuse the files of a project that is for 0.x, as it says itself, or as its code does."""
    if not files:
        return
    libraries = libraries_for(files, project(os.getcwd()), ())
    reason = reason_to_stay(libraries.targets, by_code=by_code, likely=lambda: _likely_scope(files, libraries))
    if reason is not None:
        raise UsageError(reason)


def _likely_scope(files: Sequence[str], libraries: Libraries) -> str:
    """Return the scope of the library whose types the first configs have that tell; empty if none does."""
    loader = Loader()
    for path in files[:_ASKED]:
        try:
            scope = legacy_scope(loader.load(path).table, libraries.legacy)
        except ConfigError:
            continue
        if scope:
            return scope
    return ''


_ASKED = 20
"""How many configs are asked of which library they are."""


def _save(path: str, text: str) -> None:
    try:
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
    except OSError as error:
        raise UsageError(f'cannot write `{path}`: {(error.strerror or type(error).__name__).lower()}') from None


def _diff(result: Migrated) -> str:
    name = shown(result.path)
    texts = (result.before.splitlines(keepends=True), result.text.splitlines(keepends=True))
    lines = unified(*texts, (f'a/{name}', f'b/{name}'))
    return ''.join(line if line.endswith('\n') else f'{line}\n\\ No newline at end of file\n' for line in lines)


def _report(results: Sequence[Migrated], stream: TextIO, *, passed: int) -> None:
    lines: list[str] = []
    for result in results:
        name = shown(result.path)
        if result.is_bug:
            lines.append(f'{name}: not migrated, a defect of cfglint: {result.refused}')
        elif result.refused:
            lines.append(f'{name}: not migrated: {result.refused}')
        elif result.changed or result.todos:
            left = f', {_questions(len(result.todos))}' if result.todos else ''
            lines.append(f'{name}: migrated{left}')
            lines += [f'  {path}: {reason}' for path, reason in result.todos]
    notes = dict.fromkeys(note for result in results if result.changed for note in result.notes)
    lines += [f'note: {note}' for note in notes]
    changed = sum(result.changed for result in results)
    open_ = sum(len(result.todos) for result in results)
    words = f', passed over {not_configs(passed)}' if passed else ''
    lines.append(f'{changed} of {len(results)} files migrated, {_questions(open_)}{words}')
    print('\n'.join(lines), file=stream)


def _questions(count: int) -> str:
    return f'{count} open question{"" if count == 1 else "s"}'
