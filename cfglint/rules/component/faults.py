"""What is wrong with the components of a config, found in one walk; the rules of this family tell of one kind each."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache, partial
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from cfglint.catalog import Extra, Missing
from cfglint.catalog.conditions import Undecided, conditions_of, holds
from cfglint.catalog.resolution import is_own_too
from cfglint.language.values import Lazy, is_plain
from cfglint.rules.declaration import MAX_OF_A_RULE, Kind
from cfglint.rules.reading.lookup import Use, installation_of, is_newer_than_copy, resolve
from cfglint.rules.reading.model_settings import is_model_setting
from cfglint.rules.reading.uses import collect

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from cfglint.catalog.conditions import Condition
    from cfglint.catalog.model import Resolved
    from cfglint.language.values import Table
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


class Unresolved(NamedTuple):
    """A `type` that nothing has: a name in no registry, or a class that its module does not define."""

    use: Use
    absent: Missing | None


class Refused(NamedTuple):
    """An argument that a component does not take."""

    use: Use
    resolved: Resolved
    item: Item


class Swallowed(NamedTuple):
    """An argument that ends in a `**kwargs` which nothing reads."""

    use: Use
    resolved: Resolved
    item: Item


class Lacking(NamedTuple):
    """An argument that a component needs and does not get."""

    use: Use
    resolved: Resolved
    name: str


class OutdatedArgument(NamedTuple):
    """An argument that still works, with a warning."""

    use: Use
    resolved: Resolved
    item: Item


class Mistyped(NamedTuple):
    """A string for an argument that is declared to be a number or a switch."""

    use: Use
    resolved: Resolved
    item: Item
    wanted: str


class Denied(NamedTuple):
    """Values of arguments with which the constructor of a component raises."""

    use: Use
    resolved: Resolved
    condition: Condition


class OutdatedType(NamedTuple):
    """A component that still works, with a warning."""

    use: Use
    resolved: Resolved


class Own(NamedTuple):
    """A component of the user's own code."""

    use: Use
    resolved: Resolved


Fault = Unresolved | Refused | Swallowed | Lacking | OutdatedArgument | Mistyped | Denied | OutdatedType | Own
F = TypeVar('F', Unresolved, Refused, Swallowed, Lacking, OutdatedArgument, Mistyped, Denied, OutdatedType, Own)


def faults(context: Context, kind: type[F]) -> list[F]:
    """Return the faults of one kind, outer components first."""
    return _by_kind(context).get(kind, [])


def telling_of(kind: type[Fault]) -> Kind:
    """Return what to declare of a rule that has nothing to say where there is no fault of a kind."""
    return Kind(_by_kind, kind)


def _by_kind(context: Context) -> dict[type, list[Any]]:
    """Return all faults of a config by kind."""
    return context.once('faults', lambda: _sorted(context, _found(context)))


def _found(context: Context) -> list[Fault]:
    if is_newer_than_copy(context):
        return []
    found = [make(use) for use, make in collect(context, 'faults', lambda use: _faults_of(context, use))]
    if not context.is_scope_guessed:
        return found
    unknown = tuple(f'{each.use.item.key}.' for each in found if isinstance(each, Unresolved))
    return [each for each in found if _is_sure(context, each) and not each.use.item.key.startswith(unknown)]


def _is_sure(context: Context, fault: Fault) -> bool:
    """Tell whether a fault is one in whatever config inherits the fragment: that may add arguments, and import classes."""
    return isinstance(fault, (Refused, Swallowed, Mistyped)) and not is_own_too(
        context.libraries, str(fault.use.type.value), fault.use.registry
    )


def _sorted(context: Context, found: list[Fault]) -> dict[type, list[Any]]:
    """Sort faults by kind, but those inside of an argument that is refused: it is not known what they are for."""
    by_kind: dict[type, list[Fault]] = {}
    refused = {
        fault.item.key for fault in found if isinstance(fault, Refused) and isinstance(fault.item.value, (dict, list))
    }
    handed_over = _is_handed_over(found)
    for fault in found:
        key = fault.use.item.key
        if handed_over and isinstance(fault, Refused) and key == 'model.data_preprocessor':
            continue
        section = key.partition('.')[0]
        if section in ('train_cfg', 'test_cfg') and is_model_setting(context, section):
            continue  # the settings of a model, in the wrong place
        if isinstance(fault, Refused) and (_is_read_by_training(fault) or _is_taken_away(context, fault)):
            continue
        if isinstance(fault, (Refused, Swallowed, Lacking)) and _is_built_by_hand(context, fault.resolved):
            continue
        if refused.isdisjoint(_and_holders(fault.use.item)):
            by_kind.setdefault(type(fault), []).append(fault)
    return by_kind


