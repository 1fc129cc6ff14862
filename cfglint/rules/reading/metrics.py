"""The names under which an evaluator publishes its results."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cfglint.catalog.data_facts import data_facts
from cfglint.language.values import Lazy, Unknown
from cfglint.rules.reading.loop import is_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cfglint.rules.context import Context

Names = tuple[str, ...]


class Keys(NamedTuple):
    """What one metric publishes.

    Attributes:
        prefix: What stands before the slash; none if there is nothing.
        names: Patterns of the names behind it, the first result first; none if they are not known.
        to_one: Whether the values are known to go from 0 to 1; others are percentages, distances or not known.
        better: Whether `greater` or `less` is better; none where that is not known, or not the same for all.
    """

    prefix: str | None
    names: Names | None
    to_one: bool = False
    better: str | None = None

    def has(self, key: str) -> bool:
        """Tell whether a key may be among the results."""
        start = f'{self.prefix}/' if self.prefix else ''
        if not key.startswith(start):
            return False
        return self.names is None or any(re.fullmatch(name, key[len(start) :]) for name in self.names)

    @property
    def examples(self) -> list[str]:
        """Keys, as they stand in messages."""
        start = f'{self.prefix}/' if self.prefix else ''
        plain = [name.replace('\\', '') for name in self.names or () if not re.search(r'[*+?|\[]', name)]
        return [start + name for name in plain] if self.names is not None else [f'{start}…'] if start else []


def _listed(value: Any, default: Names) -> list[str] | None:
    """Return a string or a list of strings as a list; None where it is undecided."""
    if value is None:
        return list(default)
    items = value if isinstance(value, (list, tuple)) else [value]
    return [str(item) for item in items] if not any(isinstance(item, Unknown) for item in items) else None


_COCO_KINDS: Final = frozenset({'bbox', 'segm', 'proposal', 'proposal_fast'})


def _coco(metric: dict[Any, Any]) -> Names | None:
    kinds = _listed(metric.get('metric'), ('bbox',))
    if kinds is None or metric.get('metric_items') is not None or not _COCO_KINDS.issuperset(kinds):
        return None
    names: list[str] = []
    for kind in kinds:
        if kind.startswith('proposal'):
            names.append(r'AR(_[sml])?@\d+')
        else:
            names += [f'{re.escape(kind)}_{item}' for item in ('mAP', 'mAP_50', 'mAP_75', 'mAP_s', 'mAP_m', 'mAP_l')]
    return (*names, '.*_precision') if metric.get('classwise') else tuple(names)


def _ov_coco(metric: dict[Any, Any]) -> Names | None:
    names = _coco(metric)
    return None if names is None else (*names, '(base|novel)_ap(50)?')


def _voc(metric: dict[Any, Any]) -> Names | None:
    return (r'AP\d+', 'mAP') if metric.get('metric', 'mAP') in ('mAP', ['mAP']) else None


def _iou(metric: dict[Any, Any]) -> Names | None:
    kinds = _listed(metric.get('iou_metrics'), ('mIoU',))
    more = {'mIoU': ('mIoU', 'mAcc'), 'mDice': ('mDice', 'mAcc'), 'mFscore': ('mFscore', 'mPrecision', 'mRecall')}
    if kinds is None or not more.keys() >= set(kinds):
        return None
    return ('aAcc', *(name for kind in kinds for name in more[kind]))


def _accuracy(metric: dict[Any, Any]) -> Names | None:
    ranks = _listed(metric.get('topk'), ('1',))
    if ranks is None or isinstance(metric.get('thrs'), (list, tuple, Unknown)):
        return None
    return tuple(f'top{re.escape(rank)}' for rank in ranks)


def _items(default: Names) -> Callable[[dict[Any, Any]], Names | None]:
    def names(metric: dict[Any, Any]) -> Names | None:
        items = _listed(metric.get('items'), default)
        return None if items is None else tuple(f'{re.escape(item)}(_.*)?' for item in items)

    return names


def _acc(metric: dict[Any, Any]) -> Names | None:
    kinds = _listed(metric.get('metric_list'), ('top_k_accuracy', 'mean_class_accuracy'))
    if kinds is None:
        return None
    options = metric.get('metric_options')
    ranks = ['1', '5'] if options is None else None
    top = tuple(f'top{rank}' for rank in ranks) if ranks is not None else (r'top\d+',)
    names = {'top_k_accuracy': top, 'mean_class_accuracy': ('mean1',)}
    return tuple(name for kind in kinds for name in names.get(kind, (re.escape(kind),)))


def _pck(metric: dict[Any, Any]) -> Names | None:
    items = _listed(metric.get('norm_item'), ('bbox',))
    return (
        None
        if items is None
        else tuple({'bbox': 'PCK', 'head': 'PCKh', 'torso': 'tPCK'}.get(item, '.*') for item in items)
    )


def _words(metric: dict[Any, Any]) -> Names | None:
    modes = _listed(metric.get('mode'), ('ignore_case_symbol',))
    if modes is None:
        return None
    return tuple('word_acc' if mode == 'exact' else f'word_acc_{re.escape(mode)}' for mode in modes)


def _always(*names: str) -> Callable[[dict[Any, Any]], Names | None]:
    return lambda metric: names


def _any(metric: dict[Any, Any]) -> Names | None:
    return None


_POSE = (
    'AP', r'AP \.5', r'AP \.75', r'AP \(M\)', r'AP \(L\)', 'AR', r'AR \.5', r'AR \.75', r'AR \(M\)', r'AR \(L\)',
    r'AP\([EMH]\)',
)  # fmt: skip
_ITEMS = ('precision', 'recall', 'f1-score')

METRICS: dict[tuple[str, str], tuple[str | None, Callable[[dict[Any, Any]], Names | None]]] = {
    ('mmdet', 'CocoMetric'): ('coco', _coco),
    ('mmdet', 'CocoPanopticMetric'): ('coco_panoptic', _any),
    ('mmdet', 'LVISMetric'): ('lvis', _any),
    ('mmdet', 'LVISFixedAPMetric'): ('lvis_fixed_ap', _always('AP(50|75|s|m|l|r|c|f)?')),
    ('mmdet', 'OVCocoMetric'): ('coco', _ov_coco),
    ('mmdet', 'VOCMetric'): ('pascal_voc', _voc),
    ('mmdet', 'OpenImagesMetric'): ('openimages', _always(r'AP\d+', 'mAP')),
    ('mmdet', 'CrowdHumanMetric'): ('crowd_human', _always('mAP', 'mMR', 'JI')),
    ('mmdet', 'CityScapesMetric'): ('cityscapes', _always('mAP', 'AP@50')),
    ('mmdet', 'MOTChallengeMetric'): ('motchallenge-metric', _any),
    ('mmdet', 'ReIDMetrics'): ('reid-metric', _any),
    ('mmdet', 'YouTubeVISMetric'): ('youtube_vis', _any),
    ('mmseg', 'IoUMetric'): (None, _iou),
    ('mmpretrain', 'Accuracy'): ('accuracy', _accuracy),
    ('mmpretrain', 'SingleLabelMetric'): ('single-label', _items(_ITEMS)),
    ('mmpretrain', 'MultiLabelMetric'): ('multi-label', _items(_ITEMS)),
    ('mmpretrain', 'AveragePrecision'): ('multi-label', _any),
    ('mmpretrain', 'RetrievalRecall'): ('retrieval', _any),
    ('mmpose', 'CocoMetric'): ('coco', _always(*_POSE)),
    ('mmpose', 'CocoWholeBodyMetric'): ('coco-wholebody', _always(*_POSE)),
    ('mmpose', 'PoseTrack18Metric'): ('posetrack18', _always('(Head|Shou|Elbo|Wris|Hip|Knee|Ankl) AP', 'AP')),
    ('mmpose', 'PCKAccuracy'): (None, _pck),
    ('mmpose', 'MpiiPCKAccuracy'): (None, _always('PCK', '.* PCK', 'PCK@.*', 'PCKh', 'tPCK')),
    ('mmpose', 'JhmdbPCKAccuracy'): (None, _always('PCK', '.* PCK', 'tPCK', '.* tPCK')),
    ('mmpose', 'AUC'): (None, _always('AUC')),
    ('mmpose', 'EPE'): (None, _always('EPE')),
    ('mmpose', 'NME'): (None, _always('NME')),
    ('mmaction', 'AccMetric'): ('acc', _acc),
    ('mmaction', 'AVAMetric'): ('mAP', _any),
    ('mmaction', 'ConfusionMatrix'): ('confusion_matrix', _any),
    ('mmocr', 'HmeanIOUMetric'): ('icdar', _always('precision', 'recall', 'hmean')),
    ('mmocr', 'WordMetric'): ('recog', _words),
    ('mmocr', 'CharMetric'): ('recog', _always('char_recall', 'char_precision')),
    ('mmocr', 'OneMinusNEDMetric'): ('recog', _always('1-N.E.D')),
    ('mmocr', 'F1Metric'): ('kie', _any),
    ('mmrotate', 'DOTAMetric'): ('dota', _any),
    ('mmdet3d', 'IndoorMetric'): (None, _any),
    ('mmdet3d', 'SegMetric'): (None, _any),
    ('mmdet3d', 'NuScenesMetric'): ('NuScenes metric', _any),
    ('mmdet3d', 'KittiMetric'): ('Kitti metric', _any),
    **{
        ('mmagic', name): (None, _always(name))
        for name in (
            'ConnectivityError',
            'GradientError',
            'MAE',
            'MSE',
            'MattingMSE',
            'NIQE',
            'PSNR',
            'SAD',
            'SNR',
            'SSIM',
        )
    },
    ('mmagic', 'FrechetInceptionDistance'): (None, _always('fid', 'mean', 'cov')),
    ('mmagic', 'TransFID'): (None, _always('fid', 'mean', 'cov')),
    ('mmagic', 'InceptionScore'): (None, _always('is', 'is_std')),
    ('mmagic', 'TransIS'): (None, _always('is', 'is_std')),
    ('mmagic', 'MultiScaleStructureSimilarity'): (None, _always('avg')),
    ('mmagic', 'SlicedWassersteinDistance'): (None, _always('avg', r'\d+')),
    ('mmagic', 'PerceptualPathLength'): (None, _always('ppl_score')),
    ('mmagic', 'PrecisionAndRecall'): (None, _always('precision', 'recall')),
}
"""(library, class) -> its prefix, and its names by its arguments."""


TO_ONE = frozenset({
    *(('mmdet', f'{name}Metric') for name in ('Coco', 'LVIS', 'VOC', 'OpenImages', 'CityScapes')),
    *(('mmpose', name) for name in ('CocoMetric', 'CocoWholeBodyMetric', 'PCKAccuracy', 'JhmdbPCKAccuracy', 'AUC')),
    ('mmaction', 'AccMetric'),
    *(('mmocr', f'{name}Metric') for name in ('HmeanIOU', 'Word', 'Char', 'OneMinusNED', 'F1')),
    *(('mmdet3d', f'{name}Metric') for name in ('Indoor', 'Seg', 'NuScenes')),
    ('mmaction', 'AVAMetric'),
    ('mmrotate', 'DOTAMetric'),
})  # fmt: skip
"""Those whose values go from 0 to 1: mmpretrain and mmseg give percentages."""

GREATER = (TO_ONE - {('mmdet3d', 'NuScenesMetric')}) | {
    *(('mmpretrain', name) for name in ('Accuracy', 'SingleLabelMetric', 'MultiLabelMetric', 'AveragePrecision')),
    ('mmdet', 'OVCocoMetric'),
    ('mmseg', 'IoUMetric'),
    *(('mmagic', name) for name in ('PSNR', 'SNR', 'SSIM')),
}
LESS = frozenset(
    {
        ('mmpose', 'EPE'),
        ('mmpose', 'NME'),
        *(
            ('mmagic', name)
            for name in ('ConnectivityError', 'GradientError', 'MAE', 'MSE', 'MattingMSE', 'NIQE', 'SAD')
        ),
        ('mmagic', 'PerceptualPathLength'),
    }
)
"""Those of whose values all are better the greater, or the less, they are."""


def results(context: Context) -> list[Keys] | None:
    """Return what the validation's evaluator publishes; None where that is not known."""
    return context.once('facts.results', lambda: _results(context))


