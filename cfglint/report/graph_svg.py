"""The graph of inheritance as a picture: bases on the left, the configs that inherit them to their right."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

from cfglint.report.sources import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cfglint.inheritance import Graph, Node

_CHARACTER = 7.3
"""How wide a character is, in pixels, at the size of the style."""
_HEIGHT, _ROW, _GAP, _MARGIN = 26, 36, 90, 12
_SWEEPS = 4
"""How often the configs of a column are put beside what they inherit, and beside what inherits them."""
STYLE = (
    '.graph text{font:12px ui-monospace,Menlo,Consolas,monospace;fill:#1f2328}.graph rect{fill:#f6f8fa;stroke:#8c959f}'
    '.graph .error{fill:#ffebe9;stroke:#cf222e}.graph .warning{fill:#fff8c5;stroke:#bf8700}'
    '.graph path{fill:none;stroke:#8c959f}.graph marker path{fill:#8c959f}'
)
"""For light backgrounds; a page with a dark one overrides it."""


class _Box(NamedTuple):
    x: float
    y: float
    width: float


def svg(graph: Graph, words: Mapping[str, str]) -> str:
    """Return a picture that stands alone; its arguments are those of `drawing`."""
    return drawing(graph, words, f'<style>{STYLE}</style>')


def drawing(graph: Graph, words: Mapping[str, str], before: str = '') -> str:
    """Return a picture as SVG, in which an arrow leads from a config to its base, for a page that has the style.

    Args:
        graph: The configs.
        words: What is to be said of each, beside its path.
        before: What is drawn first.
    """
    labels = {path: f'{shown(path)}{words[path]}' for path in graph}
    boxes = _boxes(_ordered(_columns(graph), graph), labels)
    width = max((box.x + box.width for box in boxes.values()), default=0) + _MARGIN
    height = max((box.y + _HEIGHT for box in boxes.values()), default=0) + _MARGIN
    lines = [
        f'<svg class="graph" xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img"><title>Graph of inheritance</title>',
        before,
        '<defs><marker id="to" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0L8 4L0 8z"/></marker></defs>',
        *(_arrow(boxes[path], boxes[base]) for path, node in graph.items() for base in node.bases if base in boxes),
        *(_drawn(boxes[path], labels[path], node) for path, node in graph.items()),
        '</svg>',
    ]
    return ''.join(f'{line}\n' for line in lines)


def _columns(graph: Graph) -> list[list[str]]:
    """Return the configs by how many levels they inherit, each right of all its bases."""
    level: dict[str, int] = {}
    waiting = [*reversed(graph)]
    while waiting:
        path = waiting[-1]
        left = [base for base in graph[path].bases if base in graph and base not in level]
        if path in level or not left:
            waiting.pop()
            level.setdefault(path, 1 + max((level[base] for base in graph[path].bases if base in graph), default=-1))
        else:
            waiting += left  # the loader refuses circles, so that this ends
    columns: list[list[str]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
    for path in graph:
        columns[level[path]].append(path)
    return columns


def _ordered(columns: list[list[str]], graph: Graph) -> list[list[str]]:
    """Return columns in which configs stand beside those that they are joined with: fewer arrows cross."""
    heirs: dict[str, list[str]] = {path: [] for path in graph}
    for path, node in graph.items():
        for base in node.bases:
            heirs.setdefault(base, []).append(path)
    for sweep in range(_SWEEPS):
        place = {path: index / len(column) for column in columns for index, path in enumerate(column)}
        for column in columns[1:] if sweep % 2 == 0 else columns[-2::-1]:
            joined = {path: graph[path].bases if sweep % 2 == 0 else heirs[path] for path in column}
            column.sort(
                key=lambda path: (_mean([place[each] for each in joined[path] if each in place], place[path]), path)
            )
            place.update((path, index / len(column)) for index, path in enumerate(column))
    return columns


def _mean(numbers: Sequence[float], default: float) -> float:
    return sum(numbers) / len(numbers) if numbers else default


def _boxes(columns: list[list[str]], labels: Mapping[str, str]) -> dict[str, _Box]:
    found: dict[str, _Box] = {}
    tallest = max(map(len, columns), default=0)
    x = float(_MARGIN)
    for column in columns:
        width = max(len(labels[path]) for path in column) * _CHARACTER + 16
        top = _MARGIN + (tallest - len(column)) * _ROW / 2
        for index, path in enumerate(column):
            found[path] = _Box(x, top + index * _ROW, len(labels[path]) * _CHARACTER + 16)
        x += width + _GAP
    return found


def _arrow(child: _Box, base: _Box) -> str:
    start, end = (child.x, child.y + _HEIGHT / 2), (base.x + base.width, base.y + _HEIGHT / 2)
    bend = max(30.0, (start[0] - end[0]) / 2)
    return (
        f'<path d="M{start[0]:.1f} {start[1]:.1f}C{start[0] - bend:.1f} {start[1]:.1f} {end[0] + bend:.1f} {end[1]:.1f} '
        f'{end[0]:.1f} {end[1]:.1f}" marker-end="url(#to)"/>'
    )


def _drawn(box: _Box, label: str, node: Node) -> str:
    kind = ' class="error"' if node.errors else ' class="warning"' if node.warnings or node.note else ''
    return (
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{_HEIGHT}" rx="4"{kind}/>'
        f'<text x="{box.x + 8:.1f}" y="{box.y + 17:.1f}">{escape("".join(_printable(label)))}</text>'
    )


def _printable(text: str) -> Iterator[str]:
    """Yield characters that XML may hold."""
    return (each if each.isprintable() else ' ' for each in text)
