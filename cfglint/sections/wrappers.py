"""model_wrapper_cfg: how the model is distributed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.language.values import Lazy, Opaque
from cfglint.sections.slots import Component, Spec
from cfglint.sections.violations import Path, Violation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from cfglint.sections.terms import Dict


def _any_wrapper(value: Dict, path: Path, shadowed: Collection[str]) -> Iterator[Violation]:
    kind = value.get('type')
    if isinstance(kind, (Lazy, Opaque)):
        name = getattr(kind, 'name', '').rpartition('.')[2]
        message = f"`type` must be the name of a wrapper (`'{name}'`) here, a class is not accepted"
        said = 'TypeError: The key argument of `Registry.get` must be a str'
        yield Violation((*path, 'type'), 'wrong-type', message, name or None, raises=said)


MODEL_WRAPPER = Component(
    '`model_wrapper_cfg`',
    {name: Spec(f'wrappers:{name}') for name in ('MMDistributedDataParallel', 'MMSeparateDistributedDataParallel')},
    default='MMDistributedDataParallel',
    optional=True,
    says="AttributeError: object has no attribute 'setdefault'",
    always=_any_wrapper,
)
