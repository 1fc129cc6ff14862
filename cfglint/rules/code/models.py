"""Models of the user's own that MMEngine cannot call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from cfglint.diagnostics import Advice
from cfglint.rules.code.reached_modules import ReachedModule, read_module
from cfglint.rules.component.faults import Own, faults, telling_of
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.catalog import Installation
    from cfglint.catalog.local import LocalCode
    from cfglint.diagnostics import Diagnostic, Related
    from cfglint.rules.code.modules import Class, Module
    from cfglint.rules.context import Context

_BASE_MODEL: Final = 'mmengine.model.BaseModel'
_TORCH_MODULE: Final = 'torch.nn.Module'
_PLAIN: Final = frozenset({'object', 'abc.ABC', 'typing.Generic', 'typing.Protocol'})
_OWN_STEPS: Final = frozenset({'mmagic', 'mmedit', 'mmgen', 'mmaction', 'mmrazor'})
"""The packages of which some models have a `train_step` or a `_run_forward` of their own; in all others, none has."""
_STOCK_LOOPS: Final = (None, 'EpochBasedTrainLoop', 'IterBasedTrainLoop')


class Ancestor(NamedTuple):
    """A class of the user's own, with where it is defined."""

    module: Module
    name: str
    facts: Class


class Model(NamedTuple):
    """The model of a config, a class of the user's own of which all bases are known.

    Attributes:
        fault: What names it in the config.
        path: The class.
        ancestors: The user's own among the classes that it inherits from, itself first, in the order of look-ups.
        first: How many of these come before any class of a library.
        is_base_model: Whether it inherits from MMEngine's BaseModel.
        is_torch_module: Whether it inherits from torch's Module.
    """

    fault: Own
    path: str
    ancestors: list[Ancestor]
    first: int
    is_base_model: bool
    is_torch_module: bool

    def has(self, *names: str) -> bool:
        """Tell whether any of the user's classes has one of some names, or answers to all of them."""
        return any(name in ancestor.facts.binds for ancestor in self.ancestors for name in (*names, '__getattr__'))

    def forwarding(self) -> Ancestor | None:
        """Return the user's class whose `forward` is called, None where it is a library's."""
        own = (ancestor for ancestor in self.ancestors[: self.first] if 'forward' in ancestor.facts.binds)
        return next(own, None)


def own_model(context: Context) -> Model | None:
    """Return the model of the config, None where it is not the user's own or where not all of it is known."""
    return context.once('own_model', lambda: (_own_model(context),))[0]


def _own_model(context: Context) -> Model | None:
    if context.partial is not None or 'runner_type' in context:
        return None
    for fault in faults(context, Own):
        component = fault.resolved.component
        local = context.libraries.own.code if component.kind == 'class' and fault.use.item.key == 'model' else None
        if local is not None:
            installation = context.libraries.installation(context.scope, with_local=True)
            return _model(context, installation, local, fault)
    return None


def _model(context: Context, installation: Installation, local: LocalCode, fault: Own) -> Model | None:
    path = fault.resolved.component.path
    ancestors: list[Ancestor] = []
    first: int | None = None
    for each in installation.mro(path):
        package = each.partition('.')[0]
        if local.has_package(package):
            ancestor = _ancestor(context, local, each)
            if ancestor is None:
                return None
            ancestors.append(ancestor)
        elif package in _OWN_STEPS or (each not in _PLAIN and installation.object(each) is None):
            return None
        elif first is None and each not in _PLAIN:
            first = len(ancestors)
    is_base_model, is_torch_module = (installation.derives(path, each) for each in (_BASE_MODEL, _TORCH_MODULE))
    return Model(fault, path, ancestors, first or 0, is_base_model, is_torch_module)


def _ancestor(context: Context, local: LocalCode, path: str) -> Ancestor | None:
    name, _, attribute = path.rpartition('.')
    module = read_module(context, local, name) if name in local.files else None
    facts = None if module is None else module.classes.get(attribute)
    return None if module is None or facts is None else Ancestor(module, attribute, facts)


