"""``python -m cfglint``."""

import os
import sys

if sys.path and sys.path[0] in ('', os.getcwd()):
    # `python -m` puts the current folder first: its `json.py` would be imported instead of Python's.
    del sys.path[0]

from cfglint.cli import main

main()
