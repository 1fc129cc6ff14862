"""Why a `type` is in no registry: one explanation each, and the rule that gives it."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.catalog import libraries, suggest
from cfglint.catalog.successors import row_of, type_instead
from cfglint.catalog.suggest import scope_meant
from cfglint.diagnostics import Advice, Severity
from cfglint.rules.component.faults import Unresolved, faults
from cfglint.rules.component.missing_module import is_absent
from cfglint.rules.declaration import MAX_OF_A_RULE
from cfglint.rules.reading.heads import PARTS
from cfglint.rules.reading.loaders import EVALUATORS
from cfglint.rules.reading.lookup import Use, installation_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.catalog import Component, Installation
    from cfglint.catalog.suggest import Presence
    from cfglint.rules.context import Context

NO_SCOPE = 'missing-default-scope'
WRONG_SCOPE = 'wrong-default-scope'
UNKNOWN = 'unknown-type'
WRONG_REGISTRY = 'wrong-registry'
OTHER_RELEASE = 'type-of-another-release'
_MAX_NAMES = 60
"""How many names of one config are compared with all that libraries have."""
_MAX_JUDGED = 500
"""How many uses of one config are judged."""


class Explanation(NamedTuple):
    """What is said about one use.

    Attributes:
        rule: The rule that says it.
        use: The use.
        message: What is wrong.
        raises: What is raised when the component is built.
        advice: What to do.
        instead: The `type` to write, where that is known.
        severity: How sure it is.
    """

    rule: str
    use: Use
    message: str
    raises: str
    advice: Advice | None
    instead: str | None = None
    severity: Severity = Severity.ERROR

    @property
    def parts(self) -> dict[str, Any]:
        """What becomes of it and what to do, as parts of a report."""
        return {'raises': self.raises, 'advice': self.advice}


def explanations(context: Context, rule: str) -> list[Explanation]:
    """Return what one of the rules about types has to say."""
    return [
        explanation
        for explanation in context.once('explanations', lambda: _explanations(context))
        if explanation.rule == rule
    ]


def has_wrong_scope(context: Context, use: Use) -> bool:
    """Tell whether a type is looked up in a scope that is not meant: its arguments belong to another class."""
    if '.' in str(use.type.value):
        return False
    return bool(explanations(context, NO_SCOPE) or explanations(context, WRONG_SCOPE)) or _has_own_root(context)


def unknown_names(context: Context) -> list[Use]:
    """Return the uses whose `type` is a name that no registry has, but those that the `deprecated` rules tell of."""
    found = (fault.use for fault in faults(context, Unresolved) if isinstance(fault.use.type.value, str))
    return list(found) if context.is_legacy else [use for use in found if not _is_renamed(use)]


def _judge_legacy(context: Context, use: Use, name: str) -> Explanation | None:
    """Judge a type of a 0.x config: only what is surely a slip, or of another release; all else may be registered."""
    installation = installation_of(context)
    release = installation.release(libraries.library_of(use.scope) or '')
    if release is None or '.' in name or _is_own_elsewhere(context, name):
        return None
    raises = f'KeyError: {name} is not in the … registry'
    near = nearest_own(context, use) or _nearest(context, use, name)
    if near is not None:
        words = f'`{name}` is in no registry of {release.library} {release.version}'
        return Explanation(UNKNOWN, use, words, raises, Advice('write', repr(near)), near)
    presence = _presence(name, use)
    return None if presence is None else _of_release(installation, use, name, presence, raises)


def _is_renamed(use: Use) -> bool:
    prefix, _, name = str(use.type.value).rpartition('.')
    row = row_of(name, use.scope if '.' in prefix else prefix or use.scope)
    return row is not None and (row.table != 'hook_types' or 'hooks' in use.item.key)


def _explanations(context: Context) -> list[Explanation]:
    uses = unknown_names(context)
    if not uses:
        return []
    if context.is_legacy:
        return _first(_judge_legacy(context, use, str(use.type.value)) for use in uses)
    scope = context.scope

    def is_plain(use: Use) -> bool:
        return '.' not in str(use.type.value) and use.scope == scope

    plain = list(filter(is_plain, uses))
    owner = _owner(context, plain) if plain else None
    if _has_own_root(context):
        owner = None
    is_wrong = scope == 'mmengine' or owner == _replaced_scope(context) or _is_foreign(context, plain, owner or '')
    if owner is not None and is_wrong:
        return [_wrong_scope(context, plain, scope, owner), *_each(context, [use for use in uses if not is_plain(use)])]
    if scope == 'mmengine':
        uses = [use for use in uses if not is_plain(use) or nearest_own(context, use)]
    return _each(context, uses)


def _has_own_root(context: Context) -> bool:
    """Tell whether a config without a default scope may look its types up in a root registry of the user's own.

    A library that is forked under another name, MMEngine with it, has its classes there.
    """
    return bool(context.once('own root', lambda: _finds_own_root(context)))


def _finds_own_root(context: Context) -> bool:
    if context.scope != 'mmengine' or context.is_scope_given:
        return False
    plain = [use for use in unknown_names(context) if '.' not in str(use.type.value) and use.scope == 'mmengine']
    owner = _owner(context, plain) if plain else None
    return any(_is_own_elsewhere(context, str(use.type.value), but=owner) for use in plain)


def _each(context: Context, uses: list[Use]) -> list[Explanation]:
    return _first(_judge(context, use, str(use.type.value)) for use in uses)


def _first(judged: Iterable[Explanation | None]) -> list[Explanation]:
    """Return the explanations until one of the rules has more than it may tell: to judge a name takes its time."""
    found: list[Explanation] = []
    told: Counter[str] = Counter()
    for explanation in islice(judged, _MAX_JUDGED):
        if explanation is None:
            continue
        found.append(explanation)
        told[explanation.rule] += 1
        if told[explanation.rule] > MAX_OF_A_RULE:
            break
    return found


def _owner(context: Context, uses: list[Use]) -> str | None:
    """Return the library that has most of the types."""
    installation = installation_of(context)
    names = {str(use.type.value): use.registry for use in uses[:_MAX_NAMES]}
    scopes = [
        each.scope for name, registry in names.items() for each in suggest.elsewhere(installation, name, registry)
    ]
    return max(sorted(set(scopes)), key=scopes.count, default=None)


def _replaced_scope(context: Context) -> str | None:
    """Return the default scope of the base where a child changed it."""
    item = context.find('default_scope')
    old = None if item is None or item.origin is None else item.origin.replaced
    return old if isinstance(old, str) else None


def _is_foreign(context: Context, uses: list[Use], owner: str) -> bool:
    """Tell whether the model and the data are another library's, rather than a part of them."""
    installation = installation_of(context)
    outer = {'model', *(f'{name}_dataloader.dataset' for name in ('train', 'val', 'test'))}
    wrong = [use for use in uses if use.item.key in outer]
    every = [key for key in outer if isinstance(context.value(f'{key}.type'), str)]
    if any(_presence(str(use.type.value), use) is not None for use in wrong):
        return False  # another release of the very library has it
    has = (suggest.elsewhere(installation, str(use.type.value), use.registry) for use in wrong)
    return len(wrong) == len(every) > 1 and all(owner in [each.scope for each in found] for found in has)


