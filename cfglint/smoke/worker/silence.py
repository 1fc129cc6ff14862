"""What writes is built as the config says, for what is wrong with it is wrong, and then does nothing."""

from __future__ import annotations

from typing import Any, Iterable

from .overrides import writes


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
    """Let what a visualizer hands its numbers and images to do nothing with them."""
    for backend in getattr(visualizer, '_vis_backends', {}).values():
        for name in dir(type(backend)):
            if name.startswith('add_') or name == 'close':
                setattr(backend, name, _nothing)
