"""What the result of a config depends on, as one digest: a result that is kept is true as long as it stays the same."""

from __future__ import annotations

import hashlib
import json
import os
import time
from typing import TYPE_CHECKING

from cfglint.cache.modules import module_files
from cfglint.cache.states import States
from cfglint.catalog.interpreters import interpreter
from cfglint.catalog.libraries import libraries
from cfglint.catalog.targets import installed_version
from cfglint.git import repository_of
from cfglint.language.errors import ConfigError
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from cfglint.language.loader import Loader
    from cfglint.smoke.options import Options

_WITHOUT_EFFECT = ('timeout', 'time_budget', 'jobs', 'folder', 'dedupe')


class Fingerprints:
    """Digests of configs with all that they depend on, the options of the run and the environment.

    Args:
        options: The options.
        loader: Tells which files a config reads.
    """

    def __init__(self, options: Options, loader: Loader) -> None:
        self._loader = loader
        self._states = States(time.time_ns())
        asked = {name: str(value) for name, value in vars(options).items() if name not in _WITHOUT_EFFECT}
        self._asked = [asked, _environment(options.python)]
        self._modules: dict[str, list[tuple[str, str]]] = {}

    def of(self, config: str) -> str:
        """Return the digest of a config, by its path."""
        path = os.path.abspath(config)
        try:
            reads = self._loader.load(path).reads
            files, variables = sorted(reads.paths), reads.environment
        except ConfigError:
            files, variables = [path], {}
        repository = repository_of(os.path.dirname(path))
        modules = self._modules_of(os.path.dirname(path) if repository is None else repository.root)
        contents = [(file, self._states.content(file)) for file in files]
        text = json.dumps([self._asked, contents, variables, modules], sort_keys=True)
        return hashlib.sha256(text.encode('utf-8', 'backslashreplace')).hexdigest()

    def _modules_of(self, root: str) -> list[tuple[str, str]]:
        """Return the modules below a folder that a config may import, with their content."""
        if root not in self._modules:
            self._modules[root] = [(path, self._states.content(path)) for path in module_files([root])]
        return self._modules[root]


def _environment(python: str) -> list[str | None]:
    """Return the versions of the libraries in an interpreter's environment."""
    names = ('torch', 'mmcv-lite', 'mmcv-full', *libraries())
    try:
        packages = interpreter(python)
    except UsageError:
        return [python]
    return [python, *(installed_version(name, packages.installed) for name in names)]
