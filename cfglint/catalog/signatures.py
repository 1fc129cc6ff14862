"""What a constructor takes in the end: inheritance and forwarded `**kwargs` followed across libraries."""

from __future__ import annotations

from collections import Counter, deque
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from cfglint.catalog.model import Built, Extra, Parameter, Signature
from cfglint.catalog.names import Located, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cfglint.catalog.names import Result
    from cfglint.catalog.store import Stored

_PLAIN = frozenset(
    {
        'object',
        'abc.ABC',
        'ABC',
        'typing.Generic',
        'Generic',
        'typing.Protocol',
        'Protocol',
        'collections.abc.Iterable',
        'typing_extensions.Protocol',
        'collections.abc.Mapping',
        'collections.abc.Sequence',
        'collections.abc.Sized',
    }
)
"""Bases without a constructor of their own."""
_MAX_DEPTH = 30


class Lookup(Protocol):
    """What resolving needs to know of the code that is installed."""

    def object(self, path: str) -> Stored | None:
        """The class or function defined at a path."""

    def locate(self, path: str) -> Result:
        """Where a dotted path is defined, re-exports followed."""


class _Merged(NamedTuple):
    """A signature, and which of its names can be given by position."""

    signature: Signature
    positional: tuple[str, ...]


_NOTHING = _Merged(Signature({}), ())


