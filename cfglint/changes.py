"""What has changed in a repository, as git tells: the only part that runs the git command."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from cfglint.language.files import MAX_FILE_SIZE
from cfglint.language.source import SourceFile
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

_SAFE = (
    '-c', 'core.quotepath=off', '-c', 'core.fsmonitor=false', '-c', 'safe.bareRepository=explicit',
    '-c', f'core.hooksPath={os.devnull}',
)  # fmt: skip
"""Nothing that git runs by itself: no monitor of files, no hook (of the index, say, which comparing may write)."""
_ENVIRONMENT = {'GIT_OPTIONAL_LOCKS': '0', 'GIT_TERMINAL_PROMPT': '0'}
_PROTOCOLS = 'file:git:http:https:ssh'
"""What a partial clone may fetch by: ``ext::`` would run what the address says."""
_SECONDS = 600
"""How long git may take: what a repository names as its files may be a pipe."""
_OF_FILTERS = ('.clean', '.smudge', '.process', '.required')
_OF_FETCHING = re.compile(r'core\.(sshcommand|gitproxy|askpass)|credential\..*|remote\..*\.(uploadpack|vcs)')
"""Settings that name a program to fetch by: a clone that has its own fetches nothing here."""
_PLAIN = ('--no-ext-diff', '--no-renames', '--ignore-submodules=all', '--name-only', '-z')
"""A renamed file is one that is gone and one that is new: what inherited it under the old name is broken."""


class Changes(NamedTuple):
    """The files that differ from an earlier state.

    Attributes:
        files: Their absolute paths, those that are gone included.
        before: The text that each had, of Python files that there were.
        overlay: What counts in place of what is on disk, None for a file that counts as absent.
    """

    files: frozenset[str]
    before: dict[str, str]
    overlay: dict[str, SourceFile | None]

    def as_given(self, files: Sequence[str]) -> Changes:
        """Return the changes with the paths that lead through a symbolic link as in `files`: git gives the real ones."""
        folders = {os.path.realpath(folder): folder for folder in dict.fromkeys(map(os.path.dirname, files))}
        links = {real: folder for real, folder in folders.items() if real != folder}
        if not links:
            return self

        def given(path: str) -> str:
            folder, name = os.path.split(path)
            return os.path.join(links.get(folder, folder), name)

        return Changes(
            frozenset(map(given, self.files)),
            {given(path): text for path, text in self.before.items()},
            {given(path): source for path, source in self.overlay.items()},
        )


def changes_since(folder: str, revision: str) -> Changes:
    """Return what differs from where the current branch left `revision`: committed, staged, changed on disk, or new.

    Raises:
        UsageError: The folder is in no repository, git is missing, or it does not know the revision.
    """
    git = _Git(folder)
    if revision.startswith('-') or not git.knows(revision):
        raise UsageError(f'git knows no revision `{revision}` in `{git.root}`; a clone for CI may have to fetch it')
    base = git.merge_base(revision)
    names = git.names('diff', *_PLAIN, base, '--')
    new = git.names('ls-files', '--others', '--exclude-standard', '-z')
    return Changes(git.paths([*names, *new]), git.texts(base, names), {})


def staged_changes(folder: str) -> Changes:
    """Return what the next commit changes; what is on disk, but not staged, is laid over.

    Raises:
        UsageError: The folder is in no repository, or git is missing.
    """
    git = _Git(folder)
    head = git.head()
    names = git.names('diff', '--cached', *_PLAIN, head, '--')
    unstaged = git.names('diff', *_PLAIN, '--')
    overlay: dict[str, SourceFile | None] = {}
    for name, text in git.texts('', unstaged, all_kinds=True).items():
        overlay[name] = SourceFile(name, text)
    for path in git.paths(git.names('ls-files', '--others', '--exclude-standard', '-z', '--', *_KINDS)):
        overlay[path] = None
    return Changes(git.paths(names), git.texts(head, names), overlay)


def last_state(folder: str, files: Sequence[str]) -> Changes:
    """Return some files as changed, with the texts of the last commit, and what has been deleted or renamed since.

    Outside of a repository, or without git, only the files are known.
    """
    try:
        git = _Git(folder)
        head = git.head()
        gone = git.names('diff', *_PLAIN, '--diff-filter=D', head, '--')
        inside = [os.path.relpath(path, git.root).replace(os.sep, '/') for path in files if git.holds(path)]
        return Changes(frozenset(files) | git.paths(gone), git.texts(head, [*inside, *gone]), {})
    except UsageError:
        return Changes(frozenset(files), {}, {})


class Revision:
    """The files of a repository at a revision.

    Args:
        folder: A folder in the repository; it may be gone.
        name: The revision.

    Raises:
        UsageError: The folder is in no repository, git is missing, or it does not know the revision.
    """

    def __init__(self, folder: str, name: str) -> None:
        while not os.path.isdir(folder):
            folder = os.path.dirname(folder)
        self.name = name
        self._git = _Git(folder)
        if name.startswith('-') or not self._git.knows(name):
            raise UsageError(f'git knows no revision `{name}` in `{self._git.root}`')

    def holds(self, path: str) -> bool:
        """Tell whether a path lies in the repository, whether or not there is a file."""
        return self._git.holds(path)

    def has(self, path: str) -> bool:
        """Tell whether there is a file or folder."""
        return self._git.has(self.name, path)

    def contents(self, path: str) -> bytes | None:
        """Return what a file holds, None if there is none."""
        return self._git.contents(self.name, path)


_KINDS = ('*.py', '*.yaml', '*.yml', '*.json')
_EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'


class _Git:
    """The git command, in one repository.

    Raises:
        UsageError: The folder is in none, or there is no git.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._options: tuple[str, ...] = _SAFE
        self._environment = {'GIT_ALLOW_PROTOCOL': _PROTOCOLS, **os.environ, **_ENVIRONMENT}
        self._disarm()
        root = os.fsdecode(self._run('rev-parse', '--show-toplevel')).rstrip('\n')
        self._folder = self.root = os.path.abspath(root)
        # Paths as the user has them: git resolves symbolic links.
        if os.path.realpath(folder).startswith(os.path.realpath(root)):
            below = os.path.relpath(os.path.realpath(folder), os.path.realpath(root))
            above = os.path.abspath(os.path.join(folder, *(['..'] * (0 if below == '.' else below.count(os.sep) + 1))))
            if os.path.realpath(above) == os.path.realpath(root):
                self.root = above

    def _disarm(self) -> None:
        """Let nothing be run that the repository's own settings name: filters of contents, ways to fetch.

        Whoever packs a repository writes them (``git help config``); a commit cannot.
        """
        for name in sorted(self._own_settings()):
            if name.startswith('filter.') and name.endswith(_OF_FILTERS):
                if '=' in name:  # on a command line, git would take another name
                    raise UsageError(f'git: the settings of this repository name a filter `{name}`: remove it')
                self._options += ('-c', f'{name}={"false" if name.endswith(".required") else ""}')
            elif _OF_FETCHING.fullmatch(name):
                self._environment['GIT_ALLOW_PROTOCOL'] = ''

    def _own_settings(self) -> set[str]:
        """Return the names of what the repository itself sets, also in files that it includes."""
        listed = self._start('config', '--list', '--includes', '--show-scope', '--name-only', '-z')
        if listed.returncode:  # before git 2.26, or in no repository
            listed = self._start('config', '--local', '--list', '--includes', '--name-only', '-z')
            return set(os.fsdecode(listed.stdout).split('\0'))
        words = os.fsdecode(listed.stdout).split('\0')
        return {name for scope, name in zip(words[::2], words[1::2], strict=False) if scope in ('local', 'worktree')}

    def holds(self, path: str) -> bool:
        """Tell whether a file lies in the repository."""
        return path.startswith(os.path.join(self.root, ''))

    def knows(self, revision: str) -> bool:
        """Tell whether there is such a commit."""
        return self._code('rev-parse', '--verify', '--quiet', '--end-of-options', f'{revision}^{{commit}}') == 0

    def head(self) -> str:
        """Return the last commit, or the empty tree where there is none yet."""
        return 'HEAD' if self.knows('HEAD') else _EMPTY_TREE

    def merge_base(self, revision: str) -> str:
        """Return where the current branch left a revision; the revision itself where the two have nothing in common."""
        ran = self._start('merge-base', '--end-of-options', revision, 'HEAD')
        return ran.stdout.decode().strip() if ran.returncode == 0 else revision

    def names(self, *arguments: str) -> list[str]:
        """Return the paths that a command prints, from the root."""
        return [os.fsdecode(name) for name in self._run(*arguments).split(b'\0') if name]

    def paths(self, names: Sequence[str]) -> frozenset[str]:
        """Return absolute paths."""
        return frozenset(os.path.normpath(os.path.join(self.root, name)) for name in names)

    def has(self, revision: str, path: str) -> bool:
        """Tell whether there is a file or folder in a revision."""
        return self._code('cat-file', '-e', self._at(revision, path)) == 0

    def contents(self, revision: str, path: str) -> bytes | None:
        """Return what a file holds in a revision, None if there is none, or if it is too large to be a config."""
        size = self._start('cat-file', '-s', self._at(revision, path))
        if size.returncode or int(size.stdout) > MAX_FILE_SIZE:
            return None
        ran = self._start('cat-file', 'blob', self._at(revision, path))
        return None if ran.returncode else ran.stdout

    def _at(self, revision: str, path: str) -> str:
        return f'{revision}:{os.path.relpath(path, self.root).replace(os.sep, "/")}'

    def texts(self, revision: str, names: Sequence[str], *, all_kinds: bool = False) -> dict[str, str]:
        """Return the texts of Python files (of all configs, if `all_kinds`) in a revision, or in the index, by absolute path."""
        kinds = tuple(kind[1:] for kind in _KINDS) if all_kinds else '.py'
        wanted = [name for name in names if name.endswith(kinds) and '\n' not in name]
        if not wanted:
            return {}
        asked = b''.join(os.fsencode(f'{revision}:{name}\n') for name in wanted)
        data, at, found = self._run('cat-file', '--batch', given=asked), 0, {}
        for name in wanted:
            end = data.index(b'\n', at)
            words = data[at:end].split()
            at = end + 1
            if len(words) != 3 or words[1] != b'blob':  # missing in that revision
                continue
            size = int(words[2])
            if size <= MAX_FILE_SIZE:
                found[os.path.join(self.root, os.path.normpath(name))] = data[at : at + size].decode('utf-8', 'replace')
            at += size + 1
        return found

    def _run(self, *arguments: str, given: bytes | None = None) -> bytes:
        ran = self._start(*arguments, given=given)
        if ran.returncode:
            words = ran.stderr.decode('utf-8', 'replace').strip().partition('\n')[0].removeprefix('fatal: ')
            raise UsageError(f'git cannot tell what changed: {words or "it failed"}')
        return ran.stdout

    def _code(self, *arguments: str) -> int:
        return self._start(*arguments).returncode

    def _start(self, *arguments: str, given: bytes | None = None) -> _Ran:
        import subprocess

        command = ['git', *self._options, *arguments]
        try:
            ran = subprocess.run(
                command, cwd=self._folder, input=given, capture_output=True, check=False, env=self._environment,
                timeout=_SECONDS,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise UsageError(f'git gave no answer in {_SECONDS} s') from None
        except OSError as error:
            raise UsageError(f'cannot run git: {(error.strerror or "it failed").lower()}') from None
        return _Ran(ran.returncode, ran.stdout, ran.stderr)


class _Ran(NamedTuple):
    returncode: int
    stdout: bytes
    stderr: bytes
