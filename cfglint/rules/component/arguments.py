"""Arguments that a component does not take, or does not get."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeVar

from cfglint.catalog.successors import argument_instead
from cfglint.catalog.suggest import nearest_arguments
from cfglint.diagnostics import Advice, Applicability, Diagnostic, Severity
from cfglint.era import can_run
from cfglint.language.values import Lazy, Table
from cfglint.rules.cause import report_between
from cfglint.rules.claims import lacking
from cfglint.rules.component.faults import (
    Lacking,
    Mistyped,
    OutdatedArgument,
    Refused,
    Swallowed,
    faults,
    telling_of,
)
from cfglint.rules.component.unresolved_types import has_wrong_scope
from cfglint.rules.reading.items import is_beside, leftovers, replaced_type
from cfglint.rules.reading.lookup import Use, resolve
from cfglint.rules.reading.old_names import WARNED
from cfglint.rules.rule import rule
from cfglint.sections.wording import remove_or_rename

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.catalog.model import Signature
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

F = TypeVar('F', Lacking, Refused)
_READ_KEY_BY_KEY = frozenset({'ConcatDataset', 'RepeatDataset', 'ClassBalancedDataset'})
"""Wrappers of datasets that `build_dataset` of the 0.x libraries makes of the keys that it knows."""

_RENAMED = ('renamed-argument', 'renamed-dataset-argument', 'model-level-pretrained')
"""What tells of the arguments that 1.x has no more."""
OF_ARGUMENTS = (
    'unknown-argument',
    'misspelt-argument',
    'argument-set-by-subclass',
    'argument-of-replaced-type',
    *_RENAMED,
)
"""What tells of the arguments that a class does not take."""


@rule(
    raises='TypeError: got an unexpected keyword argument',
    for_legacy=True,
    tells=telling_of(Refused),
    yields_to=_RENAMED,
)
def unknown_argument(context: Context) -> Iterator[Diagnostic]:
    """An argument that the class does not take.

    MMEngine passes all keys of the dict to the constructor: `TypeError: got an unexpected keyword argument`.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', neck=dict(type='FPN', start_level=1, extra_blocks=2))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', neck=dict(type='FPN', start_level=1, add_extra_convs='on_input'))
    ```
    """
    for fault in _unexpected(context):
        if _near(fault) is None:
            parts = _raised(context, fault)
            needed = _only_needed(context, fault)
            parts['advice'] = _instead(context, fault, needed)
            parts['explains'] = () if needed is None else (lacking(fault.use.item, needed),)
            yield report_between(context, fault.item, (fault.use.type,), _words(context, fault), **parts)


def _instead(context: Context, fault: Refused, needed: str | None) -> Advice:
    """Return what to do with an argument that is not taken, and resembles none that is and is free.

    Args:
        context: The config.
        fault: The argument.
        needed: The one argument that is missing, if there is just one.
    """
    signature, name = fault.resolved.signature, fault.item.name
    given = nearest_arguments(signature, name, 1)
    if given:
        return Advice(f'remove it: `{given[0]}` is given as well')
    if needed is not None:
        return Advice('remove it, or if it should be the argument that is missing, write', needed)
    place = _inner_taker(context, fault) or _outer_taker(context, fault)
    if place is not None:
        return Advice(f'move it to `{place}`, which takes it')
    return remove_or_rename(name, list(signature.parameters))


@rule(
    raises='TypeError: got an unexpected keyword argument',
    fixable=True,
    for_legacy=True,
    tells=telling_of(Refused),
    yields_to=_RENAMED,
)
def misspelt_argument(context: Context) -> Iterator[Diagnostic]:
    """An argument that the class does not take, but nearly.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead', num_clases=3, in_channels=256))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead', num_classes=3, in_channels=256))
    ```
    """
    for fault in _unexpected(context):
        near = _near(fault)
        if near is not None:
            fix = context.replace_key(fault.item, near, f'Rename to `{near}`', Applicability.UNSAFE)
            advice, parts = Advice('write', near), _raised(context, fault)
            yield context.report(fault.item, _words(context, fault), misspelt=near, fix=fix, advice=advice, **parts)


@rule(raises='TypeError: got multiple values for keyword argument', for_legacy=True, tells=telling_of(Refused))
def argument_set_by_subclass(context: Context) -> Iterator[Diagnostic]:
    """An argument of a base class that the class itself sets.

    The class hands its other arguments on to its base, and sets this one there: given again, it is
    `TypeError: got multiple values for keyword argument`.

    ```py title="bad"
    default_scope = 'mmseg'
    model = dict(decode_head=dict(type='CCHead', in_channels=64, channels=16, num_classes=19, num_convs=2))
    ```

    ```py title="good"
    default_scope = 'mmseg'
    model = dict(decode_head=dict(type='CCHead', in_channels=64, channels=16, num_classes=19))
    ```
    """
    for fault in faults(context, Refused):
        owner = fault.resolved.signature.fixed.get(fault.item.name)
        if owner is not None and replaced_type(fault.item) is None:
            setter = owner.rpartition('.')[2]
            of = '' if setter == fault.resolved.component.name else f', in its base `{setter}`'
            message = f'`{fault.resolved.component.name}` sets `{fault.item.name}` itself{of}'
            raises = f"TypeError: got multiple values for keyword argument '{fault.item.name}'"
            advice = Advice('remove it')
            yield report_between(context, fault.item, (fault.use.type,), message, raises=raises, advice=advice)


@rule(severity=Severity.WARNING, fixable=True, tells=telling_of(Swallowed))
def swallowed_argument(context: Context) -> Iterator[Diagnostic]:
    """An argument that ends in a `**kwargs` which nothing reads: it has no effect.

    A warning where it looks like a misspelt one; else it is most likely a remainder, which does no harm.

    ```py title="bad"
    default_scope = 'mmseg'
    val_evaluator = dict(type='IoUMetric', iou_metric=['mIoU'])
    ```

    ```py title="good"
    default_scope = 'mmseg'
    val_evaluator = dict(type='IoUMetric', iou_metrics=['mIoU'])
    ```
    """
    remainders: dict[int, list[Swallowed]] = {}
    for fault in faults(context, Swallowed):
        old = replaced_type(fault.item)
        words = f'`{fault.resolved.component.name}` takes `{fault.item.name}` and does nothing with it'
        near = _near(fault)
        if old is not None:
            words = f"{words}: it is left over from the base's `{old}`"
            advice = Advice('to replace the whole dict of the base, add', '_delete_=True')
            yield report_between(context, fault.item, (fault.use.type,), words, severity=Severity.INFO, advice=advice)
        elif near is not None:
            fix = context.replace_key(fault.item, near, f'Rename to `{near}`', Applicability.UNSAFE)
            yield context.report(fault.item, words, misspelt=near, fix=fix, advice=Advice('write', near))
        else:
            remainders.setdefault(id(fault.use.item.value), []).append(fault)
    for found in remainders.values():
        yield _remainders(context, found)


_SHOWN_REMAINDERS = 3


def _remainders(context: Context, found: list[Swallowed]) -> Diagnostic:
    """Tell of the arguments of one component that resemble none that it reads."""
    names = [f'`{fault.item.name:.40}`' for fault in found]
    if len(names) > _SHOWN_REMAINDERS:
        names = [*names[: _SHOWN_REMAINDERS - 1], f'{len(names) - _SHOWN_REMAINDERS + 1} more']
    listed = names[0] if len(names) == 1 else f'{", ".join(names[:-1])} and {names[-1]}'
    it = 'it' if len(found) == 1 else 'them'
    words = f'`{found[0].resolved.component.name}` takes {listed} and does nothing with {it}'
    return context.report(found[0].item, words, severity=Severity.INFO, advice=Advice(f'remove {it}'))


@rule(severity=Severity.WARNING, fixable=True, for_legacy=True, tells=telling_of(Mistyped))
def wrong_argument_type(context: Context) -> Iterator[Diagnostic]:
    """A string for an argument that its class declares to be a number or a bool.

    MMEngine hands the string on: most classes fail on it somewhere, with an error that does not name the config; any
    string, `'False'` too, counts as true.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead', num_classes=3, in_channels=256, stacked_convs='4'))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead', num_classes=3, in_channels=256, stacked_convs=4))
    ```
    """
    for fault in faults(context, Mistyped):
        if has_wrong_scope(context, fault.use):
            continue
        name, value = fault.item.name, fault.item.value
        message = f'`{name}` of `{fault.resolved.component.name}` must be {fault.wanted}, got `{value!r:.40}`'
        meant = _literal(value, fault.wanted)
        advice = Advice(f'write {fault.wanted}')
        fix = None
        if meant is not None:
            advice = Advice('write', meant)
            fix = context.replace_value(fault.item, meant, f'Write `{meant}`', anywhere=True)
        yield context.report(fault.item, message, at='value', advice=advice, fix=fix)


def _literal(text: str, wanted: str) -> str | None:
    """Return what the quotes were put around, if it is what is wanted."""
    if wanted == 'a bool':
        return str(text.lower() in ('true', 'yes', 'on', '1'))
    integer, number = r'-?[0-9]+', r'-?[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?'
    return text if re.fullmatch(integer if wanted == 'an integer' else number, text) else None


@rule(severity=Severity.INFO, tells=telling_of(OutdatedArgument))
def deprecated_argument(context: Context) -> Iterator[Diagnostic]:
    """An argument that still works, with a warning that it is deprecated.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(neck=dict(type='FPN', in_channels=[8], out_channels=8, num_outs=1),
                 loss=dict(type='IoULoss', linear=True))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(neck=dict(type='FPN', in_channels=[8], out_channels=8, num_outs=1),
                 loss=dict(type='IoULoss', mode='linear'))
    ```
    """
    for fault in faults(context, OutdatedArgument):
        name, signature = fault.item.name, fault.resolved.signature
        component = fault.resolved.component.name
        if name == 'file_client_args' and component in WARNED:
            continue  # the family of what is deprecated tells of it
        new = signature.renamed.get(name)
        if new is None:
            parameter = signature.parameters[name]
            if repr(fault.item.value) != parameter.default:
                message = f'`{component}` warns that `{name}` is deprecated'
                yield context.report(fault.item, message, advice=_as_warned(parameter.deprecated))
            continue
        fix = (
            None
            if '.' in new or new in fault.use.item.value
            else context.replace_key(fault.item, new, f'Rename to `{new}`')
        )
        message = f'`{name}` of `{component}` is called `{new}` now; the old name still works'
        advice = Advice('write', new) if fix is not None else Advice(f'give `{new}` instead')
        yield context.report(fault.item, message, advice=advice, fix=fix)


def _as_warned(words: str | None) -> Advice | None:
    """Return what to do about what is deprecated: its warning says it."""
    note = (words or '').removeprefix('DeprecationWarning: ')
    return Advice(f'do as it says: {note}') if note else None


@rule(raises='TypeError: got an unexpected keyword argument', for_legacy=True, tells=telling_of(Refused))
def argument_of_replaced_type(context: Context) -> Iterator[Diagnostic]:
    """The `type` was changed in a child, and an argument of the base's type is left over.

    MMEngine merges dicts key by key. A child that only sets another `type` keeps all other keys of the base, and the new
    class fails on them: `TypeError: got an unexpected keyword argument`.

    ```py title="bad/base.py"
    default_scope = 'mmdet'
    model = dict(backbone=dict(type='ResNet', depth=50))
    ```

    ```py title="bad/config.py"
    _base_ = 'base.py'
    model = dict(backbone=dict(type='SwinTransformer'))
    ```

    ```py title="good/base.py"
    default_scope = 'mmdet'
    model = dict(backbone=dict(type='ResNet', depth=50))
    ```

    ```py title="good/config.py"
    _base_ = 'base.py'
    model = dict(backbone=dict(_delete_=True, type='SwinTransformer'))
    ```
    """
    refused = {fault.item.key: fault for fault in faults(context, Refused)}
    for old, (first, *others) in leftovers(fault.item for fault in refused.values()):
        fault = refused[first.key]
        if context.is_legacy and fault.resolved.component.name in _READ_KEY_BY_KEY:
            continue  # what `build_dataset` does not read of a base is not missed
        yield context.report_leftover(first, _words(context, fault), old, others, **_raised(context, fault))


@rule(
    scope='entry',
    raises='TypeError: missing 1 required positional argument',
    tells=telling_of(Lacking),
    yields_to=('unknown-argument', *_RENAMED),
)
def missing_argument(context: Context) -> Iterator[Diagnostic]:
    """An argument without which the class cannot be built.

    MMEngine fails with `TypeError: missing 1 required positional argument`. Not reported for a config without data, which
    cannot run: a child may give the argument.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(backbone=dict(type='ResNet', num_stages=4))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(backbone=dict(type='ResNet', depth=50))
    ```
    """
    if context.partial is not None or not can_run(context):
        return
    for fault in faults(context, Lacking):
        if has_wrong_scope(context, fault.use) or _is_completed(fault):
            continue
        message = f'`{fault.resolved.component.name}` needs `{fault.name}`'
        raises = f"TypeError: missing 1 required positional argument: '{fault.name}'"
        advice = Advice(f'add `{fault.name}=…` beside the `type`')
        about = lacking(fault.use.item, fault.name)
        yield context.report(fault.use.type, message, at='value', raises=raises, advice=advice, about=about)


def _is_completed(fault: Lacking) -> bool:
    """Tell whether a layer is one of a module that knows its normalization: `ConvLNModule` of mmagic completes it."""
    return fault.use.item.parent is not None and fault.use.item.parent.name == 'conv_module_cfg'


def _unexpected(context: Context) -> Iterator[Refused]:
    """Yield the arguments that a class does not take, but those that it sets itself or that are left over from another."""
    for fault in faults(context, Refused):
        known = fault.item.name in fault.resolved.signature.fixed or replaced_type(fault.item) is not None
        if not known and not has_wrong_scope(context, fault.use):
            yield fault


def _words(context: Context, fault: Refused) -> str:
    component = fault.resolved.component
    release = f' of {component.library} {component.release}' if component.library else ''
    if context.libraries.own.holds(component.module):
        release = f' of the {component.module.partition(".")[0]} in this repository'
    return f'`{component.name}`{release} does not take `{fault.item.name:.40}`'


def _raised(context: Context, fault: Refused) -> dict[str, Any]:
    """Return what becomes of an argument that is not taken, as parts of a report."""
    if context.is_legacy and fault.resolved.component.name in _READ_KEY_BY_KEY:
        return {'ignored': True}  # `build_dataset` reads other keys only
    return {'raises': f"TypeError: got an unexpected keyword argument '{fault.item.name:.40}'"}


def _near(fault: Refused | Swallowed) -> str | None:
    """Return the argument that was meant: the new name of an old one, or the nearest that is not given beside it."""
    known = fault.resolved.component
    renamed = argument_instead(known.name, known.scope, fault.item.name)
    if renamed is not None and not fault.resolved.signature.accepts(renamed):
        renamed = None  # it has that name since another release
    near = [renamed] if renamed is not None else nearest_arguments(fault.resolved.signature, fault.item.name)
    return next((name for name in near if not is_beside(fault.item, name)), None)


def _only_needed(context: Context, fault: Refused) -> str | None:
    """Return the one argument that a component lacks where it is given exactly one that it does not take."""
    table = fault.use.item.value
    names = [
        each.name for each in context.once('lacking by dict', lambda: _by_dict(faults(context, Lacking)))[id(table)]
    ]
    refused = context.once('refused by dict', lambda: _by_dict(faults(context, Refused)))[id(table)]
    return names[0] if len(names) == len(refused) == 1 else None


def _by_dict(found: list[F]) -> defaultdict[int, list[F]]:
    """Return faults by the identity of the dict that describes the component."""
    by_dict = defaultdict[int, list[F]](list)
    for each in found:
        by_dict[id(each.use.item.value)].append(each)
    return by_dict


def _inner_taker(context: Context, fault: Refused) -> str | None:
    """Return the key of a component one level down that takes the argument: wrappers hide what they wrap."""
    use = fault.use
    inside = context.once(f'inside {use.scope}:{use.item.key}', lambda: _inside(context, use))
    return next((key for key, signature in inside if signature.accepts(fault.item.name)), None)


def _inside(context: Context, use: Use) -> list[tuple[str, Signature]]:
    """Return the keys of the components one level down, and what these take."""
    found = []
    for child in use.item.items():
        kind = child.get('type') if isinstance(child.value, Table) else None
        if kind is None or not isinstance(kind.value, (str, Lazy)):
            continue
        inner = resolve(context, Use(child, kind, None, use.scope, child.name))
        if inner is not None:
            found.append((child.key, inner.signature))
    return found


def _outer_taker(context: Context, fault: Refused) -> str | None:
    """Return the key of the component around that takes the argument."""
    outer: Item | None = fault.use.item.parent
    while outer is not None and outer.parent is not None and not isinstance(outer.value, Table):
        outer = outer.parent
    kind = None if outer is None or outer.parent is None else outer.get('type')
    if outer is None or kind is None or not isinstance(kind.value, (str, Lazy)):
        return None
    around = resolve(context, Use(outer, kind, None, fault.use.scope, outer.name))
    takes = around is not None and around.signature.accepts(fault.item.name)
    return outer.key if takes and fault.item.name not in outer.value else None
