"""Run a library's backbones with the arguments of its configs, and write how many channels each output has into the facts.

    python tools/build_outputs.py PACKAGE FOLDER…

Needs the library, MMEngine and torch. Each folder holds configs: those of the library, and of others that use its backbones.
In `cfglint/catalog/data/libraries/PACKAGE.json`, `model.backbone_outputs` is replaced. The models are made on torch's device
without memory. What cannot be made or run in this way is left out, and so is a class that gives no tuple of features.
"""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from catalog import library_files  # noqa: E402

from cfglint.rules.facts.backbones import shape_arguments  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(__file__).parent.parent / 'cfglint' / 'catalog' / 'data' / 'libraries'
TABLES = {'arch_zoo': 'arch', 'arch_settings': 'arch', 'arch_setting': 'arch', 'net_params': 'arch'}
"""Attribute of a class with its architectures → the argument that chooses one; ``depth`` where the keys are numbers."""
COUNTS = (40, 32, 24, 16, 12, 8, 7, 6, 5, 4, 3, 2, 1)
"""How many outputs are asked for, until a backbone has as many."""


def main(package: str, folders: list[str]) -> None:
    """Write what is found of a package."""
    importlib.import_module(f'{package}.models')
    asked: dict[str, dict[str, dict[str, Any]]] = {}
    for name, arguments in (*in_configs(package, folders), *in_classes(package)):
        key = shape_arguments(arguments)
        if key is not None:
            asked.setdefault(name, {})[key] = arguments
    found = {}
    for name in sorted(asked):
        outputs = {key: outputs_of(package, name, arguments) for key, arguments in sorted(asked[name].items())}
        known = {key: each for key, each in outputs.items() if each is not None}
        print(name, len(known), 'of', len(outputs))
        if known:
            found[name] = {'default': default_indices(package, name), 'channels': known}
    path = DATA / f'{package}.json'
    facts = json.loads(path.read_text(encoding='utf-8'))
    facts.setdefault('model', {})['backbone_outputs'] = found
    path.write_text(library_files.text(facts), encoding='utf-8')


def class_of(package: str, name: str) -> Any:
    """Return the backbone that a package has under a name, None if there is none."""
    found = getattr(importlib.import_module(f'{package}.models.backbones'), name, None)
    return found if inspect.isclass(found) and issubclass(found, torch.nn.Module) else None


def in_classes(package: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the backbones of a package by themselves, and with each architecture that they know."""
    for name, kind in vars(importlib.import_module(f'{package}.models.backbones')).items():
        if inspect.isclass(kind) and issubclass(kind, torch.nn.Module):
            yield name, {}
            for table, argument in TABLES.items():
                known = getattr(kind, table, None)
                for each in known if isinstance(known, dict) else ():
                    yield name, {'depth' if isinstance(each, int) else argument: each}


def in_configs(package: str, folders: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the backbones in configs with their arguments."""
    for path in sorted(path for folder in folders for path in Path(folder).rglob('*.py')):
        try:
            config = Config.fromfile(path, import_custom_modules=False, lazy_import=False)
        except Exception:  # what is no config, or one of another style
            continue
        scope = config.get('default_scope')
        for part in _typed(config.get('model')):
            prefix, _, name = part['type'].rpartition('.')
            if (prefix or scope) == package:
                yield name, {key: value for key, value in part.items() if key != 'type'}


def _typed(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        for name, part in value.items():
            if isinstance(name, str) and name.endswith('backbone') and isinstance(part, dict):
                if isinstance(part.get('type'), str):
                    yield part.to_dict()
            else:
                yield from _typed(part)


def default_indices(package: str, name: str) -> list[int] | None:
    """Return the outputs that a class has unless told otherwise, None if that cannot be chosen."""
    value = _indices(class_of(package, name))
    return [value] if isinstance(value, int) else list(value) if isinstance(value, (list, tuple)) else None


def _indices(kind: type) -> Any:
    """Return what `out_indices` is by default, None if a class does not take it."""
    for each in kind.__mro__:
        parameters = inspect.signature(each.__init__).parameters if '__init__' in vars(each) else {}
        if 'out_indices' in parameters:
            return parameters['out_indices'].default
        if parameters and not any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()):
            return None
    return None


def outputs_of(package: str, name: str, arguments: dict[str, Any]) -> list[int] | None:
    """Return the channels of all outputs that can be chosen, or of those that there are; None if that is not certain."""
    kind = class_of(package, name)
    if kind is None:
        return None
    given = {key: value for key, value in arguments.items() if shape_arguments({key: value}) != ''}
    if _indices(kind) is None:
        return _run(kind, given)
    every = next(
        (found for count in COUNTS if (found := _run(kind, {**given, 'out_indices': list(range(count))}))),
        None,
    )
    default = default_indices(package, name)
    if every is None or default is None:
        return None
    # What is chosen has to come in the order of the stages, as `channels.of_backbone` takes it to do.
    chosen = [every[index] for index in sorted(index % len(every) for index in default)]
    alone = [_run(kind, {**given, 'out_indices': [index]}) for index in range(len(every))] if len(every) <= 8 else []
    fits = all(each is None or each == [channels] for each, channels in zip(alone, every, strict=False))
    return every if _run(kind, given) == chosen and fits else None


def _run(kind: Any, arguments: dict[str, Any]) -> list[int] | None:
    """Return the channels of what a backbone gives for a picture, None if it cannot be made or run."""
    linspace = torch.linspace
    # Rates of stochastic depth are read as numbers, which have to have a value.
    torch.linspace = lambda *args, **kwargs: linspace(*args, **{**kwargs, 'device': 'cpu'})
    try:
        with (
            torch.device('meta'),
            torch.no_grad(),
            DefaultScope.overwrite_default_scope(kind.__module__.partition('.')[0]),
        ):
            model = kind(**arguments)
            size = getattr(model, 'img_size', None) or arguments.get('img_size') or 224
            pictures = torch.zeros(2, 3, *((size, size) if isinstance(size, int) else tuple(size)))
            model.eval()
            found = _channels(model(pictures))
            model.train()
            return found if _channels(model(pictures)) == found else None
    except Exception:  # whatever it lacks
        return None
    finally:
        torch.linspace = linspace


def _channels(found: Any) -> list[int] | None:
    """Return the channels of features, the finest first; None if it is something else."""
    found = found if isinstance(found, (list, tuple)) else (found,)
    if not found or not all(
        isinstance(each, torch.Tensor) and each.ndim in (2, 4) and each.shape[0] == 2 for each in found
    ):
        return None
    sizes = [each.shape[2] for each in found if each.ndim == 4]
    if any(later > earlier for earlier, later in pairwise(sizes)):
        return None
    return [int(each.shape[1]) for each in found]


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2:])
