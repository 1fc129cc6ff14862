"""What the libraries of 1.x renamed or dropped: `leftovers` in `catalog/data/libraries/LIB.json`, as tables by library.

`mmengine.json` says what holds for all libraries; `within` is what a library of 1.x renamed since its first release.

Raises:
    ValueError: A file does not follow the schema.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from cfglint.catalog.store import read_json

LIBRARIES: Final = (
    'mmdet', 'mmseg', 'mmcls', 'mmselfsup', 'mmpose', 'mmaction', 'mmocr', 'mmedit', 'mmgen', 'mmrotate', 'mmtrack',
    'mmflow', 'mmdet3d',
)  # fmt: skip
"""The libraries of 0.x."""
_OTHERS: Final = ('mmpretrain', 'mmagic', 'mmengine')


class Became(NamedTuple):
    """What became of a name.

    Attributes:
        to: Its new name, if it has one.
        same: Whether all else stays as it is.
        note: What else changed; where there is no new name, what to do. ``{value}`` is the value, ``{packer}`` what ends a
            pipeline.
    """

    to: str | None = None
    same: bool = False
    note: str = ''

    def remedy(self, value: str = '') -> str:
        """Return what to do, in the imperative; `value` is what is written behind the name."""
        if self.to is None:
            return self.note
        return f'write `{self.to}{value if self.same else ""}`' + (f', {self.note}' if self.note else '')


Table = dict[str, Became]
Arguments = dict[str, Table]
_KEYS: Final = frozenset({
    'marks', 'transforms', 'datasets', 'models', 'hooks', 'arguments', 'dataset_arguments', 'swapped', 'kept', 'within',
    'refuses_pretrained', 'constructors',
})  # fmt: skip


def _read(library: str) -> dict[str, Any]:
    facts: dict[str, Any] = read_json('libraries', f'{library}.json')
    found: dict[str, Any] = facts.get('leftovers', {})
    if unknown := found.keys() - _KEYS:
        raise ValueError(f'{library}.json: unknown keys {sorted(unknown)} in `leftovers`')
    return {**found, 'packer': facts.get('packer')}


_FACTS: Final = {library: _read(library) for library in (*LIBRARIES, *_OTHERS)}


def _table(rows: dict[str, dict[str, Any]]) -> Table:
    return {name: Became(**row) for name, row in rows.items()}


def _tables(key: str) -> dict[str, Table]:
    return {library: _table(_FACTS[library].get(key, {})) for library in LIBRARIES}


def _arguments(library: str) -> Arguments:
    return {kind: _table(rows) for kind, rows in _FACTS[library].get('arguments', {}).items()}


TRANSFORMS: Final = _tables('transforms')
DATASETS: Final = _tables('datasets')
MODELS: Final = _tables('models')
DATASET_ARGUMENTS: Final = _tables('dataset_arguments')
ARGUMENTS: Final = {library: _arguments(library) for library in LIBRARIES}
ALL_TRANSFORMS: Final = _table(_FACTS['mmengine']['transforms'])
"""Transforms that most libraries of 0.x had."""
HOOKS: Final = _table(_FACTS['mmengine']['hooks'])
"""Hooks of all libraries: their names differ."""
HOOK_ARGUMENTS: Final = _arguments('mmengine')
CONSTRUCTORS: Final[dict[str, str]] = _FACTS['mmengine']['constructors']
"""Constructors of optimizers, and of optimizer wrappers as the documentation misspells them."""
COMPONENTS: Final = {library: _table(facts['within']) for library, facts in _FACTS.items() if 'within' in facts}
"""Components of the release candidates, and of libraries that others took over, by the scope that holds them now."""
KEPT: Final = {library: frozenset(facts['kept']) for library, facts in _FACTS.items() if 'kept' in facts}
"""What the tables replace, but the 1.x library still registers."""
AXES: Final[dict[str, dict[str, str]]] = {
    name: facts['swapped'] for name, facts in _FACTS.items() if 'swapped' in facts
}
"""Sizes that were (h, w) in 0.x and are (w, h) in 1.x: the argument of each type."""
LIBRARY_OF: Final = {name: library for library in LIBRARIES for name in _FACTS[library].get('marks', ())}
"""Datasets and whole models that only one library of 0.x had."""
PRETRAINED_REFUSED: Final = frozenset(name for name, facts in _FACTS.items() if facts.get('refuses_pretrained'))
"""Libraries whose whole models take no `pretrained` in 1.x."""
PACKERS: Final = {library: facts['packer'] for library, facts in _FACTS.items() if facts['packer']}
"""The transform that ends a pipeline of 1.x."""
GONE_EVERYWHERE: Final = frozenset({'DefaultFormatBundle', 'ToDataContainer'})
"""What no library of 1.x registers."""
GONE_IN_LIBRARIES: Final = frozenset({*GONE_EVERYWHERE, 'Collect'})
"""What no library of 1.x registers but those of `KEPT`."""
WARNED: Final = frozenset({'LoadImageFromFile', 'LoadAnnotations', 'LoggerHook', 'CheckpointHook'})
"""Types that still take `file_client_args` in 1.x, with a warning."""
