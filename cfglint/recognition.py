"""Which files of a folder are configs.

In a folder, a file counts as a config when it says so: it inherits another one, or gives a section of MMEngine or of
0.x a value of the section's kind. Python files are judged by their syntax, YAML and JSON files by what they hold.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from cfglint import files
from cfglint.language.errors import ConfigError
from cfglint.language.parsing import parse_for_style
from cfglint.sections.table import BUILT
from cfglint.shapes import COMMON_SHAPES, LEGACY_SHAPES, MODERN_SHAPES, OPAQUE, is_typed

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from cfglint.language.source import SourceFile

CONFIG_FOLDERS = frozenset({'configs', 'config', '_base_'})
"""The names of folders in which OpenMMLab's projects keep their configs."""
_MODULE_NAMES = frozenset({'__init__.py', 'conftest.py', 'setup.py'})
_CONTAINER_METHODS = frozenset({
    'append', 'clear', 'extend', 'insert', 'pop', 'popitem', 'remove', 'reverse', 'setdefault', 'sort', 'update',
    'merge_from_dict',
})  # fmt: skip
_INHERITS_FIRST = re.compile(
    r"""(?:\#[^\n]*\n|\s|(?:from\ |import\ )[^\n(\\]*\n|from\ \S+\ import\ \([^)]*\))*
    (?:_base_\s*=\s*['"\[(]|with\ read_base\(\)\s*:)""",
    re.VERBOSE,
)
"""A base before any other statement: nearly all configs begin so, and need not be parsed to be recognised."""
_MAX_ITEMS = 8
"""How many items of a list are looked at: all are of one kind."""
_CONTAINERS = frozenset({'dict', 'ConfigDict'})
_MAX_HEAD = 64 * 1024
OF_OTHER_TOOL = 'a config of another tool'
_TEMPLATE = 'a template that a program fills in'
_OF_TEMPLATE = re.compile(r'^[ \t]*\{%|\{\{-?[ \t]*cookiecutter\.', re.MULTILINE)
"""What Jinja, or cookiecutter with it, replaces."""
_PLACEHOLDER = re.compile(
    r'[=(,\[][ \t]*(?:\$\{?[A-Za-z_]\w*\}?|%\(\w+\)[sdrfi]|<[A-Za-z_]\w*>|@[A-Za-z_]\w*@)[ \t]*(?=[,)\]\n])'
)
"""What a program replaces where a value should stand: no Python, so it is looked for only in what cannot be parsed."""
_SIGNS_OF_GAPS = ('$', '%(', '<', '@')
_NO_SECTIONS = 'no section of a config'
UNPARSABLE = 'no Python that can be parsed, and no section of a config'
"""Said of a file that may be a config after all: where there are others beside it."""


def why_no_config(source: SourceFile, tree: ast.Module | None = None) -> str | None:
    """Say why a Python file of a folder is no config, None if it is one.

    What cannot be parsed is one where its text has the beginning of a section, or it lies in a folder of configs and is
    no program.

    Args:
        source: The file.
        tree: Its syntax tree, if it has been parsed before.
    """
    if os.path.basename(source.path) in _MODULE_NAMES:
        return 'a Python module'
    text = source.text
    if '{{' in source.path or (('{%' in text or 'cookiecutter' in text) and _OF_TEMPLATE.search(text) is not None):
        return _TEMPLATE
    may_have_gaps = any(sign in text for sign in _SIGNS_OF_GAPS) and _PLACEHOLDER.search(text) is not None
    if not may_have_gaps and _INHERITS_FIRST.match(text):
        return None
    if _is_plainly_a_module(source):
        return 'a Python module'
    try:
        tree = tree or parse_for_style(source)
    except ConfigError:
        if may_have_gaps:
            return _TEMPLATE
        if _has_begun(source.text):
            return None
        if _BEGINNING_OF_PROGRAM.search(source.text):
            return 'a Python module'
        return None if is_expected(source.path) else UNPARSABLE
    return _Reading(tree.body).verdict(os.path.dirname(source.path).split(os.sep))


def is_expected(path: str) -> bool:
    """Tell whether a file lies in a folder of configs: what cannot be read there is reported."""
    return not CONFIG_FOLDERS.isdisjoint(os.path.dirname(path).split(os.sep))


def why_no_config_data(table: Mapping[Any, Any], *, inherits: bool) -> str | None:
    """Say why a YAML or JSON file of a folder is no config, None if it is one.

    Other tools have sections of the same names: ``_target_`` and ``defaults`` are Hydra's, ``${…}`` is OmegaConf's.
    """
    if inherits:
        return None
    if isinstance(table.get('defaults'), list) or _is_of_other_tool(table):
        return OF_OTHER_TOOL
    if _fits(table.items(), MODERN_SHAPES) or _fits(table.items(), LEGACY_SHAPES):
        return None
    # In data of other kinds, dicts with a `type` are common: they count where MMEngine builds something.
    if any(name in BUILT and is_typed(value) for name, value in table.items()):
        return None
    return _NO_SECTIONS


