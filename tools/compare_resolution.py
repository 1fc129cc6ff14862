"""Compare cfglint's resolution of configs with the real ``mmengine.Config.fromfile``.

    python tools/compare_resolution.py FOLDER… [--show N]

Every ``.py``, ``.yaml``, ``.yml`` and ``.json`` file below the folders is read by both. Equal means: the same keys in
the same order, the same values, tuples as tuples. Files that MMEngine refuses have to be refused by cfglint as well.
Exits with 1 when a file differs.

MMEngine decides by the installation paths of the interpreter which imports are of the standard library, and is often
wrong. Here it is told cfglint's answer, the list of the standard library's modules, so that the comparison does not
depend on where it runs.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import warnings
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

EXTENSIONS = ('.py', '.yaml', '.yml', '.json')


class Comparison(NamedTuple):
    """What both said of one file."""

    path: str
    verdict: str  # equal, both refuse, different, only MMEngine refuses, only cfglint refuses, skipped
    detail: str


def from_mmengine(path: str) -> Any:
    """Return the resolved config as MMEngine sees it, in the encoding of ``cfglint show``."""
    from mmengine.config import config as mmengine_config
    from mmengine.config import utils as mmengine_utils
    from mmengine.config.config import Config, ConfigDict

    mmengine_config._is_builtin_module = mmengine_utils._is_builtin_module = _is_builtin_module
    config = Config.fromfile(path, import_custom_modules=False)
    ConfigDict.lazy = True  # reading must not import what the config names
    try:
        return _encode(config._cfg_dict)
    finally:
        ConfigDict.lazy = False


def _is_builtin_module(module: str) -> bool:
    from cfglint.language.style import is_standard_library

    return not module.startswith('.') and is_standard_library(module)


def _encode(value: Any) -> Any:
    from mmengine.config.lazy import LazyAttr, LazyObject

    from cfglint.language.encoding import encode

    if isinstance(value, (LazyObject, LazyAttr)):
        return {'$lazy': _lazy_name(value)}
    if isinstance(value, dict):
        pairs = [(key, _encode(item)) for key, item in dict.items(value)]
        if all(isinstance(key, str) for key, _ in pairs):
            return dict(pairs)
        return {'$dict': [[encode(key), item] for key, item in pairs]}
    if isinstance(value, list):
        return [_encode(item) for item in value]
    if isinstance(value, tuple):
        return {'$tuple': [_encode(item) for item in value]}
    if isinstance(value, (set, frozenset)):
        return {'$set': sorted((_encode(item) for item in value), key=json.dumps)}
    return encode(value)


def _lazy_name(value: Any) -> str:
    from mmengine.config.lazy import LazyAttr

    if isinstance(value, LazyAttr):
        return f'{_lazy_name(value.source)}.{value.name}'
    module = value._module if isinstance(value._module, str) else value._module[0].partition('.')[0]
    return f'{module}.{value._imported}' if value._imported else module


def difference(ours: Any, theirs: Any, path: str = '') -> str | None:
    """Return the first place where two encoded configs differ."""
    if type(ours) is not type(theirs):
        return f'{path}: cfglint {ours!r:.150}, MMEngine {theirs!r:.150}'
    if isinstance(ours, dict):
        if list(ours) != list(theirs):
            return f'{path}: keys {list(ours)} and {list(theirs)}'
        return next((found for key in ours if (found := difference(ours[key], theirs[key], f'{path}.{key}'))), None)
    if isinstance(ours, list) and len(ours) == len(theirs):
        pairs = enumerate(zip(ours, theirs, strict=True))
        return next((found for index, pair in pairs if (found := difference(*pair, f'{path}.{index}'))), None)
    return None if ours == theirs else f'{path}: cfglint {ours!r:.150}, MMEngine {theirs!r:.150}'


def compare(path: str) -> Comparison:
    """Read a file with both and compare."""
    warnings.simplefilter('ignore')
    from cfglint.language.encoding import encode
    from cfglint.language.errors import ConfigError
    from cfglint.language.loader import Loader

    ours: Any = None
    refusal = None
    try:
        config = Loader().load(path)
        ours = json.loads(json.dumps(encode(config.table)))
        if config.partial:
            return Comparison(path, 'needs an absent package', config.partial)
    except ConfigError as error:
        refusal = f'{error.rule}: {error.message}'
    try:
        theirs = json.loads(json.dumps(from_mmengine(path)))
    except (Exception, SystemExit) as error:
        words = f'{type(error).__name__}: {str(error)[:160]!r}'
        if refusal is not None:
            return Comparison(path, 'both refuse', f'{words} | {refusal}')
        return Comparison(path, 'only MMEngine refuses', words)
    if refusal is not None:
        return Comparison(path, 'only cfglint refuses', refusal)
    where = difference(ours, theirs)
    if where is None:
        return Comparison(path, 'equal', '')
    return Comparison(path, 'has unknown values' if '$unknown' in where else 'different', where)


def main() -> int:
    """Run the comparison and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folders', nargs='+', type=Path)
    parser.add_argument('--show', type=int, default=10, help='how many files to name for each verdict but "equal"')
    args = parser.parse_args()
    paths = [
        os.path.join(folder, name)
        for top in args.folders
        for folder, _, names in os.walk(top)
        for name in sorted(names)
        if name.endswith(EXTENSIONS) and name not in ('metafile.yml', 'model-index.yml', 'dataset-index.yml')
    ]
    with multiprocessing.Pool() as pool:
        results = pool.map(compare, paths, chunksize=16)
    for verdict, count in Counter(result.verdict for result in results).most_common():
        print(f'{count:6} {verdict}')
        if verdict != 'equal':
            for result in [result for result in results if result.verdict == verdict][: args.show]:
                print(f'         {result.path}: {result.detail}')
    return int(
        any(result.verdict in ('different', 'only MMEngine refuses', 'only cfglint refuses') for result in results)
    )


if __name__ == '__main__':
    sys.exit(main())
