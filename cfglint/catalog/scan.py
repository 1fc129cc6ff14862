"""What the text of a module tells without being parsed: which names it may register, and which modules it imports."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_DEFINED: Final = re.compile(rb'^[ \t]*(?:class|(?:async )?def)[ \t]+([\w\x80-\xff]+)', re.MULTILINE)
_REGISTERED: Final = re.compile(rb'register_module\(([^)]*)\)')
_QUOTED: Final = re.compile(rb"""['"]([^'"\n]+)['"]""")
_OPEN: Final = re.compile(rb'_register_module\b|register_module\([^)]*\bmodule\s*=|register_module\([^)]*\)\s*\(')
_WORD: Final = re.compile(rb'[\w\x80-\xff]+')
_IMPORT: Final = re.compile(
    rb'^([ \t]*)(?:from[ \t]+(\.*[\w.\x80-\xff]*)[ \t]+import[ \t]*(\([^)]*\)|[^\n\\]*(?:\\\r?\n[^\n\\]*)*)|import[ \t]+([^\n#;]+))',
    re.MULTILINE,
)
_SETTING: Final = re.compile(
    rb'^(?:_base_|default_scope|train_dataloader|optim_wrapper|train_cfg|val_evaluator|default_hooks)\s*=|\bread_base\b',
    re.MULTILINE,
)
_COMMENT: Final = re.compile(rb'#[^\n]*')


class Import(NamedTuple):
    """An import statement.

    Attributes:
        source: The module, as written (`..parts`).
        names: What is taken from it, with comments and parentheses; empty for `import module`.
        is_certain: Whether it runs whenever the module is imported.
    """

    source: str
    names: bytes
    is_certain: bool

    def modules(self) -> list[str]:
        """Return the modules that it may name: its source, and what it takes from there."""
        words = [part.split()[0].decode('utf-8', 'replace') for part in _parts(self.names)]
        between = '' if self.source.endswith('.') or not self.source else '.'
        return [self.source, *(f'{self.source}{between}{word}' for word in words if word != '*')]


def _parts(names: bytes) -> list[bytes]:
    return [
        part for part in _COMMENT.sub(b'', names).strip(b'() \t\r\n').replace(b'\\', b' ').split(b',') if part.strip()
    ]


class Scan(NamedTuple):
    """What a module's text tells.

    Attributes:
        words: The names under which it may register something; none where it registers nothing.
        is_open: Whether it may register other names, too: objects that it imports, or that a loop gives.
        makes_registries: Whether it may make a registry.
        imports: The statements that import modules.
    """

    words: frozenset[str]
    is_open: bool
    makes_registries: bool
    imports: tuple[Import, ...]


def scan(data: bytes) -> Scan:
    """Scan the text of a module."""
    words: set[bytes] = set()
    is_open = False
    if b'register_module' in data:
        words.update(_DEFINED.findall(data))
        for arguments in _REGISTERED.findall(data):
            words.update(_WORD.findall(arguments))
            words.update(_QUOTED.findall(arguments))
        is_open = _OPEN.search(data) is not None
    imports: list[Import] = []
    for indent, source, names, plain in _IMPORT.findall(data) if b'import' in data else ():
        if source:
            imports.append(Import(source.decode('utf-8', 'replace'), names, not indent))
        imports += [Import(part.split()[0].decode('utf-8', 'replace'), b'', not indent) for part in _parts(plain)]
    return Scan(
        frozenset(word.decode('utf-8', 'replace') for word in words),
        is_open,
        b'Registry(' in data,
        tuple(imports),
    )


def is_config(data: bytes) -> bool:
    """Tell whether a module sets what configs set."""
    return _SETTING.search(data) is not None
