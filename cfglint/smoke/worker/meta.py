"""`--meta`: parameters, optimizer and their memory, of models that are too big for the machine.

Every parameter moves to torch's meta device, which knows shapes and holds no data, as soon as a module takes it, and
so does at once whatever is made large. The rest of what constructors compute is real: building all of a model under
`torch.device('meta')` fails wherever a constructor looks at a number that it has just made, as most transformers do
for their drop rates.
"""

from __future__ import annotations

import contextlib
import functools
import re
import weakref
from typing import TYPE_CHECKING, Any, Iterable, Iterator

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from . import stages

if TYPE_CHECKING:
    from .stages import Stages

META = 'meta'
NEEDS_DATA = re.compile(
    r"meta tensor|'Meta' backend|device meta|meta device|and meta|\bmeta!|incompatible tensor type", re.I
)
LARGE = 1 << 24
"""Elements. No constructor looks into a tensor of this size."""
FACTORIES = frozenset({torch.empty, torch.zeros, torch.ones, torch.full, torch.rand, torch.randn})
OWN = '(own)'
"""The part of a model that are its own parameters, of none of its children."""


def needs_data(error: BaseException) -> bool:
    """Whether an operation failed only because the parameters have no values."""
    return isinstance(error, (RuntimeError, NotImplementedError)) and bool(NEEDS_DATA.search(str(error)))


class _LargeOnMeta(TorchFunctionMode):
    """Makes large tensors on the meta device; there may be no room for even one of them."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if func in FACTORIES and kwargs.get('device') is None and not {'out', 'generator'} & set(kwargs):
            made = func(*args, **{**kwargs, 'device': META})
            if made.numel() >= LARGE:
                return made
        return func(*args, **kwargs)


class _Memo:
    """Which meta parameter stands for which real one, so that shared parameters stay shared."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, Any]] = {}

    def stand_in(self, parameter: Any) -> Any:
        reference, known = self._known.get(id(parameter), (None, None))
        if reference is None or reference() is not parameter:
            known = type(parameter)(parameter.detach().to(META), requires_grad=parameter.requires_grad)
            known.__dict__.update(parameter.__dict__)
            self._known[id(parameter)] = (weakref.ref(parameter), known)
        return known


@contextlib.contextmanager
def parameters_on_meta() -> Iterator[None]:
    """Give every parameter that a module registers to the meta device at once."""
    original, memo = nn.Module.register_parameter, _Memo()

    @functools.wraps(original)
    def register_parameter(self: Any, name: str, param: Any) -> None:
        original(self, name, param)
        held = self._parameters.get(name)
        if held is not None and held.device.type != META and not _is_lazy(held):
            self._parameters[name] = memo.stand_in(held)

    nn.Module.register_parameter = register_parameter
    try:
        with _LargeOnMeta():
            yield
    finally:
        nn.Module.register_parameter = original


def _is_lazy(parameter: Any) -> bool:
    return isinstance(parameter, nn.parameter.UninitializedParameter)


def meta_runner(base: type[Any]) -> type[Any]:
    """A Runner whose model holds no data and stays where it is."""

    class MetaRunner(base):
        def build_model(self, *args: Any, **kwargs: Any) -> Any:
            with parameters_on_meta():
                return super().build_model(*args, **kwargs)

        def wrap_model(self, model_wrapper_cfg: Any, model: Any) -> Any:
            return model

    return MetaRunner


def measure(runner: Any, wrapper_config: Any, stage: Stages) -> dict[str, Any]:
    """What the model holds, and what its optimizers would hold after one step."""
    named = list(runner.model.named_parameters())
    if any(_is_lazy(parameter) for _, parameter in named):
        raise RuntimeError('the model has lazy parameters, whose shapes need data: no meta tensor can tell')
    optimizers = []
    states: dict[int, int] = {}
    holders: dict[int, str] = {}
    if wrapper_config is not None:
        with stage.within(stages.OPTIMIZER):
            wrapper = runner.build_optim_wrapper(wrapper_config)
        children = wrapper.items() if hasattr(wrapper, 'optim_wrappers') else [('', wrapper)]
        with stage.within(stages.STEP):
            for name, child in children:
                key = 'optim_wrapper' + (f'.{name}' if name else '')
                optimizers.append(_optimizer(key, child, states, holders))
    parts = _parts(runner.model, states)
    return {
        'parts': parts,
        'total': _sum(parts),
        'optimizers': optimizers,
        'without_optimizer': [
            name for name, parameter in named if parameter.requires_grad and optimizers and id(parameter) not in holders
        ],
        'tensors': [_tensor(name, parameter, holders) for name, parameter in named],
    }


