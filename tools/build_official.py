"""Regenerate `cfglint/catalog/data/configs/digests.json.zz`: digests of the configs in all releases of the catalogs.

    pip install unearth
    python tools/build_official.py [--cache DIR]

Archives are downloaded once to the cache that `tools/build_catalog.py` uses. Nothing of them is executed.
"""

from __future__ import annotations

import argparse
import base64
import json
import re
import sys
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / 'tools')]

from catalog.collect import merge  # noqa: E402
from catalog.fetch import archive  # noqa: E402
from catalog.releases import LIBRARIES  # noqa: E402

from cfglint.catalog.official import NAME, digest  # noqa: E402
from cfglint.catalog.store import DATA  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIG = re.compile(r'(?:[^/]+/)?(?:[^/]+/(?:\.mim/)?)?(?:configs|projects)/.*\.py')
"""`mmdet/.mim/configs/…`, `mmdet/configs/…` in a wheel; one folder deeper, or `configs/…` at the top, in a source archive."""


def configs(path: Path) -> Iterator[str]:
    """Yield the texts of the configs in an archive."""
    if path.suffix == '.whl':
        with zipfile.ZipFile(path) as wheel:
            for name in wheel.namelist():
                if CONFIG.fullmatch(name):
                    yield wheel.read(name).decode('utf-8', 'replace')
        return
    with tarfile.open(path) as source:
        for member in source:
            if member.isfile() and CONFIG.fullmatch(member.name) and (data := source.extractfile(member)) is not None:
                yield data.read().decode('utf-8', 'replace')


def table(cache: Path) -> dict[str, dict[str, str]]:
    """Return library → `since-until` → digests in a row, sorted."""
    found: dict[str, dict[str, str]] = {}
    for library in LIBRARIES:
        if library.only:
            continue  # torch, torchvision
        where: dict[bytes, list[int]] = {}
        for index, version in enumerate(library.versions):
            for each in {digest(text) for text in configs(archive(library, version, cache))}:
                where.setdefault(each, []).append(index)
        rows: dict[str, list[bytes]] = {}
        for each, indexes in where.items():
            for ranges, _ in merge([(index, 1) for index in indexes]):
                for at in range(0, len(ranges), 2):
                    rows.setdefault(f'{ranges[at]}-{ranges[at + 1]}', []).append(each)
        if rows:
            found[library.distribution] = {
                between: base64.b64encode(b''.join(sorted(row))).decode() for between, row in sorted(rows.items())
            }
        print(f'{library.distribution}: {len(where)} different configs', file=sys.stderr)
    return found


def main() -> int:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--cache', type=Path, default=Path('~/.cache/cfglint-catalog').expanduser())
    data = zlib.compress(json.dumps(table(parser.parse_args().cache), separators=(',', ':')).encode(), 9)
    Path(DATA, NAME).write_bytes(data)
    print(f'{len(data) / 1e3:.0f} kB written')
    return 0


if __name__ == '__main__':
    sys.exit(main())
