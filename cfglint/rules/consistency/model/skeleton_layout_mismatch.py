"""The graph of a network for skeletons against the skeletons that its pipelines make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice
from cfglint.language.numbers import is_int
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import loaders
from cfglint.rules.reading.official import data_facts_of
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.catalog.data_facts import DataFacts
    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(scope='entry', reads=('model', *LOADERS), words=('graph_cfg',))
def skeleton_layout_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A graph of joints in mmaction2 with another number of joints than the skeletons of the pipelines.

    `STGCN` and `AAGCN` build their graph from `graph_cfg.layout` (17 joints in `coco`, 18 in `openpose`, 25 in
    `nturgb+d`); `GenSkeFeat` and `JointToBone` name the layout of the data in `dataset`. They have to be of one size, or
    the first batch fails.

    Source: `mmaction/models/utils/graph.py`, `set_layout`; `mmaction/datasets/transforms/pose_transforms.py`.

    ```py title="bad"
    default_scope = 'mmaction'
    model = dict(type='RecognizerGCN', backbone=dict(type='STGCN', graph_cfg=dict(layout='coco', mode='stgcn_spatial')))
    train_dataloader = dict(
        dataset=dict(
            type='PoseDataset', ann_file='a.pkl', pipeline=[dict(type='GenSkeFeat', dataset='nturgb+d', feats=['j'])]))
    ```

    ```py title="good"
    default_scope = 'mmaction'
    model = dict(type='RecognizerGCN', backbone=dict(type='STGCN', graph_cfg=dict(layout='coco', mode='stgcn_spatial')))
    train_dataloader = dict(
        dataset=dict(type='PoseDataset', ann_file='a.pkl', pipeline=[dict(type='GenSkeFeat', dataset='coco', feats=['j'])]))
    ```
    """
    backbone = context.find('model.backbone')
    graph = None if backbone is None else backbone.get('graph_cfg')
    if backbone is None or graph is None or not isinstance(graph.value, dict):
        return
    facts = data_facts_of(context, backbone)
    if backbone.type_name not in facts.graphs:
        return
    joints = _joints(facts, graph.value.get('layout', 'coco'))
    for loader in loaders(context) if joints is not None else ():
        for transform in loader.transforms:
            layout = _layout(facts, transform)
            if layout is not None and facts.layouts.get(layout, joints) != joints:
                yield _report(context, graph, transform, layout, facts)
                return


def _joints(facts: DataFacts, layout: object) -> int | None:
    if isinstance(layout, dict):
        count = layout.get('num_node')
        return count if is_int(count) else None
    return facts.layouts.get(layout) if isinstance(layout, str) else None


def _layout(facts: DataFacts, transform: Item) -> str | None:
    """Return the layout that a transform counts on: the one that it names, or that of its bones by default."""
    default = facts.features.get(transform.type_name or '')
    given = transform.value.get('dataset')
    features = transform.value.get('feats', ['b'] if transform.type_name == 'JointToBone' else ['j'])
    if default is None or given is not None:
        return given if default is not None and isinstance(given, str) else None
    bones = isinstance(features, (list, tuple)) and any(each in ('b', 'bm') for each in features)
    return default if bones and 'dataset' not in transform.value else None


def _report(context: Context, graph: Item, transform: Item, layout: str, facts: DataFacts) -> Diagnostic:
    place, count = graph.get('layout') or graph, facts.layouts[layout]
    own = _joints(facts, graph.value.get('layout', 'coco'))
    kind = transform.type_name
    message = f'the graph has {own} joints, but `{kind}` makes skeletons of {count} (`{layout}`)'
    code = f"dict(type='{kind}', dataset={str(graph.value.get('layout', 'coco'))!r})"
    advice = Advice('if the data has the joints of the graph, write in all pipelines:', code)
    if isinstance(graph.value.get('layout'), dict):
        advice = Advice('give the graph the joints of the data:', f'graph_cfg=dict(layout={layout!r})')
    others = (transform.get('dataset') or transform,)
    return report_between(
        context, place, others, message, raises='RuntimeError: running_mean should contain', advice=advice
    )