def _and_holders(item: Item) -> Iterator[str]:
    """Yield the key of an item, and of all that hold it."""
    holder: Item | None = item
    while holder is not None:
        yield holder.key
        holder = holder.parent


_OF_DETECTION = ('mmdet', 'mmdet3d', 'mmrotate')


def _is_read_by_training(fault: Refused) -> bool:
    """Tell whether `train_detector` of 0.x, and the tools that test, take an argument away before they build a dataset."""
    return fault.resolved.component.scope in _OF_DETECTION and fault.item.key in (
        'data.val.samples_per_gpu',
        'data.test.samples_per_gpu',
    )


def _is_taken_away(context: Context, fault: Refused) -> bool:
    """Tell whether a class that holds a component, in a copy of its library, names the argument: it may take it away.

    What the user's own classes do is followed; a class of a copy that looks like the library's may differ inside.
    """
    if not context.libraries.own.has_libraries or not isinstance(fault.item.name, str):
        return False
    holder = fault.use.item.parent
    while holder is not None and holder.type_name is None:
        holder = holder.parent
    kind = None if holder is None else holder.type_name
    if kind is None:
        return False
    installation = installation_of(context)
    found = installation.find(kind, None, fault.use.scope)
    return found is not None and any(
        context.libraries.own.names_key(path.rpartition('.')[0], fault.item.name)
        for path in installation.mro(found.path)
    )


def _is_built_by_hand(context: Context, resolved: Resolved) -> bool:
    """Tell whether a builder of the user's asks for a class of the user's by its name: it may call it with anything."""
    local = context.libraries.own.code
    return resolved.component.library == '' and local is not None and local.is_named_by_builder(resolved.component.name)


def _is_handed_over(found: list[Fault]) -> bool:
    """Tell whether the model is a class of the user's: it may take some of the data preprocessor's arguments away.

    BEVFusion (`projects/` of mmdet3d) does so before it calls `BaseModel.__init__`.
    """
    return any(isinstance(fault, (Unresolved, Own)) and fault.use.item.key == 'model' for fault in found)


Make = Callable[[Use], Fault]
"""Makes a fault of the use in a config: what is kept of a dict must not know in which config it was found."""


def _faults_of(context: Context, use: Use) -> list[Make]:
    resolved = resolve(context, use)
    handling = use.handling
    if handling is not None and handling.is_open:
        # Nobody knows what becomes of the dict, nor whether it is built from a registry at all.
        return [partial(Own, resolved=resolved)] if resolved is not None and resolved.component.library == '' else []
    if resolved is None:
        value = use.type.value
        absent = installation_of(context).by_path(value.name) if isinstance(value, Lazy) else None
        return [partial(Unresolved, absent=absent if isinstance(absent, Missing) else None)]
    found: list[Make] = []
    component, table = resolved.component, use.item.value
    if component.library == 'mmengine' and not context.libraries.checks_mmengine and not _hands_on(resolved):
        return found  # these are checked against the section models
    given = table.keys() if handling is None else table.keys() - handling.taken
    if component.library == '':
        found.append(partial(Own, resolved=resolved))
    if component.deprecated is not None:
        found.append(partial(OutdatedType, resolved=resolved))
    if not given <= resolved.taken:
        found += _others([name for name in table if name in given], resolved)
    if not resolved.outdated.isdisjoint(given):
        found += [_about(OutdatedArgument, resolved, name) for name in resolved.outdated & given]
    if component.library:
        texts = [name for name, value in table.items() if type(value) is str and name != 'type']
        if texts:
            found += _mistyped(table, texts, resolved)
        found += _denied(context, table, resolved)
    lacking = _lacking(use, resolved)
    if lacking:
        found += [
            partial(Lacking, resolved=resolved, name=name) for name in resolved.signature.required if name in lacking
        ]
    return found


