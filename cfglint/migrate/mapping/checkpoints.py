"""Which checkpoint is the best: `evaluation.save_best` and what goes with it (EVL-08 to EVL-11, EVL-21)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.migrate.change import Computed, Kept, Tree
from cfglint.migrate.mapping import gans
from cfglint.migrate.mapping.metrics import metric_names, metric_of

if TYPE_CHECKING:
    from cfglint.migrate.items import Item
    from cfglint.migrate.mapping.old import Old

_GREATER = (
    'acc',
    'top',
    'AR@',
    'auc',
    'precision',
    'mAP',
    'mDice',
    'mIoU',
    'mAcc',
    'aAcc',
    'AP',
    'AR',
    'PCK',
    'AUC',
    'hmean',
)
_LESS = ('loss', 'NME', 'EPE', 'MPJPE', 'fid')


def best(old: Old) -> dict[str, Tree]:
    """Return the fields of the checkpoint hook that say which checkpoint is the best."""
    evaluation = old.get('evaluation')
    if evaluation is None or not evaluation.is_dict:
        return {}
    if gans.is_generative(old):
        return gans.best(old, evaluation)
    found: dict[str, Tree] = {}
    save_best = evaluation.get('save_best')
    if save_best is not None and save_best.value is not None:
        found['save_best'] = _named(old, save_best)
    rule = evaluation.get('rule')
    if rule is not None and rule.value is not None:
        found['rule'] = Kept(rule)
    elif save_best is not None and isinstance(save_best.value, str) and (inferred := _rule(save_best.value)):
        found['rule'] = Computed(inferred)
    for name in ('greater_keys', 'less_keys', 'out_dir'):
        if (item := evaluation.get(name)) is not None and item.value is not None:
            found[name] = Kept(item)
    return found


def _named(old: Old, save_best: Item) -> Tree:
    """Name a metric as its evaluator reports it, with the prefix of the metric."""
    key = save_best.value
    if not isinstance(key, str) or key == 'auto':
        return Kept(save_best)
    renamed = old.library.metric_keys.get(key)
    if renamed is not None:
        return Kept(save_best) if renamed == key else Computed(renamed, save_best)
    metric = metric_of(old, 'val', metric_names(old))
    if metric is not None and key in metric.keys:
        return Computed(metric.keys[key], save_best)
    prefix = None if metric is None else metric.prefix
    return Computed(f'{prefix}/{key}', save_best) if prefix else Kept(save_best)


def _rule(key: str) -> str | None:
    """Infer what is better as mmcv does, from parts of the key: MMEngine knows a fixed list of keys only."""
    if key == 'auto':
        return None
    if any(part in key for part in _LESS):
        return 'less'
    if any(part in key for part in _GREATER):
        return 'greater'
    return None
