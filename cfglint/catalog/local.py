"""The index of a user's own code: components registered in the modules of a repository, read and never imported."""

from __future__ import annotations

import json
import os
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from cfglint import __version__
from cfglint.catalog.facts import ModuleFacts
from cfglint.catalog.names import Names
from cfglint.catalog.source import read_module
from cfglint.catalog.store import Each, Stored
from cfglint.catalog.tables import Tables, build_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

MAX_FILE_SIZE: Final = 1_000_000
MAX_FILES: Final = 20_000
_CACHE_FORMAT: Final = 2
_SKIPPED_FOLDERS: Final = frozenset(
    {'__pycache__', 'node_modules', 'site-packages', 'build', 'dist', 'work_dirs', 'venv', 'env'}
)


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
    """What the user's modules define and register; used as the `local` code of an `Installation`."""

    library = ''
    version = ''

    def __init__(
        self,
        files: Mapping[str, str],
        facts: Mapping[str, ModuleFacts],
        outside_registry: Callable[[str], str | None],
        skipped: Sequence[str] = (),
    ) -> None:
        self.files = dict(files)
        """Module → path of its file."""
        self.skipped = tuple(skipped)
        """Files that are too large, or no Python that can be parsed."""
        self._facts = facts
        self._outside_registry = outside_registry

    @cached_property
    def tables(self) -> Tables:
        """Registrations resolved to definitions."""
        return build_tables(self._facts, self._outside_registry)

    @cached_property
    def packages(self) -> frozenset[str]:
        """The top-level names that belong to the user's code."""
        return frozenset(module.split('.')[0] for module in self.files)

    @cached_property
    def _folders(self) -> frozenset[str]:
        """Packages without an `__init__.py`."""
        parents = (module.split('.')[:depth] for module in self.files for depth in range(1, module.count('.') + 1))
        return frozenset('.'.join(parts) for parts in parents)

    def registered(self, key: str) -> Mapping[str, str]:
        """Name → path, of `REGISTRY@scope`."""
        return self.tables.names.get(key, {})

    def registry_keys(self) -> Iterator[str]:
        """Every `REGISTRY@scope` that the code registers into."""
        yield from self.tables.names

    def each(self, key: str) -> list[Each]:
        """Users' loops over other libraries are not followed."""
        return []

    def object(self, path: str) -> Stored | None:
        """The class or function defined at a path."""
        body = self.tables.objects.get(path)
        return None if body is None else Stored(body, body['line'])

    def module(self, name: str) -> Names | None:
        """The names that a module binds."""
        found = self.tables.modules.get(name)
        if found is not None:
            return found
        if name in self.files:
            # It was skipped: anything may be in it.
            return Names({}, (), True)
        return Names({}) if name in self._folders else None

    def registry_key(self, path: str) -> str | None:
        """`REGISTRY@scope` of a variable."""
        return self.tables.registries.get(path)

    def has_package(self, package: str) -> bool:
        """Whether a top-level name belongs to the user's code."""
        return package in self.packages

    def registrations(self) -> Iterator[Registered]:
        """Everything that is registered, with its place: for "registered here, but nothing imports it"."""
        for (key, name), (module, line) in self.tables.lines.items():
            yield Registered(key, name, self.tables.names[key][name], module, self.files[module], line)

    def dynamic(self, key: str) -> bool:
        """Whether the code registers something that cannot be named, maybe into `REGISTRY@scope`."""
        registry = key.partition('@')[0]
        return any(registry in text or '.register_module' not in text for _, _, text in self.tables.unclear)


def index(
    roots: Sequence[str | os.PathLike[str]],
    outside_registry: Callable[[str], str | None],
    cache: str | os.PathLike[str] | None = None,
) -> LocalCode:
    """Index the modules below `roots`, each module named from its root, as `sys.path` would have it.

    `outside_registry` is `Installation.registry_key`. With a `cache` folder, a file is parsed once for each content;
    whatever is in there that cannot be read is ignored.
    """
    files: dict[str, str] = {}
    for root in roots:
        start = len(os.path.join(root, ''))
        for path in python_files(root):
            files.setdefault(_module_name(path[start:]), path)
    facts: dict[str, ModuleFacts] = {}
    skipped: list[str] = []
    for module, path in files.items():
        data = _read(path)
        if data is not None and not _is_interesting(data):
            continue
        found = None if data is None else _facts(data, module, os.path.basename(path) == '__init__.py', cache)
        if found is None:
            skipped.append(path)
        else:
            facts[module] = found
    return LocalCode(files, facts, outside_registry, skipped)


def python_files(root: str | os.PathLike[str]) -> Iterator[str]:
    """Yield the paths of the modules below a folder, in order."""
    count = 0
    waiting = [os.fspath(root)]
    while waiting:
        folders: list[str] = []
        for entry in _entries(waiting.pop()):
            if entry.name.endswith('.py') and _is_file(entry):
                count += 1
                if count > MAX_FILES:
                    return
                yield entry.path
            elif entry.is_dir(follow_symlinks=False) and _may_hold_code(entry):
                folders.append(entry.path)
        waiting += reversed(folders)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=attrgetter('name'))
    except OSError:
        return []


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Tell whether it is a file, or a link to one: a named pipe would block whoever reads it."""
    return entry.is_file(follow_symlinks=False) or (entry.is_symlink() and os.path.isfile(entry.path))


def _may_hold_code(folder: os.DirEntry[str]) -> bool:
    name = folder.name
    is_skipped = name in _SKIPPED_FOLDERS or name.startswith('.')
    return not is_skipped and not os.path.exists(os.path.join(folder.path, 'pyvenv.cfg'))


def _module_name(path: str) -> str:
    """Return the name of the module in a file, given from the root."""
    return path[:-3].removesuffix(f'{os.sep}__init__').replace(os.sep, '.')


def _read(path: str) -> bytes | None:
    try:
        with open(path, 'rb', buffering=0) as file:
            return None if os.fstat(file.fileno()).st_size > MAX_FILE_SIZE else file.read()
    except OSError:
        return None


def _is_interesting(data: bytes) -> bool:
    """Tell whether a module may register something, or define what a registered class inherits from."""
    return b'import' in data or b'class ' in data


def _facts(data: bytes, module: str, is_package: bool, cache: str | os.PathLike[str] | None) -> ModuleFacts | None:
    if cache is None:
        return read_module(data, module, is_package)
    import hashlib  # takes longer than reading all modules that register nothing

    # Relative imports make the facts depend on where the module is.
    digest = hashlib.sha256(f'{_CACHE_FORMAT} {__version__} {module} {is_package}\n'.encode() + data).hexdigest()
    stored = os.path.join(cache, 'modules', digest[:2], f'{digest}.json')
    found = _load(stored)
    if found is None:
        found = read_module(data, module, is_package)
        if found is not None:
            _save(stored, found)
    return found


def _load(path: str) -> ModuleFacts | None:
    try:
        with open(path, 'rb') as file:
            found = json.load(file)
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and ModuleFacts.__required_keys__ <= found.keys() else None


def _save(path: str, facts: ModuleFacts) -> None:
    """Write a cache entry whole or not at all; a cache that cannot be written only costs time."""
    temporary = f'{path}.{os.getpid()}.tmp'
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(temporary, 'w', encoding='utf-8') as file:
            file.write(json.dumps(facts, separators=(',', ':')))
        os.replace(temporary, path)
    except OSError:
        return
