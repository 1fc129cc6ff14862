"""Models of the user's own against the stages and the optimizers of the config that builds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.code.module import Code
from cfglint.code.stages import Stages, stages
from cfglint.diagnostics import Advice, Severity
from cfglint.rules.code.models import Model, own_model, related_places
from cfglint.rules.component.faults import Own, telling_of
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.code.models import Ancestor
    from cfglint.rules.context import Context

_BY_NAME: Final = frozenset({'MultiOptimWrapperConstructor', 'GenOptimWrapperConstructor'})
"""The constructors that make an optimizer for each of the parts of a model, by its name."""
_SETTINGS: Final = frozenset({'type', 'constructor', 'optimizer', 'paramwise_cfg', 'modules', 'accumulative_counts'})


def _stages(context: Context, ancestor: Ancestor) -> Stages:
    """Return what the body of a class says; each is read once for a run."""

    def read() -> Stages:
        module = ancestor.module
        code = Code(module.name, module.source, is_package=module.is_package)
        return next(stages(node) for node in code.classes if node.name == ancestor.name)

    return context.shared(('stages', ancestor.module.name, ancestor.name), context.libraries.own.code, read)


@rule(scope='entry', raises='AssertionError: make sure your model has implemented `val_step`', tells=telling_of(Own))
def model_without_val_step(context: Context) -> Iterator[Diagnostic]:
    """A model of your own that the config validates or tests, and that has no `val_step` or `test_step`.

    `mmengine.model.BaseModel` has both: they call `forward(…, mode='predict')`. A plain module has to have its own.

    ```py title="bad/config.py"
    custom_imports = dict(imports=['halfnet'])
    model = dict(type='HalfNet')
    ```

    ```py title="bad/halfnet.py"
    from mmengine.registry import MODELS
    from torch import nn, stack, tensor


    @MODELS.register_module(force=True)
    class HalfNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(4, 2)

        def train_step(self, data, optim_wrapper):
            outputs = self.linear(stack(list(data['inputs'])))
            loss = nn.functional.cross_entropy(outputs, tensor(data['label']))
            optim_wrapper.update_params(loss)
            return dict(loss=loss)
    ```

    ```py title="good/config.py"
    custom_imports = dict(imports=['halfnet'])
    model = dict(type='HalfNet')
    ```

    ```py title="good/halfnet.py"
    from mmengine.registry import MODELS
    from torch import nn, stack, tensor


    @MODELS.register_module(force=True)
    class HalfNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(4, 2)

        def train_step(self, data, optim_wrapper):
            outputs = self.linear(stack(list(data['inputs'])))
            loss = nn.functional.cross_entropy(outputs, tensor(data['label']))
            optim_wrapper.update_params(loss)
            return dict(loss=loss)

        def val_step(self, data):
            return list(self.linear(stack(list(data['inputs']))).argmax(1))

        test_step = val_step
    ```
    """
    model = own_model(context)
    if model is None or model.is_base_model or not model.is_torch_module or not model.has('train_step'):
        return
    for stage, words in (('val', 'validates'), ('test', 'tests')):
        if context.value(f'{stage}_cfg') is None or model.has(f'{stage}_step'):
            continue
        ancestor = model.ancestors[0]
        yield context.report_at(
            ancestor.facts.span,
            f'`{ancestor.name}` has no `{stage}_step`, and the config {words} it',
            key='model',
            raises=f"AttributeError: '{ancestor.name}' object has no attribute '{stage}_step'"
            if stage == 'test'
            else None,
            advice=Advice(f'define `{stage}_step(self, data)`, or derive it from `BaseModel` of `mmengine.model`'),
            related=related_places(context, model, ancestor),
        )
        return


@rule(scope='entry', raises="AttributeError: 'NoneType' object has no attribute 'items'", tells=telling_of(Own))
def uncovered_mode(context: Context) -> Iterator[Diagnostic]:
    """A model of your own whose `forward` gives nothing for a `mode` with which the config's loops call it.

    Training calls `forward(…, mode='loss')` and wants a dict of losses, validation and tests call it with
    `mode='predict'` and want a list of predictions.

    ```py title="bad/config.py"
    custom_imports = dict(imports=['lossless'])
    model = dict(type='Lossless')
    ```

    ```py title="bad/lossless.py"
    from mmengine.model import BaseModel
    from mmengine.registry import MODELS
    from torch import nn, stack


    @MODELS.register_module(force=True)
    class Lossless(BaseModel):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(4, 2)

        def forward(self, inputs, label=None, mode='tensor'):
            if mode == 'predict':
                return list(self.linear(stack(list(inputs))).argmax(1))
    ```

    ```py title="good/config.py"
    custom_imports = dict(imports=['lossless'])
    model = dict(type='Lossless')
    ```

    ```py title="good/lossless.py"
    from mmengine.model import BaseModel
    from mmengine.registry import MODELS
    from torch import nn, stack, tensor


    @MODELS.register_module(force=True)
    class Lossless(BaseModel):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(4, 2)

        def forward(self, inputs, label=None, mode='tensor'):
            outputs = self.linear(stack(list(inputs)))
            if mode == 'loss':
                return dict(loss=nn.functional.cross_entropy(outputs, tensor(label)))
            return list(outputs.argmax(1))
    ```
    """
    model = own_model(context)
    if model is None or not model.is_base_model or model.has('train_step', 'val_step', '_run_forward', '__call__'):
        return
    ancestor = model.forwarding()
    modes = {} if ancestor is None else _stages(context, ancestor).modes
    for stage, mode, wants in (('train', 'loss', 'a dict of losses'), ('val', 'predict', 'a list of predictions')):
        ends = modes.get(mode, frozenset({'value'}))
        if ancestor is None or 'value' in ends or context.value(f'{stage}_cfg') is None:
            continue
        words = 'returns nothing' if ends == {'nothing'} else 'raises'
        yield context.report_at(
            ancestor.facts.binds['forward'].span,
            f'`{ancestor.name}.forward` {words} for `mode={mode!r}`',
            key='model',
            raises=_raised(mode) if ends == {'nothing'} else None,
            advice=Advice(f'return {wants} for `mode={mode!r}`'),
            related=related_places(context, model, ancestor),
        )


def _raised(mode: str) -> str:
    """Return what MMEngine raises when it gets nothing."""
    if mode == 'loss':
        return "AttributeError: 'NoneType' object has no attribute 'items'"
    return "TypeError: 'NoneType' object is not iterable"


@rule(scope='entry', raises='ValueError: optimizer got an empty parameter list', tells=telling_of(Own))
def optimizer_without_module(context: Context) -> Iterator[Diagnostic]:
    """An optimizer for a part that your model does not have, or a training step that asks for one that is not there.

    `MultiOptimWrapperConstructor` makes an optimizer for each part of the model, by its name: `generator`,
    `discriminator`. What the training step finds in `optim_wrapper` has these names.

    ```py title="bad/config.py"
    default_scope = 'mmagic'
    custom_imports = dict(imports=['twonets'])
    model = dict(type='TwoNets')
    optim_wrapper = dict(
        constructor='MultiOptimWrapperConstructor',
        generator=dict(optimizer=dict(type='Adam')),
        critic=dict(optimizer=dict(type='Adam')))
    ```

    ```py title="bad/twonets.py"
    from mmengine.model import BaseModel
    from mmengine.registry import MODELS
    from torch import nn


    @MODELS.register_module(force=True)
    class TwoNets(BaseModel):
        def __init__(self):
            super().__init__()
            self.generator = nn.Linear(2, 4)
            self.discriminator = nn.Linear(4, 1)
    ```

    ```py title="good/config.py"
    default_scope = 'mmagic'
    custom_imports = dict(imports=['twonets'])
    model = dict(type='TwoNets')
    optim_wrapper = dict(
        constructor='MultiOptimWrapperConstructor',
        generator=dict(optimizer=dict(type='Adam')),
        discriminator=dict(optimizer=dict(type='Adam')))
    ```

    ```py title="good/twonets.py"
    from mmengine.model import BaseModel
    from mmengine.registry import MODELS
    from torch import nn


    @MODELS.register_module(force=True)
    class TwoNets(BaseModel):
        def __init__(self):
            super().__init__()
            self.generator = nn.Linear(2, 4)
            self.discriminator = nn.Linear(4, 1)
    ```
    """
    constructor, model = context.value('optim_wrapper.constructor'), own_model(context)
    wrapper = context.find('optim_wrapper')
    is_by_name = isinstance(constructor, str) and constructor.rpartition('.')[2] in _BY_NAME
    if model is None or wrapper is None or not is_by_name or context.value('optim_wrapper.modules') is not None:
        return
    said = [_stages(context, each) for each in model.ancestors]
    parts = frozenset().union(*(each.parts for each in said))
    given = [each for each in wrapper.items() if isinstance(each.value, dict) and each.name not in _SETTINGS]
    # A name may also be the beginning of that of a parameter: `generator.layers`.
    absent = [each for each in given if str(each.name).partition('.')[0] not in parts]
    for each in absent if parts and not model.has('add_module') else ():
        advice = Advice(f'name one of its parts: {", ".join(f"`{part}`" for part in sorted(parts)[:5])}')
        name = model.ancestors[0].name
        yield context.report(each, f'`{name}` has no `{each.name}` that could be optimized', advice=advice)
    names = {each.name for each in given}
    for missing in sorted(frozenset().union(*(each.optimizers for each in said)) - names):
        ancestor = next(one for one, each in zip(model.ancestors, said, strict=True) if missing in each.optimizers)
        yield context.report(
            wrapper,
            f'there is no optimizer `{missing}`, for which `{ancestor.name}.train_step` asks',
            raises=f"KeyError: '{missing}'",
            advice=Advice('add', f"{missing}=dict(optimizer=dict(type='Adam'))"),
            related=related_places(context, model, ancestor),
        )


@rule(scope='entry', severity=Severity.WARNING, tells=telling_of(Own))
def unseparated_model(context: Context) -> Iterator[Diagnostic]:
    """A model of your own with several optimizers, under a wrapper that knows only one.

    `MMDistributedDataParallel` has a training step of its own: it calls `forward` and one optimizer, and never the
    `train_step` of the model. `MMSeparateDistributedDataParallel` wraps each part by itself, and calls it.

    ```py title="bad/config.py"
    custom_imports = dict(imports=['twosteps'])
    model = dict(type='TwoSteps')
    model_wrapper_cfg = dict(type='MMDistributedDataParallel')
    ```

    ```py title="bad/twosteps.py"
    from mmengine.model import BaseModel
    from mmengine.registry import MODELS


    @MODELS.register_module(force=True)
    class TwoSteps(BaseModel):
        def train_step(self, data, optim_wrapper):
            data = self.data_preprocessor(data, True)
            loss = self.generator(data['inputs'])
            optim_wrapper['generator'].update_params(loss)
            return dict(loss=loss)
    ```

    ```py title="good/config.py"
    custom_imports = dict(imports=['twosteps'])
    model = dict(type='TwoSteps')
    model_wrapper_cfg = dict(type='MMSeparateDistributedDataParallel')
    ```

    ```py title="good/twosteps.py"
    from mmengine.model import BaseModel
    from mmengine.registry import MODELS


    @MODELS.register_module(force=True)
    class TwoSteps(BaseModel):
        def train_step(self, data, optim_wrapper):
            data = self.data_preprocessor(data, True)
            loss = self.generator(data['inputs'])
            optim_wrapper['generator'].update_params(loss)
            return dict(loss=loss)
    ```
    """
    wrapper = context.find('model_wrapper_cfg')
    kind = context.value('model_wrapper_cfg.type')
    model = (
        own_model(context) if isinstance(kind, str) and kind.rpartition('.')[2] == 'MMDistributedDataParallel' else None
    )
    place = None if wrapper is None else wrapper.get('type')
    if model is None or place is None or not _has_several(context, model):
        return
    name = model.ancestors[0].name
    advice = Advice('write', "'MMSeparateDistributedDataParallel'")
    yield context.report(place, f'`{kind}` does not call `{name}.train_step`', at='value', advice=advice)


def _has_several(context: Context, model: Model) -> bool:
    return any(_stages(context, each).optimizers for each in model.ancestors)
