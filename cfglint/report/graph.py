"""The graph of inheritance as text, for Graphviz, for Mermaid, as a picture, and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cfglint.report.graph_svg import svg
from cfglint.report.sources import shown
from cfglint.report.summary import count

if TYPE_CHECKING:
    from collections.abc import Callable

    from cfglint.inheritance import Graph, Node


def text(graph: Graph, *, upwards: bool = False) -> str:
    """Return trees: below each config those that inherit it; or, if `upwards`, those that it inherits.

    What was shown before is not unfolded again.
    """
    inheriting: dict[str, list[str]] = {path: [] for path in graph}
    for path, node in graph.items():
        for base in node.bases:
            inheriting.setdefault(base, []).append(path)
    following = {path: list(node.bases) for path, node in graph.items()} if upwards else inheriting
    inner = {each for others in following.values() for each in others}
    lines: list[str] = []
    unfolded: set[str] = set()
    waiting = [(path, 0) for path in sorted(set(graph) - inner, reverse=True)]
    while waiting:
        path, level = waiting.pop()
        others = following.get(path, [])
        again = path in unfolded and bool(others)
        lines.append(f'{"  " * level}{shown(path)}{words(graph[path])}{"  …" if again else ""}')
        if not again:
            waiting += [(each, level + 1) for each in reversed(others)]
        unfolded.add(path)
    return ''.join(f'{line}\n' for line in lines)


def dot(graph: Graph) -> str:
    """Return the graph in the language of Graphviz: an arrow leads from a config to its base."""
    lines = ['digraph configs {', '  rankdir=LR;', '  node [shape=box, fontname="sans-serif"];']
    for path, node in graph.items():
        colour = ', color=red' if node.errors else ', color=orange' if node.warnings or node.note else ''
        lines.append(f'  {_quoted(shown(path))} [label={_quoted(shown(path) + words(node))}{colour}];')
        lines += [f'  {_quoted(shown(path))} -> {_quoted(shown(base))};' for base in node.bases]
    return '\n'.join([*lines, '}', ''])


def mermaid(graph: Graph) -> str:
    """Return the graph as Mermaid reads it, which GitHub and GitLab draw in Markdown."""
    numbers = {path: f'n{number}' for number, path in enumerate(graph)}
    lines = ['graph LR']
    for path, node in graph.items():
        label = (shown(path) + words(node)).replace('&', '&amp;').replace('"', '&quot;').replace('<', '&lt;')
        lines.append(f'  {numbers[path]}["{label}"]')
        lines += [f'  {numbers[path]} --> {numbers[base]}' for base in node.bases]
    bad = [numbers[path] for path, node in graph.items() if node.errors]
    return '\n'.join([*lines, *(f'  style {each} stroke:red' for each in bad), ''])


def as_json(graph: Graph) -> str:
    """Return a list with an object for each config: paths are absolute."""
    return json.dumps([{'path': path, **node._asdict()} for path, node in graph.items()], indent=2) + '\n'


def as_svg(graph: Graph) -> str:
    """Return the graph as a picture."""
    return svg(graph, {path: words(node) for path, node in graph.items()})


RENDERERS: dict[str, Callable[[Graph], str]] = {
    'text': text, 'dot': dot, 'mermaid': mermaid, 'svg': as_svg, 'json': as_json,
}  # fmt: skip


def words(node: Node) -> str:
    """Return what is to be said of a config beside its path, empty if nothing is."""
    said = [count(node.errors, 'error')] * bool(node.errors) + [count(node.warnings, 'warning')] * bool(node.warnings)
    return f'  ({", ".join([*said, *filter(None, [node.note])])})' if said or node.note else ''


def _quoted(words: str) -> str:
    return '"' + words.replace('\\', '\\\\').replace('"', '\\"').replace('\n', ' ') + '"'
