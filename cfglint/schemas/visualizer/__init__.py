"""visualizer and vis_backends: where images and curves go."""

from __future__ import annotations

from cfglint.schemas.slots import Component, Many

VIS_BACKEND = Component(
    'a visualization backend',
    {
        'LocalVisBackend': 'visualizer.local:LocalVisBackend',
        'TensorboardVisBackend': 'visualizer.local:TensorboardVisBackend',
        **{
            f'{name}VisBackend': f'visualizer.services:{name}VisBackend'
            for name in ('Wandb', 'MLflow', 'ClearML', 'Neptune', 'DVCLive', 'Aim')
        },
    },
)
VIS_BACKENDS = Many(
    '`vis_backends`',
    VIS_BACKEND,
    single=True,
    optional=True,
    says='TypeError: vis_backends must be a list of dicts or a list of BaseBackend instances',
)
VISUALIZER = Component(
    '`visualizer`',
    {'Visualizer': 'visualizer.local:Visualizer'},
    optional=True,
    says='TypeError: visualizer should be Visualizer object, a dict or None',
)
