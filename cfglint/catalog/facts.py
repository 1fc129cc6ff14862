"""What reading one Python file tells about components: plain JSON values, so that they can be cached and shipped.

A *reference* is a dotted name as the file writes it (`nn.ReLU`, `MODELS`); `tables` follows it through the imports.
"""

from __future__ import annotations

from typing import Any, TypedDict

KwargsUse = list[Any]
"""How a function uses its `**kwargs`:

- `['super', positional, given, conditional, after]`: handed to `super().__init__`; `after` is None, or a reference to
  the class that `super(After, self)` names.
- `['call', reference, positional, given, conditional]`: handed to a class or function (`Base.__init__` is
  `['call', 'Base', …]` as well).
- `['inline', function, positional, given, conditional, name]`: handed to a method of the same class.
- `['config', parameter, type, given, conditional]`: become arguments of a component that is built from
  `dict(type=…, **kwargs)`; `type` is its name if it is written out, else `parameter` is the argument that has it.
- `['take', name, default, required, removed]`: one key is read, and perhaps removed before the rest is handed on.
- `['set', names, conditional]`: keys are set, so that they are there when the rest is handed on.
- `['open', why, conditional]`: goes where `ast` cannot follow. With a fourth item, True, keys may be taken away there.
- `['refuse', why]`: only in patches, where reading the source would say less: nothing else is taken.

`positional` counts the positional arguments and `given` lists the keywords that the call sets itself.
"""


class FunctionFacts(TypedDict, total=False):
    """A signature without `self`: `[name]`, `[name, default]` or `[name, default or None, annotation]` each.

    `['*']` and `['*args']` start the keyword-only ones, `['**kwargs']` is last.
    """

    line: int
    params: list[list[Any]]
    kwargs: list[KwargsUse]
    renamed: dict[str, str]
    """Old argument names that still work, with a warning (`deprecated_api_warning`)."""
    deprecated: str
    deprecated_args: dict[str, str]
    open: str
    """Why it may take something else than what is written."""


class ClassFacts(TypedDict, total=False):
    """A class: its bases as references, and its own `__init__` (or `__new__`, or the fields of a dataclass), if any."""

    line: int
    bases: list[str]
    init: FunctionFacts
    dataclass: bool
    deprecated: str
    open: str
    """Why its constructor may take something else than what is written."""
    metaclass: str
    """A metaclass that may change how instances, of subclasses too, are made."""
    methods: list[str]
    """Names of its methods; kept of a user's own classes only."""


class RegistryFacts(TypedDict):
    """`MODELS = Registry('model', parent=…, scope=…)`."""

    name: str
    parent: str | None
    scope: str | None
    line: int


class Registration(TypedDict):
    """One `register_module`: to which registry (a reference), under which names (None: the object's own)."""

    registry: str
    names: list[str] | None
    target: str
    force: bool
    line: int


class ModuleFacts(TypedDict):
    """One file. `imports` maps a name to `module` or `module:name`; `dynamic` means that names cannot be listed."""

    names: list[str]
    imports: dict[str, str]
    aliases: dict[str, str]
    stars: list[str]
    exports: list[str] | None
    """`__all__`, when it is written out."""
    dynamic: bool
    classes: dict[str, ClassFacts]
    functions: dict[str, FunctionFacts]
    registries: dict[str, RegistryFacts]
    registered: list[Registration]
    unclear: list[tuple[int, str]]
    """Registrations that cannot be read from the source: line and text."""