def _results(context: Context) -> list[Keys] | None:
    evaluator, loop, scope = context.value('val_evaluator'), context.value('val_cfg'), context.value('default_scope')
    if not is_whole(context) or (isinstance(loop, dict) and not _is_plain_loop(loop.get('type', 'ValLoop'), scope)):
        return None
    found: list[Keys] = []
    for each in evaluator if isinstance(evaluator, (list, tuple)) else [evaluator]:
        keys = _of_evaluator(each, scope) if isinstance(each, dict) and 'metrics' in each else [keys_of(each, scope)]
        if keys is None:
            return None
        found += [key for key in keys if key is not None]
        if None in keys:
            return None
    return found


def _is_plain_loop(kind: Any, scope: Any) -> bool:
    """Tell whether a loop publishes what its evaluators do as it is."""
    package, name = _named(kind, scope)
    if name == 'ValLoop' and (package == 'mmengine' or kind == name):
        return True
    return isinstance(package, str) and name in data_facts(package).validation_loops


def _named(kind: Any, scope: Any) -> tuple[Any, str]:
    """Return the library, if that is known, and the name of a class."""
    if isinstance(kind, Lazy):
        return kind.name.partition('.')[0], kind.name.rpartition('.')[2]
    prefix, _, name = kind.rpartition('.') if isinstance(kind, str) else ('', '', '')
    return prefix or scope, name


