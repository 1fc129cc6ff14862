"""Finding the configs that depend on files: on a base in any form, on a file with keypoints, on a module of the user's."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from cfglint.affected_names import affected_names
from cfglint.discover import discover
from cfglint.language.errors import ConfigError
from cfglint.language.source import SourceFile
from cfglint.reads import reads_of
from cfglint.recognition import why_no_config

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from cfglint.workspace import Workspace

MAX_FILES = 20_000
"""How many files of a repository are looked into."""
_LITERAL = re.compile(r"""['"]([\w.@:]+)['"]|[:-][ \t]+([\w.]+)[ \t]*$""", re.MULTILINE)
"""A string in Python or JSON, or a plain one in YAML."""
_WORD = re.compile(r'\w+')
_FILE_NAME = re.compile(r"""[^\s'"/\\,;:=()\[\]{}]+""")
"""A part of a path, or a dotted name."""


class Dependents(NamedTuple):
    """The configs that depend on some files.

    Attributes:
        through: Each config, with the file of those that it depends on.
        looked_at: All paths that were looked at to find them.
    """

    through: dict[str, str]
    looked_at: set[str]

    @property
    def configs(self) -> list[str]:
        """The paths of the configs, sorted."""
        return sorted(self.through)


def dependents(
    workspace: Workspace,
    files: Collection[str],
    known: Collection[str] = (),
    among: Sequence[str] | None = None,
    before: Mapping[str, str] | None = None,
) -> Dependents:
    """Return the configs that depend on one of some files.

    These are the ones that inherit it in any form, also where it is missing now; that name it in a `from_file`; that use a
    class or function which changed with it.

    Args:
        workspace: Where the files are.
        files: The files; they may be deleted.
        known: Configs that are not asked for.
        among: The files that may be such configs; those below the roots of the user's code if not given.
        before: The texts that files had before they changed.
    """
    if among is None:
        among = discover([os.fspath(root) for root in workspace.libraries.roots if os.path.isdir(root)]).files
    known = frozenset(known)
    search = _Search(workspace, frozenset(files), [path for path in among[:MAX_FILES] if path not in known])
    texts = before or {}
    modules = {path for path in files if search.is_module(path, texts.get(path))}
    search.inherit(set(files) - modules)
    search.use_modules({path: texts.get(path) for path in sorted(modules)})
    through = {path: file for path, file in search.through.items() if path not in search.files}
    return Dependents(through, search.looked_at)


class _Search:
    """A search for the configs that depend on files.

    Attributes:
        files: The files.
        through: The configs found so far, each with the file that it depends on.
        looked_at: All paths that were looked at.
    """

    def __init__(self, workspace: Workspace, files: frozenset[str], among: Sequence[str]) -> None:
        self.files = files
        self.through: dict[str, str] = {}
        self._workspace = workspace
        self._loader = workspace.over(workspace.overlay).loader  # what fails there is no failure of the run
        self._stems: dict[str, frozenset[str]] = {}
        self._roots = [os.fspath(root) for root in workspace.libraries.roots]
        self._waiting = {path: text for path in among for text in [_text(workspace, path)] if text is not None}
        self.looked_at = {*self._waiting, *map(os.path.dirname, self._waiting)}

    def inherit(self, new: set[str]) -> None:
        """Find what inherits or reads one of some files, and what inherits that.

        A config names its bases: only files in whose text the name of one stands are loaded.
        """
        while new and self._waiting:
            stems = {_stem(path) for path in new}
            named = [path for path, text in self._waiting.items() if not stems.isdisjoint(self._stems_in(path, text))]
            new = {path for path in named if self._depends(path)}
            for path in new:
                self._waiting.pop(path)

    def is_module(self, path: str, before: str | None) -> bool:
        """Tell whether a file is a module of the user's and no config: what it was before counts if it is gone."""
        if not path.endswith('.py') or not any(path.startswith(os.path.join(root, '')) for root in self._roots):
            return False
        text = _text(self._workspace, path)
        text = before if text is None else text
        held = self._workspace.loader.held(path)
        tree = held.tree if held is not None and held.source.text == text else None
        return text is not None and why_no_config(SourceFile(path, text), tree) is not None

    def use_modules(self, changed: Mapping[str, str | None]) -> None:
        """Find what names a class or function of the user's that changed with some modules, given with their texts before."""
        if not changed:
            return
        names = affected_names(changed, self._workspace, self._roots)
        found = {}
        for path, text in self._waiting.items() if names else ():
            through = next((names[word] for word in _names_in(text) if word in names), None)
            if through is not None and not (path.endswith('.py') and why_no_config(SourceFile(path, text))):
                found[path] = through
        self.through.update(found)
        for path in found:
            self._waiting.pop(path)
        self.inherit(set(found))

    def _stems_in(self, path: str, text: str) -> frozenset[str]:
        """Return what may be the name of a file in a text, with and without an extension."""
        if path not in self._stems:
            names = frozenset(_FILE_NAME.findall(text))
            parts = (part for name in names if '.' in name for part in (_stem(name), *name.split('.')))
            self._stems[path] = names.union(parts)
        return self._stems[path]

    def _depends(self, path: str) -> bool:
        """Note through which file a config depends on those that are looked for; tell whether it does."""
        try:
            paths = reads_of(self._loader.load_known(path), path, self._roots).paths
        except ConfigError as error:
            paths = reads_of(error, path, self._roots).paths
        paths.discard(path)
        direct = sorted(paths & self.files) or sorted(paths & self.through.keys())
        if direct:
            self.through[path] = self.through.get(direct[0], direct[0])
        return bool(direct)


def _names_in(text: str) -> Iterator[str]:
    """Yield what may name a class or a module in a config: whole strings, their last parts; all words where it imports."""
    for groups in _LITERAL.findall(text):
        word = groups[0] or groups[1]
        yield word
        yield re.split(r'[.@:]', word)[-1]
    if 'import ' in text:
        yield from _WORD.findall(text)


def _text(workspace: Workspace, path: str) -> str | None:
    try:
        return workspace.read(path).text
    except ConfigError as error:
        return None if error.source is None else error.source.text


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]
