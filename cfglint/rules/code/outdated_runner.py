"""Runners that are made and asked as those of mmcv were."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from cfglint.code.classes import kinds
from cfglint.code.models import own_methods
from cfglint.code.module import calls
from cfglint.code.walking import below
from cfglint.diagnostics import Advice, Applicability, Edit, Fix, Related, Severity
from cfglint.rules.code.finding import Finding
from cfglint.rules.code.module_rule import module_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.code.module import Code
    from cfglint.code.successors import Releases

_RUNNERS: Final = frozenset({
    'mmcv.runner.Runner', 'mmcv.runner.EpochBasedRunner', 'mmcv.runner.IterBasedRunner', 'mmengine.runner.Runner',
    'mmengine.Runner', 'mmcv.Runner',
})  # fmt: skip
_ARGUMENTS: Final = {
    'optimizer': 'write `optim_wrapper=dict(optimizer=…)`',
    'max_epochs': 'write `train_cfg=dict(by_epoch=True, max_epochs=…)`',
    'max_iters': 'write `train_cfg=dict(by_epoch=False, max_iters=…)`',
    'logger': 'drop it: the Runner makes its logger, with `log_level`',
    'meta': 'drop it',
    'batch_processor': 'drop it: the model has `train_step`',
}
_METHODS: Final = {
    'register_training_hooks': 'give `param_scheduler`, `optim_wrapper` and `default_hooks` to the Runner',
    'register_lr_hook': 'give `param_scheduler` to the Runner',
    'register_momentum_hook': 'give `param_scheduler` to the Runner',
    'register_optimizer_hook': 'give `optim_wrapper` to the Runner',
    'register_checkpoint_hook': 'give `default_hooks=dict(checkpoint=…)` to the Runner',
    'register_logger_hooks': 'give `default_hooks=dict(logger=…)` and `visualizer` to the Runner',
    'run': 'give `train_dataloader` and `train_cfg` to the Runner, and call `runner.train()`',
}
_ATTRIBUTES: Final = {
    'optimizer': 'optim_wrapper',
    'data_loader': 'train_dataloader',
    'log_buffer': 'message_hub',
    'inner_iter': '',
    'outputs': '',
    'mode': '',
    'data_batch': '',
    'current_lr': 'optim_wrapper.get_lr',
    'current_momentum': 'optim_wrapper.get_momentum',
}
_WORDS: Final = {
    'inner_iter': 'the hook gets `batch_idx`',
    'outputs': 'the hook gets `outputs`',
    'data_batch': 'the hook gets `data_batch`',
    'mode': 'the stage is in the name of the method: `before_train_epoch`, `before_val_epoch`',
    'log_buffer': 'write `runner.message_hub.update_scalar(name, value)`',
}


@module_rule(severity=Severity.WARNING, fixable=True)
def outdated_runner(code: Code, releases: Releases) -> Iterator[Finding]:
    """A Runner that is made, or asked, as that of mmcv 1.x was.

    MMEngine's Runner gets all that it needs when it is made, and has `train()`, `val()` and `test()`. Hooks find
    `runner.optim_wrapper` and `runner.train_dataloader` there, and get `batch_idx` and `outputs` as arguments.

    ```py title="bad/config.py"
    default_scope = 'mmengine'
    custom_imports = dict(imports=['rates'])
    train_dataloader = dict()
    ```

    ```py title="bad/rates.py"
    from mmengine.hooks import Hook
    from mmengine.registry import HOOKS


    @HOOKS.register_module()
    class RateHook(Hook):
        def before_train_epoch(self, runner):
            runner.logger.info(runner.optimizer.param_groups[0]['lr'])
    ```

    ```py title="good/config.py"
    default_scope = 'mmengine'
    custom_imports = dict(imports=['rates'])
    train_dataloader = dict()
    ```

    ```py title="good/rates.py"
    from mmengine.hooks import Hook
    from mmengine.registry import HOOKS


    @HOOKS.register_module()
    class RateHook(Hook):
        def before_train_epoch(self, runner):
            runner.logger.info(runner.optim_wrapper.param_groups[0]['lr'])
    ```
    """
    made = [
        each for each in code.nodes
        if isinstance(each, ast.Call) and code.scopes.path(each.func) in _RUNNERS and each not in code.guarded
    ]  # fmt: skip
    for call in made:
        yield from _arguments(code, call)
        yield from _wrapped(code, call)
    names = {target.id for call in made for target in _targets(code, call)}
    yield from _calls(code, names)
    for node in code.classes:
        if not kinds(code, releases, node).isdisjoint({'mmcv.Hook', 'mmengine.Hook'}):
            yield from _asked(code, node)


def _arguments(code: Code, call: ast.Call) -> Iterator[Finding]:
    for each in call.keywords:
        if each.arg in _ARGUMENTS:
            raises = f"TypeError: Runner.__init__() got an unexpected keyword argument '{each.arg}'"
            message = f'the Runner of MMEngine takes no `{each.arg}`'
            related = tuple(_origin(code, each.value))
            yield Finding(
                code.span(each), message, raises, Advice(_ARGUMENTS[each.arg]), severity=Severity.ERROR, related=related
            )


def _origin(code: Code, value: ast.expr) -> Iterator[Related]:
    """Yield where a variable that is given was assigned, and the imports that only this needs."""
    bound = code.scopes.definition(value)
    statement = None if bound is None else code.parents.of(bound)
    if not isinstance(value, ast.Name) or not isinstance(statement, ast.Assign):
        return
    yield Related(f'`{value.id}` is made here', code.span(statement))
    for each in code.scopes.imports:
        uses = code.scopes.uses(each)
        if uses and all(statement in code.parents.above(use) for use in uses):
            yield Related(f'nothing else needs `{each.bound}`', code.span(each.statement))


def _wrapped(code: Code, call: ast.Call) -> Iterator[Finding]:
    """Yield the models that are wrapped before a Runner gets them."""
    for each in call.keywords:
        bound = code.scopes.definition(each.value) if each.arg == 'model' else None
        statement = None if bound is None else code.parents.of(bound)
        value = statement.value if isinstance(statement, ast.Assign) else None
        if not isinstance(value, ast.Call):
            continue
        path = code.scopes.path(value.func)
        if path is not None and path.startswith('mmcv.parallel.'):
            message = 'the Runner of MMEngine wraps the model by itself'
            related = (Related('it is wrapped here', code.span(value)),)
            advice = Advice('give it the model as it is, and', "launcher='pytorch'")
            yield Finding(code.span(call), message, None, advice, related=related)


def _targets(code: Code, call: ast.Call) -> list[ast.Name]:
    statement = code.parents.of(call)
    return (
        [each for each in statement.targets if isinstance(each, ast.Name)] if isinstance(statement, ast.Assign) else []
    )


def _calls(code: Code, names: set[str]) -> Iterator[Finding]:
    """Yield the calls of methods that a Runner does not have any more."""
    for call in calls(code.tree):
        target = call.func
        if not isinstance(target, ast.Attribute) or not isinstance(target.value, ast.Name):
            continue
        if target.value.id in names and target.attr in _METHODS:
            raises = f"AttributeError: 'Runner' object has no attribute '{target.attr}'"
            values = [*call.args, *(each.value for each in call.keywords)]
            related = tuple(one for value in values for one in _origin(code, value))
            message = f'the Runner of MMEngine has no `{target.attr}`'
            yield Finding(
                code.span(call),
                message,
                raises,
                Advice(_METHODS[target.attr]),
                severity=Severity.ERROR,
                related=related,
            )


def _asked(code: Code, node: ast.ClassDef) -> Iterator[Finding]:
    """Yield what a hook asks a runner for that this does not have any more."""
    for function in own_methods(node):
        if len(function.args.args) < 2 or function.args.args[1].arg != 'runner':
            continue
        for each in (one for one in below(function) if isinstance(one, ast.Attribute)):
            is_asked = isinstance(each.value, ast.Name) and each.value.id == 'runner' and isinstance(each.ctx, ast.Load)
            if not is_asked or each.attr not in _ATTRIBUTES or each in code.guarded:
                continue
            new = _ATTRIBUTES[each.attr]
            advice = Advice(_WORDS[each.attr]) if each.attr in _WORDS else Advice(f'write `runner.{new}`')
            span = code.span(each)
            name = span._replace(start=span.end - len(each.attr))
            is_plain = bool(new) and each.attr not in _WORDS
            fix = Fix(f'Ask for `{new}`', (Edit(name, new),), Applicability.UNSAFE) if is_plain else None
            raises = f"AttributeError: 'Runner' object has no attribute '{each.attr}'"
            yield Finding(span, f'the Runner of MMEngine has no `{each.attr}`', raises, advice, fix)
