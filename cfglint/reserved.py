"""The top-level names that MMEngine keeps for itself: only the file that is run may not have them, a base may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.language.errors import ConfigError

if TYPE_CHECKING:
    from cfglint.language.config import Config

RESERVED = frozenset({'filename', 'text', 'pretty_text', 'env_variables'})
"""``RESERVED_KEYS`` of `mmengine.config`, which ``Config`` itself looks for."""


def refuse_reserved(config: Config) -> None:
    """Refuse what ``Config.fromfile`` refuses of a config that could be read.

    Raises:
        ConfigError: It has a name that is reserved.
    """
    name = next((key for key in config.table if key in RESERVED), None)
    if name is None:
        return
    origin = config.table.origins.get(name)
    source, place = (None, None) if origin is None else (origin.source, origin.key or origin.value)
    raises = f'KeyError: {name} is reserved for config file'
    raise ConfigError('reserved-name', f'`{name}` is reserved by `Config`', source, place, key=name, raises=raises)
