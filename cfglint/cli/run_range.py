"""What ``cfglint check`` does where a target is a range of releases: it checks against each of them."""

from __future__ import annotations

import re
from itertools import islice, product
from typing import TYPE_CHECKING

from cfglint.catalog.asked import TargetError, is_range, library_of, releases_in, split
from cfglint.cli.adopt import adopt
from cfglint.cli.run_check import Run, engine_for, finish, scope_for, show
from cfglint.cli.scope import workspace_of
from cfglint.diagnostics import Diagnostic, Related
from cfglint.report.sources import Sources
from cfglint.targeting import libraries_for
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.cli.task import Task
    from cfglint.findings import Result
    from cfglint.language.source import SourceFile

_MAX_CHECKS = 40
"""How many combinations of releases are checked."""

Combination = tuple[str, ...]
"""Targets such as ``mmdet==3.3.0``."""


def has_range(task: Task) -> bool:
    """Tell whether some target is a range of releases."""
    return any(_is_range(target) for target in _targets(task))


def run_range(task: Task) -> int:
    """Check against each release, print what is found with any of them, and return the exit code.

    Raises:
        UsageError: No release is in a range, no combination can be installed, or there are too many.
    """
    options, where = task.options, task.where
    if options.fix or options.diff or options.add_ignores is not None:
        raise UsageError('fixes and suppressions are for one release: name it, as in `--target mmdet==3.3.0`')
    plain = where._replace(settings=task.settings._replace(targets={}))
    fitting, why = [], ''
    for combination in _combinations(_targets(task)):
        try:
            fitting.append((combination, libraries_for(task.found.files, plain, combination, options.python)))
        except UsageError as error:
            why = str(error)
    if not fitting:
        raise UsageError(why)
    scope = scope_for(task, fitting[-1][1])
    found = task.found if scope is None else scope.found
    overlay: dict[str, SourceFile | None] = {} if task.given is None else {task.given.path: task.given}
    overlay = overlay if scope is None else scope.workspace.overlay
    results = {
        combination: Run(found, engine_for(task), workspace_of(libraries, overlay)).check()
        for combination, libraries in fitting
    }
    result = _joined(results, [each for each in _targets(task) if _is_range(each)])
    sources = Sources({path: text for path, text in overlay.items() if text is not None})
    remarks = [adopt(result, sources, where, options)]
    if scope is not None:
        result.diagnostics = scope.explained(result.diagnostics)
        remarks.append(scope.remark)
    show(result, sources, task.settings, options)
    return finish(result, task.settings, options, found, remark='\n'.join(filter(None, remarks)))


def _targets(task: Task) -> list[str]:
    """Return the targets of the command line, and those of the settings for other libraries."""
    asked = [_with_library(target) for target in task.options.targets]
    named = {re.split(r'[<>=!~]', target, maxsplit=1)[0] for target in asked}
    settings = [_with_library(_as_target(name, release)) for name, release in task.where.settings.targets.items()]
    return [*asked, *(each for each in settings if re.split(r'[<>=!~]', each, maxsplit=1)[0] not in named)]


def _as_target(name: str, release: str) -> str:
    return f'{name}{release}' if re.match(r'\s*[<>=!~]', release) else f'{name}=={release}'


def _with_library(target: str) -> str:
    """Return a target with the name of the library's distribution; what cannot be read stays, for others to refuse."""
    try:
        name, specifier = split(target)
        return f'{library_of(name)}{specifier}'
    except TargetError:
        return target


def _is_range(target: str) -> bool:
    try:
        return is_range(split(target)[1])
    except TargetError:
        return False


def _combinations(targets: Sequence[str]) -> list[Combination]:
    """Return what the ranges stand for, older releases first."""
    found = list(islice(product(*map(_releases, targets)), _MAX_CHECKS + 1))
    if len(found) > _MAX_CHECKS:
        raise UsageError(f'the ranges of targets have more than {_MAX_CHECKS} combinations of releases: narrow them')
    return found


def _releases(target: str) -> list[str]:
    if not _is_range(target):
        return [target]
    try:
        name, specifier = split(target)
        return [f'{name}=={release}' for release in releases_in(library_of(name), specifier)]
    except TargetError as error:
        raise UsageError(str(error)) from None


def _joined(results: dict[Combination, Result], ranges: Sequence[str]) -> Result:
    """Return what is found with any of the releases; what only some show says with which."""
    shown: dict[object, list[Combination]] = {}
    found: dict[object, Diagnostic] = {}
    for combination, result in results.items():
        for each in result.diagnostics:
            name = (each.rule, each.path, each.span, each.key)
            combinations = shown.setdefault(name, [])
            if combination not in combinations:
                combinations.append(combination)
            found[name] = each  # the newest release tells it
    *_, joined = results.values()
    joined.diagnostics = sorted((_noted(found[name], shown[name], results) for name in found), key=Diagnostic.sort_key)
    count = len(results)
    joined.against = f'against {" and ".join(ranges)}: {count} combination{"s" * (count != 1)} of releases'
    return joined


def _noted(diagnostic: Diagnostic, combinations: list[Combination], results: dict[Combination, Result]) -> Diagnostic:
    diagnostic = diagnostic._replace(fix=None)
    if len(combinations) == len(results):
        return diagnostic
    words = f'only with {"; ".join(_differing(combinations, results))}'
    return diagnostic._replace(related=(*diagnostic.related, Related(words)))


def _differing(combinations: list[Combination], results: dict[Combination, Result]) -> Iterator[str]:
    """Yield combinations in words, without what is the same in all that were checked."""
    for combination in combinations:
        yield ', '.join(
            each.replace('==', ' ')
            for index, each in enumerate(combination)
            if len({other[index] for other in results}) > 1
        )
