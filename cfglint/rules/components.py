"""The registered components that a config builds: every dict with a `type`, against what the libraries have.

Configs share most of their dicts with others, so what is found below a dict is kept for all that hold it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from cfglint.catalog import Component, Extra, Signature
from cfglint.catalog.framework import NAMED_PARTS, holds_plain, injected, plain
from cfglint.catalog.suggest import nearest
from cfglint.era import can_run
from cfglint.language.values import Array, ConfigTable, Lazy, OpenTable, Row, Table
from cfglint.rules.reading.items import Item, item_at, type_name
from cfglint.rules.reading.legacy_scope import UNKNOWN
from cfglint.sections.table import BUILT, LEGACY_BUILT, LOADERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from cfglint.catalog import Installation
    from cfglint.catalog.containers import Handling
    from cfglint.catalog.run_libraries import Libraries
    from cfglint.rules.context import Context

T = TypeVar('T')
Holder = tuple[str, tuple[str, ...]]
"""The path of a class of the user's own, and keys below its dict."""

_new: Any = tuple.__new__  # takes a third of the time of a named tuple's own


class Use(NamedTuple):
    """A component that a config builds.

    Attributes:
        item: The dict with the `type`.
        type: The item of the `type`: a string, or the `Lazy` class of a pure-Python config.
        registry: The registry in which MMEngine looks it up; none where the place does not tell.
        scope: The scope from which it is looked up.
        slot: The key below which it stands (that of the list, for an item of a list, or of a dict of named parts).
        handling: What the class of the user's own that holds it does with it; none where no such class does.
    """

    item: Item
    type: Item
    registry: str | None
    scope: str
    slot: str
    handling: Handling | None = None


class Resolved(NamedTuple):
    """What a `type` stands for.

    Attributes:
        component: The class or function, in the targeted release.
        signature: What building it takes.
        taken: The keys that may stand in its dict.
        extra: What happens to other keys.
        needed: The keys that have to be there.
        outdated: The keys that still work, with a warning.
    """

    component: Component
    signature: Signature
    taken: frozenset[str]
    extra: Extra
    needed: frozenset[str]
    outdated: frozenset[str]


class _Place:
    """What the way to a value tells of it. There is one of a kind, so that what is kept of a place is found quickly.

    Attributes:
        registry: The registry in which a type is looked up; none where the place does not tell.
        scope: The scope from which it is looked up.
        slot: The key below which the value stands.
        below: The section, directly below which keys have their own meaning; else empty.
        holder: The class of the user's own that gets the value, with the keys at which it stands; none without one.
        inside: The places of what stands at the keys of a dict that is here.
    """

    __slots__ = ('below', 'holder', 'inside', 'registry', 'scope', 'slot')

    def __init__(
        self, registry: str | None, scope: str, slot: str, below: str, holder: Holder | None, places: _Places
    ) -> None:
        self.registry = registry
        self.scope = scope
        self.slot = slot
        self.below = below
        self.holder = holder
        self.inside = _Inside(self, places)


class _Places(dict[tuple['str | None', str, str, str, 'Holder | None'], _Place]):
    """All places, by registry, scope, slot, section and holder; made when they are asked for.

    Args:
        anywhere: What a key below a component means, whatever the component.
    """

    def __init__(self, anywhere: Mapping[str, str]) -> None:
        super().__init__()
        self.anywhere = anywhere

    def __missing__(self, key: tuple[str | None, str, str, str, Holder | None]) -> _Place:
        place = self[key] = _Place(*key, self)
        return place


class _Inside(dict[Any, _Place]):
    """The places in a dict, by key; made when they are asked for."""

    __slots__ = ('_outer', '_places')

    def __init__(self, outer: _Place, places: _Places) -> None:
        super().__init__()
        self._outer = outer
        self._places = places

    def __missing__(self, name: Any) -> _Place:
        place = self[name] = self._places[(*_place_in(self._outer, name, self._places.anywhere), None)]
        return place


