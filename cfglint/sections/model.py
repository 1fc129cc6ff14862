"""model, data_preprocessor, tta_model and tta_pipeline: what MMEngine itself says of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.diagnostics import Advice
from cfglint.sections.initializers import INITIALIZERS
from cfglint.sections.preprocessors import preprocessor_relations
from cfglint.sections.slots import MAX_DEPTH, Component, Many, Spec
from cfglint.sections.terms import Dict, undecided
from cfglint.sections.violations import Path, Violation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_SCALARS = frozenset({str, int, float, bool, type(None)})

# A module may read `init_cfg` itself, without a type.
INITIALIZER = Component(
    '`init_cfg`',
    INITIALIZERS,
    requires_type=False,
)
INIT_CFG = Many(
    '`init_cfg`',
    INITIALIZER,
    single=True,
    optional=True,
    tuples=False,
    says='TypeError: init_cfg must be a dict or a list of dict',
)
# A model may fill in the type of its preprocessor.
DATA_PREPROCESSOR = Component(
    '`data_preprocessor`',
    {
        'BaseDataPreprocessor': Spec('preprocessors:BaseDataPreprocessor'),
        'ImgDataPreprocessor': Spec('preprocessors:ImgDataPreprocessor', preprocessor_relations),
    },
    optional=True,
    requires_type=False,
)


def _any_model(value: Dict, path: Path, shadowed: Collection[str]) -> Iterator[Violation]:
    if 'data_preprocessor' in value:
        preprocessor = value['data_preprocessor']
        yield from DATA_PREPROCESSOR.check(preprocessor, (*path, 'data_preprocessor'), shadowed)
    yield from _initializers(value, path, shadowed)


def _initializers(model: Dict, path: Path, shadowed: Collection[str]) -> Iterator[Violation]:
    """`init_cfg` means the same in every module, however deep."""
    pending: list[tuple[Any, Path]] = [(model, path)]
    while pending:
        value, place = pending.pop()
        if len(place) > MAX_DEPTH:
            continue
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            if type(item) in _SCALARS or not isinstance(item, (dict, list, tuple)):
                continue
            if key == 'init_cfg' and 'type' in value:
                yield from _initializer(item, (*place, key), shadowed)
            elif isinstance(key, (str, int)):
                pending.append((item, (*place, key)))


def _initializer(value: object, path: Path, shadowed: Collection[str]) -> Iterator[Violation]:
    """A module may accept more than MMEngine does, such as an empty list or a shorthand: check dicts only."""
    if isinstance(value, (dict, list)) and value and not undecided(value):
        for violation in INIT_CFG.check(value, path, shadowed):
            if violation.path[-1:] != ('type',) or violation.kind != 'wrong-type':
                yield violation


def _any_tta(value: Dict, path: Path, shadowed: Collection[str]) -> Iterator[Violation]:
    if value.get('type') in ('BaseTTAModel', 'mmengine.BaseTTAModel') and 'BaseTTAModel' not in shadowed:
        message = '`BaseTTAModel` is abstract'
        advice = Advice('write a subclass with `merge_preds`, or take that of a library')
        said = "TypeError: Can't instantiate abstract class BaseTTAModel"
        yield Violation((*path, 'type'), 'invalid-choice', message, raises=said, advice=advice)


MODEL = Component('`model`', {}, says='TypeError: model should be a nn.Module object or dict', always=_any_model)
TTA_MODEL = Component('`tta_model`', {}, optional=True, always=_any_tta)
TRANSFORM = Component('a transform', {}, callable_=True, says='TypeError: transform must be a callable object or dict')
PIPELINE = Many('a pipeline', TRANSFORM, optional=True)
