"""The base of all section models, and the words in which their fields are declared.

A model holds what one field alone decides, declaratively. What several fields decide together is in `relations`, on
the plain dict, so that an undecided value in one field does not hide the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema

from cfglint.language.values import Lazy, Opaque, Unknown
from cfglint.schemas import Kind, Path, Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from cfglint.schemas.slots import Slot

Dict = dict[Any, Any]
T = TypeVar('T')


@dataclass(frozen=True, slots=True)
class Words:
    """What a field accepts, as a noun phrase: completes "`x` must be …"."""

    text: str


@dataclass(frozen=True, slots=True)
class Says:
    """What MMEngine itself says when it raises; people search for it."""

    text: str
    of_type: str | None = None
    """The same for a value of the wrong type, where that is different."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What MMEngine itself says when the field is missing."""

    text: str


@dataclass(frozen=True, slots=True)
class Truth:
    """MMEngine only asks whether the value is true: anything goes, but the string `'False'` counts as true."""


class Hint(NamedTuple):
    """What to do instead of writing a field."""

    text: str
    suggestion: str | None = None
    """The field that was meant."""
    explains: str | None = None
    """The field that is missing for the same reason."""
    says: str | None = None
    """What MMEngine itself says."""


Flag = Annotated[bool, Truth(), Words('a bool')]
OptionalFlag = Annotated[bool | None, Truth(), Words('a bool')]
Integer = Annotated[int | bool, WithJsonSchema({'type': 'integer'}), Words('an integer')]
Number = Annotated[int | float | bool, WithJsonSchema({'type': 'number'}), Words('a number')]
Whole = Annotated[
    int | bool | Annotated[float, Field(multiple_of=1)],
    WithJsonSchema({'type': 'integer'}),
    Words('a whole number'),
]
Sequence = list[T] | tuple[T, ...]
Strings = Annotated[str | Sequence[str], Words('a string, or a list of strings')]
Mapped = Annotated[Dict, Words('a dict')]
Text = Annotated[str, Words('a string')]


class Model(BaseModel):
    """The arguments of one class or function of MMEngine, as a config gives them."""

    model_config = ConfigDict(extra='forbid', strict=True, defer_build=True, serialize_by_alias=True)

    SLOTS: ClassVar[Mapping[str, Slot]] = {}
    """Fields which MMEngine builds in their turn."""
    HINTS: ClassVar[Mapping[str, Hint]] = {}
    """Fields that people write here though they belong elsewhere, or have another name."""
    IGNORES_UNKNOWN: ClassVar[bool] = False
    """MMEngine looks for the keys it knows and leaves the others alone, instead of passing them on."""
    NAME: ClassVar[str | None] = None
    """What the dict is called in messages, where that is not its `type`."""
    CALL: ClassVar[str | None] = None
    """What MMEngine calls, as it stands in Python's messages, where that is not the class named by `type`."""

    type: Any = Field(None, description='The class to build: its registered name, a dotted path, or the class itself.')
    scope_: Any = Field(None, alias='_scope_', description='The scope in which types are looked up while building.')
    delete_: Any = Field(None, alias='_delete_', description='Replaces the inherited dict instead of merging into it.')

    @classmethod
    def own_fields(cls) -> Collection[str]:
        """The fields that the class itself declares: those which tell it from others."""
        inherited = {name for base in cls.__bases__ for name in getattr(base, 'model_fields', ())}
        return [name for name in cls.model_fields if name not in inherited]

    @classmethod
    def relations(cls, given: Dict, name: str) -> Iterator[Violation]:
        """What several fields decide together; paths start at the dict. All keys of the dict are strings."""
        return iter(())

    @classmethod
    def check(cls, value: Dict, path: Path, shadowed: Collection[str], name: str | None = None) -> Iterator[Violation]:
        """Compare a dict with the model. `name` is the class as the config names it."""
        try:
            cls.__pydantic_validator__.validate_python(value)
        except ValidationError as error:
            from cfglint.schemas.errors import explain

            yield from explain(cls, value, error, path, name)
        for field, slot in cls.SLOTS.items():
            if field in value:
                yield from slot.check(value[field], (*path, field), shadowed)
        # An undecided key may be any key: nothing can be said about what is there together, or absent.
        if decided_keys(value):
            for found in cls.relations(value, name or cls.__name__):
                yield Violation(path + found.path, found.kind, found.message, found.suggestion, found.severity)


def found(
    kind: Kind,
    message: str,
    *path: str | int,
    says: str | None = None,
    suggestion: str | None = None,
    severity: Severity = 'error',
) -> Violation:
    """A violation, in the terms of `Model.relations`; `says` is what MMEngine raises."""
    if says:
        message += f'; MMEngine raises {says}'
    return Violation(path, kind, message, suggestion, severity)


def undecided(value: object) -> bool:
    """Whether only running code would tell the value: then it satisfies everything."""
    kind = value.__class__
    return kind is Unknown or kind is Lazy or (kind is Opaque and value.kind not in _CODE)  # type: ignore[attr-defined]


def decided_keys(value: Mapping[Any, Any]) -> bool:
    """Whether all keys are strings; an undecided key may be any key."""
    return _STRINGS.issuperset(map(type, value))


def is_number(*values: object) -> bool:
    """Whether all values are decided, and numbers of a reasonable size."""
    return all(isinstance(value, (int, float)) and -1e18 < value < 1e18 for value in values)


def absent(given: Mapping[Any, Any], *keys: str) -> bool:
    """Whether all keys are missing or None."""
    return all(given.get(key) is None for key in keys)


def quoted(names: Iterable[str]) -> str:
    """Names as they stand in a message."""
    return ', '.join(f'`{name}`' for name in names)


_STRINGS = frozenset({str})
# Python objects of these types are code: never a number, a string or a container.
_CODE = frozenset({'function', 'builtin_function_or_method', 'type', 'module', 'method'})