_BUILT_OR_BOUND: dict[str, str | None] = {
    **BUILT,
    **dict.fromkeys(('train_dataset', 'val_dataset', 'test_dataset'), 'DATASETS'),
    **dict.fromkeys(
        ('train_pipeline', 'val_pipeline', 'test_pipeline', 'train_pipeline_stage1', 'train_pipeline_stage2'),
        'TRANSFORMS',
    ),
}
"""What MMEngine builds, and the variables of which configs commonly make parts of it."""
_LEGACY_SECTIONS: dict[str, str | None] = {'model': None, 'custom_hooks': 'HOOKS', **LEGACY_BUILT}
_DATALOADER: dict[str, str | None] = {
    'sampler': 'DATA_SAMPLERS',
    'batch_sampler': 'DATA_SAMPLERS',
    'dataset': 'DATASETS',
    'collate_fn': 'FUNCTIONS',
}
_BELOW: dict[str, dict[str, str | None]] = {
    **dict.fromkeys(LOADERS, _DATALOADER),
    'optim_wrapper': {'optimizer': 'OPTIMIZERS'},
    'optim_wrappers': {'optimizer': 'OPTIMIZERS', 'paramwise_cfg': None},
    'default_hooks': {},
    'log_config': {'hooks': 'HOOKS'},
}
_ANYWHERE: dict[str, str] = {
    'pipeline': 'TRANSFORMS',
    'dataset': 'DATASETS',
    'datasets': 'DATASETS',
    'vis_backends': 'VISBACKENDS',
    'init_cfg': 'WEIGHT_INITIALIZERS',
    'data_preprocessor': 'MODELS',
    'metrics': 'METRICS',
    'norm_cfg': 'MODELS',
    'act_cfg': 'MODELS',
    'conv_cfg': 'MODELS',
}
"""What a key below a component means, whatever the component."""
_CONTAINERS = frozenset({Table, ConfigTable, OpenTable, Array, Row})


class _Found(NamedTuple):
    """What is said of a component: the way to it from where one is, and where it stands."""

    path: tuple[Any, ...]
    place: _Place
    what: Any


def collect(context: Context, name: str, visit: Callable[[Use], Iterable[T]]) -> list[tuple[Use, T]]:
    """Return what `visit` says of every component of a config's sections, outer ones first, with the component.

    What it says of a dict is kept under `name` for all configs that share the dict, wherever they have it. So it must
    depend on the dict, the registry, the scope and the libraries only: the items of the use that `visit` is given know
    nothing of what is around them. A fragment without a `default_scope` has no components: only the configs that inherit
    it tell what its types mean. So it is where a base is not known.
    """
    if context.is_legacy:
        return _collect_legacy(context, name, visit)
    if 'default_scope' not in context and (context.partial or not (can_run(context) or context.style == 'lazy')):
        return []
    imports = context.own_imports
    walk = _Walk(context, f'{name} {imports}' if imports else name, visit)
    scope = context.scope
    uses: list[tuple[Use, T]] = []
    sections = BUILT if context.era in ('0.x', 'mixed') else _BUILT_OR_BOUND  # of what is migrated, the sections tell
    for section, value, registry in context.present(sections):
        place = walk.places[registry, scope, section, _below(section, value), None]
        found = walk.below(value, place) if type(value) in _CONTAINERS else []
        uses += [(_use(context, item_at(context.root, (section, *each.path)), each.place), each.what) for each in found]
    return uses


def _collect_legacy(context: Context, name: str, visit: Callable[[Use], Iterable[T]]) -> list[tuple[Use, T]]:
    """Do the same for a config of 0.x: of most places it is not known in which of a library's registries is looked."""
    scope = context.scope
    if scope == UNKNOWN:
        return []
    walk = _Walk(context, name, visit)
    uses: list[tuple[Use, T]] = []
    for section, value, registry in context.present(_LEGACY_SECTIONS):
        place = walk.places[registry, scope, section, section if section in _BELOW else '', None]
        found = walk.below(value, place) if type(value) in _CONTAINERS else []
        uses += [(_use(context, item_at(context.root, (section, *each.path)), each.place), each.what) for each in found]
    return uses


class Where(NamedTuple):
    """Where a value stands, as far as the way to it tells.

    Attributes:
        registry: The registry in which a type is looked up; none where the place does not tell.
        scope: The scope from which it is looked up.
        slot: The key below which the value stands.
    """

    registry: str | None
    scope: str
    slot: str


def where(context: Context, path: Sequence[str | int]) -> Where | None:
    """Return where the value at a path stands, which need not be there; None where nothing is built from the section."""
    section, *keys = path
    sections = _LEGACY_SECTIONS if context.is_legacy else _BUILT_OR_BOUND
    if not isinstance(section, str) or section not in sections:
        return None
    value = context.value(section)
    places: _Places = _Places({} if context.is_legacy else _ANYWHERE)
    place = places[sections[section], context.scope, section, _below(section, value), None]
    for key in keys:
        if isinstance(value, Table) and isinstance(value.get('_scope_'), str):
            place = places[place.registry, value['_scope_'], place.slot, place.below, None]
        if isinstance(key, str):
            place = place.inside[key]
            value = value.get(key) if isinstance(value, Table) else None
        else:
            value = value[key] if isinstance(value, (Array, Row)) and key < len(value) else None
    return Where(place.registry, place.scope, place.slot)


