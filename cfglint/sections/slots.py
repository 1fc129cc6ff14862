"""The places of a config where MMEngine builds something, and how each decides what to build."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from cfglint.diagnostics import Advice
from cfglint.language.bases import PACKAGES
from cfglint.language.values import Lazy, Opaque
from cfglint.sections.fitting import lacks
from cfglint.sections.terms import Dict, decided_keys, undecided
from cfglint.sections.validators import lacking, model_of, needs_of, validator_of
from cfglint.sections.violations import Path, Violation

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from cfglint.sections.models.base import Model

MAX_DEPTH = 100
"""Nothing real nests deeper; what does is left unchecked rather than recursed into."""

_FALLING_BACK = PACKAGES | {'mmengine'}
"""The values of `_scope_` with which types are looked up in MMEngine, too: it writes those of packages itself."""


class Slot(Protocol):
    """A place that can be checked, and described as JSON Schema (see `cfglint.sections.jsonschema`)."""

    def check(self, value: object, path: Path, shadowed: Collection[str]) -> Iterator[Violation]: ...


class Spec:
    """How a dict is checked: each field by a model, then the parts that are built in their turn, then relations.

    Args:
        where: The model, as ``module:Name`` in `cfglint.sections.models`.
        relations: What several fields decide together, given the dict and the name of the class. The paths of its
            violations start at the dict. It is not asked if a key is undecided.
        slots: The fields which MMEngine builds in their turn.
    """

    __slots__ = ('_validate', 'relations', 'slots', 'where')

    def __init__(
        self,
        where: str,
        relations: Callable[[Dict, str], Iterator[Violation]] | None = None,
        slots: Mapping[str, Slot] | None = None,
    ) -> None:
        self.where = where
        self.relations = relations
        self.slots = {} if slots is None else slots
        self._validate: Callable[[object], object] | None = None

    @property
    def model(self) -> type[Model]:
        return model_of(self.where)

    def _refused(self, value: Dict, path: Path, name: str | None) -> Iterator[Violation]:
        from pydantic_core import ValidationError

        validate = self._validate
        if validate is None:
            validate = self._validate = validator_of(self.where)
        try:
            validate(_without_many_unknown(self.model, value))
        except ValidationError as error:
            from cfglint.sections.errors import explain

            yield from explain(self.model, value, error, path, name)

    def check(self, value: Dict, path: Path, shadowed: Collection[str], name: str | None = None) -> Iterator[Violation]:
        """Compare a dict with the model. `name` is the class as the config names it."""
        missing = lacks(self.where, value)
        if missing is None:
            yield from self._refused(value, path, name)
        elif missing:
            needs = needs_of(self.where)
            for field in missing:
                yield lacking(needs, field, name, path)
        for field, slot in self.slots.items():
            if field in value:
                yield from slot.check(value[field], (*path, field), shadowed)
        # An undecided key may be any key: nothing can be said about what is there together, or absent.
        if self.relations is not None and decided_keys(value):
            for found in self.relations(value, name or self.where.partition(':')[2]):
                depends_on = tuple(path + each for each in found.depends_on)
                yield found._replace(path=path + found.path, depends_on=depends_on)


def _without_many_unknown(model: type[Model], value: Dict) -> Dict:
    """Return a dict without most of the keys that are no fields, if they are very many: all would be told of."""
    if len(value) <= _MAX_KEYS:
        return value
    from cfglint.sections.errors import by_key

    known = by_key(model)
    left = iter(range(_MAX_KEYS))
    return {key: each for key, each in value.items() if key in known or next(left, None) is not None}


_MAX_KEYS = 200


class Component:
    """A dict from which MMEngine builds an object, chosen by its `type`.

    Args:
        what: What is built, with its article, as it stands in messages.
        specs: MMEngine's own classes there.
        default: The class that is built without a `type`; without it, `type` is required.
        optional: Whether None is accepted.
        requires_type: Whether a dict without `type` is refused (if there is no default).
        says: What MMEngine says to a value that is no dict.
        says_without_type: What MMEngine says to a dict without a `type`.
        always: What holds for any class, not only MMEngine's own.
    """

    def __init__(
        self,
        what: str,
        specs: Mapping[str, Spec],
        *,
        default: str | None = None,
        optional: bool = False,
        requires_type: bool = True,
        callable_: bool = False,
        says: str | None = None,
        says_without_type: str = 'KeyError: `cfg` or `default_args` must contain the key "type"',
        always: Callable[[Dict, Path, Collection[str]], Iterator[Violation]] | None = None,
    ) -> None:
        self.what = what
        self.specs = specs
        self.default = default
        self.optional = optional
        self.requires_type = requires_type and default is None
        self.callable = callable_
        self.says = says
        self.says_without_type = says_without_type
        self.always = always

    def check(self, value: object, path: Path, shadowed: Collection[str]) -> Iterator[Violation]:
        if not isinstance(value, dict):
            if not (undecided(value) or isinstance(value, (Lazy, Opaque)) or (value is None and self.optional)):
                yield self._not_a_dict(value, path)
            return
        if len(path) > MAX_DEPTH:
            return
        if value.get('type').__class__ is not str:
            yield from self._typeless(value, path)
        if self.always is not None:
            yield from self.always(value, path, shadowed)
        name = self.class_name(value, shadowed)
        if name is not None:
            yield from self.specs[name].check(value, path, shadowed, name)

    def class_name(self, value: Dict, shadowed: Collection[str]) -> str | None:
        """The class of MMEngine that the dict names; none if it is another's, or undecided."""
        kind = value.get('type')
        if kind is None:
            # An undecided key may be `type`.
            known = 'type' not in value and decided_keys(value)
            return self.default if known else None
        if type(kind) is Lazy:
            package, _, name = kind.name.rpartition('.')
            return name if name in self.specs and package.split('.')[0] == 'mmengine' else None
        if not isinstance(kind, str):
            return None
        scope, _, name = kind.rpartition('.')
        if name not in self.specs:
            return None
        if scope:
            return name if scope.split('.')[0] == 'mmengine' else None
        inner = value.get('_scope_', 'mmengine')
        return name if name not in shadowed and isinstance(inner, str) and inner in _FALLING_BACK else None

    def branches(self) -> Iterator[tuple[dict[str, Any], str]]:
        """Which class is built when, the conditions being JSON Schema."""
        for name in self.specs:
            names = {'enum': [name, f'mmengine.{name}']}
            yield {'type': 'object', 'properties': {'type': names}, 'required': ['type']}, name
        if self.default is not None:
            yield {'type': 'object', 'not': {'required': ['type']}}, self.default

    def _typeless(self, value: Dict, path: Path) -> Iterator[Violation]:
        if 'type' in value:
            kind = value['type']
            if kind is None or isinstance(kind, (bool, int, float, list, tuple, dict)):
                from cfglint.sections.wording import show

                message = f'`type` must be a registered name or a class, got {show(kind)}'
                said = 'TypeError: type must be a str or valid type'
                yield Violation((*path, 'type'), 'wrong-type', message, raises=said)
        elif self.requires_type and decided_keys(value):
            from cfglint.sections.wording import nearest

            message = f'{self.what} needs `type`, the class to build'
            misspelt = nearest('type', value) if value else None
            advice = Advice(f'write `type` for `{misspelt}`' if misspelt else 'add `type=…`, the name of a class')
            yield Violation(path, 'missing-field', message, raises=self.says_without_type, advice=advice)

    def _not_a_dict(self, value: object, path: Path) -> Violation:
        from cfglint.sections.wording import show

        message = f'{self.what} must be a dict{" or a callable" if self.callable else ""}, got {show(value)}'
        advice = None
        if isinstance(value, tuple) and len(value) == 1 and isinstance(value[0], dict):
            advice = Advice('remove the comma after the dict')
        elif isinstance(value, str) and value.isidentifier():
            advice = Advice('write', f'dict(type={value!r})')
        return Violation(path, 'wrong-type', message, raises=self.says, advice=advice)


