"""What a client may say: the same as the options of `cfglint check`, for all that the settings file leaves open."""

from __future__ import annotations

from typing import Any, NamedTuple

from cfglint.usage import UsageError


class Options(NamedTuple):
    """What the client says.

    Attributes:
        target: Releases of libraries, such as ``mmdet==3.3.0``.
        config: The settings file, instead of the nearest one.
        python: The interpreter that trains, or its environment; the server's own if not given.
    """

    target: tuple[str, ...] = ()
    config: str | None = None
    python: str | None = None


def options_of(said: Any) -> Options:
    """Return the options in what a client sent, alone or below the name ``cfglint``.

    Raises:
        UsageError: Something is not as it should be.
    """
    said = said.get('cfglint', said) if isinstance(said, dict) else said
    if said is None or not isinstance(said, dict):
        return Options()
    target, texts = said.get('target') or (), {name: said.get(name) or None for name in ('config', 'python')}
    target = (target,) if isinstance(target, str) else target
    if not isinstance(target, (list, tuple)) or not all(isinstance(each, str) for each in target):
        raise UsageError('`target` must be a list of texts such as `mmdet==3.3.0`')
    for name, value in texts.items():
        if value is not None and not isinstance(value, str):
            raise UsageError(f'`{name}` must be a path')
    return Options(tuple(target), texts['config'], texts['python'])
