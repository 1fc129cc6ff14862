"""Regenerate `cfglint/catalog/data/configs/`: which configs the libraries ship, which were renamed for 1.x, and those of 0.x.

    python tools/build_config_paths.py FOLDER…

Each folder is the root of an unpacked wheel, such as ``mmdet-3.3.0`` with the package ``mmdet`` in it; wheels of both
eras are needed to find what was renamed, and of 0.x the last release of each library.
"""

from __future__ import annotations

import json
import sys
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cfglint.catalog.config_paths import NAME, RENAMED  # noqa: E402
from cfglint.catalog.libraries import era, library_of  # noqa: E402
from cfglint.catalog.library_facts import known, library  # noqa: E402
from cfglint.catalog.store import DATA, SUFFIX  # noqa: E402
from tools.config_names import renamed  # noqa: E402

Eras = dict[str, tuple[set[str], set[str]]]


def paths_of(folders: list[Path]) -> Eras:
    """Return package → the paths below its ``configs`` in releases for 0.x, and in those for 1.x."""
    found: Eras = {}
    for folder in folders:
        name, _, release = folder.name.rpartition('-')
        for configs in sorted(folder.glob('*/.mim/configs')):
            package, known_as = configs.parent.parent.name, library_of(name)
            paths = found.setdefault(package, (set(), set()))[0 if known_as is None else era(known_as, release)]
            paths.update(path.relative_to(configs).as_posix() for path in configs.rglob('*.py'))
    return found


def listed(eras: Eras) -> dict[str, list[str]]:
    """Return package → its paths, a line each: those of 0.x only, and those of 1.x."""
    return {name: ['\n'.join(sorted(old - new)), '\n'.join(sorted(new))] for name, (old, new) in sorted(eras.items())}


def renames(eras: Eras) -> dict[str, dict[str, str]]:
    """Return package of 0.x → old path → new path, in the library that took it over."""
    found = {}
    for name in known():
        package = library(name).library
        new = eras.get(library(name).scope, (set(), set()))[1]
        pairs = renamed(eras.get(package, (set(), set()))[0], new)
        if pairs:
            found[package] = pairs
    return found


def archives(folders: list[Path]) -> dict[str, dict[str, str]]:
    """Return package of 0.x → path below its ``configs`` → text."""
    found: dict[str, dict[str, str]] = {}
    for folder in folders:
        name, _, release = folder.name.rpartition('-')
        known_as = library_of(name)
        if known_as is None or not era(known_as, release):
            for configs in folder.glob('*/.mim/configs'):
                files = sorted(configs.rglob('*.py'))
                found[configs.parent.parent.name] = {
                    path.relative_to(configs).as_posix(): path.read_text('utf-8') for path in files
                }
    return {package: texts for package, texts in found.items() if package in known()}


def main() -> int:
    """Write the tables."""
    folders = [Path(each) for each in sys.argv[1:]]
    eras = paths_of(folders)
    tables: dict[str, object] = {NAME: listed(eras), RENAMED: renames(eras)}
    tables |= {f'configs/archive/{package}{SUFFIX}': texts for package, texts in archives(folders).items()}
    for name, table in tables.items():
        data = zlib.compress(json.dumps(table).encode(), 9)
        Path(DATA, name).parent.mkdir(exist_ok=True)
        Path(DATA, name).write_bytes(data)
        print(f'{name}: {len(data) / 1e3:.0f} kB written')
    return 0


if __name__ == '__main__':
    sys.exit(main())
