"""The hook that ends training early."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from cfglint.schemas.base import Dict, Flag, Number, Says, Text
from cfglint.schemas.hooks.common import Hook, cannot_infer, inferable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.schemas import Violation


class EarlyStoppingHook(Hook):
    """Ends training when a metric has stopped improving.

    Source: mmengine.hooks.early_stopping_hook:EarlyStoppingHook
    """

    monitor: Text = Field(description='The metric to watch, with its prefix.')
    rule: Annotated[
        Literal['greater', 'less'] | None, Says('ValueError: `rule` should be either "greater" or "less"')
    ] = Field(None, description='Whether a greater or a smaller value is better; else told by the name of the metric.')
    min_delta: Number = Field(0.1, description='The smallest change that counts as an improvement.')
    strict: Flag = Field(False, description='Whether a missing metric is an error.')
    check_finite: Flag = Field(True, description='Whether training ends when the metric is NaN or infinite.')
    patience: Number = Field(5, description='The number of validations without improvement before training ends.')
    stopping_threshold: Number | None = Field(None, description='The value at which training ends at once.')

    @classmethod
    def relations(cls, given: Dict, name: str) -> Iterator[Violation]:
        metric = given.get('monitor')
        if isinstance(metric, str) and given.get('rule') is None and not inferable(metric):
            said = f'ValueError: Cannot infer the rule for {metric:.60}, thus rule must be specified.'
            yield cannot_infer(metric, 'monitor', says=said)
