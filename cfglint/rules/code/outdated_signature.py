"""Methods that are called with arguments which they do not take."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cfglint.code import signatures
from cfglint.code.classes import interfaces_of, kinds
from cfglint.code.module import methods
from cfglint.code.walking import below
from cfglint.diagnostics import Advice, Applicability, Edit, Fix
from cfglint.rules.code.finding import Finding
from cfglint.rules.code.module_rule import module_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.code.module import Code
    from cfglint.code.scopes import Function
    from cfglint.code.successors import Releases


@module_rule(raises='TypeError: got an unexpected keyword argument', fixable=True)
def outdated_signature(code: Code, releases: Releases) -> Iterator[Finding]:
    """A method of your own that does not take the arguments with which MMEngine calls it.

    Hooks get `batch_idx`, `data_batch` and `outputs` by keyword, and what comes after an epoch gets `metrics`.

    ```py title="bad/config.py"
    default_scope = 'mmdet'
    custom_imports = dict(imports=['plugins.hook'])
    ```

    ```py title="bad/plugins/hook.py"
    from mmengine.hooks import Hook
    from mmengine.registry import HOOKS


    @HOOKS.register_module()
    class CountHook(Hook):
        def after_train_iter(self, runner):
            runner.logger.info(runner.iter)
    ```

    ```py title="good/config.py"
    default_scope = 'mmdet'
    custom_imports = dict(imports=['plugins.hook'])
    ```

    ```py title="good/plugins/hook.py"
    from mmengine.hooks import Hook
    from mmengine.registry import HOOKS


    @HOOKS.register_module()
    class CountHook(Hook):
        def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
            runner.logger.info(runner.iter)
    ```
    """
    for node in code.classes:
        if node in code.guarded:
            continue
        for interface in interfaces_of(kinds(code, releases, node)):
            for name, function in methods(node).items():
                lacking = _lacking(function, interface.takes.get(name, ()))
                if lacking and not function.decorator_list:
                    yield _finding(code, node, function, lacking, interface.takes[name])


def _lacking(function: Function, takes: Sequence[str]) -> list[str]:
    """Return the parameters that a method should have."""
    if function.args.kwarg is not None:
        return []
    given = {*signatures.names(function)}
    # The first one is given by position, under any name.
    return [each for each in takes[1:] if each.partition('=')[0] not in given]


def _finding(
    code: Code, node: ast.ClassDef, function: Function, lacking: Sequence[str], takes: Sequence[str]
) -> Finding:
    first = lacking[0].partition('=')[0]
    message = f'`{node.name}.{function.name}` takes no `{first}`, with which MMEngine calls it'
    raises = f"TypeError: {node.name}.{function.name}() got an unexpected keyword argument '{first}'"
    head = f'def {function.name}(self, {", ".join(takes)}):'
    edits = signatures.rewritten(code, function, lacking, {})
    fix = None
    if edits is not None:
        edits = [*edits, *_calls(code, function, takes)]
        fix = Fix('Take what MMEngine gives', tuple(edits), Applicability.UNSAFE)
    return Finding(code.name_span(function), message, raises, Advice(f'write `{head}`'), fix)


def _calls(code: Code, function: Function, takes: Sequence[str]) -> Iterator[Edit]:
    """Yield what hands the new arguments on to the method of the base."""
    names = [each.partition('=')[0] for each in takes]
    for call in (each for each in below(function) if isinstance(each, ast.Call)):
        target = call.func
        if not isinstance(target, ast.Attribute) or not isinstance(target.value, ast.Call):
            continue
        if target.attr != function.name or len(call.args) != 1 or call.keywords:
            continue
        end = code.span(call.args[0]).end
        yield Edit(code.span(call)._replace(start=end, end=end), ''.join(f', {name}' for name in names[1:]))