def _wrong_scope(context: Context, uses: list[Use], scope: str, owner: str) -> Explanation:
    installation = installation_of(context)
    use = next(
        use
        for use in uses
        if owner in [each.scope for each in suggest.elsewhere(installation, str(use.type.value), use.registry)]
    )
    name = str(use.type.value)
    raises = f'KeyError: {name} is not in the {scope}::{_noun(use.registry)} registry'
    if scope == 'mmengine':
        message = f"there is no `default_scope`, and `{name}` is {owner}'s, not MMEngine's"
        return Explanation(
            NO_SCOPE, use, message, raises, Advice('at the top level, write', f"default_scope = '{owner}'")
        )
    message = f"the `default_scope` is `{scope}`, but the model and the data are {owner}'s"
    return Explanation(WRONG_SCOPE, use, message, raises, Advice('write', f"default_scope = '{owner}'"), owner)


def _judge(context: Context, use: Use, name: str) -> Explanation | None:
    installation = installation_of(context)
    where = f'the {use.scope}::{_noun(use.registry)} registry' if use.registry else f'a registry of {use.scope}'
    raises = f'KeyError: {name} is not in the {use.scope}::{_noun(use.registry)} registry'
    meant = scope_meant(installation, name, use.registry)
    if meant is not None:
        message = f'there is no scope `{name.partition(".")[0]}`'
        return Explanation(UNKNOWN, use, message, raises, Advice('write', repr(meant)), meant)
    if _is_own_elsewhere(context, name):
        return None  # who builds it may well look there
    others = _other_registries(installation, use, name)
    if others:
        if use.registry == 'OPTIM_WRAPPERS' and 'OPTIMIZERS' in others:
            if use.item.key == 'optim_wrapper':
                return None  # told of by what the section lacks
            message = f'`{name}` is an optimizer, which belongs into an optimizer wrapper'
            advice = Advice('give it to the wrapper, with its arguments, as', f'optimizer=dict(type={name!r})')
            return Explanation(WRONG_REGISTRY, use, message, raises, advice)
        words = ' and '.join(f'`{other}`' for other in others)
        message = f'`{name}` is registered in {words}, not in `{use.registry}`'
        advice = Advice(
            f'move it to where {others[0].lower().replace("_", " ")} stand, or write the name that is meant'
        )
        return Explanation(WRONG_REGISTRY, use, message, raises, advice)
    if _imports_unknown(context):
        return _unknown(context, use, name, where, raises)  # what other libraries, or releases, have may be there, too
    presence = _presence(name, use)
    if presence is not None and context.libraries.own.has_copy(name.rpartition('.')[0] or use.scope):
        message = f'the copy of {presence.library} in this repository has no `{name}`'
        return Explanation(UNKNOWN, use, message, raises, Advice(f'copy it from {presence.library} {presence.last}'))
    if '.' not in name and name[:1].isupper() and not _may_be_registered(context, use):
        owners = suggest.elsewhere(installation, name, use.registry)
        if use.registry is None and any(not installation.is_below_root(each.registry) for each in owners):
            return None
        if owners:
            written = suggest.qualified(owners[0])
            message = f'`{name}` is {_whose(owners)}, not in {use.scope}'
            advice = Advice('write' if len(owners) == 1 else 'name its library, as in', repr(written))
            return Explanation(UNKNOWN, use, message, raises, advice, written if len(owners) == 1 else None)
    prefix, _, bare = name.rpartition('.')
    instead = type_instead(bare, prefix or use.scope)
    if instead is not None:
        return Explanation(UNKNOWN, use, f'`{name}` was removed', raises, Advice('write', repr(instead)))
    if presence is not None:
        return _of_release(installation, use, name, presence, raises)
    return _unknown(context, use, name, where, raises)


