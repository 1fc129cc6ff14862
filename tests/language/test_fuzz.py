"""Whatever a file says, the reader gives a value or a `ConfigError`, never an internal error."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.language.encoding import encode
from cfglint.language.errors import ConfigError
from cfglint.language.loader import Loader
from tests.language.fuzz import mutate

BASES = {
    'base.py': "model = dict(classes=3, backbone=dict(depth=50))\nlr = 0.1\npipeline = [dict(type='A')]\n",
    'lazybase.py': 'from mmdet.x import Y\nmodel = dict(type=Y, backbone=dict(depth=50, z=1))\n',
}
BATCHES = 20
BATCH = 25


def check(folder: Path, text: str) -> None:
    """Read a config, look at all values and their places."""
    path = folder / 'config.py'
    path.write_bytes(text.encode('utf-8', 'surrogatepass'))
    try:
        config = Loader().load(str(path))
    except ConfigError as error:
        if error.source is not None and error.place is not None:
            error.source.span(error.place)
        return
    encode(config.table)
    for origin in config.own.origins.values():
        origin.source.span(origin.value)


@pytest.mark.parametrize('batch', range(BATCHES))
def test_only_config_errors_escape(batch: int, tmp_path: Path) -> None:
    for name, text in BASES.items():
        (tmp_path / name).write_text(text)
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        check(tmp_path, mutate(seed))