class Signatures:
    """Resolves and remembers signatures and method resolution orders of one installation."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._mros: dict[str, tuple[str, ...]] = {}
        self._found: dict[str, Signature] = {}
        self._depth = 0

    def of(self, path: str) -> Signature:
        """The signature of the class or function defined at (or imported under) a path."""
        found = self._found.get(path)
        if found is None:
            found = self._found[path] = self._callable(path).signature
        return found

    def mro(self, path: str) -> tuple[str, ...]:
        """C3 linearization; when it fails (it would at run time, too), depth first."""
        if path not in self._mros:
            self._mros[path] = (path,)  # A class that inherits from itself through a re-export ends here.
            stored = self._lookup.object(path)
            bases = [self._definition(base) for base in stored.body.get('bases', ())] if stored else []
            orders = [self.mro(base) for base in bases]
            self._mros[path] = (path, *(orders[0] if len(orders) == 1 else _c3([*map(list, orders), bases])))
        return self._mros[path]

    def _definition(self, path: str) -> str:
        if self._lookup.object(path) is not None:
            return path
        found = self._lookup.locate(path)
        return found.path if isinstance(found, (Located, Unknown)) else path

    def _callable(self, path: str) -> _Merged:
        if self._depth > _MAX_DEPTH:
            return _open(f'`{path}` calls itself')
        path = self._definition(path)
        stored = self._lookup.object(path)
        if stored is None:
            return _open(f'`{path}` is not known')
        self._depth += 1
        try:
            if stored.body['kind'] == 'function':
                return self._merge(path, stored.body, (), 0)
            return self._class(self.mro(path))
        finally:
            self._depth -= 1

    def _class(self, mro: Sequence[str]) -> _Merged:
        for each in mro:
            stored = self._lookup.object(each)
            if stored is not None and 'metaclass' in stored.body:
                return _open(f'its metaclass is `{stored.body["metaclass"]}`')
        return self._constructor(mro, 0)

    def _constructor(self, mro: Sequence[str], start: int) -> _Merged:
        """The first constructor from `start` on, with what it hands on to the later ones."""
        for index in range(start, len(mro)):
            stored = self._lookup.object(mro[index])
            if stored is None:
                if mro[index] in _PLAIN:
                    continue
                return _open(f'its base `{mro[index]}` is not known')
            if 'open' in stored.body:
                return _open(stored.body['open'])
            if 'init' in stored.body:
                merged = self._merge(mro[index], stored.body['init'], mro, index)
                return self._dataclass(mro, index, merged) if stored.body.get('dataclass') else merged
        return _NOTHING

    def _dataclass(self, mro: Sequence[str], index: int, own: _Merged) -> _Merged:
        """The generated `__init__` takes the fields of the bases first."""
        rest = next((at for at in range(index + 1, len(mro)) if self._is_dataclass(mro[at])), None)
        if rest is None:
            return own
        base = self._constructor(mro, rest)
        parameters = {**base.signature.parameters, **own.signature.parameters}
        return _Merged(Signature(parameters, base.signature.extra, base.signature.why), tuple(parameters))

    def _is_dataclass(self, path: str) -> bool:
        stored = self._lookup.object(path)
        return stored is not None and bool(stored.body.get('dataclass'))

    def _merge(self, path: str, facts: Mapping[str, Any], mro: Sequence[str], index: int) -> _Merged:
        if 'open' in facts:
            return _open(facts['open'])
        notes: Mapping[str, str] = facts.get('deprecated_args', {})
        parameters: dict[str, Parameter] = {}
        positional: list[str] = []
        by_keyword_only = False
        for name, *rest in facts['params']:
            if name.startswith('*'):
                by_keyword_only = True
                continue
            default, annotation = (*rest, None, None)[:2]
            parameters[name] = Parameter(name, default is None, default, annotation, path, notes.get(name))
            if not by_keyword_only:
                positional.append(name)
        renamed: Mapping[str, str] = facts.get('renamed', {})
        if 'kwargs' not in facts:
            return _Merged(Signature(parameters, renamed=renamed), tuple(positional))
        rest_ = self._rest(path, facts['kwargs'], mro, index)
        for name, parameter in rest_.parameters.items():
            parameters.setdefault(name, parameter)
        fixed = {name: owner for name, owner in rest_.fixed.items() if name not in parameters}
        built = rest_.built
        if built is not None and built.type is None and built.parameter in parameters:
            built = built._replace(type=_literal(parameters[built.parameter].default))
        signature = Signature(parameters, rest_.extra, rest_.why, fixed, {**rest_.renamed, **renamed}, built)
        return _Merged(signature, tuple(positional))

    def _rest(self, path: str, uses: list[list[Any]], mro: Sequence[str], index: int) -> Signature:
        """The signature that the `**kwargs` of one function amount to."""
        taken = {
            use[1]: Parameter(use[1], bool(use[3]), use[2] or (None if use[3] else '…'), None, path)
            for use in uses
            if use[0] == 'take'
        }
        refusals = [use[1] for use in uses if use[0] == 'refuse']
        if refusals:
            return Signature(taken, why=refusals[0])
        forwards = [use for use in uses if use[0] in _FORWARDS]
        changed = _changed_before(uses)
        if changed is not None:
            return Signature(taken, Extra.OPEN, changed)
        there = {name for use in uses if use[0] == 'set' for name in use[1]}
        taken = {name: _there(value) if name in there else value for name, value in taken.items()}
        always = [use for use in forwards if not use[3 if use[0] == 'super' else 4]]
        configs = [use for use in uses if use[0] == 'config']
        if len(configs) == 1 and not forwards and not any(use[0] == 'open' for use in uses):
            _, parameter, type_, given, _ = configs[0]
            return Signature(
                taken,
                Extra.OPEN,
                f'they become arguments of `{parameter or type_}`',
                {},
                {},
                Built(parameter, type_, tuple(given)),
            )
        unknown = [use[1] for use in uses if use[0] == 'open'] + ['they become a config' for _ in configs]
        targets = [self._target(path, use, mro, index) for use in always or forwards]
        if not targets:
            return Signature(taken, Extra.OPEN if unknown else Extra.IGNORED, unknown[0] if unknown else '')
        joined = _all_of(targets) if always else _any_of(targets, unknown)
        # What is only read is handed on as well: it counts if the receiver takes it.
        removed = {use[1] for use in uses if use[0] == 'take' and use[4]}
        own = {name: value for name, value in taken.items() if name in removed}
        rest = {name: _there(value) if name in there else value for name, value in joined.parameters.items()}
        return Signature({**rest, **own}, joined.extra, joined.why, joined.fixed, joined.renamed, joined.built)

    def _target(self, path: str, use: list[Any], mro: Sequence[str], index: int) -> Signature:
        if use[0] == 'super':
            after = self._definition(use[4]) if use[4] is not None else None
            start = mro.index(after) + 1 if after in mro else index + 1
            merged, positional, given = self._constructor(mro, start), use[1], use[2]
        elif use[0] == 'inline' and len(use) > 5 and self._is_overridden(use[5], mro[:index]):
            return Signature({}, Extra.OPEN, f'they go to `{use[5]}` of a subclass')
        elif use[0] == 'inline':
            merged, positional, given = self._merge(path, use[1], mro, index), use[2], use[3]
        else:
            target = self._definition(use[1])
            inherited = target in mro[index + 1 :]
            merged = self._constructor(mro, mro.index(target)) if inherited else self._callable(target)
            positional, given = use[2], use[3]
        taken = {*merged.positional[:positional], *given}
        signature = merged.signature
        parameters = {name: value for name, value in signature.parameters.items() if name not in taken}
        fixed = {**signature.fixed, **dict.fromkeys(taken, path)}
        return Signature(parameters, signature.extra, signature.why, fixed, signature.renamed, signature.built)

    def _is_overridden(self, method: str, below: Sequence[str]) -> bool:
        found = (self._lookup.object(path) for path in below)
        return any(method in stored.body.get('methods', ()) for stored in found if stored is not None)


_FORWARDS = ('super', 'call', 'inline')


def _changed_before(uses: list[list[Any]]) -> str | None:
    """Why it is not known what is left of the arguments when they are handed on; None where nothing takes any away."""
    last = max((at for at, use in enumerate(uses) if use[0] in _FORWARDS), default=-1)
    return next((use[1] for use in uses[: last + 1] if use[0] == 'open' and len(use) > 3), None)


def _there(parameter: Parameter) -> Parameter:
    """A parameter that is given by the function itself."""
    return parameter._replace(required=False, default=parameter.default or '…')


def _literal(default: str | None) -> str | None:
    """The string that a default is the source of."""
    return default[1:-1] if default and default[0] in '\'"' else None


def _open(why: str) -> _Merged:
    return _Merged(Signature({}, Extra.OPEN, why), ())


def _all_of(signatures: list[Signature]) -> Signature:
    """What every one of several calls takes."""
    if len(signatures) == 1:
        return signatures[0]
    closed = [one for one in signatures if one.extra is Extra.REFUSED] or signatures
    parameters = {
        name: value
        for name, value in closed[0].parameters.items()
        if all(name in other.parameters or other.extra is not Extra.REFUSED for other in closed)
    }
    return Signature(parameters, closed[0].extra, closed[0].why, closed[0].fixed, closed[0].renamed)


def _any_of(signatures: list[Signature], unknown: list[str]) -> Signature:
    """What any of several conditional calls takes; nothing of it is required for sure."""
    parameters = {
        name: value._replace(required=False)
        for signature in reversed(signatures)
        for name, value in signature.parameters.items()
    }
    opened = next((one for one in signatures if one.extra is not Extra.REFUSED), None)
    extra, why = (
        (Extra.OPEN, unknown[0])
        if unknown
        else ((opened.extra, opened.why) if opened is not None else (Extra.REFUSED, ''))
    )
    renamed = {old: new for one in signatures for old, new in one.renamed.items()}
    return Signature(parameters, extra, why, {}, renamed)


def _c3(sequences: list[list[str]]) -> list[str]:
    """Merge sequences as Python merges the orders of bases, each name looked at once for each sequence that has it."""
    queues = [deque(sequence) for sequence in sequences if sequence]
    behind = Counter(name for queue in queues for name in islice(queue, 1, None))
    merged: dict[str, None] = {}
    while queues:
        head = next((queue[0] for queue in queues if not behind[queue[0]]), queues[0][0])
        merged[head] = None
        for queue in queues:
            while queue and queue[0] in merged:
                queue.popleft()
                if queue:
                    behind[queue[0]] -= 1
        queues = [queue for queue in queues if queue]
    return list(merged)