def _is_own_elsewhere(context: Context, name: str, but: str | None = None) -> bool:
    """Tell whether the user's own code registers the very name, in another registry or scope, `but` one scope."""
    local = context.libraries.own.code
    if local is None:
        return False
    return any(each.key.rpartition('@')[2] != but for each in local.named(name.rpartition('.')[2]))


def _whose(owners: list[Component]) -> str:
    scopes = [each.scope for each in owners]
    return f'in {", ".join(scopes[:3])}{" and others" if len(scopes) > 3 else ""}'


def _other_registries(installation: Installation, use: Use, name: str) -> list[str]:
    """Return the registries that do have the name: it stands in the wrong place."""
    if use.registry is None or '.' in name:
        return []
    return suggest.other_registries(installation, name, use.scope)


def _presence(name: str, use: Use) -> Presence | None:
    """Return which releases of its own library have the name."""
    prefix, _, rest = name.rpartition('.')
    library = libraries.library_of(prefix or use.scope)
    found = [] if library is None else suggest.presence(rest, use.registry, [library])
    return found[0] if found else None


def _of_release(installation: Installation, use: Use, name: str, presence: Presence, raises: str) -> Explanation:
    release = installation.release(presence.library)
    target = '' if release is None else f', not in {release.version}'
    when = f'since {presence.first}' if presence.newest else f'from {presence.first} to {presence.last}'
    if presence.first == presence.last:
        when = f'in {presence.first} only'
    advice = Advice(
        f'use what {presence.library} has today, or check with `--target {presence.library}=={presence.last}`'
    )
    return Explanation(OTHER_RELEASE, use, f'`{name}` is in {presence.library} {when}{target}', raises, advice)