def _use(context: Context, item: Item, place: _Place) -> Use:
    kind = item.get('type')
    assert kind is not None
    handling = None if place.holder is None else context.libraries.handling(place.holder)
    return Use(item, kind, place.registry, place.scope, place.slot, handling)


def _below(section: str, value: Any) -> str:
    """Return what the keys directly below a section mean: its name in `_BELOW`, or none."""
    if section == 'optim_wrapper' and isinstance(value, Table) and type_name(value.get('constructor')) in _SEPARATE:
        return 'optim_wrappers'
    return section if section in _BELOW else ''


_SEPARATE = frozenset({'MultiOptimWrapperConstructor', 'SeparateOptimWrapperConstructor', 'GenOptimWrapperConstructor'})
"""Constructors of the libraries that make an optimizer wrapper of each dict in their section."""


class _Walk(Generic[T]):
    """Visits the components of a config; what is known of a dict is not looked at again."""

    def __init__(self, context: Context, name: str, visit: Callable[[Use], Iterable[T]]) -> None:
        self._context = context
        self.places: _Places = context.shared(
            'places', context.libraries, lambda: _Places({} if context.is_legacy else _ANYWHERE)
        )
        self._memo = context.memo(name)
        self._visit = visit
        self._nothing: set[Any] = context.shared((name, context.scope), context.libraries, set)
        """What kind of dicts there is nothing to say of: the type, the place, the keys and the strings; see `_kind_of`."""

    def below(self, value: Any, place: _Place) -> list[_Found]:
        """Visit what is in a dict or list."""
        is_table = isinstance(value, Table)
        if not is_table and _CONTAINERS.isdisjoint(map(type, value)):
            return []  # of numbers, as most lists are: looking for what is known of it would take longer
        known = self._memo.get(place, value)
        if known is None:
            found = self._in_table(value, place) if is_table else self._in_list(value, place)
            known = self._memo.keep(place, value, found)
        return known

    def _in_list(self, values: Any, place: _Place) -> list[_Found]:
        found: list[_Found] = []
        for index, value in enumerate(values):
            if type(value) in _CONTAINERS and (inner := self.below(value, place)):
                found += _from(index, inner)
        return found

    def _in_table(self, table: Table, place: _Place) -> list[_Found]:
        found: list[_Found] = []
        kind = table.get('type')
        if '_scope_' in table and isinstance(table['_scope_'], str):
            # Without a type, it tells what the parts are for that get this dict.
            place = self.places[place.registry, table['_scope_'], place.slot, place.below, place.holder]
        holder = place.holder
        same = _kind_of(table, place) if holder is None and isinstance(kind, (str, Lazy)) else None
        if same not in self._nothing and isinstance(kind, (str, Lazy)):
            called = kind if isinstance(kind, str) else kind.name
            if plain(called, place.slot):
                return found
            handling = None
            if holder is not None:
                handling = self._context.libraries.handling(holder)
                place = self._built_in(place, handling)
            item = _new(Item, ('', table, None, None))
            type_ = _new(Item, ('type', kind, None, item))
            use = _new(Use, (item, type_, place.registry, place.scope, place.slot, handling))
            found += [_Found((), place, what) for what in self._visit(use)]
            if holds_plain(called):
                return found
            resolved = resolve(self._context, use)
            holder = _holder(resolved)
            if not found and same is not None and holder is None and resolved and resolved.signature.built is None:
                self._nothing.add(same)
        if _CONTAINERS.isdisjoint(map(type, table.values())):
            return found
        slot = place.slot if kind is None and place.slot in NAMED_PARTS else None
        inside = place.inside
        for key, value in table.items():
            if type(value) not in _CONTAINERS or not value:
                continue
            at = inside[slot or key]
            if holder is not None:
                at = self.places[at.registry, at.scope, at.slot, at.below, (holder[0], (*holder[1], str(key)))]
            if inner := self.below(value, at):
                found += _from(key, inner)
        return found

    def _built_in(self, place: _Place, handling: Handling) -> _Place:
        """Return the place of what is built from a registry of the user's own, which has no parent."""
        key = None if handling.registry is None else self._context.libraries.own_root(handling.registry)
        if key is None:
            return place
        registry, _, scope = key.partition('@')
        return self.places[registry, scope, place.slot, place.below, place.holder]


def _kind_of(table: Table, place: _Place) -> tuple[Any, ...]:
    """Return what is the same in dicts of which the same is said: configs have thousands of components of a few kinds."""
    strings = [value if type(value) is str else None for value in table.values()]
    return place, table['type'], tuple(table), tuple(strings)


