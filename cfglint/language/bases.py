"""Which file a `_base_` entry names, and what is wrong with it."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.diagnostics import Advice
from cfglint.language.errors import ConfigError, Note
from cfglint.language.evaluation.limits import MAX_ITEMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cfglint.language.config import Base, Config
    from cfglint.language.places import Place
    from cfglint.language.source import SourceFile
    from cfglint.language.style import Decision

EXTENSIONS = ('.py', '.yaml', '.yml', '.json')
MAX_LEVELS = 60
"""How deep configs may inherit; the deepest official one has 7 levels."""
MAX_CHARACTERS = 480 * 1024
"""How much text MMEngine may read for one config, eight blanks as one; for the hungriest known, of OpenCompass, it reads 120 kB."""
FILE_COST = 320
"""As how many characters opening a file counts; for that config, MMEngine reads some 200."""
MAX_BASES = 200
"""How many bases one file may name; the hungriest official config names five."""
PACKAGES = frozenset(
    [
        'mmcls',
        'mmdet',
        'mmdet3d',
        'mmseg',
        'mmaction',
        'mmtrack',
        'mmpose',
        'mmedit',
        'mmocr',
        'mmgen',
        'mmfewshot',
        'mmrazor',
        'mmflow',
        'mmhuman3d',
        'mmrotate',
        'mmselfsup',
        'mmyolo',
        'mmpretrain',
        'mmagic',
    ]
)
"""The packages whose configs can be inherited: the keys of ``mmengine.config.utils.MODULE2PACKAGE``."""
MAX_PATH = 4096
"""Characters of a path, as on Linux: nothing is looked for beside or above a longer one."""
MAX_MESSAGE = 120
"""Characters of what is said of a base that is missing."""

_MAX_LISTED = 10_000
_MAX_SUGGESTED = 500


class TooMuch(ConfigError):
    """More text or work than a bound allows, counted from the file that is loaded: a base alone may be read."""

    def __init__(self, message: str, source: SourceFile, place: Place) -> None:
        super().__init__('endless-evaluation', message, source, place, key='_base_')

    def named_at(self, source: SourceFile, place: Place) -> TooMuch:
        """Return the same where the file is named that was being loaded."""
        return TooMuch(self.message, source, place)


class TooManyItems(ConfigError):
    """The bases of a file have too many items, taken together."""

    def __init__(self, source: SourceFile, place: Place) -> None:
        message = f'what it inherits has more than {MAX_ITEMS} items'
        super().__init__('endless-evaluation', message, source, place, key='_base_')


class TooManyLevels(ConfigError):
    """There are too many levels of inheritance, counted from the file that is loaded."""

    def __init__(self, source: SourceFile, place: Place) -> None:
        message = f'more than {MAX_LEVELS} levels of inheritance'
        super().__init__('endless-evaluation', message, source, place, key='_base_')


class Target(NamedTuple):
    """The file that a `_base_` entry names; none if its package is absent."""

    path: str | None
    scope: str | None


def find_package(name: str) -> str | None:
    """Return the folder of an installed package, without importing it."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None
    return os.path.dirname(spec.origin) if spec is not None and spec.origin else None


def resolve(
    path: str, source: SourceFile, entry: Any, place: Place, package_root: Callable[[str], str | None]
) -> Target:
    """Return the file that a `_base_` entry of the config `path` names.

    Raises:
        ConfigError: MMEngine refuses the entry.
    """
    if not isinstance(entry, str):
        raise ConfigError(
            'invalid-base',
            f'`_base_` must be a string or a list of strings, got `{_type_name(entry)}`',
            source,
            place,
            key='_base_',
            exception='TypeError',
            advice=_as_list(entry),
        )
    if '::' not in entry:
        return Target(os.path.normpath(os.path.join(os.path.dirname(path), entry)), None)
    if not re.match(r'\w*::\w*/\w*', entry) or entry.count('::') > 1:
        message = f'`{entry:.60}` is no base of a package'
        raise ConfigError(
            'invalid-base',
            message,
            source,
            place,
            key='_base_',
            exception='ValueError',
            advice=Advice('name the package, a folder and the file, as in', "'mmdet::_base_/default_runtime.py'"),
        )
    scope, _, inner = entry.partition('::')
    if scope not in PACKAGES:
        raise ConfigError(
            'invalid-base',
            f'`{scope}` is no package whose configs MMEngine can inherit',
            source,
            place,
            key='_base_',
            exception='AssertionError',
            raises=f'AssertionError: mmengine does not support to load {scope} config.',
        )
    root = package_root(scope)
    folder = None if root is None else _configs_of(root)
    return Target(None if folder is None else os.path.join(folder, inner), scope)


def _configs_of(package: str) -> str | None:
    """Return the folder of a package's configs; none if it has none.

    A wheel has them in `.mim`; where a repository is installed for development, `.mim` links to what lies beside the package.
    """
    places = (os.path.join(package, '.mim', 'configs'), os.path.join(os.path.dirname(package), 'configs'))
    return next((place for place in places if os.path.isdir(place)), None)


