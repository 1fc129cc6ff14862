"""Types that no registry knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Diagnostic, Severity
from cfglint.rules.cause import report_between, unset
from cfglint.rules.component.faults import OutdatedType, Unresolved, faults, telling_of
from cfglint.rules.component.unresolved_types import (
    NO_SCOPE,
    OTHER_RELEASE,
    UNKNOWN,
    WRONG_REGISTRY,
    WRONG_SCOPE,
    explanations,
)
from cfglint.rules.reading.quoted import is_quoted_variable
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context


@rule(raises='KeyError: is not in the', fixable=True, for_legacy=True, tells=telling_of(Unresolved))
def unknown_type(context: Context) -> Iterator[Diagnostic]:
    """A `type` that no registry has: misspelt, of another library, or of a module that nothing imports.

    MMEngine fails with `KeyError: '… is not in the mmdet::model registry'` when it builds the component.

    ```py title="bad"
    default_scope = 'mmdet'
    train_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=[dict(type='PackDetInput')]))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    train_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=[dict(type='PackDetInputs')]))
    ```
    """
    told: set[tuple[object, str]] = set()
    for explanation in explanations(context, UNKNOWN):
        kind = explanation.use.type
        if is_quoted_variable(context, kind):
            continue  # quoted-variable tells of it
        new = explanation.instead
        place = kind.value, '' if kind.origin is None else kind.origin.source.path
        if new is None and place in told:
            continue  # registering it mends all uses
        told.add(place)
        # What was meant is a guess: only a person can tell.
        words = f'Write `{new}`'
        fix = None if new is None else context.replace_value(explanation.use.type, repr(new), words, anywhere=True)
        yield context.report(
            explanation.use.type,
            explanation.message,
            at='value',
            severity=explanation.severity,
            fix=fix,
            **explanation.parts,
        )


@rule(raises='KeyError: is not in the', tells=telling_of(Unresolved))
def wrong_registry(context: Context) -> Iterator[Diagnostic]:
    """A component in a place where MMEngine looks in another registry: a transform among the hooks.

    MMEngine fails with `KeyError: '… is not in the … registry'` though the name is right.

    ```py title="bad"
    default_scope = 'mmdet'
    custom_hooks = [dict(type='PackDetInputs')]
    ```

    ```py title="good"
    default_scope = 'mmdet'
    train_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=[dict(type='PackDetInputs')]))
    ```
    """
    for explanation in explanations(context, WRONG_REGISTRY):
        yield context.report(explanation.use.type, explanation.message, at='value', **explanation.parts)


@rule(raises='KeyError: is not in the', for_legacy=True, tells=telling_of(Unresolved))
def type_of_another_release(context: Context) -> Iterator[Diagnostic]:
    """A component that the library has in other releases than the one that configs are checked against.

    `cfglint compat` says in which releases everything exists that a config uses.

    ```py title="bad"
    default_scope = 'mmseg'
    val_evaluator = dict(type='CitysMetric')
    ```

    ```py title="good"
    default_scope = 'mmseg'
    val_evaluator = dict(type='CityscapesMetric', output_dir='work_dirs/format_results')
    ```
    """
    for explanation in explanations(context, OTHER_RELEASE):
        yield context.report(explanation.use.type, explanation.message, at='value', **explanation.parts)


@rule(raises='KeyError: is not in the mmengine::model registry', tells=telling_of(Unresolved))
def missing_default_scope(context: Context) -> Iterator[Diagnostic]:
    """No `default_scope`, though the config names components of a library without its prefix.

    MMEngine then looks in its own registries only: `KeyError: 'RetinaNet is not in the mmengine::model registry'`.

    ```py title="bad"
    model = dict(type='RetinaNet')
    train_dataloader = dict(dataset=dict(type='CocoDataset'))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet')
    train_dataloader = dict(dataset=dict(type='CocoDataset'))
    ```
    """
    if context.partial is not None or not context.is_entry:
        return
    for explanation in explanations(context, NO_SCOPE):
        kind = explanation.use.type
        yield report_between(
            context,
            kind,
            unset(context, 'default_scope'),
            explanation.message,
            at='value',
            key='default_scope',
            **explanation.parts,
        )


@rule(raises='KeyError: is not in the', tells=telling_of(Unresolved))
def wrong_default_scope(context: Context) -> Iterator[Diagnostic]:
    """The `default_scope` is not that of the library whose model and data the config uses.

    MMEngine looks all names up in the wrong library: `KeyError: 'RetinaNet is not in the mmseg::model registry'`.

    ```py title="bad"
    default_scope = 'mmseg'
    model = dict(type='RetinaNet')
    train_dataloader = dict(dataset=dict(type='VOCDataset'))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet')
    train_dataloader = dict(dataset=dict(type='VOCDataset'))
    ```
    """
    item = context.find('default_scope')
    for explanation in explanations(context, WRONG_SCOPE):
        if item is not None:
            yield report_between(
                context, item, (explanation.use.type,), explanation.message, at='value', **explanation.parts
            )


@rule(severity=Severity.INFO, tells=telling_of(OutdatedType))
def deprecated_type(context: Context) -> Iterator[Diagnostic]:
    """A component that still works, with a warning that it is deprecated.

    ```py title="bad"
    default_scope = 'mmdet3d'
    train_dataloader = dict(dataset=dict(pipeline=[dict(type='IndoorPointSample', num_points=1024)]))
    ```

    ```py title="good"
    default_scope = 'mmdet3d'
    train_dataloader = dict(dataset=dict(pipeline=[dict(type='PointSample', num_points=1024)]))
    ```
    """
    for fault in faults(context, OutdatedType):
        note = fault.resolved.component.deprecated
        message = f'`{fault.resolved.component.name}` is deprecated: it warns when it is built'
        yield context.report(fault.use.type, message, at='value', advice=Advice(f'do as it says: {note}'))
