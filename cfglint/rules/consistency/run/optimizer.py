"""The optimizer and what compiles its step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Severity
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loop import is_whole
from cfglint.rules.reading.types import mmengine_type
from cfglint.rules.rule import rule
from cfglint.sections.optim_wrapper.optimizers import ARGUMENTS, arguments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

_COMPILE = ('model', 'fullgraph', 'dynamic', 'backend', 'mode', 'options', 'disable', 'name')
_MULTIPLIERS = ('lr_mult', 'decay_mult')
_STOCK = 'DefaultOptimWrapperConstructor'


@rule(scope='entry', severity=Severity.INFO, reads=('optim_wrapper',), words=('optimizer',))
def optimizer_without_lr(context: Context) -> Iterator[Diagnostic]:
    """An optimizer without `lr`: PyTorch's default is used, which depends on the optimizer and the release.

    ```py title="bad"
    optim_wrapper = dict(optimizer=dict(type='SGD', momentum=0.9))
    ```

    ```py title="good"
    optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.01, momentum=0.9))
    ```
    """
    optimizer = _optimizer(context)
    if optimizer is not None and mmengine_type(optimizer.value) in ARGUMENTS and 'lr' not in optimizer.value:
        name = mmengine_type(optimizer.value)
        advice = Advice('say which one is meant, such as', 'lr=0.001')
        yield context.report(optimizer, f'`{name}` has no `lr`: the default of PyTorch is used', advice=advice)


@rule(scope='entry', severity=Severity.WARNING, reads=('optim_wrapper',), words=('custom_keys',))
def ignored_custom_key(context: Context) -> Iterator[Diagnostic]:
    """An entry of `custom_keys` with an option that has no effect, or with both `lr` and `lr_mult`.

    The default constructor reads `lr_mult` and `decay_mult`, and copies all else into the parameter group, where the
    optimizer's own options have an effect (others are for hooks that look for them: `info`). An `lr` there replaces the
    learning rate, so that `lr_mult` has none.

    ```py title="bad"
    optim_wrapper = dict(
        optimizer=dict(type='SGD', lr=0.01),
        paramwise_cfg=dict(custom_keys={'linear': dict(lr=0.5, lr_mult=0.1)}),
    )
    ```

    ```py title="good"
    optim_wrapper = dict(
        optimizer=dict(type='SGD', lr=0.01),
        paramwise_cfg=dict(custom_keys={'linear': dict(lr_mult=0.1)}),
    )
    ```
    """
    optimizer = _optimizer(context)
    keys = context.find('optim_wrapper.paramwise_cfg')
    keys = None if keys is None else keys.get('custom_keys')
    name = None if optimizer is None else mmengine_type(optimizer.value)
    if keys is None or not isinstance(keys.value, dict) or name not in ARGUMENTS:
        return
    if context.value('optim_wrapper.constructor', _STOCK) != _STOCK:
        return
    for entry in keys.items():
        if isinstance(entry.value, dict):
            yield from _options(context, entry, str(name))


def _options(context: Context, entry: Item, optimizer: str) -> Iterator[Diagnostic]:
    known = arguments(optimizer)
    misspelt = ('learning_rate_mult', 'wd_mult', 'weight_decay_mult', 'lrmult')  # the section's model reports these
    for option in entry.items():
        if option.name == 'lr' and 'lr_mult' in entry.value:
            multiplier = entry.get('lr_mult')
            assert multiplier is not None
            message = '`lr_mult` has no effect beside `lr`, which replaces the learning rate'
            advice = Advice('keep one of the two, and remove the other')
            yield report_between(context, multiplier, (option,), message, ignored=True, advice=advice)
        elif option.name not in (*_MULTIPLIERS, *known, *misspelt, 'params', '_delete_'):
            message = f'neither MMEngine nor `{optimizer}` reads `{option.name}` of a parameter group'
            advice = Advice('write `lr_mult` or `decay_mult` if one of them is meant; else remove it')
            kind = context.find('optim_wrapper.optimizer.type')
            yield report_between(context, option, (kind,), message, severity=Severity.INFO, advice=advice)


@rule(
    scope='entry',
    raises="Optimizer.__init__() missing 1 required positional argument: 'defaults'",
    reads=('optim_wrapper',),
    words=('Optimizer',),
)
def abstract_optimizer(context: Context) -> Iterator[Diagnostic]:
    """The base class of all optimizers, which PyTorch exports and MMEngine registers as well.

    It does not build: `TypeError: Optimizer.__init__() missing 1 required positional argument: 'defaults'`.

    ```py title="bad"
    optim_wrapper = dict(optimizer=dict(type='Optimizer'))
    ```

    ```py title="good"
    optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.01))
    ```
    """
    optimizer = _optimizer(context)
    item = None if optimizer is None else optimizer.get('type')
    if item is not None and item.value in ('Optimizer', 'mmengine.Optimizer'):
        said = "TypeError: Optimizer.__init__() missing 1 required positional argument: 'defaults'"
        advice = Advice('name a real one, such as', "type='SGD'")
        yield context.report(item, '`Optimizer` is only the base of optimizers', raises=said, advice=advice)


@rule(scope='entry', raises='got an unexpected keyword argument', needs=('compile',))
def unknown_compile_argument(context: Context) -> Iterator[Diagnostic]:
    """An argument in `compile` that `torch.compile` does not take.

    ```py title="bad"
    compile = dict(bakend='eager')
    ```

    ```py title="good"
    compile = dict(backend='eager')
    ```
    """
    section = context.section('compile')
    if section is None or not isinstance(section.value, dict) or 'compile' in context.loads or not is_whole(context):
        return
    for item in section.items():
        if isinstance(item.value, dict) or item.name in (*_COMPILE, 'target', '_delete_'):
            continue
        said = f"TypeError: compile() got an unexpected keyword argument '{item.name}'"
        advice = _argument_of_compile(context, item)
        yield context.report(item, f'`torch.compile` does not take `{item.name}`', raises=said, advice=advice)


def _argument_of_compile(context: Context, item: Item) -> Advice:
    import difflib  # few runs have to guess

    known, text = _COMPILE[1:-1], context.source_text(item)
    near = difflib.get_close_matches(item.name, known, 1, 0.7)
    if near and text is not None and '\n' not in text:
        return Advice('remove it, and write', f'{near[0]}={text}')
    return Advice('remove it, or write one of ' + ', '.join(f'`{name}`' for name in known))


def _optimizer(context: Context) -> Item | None:
    """Return the only optimizer; None where there are several."""
    item = context.find('optim_wrapper.optimizer')
    return item if item is not None and isinstance(item.value, dict) else None