def package_of(name: str, path: str, installed: Callable[[str], str | None], touched: set[str]) -> str | None:
    """Return the folder of a package that the config `path` names: one beside a folder above it, else an installed one.

    A repository of a library, or of a changed copy of it, is what is imported in it. What is looked at is added to `touched`.
    """
    folder = os.path.dirname(path)
    while True:
        for place in (os.path.join(folder, name), os.path.join(folder, 'src', name)):
            touched.add(os.path.join(place, '__init__.py'))
            if os.path.isfile(os.path.join(place, '__init__.py')):
                touched.add(os.path.join(place, '.mim'))
                return place
        above = os.path.dirname(folder)
        if above == folder or os.path.exists(os.path.join(folder, '.git')):
            return installed(name)
        folder = above


def _type_name(value: Any) -> str:
    return {'Row': 'tuple', 'Table': 'dict', 'NoneType': 'None'}.get(type(value).__name__, type(value).__name__)


def uninstalled(package: str, source: SourceFile, place: Place) -> ConfigError:
    """Make the note that a base is in a package that is not installed here."""
    return ConfigError(
        'uninstalled-package',
        f'`{package}` is not installed here: what configs inherit from it is not known',
        source,
        place,
        key='_base_',
        exception='ModuleNotFoundError',
        advice=Advice('install it beside cfglint, or name the environment that has it with `--python`'),
    )


def places_of(package: str) -> Iterator[str]:
    """Yield the paths where a package would be if it was installed."""
    for folder in sys.path:
        yield os.path.join(folder, package)
        yield os.path.join(folder, package, '__init__.py')


def missing(path: str, source: SourceFile, place: Place, touched: set[str]) -> ConfigError:
    """Make the error about a base that does not exist; what is looked at for a hint is added to `touched`."""
    shown = _as_written(path, source, place)
    near, why = None, ''
    if not os.path.basename(path).endswith(EXTENSIONS) and _exists(f'{path}.py', touched):
        near = f'{shown}.py'
    elif not os.path.isabs(shown) and len(path) <= MAX_PATH:
        near, why = _nearest(path, source.path, touched)
    code = None if near is None else _statement(near, place)
    is_lazy = isinstance(place, ast.ImportFrom)
    error = ConfigError(
        'missing-base',
        _absent(shown, why),
        source,
        place,
        key='_base_',
        exception='RuntimeError' if is_lazy else 'FileNotFoundError',
        raises='ConfigParsingError' if is_lazy else None,
        advice=None if code is None else Advice('write', code),
    )
    error.missing = path if near is None else None
    error.folder = _absent_folder(path, touched) if len(path) <= MAX_PATH else None
    return error


def _absent_folder(path: str, touched: set[str]) -> str | None:
    """Return the topmost folder of a path that does not exist, None if all of them do."""
    found, folder = None, os.path.dirname(path)
    while not os.path.isdir(folder) and folder != os.path.dirname(folder):
        touched.add(folder)
        found, folder = folder, os.path.dirname(folder)
    return found


def _statement(near: str, place: Place) -> str | None:
    """Return how a config names the base `near`, a path from its folder, where `place` stands; None if it cannot."""
    if not isinstance(place, ast.ImportFrom):
        return repr(near)
    folders = near.removesuffix('.py').split('/')
    ups = folders.count('..')
    module = '.'.join(folders[ups:])
    if not near.endswith('.py') or not all(each.isidentifier() for each in folders[ups:]):
        return None
    names = ', '.join(ast.unparse(each) for each in place.names)
    return f'from {"." * (ups + 1)}{module} import {names}'


def _absent(shown: str, why: str) -> str:
    """Return what is wrong, with the reason if there is room for it; a path is named as it is written."""
    message = f'the base `{shown}` does not exist'
    return f'{message}{why}' if len(message) + len(why) <= MAX_MESSAGE else message


def _as_list(entry: Any) -> Advice | None:
    """Return how to write bases that are given in another form."""
    if isinstance(entry, tuple) and all(isinstance(each, str) for each in entry):
        return Advice('write a list', repr(list(entry)))
    return None


def _as_written(path: str, source: SourceFile, place: Place) -> str:
    """Return an absolute base, or one of a package, as its config names it; the path from there for any other."""
    written = getattr(place, 'value', None)
    if isinstance(written, str) and (os.path.isabs(written) or '::' in written):
        return written
    return path if path in source.text else os.path.relpath(path, os.path.dirname(source.path))


def _exists(path: str, touched: set[str]) -> bool:
    touched.add(path)
    return os.path.lexists(path)


