"""The data of the sections of a page that are tables: schedules, compatibility, migration."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from cfglint.report.schedule_panels import panels
from cfglint.report.schedule_svg import drawing
from cfglint.report.sources import shown
from cfglint.report.style import printable
from cfglint.report.summary import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cfglint.compat import Compatibility
    from cfglint.survey import Survey
    from cfglint.timeline.timeline import Timeline

_MOST_REASONS: Final = 20


def schedules(timelines: Sequence[Timeline]) -> Iterator[dict[str, Any]]:
    """Yield the schedules that differ, the most frequent first, each with the configs that have it."""
    found: dict[object, list[Timeline]] = {}
    for timeline in timelines:
        if timeline.curves or timeline.events:
            found.setdefault(timeline._replace(path=''), []).append(timeline)
    for alike in sorted(found.values(), key=len, reverse=True):
        yield {
            'words': _words(alike[0]),
            'picture': Markup(drawing(alike[:1])),
            'names': [printable(shown(timeline.path)) for timeline in alike],
        }


def _words(timeline: Timeline) -> str:
    length = '' if timeline.clock is None else f'{timeline.clock.length:,} {timeline.unit}'
    lines = [f'{line.label} {line.words}' for panel in panels([timeline]) for line in panel.lines]
    return '; '.join(filter(None, [length, *lines]))


def compatibility(found: Mapping[str, Sequence[Compatibility]]) -> Iterator[dict[str, Any]]:
    """Yield a table for each library: how many configs work in which release, and what the others lack."""
    by_library: dict[tuple[str, int], list[tuple[str, Compatibility]]] = {}
    for path, libraries in found.items():
        for each in libraries:
            by_library.setdefault((each.library, each.era), []).append((path, each))
    for (library, era), configs in sorted(by_library.items()):
        rows = [_row(index, configs) for index in range(max(len(each.tried) for _, each in configs))]
        yield {'name': library if era else f'{library} (0.x)', 'rows': rows}


def _row(index: int, configs: Sequence[tuple[str, Compatibility]]) -> dict[str, Any]:
    tried = [(path, each.tried[index]) for path, each in configs if index < len(each.tried)]
    reasons = Counter(reason.message for _, each in tried for reason in dict.fromkeys(each.reasons))
    return {
        'release': tried[0][1].release,
        'working': sum(each.works for _, each in tried),
        'total': len(tried),
        'reasons': [
            {'words': message, 'configs': count(number, 'place')}
            for message, number in reasons.most_common(_MOST_REASONS)
        ],
    }


def migration(survey: Survey) -> dict[str, Any]:
    """Return what becomes of configs of 0.x, and what is left open in them and in those that were migrated."""
    changed = [each for each in survey.migrated if each.changed]
    keys = Counter((', '.join(f'`{old}`' for old in olds), new) for each in changed for olds, new in each.became)
    questions: dict[str, list[tuple[str, str]]] = {}
    for each in survey.migrated:
        for where, why in each.todos:
            questions.setdefault(why, []).append((printable(shown(each.path)), printable(where)))
    ordered = sorted(questions.items(), key=lambda each: (-len(each[1]), each[0]))
    return {
        'words': _state(survey, len(changed), sum(map(len, questions.values()))),
        'became': [(old, f'`{new}`' if new else 'removed', number) for (old, new), number in keys.most_common()],
        'questions': [{'words': why, 'places': places} for why, places in ordered],
        'refused': [
            (printable(shown(each.path)), each.refused) for each in survey.migrated if each.refused and each.before
        ],
    }


def _state(survey: Survey, changed: int, questions: int) -> str:
    legacy = len(survey.legacy)
    if survey.stays is not None:
        return f'{count(legacy, "config")} of 0.x: {survey.stays}.'
    if not legacy:
        left = f'; {count(questions, "question")} of a migration still open' if questions else ''
        return f'No config is of 0.x{left}.'
    return (
        f'{count(legacy, "config")} of 0.x: `cfglint migrate` rewrites {count(changed, "file")}, '
        f'bases included, and leaves {count(questions, "question")} open.'
    )
