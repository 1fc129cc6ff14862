"""The base of all section models, and the words in which their fields are declared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

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

    advice: str = ''
    """What to write instead of another value."""


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
# Limits stand at each member of a union, which pydantic-core then checks itself; True counts as 1 everywhere.
AtLeastZero = Annotated[
    Annotated[int, Field(ge=0)] | Annotated[float, Field(ge=0)] | bool,
    WithJsonSchema({'type': 'number', 'minimum': 0}),
    Words('a number of at least 0'),
]
AtLeastOne = Annotated[
    Annotated[int, Field(ge=1)] | Annotated[float, Field(ge=1)] | bool,
    WithJsonSchema({'type': 'number', 'minimum': 1}),
    Words('a number of at least 1'),
]
Positive = Annotated[
    Annotated[int, Field(gt=0)] | Annotated[float, Field(gt=0)] | bool,
    WithJsonSchema({'type': 'number', 'exclusiveMinimum': 0}),
    Words('a positive number'),
]
BelowOne = Annotated[
    Annotated[int, Field(lt=1)] | Annotated[float, Field(lt=1)] | bool,
    WithJsonSchema({'type': 'number', 'exclusiveMaximum': 1}),
    Words('a number below 1'),
]
Fraction = Annotated[
    Annotated[int, Field(ge=0, le=1)] | Annotated[float, Field(ge=0, le=1)] | bool,
    WithJsonSchema({'type': 'number', 'minimum': 0, 'maximum': 1}),
    Words('a number from 0 to 1'),
]
ProperFraction = Annotated[
    Annotated[float, Field(gt=0, lt=1)],
    WithJsonSchema({'type': 'number', 'exclusiveMinimum': 0, 'exclusiveMaximum': 1}),
    Words('a number between 0 and 1'),
]
PositiveInteger = Annotated[
    Annotated[int, Field(gt=0)] | bool,
    WithJsonSchema({'type': 'integer', 'exclusiveMinimum': 0}),
    Words('a positive integer'),
]
NaturalNumber = Annotated[
    Annotated[int, Field(ge=0)] | bool,
    WithJsonSchema({'type': 'integer', 'minimum': 0}),
    Words('an integer of at least 0'),
]
Sequence = list[T] | tuple[T, ...]
Strings = Annotated[str | Sequence[str], Words('a string, or a list of strings')]
Mapped = Annotated[Dict, Words('a dict')]
Text = Annotated[str, Words('a string')]


class Model(BaseModel):
    """The arguments of one class or function of MMEngine, as a config gives them."""

    model_config = ConfigDict(extra='forbid', strict=True, defer_build=True, serialize_by_alias=True)

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
