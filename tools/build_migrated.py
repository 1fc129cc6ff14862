"""Migrate a zoo of 0.x configs, and build what the results name with the library of 1.x itself: no data, no weights.

    ENV/bin/python tools/build_migrated.py mmpretrain ZOO_OF_0.X [--only WORDS…]

ENV is an environment with MMEngine, mmcv (mmcv-lite, if the compiled operators are missing only where they are called), the
library of 1.x and cfglint; `ZOO_OF_0.X` is the folder of its configs, such as `mmcls/.mim/configs` of the unpacked wheel of
mmcls 0.25.0. For each config that runs on its own, the model is built on the meta device, and the datasets with their
pipelines, the metrics, hooks and the visualizer as the Runner would, without reading an annotation. What fails is printed
by kind, with the configs that show it.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import logging
import os
import sys
import tempfile
import traceback
import warnings
from collections import defaultdict
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from mmengine.config import Config, ConfigDict
from mmengine.registry import DATASETS, HOOKS, METRICS, MODELS, TRANSFORMS, VISUALIZERS, DefaultScope

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cfglint.migrate.run import migrate  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Part = tuple[str, Any, 'Callable[[Any], object]']
"""What is built: its name, what the config says of it, and the function that builds it."""


def migrated(old: Path, folder: Path) -> None:
    """Write the migrated zoo to a folder."""
    for result in migrate(sorted(str(path) for path in old.rglob('*.py'))):
        place = folder / Path(result.path).relative_to(old)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(result.text)


def without_weights(value: Any) -> Any:
    """Return a model that loads no weights."""
    if isinstance(value, dict):
        return {
            key: without_weights(each)
            for key, each in value.items()
            if not (key in ('init_cfg', 'pretrained', 'checkpoint') and 'retrained' in str((key, each)))
        }
    return [without_weights(each) for each in value] if isinstance(value, list) else value


def model(given: dict[str, Any]) -> None:
    """Build a model, on the meta device where its initialization does not look at values."""
    try:
        with torch.device('meta'):
            MODELS.build(ConfigDict(deepcopy(given)))
    except (RuntimeError, NotImplementedError) as error:
        if 'meta' not in str(error).lower():
            raise
        MODELS.build(ConfigDict(deepcopy(given)))


def transforms(dataset: Any) -> Iterator[dict[str, Any]]:
    """Yield the transforms of a dataset and of those inside it."""
    if isinstance(dataset, dict):
        yield from dataset.get('pipeline') or ()
        for each in (dataset.get('dataset'), *(dataset.get('datasets') or ())):
            yield from transforms(each)


def lazily(dataset: dict[str, Any]) -> dict[str, Any]:
    """Return a dataset that reads nothing when it is built."""
    inner = {key: lazily(dataset[key]) for key in ('dataset',) if isinstance(dataset.get(key), dict)}
    if isinstance(dataset.get('datasets'), list):
        inner['datasets'] = [lazily(each) for each in dataset['datasets']]
    return {**dataset, **inner, 'lazy_init': True}


def parts(config: dict[str, Any]) -> Iterator[Part]:
    """Yield what is built of a config."""
    preprocessor = {'data_preprocessor': config['data_preprocessor']} if 'data_preprocessor' in config else {}
    yield 'model', {**preprocessor, **without_weights(config['model'])}, model
    for stage in ('train', 'val', 'test'):
        loader = config.get(f'{stage}_dataloader')
        if isinstance(loader, dict) and isinstance(loader.get('dataset'), dict):
            for each in transforms(loader['dataset']):
                yield f'{stage} pipeline', each, TRANSFORMS.build
            yield f'{stage} dataset', lazily(loader['dataset']), DATASETS.build
        evaluator = config.get(f'{stage}_evaluator')
        if evaluator:
            items = evaluator.get('metrics', evaluator) if isinstance(evaluator, dict) else evaluator
            for each in items if isinstance(items, list) else [items]:
                yield f'{stage} metric', each, METRICS.build
    if config.get('visualizer'):
        yield 'visualizer', {**config['visualizer'], 'vis_backends': None}, _visualizer
    for each in (*(config.get('default_hooks') or {}).values(), *(config.get('custom_hooks') or ())):
        if isinstance(each, dict):
            yield 'hook', {key: value for key, value in each.items() if key != 'priority'}, HOOKS.build


def _visualizer(given: dict[str, Any]) -> None:
    """Build a visualizer, of which there is one of a name."""
    VISUALIZERS.build({'name': str(id(given)), **given})


def failures(path: Path, known: dict[str, str | None]) -> Iterator[tuple[str, str]]:
    """Yield what of a config cannot be built: which part, and why; what is `known` was built for another config."""
    try:
        config = Config.fromfile(str(path), import_custom_modules=False).to_dict()
    except Exception as error:
        yield 'config', f'{type(error).__name__}: {error}'
        return
    if 'model' not in config or 'train_dataloader' not in config:
        return
    scope = config.get('default_scope') or 'mmengine'
    with DefaultScope.overwrite_default_scope(scope):
        for name, given, build in parts(config):
            key = f'{scope} {name.rpartition(" ")[2]} {given!r}'
            if key not in known:
                known[key] = _built(build, given)
            if (reason := known[key]) is not None:
                yield name, reason


def _built(build: Callable[[Any], object], given: Any) -> str | None:
    """Build something; return why it fails, if it does."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            build(deepcopy(given))
    except Exception as error:
        return None if _asks_for_data(error) else _reason(error)
    return None


def _asks_for_data(error: Exception) -> bool:
    """Tell whether a metric or a dataset looks at once for files, which are not here."""
    if isinstance(error, FileNotFoundError):
        return True
    line = traceback.extract_tb(error.__traceback__)[-1].line or ''
    return isinstance(error, AssertionError) and ('exists(' in line or 'isfile(' in line)


def _reason(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f'{type(error).__name__}: {" ".join(str(error).split())[:240]} ({os.path.basename(last.filename)}:{last.lineno})'


def main() -> int:
    """Print what cannot be built."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('library', help='The package of 1.x, such as mmpretrain.')
    parser.add_argument('old', type=Path)
    parser.add_argument('--only', nargs='+', default=[''], metavar='WORD', help='only configs with such a path')
    options = parser.parse_args()
    warnings.simplefilter('ignore')
    logging.disable(logging.CRITICAL)
    importlib.import_module(f'{options.library}.utils').register_all_modules(True)
    kinds: dict[tuple[str, str], list[str]] = defaultdict(list)
    known: dict[str, str | None] = {}
    whole = total = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        migrated(options.old.resolve(), folder)
        for path in sorted(path for path in folder.rglob('*.py') if '_base_' not in path.parts):
            relative = path.relative_to(folder).as_posix()
            if not any(word in relative for word in options.only):
                continue
            found = dict.fromkeys(failures(path, known))
            total += 1
            whole += not found
            for each in found:
                kinds[each].append(relative)
    for (part, reason), configs in sorted(kinds.items(), key=lambda each: -len(each[1])):
        print(f'{len(configs):4} {part}: {reason}\n       {", ".join(configs[:3])}')
    print(f'{whole} of {total} configs of {options.library} build')
    return 0


if __name__ == '__main__':
    sys.exit(main())
