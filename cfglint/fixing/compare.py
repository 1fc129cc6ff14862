"""What differs between two resolved configs, and which fixes declare it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from cfglint.language.values import Lazy, Opaque, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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


class Declared:
    """Which of some fixes declare that a key changes.

    Args:
        keys: The dotted keys that each fix declares, by its number; ``*.name`` is a key in any dict.
    """

    def __init__(self, keys: Mapping[int, Iterable[str]]) -> None:
        self._paths: defaultdict[Path, list[int]] = defaultdict(list)
        self._names: defaultdict[str, list[int]] = defaultdict(list)
        for number, each in keys.items():
            for key in each:
                if key.startswith('*.'):
                    self._names[key[2:]].append(number)
                else:
                    self._paths[(*key.split('.'),)].append(number)

    def by(self, path: Path) -> list[int]:
        """Return the fixes that declare a path, or what it is below."""
        found = {number for name in path for number in self._names.get(name, ())}
        for length in range(1, len(path) + 1):
            found.update(self._paths.get(path[:length], ()))
        return sorted(found)
