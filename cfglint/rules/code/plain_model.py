"""Models that derive from `nn.Module`, as those of 0.x did."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cfglint.code.edits import added_after, is_alone, replaced
from cfglint.code.models import BASE_MODEL, takes, trained
from cfglint.code.module import calls, methods
from cfglint.diagnostics import Advice, Applicability, Edit, Fix, Severity
from cfglint.rules.code.finding import Finding
from cfglint.rules.code.module_rule import module_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.code.module import Code
    from cfglint.code.successors import Releases

_PLAIN = ('torch.nn.Module', 'torch.nn.modules.module.Module', 'mmengine.model.BaseModule', 'mmcv.runner.BaseModule')
_HOME = 'mmengine.model'


@module_rule(severity=Severity.WARNING, fixable=True)
def plain_model(code: Code, releases: Releases) -> Iterator[Finding]:
    """A model of your own, with a training step, that derives from `nn.Module` as models of 0.x did.

    `mmengine.model.BaseModel` has what the Runner and its loops call: `train_step`, `val_step`, `test_step`,
    `data_preprocessor`, `parse_losses`. Most models need nothing more than a `forward` with `mode` then.

    ```py title="bad/config.py"
    default_scope = 'mmengine'
    custom_imports = dict(imports=['plain'])
    model = dict(type='Plain')
    train_dataloader = dict()
    ```

    ```py title="bad/plain.py"
    from mmengine.registry import MODELS
    from torch import nn


    @MODELS.register_module()
    class Plain(nn.Module):
        def forward(self, inputs):
            return dict(loss=self.net(inputs))

        def train_step(self, data, optimizer):
            losses = self(**data)
            return dict(loss=losses['loss'], log_vars={}, num_samples=len(data))
    ```

    ```py title="good/config.py"
    default_scope = 'mmengine'
    custom_imports = dict(imports=['plain'])
    model = dict(type='Plain')
    train_dataloader = dict()
    ```

    ```py title="good/plain.py"
    from mmengine.model import BaseModel
    from mmengine.registry import MODELS


    @MODELS.register_module()
    class Plain(BaseModel):
        def forward(self, inputs):
            return dict(loss=self.net(inputs))

        def train_step(self, data, optim_wrapper):
            losses = self(**self.data_preprocessor(data, True))
            optim_wrapper.update_params(losses['loss'])
            return losses
    ```
    """
    for node, names, step in trained(code, releases):
        if 'optim_wrapper' in takes(step) or step.args.kwarg is not None:
            continue  # it is written for MMEngine, which wants no more of a model
        base = next((each for each in node.bases if _is_plain(code, each)), None)
        if BASE_MODEL not in names and base is not None:
            written = code.written(base)
            message = f'`{node.name}` derives from `{written}`: models of MMEngine derive from `BaseModel`'
            has_forward = 'forward' in methods(node)
            # `BaseModel.forward` is abstract: without one, the model could not be made any more.
            more = '' if has_forward else ', define `forward`'
            advice = Advice(f'import it from `{_HOME}`{more}, and derive from', 'BaseModel')
            yield Finding(code.span(base), message, None, advice, _fix(code, node, base) if has_forward else None)


def _is_plain(code: Code, base: ast.expr) -> bool:
    return code.scopes.path(base) in _PLAIN


def _fix(code: Code, node: ast.ClassDef, base: ast.expr) -> Fix | None:
    name, path = 'BaseModel', f'{_HOME}.BaseModel'
    imports = (each.statement for each in reversed(code.scopes.imports) if each.is_top)
    last = next((each for each in imports if is_alone(code, each)), None)
    if not code.scopes.is_free(name, path) or last is None:
        return None
    edits = [replaced(code, base, name), *_initialisers(code, node)]
    if not code.scopes.only_imports(name, path):
        edits.append(added_after(code, last, [f'from {_HOME} import {name}']))
    return Fix('Derive from `BaseModel`', tuple(edits), Applicability.UNSAFE)


def _initialisers(code: Code, node: ast.ClassDef) -> Iterator[Edit]:
    """Yield what names the argument of `super().__init__(init_cfg)`: the first one of `BaseModel` is another."""
    for call in calls(node):
        target = call.func
        is_init = isinstance(target, ast.Attribute) and target.attr == '__init__' and isinstance(target.value, ast.Call)
        given = call.args[0] if len(call.args) == 1 else None
        if is_init and isinstance(given, ast.Name) and given.id == 'init_cfg':
            yield replaced(code, given, 'init_cfg=init_cfg')
