"""What writes is built as the config says, for what is wrong with it is wrong, and then does nothing."""

from __future__ import annotations

import importlib.util
from typing import Any, Iterable

from .overrides import writes

PACKAGES = {
    'AimVisBackend': 'aim',
    'ClearMLVisBackend': 'clearml',
    'DVCLiveVisBackend': 'dvclive',
    'MLflowVisBackend': 'mlflow',
    'NeptuneVisBackend': 'neptune',
    'TensorboardVisBackend': 'tensorboard',
    'WandbVisBackend': 'wandb',
}
"""What a backend imports as soon as it is used. Source: `mmengine/visualization/vis_backend.py`."""


def _nothing(*args: Any, **kwargs: Any) -> None:
    """In place of a method."""


def silence_hooks(hooks: Iterable[Any]) -> None:
    """Let the hooks that write do nothing at any of MMEngine's points."""
    from mmengine.hooks import Hook

    for hook in hooks:
        if writes(type(hook).__name__):
            for point in Hook.stages:
                setattr(hook, point, _nothing)


def silence_backends(visualizer: Any) -> None:
    """Let what a visualizer hands its numbers and images to do nothing with them.

    Raises:
        ImportError: The real run would end when it uses one.
    """
    for backend in getattr(visualizer, '_vis_backends', {}).values():
        _require_package(backend)
        for name in dir(type(backend)):
            if name.startswith('add_') or name == 'close':
                setattr(backend, name, _nothing)


def _require_package(self: Any) -> None:
    """Look for the package of a backend. It is `self`, as in the methods whose failures are charged to their object."""
    for kind in type(self).__mro__:
        package = PACKAGES.get(kind.__name__)
        if package is not None and importlib.util.find_spec(package) is None:
            raise ImportError(f'Please run "pip install {package}" to install {package}')
