"""val_evaluator and test_evaluator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.sections.slots import Component, Many, Spec
from cfglint.sections.terms import Dict, absent, decided_keys, undecided
from cfglint.sections.violations import Path, Violation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

DEVICES = ('cpu', 'gpu', 'npu')


def _any_metric(value: Dict, path: Path, shadowed: Collection[str]) -> Iterator[Violation]:
    """What BaseMetric, the base of all metrics, says of its own arguments."""
    device = value.get('collect_device')
    if not isinstance(device, str):
        return
    if device not in DEVICES:
        from cfglint.sections.wording import nearest, show

        message = f'`collect_device` must be one of `cpu`, `gpu`, `npu`, got {show(device)}'
        said = "NotImplementedError: device must be 'cpu' , 'gpu' or 'npu'"
        place = (*path, 'collect_device')
        yield Violation(place, 'invalid-choice', message, nearest(device, DEVICES), raises=said)
    elif device != 'cpu' and not absent(value, 'collect_dir') and not undecided(value['collect_dir']):
        message = "`collect_dir` is for `collect_device='cpu'`"
        said = "ValueError: `collec_dir` could only be configured when `collect_device='cpu'`"
        depends_on = ((*path, 'collect_device'),)
        yield Violation((*path, 'collect_dir'), 'conflict', message, raises=said, depends_on=depends_on)


METRIC = Component(
    'a metric',
    {'DumpResults': Spec('evaluators:DumpResults')},
    says="AttributeError: object has no attribute 'dataset_meta'",
    always=_any_metric,
)

_METRICS = Many('`metrics`', METRIC, single=True)

EVALUATOR_CLASS = Component(
    'an evaluator', {'Evaluator': Spec('evaluators:Evaluator', slots={'metrics': _METRICS})}, default='Evaluator'
)


class EvaluatorSection:
    """A metric, a list of metrics, or (a dict with `metrics`) an evaluator.

    The loops of some libraries take a list of all that, for as many dataloaders. Whether this one does is decided by
    `val_cfg` and `test_cfg`, which are other sections.
    """

    evaluator = EVALUATOR_CLASS

    def check(self, value: object, path: Path, shadowed: Collection[str]) -> Iterator[Violation]:
        if isinstance(value, list):
            if not value and not path:
                yield Violation(path, 'out-of-range', 'an empty evaluator: no metric is computed', severity='warning')
            for index, item in enumerate(value):
                check = self.check if isinstance(item, list) and not path else METRIC.check
                yield from check(item, (*path, index), shadowed)
        elif not isinstance(value, dict):
            if value is not None or path:
                yield from _EVALUATOR.check(value, path, shadowed)
        elif 'metrics' in value:
            yield from self.evaluator.check(value, path, shadowed)
        elif value.get('type') == 'Evaluator' and 'Evaluator' not in shadowed and decided_keys(value):
            message = '`Evaluator` needs `metrics`'
            yield Violation(path, 'missing-field', message, raises='KeyError: Evaluator is not in the metric registry')
        elif 'type' not in value and value and all(_is_metric(item) for item in value.values()):
            message = 'an evaluator must be a metric or a list of metrics, got a dict of metrics'
            said = 'KeyError: `cfg` or `default_args` must contain the key "type"'
            yield Violation(path, 'wrong-type', message, raises=said)
        else:
            yield from METRIC.check(value, path, shadowed)


def _is_metric(value: object) -> bool:
    return isinstance(value, dict) and 'type' in value


_EVALUATOR = Many(
    'an evaluator',
    METRIC,
    single=True,
    says='AssertionError: evaluator must be one of dict, list or Evaluator instance',
    tuples=False,
)

EVALUATOR = EvaluatorSection()
