"""Losses as a training step of 0.x returned them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cfglint.code.models import is_model, own_methods
from cfglint.code.walking import below
from cfglint.diagnostics import Advice, Related
from cfglint.rules.code.finding import Finding
from cfglint.rules.code.module_rule import module_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.code.module import Code
    from cfglint.code.scopes import Function
    from cfglint.code.successors import Releases

_OLD = ('log_vars', 'num_samples')


@module_rule(raises='TypeError: log_vars is not a tensor or list of tensors')
def outdated_losses(code: Code, releases: Releases) -> Iterator[Finding]:
    """A model of your own that returns `loss`, `log_vars` and `num_samples`, as a training step of 0.x did.

    MMEngine wants a dict of losses only, each a tensor that can be differentiated, or a list of such: it adds up those whose
    name has `loss` in it, logs all of them, and counts the samples by itself. Numbers (`loss.item()`) are refused.

    ```py title="bad/config.py"
    default_scope = 'mmengine'
    custom_imports = dict(imports=['toy'])
    model = dict(type='Toy')
    train_dataloader = dict()
    ```

    ```py title="bad/toy.py"
    from mmengine.model import BaseModel
    from mmengine.registry import MODELS


    @MODELS.register_module()
    class Toy(BaseModel):
        def forward(self, inputs, label, mode='tensor'):
            loss = (self.net(inputs) - label).abs()
            if mode == 'loss':
                return dict(loss=loss, log_vars=dict(loss=loss.item()), num_samples=len(inputs))
            return inputs
    ```

    ```py title="good/config.py"
    default_scope = 'mmengine'
    custom_imports = dict(imports=['toy'])
    model = dict(type='Toy')
    train_dataloader = dict()
    ```

    ```py title="good/toy.py"
    from mmengine.model import BaseModel
    from mmengine.registry import MODELS


    @MODELS.register_module()
    class Toy(BaseModel):
        def forward(self, inputs, label, mode='tensor'):
            loss = (self.net(inputs) - label).abs()
            if mode == 'loss':
                return dict(loss=loss)
            return inputs
    ```
    """
    for node in code.classes:
        if node in code.guarded or not is_model(code, releases, node):
            continue
        for function in own_methods(node):
            for given in _dicts(function):
                yield from _finding(code, function, given)


def _dicts(function: Function) -> Iterator[dict[str, ast.expr]]:
    """Yield the dicts that are written in a method, as far as their keys are."""
    for node in below(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == 'dict' and not node.args:
            yield {'': node, **{each.arg: each.value for each in node.keywords if each.arg}}
        elif isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            named = {str(key.value): value for key, value in pairs if isinstance(key, ast.Constant)}
            yield {'': node, **named}


def _finding(code: Code, function: Function, given: dict[str, ast.expr]) -> Iterator[Finding]:
    span = code.span(given[''])
    old = [name for name in _OLD if name in given and ('log_vars' in given or _is_number(given[name]))]
    if old and ('loss' in given or function.name == 'train_step'):
        names = ' and '.join(f'`{name}`' for name in old)
        message = f'`{function.name}` returns {names} with the losses, as in 0.x'
        advice = Advice('return a dict of losses only, one tensor each: MMEngine adds them up and logs them')
        raises = f'TypeError: {old[0]} is not a tensor or list of tensors'
        related = tuple(_sums(code, function, given['loss'])) if 'loss' in given else ()
        yield Finding(span, message, raises, advice, related=related)
    elif function.name in ('forward', 'loss'):
        number = next((name for name, value in given.items() if 'loss' in str(name) and _is_number(value)), None)
        if number is not None:
            message = f'`{function.name}` returns `{number}` as a number'
            raises = f'TypeError: {number} is not a tensor or list of tensors'
            yield Finding(
                code.span(given[number]), message, raises, Advice('return the tensor: MMEngine differentiates it')
            )


def _sums(code: Code, function: Function, loss: ast.expr) -> Iterator[Related]:
    """Yield where the losses are added up."""
    for node in below(function):
        if isinstance(loss, ast.Name) and isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == loss.id:
            yield Related('MMEngine adds up the losses', code.span(node))


def _is_number(value: ast.expr) -> bool:
    """Tell whether a value is a number for certain: a name may stand for a tensor."""
    if not isinstance(value, ast.Call):
        return False
    if isinstance(value.func, ast.Name):
        return value.func.id == 'len'
    return isinstance(value.func, ast.Attribute) and value.func.attr == 'item' and not value.args
