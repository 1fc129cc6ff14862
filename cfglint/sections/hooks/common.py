"""What all hooks have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice
from cfglint.sections.terms import Dict, found, undecided

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cfglint.sections.violations import Violation

GREATER: Final = ('acc', 'top', 'AR@', 'auc', 'precision', 'mAP', 'mDice', 'mIoU', 'mAcc', 'aAcc')

LESS: Final = ('loss',)


def inferable(metric: str, greater: Iterable[str] = GREATER, less: Iterable[str] = LESS) -> bool:
    """Whether MMEngine knows by the name of a metric whether more or less of it is better."""
    name = metric.lower()
    return any(key.lower() in name for key in (*greater, *less))


def cannot_infer(metric: str, *path: str | int, raises: str) -> Violation:
    """The hooks say it in their own words each."""
    message = f'nothing says whether a greater `{metric:.40}` is better: `rule` is missing'
    advice = Advice("where less is better, write `rule='less'`, else", "rule='greater'")
    return found('conflict', message, *path, raises=raises, advice=advice, depends_on=('rule',))


def storage(given: Dict) -> Iterator[Violation]:
    """The two ways to say where files are stored, of which one is outdated."""
    old, new = given.get('file_client_args'), given.get('backend_args')
    if isinstance(old, dict) and isinstance(new, dict):
        message = '`file_client_args` and `backend_args` exclude each other'
        said = 'ValueError: "file_client_args" and "backend_args" cannot be set at the same time.'
        advice = Advice('remove `file_client_args`, the old one')
        yield found('conflict', message, 'file_client_args', raises=said, advice=advice, depends_on=('backend_args',))
    for field, value, wrong, right in (
        ('backend_args', new, 'disk', 'local'),
        ('file_client_args', old, 'local', 'disk'),
    ):
        if isinstance(value, dict) and value.get('backend') == wrong and not undecided(value):
            message = f'`{field}` knows the backend `{wrong}` as `{right}`'
            yield found('invalid-choice', message, field, 'backend', suggestion=right, raises=f"KeyError: '{wrong}'")