def _of_evaluator(evaluator: dict[Any, Any], scope: Any) -> Sequence[Keys | None] | None:
    if _named(evaluator.get('type', 'Evaluator'), scope)[1] != 'Evaluator':
        return _of_datasets(evaluator, scope)
    metrics = evaluator['metrics']
    return [keys_of(each, scope) for each in (metrics if isinstance(metrics, (list, tuple)) else [metrics])]


def _of_datasets(evaluator: dict[Any, Any], scope: Any) -> list[Keys] | None:
    """Return what an evaluator publishes that judges each dataset on its own; None for any other."""
    package, name = _named(evaluator.get('type'), scope)
    how = data_facts(package).dataset_evaluators.get(name) if isinstance(package, str) else None
    metrics, prefixes = evaluator['metrics'], evaluator.get('dataset_prefixes')
    if how is None or not isinstance(prefixes, (list, tuple)) or not all(isinstance(each, str) for each in prefixes):
        return None
    known = [keys_of(metric, scope) for metric in (metrics if isinstance(metrics, (list, tuple)) else [metrics])]
    if None in known:
        return None
    pairs = (
        zip(prefixes, known, strict=False) if how == 'each' else ((each, keys) for keys in known for each in prefixes)
    )
    return [
        keys._replace(prefix=f'{first}/{keys.prefix}' if keys.prefix else first)
        for first, keys in pairs
        if keys is not None
    ]


def keys_of(metric: Any, scope: Any) -> Keys | None:
    """Return what a metric of a config publishes; None where its class is not known."""
    if not isinstance(metric, dict) or isinstance(metric.get('prefix'), Unknown):
        return None
    kind = metric.get('type')
    if isinstance(kind, Lazy):
        library, name = kind.name.split('.')[0], kind.name.rpartition('.')[2]
    elif isinstance(kind, str):
        library, _, name = kind.rpartition('.')
        library = library.split('.')[0] or metric.get('_scope_', scope)
    else:
        return None
    known = METRICS.get((library, name)) if isinstance(library, str) else None
    given = metric.get('prefix')
    if known is None:
        return Keys(given, None) if isinstance(given, str) and given else None
    better = 'greater' if (library, name) in GREATER else 'less' if (library, name) in LESS else None
    return Keys(given or known[0], known[1](metric), (library, name) in TO_ONE, better)
