"""The arguments of parts that have no `type`, since one class alone gets them: `Graph(**graph_cfg)`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cfglint.catalog.model_facts import model_facts
from cfglint.catalog.suggest import nearest
from cfglint.diagnostics import Advice
from cfglint.rules.reading.lookup import installation_of
from cfglint.rules.reading.parts import component_of, each_of, holding, is_of_libraries, packages_in
from cfglint.rules.rule import rule
from cfglint.sections.wording import remove_or_rename

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(raises='TypeError: got an unexpected keyword argument', reads=('model',))
def unknown_part_argument(context: Context) -> Iterator[Diagnostic]:
    """An argument that the class does not take to which a part without `type` is handed.

    Some parts have no `type`, since it is certain what they become: `graph_cfg` of mmaction2's `STGCN` goes to `Graph`,
    `encoder` and `decoder` of a DETR of mmdet to its own transformers. An argument that these do not take is a
    `TypeError` when the model is built. Which ones there are was read from the sources of the libraries
    (`tools/build_typeless_parts.py`).

    ```py title="bad"
    default_scope = 'mmaction'
    model = dict(
        type='RecognizerGCN',
        backbone=dict(type='STGCN', graph_cfg=dict(layout='coco', strategy='spatial')),
        cls_head=dict(type='GCNHead', num_classes=60, in_channels=256))
    ```

    ```py title="good"
    default_scope = 'mmaction'
    model = dict(
        type='RecognizerGCN',
        backbone=dict(type='STGCN', graph_cfg=dict(layout='coco', mode='stgcn_spatial')),
        cls_head=dict(type='GCNHead', num_classes=60, in_channels=256))
    ```
    """
    scope = context.value('default_scope')
    for owner in holding(context, context.section('model'), _arguments(scope if isinstance(scope, str) else '')):
        found = component_of(context, owner)
        if found is not None and found.library and not context.libraries.own.holds(found.module):
            yield from _below(context, owner, found.path)


@rule(raises='TypeError: got an unexpected keyword argument', reads=('model',))
def unknown_operator_argument(context: Context) -> Iterator[Diagnostic]:
    """A setting such as `nms` with an argument that the operator of mmcv does not take, or an unknown operator.

    `batched_nms` of `mmcv/ops/nms.py` evaluates the `type`, takes out `class_agnostic` and `split_thr`, and hands all
    others to the operator, when the first boxes are predicted: a `TypeError`, or a `NameError`.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', test_cfg=dict(nms=dict(type='nms', iou_threshhold=0.5)))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', test_cfg=dict(nms=dict(type='nms', iou_threshold=0.5)))
    ```
    """
    model = context.section('model')
    if model is None or not isinstance(model.value, dict):
        return
    facts = [model_facts(package).operators for package in packages_in(context, model.value)]
    for setting, operators in {name: each[name] for each in facts for name in each}.items():
        for owner in holding(context, model, frozenset({setting})):
            found = [] if 'type' in owner.value else list(_of_operator(context, owner.get(setting), operators))
            if found and is_of_libraries(context, model):
                yield from found


def _of_operator(context: Context, part: Item | None, operators: Mapping[str, tuple[str, ...]]) -> Iterator[Diagnostic]:
    """Judge a setting that becomes the arguments of an operator: the first, where it names none."""
    if part is None or not isinstance(part.value, dict):
        return
    name = part.value.get('type', next(iter(operators)))
    kind, taken = part.get('type'), operators.get(name) if isinstance(name, str) else None
    if taken is not None:
        for item in part.items():
            if item.name not in ('type', *taken):
                yield _diagnostic(context, item, name, list(taken), of_function=True)
    elif kind is not None and isinstance(name, str):
        near = nearest(name, operators, 1) or list(operators)
        message = f'`{part.name}` can be ' + ', '.join(f'`{each}`' for each in operators) + f', not `{name:.30}`'
        advice = Advice('write', repr(near[0]))
        yield context.report(
            kind, message, at='value', raises=f"NameError: name '{name:.30}' is not defined", advice=advice
        )


@cache
def _arguments(scope: str) -> frozenset[str]:
    """Return the names of parts without `type` that the models of a scope have; most build on mmdet."""
    tables = [model_facts(package).typeless_parts for package in (scope, 'mmdet')]
    return frozenset(name for table in tables for parts in table.values() for name in parts)


def _below(context: Context, owner: Item, path: str) -> Iterator[Diagnostic]:
    """Judge the parts of a dict that becomes a class."""
    for argument, target in _parts(context, path).items():
        for part in each_of(owner.get(argument)):
            if 'type' not in part.value:
                yield from _taken(context, part, target)


def _taken(context: Context, part: Item, target: str) -> Iterator[Diagnostic]:
    """Judge a part that becomes a class, and the parts below it."""
    signature = installation_of(context).signature_at(target)
    for item in part.items():
        if signature.accepts(item.name) is False:
            yield _diagnostic(context, item, target, list(signature.parameters))
    yield from _below(context, part, target)


def _parts(context: Context, path: str) -> Mapping[str, str]:
    """Return which arguments of a class are handed on whole: the first class that says so for an argument counts."""
    found: dict[str, str] = {}
    for each in installation_of(context).mro(path):
        for argument, target in model_facts(each.partition('.')[0]).typeless_parts.get(each, {}).items():
            found.setdefault(argument, target)
    return found


def _diagnostic(
    context: Context, item: Item, target: str, taken: list[str], *, of_function: bool = False
) -> Diagnostic:
    name = target.rpartition('.')[2]
    message = f'`{name}`, which gets `{item.parent.name if item.parent else ""}`, does not take `{item.name}`'
    called = name if of_function else f'{name}.__init__'
    raises = f"TypeError: {called}() got an unexpected keyword argument '{item.name}'"
    meant = nearest(item.name, taken)
    if meant:
        return context.report(item, message, raises=raises, advice=Advice('write', meant[0]))
    return context.report(item, message, raises=raises, advice=remove_or_rename(item.name, taken))
