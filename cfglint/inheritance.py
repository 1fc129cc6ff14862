"""Which configs inherit which, as a graph."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from cfglint.diagnostics import Severity
from cfglint.language.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.diagnostics import Diagnostic
    from cfglint.language.loader import Loader


class Node(NamedTuple):
    """A config of the graph.

    Attributes:
        bases: The files that it inherits itself, in order.
        note: Why some of what it inherits is not known, or it cannot be read; empty where all is.
        errors: How many errors stand in it.
        warnings: How many warnings stand in it.
    """

    bases: tuple[str, ...] = ()
    note: str = ''
    errors: int = 0
    warnings: int = 0


Graph = dict[str, Node]
"""Configs by path, sorted."""


def graph_of(files: Iterable[str], loader: Loader) -> Graph:
    """Return some configs and all that they inherit."""
    found: Graph = {}
    for path in files:
        try:
            lineage = loader.load_known(path).lineage()
        except ConfigError as error:
            found[path] = Node(note=error.message)
            continue
        for each in lineage:
            bases = tuple(dict.fromkeys(base.config.path for base in each.bases))
            found.setdefault(each.path, Node(bases, each.partial or ''))
    return dict(sorted(found.items()))


def with_counts(graph: Graph, diagnostics: Iterable[Diagnostic]) -> Graph:
    """Return a graph with how many findings stand in each config; those of the libraries themselves do not count."""
    counts = Counter((each.path, each.severity) for each in diagnostics if not each.is_upstream)
    return {
        path: node._replace(errors=counts[path, Severity.ERROR], warnings=counts[path, Severity.WARNING])
        for path, node in graph.items()
    }


def below(graph: Graph, path: str) -> Graph:
    """Return a file and all that inherit it, each with those bases only that are among them."""
    kept, grows = {path}, True
    while grows:
        more = {each for each, node in graph.items() if each not in kept and not kept.isdisjoint(node.bases)}
        kept |= more
        grows = bool(more)
    return _only(graph, kept)


def above(graph: Graph, path: str) -> Graph:
    """Return a config and all that it inherits."""
    kept, waiting = set(), [path]
    while waiting:
        each = waiting.pop()
        if each not in kept and each in graph:
            kept.add(each)
            waiting += graph[each].bases
    return _only(graph, kept)


def _only(graph: Graph, kept: set[str]) -> Graph:
    return {
        path: node._replace(bases=tuple(base for base in node.bases if base in kept))
        for path, node in graph.items()
        if path in kept
    }
