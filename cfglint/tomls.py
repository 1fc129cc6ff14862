"""Reading TOML within bounds."""

from __future__ import annotations

import re
import sys
from typing import Any

_KEY_CHARACTERS = re.compile(r'[\w \t"\'-]+')
_MAX_LEVELS = 200


class TomlError(Exception):
    """What cannot be read, in words."""


def parse(text: str) -> dict[str, Any]:
    """Return what a TOML text says.

    Raises:
        TomlError: It is malformed, or nested too deeply.
    """
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    if '.' * _MAX_LEVELS in _KEY_CHARACTERS.sub('', text):
        raise TomlError('nested too deeply')  # Python's parser takes quadratic time and memory for dotted keys
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise TomlError('nested too deeply') from None
    except ValueError as error:  # integers of thousands of digits, days that do not exist
        raise TomlError(str(error)) from None
