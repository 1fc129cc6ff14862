"""Where a value of a config stands: which registry and scope its `type` is looked up in, as the way to it tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.language.values import Array, Row, Table
from cfglint.rules.reading.types import type_name
from cfglint.sections.table import BUILT, LEGACY_BUILT, LOADERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cfglint.rules.context import Context

Holder = tuple[str, tuple[str, ...]]
"""The path of a class of the user's own, and keys below its dict."""


class Place:
    """What the way to a value tells of it. There is one of a kind, so that what is kept of a place is found quickly.

    Attributes:
        registry: The registry in which a type is looked up; none where the place does not tell.
        scope: The scope from which it is looked up.
        slot: The key below which the value stands.
        below: The section, directly below which keys have their own meaning; else empty.
        holder: The class of the user's own that gets the value, with the keys at which it stands; none without one.
        inside: The places of what stands at the keys of a dict that is here.
    """

    __slots__ = ('below', 'holder', 'inside', 'registry', 'scope', 'slot')

    def __init__(
        self, registry: str | None, scope: str, slot: str, below: str, holder: Holder | None, places: Places
    ) -> None:
        self.registry = registry
        self.scope = scope
        self.slot = slot
        self.below = below
        self.holder = holder
        self.inside = Inside(self, places)


class Places(dict[tuple['str | None', str, str, str, 'Holder | None'], Place]):
    """All places, by registry, scope, slot, section and holder; made when they are asked for.

    Args:
        anywhere: What a key below a component means, whatever the component.
    """

    def __init__(self, anywhere: Mapping[str, str]) -> None:
        super().__init__()
        self.anywhere = anywhere

    def __missing__(self, key: tuple[str | None, str, str, str, Holder | None]) -> Place:
        place = self[key] = Place(*key, self)
        return place


class Inside(dict[Any, Place]):
    """The places in a dict, by key; made when they are asked for."""

    __slots__ = ('_outer', '_places')

    def __init__(self, outer: Place, places: Places) -> None:
        super().__init__()
        self._outer = outer
        self._places = places

    def __missing__(self, name: Any) -> Place:
        place = self[name] = self._places[(*_place_in(self._outer, name, self._places.anywhere), None)]
        return place


SECTIONS: dict[str, str | None] = {
    **BUILT,
    **dict.fromkeys(('train_dataset', 'val_dataset', 'test_dataset'), 'DATASETS'),
    **dict.fromkeys(
        ('train_pipeline', 'val_pipeline', 'test_pipeline', 'train_pipeline_stage1', 'train_pipeline_stage2'),
        'TRANSFORMS',
    ),
}
"""What MMEngine builds, and the variables of which configs commonly make parts of it."""
LEGACY_SECTIONS: dict[str, str | None] = {'model': None, 'custom_hooks': 'HOOKS', **LEGACY_BUILT}
_DATALOADER: dict[str, str | None] = {
    'sampler': 'DATA_SAMPLERS',
    'batch_sampler': 'DATA_SAMPLERS',
    'dataset': 'DATASETS',
    'collate_fn': 'FUNCTIONS',
}
_BELOW: dict[str, dict[str, str | None]] = {
    **dict.fromkeys(LOADERS, _DATALOADER),
    'optim_wrapper': {'optimizer': 'OPTIMIZERS'},
    'optim_wrappers': {'optimizer': 'OPTIMIZERS', 'paramwise_cfg': None},
    'default_hooks': {},
    'log_config': {'hooks': 'HOOKS'},
}
KEYS: dict[str, str] = {
    'pipeline': 'TRANSFORMS',
    'dataset': 'DATASETS',
    'datasets': 'DATASETS',
    'vis_backends': 'VISBACKENDS',
    'init_cfg': 'WEIGHT_INITIALIZERS',
    'data_preprocessor': 'MODELS',
    'metrics': 'METRICS',
    'norm_cfg': 'MODELS',
    'act_cfg': 'MODELS',
    'conv_cfg': 'MODELS',
}
"""What a key below a component means, whatever the component."""


def _place_in(outer: Place, name: Any, anywhere: Mapping[str, str]) -> tuple[str | None, str, str, str]:
    """Return the place of what stands at the key `name` of a dict: registry, scope, slot and section."""
    if outer.below:
        below = _BELOW[outer.below]
        if name in below:
            return below[name], outer.scope, name, ''
        if outer.below == 'optim_wrappers':
            return 'OPTIM_WRAPPERS', outer.scope, outer.slot, 'optim_wrapper'
        if outer.below == 'default_hooks':
            return 'HOOKS', outer.scope, outer.slot, ''
    return anywhere.get(name), outer.scope, str(name), ''


class Where(NamedTuple):
    """Where a value stands, as far as the way to it tells.

    Attributes:
        registry: The registry in which a type is looked up; none where the place does not tell.
        scope: The scope from which it is looked up.
        slot: The key below which the value stands.
    """

    registry: str | None
    scope: str
    slot: str


def where(context: Context, path: Sequence[str | int]) -> Where | None:
    """Return where the value at a path stands, which need not be there; None where nothing is built from the section."""
    section, *keys = path
    sections = LEGACY_SECTIONS if context.is_legacy else SECTIONS
    if not isinstance(section, str) or section not in sections:
        return None
    value = context.value(section)
    places = Places({} if context.is_legacy else KEYS)
    place = places[sections[section], context.scope, section, section_kind(section, value), None]
    for key in keys:
        if isinstance(value, Table) and isinstance(value.get('_scope_'), str):
            place = places[place.registry, value['_scope_'], place.slot, place.below, None]
        if isinstance(key, str):
            place = place.inside[key]
            value = value.get(key) if isinstance(value, Table) else None
        else:
            value = value[key] if isinstance(value, (Array, Row)) and key < len(value) else None
    return Where(place.registry, place.scope, place.slot)


def section_kind(section: str, value: Any) -> str:
    """Return what the keys directly below a section mean: its name in `_BELOW`, or none."""
    if section == 'optim_wrapper' and isinstance(value, Table) and type_name(value.get('constructor')) in _SEPARATE:
        return 'optim_wrappers'
    return section if section in _BELOW else ''


_SEPARATE = frozenset({'MultiOptimWrapperConstructor', 'SeparateOptimWrapperConstructor', 'GenOptimWrapperConstructor'})
"""Constructors of the libraries that make an optimizer wrapper of each dict in their section."""
