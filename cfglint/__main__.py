"""``python -m cfglint``."""

import os
import sys


def _current_folder() -> str:
    try:
        return os.getcwd()
    except OSError:  # it was deleted
        return ''


if sys.path and sys.path[0] in ('', _current_folder()):
    # `python -m` puts the current folder first: its `json.py` would be imported instead of Python's.
    del sys.path[0]

from cfglint.cli import main  # noqa: E402

main()
