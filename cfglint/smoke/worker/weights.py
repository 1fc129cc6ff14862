"""No pretrained weights: every loader hands out a sentinel that `load_state_dict` ignores.

Removing the weights from the config is not enough, for models load them in their own code; handing out an empty
dict is not either, for models look into it. The patches are process-wide and stay: the process ends with the job.
"""

from __future__ import annotations

import contextlib
import functools
import sys
from types import SimpleNamespace
from typing import Any, Callable, Dict, Iterator

SKIPPED: list[str] = []
"""What would have been loaded, in order."""

NOTHING_LOADED = SimpleNamespace(missing_keys=[], unexpected_keys=[])

LOADERS: tuple[tuple[str, str], ...] = (
    ('mmengine.runner.checkpoint', 'load_checkpoint'),
    ('mmengine.runner.checkpoint', '_load_checkpoint'),
    ('mmengine.runner.checkpoint', '_load_checkpoint_with_prefix'),
    ('torch.hub', 'load_state_dict_from_url'),
    ('torch.utils.model_zoo', 'load_url'),
)


class SkippedWeights(Dict[str, Any]):
    """Stands for weights that were not loaded, all of them or a single tensor.

    Empty, except that `ckpt['state_dict']` and the like work, and that whatever a model computes with a tensor of it
    (to inflate filters of images to those of videos, say) gives weights that were not loaded.
    """

    shape = (-1,)
    """That of no parameter: models that copy by hand, and compare shapes before, keep what they have."""

    def __missing__(self, key: Any) -> Any:
        return self

    def get(self, key: Any, default: Any = None) -> Any:
        return self

    def pop(self, key: Any, default: Any = None) -> Any:
        return self

    def copy(self) -> SkippedWeights:
        return self

    def __delitem__(self, key: Any) -> None:
        """There is nothing to take out."""

    def __getattr__(self, name: str) -> Any:
        # `_metadata` is torch's own, of a state_dict that has some.
        if name.startswith('__') or name == '_metadata':
            raise AttributeError(name)
        return lambda *args, **kwargs: self

    def __truediv__(self, other: Any) -> Any:
        return self

    __mul__ = __add__ = __sub__ = __truediv__


def _source(args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    named = [kwargs[name] for name in ('filename', 'url') if name in kwargs]
    return str(next(iter(named or [arg for arg in args if isinstance(arg, str)]), '?'))


def _skip(*args: Any, **kwargs: Any) -> SkippedWeights:
    source = _source(args, kwargs)
    if source not in SKIPPED:
        SKIPPED.append(source)
    return SkippedWeights()


def _lenient(load: Callable[..., Any]) -> Callable[..., Any]:
    """A loader of state dicts that leaves out what stands for weights, also in what a model has made of them."""

    @functools.wraps(load)
    def load_state_dict(module: Any, state_dict: Any, *args: Any, **kwargs: Any) -> Any:
        if not SKIPPED or not isinstance(state_dict, dict):
            return load(module, state_dict, *args, **kwargs)
        there = {name: value for name, value in state_dict.items() if not isinstance(value, SkippedWeights)}
        if not there:
            return NOTHING_LOADED
        return load(module, {**module.state_dict(), **there} if len(there) < len(state_dict) else state_dict,
                    *args, **kwargs)  # fmt: skip

    return load_state_dict


@contextlib.contextmanager
def marking_unfilled() -> Iterator[None]:
    """While a model is built, fill with NaN what it leaves for its weights to fill, instead of with what memory held."""
    import torch

    if not hasattr(torch.utils, 'deterministic'):  # before torch 2.2
        yield
        return
    before = torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()
    torch.use_deterministic_algorithms(True, warn_only=True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before[0], warn_only=before[1])


@functools.lru_cache(maxsize=None)
def disable_loading() -> None:
    """Patch the loaders, once. Call it before the libraries are imported, for they bind the names on import."""
    import torch
    import torch.hub
    import torch.utils.model_zoo
    from mmengine.model.weight_init import PretrainedInit
    from mmengine.runner import checkpoint

    replaced = {}
    for module_name, name in LOADERS:
        module = sys.modules[module_name]
        replaced[getattr(module, name)] = _skip
        setattr(module, name, _skip)
    replaced[checkpoint.load_state_dict] = checkpoint.load_state_dict = _lenient(checkpoint.load_state_dict)
    checkpoint.CheckpointLoader.load_checkpoint = staticmethod(_skip)
    PretrainedInit.__call__ = lambda self, module: _skip(self.checkpoint) and None
    torch.nn.Module.load_state_dict = _lenient(torch.nn.Module.load_state_dict)
    _rebind(replaced)


def _rebind(replaced: dict[Any, Any]) -> None:
    """Replace the loaders wherever a module has already imported them by name."""
    # Most values are compared by what they are: to ask each for a hash takes longer than the rest of a small job.
    by_identity = {id(old): new for old, new in replaced.items()}
    for module in list(sys.modules.values()):
        names = getattr(module, '__dict__', None)
        if not isinstance(names, dict) or by_identity.keys().isdisjoint(map(id, names.values())):
            continue
        for name, value in list(names.items()):
            if id(value) in by_identity:
                setattr(module, name, by_identity[id(value)])
