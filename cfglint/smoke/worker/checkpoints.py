"""Local files of weights that a config names: whether they are there, can be read, and fit the model.

They are read with `weights_only`: nothing in them is executed, and nothing of them is loaded.
"""

from __future__ import annotations

import os
import pickle
import re
from typing import Any, Iterator, NamedTuple

from . import stages
from .blame import type_name, walk
from .failure import Unhealthy

SHOWN = 3
RESUMED = ('meta', 'message_hub')
"""What MMEngine takes from a checkpoint to resume from, apart from the weights, without asking whether it is there."""


class Source(NamedTuple):
    """One file that a config names."""

    key: str
    path: str
    module: str
    """The dotted name of what is loaded, in the model; empty for all of it."""
    prefix: str
    resumes: bool


def local_files(table: dict[str, Any]) -> list[Source]:
    """The local files in `load_from`, and in the `init_cfg` of the model's parts."""
    found = []
    load_from: Any = dict.get(table, 'load_from')
    if _is_local(load_from):
        found.append(Source('load_from', load_from, '', '', bool(dict.get(table, 'resume'))))
    for path, part in walk(dict.get(table, 'model'), 'model'):
        inits: Any = dict.get(part, 'init_cfg')
        many = isinstance(inits, (list, tuple))
        for index, init in enumerate(inits if many else [inits]):
            if isinstance(init, dict) and type_name(init.get('type')) in ('Pretrained', 'PretrainedInit'):
                checkpoint = init.get('checkpoint')
                key = f'{path}.init_cfg[{index}].checkpoint' if many else f'{path}.init_cfg.checkpoint'
                if _is_local(checkpoint):
                    module = re.sub(r'\[(\d+)\]', r'.\1', path).partition('.')[2]
                    found.append(Source(key, str(checkpoint), module, str(init.get('prefix') or ''), False))
    return found


def _is_local(path: Any) -> bool:
    return isinstance(path, str) and bool(path) and '://' not in path and not re.match(r'\w{2,}:', path)


def check_files(sources: list[Source], model: Any, absent_is_fine: bool) -> Iterator[dict[str, Any]]:
    """Yield a hint for each file that fits only in part, or that could not be looked into.

    Args:
        sources: The files.
        model: The model, built.
        absent_is_fine: Whether the files need not be here, as the data need not.

    Raises:
        Unhealthy: MMEngine would stop at a file, or load nothing of it.
    """
    for source in sources:
        path = os.path.expanduser(source.path)
        if os.path.isfile(path):
            text = _check_file(source, path, model)
        elif absent_is_fine:
            text = f'`{source.path}` is not here, and was not looked into'
        else:
            raise Unhealthy(f'there is no file `{source.path}`', stages.WEIGHTS, source.key)
        if text is not None:
            yield {'kind': 'weights', 'key': source.key, 'message': text}


def _check_file(source: Source, path: str, model: Any) -> str | None:
    try:
        checkpoint = _read(path)
    except (OSError, EOFError, RuntimeError, ValueError, pickle.UnpicklingError, TypeError) as error:
        first = str(error).strip().partition('\n')[0]
        if _holds_objects(error) and _loads_objects():
            return f'`{source.path}` holds more than weights, and was not looked into'
        raise Unhealthy(f'`{source.path}` cannot be read: {first}', stages.WEIGHTS, source.key) from error
    lacking = [name for name in RESUMED if name not in checkpoint] if source.resumes else []
    if lacking:
        text = f'`{source.path}` cannot be resumed from: it has no `{lacking[0]}`'
        raise Unhealthy(text, stages.WEIGHTS, source.key)
    weights = _weights(checkpoint, source.prefix)
    if source.prefix and not weights:
        text = f'`{source.path}` has nothing below the prefix `{source.prefix}`'
        raise Unhealthy(text, stages.WEIGHTS, source.key)
    module = _module_of(model, source.module)
    return None if module is None else _compare(source, weights, module)


def _read(path: str) -> Any:
    import torch

    checkpoint = torch.load(path, map_location='cpu', weights_only=True)
    if not isinstance(checkpoint, dict):
        raise TypeError(f'it holds a {type(checkpoint).__name__} and no dict of weights')
    return checkpoint


def _holds_objects(error: BaseException) -> bool:
    """Whether a file was refused only because it holds other objects than tensors."""
    return 'Weights only load failed' in str(error) or "unexpected keyword argument 'weights_only'" in str(error)


def _loads_objects() -> bool:
    """Whether MMEngine would load a file with such objects: torch refuses that since 2.6, unless told otherwise."""
    import torch

    version = tuple(int(number) for number in re.findall(r'\d+', torch.__version__)[:2])
    return version < (2, 6) or os.environ.get('TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD', '') in ('1', 'y', 'yes', 'true')


def _weights(checkpoint: dict[str, Any], prefix: str) -> dict[str, Any]:
    state = checkpoint.get('state_dict', checkpoint)
    if prefix:
        start = prefix if prefix.endswith('.') else prefix + '.'
        return {name[len(start) :]: value for name, value in state.items() if str(name).startswith(start)}
    return {re.sub(r'^module\.', '', str(name)): value for name, value in state.items()}


def _module_of(model: Any, name: str) -> Any:
    """The part of the model that a path in the config stands for, where the names agree."""
    for part in name.split('.') if name else ():
        model = getattr(model, part, None)
    return model if hasattr(model, 'state_dict') else None


def _compare(source: Source, weights: dict[str, Any], module: Any) -> str | None:
    own = module.state_dict()
    shapes = {name: tuple(value.shape) for name, value in weights.items() if hasattr(value, 'shape')}
    fitting = [name for name, value in own.items() if shapes.get(name) == tuple(value.shape)]
    other = [name for name in own if name in shapes and name not in fitting]
    part = f'`{source.module}`' if source.module else 'the model'
    if own and not fitting:
        text = f'nothing in `{source.path}` fits {part}: MMEngine would load none of its weights, and go on'
        raise Unhealthy(text, stages.WEIGHTS, source.key)
    if len(fitting) == len(own):
        return None
    text = f'`{source.path}` has {len(fitting)} of the {len(own)} tensors of {part}'
    missing = [name for name in own if name not in shapes]
    for words, names in (('of another shape', other), ('missing', missing)):
        if names:
            more = ', …' if len(names) > SHOWN else ''
            text += f'; {len(names)} {words}: {", ".join(names[:SHOWN])}{more}'
    return text
