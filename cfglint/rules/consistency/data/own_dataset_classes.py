"""What datasets of the user's own say about their classes, where MMEngine does not look for it, or cannot use it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from cfglint.catalog.model_facts import model_facts
from cfglint.code.walking import below
from cfglint.diagnostics import Advice, Related
from cfglint.language.values import is_known
from cfglint.rules.reading.loaders import Section, evaluators, is_new, is_wrapper, loaders
from cfglint.rules.reading.lookup import is_stock
from cfglint.rules.reading.own_datasets import LEGACY, OwnClass, OwnDataset, fields, is_whole, own_dataset
from cfglint.rules.rule import rule
from cfglint.sections.table import EVALUATORS, LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(ignored=True, reads=LOADERS)
def unread_dataset_classes(context: Context) -> Iterator[Diagnostic]:
    """A dataset class of one's own that names its classes where 1.x does not look.

    MMEngine reads `classes` and `palette` of the class attribute `METAINFO`, and of the config's `metainfo`. It does not
    read the attributes `CLASSES` and `PALETTE` of 0.x, the keys in capitals, nor `self.METAINFO` that is set in
    `__init__`: the dataset has the classes of its base class, or none, and mmseg's `IoUMetric` stops at the first
    validation with `KeyError: 'classes'`.

    Source: `_load_metainfo` of `mmengine/dataset/base_dataset.py`.

    ```py title="bad/plots.py"
    from mmseg.datasets import BaseSegDataset
    from mmseg.registry import DATASETS


    @DATASETS.register_module()
    class PlotsDataset(BaseSegDataset):
        CLASSES = ('barley', 'beet')
        PALETTE = [[230, 200, 90], [90, 160, 60]]
    ```

    ```py title="bad/config.py"
    default_scope = 'mmseg'
    custom_imports = dict(imports=['plots'])
    train_dataloader = dict(dataset=dict(type='PlotsDataset'))
    ```

    ```py title="good/plots.py"
    from mmseg.datasets import BaseSegDataset
    from mmseg.registry import DATASETS


    @DATASETS.register_module()
    class PlotsDataset(BaseSegDataset):
        METAINFO = dict(classes=('barley', 'beet'), palette=[[230, 200, 90], [90, 160, 60]])
    ```

    ```py title="good/config.py"
    default_scope = 'mmseg'
    custom_imports = dict(imports=['plots'])
    train_dataloader = dict(dataset=dict(type='PlotsDataset'))
    ```
    """
    for leaf, own in _own(context):
        if 'classes' in _given(leaf) or own.may_change:
            continue
        found = _unread(own)
        if found is not None:
            owner, node, words = found
            advice = _metainfo_of(own)
            place = (Related('it is written here', owner.span(node)),)
            kind = leaf.get('type') or leaf
            yield context.report(kind, f'`{own.name}` {words}', at='value', advice=advice, related=place)


@rule(reads=LOADERS)
def invalid_dataset_classes(context: Context) -> Iterator[Diagnostic]:
    """A dataset class of one's own whose `METAINFO` cannot be used.

    `('scratch')` is a string, not a tuple of one: its letters are taken for classes. And mmseg wants as many colours in
    `palette` as there are classes.

    Sources: `_load_metainfo` of `mmengine/dataset/base_dataset.py`, `_update_palette` of `mmseg/datasets/basesegdataset.py`.

    ```py title="bad/panes.py"
    from mmseg.datasets import BaseSegDataset
    from mmseg.registry import DATASETS


    @DATASETS.register_module()
    class PanesDataset(BaseSegDataset):
        METAINFO = dict(classes=('scratch'), palette=[[255, 255, 255]])
    ```

    ```py title="bad/config.py"
    default_scope = 'mmseg'
    custom_imports = dict(imports=['panes'])
    train_dataloader = dict(dataset=dict(type='PanesDataset'))
    ```

    ```py title="good/panes.py"
    from mmseg.datasets import BaseSegDataset
    from mmseg.registry import DATASETS


    @DATASETS.register_module()
    class PanesDataset(BaseSegDataset):
        METAINFO = dict(classes=('glass', 'scratch'), palette=[[0, 0, 0], [255, 255, 255]])
    ```

    ```py title="good/config.py"
    default_scope = 'mmseg'
    custom_imports = dict(imports=['panes'])
    train_dataloader = dict(dataset=dict(type='PanesDataset'))
    ```
    """
    for leaf, own in _own(context):
        given = _given(leaf)
        if own.may_change or 'classes' in given:
            continue
        found = own.field('classes')
        classes, palette = own.known_field('classes'), given.get('palette', own.known_field('palette'))
        kind = leaf.get('type') or leaf
        if found is None:
            continue
        place = (Related('it is written here', found[0].span(found[1])),)
        if isinstance(classes, str):
            message = f'`classes` of `{own.name}` is a string: each of its {len(classes)} letters is taken for a class'
            advice = Advice('write a tuple:', f'classes=({classes!r}, )')
            yield context.report(kind, message, at='value', advice=advice, related=place)
        elif palette and _wants_colours(own) and _are_lists(classes, palette) and len(palette) != len(classes):
            message = f'`{own.name}` has {len(classes)} classes, but {len(palette)} colours in `palette`'
            raises = 'ValueError: palette does not match classes'
            advice = Advice('give a colour for each class, no more and no less')
            yield context.report(kind, message, at='value', raises=raises, advice=advice, related=place)


def _are_lists(*values: Any) -> bool:
    return all(isinstance(value, (list, tuple)) for value in values)


WITHOUT: Final = {
    'classes': ('classes', Advice('name them in the class:', 'METAINFO = dict(classes=("a", "b"))')),
    'num_keypoints': ('keypoints', Advice('name them in the class:', "METAINFO = dict(from_file='keypoints.py')")),
}


@rule(scope='entry', reads=(*LOADERS, *EVALUATORS))
def missing_dataset_classes(context: Context) -> Iterator[Diagnostic]:
    """A dataset that is evaluated, but has no classes, or no keypoints.

    A base class of a library has none by itself: a class that inherits it needs `METAINFO`, or the config has to give
    `metainfo=dict(classes=…)`. mmseg's `IoUMetric` stops at the first validation; the datasets of mmdet, mmdet3d and mmpose
    do when they are built or read their annotations.

    Sources: `compute_metrics` of `mmseg/evaluation/metrics/iou_metric.py`, `CocoMetric` of mmdet, `xml_style.py` of mmdet,
    `__init__` of `mmdet3d/datasets/det3d_dataset.py`, `parse_data_info` of mmpose's `base_coco_style_dataset.py`.

    ```py title="bad/plots.py"
    from mmseg.datasets import BaseSegDataset
    from mmseg.registry import DATASETS


    @DATASETS.register_module()
    class PlotsDataset(BaseSegDataset):
        pass
    ```

    ```py title="bad/config.py"
    default_scope = 'mmseg'
    custom_imports = dict(imports=['plots'])
    val_dataloader = dict(dataset=dict(type='PlotsDataset'))
    val_evaluator = dict(type='IoUMetric')
    val_cfg = dict()
    model = dict(type='EncoderDecoder')
    ```

    ```py title="good/plots.py"
    from mmseg.datasets import BaseSegDataset
    from mmseg.registry import DATASETS


    @DATASETS.register_module()
    class PlotsDataset(BaseSegDataset):
        METAINFO = dict(classes=('barley', 'beet'))
    ```

    ```py title="good/config.py"
    default_scope = 'mmseg'
    custom_imports = dict(imports=['plots'])
    val_dataloader = dict(dataset=dict(type='PlotsDataset'))
    val_evaluator = dict(type='IoUMetric')
    val_cfg = dict()
    model = dict(type='EncoderDecoder')
    ```
    """
    metrics = [metric for section in evaluators(context) for metric in section.metrics]
    is_own = bool(metrics) and not any(is_stock(context, metric) for metric in metrics)
    for leaf, own in _own(context, 'val_dataloader', 'test_dataloader'):
        base = own.base
        if is_own and (base.startswith('mmseg.') or any(_loads_itself(each.node) for each in own.classes)):
            continue  # whether a metric of the user's own asks for them is not known
        if own.may_change or not is_known(leaf.value) or _given(leaf) or _unread(own) is not None:
            continue
        if own.metainfo is not None and ('classes' in fields(own.metainfo[1]) or not is_whole(own.metainfo[1])):
            continue
        lacks = model_facts(base.partition('.')[0]).classless_datasets.get(base)
        if lacks == 'classes' or (lacks is not None and own.metainfo is None):
            what, advice = WITHOUT[lacks]
            message = f'`{own.name}` names no {what}, neither in `METAINFO` nor here'
            kind = leaf.get('type') or leaf
            yield context.report(kind, message, at='value', raises=f'KeyError: {lacks!r}', advice=advice)


def _loads_itself(node: ast.ClassDef) -> bool:
    return any(isinstance(each, ast.FunctionDef) and each.name == 'load_data_list' for each in node.body)


def _own(context: Context, *names: str) -> Iterator[tuple[Item, OwnDataset]]:
    """Yield the datasets of one's own, each class once."""
    seen: set[int] = set()

    def search(loader: Section) -> Iterator[tuple[Item, OwnDataset]]:
        if any('metainfo' in each.value for each in loader.datasets if is_wrapper(each)):
            return
        for leaf in loader.leaves:
            own = own_dataset(context, leaf, loader.scope)
            if own is not None:
                yield leaf, own

    known: set[str] = set()
    for loader in loaders(context, *names):
        for leaf, own in loader.find('own datasets', search):
            if is_new(leaf, seen) and own.classes[0].path not in known:
                known.add(own.classes[0].path)
                yield leaf, own


