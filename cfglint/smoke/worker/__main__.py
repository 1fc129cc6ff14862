"""Start of a worker: `python .../worker --requests FD --events FD`, or, from torchrun, `... --job FILE`.

`... --launch FD COMMAND` runs that torchrun.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
NAME = 'cfglint_smoke_worker'


def load() -> None:
    """Make this folder a package of its own, whatever else is on the path."""
    spec = importlib.util.spec_from_file_location(
        NAME, os.path.join(HERE, '__init__.py'), submodule_search_locations=[HERE]
    )
    assert spec is not None and spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules[NAME] = package
    spec.loader.exec_module(package)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument('--requests', type=int)
    parser.add_argument('--events', type=int)
    parser.add_argument('--job')
    parser.add_argument('--launch', type=int)
    parser.add_argument('--remove', help='a folder to remove if the parent is gone')
    parser.add_argument('command', nargs='*')
    # Unknown ones are let pass, because torchrun of old releases adds an argument of its own.
    arguments, _ = parser.parse_known_args()
    # As for `python -m`: the user's own modules are imported from where the command was given, never from here.
    sys.path[0] = os.getcwd()
    load()
    if arguments.launch is not None:
        launch = importlib.import_module(NAME + '.launch').launch
        return int(launch(arguments.launch, arguments.remove, arguments.command))
    serve = importlib.import_module(NAME + '.serve')
    if arguments.job:
        return int(serve.run_rank(arguments.job))
    return int(serve.serve(arguments.requests, arguments.events, arguments.remove))


if __name__ == '__main__':
    sys.exit(main())