def holder_of(context: Context, use: Use) -> Holder | None:
    """Return how to ask what a component does with what it holds: only the code of the user's own ones is looked into.

    Following hundreds of classes of a copy takes longer than all else: see `faults`, which asks where something is wrong.
    """
    return _holder(resolve(context, use))


def _holder(resolved: Resolved | None) -> Holder | None:
    return None if resolved is None or resolved.component.library else (resolved.component.path, ())


def _is_of_tree(context: Context, component: Component) -> bool:
    """Tell whether a component is defined in the user's tree, in a copy of a library too, or whether that is not known."""
    return not component.library or context.libraries.holds(component.module)


def _from(key: Any, found: list[_Found]) -> list[_Found]:
    """Return what was found in a value, as seen from the dict or list that has it at `key`."""
    return [_Found((key, *path), place, what) for path, place, what in found]


def _place_in(outer: _Place, name: Any, anywhere: Mapping[str, str]) -> tuple[str | None, str, str, str]:
    """Return the place of what stands at the key `name` of a dict: registry, scope, slot and section."""
    if outer.below:
        below = _BELOW[outer.below]
        if name in below:
            return below[name], outer.scope, name, ''
        if outer.below == 'optim_wrappers':
            return 'OPTIM_WRAPPERS', outer.scope, outer.slot, 'optim_wrapper'
        if outer.below == 'default_hooks':
            return 'HOOKS', outer.scope, outer.slot, ''
    return anywhere.get(name), outer.scope, str(name), ''


def installation_of(context: Context) -> Installation:
    """Return the releases that a config is checked against, without the user's own code."""
    return context.libraries.installation(context.scope)


def resolve(context: Context, use: Use) -> Resolved | None:
    """Return what a use stands for, None if nothing has that name.

    The user's own code is read only for what no library has, and where the config imports it.
    """
    value = use.type.value
    key = (value, use.registry, use.scope, use.slot, context.scope, context.own_imports)
    known = context.libraries.resolved.get(key, _ABSENT)
    if known is _ABSENT:
        known = _resolve(context.libraries, *key)
        context.libraries.resolved[key] = known
    if known is None or known.signature.built is None:
        return known
    return _completed(context, known, use, key)


def _completed(context: Context, known: Resolved, use: Use, key: tuple[Any, ...]) -> Resolved:
    """Return what a use stands for whose other arguments become those of another component, by the type of that."""
    built = known.signature.built
    part = None if built is None else built.names(use.item.value)
    if not isinstance(part, str):
        return known
    resolved = context.libraries.resolved
    key = (*key, part)
    found = resolved.get(key)
    if found is None:
        installation = context.libraries.installation(context.scope)
        signature = installation.complete(known.signature, use.item.value, use.scope)
        found = resolved[key] = _resolved(known.component, signature, use.slot, installation)
    return found


def is_stock(context: Context, item: Item) -> bool:
    """Tell whether what a dict describes is surely a class of a library: neither the user's own, nor changed in the tree."""
    kind = item.get('type') if isinstance(item.value, Table) else None
    if kind is None or not isinstance(kind.value, (str, Lazy)):
        return False
    scope = item.value.get('_scope_', context.scope)
    resolved = resolve(context, Use(item, kind, None, scope if isinstance(scope, str) else context.scope, item.name))
    return resolved is not None and not _is_of_tree(context, resolved.component)


def derived_constructor(context: Context, wrapper: object) -> Component | None:
    """Return an optimizer wrapper's constructor if it is a library's, built on MMEngine's: the same may stand beside it."""
    name = wrapper.get('constructor') if isinstance(wrapper, Table) else None
    if not isinstance(name, str) or name == 'DefaultOptimWrapperConstructor':
        return None
    installation = installation_of(context)
    found = installation.find(name, 'OPTIM_WRAPPER_CONSTRUCTORS', context.scope)
    derives = found is not None and installation.derives(found.path, 'mmengine.optim.DefaultOptimWrapperConstructor')
    return found if derives else None


_ABSENT: Any = object()


