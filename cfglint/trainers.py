"""Configs in MMEngine's language that are not for MMEngine's Runner, nor for 0.x: a project's own program reads them.

They share names with 0.x (`optimizer`, `evaluation`, `workflow`), with values that 0.x has no use for, and have sections
of their own beside them. Only the language is checked in such a config.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cfglint.language.values import Unknown
from cfglint.shapes import COMMON_SHAPES, LEGACY_SHAPES, MODERN_SHAPES, is_mapping

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

_OWN_SECTIONS = frozenset({
    'callbacks', 'eval', 'experiment', 'generator', 'hooks', 'infer', 'inference', 'logger', 'logging', 'lr_schedule',
    'models', 'net', 'network', 'post_processing', 'sched', 'schedule', 'test', 'testing', 'train', 'train_params',
    'training', 'val', 'valid', 'validation',
})  # fmt: skip
"""Names that other training programs give their sections."""
_OWN_WORD = re.compile(
    r'(?:.*_)?(?:criterion|data_?loaders?|datasets?|engine|loaders?|loss(?:es)?|schedulers?|solver|trainer)(?:_.*)?'
)
"""Words in such names: ``train_data_loader``, ``dataset_params``."""
_OWN_NUMBERS = frozenset({
    'batch_size', 'end_epoch', 'epoch', 'epochs', 'iters', 'max_epoch', 'max_epochs', 'max_iter', 'max_iters',
    'num_epochs', 'n_epochs', 'num_iters', 'max_steps', 'num_steps', 'total_steps',
})  # fmt: skip
"""Names that they give the length of a training, or of a batch."""
_SUITE_SECTIONS = frozenset({'models', 'datasets', 'infer', 'eval', 'summarizer'})
"""Names of a program that evaluates; no other has two of them."""
_SHARED_SECTIONS = frozenset(
    {'optimizer', 'optimizers', 'data', 'evaluation', 'runner', 'workflow', 'fp16', 'log_config'}
)
"""Names of 0.x that other programs use as well."""


def is_for_own_trainer(table: Mapping[Any, Any], read: Container[str]) -> bool:
    """Tell whether a resolved config without sections of MMEngine is for a program of its own.

    Args:
        table: The config.
        read: The names that its expressions read: helper variables, no sections.
    """
    if any(
        isinstance(table[name], Unknown) or fits(table[name])
        for name, fits in LEGACY_SHAPES.items()
        if name in table and name not in read
    ):
        return False
    return (
        _is_suite(table)
        or any(_is_of_other_shape(name, table[name]) for name in _SHARED_SECTIONS if name in table and name not in read)
        or _has_own_sections(table, read)
    )


def _has_own_sections(table: Mapping[Any, Any], read: Container[str]) -> bool:
    """Tell whether there are sections of other programs beside what all programs have."""
    sections = [name for name, value in table.items() if name not in read and _is_own_name(name) and _is_section(value)]
    numbers = [name for name in _OWN_NUMBERS if name in table and name not in read]
    trains = 'optimizer' in table or 'optimizers' in table or 'data' in table
    if not sections:
        return trains and len(numbers) > 1
    others = ('model' in table) + bool(numbers)
    return trains or len(sections) + others > 2 or others == 2


def _is_own_name(name: Any) -> bool:
    return isinstance(name, str) and (
        name in _OWN_SECTIONS or (_OWN_WORD.fullmatch(name) is not None and name not in MODERN_SHAPES)
    )


def _is_section(value: Any) -> bool:
    return is_mapping(value) or (isinstance(value, (list, tuple)) and any(map(is_mapping, value)))


def _is_of_other_shape(name: str, value: Any) -> bool:
    """Tell whether 0.x could do nothing with the value of a section that it has."""
    if value is None or isinstance(value, Unknown):
        return False
    if name == 'workflow':
        return is_mapping(value)
    if not is_mapping(value):
        return isinstance(value, (str, int, float))
    if name == 'data':
        return bool(value) and not COMMON_SHAPES['data'](value)
    return name == 'evaluation' and 'type' in value


def _is_suite(table: Mapping[Any, Any]) -> bool:
    """Tell whether a config says which models to evaluate on which datasets (opencompass)."""
    if len(_SUITE_SECTIONS & table.keys()) > 1:
        return True
    lists = {name: value for name, value in table.items() if isinstance(value, (list, tuple)) and value}
    return any(
        all(is_mapping(item) and ('abbr' in item or name == 'models') and 'type' in item for item in value)
        for name, value in lists.items()
    )
