"""Regenerate the catalogs of components in `cfglint/catalog/data` from the releases on PyPI.

    pip install unearth
    python tools/build_catalog.py [--cache DIR] [--only mmdet] [--check]

Archives are downloaded once to the cache (about 0.6 GB with torch). Their source is read with `ast`; nothing of them is
ever executed or imported. The output depends on the releases alone: the same bytes on every run.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / 'tools')]

from catalog import write  # noqa: E402
from catalog.collect import Reader, Release  # noqa: E402
from catalog.releases import LIBRARIES  # noqa: E402

from cfglint.catalog.store import DATA, SUFFIX  # noqa: E402

FOLDER = Path(DATA)


class Registries:
    """The registries of the libraries read so far, by era: mmdet 3.x refers to mmengine's, mmdet 2.x to mmcv 1.x's."""

    def __init__(self) -> None:
        self._modules: dict[int, dict[str, object]] = {0: {}, 1: {}}
        self._releases: dict[tuple[str, int], Release] = {}

    def add(self, package: str, release: Release) -> None:
        """Let later libraries refer to this release (the newest of its era, as they come oldest first)."""
        self._releases[package, release.era] = release

    def key(self, path: str, era: int) -> str | None:
        """`REGISTRY@scope` of a dotted path."""
        from cfglint.catalog.names import Located, Resolver

        release = self._releases.get((path.split('.')[0], era))
        if release is None:
            return None
        found = Resolver(release.tables.modules.get).locate(path)
        if isinstance(found, Located):
            return release.tables.registries.get(found.path)
        # Where it leaves this library (`from mmengine.registry import MODELS`) ask the next one.
        inner = getattr(found, 'path', path)
        return self.key(inner, era) if inner != path else None


def build(cache: Path) -> dict[str, bytes]:
    """File name → bytes of every catalog."""
    reader, registries = Reader(cache), Registries()
    read: dict[str, list[Release]] = {}
    for library in LIBRARIES:
        started = time.monotonic()
        releases = [reader.release(library, version, registries.key) for version in library.versions]
        for release in releases:
            registries.add(library.package, release)
        read[library.distribution] = releases
        print(f'{library.distribution}: {len(releases)} releases, {time.monotonic() - started:.1f} s', file=sys.stderr)
    called = {
        use[1]
        for releases in read.values()
        for release in releases
        for body in release.tables.objects.values()
        for use in (body.get('init') or body).get('kwargs', ())
        if use[0] == 'call'
    }
    files: dict[str, bytes] = {}
    contributors: dict[str, set[str]] = {}
    summary: dict[str, dict[str, object]] = {}
    for library in LIBRARIES:
        releases = read[library.distribution]
        files[library.distribution + SUFFIX] = write.compress(write.text(library, releases, called))
        for release in releases:
            for key in release.tables.names:
                contributors.setdefault(key.split('@')[1], set()).add(library.distribution)
        summary[library.distribution] = {
            'package': library.package,
            'releases': [release.version for release in releases],
            'eras': [release.era for release in releases],
        }
    index = {'libraries': summary, 'scopes': {scope: sorted(found) for scope, found in sorted(contributors.items())}}
    files['index.json'] = (json.dumps(index, indent=1) + '\n').encode()
    _report(read)
    return files


def _report(read: dict[str, list[Release]]) -> None:
    """Registrations that cannot be read, of the newest release: each is covered by a patch or lost."""
    for library, releases in read.items():
        for module, line, text in releases[-1].tables.unclear:
            print(f'{library} {releases[-1].version}: {module}:{line}: {text}', file=sys.stderr)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--cache', type=Path, default=Path('~/.cache/cfglint-catalog').expanduser())
    parser.add_argument('--check', action='store_true', help='compare with what is there, write nothing')
    options = parser.parse_args()
    files = build(options.cache)
    changed = [name for name, data in files.items() if not _same(FOLDER / name, data)]
    if options.check:
        print('\n'.join(f'{name} differs' for name in changed))
        return 1 if changed else 0
    FOLDER.mkdir(exist_ok=True)
    for name in changed:
        (FOLDER / name).write_bytes(files[name])
    print(f'{len(changed)} of {len(files)} files written, {sum(map(len, files.values())) / 1e6:.2f} MB in all')
    return 0


def _same(path: Path, data: bytes) -> bool:
    """Equal contents: another zlib may compress the same text to other bytes."""
    if not path.is_file():
        return False
    old = path.read_bytes()
    return old == data or (path.name.endswith(SUFFIX) and zlib.decompress(old) == zlib.decompress(data))


if __name__ == '__main__':
    sys.exit(main())
