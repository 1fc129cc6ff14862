"""Compare migrated configs with what upstream made of the same configs in 1.x, section by section.

    python tools/pair_rates.py LIBRARY CONFIGS_OF_0.X CONFIGS_OF_1.X [--show SECTION]

Pairs are files of the same name, or of the same words in the name (1.x renamed `mask_rcnn_r50_fpn_1x_coco.py` to
`mask-rcnn_r50_fpn_1x_coco.py`), in the same folder. Both sides are resolved by the real MMEngine. What upstream tuned anew
counts as a difference: compare with the share of pairs in which upstream itself kept its values (`kept`).
"""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import sys
import tempfile
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

from mmengine.config import Config

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cfglint.migrate.run import migrate  # noqa: E402
from cfglint.migrate.targets import Goal  # noqa: E402
from tools.config_names import words  # noqa: E402


def sections(config: dict[str, Any]) -> dict[str, Any]:
    """Return what is compared."""
    train = config.get('train_dataloader')
    train = train if isinstance(train, dict) else {}
    hooks = config.get('default_hooks') or {}
    return {
        'train_cfg': length(config.get('train_cfg')),
        'val interval': (config.get('train_cfg') or {}).get('val_interval'),
        'optim_wrapper': wrapper(config.get('optim_wrapper')),
        'param_scheduler': schedule(config.get('param_scheduler')),
        'val metrics': metrics(config.get('val_evaluator')),
        'dataset type': innermost(train.get('dataset')),
        'batch size': train.get('batch_size'),
        'default_hooks': {name: plain(hooks.get(name)) for name in ('checkpoint', 'logger')},
    }


def plain(value: Any) -> Any:
    """Return lists for tuples, and no scopes in types."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value.rpartition('.')[2] if isinstance(value, str) and re.fullmatch(r'mm\w+\.\w+', value) else value


def length(value: Any) -> Any:
    """Return how long a loop trains, in one form: `type` or `by_epoch` say the same."""
    if not isinstance(value, dict):
        return value
    by_epoch = value.get('by_epoch', value.get('type') != 'IterBasedTrainLoop')
    return {
        **{key: plain(each) for key, each in value.items() if key in ('max_epochs', 'max_iters')},
        'by_epoch': by_epoch,
    }


def wrapper(value: Any) -> Any:
    """Return an optimizer wrapper without what is MMEngine's default, and without what 0.x could not say."""
    if not isinstance(value, dict):
        return value
    paramwise = value.get('paramwise_cfg')
    if isinstance(paramwise, dict):
        value = {**value, 'paramwise_cfg': {key: each for key, each in paramwise.items() if key != 'flat_decay_mult'}}
    return {key: plain(each) for key, each in {'type': 'OptimWrapper', **value}.items() if each not in (None, {})}


def schedule(value: Any) -> Any:
    """Return schedulers by what they do: a warm-up may end a step later, where mmcv reached the full rate."""
    found = []
    for each in value if isinstance(value, list) else [value] if isinstance(value, dict) else []:
        each = {'by_epoch': True, 'begin': 0, 'gamma': 0.1 if 'Step' in each.get('type', '') else None, **plain(each)}
        if each.get('eta_min') == 0:
            del each['eta_min']
        if each['type'] in ('LinearLR', 'PolyLR') and isinstance(each.get('end'), int) and not each['by_epoch']:
            each['end'] -= each['end'] % 10
        found.append(
            {key: item for key, item in each.items() if key not in ('verbose', 'end') or each['type'] == 'LinearLR'}
        )
    return found


def metrics(value: Any) -> Any:
    """Return the types of metrics, and what they measure."""
    items = value.get('metrics', [value]) if isinstance(value, dict) else value or []
    items = items if isinstance(items, list) else [items]
    return [
        (plain(each.get('type')), plain(each.get('metric', each.get('iou_metrics', each.get('topk')))))
        for each in items
    ]


def innermost(dataset: Any) -> Any:
    """Return the type of the dataset inside of wrappers."""
    while isinstance(dataset, dict):
        inner = dataset.get('dataset', dataset.get('datasets'))
        if isinstance(inner, list):
            inner = inner[0] if inner else None
        if inner is None:
            return plain(dataset.get('type'))
        dataset = inner
    return None


def resolved(path: Path) -> dict[str, Any] | None:
    """Return a config as MMEngine resolves it; none if it does not."""
    with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
        return Config.fromfile(str(path), import_custom_modules=False).to_dict()
    return None


def main() -> None:
    """Print the rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('library')
    parser.add_argument('old', type=Path)
    parser.add_argument('new', type=Path)
    parser.add_argument('--show', help='Print the pairs that differ in a section, or in `all`.')
    options = parser.parse_args()
    warnings.simplefilter('ignore')
    theirs = {
        words(path.relative_to(options.new).as_posix()): path
        for path in options.new.rglob('*.py')
        if '_base_' not in path.parts
    }
    old = options.old.resolve()
    same: Counter[str] = Counter()
    pairs = 0
    with tempfile.TemporaryDirectory() as folder:
        for result in migrate(sorted(str(path) for path in old.rglob('*.py')), Goal(options.library)):
            place = Path(folder, Path(result.path).relative_to(old))
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(result.text)
        for path in sorted(path for path in Path(folder).rglob('*.py') if '_base_' not in path.parts):
            partner = theirs.get(words(path.relative_to(folder).as_posix()))
            ours = resolved(path) if partner is not None else None
            upstream = resolved(partner) if partner is not None and ours is not None else None
            if ours is None or upstream is None:
                continue
            pairs += 1
            first, second = sections(ours), sections(upstream)
            for name, value in first.items():
                same[name] += value == second[name]
                if options.show in (name, 'all') and value != second[name]:
                    print(f'{name}: {path.relative_to(folder)}\n  ours   {value}\n  theirs {second[name]}')
    print(f'{pairs} pairs')
    for name in sections({}):
        print(f'{name:18} {same[name]:4} {100 * same[name] / max(pairs, 1):5.1f} %')


if __name__ == '__main__':
    main()