def _nearest(path: str, child: str, touched: set[str]) -> tuple[str | None, str]:
    """Return what may have been meant: a file or folder of a similar name, or the same path from another folder; and why."""
    here = os.path.dirname(child)
    folder, name = os.path.split(path)
    shown = os.path.relpath(path, here)
    if '\\' in shown and _exists(os.path.join(here, shown.replace('\\', '/')), touched):
        return shown.replace('\\', '/'), ': only Windows takes a backslash'
    touched.add(folder)
    elsewhere = [] if os.path.isdir(folder) else [name]
    if not shown.startswith('..'):
        elsewhere += [f'_base_/{shown}', *(f'{up}{shown}' for up in _UP), f'../_base_/{shown}']
    else:
        elsewhere += _from_other_folders(shown)
    places = ((each, os.path.normpath(os.path.join(here, each))) for each in elsewhere)
    found = next((each for each, place in places if place != child and _exists(place, touched)), None)
    if found is not None:
        return found, ''
    if os.path.isdir(folder):
        entries = [entry for entry in _listed(folder) if entry.endswith(EXTENSIONS)]
        near = _close(name, [entry for entry in entries if os.path.join(folder, entry) != child])
        return os.path.relpath(os.path.join(folder, near), here) if near else None, ''
    while not os.path.isdir(os.path.dirname(folder)):
        touched.add(folder)
        folder = os.path.dirname(folder)
    touched.update((folder, os.path.dirname(folder)))
    near = _close(os.path.basename(folder), _listed(os.path.dirname(folder)))
    instead = os.path.join(os.path.dirname(folder), near, os.path.relpath(path, folder)) if near else None
    why = f': there is no folder `{os.path.relpath(folder, here)}`'
    return os.path.relpath(instead, here) if instead is not None and _exists(instead, touched) else None, why


def _from_other_folders(shown: str) -> list[str]:
    """Return the same path seen from other folders: a config was moved, or is copied from a library's `configs`."""
    parts = shown.split(os.sep)
    below = '/'.join(parts[parts.count('..') :])
    if '/' not in below:
        return []
    ups = ['', *_UP, '../../../../', '../../../../../']
    return [f'{up}{folder}{below}' for up in ups for folder in ('', 'configs/')]


_UP = ('../', '../../', '../../../')


def _listed(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for _, entry in zip(range(_MAX_LISTED), entries, strict=False))
    except OSError:
        return []


def _close(name: str, names: list[str]) -> str | None:
    """Return the most similar name; comparing takes quadratic time."""
    start = name[:1]
    names = [other for other in names if other[:1] == start] if len(names) > _MAX_SUGGESTED else names
    if len(name) >= 200:
        return None
    import difflib  # takes longer than most files

    return next(iter(difflib.get_close_matches(name, names[:_MAX_SUGGESTED], 1, 0.6)), None)


def _inherits(config: Config, path: str) -> bool:
    """Tell whether a config has another one among its bases, or theirs."""
    left, seen = list(config.bases), set()
    while left:
        each = left.pop().config
        if each.path == path:
            return True
        if each.path not in seen:
            seen.add(each.path)
            left += each.bases
    return False


def duplicate(source: SourceFile, place: Place, bases: list[Base], keys: set[Any], base: Config) -> ConfigError:
    """Make the error about `keys` that a further base and earlier ones define."""
    key = next(key for key in base.table if key in keys)
    other = next(other.config for other in bases if key in other.config.table)
    names = f'`{os.path.basename(other.path)}` and `{os.path.basename(base.path)}`'
    more = '' if len(keys) == 1 else f' (and {len(keys) - 1} more key{"s" if len(keys) > 2 else ""})'
    message = f'two bases define `{key}`{more}: {names}'
    origins = dict.fromkeys(config.table.origins.get(key) for config in (other, base))
    notes = tuple(
        Note(origin.source, origin.key or origin.value, f'`{key}` is defined here') for origin in origins if origin
    )
    parent, heir = (base, other) if _inherits(other, base.path) else (other, base)
    if _inherits(heir, parent.path):
        text = f'remove `{os.path.basename(parent.path)}`: `{os.path.basename(heir.path)}` inherits it'
    else:
        text = 'let one base inherit the other, or take the key out of one of them'
    advice = Advice(text)
    return ConfigError(
        'duplicate-base-key', message, source, place, key='_base_', exception='KeyError', advice=advice, notes=notes
    )


def mixed_styles(base: SourceFile, decision: Decision, source: SourceFile, place: Place) -> ConfigError:
    """Make the error about a base of the other style."""
    name = os.path.basename(base.path)
    notes: tuple[Note, ...] = ()
    if decision.decisive is not None:
        notes = (Note(base, decision.decisive, 'this makes it a pure-Python config'),)
        message = f'`{name}` is a pure-Python config, this one is not: one cannot inherit the other'
        module = name.removesuffix('.py')
        code = f"custom_imports = dict(imports=['{module}'])" if module.isidentifier() else None
        advice = Advice('write both in one style; if it is a module that registers classes, write', code)
    else:
        message = f'`{name}` is a text-style config, this one is not: one cannot inherit the other'
        advice = Advice('write both in one style: with `_base_`, or with `read_base()`')
    return ConfigError(
        'mixed-config-styles',
        message,
        source,
        place,
        key='_base_',
        exception='RuntimeError',
        advice=advice,
        notes=notes,
    )
