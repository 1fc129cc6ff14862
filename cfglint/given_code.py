"""Modules of the user's code that are given by path, rather than reached by a config."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from cfglint.catalog import libraries as known
from cfglint.catalog.library_index import taken_over
from cfglint.catalog.run_libraries import Libraries
from cfglint.catalog.targets import Targets
from cfglint.catalog.walk import Walk
from cfglint.code.module import Code
from cfglint.code.successors import Releases, ended_packages
from cfglint.files import contents
from cfglint.findings import Findings, Outcome, crash_of
from cfglint.language.errors import ConfigError
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cfglint.catalog import Installation
    from cfglint.diagnostics import Diagnostic
    from cfglint.language.source import SourceFile
    from cfglint.rules.declaration import Rule
    from cfglint.workspace import Workspace

_IMPORTED = re.compile(rb'^[ \t]*(?:from|import)[ \t]+(mm\w+)', re.MULTILINE)
_INIT = '__init__.py'


def python_files(paths: Iterable[str]) -> list[str]:
    """Return the modules that paths stand for: files, and all below folders; absolute, sorted, each once.

    Raises:
        UsageError: There is no such path, or it is no Python.
    """
    found: set[str] = set()
    for path in paths:
        absolute = os.path.abspath(path)
        if os.path.isdir(absolute):
            found.update(Walk(absolute).files)
        elif not os.path.isfile(absolute):
            raise UsageError(f'--code: there is no `{path}`')
        elif not absolute.endswith('.py'):
            raise UsageError(f'--code: `{path}` is no Python file')
        else:
            found.add(absolute)
    return sorted(found)


class GivenCode:
    """Modules that are given, and the releases that they are checked against: those of MMEngine's era.

    Args:
        files: Their paths, absolute.
        libraries: The releases, and the user's code around the files.
    """

    def __init__(self, files: Sequence[str], libraries: Libraries) -> None:
        self.files = files
        roots = dict.fromkeys((*map(_package_root, files), *_roots_outside_of_packages(libraries)))
        self.libraries = Libraries(libraries.targets, tuple(roots))
        local = self.libraries.own.code
        self._names = {} if local is None else {path: name for name, path in local.files.items()}
        imported = _imported(files)
        self.packages = {package for package in imported if known.library_of(package) is not None}
        self.releases = Releases(
            self._installation(), self.libraries.own.has_package, ended_packages(libraries.targets)
        )

    @staticmethod
    def of(files: Sequence[str], targets: Sequence[str]) -> GivenCode:
        """Return modules with the releases of some targets, such as `mmdet==3.3.0`, and the newest of all others."""
        return GivenCode(files, Libraries(Targets(targets, installed=lambda distribution: None)))

    def _installation(self) -> Installation:
        scopes = {taken_over().get(package) or package for package in self.packages}
        return self.libraries.targets.installation(sorted(scopes), self.libraries.own.code, era=1)

    @property
    def is_for_legacy(self) -> bool:
        """Whether releases of 0.x are asked for, or required by the project: then nothing of 1.x is asked of its code."""
        targets = self.libraries.targets
        return targets.is_for_legacy or (not targets.is_for_mmengine and targets.stated.required_eras == {0})

    def absent(self) -> list[str]:
        """Return the modules that the given ones import from their own packages, and that are not in the tree."""
        local = self.libraries.own.code
        if local is None:
            return []
        names = [self._names[path] for path in self.files if path in self._names]
        found = {absent for name in names for absent in local.absent_imports(name)}
        return sorted(each for each in found if local.is_regular(each.partition('.')[0]))

    def code(self, path: str, source: SourceFile) -> Code:
        """Return a module that was parsed.

        Raises:
            ConfigError: It cannot be parsed.
        """
        return Code(self._names.get(path) or _module_name(path), source, is_package=os.path.basename(path) == _INIT)

    def diagnose(self, path: str, source: SourceFile, rules: Iterable[Rule]) -> list[Diagnostic]:
        """Return what rules say of a module.

        Raises:
            ConfigError: It cannot be parsed.
        """
        code = self.code(path, source)
        looks = [(rule, rule.look) for rule in rules if rule.look is not None]
        return [found.diagnostic(rule) for rule, look in looks for found in look(code, self.releases)]


def collect(workspace: Workspace, given: GivenCode, rules: Sequence[Rule]) -> Findings:
    """Return what rules say of modules, for the engine to conclude."""
    found = Findings()
    for path in given.files:
        try:
            source = workspace.read(path)
            diagnostics = [] if given.is_for_legacy else given.diagnose(path, source, rules)
        except (ConfigError, RecursionError) as error:
            reason = error.bare().message if isinstance(error, ConfigError) else 'nested too deeply'
            found.outcomes.append(Outcome(path, 'broken', reason))
            continue
        except Exception as error:
            found.crashes.append(crash_of(path, 'a rule about code', error))
            continue
        if 'cfglint' in source.text:
            found.marked.add(path)
        found.texts[path] = source.text
        found.runnable.add(path)
        found.outcomes.append(Outcome(path, 'checked'))
        found.add(path, diagnostics)
    found.dependencies.paths.update(given.files)
    found.dependencies.local_code = True
    return found


def words_of_absent(absent: Sequence[str]) -> str:
    """Name modules that were not found, in a line; empty if there are none."""
    if not absent:
        return ''
    names = ', '.join(f'`{each}`' for each in absent[:_SHOWN])
    more = f' and {len(absent) - _SHOWN} more' if len(absent) > _SHOWN else ''
    return f'not found, though the code imports it: {names}{more}'


_SHOWN = 5


def _imported(files: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for path in files:
        try:
            found.update(match.decode() for match in _IMPORTED.findall(contents(path)))
        except OSError:
            continue
    return found


def _roots_outside_of_packages(libraries: Libraries) -> list[str]:
    """Return the folders from which modules are imported; none is a package itself."""
    roots = (os.fspath(root) for root in libraries.roots)
    return [root for root in roots if not os.path.isfile(os.path.join(root, _INIT))]


def _package_root(path: str) -> str:
    """Return the folder from which a module is imported: the nearest one above it that is no package."""
    folder = os.path.dirname(path)
    while os.path.isfile(os.path.join(folder, _INIT)) and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
    return folder


def _module_name(path: str) -> str:
    relative = os.path.relpath(path, _package_root(path))
    return relative.removesuffix('.py').removesuffix(f'{os.sep}__init__').replace(os.sep, '.')
