"""The hook that ends training early."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.sections.hooks.common import cannot_infer, inferable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.sections.terms import Dict
    from cfglint.sections.violations import Violation


def early_stopping_relations(given: Dict, name: str) -> Iterator[Violation]:
    metric = given.get('monitor')
    if isinstance(metric, str) and given.get('rule') is None and not inferable(metric):
        said = f'ValueError: Cannot infer the rule for {metric:.60}, thus rule must be specified.'
        yield cannot_infer(metric, 'monitor', raises=said)
