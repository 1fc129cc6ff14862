"""A page (HTML) about configs that holds all that it shows: made from data by a template, in which every text is escaped."""

from __future__ import annotations

import os
from base64 import b64encode
from collections import Counter
from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from cfglint import __version__
from cfglint.diagnostics import Severity
from cfglint.report import full, graph_svg, schedule_svg
from cfglint.report.graph import words as words_of_node
from cfglint.report.links import page as page_of
from cfglint.report.page_tables import compatibility, migration, schedules
from cfglint.report.sources import shown
from cfglint.report.style import printable
from cfglint.report.summary import count, summary, upstream_summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cfglint.diagnostics import Diagnostic
    from cfglint.inheritance import Graph
    from cfglint.report.sources import Sources
    from cfglint.survey import Survey

_PARTS: Final = os.path.join(os.path.dirname(__file__), 'page_parts')
_MOST_FINDINGS: Final = 5000
_MOST_BOXES: Final = 150
"""Of how many files the graph is drawn: nobody reads a larger picture, and the tree has all."""


def render(survey: Survey, sources: Sources) -> str:
    """Return the page."""
    environment = Environment(
        loader=FileSystemLoader(_PARTS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters['code'] = _code
    css, script = f'{schedule_svg.STYLE}\n{graph_svg.STYLE}\n{_part("report.css")}', _part('report.js')
    told = [each for each in survey.result.diagnostics if not each.is_upstream]
    files = list(_files(told[:_MOST_FINDINGS], sources))
    anchors = {file['path']: file['anchor'] for file in files}
    data = {
        'version': __version__,
        'policy': f"default-src 'none'; style-src '{_digest(css)}'; script-src '{_digest(script)}'",
        'css': Markup(css),
        'script': Markup(script),
        'title': _title(survey),
        'summary': '; '.join(
            filter(None, [summary(told, survey.result.outcomes), upstream_summary(survey.result.diagnostics)])
        ),
        'against': survey.result.against,
        'severities': [str(each) for each in sorted(Severity, reverse=True)],
        'findings': min(len(told), _MOST_FINDINGS),
        'files': files,
        'left_out': _left_out(len(told)),
        'rules': _rules(told),
        'roots': _roots(survey.graph, anchors),
        'graph': _graph(survey.graph),
        'schedules': list(schedules(survey.timelines)),
        'libraries': list(compatibility(survey.compatibility)),
        'unreadable': [printable(f'{shown(path)}: {why}') for path, why in survey.refused.items()],
        'migration': migration(survey),
    }
    data['sections'] = _sections(data, len(told), len(survey.graph), len(survey.legacy))
    return environment.get_template('report.html').render(data)


def _sections(data: Mapping[str, Any], findings: int, files: int, legacy: int) -> list[tuple[str, str, int | None]]:
    return [
        ('findings', 'Findings', findings),
        ('inheritance', 'Inheritance', files),
        ('schedules', 'Schedules', len(data['schedules'])),
        ('compatibility', 'Compatibility', None),
        ('migration', 'Migration', legacy),
    ]


def _part(name: str) -> str:
    with open(os.path.join(_PARTS, name), encoding='utf-8') as file:
        return file.read()


def _digest(text: str) -> str:
    """Return how a content security policy names a script or style of the page: no other one runs."""
    return f'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'


def _code(text: str) -> Markup:
    """Return text in which what stands between backticks is code."""
    pieces = [escape(printable(piece)) for piece in text.split('`')]
    return Markup('').join(
        Markup('<code>{}</code>').format(piece)
        if index % 2 and index < len(pieces) - 1
        else (Markup('`') + piece if index % 2 else piece)
        for index, piece in enumerate(pieces)
    )


def _title(survey: Survey) -> str:
    paths = list(survey.graph)
    if len(paths) == 1 or (len(survey.timelines) == 1 and len(survey.result.outcomes) == 1):
        return printable(shown(survey.result.outcomes[0].path))
    folder = os.path.commonpath([each.path for each in survey.result.outcomes])
    return printable(os.path.basename(folder) if folder == os.getcwd() else shown(folder)) or folder


def _files(diagnostics: Sequence[Diagnostic], sources: Sources) -> Iterator[dict[str, Any]]:
    """Yield the files in which something stands, with what stands there."""
    for index, (path, found) in enumerate(groupby(diagnostics, key=lambda each: each.path)):
        told = list(found)
        yield {
            'path': path,
            'anchor': f'file-{index}',
            'name': printable(shown(path)),
            'words': _counted(told),
            'findings': [_finding(each, sources) for each in told],
        }


def _counted(diagnostics: Sequence[Diagnostic]) -> str:
    counts = Counter(each.severity for each in diagnostics)
    names = {Severity.ERROR: 'error', Severity.WARNING: 'warning', Severity.INFO: 'note'}
    return ', '.join(count(counts[each], name) for each, name in names.items() if counts[each])


def _finding(diagnostic: Diagnostic, sources: Sources) -> dict[str, Any]:
    return {
        'rule': diagnostic.rule,
        'severity': str(diagnostic.severity),
        'url': page_of(diagnostic.rule, diagnostic.family),
        'message': diagnostic.message,
        'body': '\n'.join(full.body(diagnostic, sources)),
    }


def _left_out(total: int) -> str:
    if total <= _MOST_FINDINGS:
        return ''
    return f'{total - _MOST_FINDINGS:,} findings more are not shown here; `cfglint check --output-format json` has all.'


def _rules(diagnostics: Sequence[Diagnostic]) -> list[dict[str, Any]]:
    """Return the rules that found something, those that found most first."""
    found: dict[str, list[Diagnostic]] = {}
    for each in diagnostics:
        found.setdefault(each.rule, []).append(each)
    ordered = sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))
    return [
        {
            'name': name,
            'severity': str(max(each.severity for each in told)),
            'url': page_of(name, told[0].family),
            'findings': len(told),
            'files': len({each.path for each in told}),
        }
        for name, told in ordered
    ]


def _roots(graph: Graph, anchors: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the files that inherit nothing, each with those that inherit it; what was unfolded before is not again."""
    heirs: dict[str, list[str]] = {path: [] for path in graph}
    for path, node in graph.items():
        for base in node.bases:
            heirs.setdefault(base, []).append(path)
    unfolded: set[str] = set()

    def node_of(path: str, level: int) -> dict[str, Any]:
        again = path in unfolded and bool(heirs[path])
        unfolded.add(path)
        return {
            'name': printable(shown(path)),
            'words': words_of_node(graph[path]).strip(),
            'anchor': anchors.get(path),
            'level': level,
            'again': again,
            'children': [] if again else [node_of(each, level + 1) for each in heirs[path]],
        }

    return [node_of(path, 0) for path, node in graph.items() if not any(base in graph for base in node.bases)]


def _graph(graph: Graph) -> Markup | None:
    if not 1 < len(graph) <= _MOST_BOXES:
        return None
    return Markup(graph_svg.drawing(graph, {path: words_of_node(node) for path, node in graph.items()}))
