"""What differs between two resolved configs, and whether a fix declares it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.language.values import Lazy, Opaque, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Path = tuple[str, ...]


def differences(before: Any, after: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the keys of what was added, removed or changed, outer ones only."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            below = (*path, str(key))
            if key in before and key in after:
                yield from differences(before[key], after[key], below)
            else:
                yield below
    elif isinstance(before, (list, tuple)) and type(before) is type(after) and len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from differences(old, new, (*path, str(index)))
    elif not _is_same(before, after):
        yield path


def _is_same(before: Any, after: Any) -> bool:
    if type(before) is not type(after):
        return False
    if isinstance(before, Unknown):
        return True
    if isinstance(before, (Lazy, Opaque)):
        return bool(before.name == after.name)
    return bool(before == after) or repr(before) == repr(after)  # not a number is not equal to itself


def is_declared(path: Path, keys: Iterable[str]) -> bool:
    """Tell whether one of some dotted keys is the path, or leads to it; ``*.name`` is a key in any dict."""
    for key in keys:
        if key.startswith('*.'):
            if key[2:] in path:
                return True
        elif (*key.split('.'),) == path[: key.count('.') + 1]:
            return True
    return False
