"""What MMEngine accepts in each section of a config.

`validate` compares one section with its model and says what MMEngine would refuse, ignore, or take differently than
it was meant. It knows nothing of files: a place is a path of keys and indices below the section.

Importing this package is cheap. A section's models are imported when that section is first validated, and Pydantic
builds a model when a value first needs it.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from cfglint.sections.slots import Slot

__all__ = ['SECTIONS', 'TOP_LEVEL_KEYS', 'Kind', 'Path', 'Severity', 'Violation', 'json_schema', 'validate']

Path = tuple[str | int, ...]
Kind = Literal['unknown-field', 'missing-field', 'wrong-type', 'out-of-range', 'invalid-choice', 'conflict']
Severity = Literal['error', 'warning']


class Violation(NamedTuple):
    """One way in which a section is not what MMEngine expects there."""

    path: Path
    """Below the section; the empty path is the section itself. A missing field is reported where it is missing."""
    kind: Kind
    message: str
    suggestion: str | None = None
    """The valid field or choice that was probably meant."""
    severity: Severity = 'error'
    certain: bool = False
    """Whether the suggestion is known to be what the field is called; else it is the nearest name, a guess."""
    raises: str | None = None
    """What MMEngine raises, such as ``KeyError: 'type'``; none if it raises nothing, or if that is not known."""
    ignored: bool = False
    """Whether MMEngine ignores the field."""
    beside: tuple[Path, ...] = ()
    """The other values that it depends on: with another one of these, nothing would be wrong."""


SECTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        'model': 'model:MODEL',
        'data_preprocessor': 'model:DATA_PREPROCESSOR',
        'model_wrapper_cfg': 'wrappers:MODEL_WRAPPER',
        'train_cfg': 'loops:TRAIN_LOOP',
        'val_cfg': 'loops:VAL_LOOP',
        'test_cfg': 'loops:TEST_LOOP',
        'train_dataloader': 'dataloaders:DATALOADER',
        'val_dataloader': 'dataloaders:DATALOADERS',
        'test_dataloader': 'dataloaders:DATALOADERS',
        'val_evaluator': 'evaluators:EVALUATOR',
        'test_evaluator': 'evaluators:EVALUATOR',
        'optim_wrapper': 'optim_wrapper:OPTIM_WRAPPER',
        'param_scheduler': 'param_scheduler:PARAM_SCHEDULER',
        'auto_scale_lr': 'optim_wrapper.scaling:AUTO_SCALE_LR',
        'default_hooks': 'hooks:DEFAULT_HOOKS',
        'custom_hooks': 'hooks:CUSTOM_HOOKS',
        'env_cfg': 'environment:ENV_CFG',
        'randomness': 'environment:RANDOMNESS',
        'log_processor': 'log_processor:LOG_PROCESSOR',
        'visualizer': 'visualizer:VISUALIZER',
        'vis_backends': 'visualizer:VIS_BACKENDS',
        'tta_model': 'model:TTA_MODEL',
        'tta_pipeline': 'model:PIPELINE',
        'strategy': 'runner:STRATEGY',
        'work_dir': 'runner:WORK_DIR',
        'experiment_name': 'runner:EXPERIMENT_NAME',
        'load_from': 'runner:LOAD_FROM',
        'resume': 'runner:RESUME',
        'launcher': 'runner:LAUNCHER',
        'log_level': 'runner:LOG_LEVEL',
        'default_scope': 'runner:DEFAULT_SCOPE',
        'sync_bn': 'runner:SYNC_BN',
        'find_unused_parameters': 'runner:FIND_UNUSED_PARAMETERS',
        'compile': 'runner:COMPILE',
        'activation_checkpointing': 'runner:ACTIVATION_CHECKPOINTING',
        'efficient_conv_bn_eval': 'runner:EFFICIENT_CONV_BN_EVAL',
        'runner_type': 'runner:RUNNER_TYPE',
    }
)
"""Top-level key -> where its model lives, as ``module:NAME`` in this package."""

TOP_LEVEL_KEYS: Final[frozenset[str]] = frozenset(SECTIONS) | {
    'custom_imports',
    'train_pipeline',
    'val_pipeline',
    'test_pipeline',
    'dataset_type',
    'data_root',
    'metainfo',
    'file_client_args',
    'backend_args',
}
"""Every top-level key that MMEngine reads, and those that the libraries use by convention."""

_NOTHING: Final[frozenset[str]] = frozenset()
_slots: dict[str, Slot] = {}


def validate(section: str, value: object, *, shadowed: Collection[str] = _NOTHING) -> list[Violation]:
    """What MMEngine would not accept, or not take as meant, in this section of a config.

    A dict is validated when its `type` is MMEngine's own. `shadowed` names the classes that the config's default
    scope registers under a name of MMEngine's: without a prefix, those are not MMEngine's there.

    The value is only read. A section without a model has no violations.
    """
    slot = _slots.get(section)
    if slot is None:
        if section not in SECTIONS:
            return []
        slot = _slots[section] = _load(SECTIONS[section])
    return list(slot.check(value, (), shadowed))


def json_schema(section: str) -> dict[str, Any]:
    """The section as JSON Schema (draft 2020-12), for editors and other tools."""
    from cfglint.sections.jsonschema import document

    return document(section, _load(SECTIONS[section]))


def _load(where: str) -> Slot:
    module, _, name = where.partition(':')
    slot: Slot = getattr(import_module(f'{__name__}.{module}'), name)
    return slot
