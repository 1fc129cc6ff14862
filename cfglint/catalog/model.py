"""Components and signatures: what the rules see."""

from __future__ import annotations

from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_NONE: Mapping[str, str] = MappingProxyType({})


class Extra(Enum):
    """What happens to an argument that no parameter takes."""

    REFUSED = 'refused'
    """`TypeError: got an unexpected keyword argument`."""
    IGNORED = 'ignored'
    """`**kwargs` that nothing reads: a misspelling is swallowed."""
    OPEN = 'open'
    """Not known: `**kwargs` go where the source cannot be followed, or a base is not known."""


class Parameter(NamedTuple):
    """One argument that a constructor or function takes. Default and annotation are source text."""

    name: str
    required: bool
    default: str | None
    annotation: str | None
    owner: str
    """Path of the class or function that declares it."""
    deprecated: str | None = None
    """The warning that it gives when it is used."""


class Built(NamedTuple):
    """Other arguments become those of a component that is built from `dict(type=…, **kwargs)`."""

    parameter: str | None
    """The argument that names its type (`resize_type`)."""
    type: str | None
    """The type, when it is fixed, or the argument's default."""
    given: tuple[str, ...]
    """Arguments that are set already."""

    def names(self, arguments: Mapping[str, object]) -> object:
        """What the arguments give as the type of that component; nothing else of them matters to it."""
        return arguments.get(self.parameter, self.type) if self.parameter else self.type


class Signature(NamedTuple):
    """The keyword arguments that building a component takes, inherited and forwarded ones included."""

    parameters: Mapping[str, Parameter]
    extra: Extra = Extra.REFUSED
    why: str = ''
    """For `extra` other than REFUSED: where the other arguments go."""
    fixed: Mapping[str, str] = _NONE
    """Arguments that a subclass sets itself, with that class: giving them again is `got multiple values`."""
    renamed: Mapping[str, str] = _NONE
    """Old names that still work, with a warning, and what they became."""

    built: Built | None = None
    """Set when `extra` is OPEN, but depends on another component only: `Installation.complete` resolves it."""

    @property
    def open(self) -> bool:
        """Whether an argument that is not in `parameters` may still be accepted."""
        return self.extra is Extra.OPEN

    @property
    def required(self) -> tuple[str, ...]:
        """The names without a default."""
        return tuple(name for name, parameter in self.parameters.items() if parameter.required)

    def accepts(self, name: str) -> bool | None:
        """Whether an argument is taken; None when that is not known, or when it is taken and ignored."""
        if name in self.parameters or name in self.renamed:
            return True
        return False if self.extra is Extra.REFUSED else None


class Component(NamedTuple):
    """A class or function in one release, under the name it was looked up by."""

    name: str
    path: str
    library: str
    """The distribution, such as `mmsegmentation`; `''` for the user's own code."""
    release: str
    kind: str
    """`class`, `function`, or `unknown` for an object of a library without a catalog."""
    line: int
    registry: str = ''
    """The root registry's name (`MODELS`); empty when it was found by its path."""
    scope: str = ''
    bases: tuple[str, ...] = ()
    deprecated: str | None = None

    @property
    def module(self) -> str:
        """The module that defines it."""
        return self.path.rpartition('.')[0]


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
