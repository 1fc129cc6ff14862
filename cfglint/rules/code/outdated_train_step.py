"""Training steps that take an optimizer, as those of 0.x did."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cfglint.code import signatures
from cfglint.code.models import backwards, is_read, optimizers, takes, trained
from cfglint.code.module import methods
from cfglint.diagnostics import Advice, Applicability, Fix, Related, Severity
from cfglint.rules.code.finding import Finding
from cfglint.rules.code.module_rule import module_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.code.module import Code
    from cfglint.code.scopes import Function
    from cfglint.code.successors import Releases

_WRAPPER = 'optim_wrapper'


@module_rule(raises="TypeError: got an unexpected keyword argument 'optim_wrapper'", fixable=True)
def outdated_train_step(code: Code, releases: Releases) -> Iterator[Finding]:
    """A model of your own whose `train_step` takes an `optimizer`: MMEngine hands it `optim_wrapper`, by that name.

    The wrapper scales losses for mixed precision and accumulates gradients. A training step that only calls `forward` and
    adds up the losses is not needed any more: `BaseModel.train_step` does the same, and updates the parameters.

    ```py title="bad/config.py"
    default_scope = 'mmengine'
    custom_imports = dict(imports=['stepping'])
    model = dict(type='Stepping')
    train_dataloader = dict()
    ```

    ```py title="bad/stepping.py"
    from mmengine.model import BaseModel
    from mmengine.registry import MODELS


    @MODELS.register_module()
    class Stepping(BaseModel):
        def train_step(self, data, optimizer):
            data = self.data_preprocessor(data, True)
            loss, log_vars = self.parse_losses(self(**data, mode='loss'))
            optimizer.update_params(loss)
            return log_vars
    ```

    ```py title="good/config.py"
    default_scope = 'mmengine'
    custom_imports = dict(imports=['stepping'])
    model = dict(type='Stepping')
    train_dataloader = dict()
    ```

    ```py title="good/stepping.py"
    from mmengine.model import BaseModel
    from mmengine.registry import MODELS


    @MODELS.register_module()
    class Stepping(BaseModel):
        def train_step(self, data, optim_wrapper):
            data = self.data_preprocessor(data, True)
            loss, log_vars = self.parse_losses(self(**data, mode='loss'))
            optim_wrapper.update_params(loss)
            return log_vars
    ```
    """
    for node, _, step in trained(code, releases):
        given = takes(step)
        if _WRAPPER in given and not is_read(step, _WRAPPER) and not _is_open(step):
            message = f'`{node.name}.train_step` never uses `{_WRAPPER}`: nothing is trained'
            yield Finding(code.name_span(step), message, None, _advice(step), severity=Severity.WARNING)
        if _WRAPPER in given or step.args.kwarg is not None or step.decorator_list:
            continue
        message = f'`{node.name}.train_step` takes no `{_WRAPPER}`, with which MMEngine calls it'
        raises = f"TypeError: {node.name}.train_step() got an unexpected keyword argument '{_WRAPPER}'"
        span = signatures.span_of(code, step) or code.name_span(step)
        related = tuple(_related(code, node, step))
        yield Finding(span, message, raises, _advice(step), _fix(code, step), related=related)


def _is_open(step: Function) -> bool:
    """Tell whether a step does nothing by itself, or takes what it is given as a whole."""
    return step.args.kwarg is not None or all(isinstance(each, (ast.Expr, ast.Raise, ast.Pass)) for each in step.body)


def _advice(step: Function) -> Advice:
    if optimizers(step) and backwards(step):
        return Advice(
            f'write `def train_step(self, data, {_WRAPPER}):`, and update by `{_WRAPPER}.update_params(loss)`'
        )
    return Advice('drop it: `BaseModel.train_step` calls `forward` with `mode="loss"`, adds up the losses and updates')


def _fix(code: Code, step: Function) -> Fix | None:
    """Return what renames the optimizer, where it and the data are all that the step takes."""
    names = takes(step)
    if len(names) != 2 or names[1:] != optimizers(step) or not is_read(step, names[1]):
        return None
    edits = signatures.renamed(code, step, names[1], _WRAPPER)
    return Fix(f'Call it `{_WRAPPER}`', tuple(edits), Applicability.UNSAFE) if edits else None


def _related(code: Code, node: ast.ClassDef, step: Function) -> Iterator[Related]:
    """Yield what goes away with the training step."""
    if not backwards(step):
        yield from (Related('`BaseModel.train_step` does this', code.span(each)) for each in step.body)
    for name in ('val_step', 'test_step'):
        other = methods(node).get(name)
        if other is not None and optimizers(other):
            span = code.span(other)
            yield Related(f'`BaseModel.{name}` does this: it calls `forward` with `mode="predict"`', span)