def _unknown(context: Context, use: Use, name: str, where: str, raises: str) -> Explanation | None:
    own = nearest_own(context, use)
    near = own or _nearest(context, use, name) or _schedule(context, use, name)
    if near is None and (
        (use.registry is None and not _is_built(use)) or '.' in name or context.value('custom_imports')
    ):
        return None  # what the config imports may register anything
    is_certain = own is not None or (near is not None and suggest.is_same_word(near, name))
    if not is_certain and (_imports_unknown(context) or _may_be_registered(context, use)):
        return None
    message = f'`{name}` is not in {where}'
    if near is not None:
        return Explanation(UNKNOWN, use, message, raises, Advice('write', repr(near)), near)
    advice = Advice('if it is your own, name its module in `custom_imports`')
    return Explanation(UNKNOWN, use, message, raises, advice, severity=Severity.WARNING)


def _may_be_registered(context: Context, use: Use) -> bool:
    """Tell whether the user's own code registers something there of which the name is only known at run time."""
    local = context.libraries.own.code
    return local is not None and local.dynamic(f'{use.registry or ""}@{use.scope}')


def _is_built(use: Use) -> bool:
    """Tell whether libraries surely build what stands in a place, though the place does not tell the registry."""
    return (
        use.slot in PARTS
        or use.slot == 'loss'
        or use.slot.startswith('loss_')
        or use.item.key.partition('.')[0] in EVALUATORS
    )


def _imports_unknown(context: Context) -> bool:
    """Tell whether a config imports a module that is neither of a known library nor found in the user's own code."""
    return context.once('imports unknown', lambda: _find_unknown_imports(context))


def _find_unknown_imports(context: Context) -> bool:
    if context.value('plugin_dir') or context.value('plugin'):
        return True  # launch scripts of downstream repositories import what these name
    given = context.value('custom_imports')
    names = given.get('imports') if isinstance(given, dict) else None
    modules = [names] if isinstance(names, str) else names
    if not isinstance(modules, (list, tuple)):
        return given is not None
    local = context.libraries.own.code
    found = frozenset() if local is None else local.files.keys() | local.packages
    return any(
        not isinstance(module, str)
        or (libraries.library_of(module.partition('.')[0]) is None and module not in found)
        or is_absent(context, module)
        for module in modules
    )


def nearest_own(context: Context, use: Use) -> str | None:
    """Return the name in the user's own code that was most likely meant: one that can be found from there."""
    local = context.libraries.own.code
    if local is None:
        return None
    name, scopes = str(use.type.value), (use.scope, installation_of(context).root)
    for each in local.registrations():
        registry, _, scope = each.key.partition('@')
        if use.registry in (None, registry) and scope in scopes and suggest.is_slip(name, each.name):
            return each.name
    return None


def _nearest(context: Context, use: Use, name: str) -> str | None:
    """Return the registered name that was most likely meant.

    Where the place does not tell the registry, names of classes only: the others are often no types.
    """
    if use.registry is None and name.islower():
        return None
    known: dict[tuple[str, str | None, str], str | None] = context.once('nearest types', dict)
    asked = name, use.registry, use.scope
    if asked not in known:
        if len(known) >= _MAX_NAMES:
            return None
        near = suggest.nearest_types(installation_of(context), name, use.registry, use.scope, 1)
        known[asked] = near[0] if near else None
    return known[asked]


def _schedule(context: Context, use: Use, name: str) -> str | None:
    """Return the schedule of learning rates whose name lacks its end: `ReduceOnPlateauLR` for `ReduceOnPlateau`."""
    if use.registry != 'PARAM_SCHEDULERS':
        return None
    found = installation_of(context).find(f'{name}LR', use.registry, use.scope)
    return None if found is None or found.kind == 'unknown' else f'{name}LR'


def _noun(registry: str | None) -> str:
    return (registry or '…').rstrip('S').lower().replace('_', ' ')