class Many:
    """A list of components, or a single one where that is accepted."""

    def __init__(
        self,
        what: str,
        item: Slot,
        *,
        single: bool = False,
        optional: bool = False,
        tuples: bool = True,
        says: str | None = None,
    ) -> None:
        self.what = what
        self.item = item
        self.single = single
        self.optional = optional
        self.tuples = tuples
        self.says = says

    def check(self, value: object, path: Path, shadowed: Collection[str]) -> Iterator[Violation]:
        if isinstance(value, list) or (self.tuples and isinstance(value, tuple)):
            for index, item in enumerate(value):
                yield from self.item.check(item, (*path, index), shadowed)
        elif self.single and isinstance(value, dict):
            yield from self.item.check(value, path, shadowed)
        elif not (undecided(value) or isinstance(value, (Lazy, Opaque)) or (value is None and self.optional)):
            from cfglint.sections.wording import show

            accepted = 'a dict or a list of dicts' if self.single else 'a list of dicts'
            message = f'{self.what} must be {accepted}, got {show(value)}'
            advice = Advice('put brackets around it: `[dict(…)]`') if isinstance(value, dict) else None
            yield Violation(path, 'wrong-type', message, raises=self.says, advice=advice)


class Plain:
    """A dict that MMEngine reads itself, without a `type`."""

    def __init__(self, what: str, spec: Spec, *, optional: bool = False, says: str | None = None) -> None:
        self.what = what
        self.spec = spec
        self.optional = optional
        self.says = says

    def check(self, value: object, path: Path, shadowed: Collection[str]) -> Iterator[Violation]:
        if isinstance(value, dict):
            yield from self.spec.check(value, path, shadowed)
        elif not (undecided(value) or isinstance(value, (Lazy, Opaque)) or (value is None and self.optional)):
            from cfglint.sections.wording import show

            message = f'{self.what} must be a dict, got {show(value)}'
            yield Violation(path, 'wrong-type', message, raises=self.says)


class Scalar:
    """A top-level value which is one field of a model."""

    def __init__(self, spec: Spec, field: str) -> None:
        self.spec = spec
        self.field = field

    def check(self, value: object, path: Path, shadowed: Collection[str]) -> Iterator[Violation]:
        for violation in self.spec.check({self.field: value}, (), shadowed):
            below = path + violation.path[1:]
            yield violation._replace(path=below)
