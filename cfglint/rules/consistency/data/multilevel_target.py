"""Targets of several levels for a head that takes one, or the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import loaders
from cfglint.rules.reading.official import package_of
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context

SINGLE: Final = frozenset({'HeatmapHead', 'CPMHead', 'ViPNASHead'})
SEVERAL: Final = frozenset({'MSPNHead'})


@rule(
    scope='entry',
    raises="object has no attribute 'heatmaps'",
    reads=('model', 'train_dataloader'),
    words=('GenerateTarget',),
)
def multilevel_target(context: Context) -> Iterator[Diagnostic]:
    """A `GenerateTarget` of mmpose with `multilevel=True` for a head that takes one heatmap, or the other way round.

    `MSPNHead` compares each of its stages with the heatmaps of its own level. `HeatmapHead`, `CPMHead` and `ViPNASHead`
    compare all that they predict with the heatmaps of one codec. A list of codecs is for `MSPNHead`, or for targets of
    different kinds.

    Source: `mmpose/models/heads/heatmap_heads/`, `d.gt_fields.heatmaps`; `mmpose/datasets/transforms/formatting.py`,
    `MultilevelPixelData`.

    ```py title="bad"
    default_scope = 'mmpose'
    codec = [dict(type='MegviiHeatmap', input_size=(192, 256), heatmap_size=(48, 64), kernel_size=k) for k in (11, 9)]
    model = dict(
        type='TopdownPoseEstimator', head=dict(type='HeatmapHead', in_channels=32, out_channels=17, decoder=codec[0]))
    train_dataloader = dict(
        dataset=dict(type='CocoDataset', pipeline=[dict(type='GenerateTarget', multilevel=True, encoder=codec)]))
    ```

    ```py title="good"
    default_scope = 'mmpose'
    codec = dict(type='MegviiHeatmap', input_size=(192, 256), heatmap_size=(48, 64), kernel_size=11)
    model = dict(
        type='TopdownPoseEstimator', head=dict(type='HeatmapHead', in_channels=32, out_channels=17, decoder=codec))
    train_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=[dict(type='GenerateTarget', encoder=codec)]))
    ```
    """
    head = context.find('model.head')
    if head is None or not isinstance(head.value, dict):
        return
    kind = head.type_name
    if kind not in SINGLE | SEVERAL or package_of(context, head) != 'mmpose':
        return
    for loader in loaders(context, 'train_dataloader'):
        for transform in loader.transforms if 'GenerateTarget' in loader.words else ():
            given = transform.value.get('multilevel', False)
            if transform.type_name != 'GenerateTarget' or given is (kind in SEVERAL):
                continue
            if given not in (True, False):
                continue
            place = transform.get('multilevel') or transform
            makes = 'targets of several levels' if given else 'targets of one level'
            message = f'`GenerateTarget` makes {makes}, but `{kind}` takes {"one" if given else "several"}'
            advice = Advice('write', f"dict(type='GenerateTarget', multilevel={not given})")
            yield report_between(context, place, (head.get('type'),), message, advice=advice)
            return
