"""Reading a config file and all that it inherits, as ``mmengine.Config.fromfile`` does."""

from __future__ import annotations

import os
import sys
import warnings
from collections import OrderedDict
from typing import TYPE_CHECKING

from cfglint.language import (
    modules,  # noqa: F401  (fills the table of modules)
    statements,  # noqa: F401  (fills the evaluator's tables)
)
from cfglint.language.bases import EXTENSIONS, find_package, missing
from cfglint.language.config import Config
from cfglint.language.data import load_data
from cfglint.language.errors import ConfigError
from cfglint.language.lazy import load_lazy
from cfglint.language.parsing import parse
from cfglint.language.source import Range, SourceFile, read
from cfglint.language.style import decide
from cfglint.language.text import load_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from cfglint.language.source import Place

MAX_LEVELS = 60
"""How deep configs may inherit; the deepest official one has 7 levels."""
MAX_HELD = 400
"""How many configs a loader holds. It has to hold what is inherited again and again, not every file of a run."""

# Deeply nested expressions need frames; the interpreter's own stack is not used up by them.
sys.setrecursionlimit(max(sys.getrecursionlimit(), 6000))


class _TooManyLevels(ConfigError):
    """There are too many levels of inheritance, counted from the file that is loaded."""

    def __init__(self, source: SourceFile, place: Place | Range) -> None:
        message = f'more than {MAX_LEVELS} levels of inheritance'
        super().__init__('endless-evaluation', message, source, place, key='_base_')


class Loader:
    """Loads configs; what a file resolves to is shared by all that inherit it.

    Holds the configs that were used last, so that memory does not grow with the number of files.
    """

    def __init__(self, package_root: Callable[[str], str | None] = find_package, held: int = MAX_HELD) -> None:
        self.package_root = package_root
        self._max_held = held
        self._held: OrderedDict[str, Config | ConfigError] = OrderedDict()
        self._loading: list[str] = []

    def load(self, path: str, source: SourceFile | None = None) -> Config:
        """Return the resolved config of a file; `source` gives its text when it is not to be read from disk.

        Raises:
            ConfigError: MMEngine would refuse the file.
        """
        path = os.path.abspath(path)
        known = self._held.get(path)
        if known is None:
            known = self._load(path, source)
            if isinstance(known, _TooManyLevels) and self._loading:
                raise known  # true for the file that we come from; this one alone may be read
            self._held[path] = known
        self._held.move_to_end(path)
        while len(self._held) > self._max_held:
            self._held.popitem(last=False)
        if isinstance(known, ConfigError):
            raise known
        return known

    def forget(self, path: str) -> None:
        """Drop a file, since it has changed or nothing will inherit it any more."""
        self._held.pop(os.path.abspath(path), None)

    def load_base(self, path: str, source: SourceFile, place: Place | Range) -> Config:
        """Return a config that another one names as its base, at `place` in `source`.

        Raises:
            ConfigError: There is none, or MMEngine would refuse it.
        """
        if path in self._loading:
            chain = ' → '.join(os.path.basename(name) for name in [*self._loading[self._loading.index(path) :], path])
            message = f'circular inheritance: {chain} (MMEngine: `RecursionError`)'
            raise ConfigError('circular-base', message, source, place, key='_base_', exception='RecursionError')
        if len(self._loading) >= MAX_LEVELS:
            raise _TooManyLevels(source, place)
        if not os.path.lexists(path):
            raise missing(path, source, place)
        try:
            base = self.load(path)
            if base.levels >= MAX_LEVELS:
                raise _TooManyLevels(source, place)
            return base
        except ConfigError as error:
            if error.source is None:  # the file could not be read at all: the place to tell is where it is named
                raise ConfigError(error.rule, error.message, source, place, key='_base_') from None
            raise

    def _load(self, path: str, source: SourceFile | None) -> Config | ConfigError:
        self._loading.append(path)
        try:
            if not path.endswith(EXTENSIONS):
                message = f'`{os.path.basename(path)}` is no config: MMEngine reads .py, .yaml, .yml and .json (`OSError`)'
                return ConfigError('unreadable-file', message)
            source = source or read(path)
            if not path.endswith('.py'):
                return load_data(self, path, source)
            with warnings.catch_warnings():
                warnings.simplefilter('ignore')  # Python warns about odd escapes when it parses
                return self._load_python(path, source)
        except ConfigError as error:
            return error
        except (RecursionError, MemoryError) as error:
            words = 'nested too deeply' if isinstance(error, RecursionError) else 'out of memory'
            return ConfigError('endless-evaluation', f'evaluation stopped: {words}', source, None if source is None else Range(0, 0))
        finally:
            self._loading.pop()

    def _load_python(self, path: str, source: SourceFile) -> Config:
        decision = decide(source, parse(source))
        return load_lazy(self, path, source) if decision.style == 'lazy' else load_text(self, path, source, decision)