def _fits(items: Iterable[tuple[Any, Any]], shapes: Mapping[str, Any]) -> bool:
    return any(name in shapes and shapes[name](value) for name, value in items if isinstance(name, str))


def _is_of_other_tool(value: Any) -> bool:
    """Tell whether there is something in the value that only other tools replace."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            if '_target_' in value:
                return True
            waiting += value.values()
        elif isinstance(value, (list, tuple)):
            waiting += value
        elif isinstance(value, str) and '${' in value:
            return True
    return False


@cache
def _possible_signs() -> re.Pattern[str]:
    names = '|'.join(sorted(MODERN_SHAPES.keys() | LEGACY_SHAPES.keys()))
    return re.compile(rf'^(?:_base_|with read_base\(|[ \t]*(?:{names})\s*[:=])', re.MULTILINE)


def _is_plainly_a_module(source: SourceFile) -> bool:
    """Tell whether a file is a module for certain, by its text: to parse all modules of a project would take long."""
    return (
        _DEFINITION.search(source.text) is not None
        and _possible_signs().search(source.text) is None
        and not is_expected(source.path)
    )


_DEFINITION = re.compile(r'^(?:def|class) ', re.MULTILINE)
_BEGINNING_OF_PROGRAM = re.compile(r'^(?:def |class |if __name__\b|print )', re.MULTILINE)


@cache
def _beginnings() -> re.Pattern[str]:
    names = '|'.join(sorted(MODERN_SHAPES.keys() | LEGACY_SHAPES.keys() | COMMON_SHAPES.keys()))
    return re.compile(rf'^(?:_base_\s*=|with read_base\(\)|(?:{names})\s*=\s*(?:dict\(|\{{|\[))', re.MULTILINE)


def _has_begun(text: str) -> bool:
    return _beginnings().search(text) is not None


class _Reading:
    """What the top level of a Python file says.

    Attributes:
        inherits: It has bases.
        decides: It has a section whose name only configs have.
        suggests: It has a section whose name other programs have as well.
        typed: It has a dict with the type of a component.
        assigns: It binds a name to some value.
        has_data: It binds a name to a dict, or to what ``build()`` makes of a lazy import.
        defines: It defines functions or classes.
        acts: It calls something for the effect, or makes something of what it imports.
        is_script: It asks whether it is run.
        is_test: It defines tests.
    """

    def __init__(self, body: list[ast.stmt]) -> None:
        self.inherits = self.decides = self.suggests = self.typed = False
        self.assigns = self.has_data = False
        self.defines = self.acts = self.is_script = self.is_test = False
        for node in _statements(body):
            self._read(node)
            if self.inherits:
                break

    def verdict(self, folders: Container[str]) -> str | None:
        """Say why a file in these folders is no config, None if it is one."""
        if self.inherits or (self.decides and any(name in folders for name in CONFIG_FOLDERS)):
            return None  # in a folder of configs, nobody hides one by asking whether it is run, or by a test
        if self.is_script:
            return 'a Python script'
        if self.is_test:
            return 'a Python module'
        if self.decides:
            return None
        if self.defines:
            return 'a Python module'
        if self.acts:
            return 'a Python script'
        if self.suggests or self.typed or ('_base_' in folders and self.assigns):
            return None
        if 'configs' in folders and self.has_data:
            return None  # variables for others, or what only a tool of the project reads
        return _NO_SECTIONS

    def _read(self, node: ast.stmt) -> None:
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if node.value is not None:
                for target in targets:
                    if isinstance(target, ast.Name):
                        self._assignment(target.id, node.value)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self.defines = True
            self.is_test |= node.name.startswith(('test_', 'Test'))
        elif isinstance(node, ast.With):
            call = node.items[0].context_expr
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == 'read_base':
                self.inherits = True
            else:
                self.acts = True
        elif isinstance(node, ast.If):
            self.is_script |= any(isinstance(each, ast.Name) and each.id == '__name__' for each in ast.walk(node.test))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            self.acts |= not _changes_container(node.value)

    def _assignment(self, name: str, value: ast.expr) -> None:
        self.assigns = True
        if name == '_base_':
            self.inherits |= _may_be_paths(value)
            return
        if self.decides:
            return
        decisive = MODERN_SHAPES.get(name), LEGACY_SHAPES.get(name)
        common = COMMON_SHAPES.get(name)
        plain = _plain(value, 2)
        self.has_data |= name.islower() and (isinstance(plain, dict) or _is_build(value))
        if plain is OPAQUE:
            self.acts |= isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and _is_own(value.func.id)
            return
        self.decides |= any(fits is not None and fits(plain) for fits in decisive)
        self.suggests |= common is not None and common(plain)
        self.typed |= is_typed(plain)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that are run when a file is: those of branches and loops as well."""
    waiting = body[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, (ast.If, ast.For, ast.While, ast.With, ast.Try)):
            for part in ('finalbody', 'orelse', 'body'):
                waiting += reversed(getattr(node, part, []))