def _given(leaf: Item) -> dict[Any, Any]:
    """Return the `metainfo` that the config gives; what is not known may give classes."""
    metainfo = leaf.value.get('metainfo')
    if metainfo is None:
        return {}
    return metainfo if isinstance(metainfo, dict) and is_known(metainfo) else {'classes': None}


def _unread(own: OwnDataset) -> tuple[OwnClass, ast.AST, str] | None:
    """Return where classes are named that MMEngine does not read, and the words for it."""
    metainfo = own.metainfo
    if metainfo is not None and 'classes' in fields(metainfo[1]):
        return None
    if metainfo is not None and 'CLASSES' in fields(metainfo[1]):
        return metainfo[0], metainfo[1], 'names its classes `CLASSES` in `METAINFO`: MMEngine reads `classes`'
    for each in own.classes:
        late = next((node for node in below(each.node) if _sets_own(node)), None)
        if late is not None and metainfo is None:
            return each, late, 'sets `self.METAINFO`: MMEngine reads that of the class'
        value = each.assigned('CLASSES')
        reads = own.base.startswith('mmpretrain.') or _reads_legacy(each.node)  # mmpretrain's datasets still do
        if value is not None and metainfo is None and not reads:
            return each, value, 'names its classes in `CLASSES`, as in 0.x: MMEngine reads `METAINFO`'
    return None


def _sets_own(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node) == 'self.METAINFO'


def _reads_legacy(node: ast.ClassDef) -> bool:
    """Tell whether the class itself reads the attributes: it may make of them what MMEngine reads."""
    return any(
        (isinstance(each, ast.Attribute) and each.attr in LEGACY and isinstance(each.ctx, ast.Load))
        or (isinstance(each, ast.Name) and each.id in LEGACY and isinstance(each.ctx, ast.Load))
        for each in below(node)
    )


def _metainfo_of(own: OwnDataset) -> Advice:
    """Return advice with the `METAINFO` that says what the attributes say."""
    for each in own.classes:
        values = {name: each.assigned(name) for name in LEGACY}
        parts = [f'{name.lower()}={ast.unparse(value)}' for name, value in values.items() if value is not None]
        text = f'METAINFO = dict({", ".join(parts)})'
        if parts and len(text) <= 160:
            return Advice('write in the class:', text)
    return Advice('set in the class body `METAINFO = dict(classes=…, palette=…)`')


def _wants_colours(own: OwnDataset) -> bool:
    return any(path.startswith('mmseg.') for path in own.lineage)
