"""Which generation a config belongs to, and whether it runs on its own: judged after resolution."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal, Protocol

from cfglint.helper_variables import helper_variables
from cfglint.sections.table import LEGACY_KEYS, MODERN_KEYS
from cfglint.trainers import is_for_own_trainer

if TYPE_CHECKING:
    from cfglint.language.config import Config

Era = Literal['1.x', '0.x', 'mixed', 'neutral', 'own']

_DECISIVE_KEYS = MODERN_KEYS - {'resume', 'train_dataloader', 'val_dataloader', 'test_dataloader'}
"""The keys that no other training program has."""
_LOOP_KEYS = frozenset({'by_epoch', 'max_epochs', 'max_iters', 'val_interval', 'val_begin', 'dynamic_intervals'})


def era_of(config: Config) -> Era:
    """Judge a resolved config by its top-level keys (facts ERA-01 to ERA-05 of the migration map).

    ``own`` is a config of neither era: a program of the user's own reads it. A legacy name may be a helper variable, no key:
    ``optimizer = dict(…)`` beside ``optim_wrapper = dict(optimizer=optimizer)``.
    """
    table = config.table
    modern = any(key in MODERN_KEYS for key in table) or _is_loop(table.get('train_cfg'))
    legacy = [key for key in table if key in LEGACY_KEYS]
    decisive = [key for key in table if key in _DECISIVE_KEYS]
    loads = helper_variables(config) if len(decisive) <= 1 else frozenset[str]()
    if (not modern or loads.issuperset(decisive)) and is_for_own_trainer(table, loads):
        return 'own'
    if not modern:
        return '0.x' if legacy else 'neutral'
    if legacy:
        loads = helper_variables(config)
        legacy = [key for key in legacy if key not in loads]
    return 'mixed' if legacy else '1.x'


def _is_loop(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    kind = value.get('type')
    return not _LOOP_KEYS.isdisjoint(value) or (isinstance(kind, str) and kind.endswith('Loop'))


def is_below_base_folder(path: str) -> bool:
    """Tell whether a file lies in a folder named ``_base_``: by convention, such files serve others as a base."""
    return '/_base_/' in path.replace(os.sep, '/')


def is_entry(config: Config) -> bool:
    """Tell whether a config is meant to run, rather than to be inherited: all that it lacks is then a defect.

    A file below a ``_base_`` folder is not, nor one that has neither a model nor all else that training takes.
    """
    table = config.table
    return not is_below_base_folder(config.path) and (
        'model' in table
        or all(key in table for key in ('default_scope', 'train_dataloader', 'train_cfg', 'optim_wrapper'))
    )


class Sections(Protocol):
    """What tells which sections there are: a table, or what asks for them."""

    def __contains__(self, section: str, /) -> bool:
        """Tell whether there is a section."""


def can_run(sections: Sections) -> bool:
    """Tell whether a config has the sections without which nothing runs: a model and some data."""
    return 'model' in sections and any(
        key in sections for key in ('train_dataloader', 'val_dataloader', 'test_dataloader', 'data')
    )
