"""Every section against its model (`cfglint.sections`): one rule a kind of violation."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Literal

from cfglint.catalog.framework import taken_from_optimizer
from cfglint.diagnostics import Advice, Applicability, Diagnostic, Severity
from cfglint.era import can_run, is_below_base_folder
from cfglint.language.bases import PACKAGES
from cfglint.language.values import Table
from cfglint.rules.cause import report_between
from cfglint.rules.declaration import Kind
from cfglint.rules.language.assignments import is_bare
from cfglint.rules.reading.items import is_beside, leftovers, replaced_type
from cfglint.rules.reading.lookup import derived_constructor, installation_of
from cfglint.rules.reading.loop import is_for_inference
from cfglint.rules.reading.model_settings import is_model_setting
from cfglint.rules.reading.words import words_in
from cfglint.rules.rule import rule
from cfglint.sections import SECTIONS, validate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.catalog import Component
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item
    from cfglint.sections.violations import Path, Violation


def _violations(context: Context, kind: str) -> list[tuple[Item, Violation]]:
    return _by_kind(context).get(kind, [])


def _by_kind(context: Context) -> dict[str, list[tuple[Item, Violation]]]:
    """Return all violations of a config by kind."""
    return context.once('violations', lambda: _sorted(context))


def _telling_of(kind: str) -> Kind:
    return Kind(_by_kind, kind)


@rule(raises='TypeError: got an unexpected keyword argument', tells=_telling_of('unknown-field'))
def unknown_field(context: Context) -> Iterator[Diagnostic]:
    """A field that the section, hook, scheduler, sampler or loop does not have.

    MMEngine passes the fields of a section to the constructor, which fails with `got an unexpected keyword argument`;
    a few sections ignore what they do not know.

    ```py title="bad"
    val_cfg = dict(interval=1)
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=True, max_epochs=12, val_interval=1)
    val_cfg = dict()
    ```
    """
    violations = [each for each in _violations(context, 'unknown-field') if not _may_be_taken(context, each[0])]
    by_key = {item.key: violation for item, violation in violations}
    for old, (first, *others) in leftovers(item for item, _ in violations):
        violation = by_key[first.key]
        parts = {**_parts(violation), 'advice': None}  # nobody has written the field for the new class
        yield context.report_leftover(first, violation.message, old, others, **parts)
    for item, violation in violations:
        if replaced_type(item) is None and violation.suggestion is None:
            chosen_by = () if item.parent is None else (item.parent.get('type'), item.parent.get('by_epoch'))
            yield report_between(context, item, chosen_by, violation.message, **_parts(violation))


_OF_OPTIMIZERS = frozenset({'type', 'lr', 'weight_decay', 'momentum', 'betas'})
_OF_A_CLASS = frozenset(
    {'optim_wrapper', 'train_cfg', 'val_cfg', 'test_cfg', 'default_hooks', 'log_processor', 'visualizer'}
)


def _may_be_taken(context: Context, field: Item) -> bool:
    """Tell whether a base that is not known, or a child of a fragment, may name the class or constructor that takes a field."""
    section = field.key.partition('.')[0]
    if section == 'train_cfg' and field.parent is not None and is_below_base_folder(context.config.path):
        return field.parent.value.keys().isdisjoint(('type', 'by_epoch'))
    if context.partial is None or section not in _OF_A_CLASS or field.parent is None:
        return False
    constructed = section == 'optim_wrapper' and 'constructor' not in context.value(section)
    return constructed or 'type' not in field.parent.value


@rule(raises='TypeError: got an unexpected keyword argument', fixable=True, tells=_telling_of('unknown-field'))
def misspelt_field(context: Context) -> Iterator[Diagnostic]:
    """A field that the section does not have, but nearly.

    MMEngine fails with `got an unexpected keyword argument`, or ignores it in silence.

    ```py title="bad"
    train_cfg = dict(by_epoch=True, max_epoch=12)
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=True, max_epochs=12)
    ```
    """
    for item, violation in _violations(context, 'unknown-field'):
        if violation.suggestion is not None and replaced_type(item) is None:
            free = item.parent is None or violation.suggestion not in item.parent.value
            words = f'Rename to `{violation.suggestion}`'
            fix = context.replace_key(item, violation.suggestion, words, _trust(violation)) if free else None
            parts = _parts(violation)
            if not free and is_beside(item, violation.suggestion):
                parts['advice'] = Advice(f'remove it: `{violation.suggestion}` is given as well')
            yield context.report(item, violation.message, misspelt=violation.suggestion, fix=fix, **parts)


@rule(scope='entry', raises='TypeError: missing 1 required positional argument', tells=_telling_of('missing-field'))
def missing_field(context: Context) -> Iterator[Diagnostic]:
    """A field without which MMEngine cannot build the section.

    Not reported for fragments, which a child may complete, nor of a dataloader that stands alone, without a loop: inferencers
    read nothing of it but the pipeline.

    ```py title="bad"
    param_scheduler = dict(type='StepLR')
    ```

    ```py title="good"
    param_scheduler = dict(type='StepLR', step_size=3)
    ```
    """
    if context.partial is None and can_run(context):
        unread = ('val_dataloader', 'test_dataloader') if is_for_inference(context) else ()
        told: set[tuple[int, str]] = set()
        for item, violation in _violations(context, 'missing-field'):
            same = (id(item.value), violation.message)  # `test_evaluator = val_evaluator`
            if not item.key.startswith(unread) and not (isinstance(item.value, dict) and same in told):
                told.add(same)
                yield context.report(item, violation.message, **_parts(violation))


@rule(tells=_telling_of('wrong-type'))
def wrong_type(context: Context) -> Iterator[Diagnostic]:
    """A value of a type that MMEngine refuses there, or takes for something else.

    MMEngine says what it wanted: that `optim_wrapper` should be a dict, or that an interval must be an integer. Where it does
    not look, it fails later, or does something else.

    ```py title="bad"
    custom_hooks = dict(type='EMAHook')
    ```

    ```py title="good"
    custom_hooks = [dict(type='EMAHook')]
    ```
    """
    for item, violation in _violations(context, 'wrong-type'):
        if isinstance(item.value, tuple) and is_by_comma(context, item):
            continue
        yield context.report(item, violation.message, at='value', **_parts(violation))


@rule(tells=_telling_of('out-of-range'))
def value_out_of_range(context: Context) -> Iterator[Diagnostic]:
    """A number or a length that MMEngine or PyTorch refuses, or with which nothing happens.

    ```py title="bad"
    optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1), accumulative_counts=0)
    ```

    ```py title="good"
    optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1), accumulative_counts=2)
    ```
    """
    for item, violation in _violations(context, 'out-of-range'):
        yield _report_relation(context, item, violation, at='value')


@rule(fixable=True, tells=_telling_of('invalid-choice'))
def invalid_choice(context: Context) -> Iterator[Diagnostic]:
    """A value that is not among those which MMEngine knows.

    ```py title="bad"
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', save_best='auto', rule='great'))
    ```

    ```py title="good"
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', save_best='auto', rule='greater'))
    ```
    """
    for item, violation in _violations(context, 'invalid-choice'):
        fix = None
        if violation.suggestion is not None and isinstance(item.value, str):
            text = context.source_text(item) or ''
            quote = text[:1] if text[:1] in ('"', "'") else "'"
            words = f'Write `{violation.suggestion}`'
            fix = context.replace_value(
                item, f'{quote}{violation.suggestion}{quote}', words, _trust(violation), anywhere=True
            )
        yield context.report(item, violation.message, at='value', fix=fix, **_parts(violation))


@rule(raises='RuntimeError: Only one of `type` or `by_epoch`', tells=_telling_of('conflict'))
def conflicting_fields(context: Context) -> Iterator[Diagnostic]:
    """Fields of one section that MMEngine or PyTorch does not take together.

    In fragments, which a child may complete, only fields that stand in one dict are reported.

    ```py title="bad"
    train_cfg = dict(type='EpochBasedTrainLoop', by_epoch=True, max_epochs=12)
    ```

    ```py title="good"
    train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
    ```
    """
    if context.partial is None:
        for item, violation in _violations(context, 'conflict'):
            if context.is_entry or _is_complete(item, violation):
                yield _report_relation(context, item, violation)


def _is_complete(item: Item, violation: Violation) -> bool:
    """Tell whether all fields that do not go together are written in one dict."""
    names = [path[-1] for path in violation.depends_on]
    return bool(names) and item.parent is not None and all(item.parent.get(name) is not None for name in names)


def _report_relation(
    context: Context, item: Item, violation: Violation, at: Literal['key', 'value'] = 'key'
) -> Diagnostic:
    """Make a diagnostic about a field that does not go with others, at the one that was written last."""
    top = item
    while top.parent is not None and top.parent.parent is not None:
        top = top.parent
    others = tuple(_found(top, path) for path in violation.depends_on)
    return report_between(context, item, others, violation.message, at=at, **_parts(violation))


def _found(top: Item, path: Path) -> Item | None:
    """Return the item at a path, None where there is none."""
    item: Item | None = top
    for part in path:
        item = None if item is None else item.get(part)
    return item


def is_by_comma(context: Context, item: Item) -> bool:
    """Tell whether a value is only a tuple by a stray comma, which `trailing-comma-tuple` tells of."""
    tuples = (each for each in context.root.items() if each.value is item.value and each.origin is not None)
    return any(
        isinstance(each.origin.value, ast.Tuple) and is_bare(each.origin.value) for each in tuples if each.origin
    )


_FILLED_IN = {'randomness': 'mmaction'}
"""Sections for which the `tools/train.py` of a library has a value where the config says None."""


def _sorted(context: Context) -> dict[str, list[tuple[Item, Violation]]]:
    found: dict[str, list[tuple[Item, Violation]]] = {}
    scope = context.scope
    memo = context.memo('schema')
    for section, value, _ in context.present(SECTIONS):
        violations = memo.get((section, scope), value)
        if violations is None:
            violations = memo.keep((section, scope), value, _validate(context, section, scope))
        if not violations or is_model_setting(context, section) or _is_other(context, section):
            continue
        if value is None and section in _FILLED_IN and (context.partial is not None or scope == _FILLED_IN[section]):
            continue
        top = context.section(section)
        assert top is not None
        for violation in violations:
            item = _item(top, violation)
            if context.is_entry or item.value is not None:  # None in a fragment is left for a child to fill in
                found.setdefault(violation.kind, []).append((item, violation))
    return found


def _validate(context: Context, section: str, scope: str) -> list[Violation]:
    value = context.value(section)
    if section == 'optim_wrapper':
        value = _as_built(context, value)
    elif section == 'model' and isinstance(value, Table) and 'type' in value:
        value = _initialized(context, value)
    violations = validate(section, value)
    if section == 'model' and not violations and isinstance(value, dict):
        for part in value.values():
            context.memo('right parts').keep(None, part, True)
    # Which names are the library's own matters only when something is wrong: reading its catalog takes time.
    if not violations:
        return []
    shadowed = frozenset().union(*map(context.libraries.shadowed, {scope, *_scopes(value)}))
    return validate(section, value, shadowed=shadowed)


def _scopes(value: Any) -> Iterator[str]:
    """Yield the packages whose parts a value has, as MMEngine notes in `_scope_` where they come from a package's config."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            scope = each.get('_scope_')
            if isinstance(scope, str) and scope in PACKAGES:
                yield scope
            waiting += each.values()
        elif isinstance(each, (list, tuple)):
            waiting += each


