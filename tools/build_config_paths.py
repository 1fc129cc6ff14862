"""Regenerate `cfglint/catalog/data/configs/paths.json.zz`: the paths of the configs that the libraries ship.

    python tools/build_config_paths.py FOLDER…

Each folder is the root of an unpacked wheel, such as ``mmdet-3.3.0`` with the package ``mmdet`` in it. Only names of
files are read.
"""

from __future__ import annotations

import json
import sys
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cfglint.catalog.config_paths import NAME  # noqa: E402
from cfglint.catalog.libraries import era, library_of  # noqa: E402
from cfglint.catalog.store import DATA  # noqa: E402


def table(folders: list[Path]) -> dict[str, list[str]]:
    """Return package → the paths below its ``configs``, a line each: those of 0.x only, and those of 1.x."""
    found: dict[str, list[set[str]]] = {}
    for folder in folders:
        library, _, release = folder.name.rpartition('-')
        for configs in sorted(folder.glob('*/.mim/configs')):
            package, name = configs.parent.parent.name, library_of(library)
            paths = found.setdefault(package, [set(), set()])[0 if name is None else era(name, release)]
            paths.update(path.relative_to(configs).as_posix() for path in configs.rglob('*.py'))
    return {name: ['\n'.join(sorted(old - new)), '\n'.join(sorted(new))] for name, (old, new) in sorted(found.items())}


def main() -> int:
    """Write the table."""
    data = zlib.compress(json.dumps(table([Path(each) for each in sys.argv[1:]])).encode(), 9)
    Path(DATA, NAME).write_bytes(data)
    print(f'{len(data) / 1e3:.0f} kB written')
    return 0


if __name__ == '__main__':
    sys.exit(main())
