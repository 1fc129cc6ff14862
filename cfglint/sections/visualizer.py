"""visualizer and vis_backends: where images and curves go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice
from cfglint.sections.slots import Component, Many, Spec
from cfglint.sections.terms import Dict, decided_keys, found

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from cfglint.sections.violations import Path, Violation


def visualizer_relations(given: Dict, name: str) -> Iterator[Violation]:
    backends = given.get('vis_backends')
    names: list[str] = []
    for index, backend in enumerate(backends if isinstance(backends, (list, tuple)) else ()):
        if not isinstance(backend, dict) or not decided_keys(backend):
            continue
        called = backend.get('name') or backend.get('type')
        if isinstance(called, str):
            if called in names:
                message = f'two backends are called `{called:.60}`'
                said = f'RuntimeError: vis_backend name {called:.60} already exists'
                advice = Advice('give each a `name` of its own')
                yield found('conflict', message, 'vis_backends', index, raises=said, advice=advice)
            names.append(called)


VIS_BACKEND = Component(
    'a visualization backend',
    {
        f'{name}VisBackend': Spec(f'visualizer:{name}VisBackend')
        for name in ('Local', 'Tensorboard', 'Wandb', 'MLflow', 'ClearML', 'Neptune', 'DVCLive', 'Aim')
    },
)
VIS_BACKENDS = Many(
    '`vis_backends`',
    VIS_BACKEND,
    single=True,
    optional=True,
    says='TypeError: vis_backends must be a list of dicts or a list of BaseBackend instances',
)


def _backends(value: Dict, path: Path, shadowed: Collection[str]) -> Iterator[Violation]:
    """The visualizers of the libraries hand their backends on to MMEngine's."""
    kind = value.get('type')
    backends = value.get('vis_backends')
    if isinstance(backends, str) and isinstance(kind, str) and kind.rpartition('.')[2] != 'Visualizer':
        yield from VIS_BACKENDS.check(backends, (*path, 'vis_backends'), shadowed)
    elif isinstance(kind, str) and kind.rpartition('.')[2] != 'Visualizer':
        for violation in visualizer_relations(value, kind):
            yield violation._replace(path=(*path, *violation.path))


VISUALIZER = Component(
    '`visualizer`',
    {'Visualizer': Spec('visualizer:Visualizer', visualizer_relations, {'vis_backends': VIS_BACKENDS})},
    optional=True,
    says='TypeError: visualizer should be Visualizer object, a dict or None',
    always=_backends,
)
