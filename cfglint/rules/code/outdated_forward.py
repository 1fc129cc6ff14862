"""`forward` of models with `return_loss`, which MMEngine does not know."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cfglint.code import signatures
from cfglint.code.edits import replaced
from cfglint.code.models import is_model
from cfglint.code.module import methods
from cfglint.code.scopes import parameters
from cfglint.code.walking import below
from cfglint.diagnostics import Advice, Applicability, Edit, Fix, Related
from cfglint.rules.code.finding import Finding
from cfglint.rules.code.module_rule import module_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.code.module import Code
    from cfglint.code.scopes import Function
    from cfglint.code.successors import Releases

_OLD = 'return_loss'


@module_rule(raises="TypeError: got an unexpected keyword argument 'mode'", fixable=True)
def outdated_forward(code: Code, releases: Releases) -> Iterator[Finding]:
    """A model of your own whose `forward` takes `return_loss`, as in 0.x: MMEngine calls it with `mode`.

    With `mode='loss'` it returns a dict of losses, with `mode='predict'` a list of predictions, and with `mode='tensor'`
    what the network gives.

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
        def forward(self, inputs, label, return_loss=True):
            if return_loss:
                return dict(loss=(self.net(inputs) - label).abs())
            return list(self.net(inputs))
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
            if mode == 'loss':
                return dict(loss=(self.net(inputs) - label).abs())
            return list(self.net(inputs))
    ```
    """
    for node in code.classes:
        forward = methods(node).get('forward')
        if forward is None or node in code.guarded or 'mode' in signatures.names(forward):
            continue
        old = next((each for each in parameters(forward.args) if each.arg == _OLD), None)
        if old is None or not is_model(code, releases, node):
            continue
        message = f'`{node.name}.forward` takes `{old.arg}`, but MMEngine calls it with `mode`'
        raises = f"TypeError: {node.name}.forward() got an unexpected keyword argument 'mode'"
        steps = "return a dict of losses for 'loss', a list of predictions for 'predict'"
        calls = list(_calls(node, old.arg))
        related = tuple(Related(f'`{old.arg}` is given here', code.span(each)) for each in calls)
        advice = Advice(f"take `mode='tensor'` for `{old.arg}`: {steps}")
        yield Finding(code.span(old), message, raises, advice, _fix(code, forward, old, calls), related=related)


def _calls(node: ast.ClassDef, name: str) -> Iterator[ast.Call]:
    """Yield the calls of the model itself with the old argument."""
    for call in (each for each in below(node) if isinstance(each, ast.Call)):
        target = call.func
        is_own = (isinstance(target, ast.Name) and target.id == 'self') or ast.unparse(target) == 'self.forward'
        if is_own and any(each.arg == name for each in call.keywords):
            yield call


def _fix(code: Code, forward: Function, old: ast.arg, calls: list[ast.Call]) -> Fix | None:
    """Return what takes `mode` in the place of the old parameter, and asks for it where that was asked for."""
    if old not in forward.args.args:
        return None
    index = forward.args.args.index(old) - len(forward.args.args)
    if -index > len(forward.args.defaults):
        return None
    default = forward.args.defaults[index]
    start = code.span(old)
    edits = [Edit(start._replace(end=code.span(default).end), "mode='tensor'")]
    for name in (each for each in below(forward) if isinstance(each, ast.Name) and each.id == old.arg):
        if not isinstance(name.ctx, ast.Load):
            return None
        is_test = isinstance(code.parents.of(name), (ast.If, ast.IfExp))
        edits.append(replaced(code, name, "mode == 'loss'" if is_test else "(mode == 'loss')"))
    for call in calls:
        value = next(each for each in call.keywords if each.arg == old.arg)
        if not isinstance(value.value, ast.Constant):
            return None
        mode = 'loss' if value.value.value else 'predict'
        edits.append(Edit(code.span(value), f"mode='{mode}'"))
    return Fix('Take `mode`', tuple(edits), Applicability.UNSAFE)
