"""What ``cfglint graph`` does, once its options are read."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from cfglint.cli import exits
from cfglint.cli.options import CheckOptions
from cfglint.cli.run_check import engine_for
from cfglint.cli.task import Task, task_of
from cfglint.inheritance import above, below, graph_of, with_counts
from cfglint.report.graph import RENDERERS, text
from cfglint.targeting import libraries_for
from cfglint.usage import UsageError
from cfglint.workspace import Workspace

if TYPE_CHECKING:
    from cfglint.inheritance import Graph


def run(
    paths: tuple[str, ...], dependents: str | None, bases: str | None, output_format: str, settings_file: str | None
) -> int:
    """Print the graph, and return the exit code.

    Raises:
        UsageError: A file that is asked for is none of the configs, nor a base of one.
    """
    if dependents is not None and bases is not None:
        raise UsageError('--dependents and --bases are two graphs: ask for one')
    one = dependents or bases
    asked = None if one is None else os.path.abspath(one)
    task = task_of(CheckOptions(paths=paths or ((one,) if bases is not None and one else ()), config=settings_file))
    graph = _checked(task)
    if asked is not None:
        if asked not in graph:
            raise UsageError(f'`{one}` is none of these configs, and none of them inherits it')
        graph = (above if bases is not None else below)(graph, asked)
    elif not graph:
        raise UsageError('there is no config in what was given')
    rendered = text(graph, upwards=True) if bases and output_format == 'text' else RENDERERS[output_format](graph)
    sys.stdout.write(rendered)
    return exits.OK


def _checked(task: Task) -> Graph:
    """Return the graph of the configs, with how many findings stand in each."""
    found = task.found
    workspace = Workspace(libraries_for(found.files, task.where._replace(settings=task.settings), ()))
    result = engine_for(task).check(workspace, found.files, found.candidates)
    configs = [each.path for each in result.outcomes if each.status in ('checked', 'broken')]
    return with_counts(graph_of(configs, workspace.loader), result.diagnostics)
