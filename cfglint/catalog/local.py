"""The index of a user's own code: components registered in the modules of a repository, read and never imported.

Nothing is parsed before it is asked for, and no module twice: a scan of the texts tells which modules may register a name.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from cfglint import __version__, entries, files
from cfglint.catalog.definitions import read_module
from cfglint.catalog.names import Missing, Names, Result, names_of
from cfglint.catalog.scan import Scan, all_imports, is_config, scan
from cfglint.catalog.store import Each, Stored
from cfglint.catalog.tables import Definitions, Registration
from cfglint.catalog.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cfglint.catalog.facts import ModuleFacts

MAX_FILE_SIZE: Final = 200 * 1024
"""In bytes. The largest module of a library has 149 kB."""
MAX_BYTES: Final = 200_000_000
"""Bytes of Python that are read in all; the largest library has 10 MB."""
_CACHE_FORMAT: Final = 4

Texts = Mapping[str, 'bytes | None']
"""What counts in place of what is on disk, by path; None for a file that counts as absent."""
NO_TEXTS: Final[Texts] = {}


class Registered(NamedTuple):
    """A registration in the user's code."""

    key: str
    """`REGISTRY@scope`."""
    name: str
    path: str
    module: str
    file: str
    line: int


class LocalCode:
    """What the user's modules define and register; used as the `local` code of an `Installation`.

    Attributes:
        files: Module → path of its file.
        skipped: Files that were too large to be read, or no Python that can be parsed, as far as they were asked for.
    """

    library = ''
    version = ''

    def __init__(
        self,
        files: Mapping[str, str],
        outside_registry: Callable[[str], str | None],
        cache: str | os.PathLike[str] | None = None,
        *,
        is_complete: bool = True,
        texts: Texts = NO_TEXTS,
    ) -> None:
        self.files = dict(files)
        self._texts = texts
        self.skipped: list[str] = []
        self._is_complete = is_complete
        self._cache = cache
        self._facts: dict[str, ModuleFacts | None] = {}
        self._modules: dict[str, Names | Missing | None] = {}
        self._objects: dict[str, Stored | None] = {}
        self._registrations: dict[str, list[Registration]] = {}
        self._named: dict[str, list[Registration]] = {}
        self._absent: dict[str, frozenset[str]] = {}
        self._whole: dict[str, bool] = {}
        self._definitions = Definitions(self._facts_of, self.modules, outside_registry)

    @property
    def is_complete(self) -> bool:
        """Whether all of the tree is known: no bound of its size was reached."""
        return self._is_complete and not self._definitions.resolver.is_exhausted

    @cached_property
    def packages(self) -> frozenset[str]:
        """The top-level names that belong to the user's code."""
        return frozenset(module.partition('.')[0] for module in self.files)

    @cached_property
    def _folders(self) -> Mapping[str, str]:
        """Package → its folder."""
        found: dict[str, str] = {}
        for module, path in self.files.items():
            package, folder = module, os.path.dirname(path)
            if not path.endswith(_INIT):
                package = module.rpartition('.')[0]
            while package and package not in found:
                found[package] = folder
                package, folder = package.rpartition('.')[0], os.path.dirname(folder)
        return found

    @cached_property
    def scans(self) -> Mapping[str, Scan]:
        """Module → what its text tells; without those that cannot be read."""
        found: dict[str, Scan] = {}
        left = MAX_BYTES
        for module, path in self.files.items():
            data = self.data(path)
            if data is None:
                continue
            left -= len(data)
            if left < 0:
                self._is_complete = False
                break
            found[module] = scan(data)
        return found

    @cached_property
    def _by_word(self) -> Mapping[str, list[str]]:
        """Name → the modules that may register it; those at `''` may register any."""
        found: dict[str, list[str]] = {}
        for module, each in self.scans.items():
            for word in ('',) if each.is_open else each.words:
                found.setdefault(word, []).append(module)
        return found

    def named(self, name: str) -> list[Registration]:
        """What is registered under a name, in the order of the modules."""
        if name not in self._named:
            modules = [*self._by_word.get(name, ()), *self._by_word.get('', ())]
            self._named[name] = [each for module in modules for each in self._of(module) if each.name == name]
        return self._named[name]

    def data(self, path: str) -> bytes | None:
        """Return what the file of a module holds; None if it cannot be read."""
        return self._texts[path] if path in self._texts else _read(path)

    def _of(self, module: str) -> list[Registration]:
        """What a module registers."""
        if module not in self._registrations:
            self._registrations[module] = list(self._definitions.registrations(module))
        return self._registrations[module]

    @cached_property
    def _tables(self) -> Mapping[str, Mapping[str, Registration]]:
        """`REGISTRY@scope` → name → registration, of all modules."""
        found: dict[str, dict[str, Registration]] = {}
        for module, each in self.scans.items():
            for item in self._of(module) if each.words or each.is_open else ():
                known = found.setdefault(item.key, {})
                # The first one stays: a second one is the branch for another environment, unless it is forced.
                if item.name not in known or item.force:
                    known[item.name] = item
        return found

    @cached_property
    def scopes(self) -> frozenset[str]:
        """The scopes of the registries that the code makes, and of those that it registers something into."""
        own = (
            self._definitions.own_registry_key(module, name)
            for module, each in self.scans.items()
            if each.makes_registries and (facts := self._facts_of(module)) is not None
            for name in facts['registries']
        )
        return frozenset(key.partition('@')[2] for key in own)

    def makes_registries(self, package: str) -> bool:
        """Whether a module of a package makes a registry."""
        return any(each.makes_registries for module, each in self.scans.items() if _is_in(module, package))

    def registered(self, key: str) -> Mapping[str, str]:
        """Name → path, of `REGISTRY@scope`."""
        return {name: each.path for name, each in self._tables.get(key, {}).items()}

    def registry_keys(self) -> Iterator[str]:
        """Every `REGISTRY@scope` that the code registers into."""
        yield from self._tables

    def each(self, key: str) -> list[Each]:
        """Users' loops over other libraries are not followed."""
        return []

    def object(self, path: str) -> Stored | None:
        """The class or function defined at a path."""
        if path not in self._objects:
            module, _, name = path.rpartition('.')
            body = self._definitions.body(module, name)
            self._objects[path] = None if body is None else Stored(body, body['line'])
        return self._objects[path]

    def module(self, name: str) -> Names | None:
        """The names that a module binds."""
        found = self.modules(name)
        return found if isinstance(found, Names) else None

    def modules(self, name: str) -> Names | Missing | None:
        """The names that a module binds; Missing where its package is whole and does not have it."""
        if name not in self._modules:
            self._modules[name] = self._names_of(name)
        return self._modules[name]

    def _names_of(self, name: str) -> Names | Missing | None:
        if name in self.files:
            facts = self._facts_of(name)
            return Names({}, (), True) if facts is None else names_of(facts)  # in what cannot be read, anything may be
        if name in self._folders:
            return Names({})
        package = name.partition('.')[0]
        return Missing(name, '') if package in self.packages and self.is_whole(package) else None

    def _facts_of(self, module: str) -> ModuleFacts | None:
        path = self.files.get(module)
        if path is None:
            return None
        if module not in self._facts:
            data = self.data(path)
            is_package = path.endswith(_INIT)
            found = None if data is None else _facts(data, module, is_package, self._cache)
            if found is None:
                self.skipped.append(path)
            self._facts[module] = found
        return self._facts[module]

    def registry_key(self, path: str) -> str | None:
        """`REGISTRY@scope` of a variable."""
        module, _, name = path.rpartition('.')
        return self._definitions.registry_key(name, module) if module in self.files else None

    def has_package(self, package: str) -> bool:
        """Whether a top-level name belongs to the user's code."""
        return package in self.packages

    def is_whole(self, package: str) -> bool:
        """Whether all of a package is in the tree, rather than some files that are copied over an installed one.

        What is copied over another has no `__init__.py`, or imports what only the other one has.
        """
        if package not in self._whole:
            # A module that was renamed leaves a trace or two in code that is whole, too.
            tolerated = max(1, self.size(package) // 10) if package in self.files else 0
            self._whole[package] = len(self.absent(package)) <= tolerated
        return self._whole[package] and self.is_complete

    def size(self, package: str) -> int:
        """How many modules a package has in the tree."""
        return sum(_is_in(module, package) for module in self.files)

    def absent(self, package: str) -> frozenset[str]:
        """The modules that a package imports from itself, and that are not in the tree."""
        if package not in self._absent:
            modules = [module for module in self.scans if _is_in(module, package)]
            self._absent[package] = frozenset(name for each in modules for name in self.absent_imports(each))
        return self._absent[package]

    def absent_imports(self, module: str) -> Iterator[str]:
        """The modules of its own package that a module imports, and that are not in the tree."""
        found = self.scans.get(module)
        package = module.partition('.')[0]
        for each in () if found is None else found.imports:
            name = self.absolute(module, each)
            if name.partition('.')[0] != package or name in self.files or name in self._folders:
                continue
            if self.may_be_generated(name):
                continue
            # `import a.b.Name` is no module; `from a.b.Name import x` neither, but Python says so at once.
            yield name

    def absolute(self, module: str, written: str) -> str:
        """The dotted name of what a module imports as `..parts.head`."""
        name = written.lstrip('.')
        level = len(written) - len(name)
        if not level:
            return name
        package = module.split('.') if self.files[module].endswith(_INIT) else module.split('.')[:-1]
        kept = package[: max(len(package) - level + 1, 0)]
        return '.'.join([*kept, name] if name else kept)

    def has_module(self, name: str) -> bool:
        """Whether there is, or may be, a module or package of that name, named from a root."""
        return name in self.files or name in self._folders or self._is_built(name)

    def named_as(self, name: str) -> list[str]:
        """The packages and modules that a top-level name may stand for: which folders are on `sys.path` is not known."""
        end = f'.{name}'
        return sorted(each for each in self._names if each == name or each.endswith(end))

    def below(self, package: str) -> list[str]:
        """The names of the modules and packages directly in a package."""
        start = f'{package}.'
        found = (each[len(start) :] for each in self._names if each.startswith(start))
        return sorted(each for each in found if '.' not in each)

    def is_regular(self, package: str) -> bool:
        """Whether a package has an `__init__.py`, so that all of it lies in one folder."""
        return self.files.get(package, '').endswith(_INIT)

    @cached_property
    def _names(self) -> frozenset[str]:
        """All modules and packages."""
        return frozenset((*self.files, *self._folders))

    def may_be_generated(self, name: str) -> bool:
        """Whether a module may be written or compiled when its package is built."""
        return name.rpartition('.')[2] in _GENERATED or self._is_built(name)

    def locate(self, path: str) -> Result:
        """Where a dotted path is defined, re-exports followed."""
        return self._definitions.resolver.locate(path)

    def mentions(self, module: str, name: str) -> bool:
        """Whether the text of a module, or of those that it takes all names from, has a word: it may bind it somehow."""
        data = self.data(self.files[module]) if module in self.files else None
        names = self.modules(module)
        return data is None or name.encode() in data or (isinstance(names, Names) and bool(names.stars))

    def names_key(self, module: str, key: str) -> bool:
        """Whether a module writes a key as a text: it may take it from some dict."""
        data = self.data(self.files[module]) if module in self.files else None
        return data is not None and any(f'{quote}{key}{quote}'.encode() in data for quote in '\'"')

    def is_named_by_builder(self, name: str) -> bool:
        """Whether a module that builds from dicts writes the name of a class as a text: `if cfg['type'] == 'Own'`."""
        return any(self.names_key(module, name) for module in self._builders)

    @cached_property
    def _builders(self) -> list[str]:
        """The modules that build components from dicts themselves."""
        return [module for module in self.scans if b'build_from_cfg' in (self.data(self.files[module]) or b'')]

    def folder_of(self, package: str) -> str:
        """The folder of a package in the tree; empty if there is none."""
        return self._folders.get(package, '')

    def _is_built(self, name: str) -> bool:
        """Tell whether a module may be one of another language, or of a folder that was not walked."""
        parent, _, last = name.rpartition('.')
        while parent and parent not in self._folders:
            parent, _, last = parent.rpartition('.')
        try:
            names = os.listdir(self._folders.get(parent, ''))
        except OSError:
            return False
        return any(each == last or (each.partition('.')[0] == last and not each.endswith('.py')) for each in names)

    @cached_property
    def imports(self) -> Mapping[str, frozenset[str]]:
        """Module → the modules that it imports anywhere, and what it takes from them; without configs.

        What a config names is imported when MMEngine builds it, and for that config only.
        """
        found: dict[str, frozenset[str]] = {}
        for module in self.scans:
            data = self.data(self.files[module])
            if data is not None and not is_config(data):
                found[module] = frozenset(self.absolute(module, name) for name in all_imports(data))
        return found

    def registrations(self) -> Iterator[Registered]:
        """Everything that is registered, with its place: for "registered here, but nothing imports it"."""
        for key, table in self._tables.items():
            for name, each in table.items():
                yield Registered(key, name, each.path, each.module, self.files[each.module], each.line)

    def dynamic(self, key: str) -> bool:
        """Whether the code registers something that cannot be named, maybe into `REGISTRY@scope`."""
        registry = key.partition('@')[0]
        for module, each in self.scans.items():
            facts = self._facts_of(module) if each.is_open or each.words else None
            if facts is not None and any(_may_fill(registry, text) for _, text in facts['unclear']):
                return True
        return False


def _may_fill(registry: str, call: str) -> bool:
    """Whether a registration may be one into a registry: a function that registers may get any."""
    variable = call.partition('register')[0].rstrip('._').rpartition('.')[2]
    return registry in call or not variable.isupper()


_GENERATED: Final = frozenset({'version', '_version', 'git_version', '_ext', '_C'})
"""Modules that are written when a package is built."""


_INIT: Final = f'{os.sep}__init__.py'


def _is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(f'{package}.')


def index(
    roots: Sequence[str | os.PathLike[str]],
    outside_registry: Callable[[str], str | None],
    cache: str | os.PathLike[str] | None = None,
    texts: Texts = NO_TEXTS,
) -> LocalCode:
    """Index the modules below `roots`, each module named from the nearest root, as `sys.path` would have it.

    `outside_registry` is `Installation.registry_key`. With a `cache` folder, a file is parsed once for each content;
    whatever is in there that cannot be read is ignored. `texts` go before what is on disk.
    """
    files: dict[str, str] = {}
    found: dict[str, str] = {}
    is_complete = True
    # What lies in a root that is in another one is named from the inner one.
    for root in sorted((os.fspath(each) for each in roots), key=len, reverse=True):
        walk = Walk(root)
        is_complete = is_complete and walk.is_complete
        start = len(os.path.join(root, ''))
        for path in _with_texts(walk.files, root, texts):
            found.setdefault(path, _module_name(path[start:]))
    for path, module in found.items():
        files.setdefault(module, path)
    return LocalCode(files, outside_registry, cache, is_complete=is_complete, texts=texts)


def python_files(root: str | os.PathLike[str]) -> list[str]:
    """Return the paths of the modules below a folder, in order."""
    return Walk(root).files


def _with_texts(files: list[str], root: str, texts: Texts) -> list[str]:
    """Return the modules below a root, those that are not on disk included."""
    if not texts:
        return files
    below = os.path.join(root, '')
    more = {
        path for path, text in texts.items() if text is not None and path.startswith(below) and path.endswith('.py')
    }
    return sorted(path for path in more.union(files) if texts.get(path, b'') is not None)


def _module_name(path: str) -> str:
    """Return the name of the module in a file, given from the root."""
    return path[:-3].removesuffix(f'{os.sep}__init__').replace(os.sep, '.')


def _read(path: str) -> bytes | None:
    try:
        return files.contents(path, MAX_FILE_SIZE)
    except OSError:
        return None


def _facts(data: bytes, module: str, is_package: bool, cache: str | os.PathLike[str] | None) -> ModuleFacts | None:
    if cache is None:
        return read_module(data, module, is_package)
    # Relative imports make the facts depend on where the module is.
    digest = entries.digest_of(f'{_CACHE_FORMAT} {__version__} {module} {is_package}\n'.encode() + data)
    stored = os.path.join(cache, 'modules', digest[:2], f'{digest}.json')
    found = _load(stored)
    if found is None:
        found = read_module(data, module, is_package)
        if found is not None:
            _save(stored, found)
    return found


def _load(path: str) -> ModuleFacts | None:
    try:
        return cast('ModuleFacts', json.loads(entries.load(path)))
    except (OSError, ValueError, RecursionError):
        return None


def _save(path: str, facts: ModuleFacts) -> None:
    with suppress(OSError):  # a cache that cannot be written only costs time
        entries.save(path, json.dumps(facts, separators=(',', ':')).encode())
