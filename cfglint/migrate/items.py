"""The values of a 0.x config as the mapping asks for them: each with the place where it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.language.values import Array, Row, Table

if TYPE_CHECKING:
    from cfglint.language.values import Origin


class Item:
    """A value of a config, and where it was written.

    Attributes:
        value: The value, as the config resolves to it.
        origin: Where it was written, if anybody wrote it.
    """

    __slots__ = ('origin', 'value')

    def __init__(self, value: Any, origin: Origin | None = None) -> None:
        self.value = value
        self.origin = origin

    def __repr__(self) -> str:
        return f'Item({self.value!r})'

    def get(self, name: Any) -> Item | None:
        """Return a field of a dict; none if there is none."""
        if not isinstance(self.value, dict) or name not in self.value:
            return None
        origins = self.value.origins if isinstance(self.value, Table) else {}
        return Item(self.value[name], origins.get(name))

    def __contains__(self, name: object) -> bool:
        return isinstance(self.value, dict) and name in self.value

    def plain(self, name: str, default: Any = None) -> Any:
        """Return the value of a field."""
        return self.value.get(name, default) if isinstance(self.value, dict) else default

    @property
    def is_dict(self) -> bool:
        """Whether it has fields."""
        return isinstance(self.value, dict)

    @property
    def is_list(self) -> bool:
        """Whether it has entries."""
        return isinstance(self.value, (list, tuple))

    @property
    def type(self) -> str:
        """The name in `type`, without a scope; empty if there is none."""
        name = self.plain('type')
        return name.rpartition('.')[2] if isinstance(name, str) else ''

    def fields(self) -> dict[Any, Item]:
        """Return the fields of a dict, without what only merging reads."""
        if not isinstance(self.value, dict):
            return {}
        origins = self.value.origins if isinstance(self.value, Table) else {}
        return {name: Item(value, origins.get(name)) for name, value in self.value.items() if name != '_delete_'}

    def entries(self) -> list[Item]:
        """Return the items of a list or tuple."""
        if not isinstance(self.value, (list, tuple)):
            return []
        origins = self.value.origins if isinstance(self.value, (Array, Row)) else [None] * len(self.value)
        return [Item(value, origin) for value, origin in zip(self.value, origins, strict=True)]