@rule(scope='entry', raises="TypeError: got an unexpected keyword argument 'mode'", tells=telling_of(Own))
def model_without_mode(context: Context) -> Iterator[Diagnostic]:
    """A model of your own whose `forward` has no parameter `mode`, with which MMEngine calls it.

    `BaseModel.train_step` calls `forward(…, mode='loss')`, and expects a dict of losses; `val_step` and `test_step` call
    it with `mode='predict'`, and expect a list of predictions.

    ```py title="bad/config.py"
    custom_imports = dict(imports=['tinynet'])
    model = dict(type='TinyNet')
    ```

    ```py title="bad/tinynet.py"
    from mmengine.model import BaseModel
    from mmengine.registry import MODELS
    from torch import nn, stack, tensor


    @MODELS.register_module(force=True)
    class TinyNet(BaseModel):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(4, 2)

        def forward(self, inputs, label=None):
            outputs = self.linear(stack(list(inputs)))
            return dict(loss=nn.functional.cross_entropy(outputs, tensor(label)))
    ```

    ```py title="good/config.py"
    custom_imports = dict(imports=['tinynet'])
    model = dict(type='TinyNet')
    ```

    ```py title="good/tinynet.py"
    from mmengine.model import BaseModel
    from mmengine.registry import MODELS
    from torch import nn, stack, tensor


    @MODELS.register_module(force=True)
    class TinyNet(BaseModel):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(4, 2)

        def forward(self, inputs, label=None, mode='tensor'):
            outputs = self.linear(stack(list(inputs)))
            if mode == 'loss':
                return dict(loss=nn.functional.cross_entropy(outputs, tensor(label)))
            return list(outputs.argmax(1)) if mode == 'predict' else outputs
    ```
    """
    model = own_model(context)
    if model is None or not model.is_base_model or model.has('train_step', '_run_forward', '__call__'):
        return
    is_training = context.value('train_cfg') is not None
    ancestor = model.forwarding()
    if ancestor is None or (is_training and context.value('train_cfg.type') not in _STOCK_LOOPS):
        return
    forward = ancestor.facts.binds['forward']
    if forward.takes is None or forward.is_open or 'mode' in forward.takes:
        return
    mode = 'loss' if is_training else 'predict'
    yield context.report_at(
        forward.span,
        f"`{ancestor.name}.forward` takes no `mode`, but MMEngine calls it with `mode='{mode}'`",
        key='model',
        raises=f"TypeError: {ancestor.name}.forward() got an unexpected keyword argument 'mode'",
        advice=Advice("add `mode='tensor'`: return a dict of losses for 'loss', a list of predictions for 'predict'"),
        related=related_places(context, model, ancestor),
    )


@rule(scope='entry', raises='AssertionError: If you want to train your model', tells=telling_of(Own))
def model_without_train_step(context: Context) -> Iterator[Diagnostic]:
    """A model of your own that is a plain `torch.nn.Module`: MMEngine's Runner cannot train it.

    The Runner calls `train_step`, which a model has from `mmengine.model.BaseModel`; that calls `forward(…, mode='loss')`.

    ```py title="bad/config.py"
    custom_imports = dict(imports=['plainnet'])
    model = dict(type='PlainNet')
    ```

    ```py title="bad/plainnet.py"
    from mmengine.registry import MODELS
    from torch import nn, stack, tensor


    @MODELS.register_module(force=True)
    class PlainNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(4, 2)

        def forward(self, inputs, label=None):
            outputs = self.linear(stack(list(inputs)))
            return dict(loss=nn.functional.cross_entropy(outputs, tensor(label)))
    ```

    ```py title="good/config.py"
    custom_imports = dict(imports=['plainnet'])
    model = dict(type='PlainNet')
    ```

    ```py title="good/plainnet.py"
    from mmengine.model import BaseModel
    from mmengine.registry import MODELS
    from torch import nn, stack, tensor


    @MODELS.register_module(force=True)
    class PlainNet(BaseModel):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(4, 2)

        def forward(self, inputs, label=None, mode='tensor'):
            outputs = self.linear(stack(list(inputs)))
            if mode == 'loss':
                return dict(loss=nn.functional.cross_entropy(outputs, tensor(label)))
            return list(outputs.argmax(1)) if mode == 'predict' else outputs
    ```
    """
    model = own_model(context)
    if model is None or model.is_base_model or not model.is_torch_module or model.has('train_step'):
        return
    if context.value('train_cfg') is None:
        return
    ancestor = model.ancestors[0]
    yield context.report_at(
        ancestor.facts.span,
        f'`{ancestor.name}` is a `torch.nn.Module` without `train_step`',
        key='model',
        raises='AssertionError: If you want to train your model, please make sure your model has implemented `train_step`',
        advice=Advice('derive it from the `BaseModel` of', 'from mmengine.model import BaseModel'),
        related=related_places(context, model, ancestor),
    )


def related_places(context: Context, model: Model, ancestor: Ancestor) -> tuple[Related, ...]:
    """Return the place in the config that leads to a class of the model."""
    return ReachedModule(ancestor.module, model.fault.use.type).related(context)