def _optimizer(key: str, wrapper: Any, states: dict[int, int], holders: dict[int, str]) -> dict[str, Any]:
    """Step one optimizer on gradients without data, and see what it keeps for each parameter."""
    optimizer = wrapper.optimizer
    groups = optimizer.param_groups
    parameters = [parameter for group in groups for parameter in group['params']]
    for parameter in parameters:
        holders[id(parameter)] = key
        parameter.grad = torch.empty_like(parameter) if parameter.requires_grad else None
    unknown = None
    try:
        optimizer.step()
    except Exception as error:  # whatever an optimizer of the user's own does with numbers
        unknown = str(error).strip().partition('\n')[0] or type(error).__name__
    for parameter in parameters:
        parameter.grad = None
    held = {id(parameter): _bytes(_tensors_in(state)) for parameter, state in optimizer.state.items()}
    if unknown is None:
        states.update(held)
    return {
        'key': key,
        'type': type(optimizer).__name__,
        'wrapper': type(wrapper).__name__,
        'groups': len(groups),
        'lr': sorted({float(group['lr']) for group in groups if 'lr' in group}),
        'parameters': len(parameters),
        'elements': sum(parameter.numel() for parameter in parameters),
        'state_bytes': sum(held.values()) if unknown is None else None,
        'state_unknown': unknown,
    }


def _tensors_in(state: Any) -> Iterator[Any]:
    if isinstance(state, torch.Tensor):
        yield state
    elif isinstance(state, dict):
        for value in state.values():
            yield from _tensors_in(value)
    elif isinstance(state, (list, tuple)):
        for value in state:
            yield from _tensors_in(value)


def _bytes(tensors: Iterable[Any]) -> int:
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


def _parts(model: Any, states: dict[int, int]) -> list[dict[str, Any]]:
    """The children of the model. What two of them share is counted in the first."""
    seen: set[int] = set()
    own = (OWN, type(model).__name__, model.parameters(recurse=False), model.buffers(recurse=False))
    children = [(name, type(child).__name__, child.parameters(), child.buffers())
                for name, child in model.named_children()]  # fmt: skip
    found = [_part(name, kind, _new(parameters, seen), _new(buffers, seen), states)
             for name, kind, parameters, buffers in [*children, own]]  # fmt: skip
    return [part for part in found if part['parameters'] or part['buffer_bytes']]


def _new(tensors: Iterable[Any], seen: set[int]) -> list[Any]:
    found = [tensor for tensor in tensors if id(tensor) not in seen]
    seen.update(id(tensor) for tensor in found)
    return found


def _part(name: str, kind: str, parameters: list[Any], buffers: list[Any], states: dict[int, int]) -> dict[str, Any]:
    trainable = [parameter for parameter in parameters if parameter.requires_grad]
    return {
        'name': name,
        'type': kind,
        'tensors': len(parameters),
        'parameters': sum(parameter.numel() for parameter in parameters),
        'trainable': sum(parameter.numel() for parameter in trainable),
        'parameter_bytes': _bytes(parameters),
        'gradient_bytes': _bytes(trainable),
        'state_bytes': sum(states.get(id(parameter), 0) for parameter in parameters),
        'buffer_bytes': _bytes(buffers),
    }


def _sum(parts: list[dict[str, Any]]) -> dict[str, int]:
    names = ('tensors', 'parameters', 'trainable', 'parameter_bytes', 'gradient_bytes', 'state_bytes', 'buffer_bytes')
    return {name: sum(int(part[name]) for part in parts) for name in names}


def _tensor(name: str, parameter: Any, holders: dict[int, str]) -> dict[str, Any]:
    return {
        'name': name,
        'shape': list(parameter.shape),
        'dtype': str(parameter.dtype).rpartition('.')[2],
        'trainable': parameter.requires_grad,
        'optimizer': holders.get(id(parameter)),
    }
