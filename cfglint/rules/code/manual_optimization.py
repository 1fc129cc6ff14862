"""Gradients and updates by hand, which `optim_wrapper.update_params` does."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cfglint.code.models import backwards, manual_statements, optimizers, own_methods, trained
from cfglint.code.module import methods
from cfglint.code.walking import below
from cfglint.diagnostics import Advice, Related, Severity
from cfglint.rules.code.finding import Finding
from cfglint.rules.code.module_rule import module_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.code.module import Code
    from cfglint.code.scopes import Function
    from cfglint.code.successors import Releases
    from cfglint.language.places import Span


@module_rule(severity=Severity.WARNING)
def manual_optimization(code: Code, releases: Releases) -> Iterator[Finding]:
    """A training step of your own that calls `backward`, `step` and `zero_grad` by hand.

    `OptimWrapper.update_params(loss)` does all three, scales the loss for mixed precision, and waits with the update where
    gradients are accumulated. By hand, `AmpOptimWrapper` and `accumulative_counts` have no effect. What is computed before
    belongs into `with optim_wrapper.optim_context(self):`.

    ```py title="bad/config.py"
    default_scope = 'mmengine'
    custom_imports = dict(imports=['gan'])
    model = dict(type='Gan')
    train_dataloader = dict()
    ```

    ```py title="bad/gan.py"
    from mmengine.model import BaseModel
    from mmengine.registry import MODELS


    @MODELS.register_module()
    class Gan(BaseModel):
        def train_step(self, data, optim_wrapper):
            data = self.data_preprocessor(data, True)
            loss, log_vars = self.parse_losses(self(**data, mode='loss'))
            optim_wrapper.zero_grad()
            loss.backward()
            optim_wrapper.step()
            return log_vars
    ```

    ```py title="good/config.py"
    default_scope = 'mmengine'
    custom_imports = dict(imports=['gan'])
    model = dict(type='Gan')
    train_dataloader = dict()
    ```

    ```py title="good/gan.py"
    from mmengine.model import BaseModel
    from mmengine.registry import MODELS


    @MODELS.register_module()
    class Gan(BaseModel):
        def train_step(self, data, optim_wrapper):
            data = self.data_preprocessor(data, True)
            with optim_wrapper.optim_context(self):
                loss, log_vars = self.parse_losses(self(**data, mode='loss'))
            optim_wrapper.update_params(loss)
            return log_vars
    ```
    """
    for node in _stepping(code, releases):
        for function in own_methods(node):
            steps = backwards(function)
            statements = manual_statements(function) if steps and optimizers(function) else []
            if statements:
                yield _finding(code, function, statements, steps)


def _stepping(code: Code, releases: Releases) -> Iterator[ast.ClassDef]:
    """Yield the classes that train themselves: with a training step, or with parts of one that take an optimizer."""
    seen = {node for node, _, _ in trained(code, releases)}
    for node in code.classes:
        parts = [each for name, each in methods(node).items() if name.startswith('train_')]
        if node in seen or any(optimizers(each) for each in parts):
            yield node


def _finding(code: Code, function: Function, statements: Sequence[ast.stmt], steps: Sequence[ast.Call]) -> Finding:
    first, *others = _together(code, statements)
    code_lines = '\n'.join(dict.fromkeys(_update(code, function, each) for each in steps))
    words = f'in place of {_rows(code, (first, *others))} write'
    related = [
        *(Related('this is part of it', each) for each in others),
        *_context(code, function, statements),
        *_losses(code, function),
        *(Related('it is the wrapper of the optimizer', code.span(each)) for each in _parameters(function)),
    ]
    message = f'`{function.name}` computes gradients and updates parameters by hand'
    return Finding(first, message, None, Advice(words, code_lines), related=tuple(related))


def _rows(code: Code, spans: Sequence[Span]) -> str:
    """Return the lines of some places in words: `line 3`, `lines 3 to 5 and 8`."""
    pairs = [(code.source.location(each.start).row, code.source.location(each.end).row) for each in spans]
    parts = [str(first) if first == last else f'{first} to {last}' for first, last in pairs]
    words = ', '.join(parts[:-1]) + f' and {parts[-1]}' if len(parts) > 1 else parts[0]
    return f'line {words}' if words.isdigit() else f'lines {words}'


def _together(code: Code, statements: Sequence[ast.stmt]) -> list[Span]:
    """Return where statements stand; those that follow each other as one."""
    found: list[Span] = []
    for each in statements:
        span = code.span(each)
        if found and not code.text[found[-1].end : span.start].strip():
            found[-1] = found[-1]._replace(end=span.end)
        else:
            found.append(span)
    return found


def _update(code: Code, function: Function, backward: ast.Call) -> str:
    """Return the call that does the same as one of `backward` and the update after it."""
    assert isinstance(backward.func, ast.Attribute)
    loss = backward.func.value
    if isinstance(loss, ast.Call) and len(loss.args) == 1:  # `scaler.scale(loss).backward()`
        loss = loss.args[0]
    steps = [
        each.func.value
        for each in below(function)
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr == 'step'
        if _root(each.func.value) in optimizers(function) and each.lineno >= backward.lineno
    ]
    wrapper = code.written(min(steps, key=lambda each: each.lineno)) if steps else optimizers(function)[0]
    if function.name == 'train_step':  # MMEngine gives it by that name
        wrapper = wrapper.replace('optimizer', 'optim_wrapper') if 'wrapper' not in wrapper else wrapper
    return f'{wrapper}.update_params({code.written(loss)})'


def _root(node: ast.expr) -> str:
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ''


def _context(code: Code, function: Function, statements: Sequence[ast.stmt]) -> Iterator[Related]:
    """Yield the first call of a network that stands in no `optim_context`."""
    for each in function.body:
        if each in statements or isinstance(each, ast.With):
            continue
        calls = (one.func for one in below(each) if isinstance(one, ast.Call))
        if any(isinstance(one, ast.Attribute) and _root(one) == 'self' and _is_network(one.attr) for one in calls):
            words = f'compute this in `with {_wrapper(function)}.optim_context(self):`'
            yield Related(words, code.span(each))
            return


def _is_network(name: str) -> bool:
    return not name.startswith(('get_', '_', 'parse_', 'train_')) and not name.endswith('_loss')


def _wrapper(function: Function) -> str:
    return 'optim_wrapper' if function.name == 'train_step' else optimizers(function)[0]


def _losses(code: Code, function: Function) -> Iterator[Related]:
    """Yield where a loss and what is logged are computed otherwise than by `parse_losses`."""
    for each in function.body:
        if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Tuple):
            names = [one.id for one in each.targets[0].elts if isinstance(one, ast.Name)]
            if 'log_vars' in names and 'parse_loss' not in code.written(each.value):
                words = '`self.parse_losses` makes both of a dict of losses'
                yield Related(words, code.span(each))


def _parameters(function: Function) -> Iterator[ast.arg]:
    return (each for each in function.args.args if 'optim' in each.arg and 'wrapper' not in each.arg)
