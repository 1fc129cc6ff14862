"""Reading a config file and all that it inherits, as ``mmengine.Config.fromfile`` does."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice
from cfglint.language.bases import (
    EXTENSIONS,
    MAX_LEVELS,
    TooManyLevels,
    TooMuch,
    find_package,
    missing,
    mixed_styles,
    package_of,
)
from cfglint.language.config import Config
from cfglint.language.environment_variables import Environment
from cfglint.language.errors import ConfigError
from cfglint.language.evaluation import (
    modules,  # noqa: F401  (fills the table of modules)
    statements,  # noqa: F401  (fills the evaluator's tables)
)
from cfglint.language.files import read, refuse_large
from cfglint.language.held import Held
from cfglint.language.lazy import load_lazy
from cfglint.language.parsing import parse, parse_for_style
from cfglint.language.places import Range
from cfglint.language.reads import Reads
from cfglint.language.source import SourceFile
from cfglint.language.spent import Spent
from cfglint.language.style import decide, is_base_assignment
from cfglint.language.text import load_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from cfglint.language.places import Place

MAX_HELD = 400
"""How many configs a loader holds. It has to hold what is inherited again and again, not every file of a run."""

# Deeply nested expressions need frames; the interpreter's own stack is not used up by them.
sys.setrecursionlimit(max(sys.getrecursionlimit(), 6000))


def _accepted(config: Config | ConfigError) -> Config:
    if isinstance(config, ConfigError):
        raise config
    return config


class Loader:
    """Loads configs; what a file resolves to is shared by all that inherit it.

    Holds the configs that were used last, so that memory does not grow with the number of files.

    Attributes:
        touched: The paths that were read, or looked for, and the folders that were searched; while a config is being read,
            those that it depends on.
        characters_read: How much text it has read so far.
        environment: The environment variables; notes which of them configs read, in the same way.
    """

    def __init__(self, package_root: Callable[[str], str | None] = find_package, held: int = MAX_HELD) -> None:
        self.package_root = package_root
        self._held = Held(held)
        self._parsed: dict[str, SourceFile] = {}
        """The texts of files that are to be read again since what they depend on has changed."""
        self._loading: list[str] = []
        self._spent = Spent()
        self.touched: set[str] = set()
        self.characters_read = 0
        self.environment = Environment()

    def load(self, path: str, source: SourceFile | None = None) -> Config:
        """Return the resolved config of a file.

        Args:
            path: The file.
            source: Its text when it is not to be read from disk.

        Raises:
            ConfigError: MMEngine would refuse the file.
        """
        config = self.load_known(path, source)
        if config.refusal is not None:
            raise config.refusal
        return config

    def load_known(self, path: str, source: SourceFile | None = None) -> Config:
        """Return what is known of a file, also where MMEngine would refuse it: a base is missing, a line fails.

        Args:
            path: The file.
            source: Its text when it is not to be read from disk.

        Raises:
            ConfigError: Nothing of it can be known.
        """
        path = os.path.abspath(path)
        known = self._held.get(path)
        if known is None:
            known = self._load(path, source)
            if isinstance(known, (TooManyLevels, TooMuch)) and self._loading:
                raise known  # true for the file that we come from; this one alone may be read
            self._held.put(path, known)
        else:
            self._note(known)
        self._held.use(path)
        return _accepted(known)

    def held(self, path: str) -> Config | None:
        """Return the config of a file that was loaded before, if it is still there."""
        known = self._held.get(path)
        return known if isinstance(known, Config) else None

    def package_of(self, name: str, path: str) -> str | None:
        """Return the folder of a package whose configs the config `path` inherits; none if it is not there."""
        return package_of(name, path, self.package_root, self.touched)

    def read(self, path: str) -> SourceFile:
        """Return the text of a file.

        Raises:
            ConfigError: It cannot be read.
        """
        return read(path)

    def exists(self, path: str) -> bool:
        """Tell whether there is something at a path."""
        return os.path.lexists(path)

    def stand_in(self, entry: str, path: str | None, source: SourceFile) -> Config | None:
        """Return what counts as a base that is not where it is named; none if nothing does.

        Args:
            entry: The base as `source` names it.
            path: The file that it is; none if its package is not installed.
            source: The file that inherits it.
        """
        return None

    def source(self, path: str) -> SourceFile:
        """Return the text of a file that was loaded, or tried to; an unreadable one is empty."""
        try:
            return self.read(path)
        except ConfigError as error:
            return error.source or SourceFile(path, '')

    def forget(self, path: str) -> None:
        """Drop a file, since it has changed or nothing will inherit it any more."""
        path = os.path.abspath(path)
        for key in (path, f'{path}:lazy'):
            self._held.drop(key)

    def forget_dependents(self, paths: Collection[str]) -> None:
        """Drop all that was read from one of some files, or by searching one of some folders."""
        changed = frozenset(paths)
        for key, known in self._held:
            if known.reads is None or not changed.isdisjoint(known.reads.paths):
                if isinstance(known, Config) and key not in changed:
                    self._parsed[key] = known.source
                self._held.drop(key)

    def reads(self, path: str) -> Reads:
        """Return what a file that was loaded before depends on; itself only, if it is not there any more."""
        known = self._held.get(path)
        return Reads(frozenset({path})) if known is None or known.reads is None else known.reads

    def load_base(self, path: str, source: SourceFile, place: Place, *, lazy: bool = False) -> Config:
        """Return a config that another one, pure-Python if `lazy`, names as its base at `place` in `source`.

        Raises:
            ConfigError: There is none, or MMEngine would refuse it.
        """
        if path in self._loading:
            names = [os.path.basename(name) for name in [*self._loading[self._loading.index(path) :], path]]
            chain = ' → '.join(names if len(names) < 5 else [*names[:2], '…', names[-1]])
            message = f'the config inherits itself: {chain}'
            raise ConfigError(
                'circular-base',
                message,
                source,
                place,
                key='_base_',
                exception='RecursionError',
                advice=Advice('take one of these bases out'),
            )
        if len(self._loading) >= MAX_LEVELS:
            raise TooManyLevels(source, place)
        self.touched.add(path)
        if path not in self._held and not self.exists(path):
            raise missing(path, source, place, self.touched)
        text, plain = self._beforehand(path) if lazy and path.endswith('.py') else (None, False)
        try:
            config = self._forced_lazy(path, text) if plain and text is not None else self.load_known(path, text)
        except TooMuch as error:
            error.bare()
            raise error.named_at(source, place) from None
        except ConfigError as error:
            self._spent.read(error.characters, source, place)
            if error.source is None:  # the file could not be read at all: the place to tell is where it is named
                raise error.moved(source, place, '_base_') from None
            known: Config | ConfigError = error.bare()
        else:
            self._spent.read(config.characters, source, place)
            self._spent.evaluated(config, source, place)
            known = config
        base = _accepted(known) if plain else self._in_style(path, known, source, place, lazy=lazy)
        if base.levels >= MAX_LEVELS:
            raise TooManyLevels(source, place)
        return base

    def _beforehand(self, path: str) -> tuple[SourceFile | None, bool]:
        """Return the text of a base that a pure-Python config names, and whether it is read as one without looking like one.

        What does not look like one need not be evaluated in the other style, too.
        """
        known = self._held.get(path)
        source = None if known is None else known.source
        try:
            if source is None or source.path != path:
                source = self.read(path)
            refuse_large(source)
            tree = parse(source)
            return source, decide(source, tree).style == 'text' and not any(map(is_base_assignment, tree.body))
        except ConfigError:
            return source, False  # the loader says it of the file

    def _in_style(
        self, path: str, base: Config | ConfigError, source: SourceFile, place: Place, *, lazy: bool
    ) -> Config:
        """Return a base as the style of its child reads it.

        Raises:
            ConfigError: It is of the other style, or was refused.
        """
        if not path.endswith('.py') or (isinstance(base, Config) and base.style == ('lazy' if lazy else 'text')):
            return _accepted(base)
        if isinstance(base, ConfigError) and base.rule == 'syntax-error':
            raise base
        text = base.source if base.source is not None and base.source.path == path else self.read(path)
        decision = decide(text, parse(text))
        if decision.style == 'lazy':
            if lazy:
                return _accepted(base)
            raise mixed_styles(text, decision, source, place)
        if not lazy:
            return _accepted(base)
        if any(map(is_base_assignment, parse(text).body)):
            raise mixed_styles(text, decision, source, place)
        return self._forced_lazy(path, text)

    def _forced_lazy(self, path: str, text: SourceFile) -> Config:
        """Read a file without imports as its pure-Python child does: no templates, functions stay."""
        key = f'{path}:lazy'
        known = self._held.get(key)
        if known is None:
            own = text if text.code is text.text else SourceFile(path, text.text)
            known = self._guarded(path, own, lambda source: load_lazy(self, path, source))
            if isinstance(known, TooMuch):
                raise known  # true for the file that names it
            self._held.put(key, known)
        else:
            self._note(known)
        self._held.use(key)
        return _accepted(known)

    def _load(self, path: str, source: SourceFile | None) -> Config | ConfigError:
        if not path.endswith(EXTENSIONS):
            message = f'MMEngine reads no config from a file such as `{os.path.basename(path)}`'
            raises = 'OSError: Only py/yml/yaml/json type are supported now!'
            advice = Advice('name a file that ends in .py, .yaml, .yml or .json')
            return ConfigError('unreadable-file', message, raises=raises, advice=advice)
        if path.endswith('.py'):
            return self._guarded(path, source, lambda source: self._load_python(path, source))
        from cfglint.language.data import load_data  # importing a YAML parser takes longer than reading a config

        return self._guarded(path, source, lambda source: load_data(self, path, source))

    def _guarded(
        self, path: str, source: SourceFile | None, load: Callable[[SourceFile], Config]
    ) -> Config | ConfigError:
        """Call `load` for a file, noting that it is being loaded and what it reads; return what it raises."""
        self._loading.append(path)
        self._spent.begin()
        touched, environment = self.touched, self.environment.read
        self.touched, self.environment.read = {path}, {}
        try:
            known = self._attempt(path, source, load)
            known.reads = Reads(frozenset(self.touched), self.environment.read)
            known.characters = self._spent.characters
            return known
        finally:
            self._loading.pop()
            self._spent.end()
            touched |= self.touched
            environment.update(self.environment.read)
            self.touched, self.environment.read = touched, environment

    def _attempt(
        self, path: str, source: SourceFile | None, load: Callable[[SourceFile], Config]
    ) -> Config | ConfigError:
        try:
            source = source or self.read(path)
            refuse_large(source)
            self.characters_read += source.weight
            self._spent.read(source.weight, source, Range(0, 0))
            parsed = self._parsed.pop(path, None)
            return load(parsed if parsed is not None and parsed.text == source.text else source)
        except ConfigError as error:
            return error.bare()
        except (RecursionError, MemoryError) as error:
            words = 'nested too deeply' if isinstance(error, RecursionError) else 'out of memory'
            return ConfigError(
                'endless-evaluation', f'evaluation stopped: {words}', source, None if source is None else Range(0, 0)
            )

    def _note(self, known: Config | ConfigError) -> None:
        """Note that what is being read depends on all that a config depends on which was read before."""
        if self._loading and known.reads is not None:
            self.touched |= known.reads.paths
            self.environment.read.update(known.reads.environment)

    def _load_python(self, path: str, source: SourceFile) -> Config:
        decision = decide(source, parse_for_style(source))
        return load_lazy(self, path, source) if decision.style == 'lazy' else load_text(self, path, source, decision)