def _hands_on(resolved: Resolved) -> bool:
    """Tell whether a class of MMEngine hands its arguments on to one of a library: `EMAHook` to its `ema_type`."""
    owners = {each.owner.partition('.')[0] for each in resolved.signature.parameters.values()}
    return not owners <= {'mmengine', 'torch', ''}


def _about(kind: Callable[..., Fault], resolved: Resolved, name: str, **more: str) -> Make:
    return lambda use: kind(use, resolved, _argument(use, name), **more)


def _lacking(use: Use, resolved: Resolved) -> Set[str]:
    """Return the arguments that nobody gives."""
    lacking = resolved.needed - use.item.value.keys()
    handling = use.handling
    if not lacking or handling is None:
        return lacking
    return frozenset() if handling.gives_more else lacking - handling.given


def _others(given: list[str], resolved: Resolved) -> Iterator[Make]:
    """Yield the arguments that are no parameters."""
    if resolved.component.registry == 'OPTIMIZERS' and 'constructor' in given:
        return  # 0.x: the constructor may take them out before the optimizer is built
    for name in islice((name for name in given if name not in resolved.taken), MAX_OF_A_RULE + 1):
        if resolved.extra is Extra.REFUSED or name in resolved.signature.fixed:
            yield _about(Refused, resolved, name)
        elif resolved.extra is Extra.IGNORED:
            yield _about(Swallowed, resolved, name)


_SWITCHES = frozenset({'true', 'false', 'yes', 'no', 'on', 'off', '0', '1'})
_MODES = frozenset({'auto', 'default', 'dynamic', 'none'})
_LITERAL = re.compile(r'-?[0-9.]+(?:e-?[0-9]+)?')
_NUMBER = re.compile(r'(?:Optional\[)?(?:int|float|Union\[(?:int, ?float|float, ?int)\])\]?(?: \| None)?')


@lru_cache(maxsize=2048)
def declared(annotation: str | None, default: str | None) -> str | None:
    """Return what an argument has to be, if its annotation (or else its default) says a number or a switch and no more."""
    if annotation is None:
        if default in ('True', 'False'):
            return 'a bool'
        return 'a number' if _LITERAL.fullmatch(default or '') is not None else None
    if annotation in ('bool', 'Optional[bool]', 'bool | None'):
        return 'a bool'
    if _NUMBER.fullmatch(annotation) is None:
        return None
    return 'a number' if 'float' in annotation else 'an integer'


def _mistyped(table: Table, texts: list[str], resolved: Resolved) -> Iterator[Make]:
    """Yield those of the arguments with texts that should be something else."""
    for name in texts:
        parameter = resolved.signature.parameters.get(name)
        wanted = None if parameter is None else declared(parameter.annotation, parameter.default)
        if wanted is None or parameter is None or (wanted == 'a bool' and table[name].lower() not in _SWITCHES):
            continue
        # A default alone does not tell that there are no words for an argument: `loss_scale='dynamic'`.
        if parameter.annotation is not None or table[name].lower() not in _MODES:
            yield _about(Mistyped, resolved, name, wanted=wanted)


def _denied(context: Context, table: Table, resolved: Resolved) -> Iterator[Make]:
    """Yield what the constructor demands, and what is not so."""
    conditions = () if context.is_legacy else conditions_of(resolved.component.path)
    for condition in conditions:
        given = [name for name in condition.names if name in table]
        try:
            if given and not holds(condition, _values(table, condition, resolved)):
                yield partial(Denied, resolved=resolved, condition=condition)
        except Undecided:
            continue


def _values(table: Table, condition: Condition, resolved: Resolved) -> dict[str, Any]:
    """Return the arguments that a condition asks for, as far as they are known."""
    values = {}
    for name in condition.names:
        if name in table:
            if is_plain(table[name]):
                values[name] = table[name]
        else:
            parameter = resolved.signature.parameters.get(name)
            with suppress(SyntaxError, ValueError):
                values[name] = ast.literal_eval('' if parameter is None else parameter.default or '')
    return values


def _argument(use: Use, name: str) -> Item:
    item = use.item.get(name)
    assert item is not None
    return item