def _as_built(context: Context, value: Any) -> Any:
    """Return an optimizer wrapper as its constructor takes it.

    One that is built on the default constructor does the same as that; only its `paramwise_cfg` is special, and what it
    takes out of the optimizer's dict.
    """
    constructor = derived_constructor(context, value)
    if constructor is None:
        return value
    built = {key: each for key, each in value.items() if key not in ('constructor', 'paramwise_cfg')}
    taken = taken_from_optimizer(constructor)
    optimizer = built.get('optimizer')
    if isinstance(optimizer, Table) and (taken or not constructor.library):
        left = {k: each for k, each in optimizer.items() if k not in taken and not _reads(context, constructor, k)}
        built['optimizer'] = Table(left, optimizer.origins)
    return Table(built, value.origins)


def _reads(context: Context, constructor: Component, key: str) -> bool:
    """Tell whether a constructor of the user's own names a key that no optimizer has: it takes that for itself."""
    code = context.libraries.own.code
    if constructor.library or code is None or key in _OF_OPTIMIZERS:
        return False
    lineage = installation_of(context).mro(constructor.path)
    return any(code.names_key(path.rpartition('.')[0], key) for path in lineage)


def _initialized(context: Context, model: Table) -> Table:
    """Return a model without the parts in which there is no wrong `init_cfg`: of parts, nothing else is looked at."""
    right = context.memo('right parts').get
    parts = {
        key: each
        for key, each in model.items()
        if key in ('type', 'data_preprocessor', 'init_cfg')
        or not isinstance(each, (dict, list, tuple))
        or ('init_cfg' in words_in(context, each) and right(None, each) is None)
    }
    return Table(parts, model.origins)


def _is_other(context: Context, section: str) -> bool:
    """Tell whether a name is only a helper variable that happens to be called like a section."""
    return section in ('compile', 'strategy', 'experiment_name') and section in context.loads


def _item(top: Item, violation: Violation) -> Item:
    """Return the item that a violation is about; what is missing is reported where it should be."""
    item = top
    for part in violation.path:
        found = item.get(part)
        if found is None:
            return item
        item = found
    return item


def _trust(violation: Violation) -> Applicability:
    """Return how much a suggestion may be trusted: only a person can say whether a guess is what was meant."""
    return Applicability.SAFE if violation.certain else Applicability.UNSAFE


def _parts(violation: Violation) -> dict[str, Any]:
    """Return how bad a violation is and what MMEngine does, as arguments of `Context.report`."""
    severity = Severity[violation.severity.upper()]
    advice = violation.advice
    if violation.suggestion is not None and (advice is None or violation.certain):
        is_key = violation.kind == 'unknown-field'
        advice = Advice('write', violation.suggestion if is_key else repr(violation.suggestion))
    return {'severity': severity, 'raises': violation.raises, 'ignored': violation.ignored, 'advice': advice}