def _changes_container(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in _CONTAINER_METHODS


def _is_build(value: ast.expr) -> bool:
    """Tell whether a value is ``name.build()``."""
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr == 'build'
        and isinstance(value.func.value, ast.Name)
        and not value.args
        and not value.keywords
    )


def _is_own(function: str) -> bool:
    import builtins

    return not hasattr(builtins, function)


def _may_be_paths(value: ast.expr) -> bool:
    """Tell whether a value may be the path of a base, or a list of paths."""
    if isinstance(value, ast.Constant):
        return isinstance(value.value, str)
    if isinstance(value, (ast.List, ast.Tuple)):
        return all(map(_may_be_paths, value.elts))
    return not isinstance(value, (ast.Dict, ast.Set))


def _plain(node: ast.expr, levels: int) -> Any:
    """Return the outer levels of a value as they are written; what would have to be evaluated is `OPAQUE`."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Call):
        if not isinstance(node.func, ast.Name) or node.func.id not in _CONTAINERS:
            return OPAQUE
        return {each.arg: _plain(each.value, levels - 1) if levels else OPAQUE for each in node.keywords}
    if isinstance(node, ast.Dict):
        keys = (key.value if isinstance(key, ast.Constant) else OPAQUE for key in node.keys)
        return {
            key: _plain(value, levels - 1) if levels else OPAQUE for key, value in zip(keys, node.values, strict=True)
        }
    if isinstance(node, (ast.List, ast.Tuple)):
        return [_plain(each, levels - 1) if levels else OPAQUE for each in node.elts[:_MAX_ITEMS]]
    if isinstance(node, ast.ListComp):
        return [_plain(node.elt, levels - 1) if levels else OPAQUE]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _plain(node.left, levels), _plain(node.right, levels)
        return left if isinstance(left, list) else right if isinstance(right, list) else OPAQUE
    return OPAQUE


DataKind = Literal['child', 'config', 'other tool', 'no config']


def data_kind(path: str) -> DataKind:
    """Tell what a YAML or JSON file in a folder may be, by its beginning: a config that inherits one, or has sections.

    Folders of configs hold other such files as well: ``metafile.yml``, workflows, annotations, configs of other tools.
    """
    if f'{os.sep}_base_{os.sep}' in path:
        return 'child'
    try:
        head = files.contents(path, _MAX_HEAD, cut=True)
    except (files.NotRegularError, FileNotFoundError):  # a broken link is no file
        return 'no config'
    except OSError:
        return 'config'  # the check says why it cannot be read
    return kind_of_data(path, head)


def kind_of_data(path: str, head: bytes) -> DataKind:
    """Tell the same of a file whose text begins with `head`."""
    if f'{os.sep}_base_{os.sep}' in path:
        return 'child'
    at_line_start, in_json = _config_keys()
    if _BASE_KEY.search(head):
        return 'child'
    if at_line_start.search(b'\n' + head) is None and not any(
        head[: match.start()].rstrip().endswith((b'"', b'{', b',')) for match in in_json.finditer(head)
    ):
        return 'no config'
    return 'other tool' if _MARKS_OF_OTHER_TOOLS.search(head) else 'config'


_BASE_KEY = re.compile(rb'(?:\A|\n)[ \t\r\f\v{]*["\']?_base_["\']?\s*:')
_MARKS_OF_OTHER_TOOLS = re.compile(rb'\$\{|\b_target_\b|^defaults:[ \t\r]*\n\s*-', re.MULTILINE)


@cache
def _config_keys() -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Return patterns of a key at the start of a line, and of one in quotes."""
    from cfglint.sections.table import LEGACY_KEYS, MODERN_KEYS

    # Names that other tools use as well tell nothing.
    distinctive = (LEGACY_KEYS | MODERN_KEYS | {'_base_', 'custom_imports', 'train_cfg', 'train_pipeline'}) - {
        'data', 'runner', 'optimizer', 'optimizers', 'evaluation', 'workflow', 'seed', 'deterministic', 'resume',
        'fp16', 'gpu_ids', 'log_config', 'visualizer',
    }  # fmt: skip
    names = '|'.join(sorted(distinctive)).encode()
    # Each starts with a character, which is found faster than what may be one of several.
    return re.compile(rb'\n["\']?(?:%s)["\']?\s*:' % names), re.compile(rb'"(?:%s)"\s*:' % names)
