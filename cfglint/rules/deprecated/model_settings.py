"""``train_cfg`` and ``test_cfg`` at the top level: settings of the model in 0.x, loops in 1.x."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice
from cfglint.language.values import Table
from cfglint.rules.reading.model_settings import SECTIONS, model_settings
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

_EVALUATION = frozenset({'metrics', 'crop_border', 'convert_to', 'metric_average_mode'})
_STEPS = {
    'disc_steps': 'discriminator_steps',
    'gen_steps': 'generator_steps',
    'batch_accumulation_steps': 'accumulative_counts',
}


@rule(era='all')
def model_settings_at_top_level(context: Context) -> Iterable[Diagnostic]:
    """`train_cfg` and `test_cfg` at the top level are loops now; settings of the model belong into `model`.

    MMEngine builds a training loop from `train_cfg` and a test loop from `test_cfg`, which fails with the settings of a
    model: it asks for the dataloader and the evaluator that belong to the loop, and the loop refuses the fields.

    ```py title="bad"
    default_scope = 'mmdet'
    test_cfg = dict(score_thr=0.05, max_per_img=100)
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(test_cfg=dict(score_thr=0.05, max_per_img=100))
    ```
    """
    for name in SECTIONS:
        for item in model_settings(context, name):
            yield _diagnostic(context, item)


def _diagnostic(context: Context, item: Item) -> Diagnostic:
    name, value = item.key, item.value
    message = f'`{name}` at the top level is a loop for MMEngine, not settings of the model'
    if not value:
        return context.report(item, message, advice=Advice('remove it'))
    words = 'write'
    if isinstance(value, Table):
        evaluation = [f'`{key}`' for key in value if key in _EVALUATION]
        if evaluation:
            words = f'say {" and ".join(evaluation)} in `val_evaluator` and `test_evaluator`; write the rest as'
        new = [f'`{old}` is called `{new}` now' for old, new in _STEPS.items() if old in value]
        words = f'{", ".join(new)}; write' if new else words
    text = context.source_text(item)
    return context.report(item, message, advice=Advice(words, None if text is None else f'model = dict({name}={text})'))
