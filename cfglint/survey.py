"""What is known of a whole tree of configs: findings, inheritance, schedules, compatibility, and how far it is migrated."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cfglint.compat import Releases
from cfglint.diagnostics import TODO
from cfglint.era import era_of, is_entry
from cfglint.inheritance import graph_of, with_counts
from cfglint.language.errors import ConfigError
from cfglint.migrate.run import migrate
from cfglint.migrate.targets import reason_to_stay
from cfglint.timeline.timeline import Timelines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from cfglint.catalog.run_libraries import Libraries
    from cfglint.compat import Compatibility
    from cfglint.findings import Result
    from cfglint.inheritance import Graph
    from cfglint.migrate.run import Migrated
    from cfglint.timeline.timeline import Timeline
    from cfglint.workspace import Workspace


class Survey(NamedTuple):
    """What is known of some configs.

    Attributes:
        result: What `check` finds.
        graph: Who inherits whom, with the number of findings in each.
        timelines: The trainings of the configs that run on their own.
        compatibility: In which releases these work, by path.
        refused: Why a config cannot be read, by path.
        migrated: What becomes of each file, where some are of 0.x or were migrated; else nothing.
        legacy: The configs of 0.x.
        stays: Why these are right to be of 0.x, if they are.
    """

    result: Result
    graph: Graph
    timelines: tuple[Timeline, ...]
    compatibility: dict[str, Sequence[Compatibility]]
    refused: dict[str, str]
    migrated: tuple[Migrated, ...]
    legacy: frozenset[str]
    stays: str | None


def survey(
    result: Result,
    workspace: Workspace,
    libraries: Libraries,
    progress: Callable[[int], AbstractContextManager[Callable[[str], None]]],
) -> Survey:
    """Look at the configs that were checked.

    Args:
        result: What was found in them.
        workspace: Where they are.
        libraries: The releases that they are checked against.
        progress: Given the number of files, shows while it lasts how far it is; called with each path.
    """
    paths = [each.path for each in result.outcomes if each.status in ('checked', 'broken')]
    timelines, releases = Timelines(), Releases(libraries)
    drawn: list[Timeline] = []
    compatible: dict[str, Sequence[Compatibility]] = {}
    refused: dict[str, str] = {}
    legacy, was_migrated = set(), False
    with progress(len(paths)) as step:
        for path in paths:
            step(path)
            try:
                config = workspace.loader.load(path)
            except ConfigError as error:
                refused[path] = error.message
                continue
            was_migrated = was_migrated or TODO in config.source.text
            if era_of(config) == '0.x':
                legacy.add(path)
            if is_entry(config):
                drawn.append(timelines.of(config))
                compatible[path] = releases.of(config)
    stays = reason_to_stay(libraries.targets) if legacy else None
    wanted = [path for path in paths if path.endswith('.py')] if (legacy or was_migrated) and stays is None else []
    return Survey(
        result,
        with_counts(graph_of(paths, workspace.loader), result.diagnostics),
        tuple(drawn),
        compatible,
        refused,
        tuple(migrate(wanted)) if wanted else (),
        frozenset(legacy),
        stays,
    )