def _resolve(
    libraries: Libraries,
    value: str | Lazy,
    registry: str | None,
    scope: str,
    slot: str,
    default: str,
    imports: tuple[str, ...],
) -> Resolved | None:
    name = value.name if isinstance(value, Lazy) else value
    is_dotted = '.' in name
    is_foreign = not is_dotted and not libraries.installation(default).has_scope(scope)
    for with_local in (False, True):
        if (is_foreign and not with_local) or (with_local and is_dotted and not _may_be_local(libraries, name)):
            continue
        installation = libraries.installation(default, with_local=with_local)
        found: Any
        found = installation.by_path(name) if isinstance(value, Lazy) else installation.find(name, registry, scope)
        if not isinstance(found, Component) or (
            is_foreign and found.scope != scope and not installation.has_scope(scope)
        ):
            continue
        if found.kind == 'unknown' and not with_local and _may_be_local(libraries, name):
            continue  # a module of the user
        if found.kind == 'unknown' and isinstance(value, str) and scope_meant(installation, name, registry) is not None:
            return None
        if found.library and libraries.era == 0 and _is_own_too(libraries, name):
            found = found._replace(kind='unknown')
            return _resolved(found, Signature({}, Extra.OPEN), slot, installation)
        if not found.registry:  # named by its path: what MMEngine adds depends on the place all the same
            found = found._replace(registry=registry or '')
        elif isinstance(value, str) and (imports or found.library == ''):
            paths = _registered_as(libraries, found, imports)
            if len(paths) > 1:
                return _resolved(found._replace(kind='unknown'), Signature({}, Extra.OPEN), slot, installation)
            if paths and paths != {found.path}:
                installation = libraries.installation(default, with_local=True)
                found = _at(installation, found, *paths)
        return _resolved(found, installation.signature(found), slot, installation)
    is_unknown_scope = is_foreign and not libraries.installation(default, with_local=True).has_scope(scope)
    if is_unknown_scope or (isinstance(value, str) and libraries.may_have_more(_scope_in(name) or scope)):
        unknown = Component(name, f'{scope}.{name}', '', '', 'unknown', 0, registry or '', scope)
        return Resolved(unknown, Signature({}, Extra.OPEN), frozenset(), Extra.OPEN, frozenset(), frozenset())
    return None


def _is_own_too(libraries: Libraries, name: str) -> bool:
    """Tell whether the user's own code registers a name, too: 0.x has no scopes that tell which registry a builder asks."""
    return libraries.local is not None and bool(libraries.local.named(name.rpartition('.')[2]))


def _registered_as(libraries: Libraries, found: Component, imports: tuple[str, ...]) -> set[str]:
    """Return the paths of what the user's own code registers under the name of a component, as far as a config imports it.

    Where it imports none of several, and none belongs to the package of the scope, it may be any of them.
    """
    local = libraries.local
    key = f'{found.registry}@{found.scope}'
    same = [] if local is None else [each for each in local.named(found.name) if each.key == key]
    if found.library:
        same = [each for each in same if each.force]  # else MMEngine refuses a name that the library has
    elif len({each.path for each in same}) < 2:
        return set()
    reached = libraries.reached(imports)
    paths = {each.path for each in same if each.module in reached}
    if paths or found.library:
        return paths
    own = {each.path for each in same if each.module.partition('.')[0] == found.scope}
    return own or {each.path for each in same}


def _at(installation: Installation, found: Component, path: str) -> Component:
    """Return the component that the user's own code registers at a path."""
    own = installation.by_path(path)
    if not isinstance(own, Component):
        return found._replace(path=path, library='', release='', kind='unknown')
    return own._replace(name=found.name, registry=found.registry, scope=found.scope)


def _scope_in(name: str) -> str:
    """Return the scope of `scope.Name`."""
    return name.rpartition('.')[0]


def _may_be_local(libraries: Libraries, name: str) -> bool:
    """Tell whether the first part of a dotted name is a package, or a scope, of the user's own code."""
    first = name.partition('.')[0]
    return libraries.has_local_package(first)


def scope_meant(installation: Installation, name: str, registry: str | None) -> str | None:
    """Return what ``mmdett.RetinaNet`` should have been, None where the prefix is no misspelt scope."""
    prefix, _, rest = name.partition('.')
    if not rest or '.' in rest or prefix in installation.scopes or installation.has_scope(prefix):
        return None
    near = (f'{scope}.{rest}' for scope in nearest(prefix, installation.scopes, 2))
    return next((each for each in near if installation.find(each, registry) is not None), None)


def _resolved(component: Component, signature: Signature, slot: str, installation: Installation) -> Resolved:
    framework = injected(component, installation, slot)
    extra = signature.extra if component.kind in ('class', 'function') else Extra.OPEN
    taken = frozenset({'type', '_scope_', '_delete_', *signature.parameters, *signature.renamed, *framework.extra})
    needed = frozenset() if framework.elsewhere else frozenset(signature.required) - framework.given
    outdated = {*signature.renamed, *(each.name for each in signature.parameters.values() if each.deprecated)}
    return Resolved(component, signature, taken, extra, needed, frozenset(outdated - framework.extra))
