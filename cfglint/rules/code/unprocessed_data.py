"""Training steps that take their data as they come from the dataloader."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cfglint.code.models import takes, trained
from cfglint.code.walking import below
from cfglint.diagnostics import Advice, Severity
from cfglint.rules.code.finding import Finding
from cfglint.rules.code.module_rule import module_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.code.module import Code
    from cfglint.code.scopes import Function
    from cfglint.code.successors import Releases


@module_rule(severity=Severity.WARNING)
def unprocessed_data(code: Code, releases: Releases) -> Iterator[Finding]:
    """A training step of your own that does not call `self.data_preprocessor`.

    In 0.x the wrapper of the model moved data to its device. MMEngine leaves that to the data preprocessor, which also
    normalises pictures and makes batches of them; a training step of one's own has to call it.

    ```py title="bad/config.py"
    default_scope = 'mmengine'
    custom_imports = dict(imports=['raw'])
    model = dict(type='Raw')
    train_dataloader = dict()
    ```

    ```py title="bad/raw.py"
    from mmengine.model import BaseModel
    from mmengine.registry import MODELS


    @MODELS.register_module()
    class Raw(BaseModel):
        def train_step(self, data, optim_wrapper):
            loss, log_vars = self.parse_losses(self(data['inputs'], mode='loss'))
            optim_wrapper.update_params(loss)
            return log_vars
    ```

    ```py title="good/config.py"
    default_scope = 'mmengine'
    custom_imports = dict(imports=['raw'])
    model = dict(type='Raw')
    train_dataloader = dict()
    ```

    ```py title="good/raw.py"
    from mmengine.model import BaseModel
    from mmengine.registry import MODELS


    @MODELS.register_module()
    class Raw(BaseModel):
        def train_step(self, data, optim_wrapper):
            data = self.data_preprocessor(data, True)
            loss, log_vars = self.parse_losses(self(data['inputs'], mode='loss'))
            optim_wrapper.update_params(loss)
            return log_vars
    ```
    """
    for node, _, step in trained(code, releases):
        names = takes(step)
        if not names or 'preprocess' in code.written(node) or _hands_on(step, names[0]):
            continue
        first = next((each for each in step.body if _reads(each, names[0])), None)
        if first is not None:
            message = f'`{node.name}.train_step` takes `{names[0]}` as it comes from the dataloader'
            line = f'{names[0]} = self.data_preprocessor({names[0]}, True)'
            yield Finding(code.span(first), message, None, Advice('write before it', line))


def _reads(node: ast.AST, name: str) -> bool:
    return any(isinstance(each, ast.Name) and each.id == name for each in below(node))


def _hands_on(step: Function, name: str) -> bool:
    """Tell whether the data go to another training step, or to a method of the model, as they are."""
    for call in (each for each in below(step) if isinstance(each, ast.Call)):
        target = call.func
        is_own = isinstance(target, ast.Attribute) and isinstance(target.value, (ast.Name, ast.Call))
        is_step = isinstance(target, ast.Attribute) and (
            'step' in target.attr or target.attr.startswith(('train_', '_run'))
        )
        if is_own and is_step and any(isinstance(each, ast.Name) and each.id == name for each in call.args):
            return True
    return False
