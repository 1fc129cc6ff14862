"""What a client may show beside a file: what it resolves to, who inherits whom, and the schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.inheritance import above, below, graph_of
from cfglint.report.graph import text
from cfglint.report.origins import Entry, listing
from cfglint.report.python import render
from cfglint.report.schedule import text as drawing
from cfglint.timeline.timeline import Timelines
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from cfglint.server.document import Document

RESOLVED, ORIGINS, TREE, SCHEDULE, DEPENDENTS = (
    f'cfglint.{name}' for name in ('resolved', 'origins', 'tree', 'schedule', 'dependents')
)


def resolved(document: Document) -> str:
    """Return what a config resolves to, as Python.

    Raises:
        UsageError: It cannot be read.
    """
    if document.config is None:
        raise UsageError('this file cannot be read as a config')
    return render(document.config.printed())


def origins(document: Document) -> str:
    """Return a line for each value of a config, with where it was written and what it overrides.

    Raises:
        UsageError: It cannot be read.
    """
    if document.config is None:
        raise UsageError('this file cannot be read as a config')
    return listing(Entry('', document.config.table, None))


def tree(document: Document) -> str:
    """Return what a config inherits, and what inherits it, as two trees."""
    loader = document.project.workspace.loader
    graph = graph_of([document.path, *document.project.checks.dependents(document.path)], loader)
    inherits, heirs = text(above(graph, document.path), upwards=True), text(below(graph, document.path))
    return f'# inherits\n\n{inherits}\n# is inherited by\n\n{heirs}'


def schedule(document: Document) -> str:
    """Return the schedule of a config, as ``show --schedule`` draws it.

    Raises:
        UsageError: It cannot be read, or has none that could be drawn.
    """
    if document.config is None:
        raise UsageError('this file cannot be read as a config')
    timeline = Timelines().of(document.config)
    if not timeline.curves and not timeline.events:
        raise UsageError(f'this config has no schedule: {timeline.notes[0]}')
    return drawing([timeline])


def dependents(document: Document) -> list[str]:
    """Return the paths of the configs that depend on a file."""
    return document.project.checks.dependents(document.path)


VIEWS = {RESOLVED: resolved, ORIGINS: origins, TREE: tree, SCHEDULE: schedule, DEPENDENTS: dependents}
"""The commands of the server, each of which takes the name of a file."""
