"""What the text of a module tells without being parsed: which names it may register, and which modules it imports."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

# All start with a character or word: that is found a hundred times faster than what may be anything.
_DEFINED: Final = re.compile(rb'\n[ \t]*(?:class|(?:async )?def)[ \t]+([\w\x80-\xff]+)')
_REGISTERED: Final = re.compile(rb'register_module\(([^)]*)\)([ \t]*\()?')
_WORD: Final = re.compile(rb'[\w\x80-\xff]+')
_QUOTED: Final = re.compile(rb"""['"]([^'"\n]+)['"]""")
_MODULE: Final = re.compile(rb'\bmodule\s*=')
_CERTAIN: Final = re.compile(rb'\n(?:from[ \t]+(\.*[\w.\x80-\xff]*)[ \t]+import\b|import[ \t]+([^\n#;]+))')
_IMPORT: Final = re.compile(
    rb'\n[ \t]*(?:from[ \t]+(\.*[\w.\x80-\xff]*)[ \t]+import[ \t]*(\([^)]*\)|[^\n\\]*(?:\\\r?\n[^\n\\]*)*)|import[ \t]+([^\n#;]+))'
)
_SETTING: Final = re.compile(
    rb'^(?:_base_|default_scope|train_dataloader|optim_wrapper|train_cfg|val_evaluator|default_hooks)\s*=|\bread_base\b',
    re.MULTILINE,
)
_COMMENT: Final = re.compile(rb'#[^\n]*')


class Scan(NamedTuple):
    """What a module's text tells.

    Attributes:
        words: The names under which it may register something; none where it registers nothing.
        is_open: Whether it may register other names, too: objects that it imports, or that a loop gives.
        makes_registries: Whether it may make a registry.
        imports: The modules that it imports whenever it is imported itself, as written (`..parts`).
    """

    words: frozenset[str]
    is_open: bool
    makes_registries: bool
    imports: tuple[str, ...]


def scan(data: bytes) -> Scan:
    """Scan the text of a module."""
    words: set[bytes] = set()
    is_open = False
    if b'register_module' in data:
        is_open = b'_register_module' in data
        for part in data.split(b'register_module')[1:]:
            defined = _DEFINED.search(part)
            words.update(defined.groups() if defined is not None else ())
        for arguments, call in _REGISTERED.findall(data):
            words.update(_WORD.findall(arguments))
            words.update(_QUOTED.findall(arguments))
            is_open = is_open or bool(call) or _MODULE.search(arguments) is not None
    imports: list[bytes] = []
    for source, plain in _CERTAIN.findall(b'\n' + data) if b'import' in data else ():
        imports += [source] if source else _names(plain)
    return Scan(frozenset(map(_text, words)), is_open, b'Registry(' in data, tuple(map(_text, dict.fromkeys(imports))))


def all_imports(data: bytes) -> set[str]:
    """Return the modules that a module imports anywhere, and what it takes from them, as written."""
    found: set[str] = set()
    for source, names, plain in _IMPORT.findall(b'\n' + data):
        between = b'' if not source or source.endswith(b'.') else b'.'
        found.update(_text(source + between + name) for name in _names(names) if name != b'*')
        found.update([_text(source)] if source else map(_text, _names(plain)))
    return found


def _names(written: bytes) -> list[bytes]:
    """Return the names in what stands after `import`, without those that they are given."""
    parts = _COMMENT.sub(b'', written).strip(b'() \t\r\n').replace(b'\\', b' ').split(b',')
    return [part.split()[0] for part in parts if part.strip()]


def _text(word: bytes) -> str:
    return word.decode('utf-8', 'replace')


def is_config(data: bytes) -> bool:
    """Tell whether a module sets what configs set."""
    return _SETTING.search(data) is not None
