"""The places of a config where MMEngine builds something, and how each decides what to build."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from cfglint.language.values import Lazy, Opaque
from cfglint.schemas import Path, Violation
from cfglint.schemas.base import Dict, Model, decided_keys, undecided

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

MAX_DEPTH = 100
"""Nothing real nests deeper; what does is left unchecked rather than recursed into."""


class Slot(Protocol):
    """A place that can be checked, and described as JSON Schema (see `cfglint.schemas.jsonschema`)."""

    def check(self, value: object, path: Path, shadowed: Collection[str]) -> Iterator[Violation]: ...


class Component:
    """A dict from which MMEngine builds an object, chosen by its `type`.

    Args:
        what: What is built, with its article, as it stands in messages.
        models: The models of MMEngine's own classes there, as ``module:Name`` in this package.
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
        models: Mapping[str, str],
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
        self.models = models
        self.default = default
        self.optional = optional
        self.requires_type = requires_type and default is None
        self.callable = callable_
        self.says = says
        self.says_without_type = says_without_type
        self.always = always
        self._loaded: dict[str, type[Model]] = {}

    def check(self, value: object, path: Path, shadowed: Collection[str]) -> Iterator[Violation]:
        if not isinstance(value, dict):
            if not (undecided(value) or isinstance(value, (Lazy, Opaque)) or (value is None and self.optional)):
                yield self._not_a_dict(value, path)
            return
        if len(path) > MAX_DEPTH:
            return
        yield from self._typeless(value, path)
        if self.always is not None:
            yield from self.always(value, path, shadowed)
        name = self.class_name(value, shadowed)
        if name is not None:
            yield from self.model(name).check(value, path, shadowed, name)

    def class_name(self, value: Dict, shadowed: Collection[str]) -> str | None:
        """The class of MMEngine that the dict names; none if it is another's, or undecided."""
        kind = value.get('type')
        if kind is None:
            # An undecided key may be `type`.
            known = 'type' not in value and decided_keys(value)
            return self.default if known else None
        if kind.__class__ is Lazy:
            package, _, name = kind.name.rpartition('.')
            return name if name in self.models and package.split('.')[0] == 'mmengine' else None
        if not isinstance(kind, str):
            return None
        scope, _, name = kind.rpartition('.')
        if name not in self.models:
            return None
        if scope:
            return name if scope.split('.')[0] == 'mmengine' else None
        return name if name not in shadowed and value.get('_scope_', 'mmengine') == 'mmengine' else None

    def model(self, name: str) -> type[Model]:
        """The model of one of MMEngine's classes."""
        model = self._loaded.get(name)
        if model is None:
            model = self._loaded[name] = load(self.models[name])
        return model

    def branches(self) -> Iterator[tuple[dict[str, Any], str]]:
        """Which class is built when, the conditions being JSON Schema."""
        for name in self.models:
            names = {'enum': [name, f'mmengine.{name}']}
            yield {'type': 'object', 'properties': {'type': names}, 'required': ['type']}, name
        if self.default is not None:
            yield {'type': 'object', 'not': {'required': ['type']}}, self.default

    def _typeless(self, value: Dict, path: Path) -> Iterator[Violation]:
        if 'type' in value:
            kind = value['type']
            if kind is None or isinstance(kind, (bool, int, float, list, tuple, dict)):
                from cfglint.schemas.errors import show

                message = f'`type` must be a registered name or a class, got {show(kind)}'
                said = 'TypeError: type must be a str or valid type'
                yield Violation((*path, 'type'), 'wrong-type', f'{message}; MMEngine raises {said}')
        elif self.requires_type and decided_keys(value):
            from cfglint.schemas.errors import nearest

            message = f'{self.what} needs `type`, the class to build'
            misspelt = nearest('type', value) if value else None
            message += f' (`{misspelt}` is there)' if misspelt else ''
            yield Violation(path, 'missing-field', f'{message}; MMEngine raises {self.says_without_type}')

    def _not_a_dict(self, value: object, path: Path) -> Violation:
        from cfglint.schemas.errors import show

        message = f'{self.what} must be a dict{" or a callable" if self.callable else ""}, got {show(value)}'
        if isinstance(value, tuple) and len(value) == 1 and isinstance(value[0], dict):
            message += ' (is there a comma too many after the dict?)'
        return Violation(path, 'wrong-type', message + (f'; MMEngine raises {self.says}' if self.says else ''))


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
            from cfglint.schemas.errors import show

            accepted = 'a dict or a list of dicts' if self.single else 'a list of dicts'
            message = f'{self.what} must be {accepted}, got {show(value)}'
            yield Violation(path, 'wrong-type', message + (f'; MMEngine raises {self.says}' if self.says else ''))


class Plain:
    """A dict that MMEngine reads itself, without a `type`."""

    def __init__(self, what: str, model: str, *, optional: bool = False, says: str | None = None) -> None:
        self.what = what
        self.where = model
        self.optional = optional
        self.says = says
        self._model: type[Model] | None = None

    @property
    def model(self) -> type[Model]:
        if self._model is None:
            self._model = load(self.where)
        return self._model

    def check(self, value: object, path: Path, shadowed: Collection[str]) -> Iterator[Violation]:
        if isinstance(value, dict):
            yield from self.model.check(value, path, shadowed)
        elif not (undecided(value) or isinstance(value, (Lazy, Opaque)) or (value is None and self.optional)):
            from cfglint.schemas.errors import show

            message = f'{self.what} must be a dict, got {show(value)}'
            yield Violation(path, 'wrong-type', message + (f'; MMEngine raises {self.says}' if self.says else ''))


class Scalar:
    """A top-level value which is one field of a model."""

    def __init__(self, model: str, field: str) -> None:
        self.where = model
        self.field = field

    @property
    def model(self) -> type[Model]:
        return load(self.where)

    def check(self, value: object, path: Path, shadowed: Collection[str]) -> Iterator[Violation]:
        for violation in self.model.check({self.field: value}, (), shadowed):
            below = path + violation.path[1:]
            yield Violation(below, violation.kind, violation.message, violation.suggestion, violation.severity)


def load(where: str) -> Any:
    """A model, from ``module:Name`` in this package."""
    module, _, name = where.partition(':')
    return getattr(import_module(f'cfglint.schemas.{module}'), name)
