"""The parts of a metainfo of mmpose against its keypoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cfglint.diagnostics import Advice, Related, Severity
from cfglint.language.values import is_known
from cfglint.rules.reading.loaders import Section, is_new, loaders
from cfglint.rules.reading.metainfo import Metainfo, metainfo_of, metainfo_of_class
from cfglint.rules.reading.official import package_of
from cfglint.rules.reading.own_datasets import own_dataset
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


class Fault(NamedTuple):
    field: str
    message: str
    raises: str | None = None


@rule(scope='entry', reads=LOADERS)
def inconsistent_keypoints(context: Context) -> Iterator[Diagnostic]:
    """A metainfo of mmpose whose sigmas, joint weights, swaps or skeleton do not fit its keypoints.

    It is read from the config, from the `METAINFO` of a dataset class of one's own, or from the repository's file that
    `from_file` names. The numbers of `sigmas` and
    `joint_weights` have to be that of `keypoint_info`: CocoMetric divides the distances by the sigmas, which fails at the
    first validation. A `swap` or a `link` has to name a keypoint (`KeyError` when the dataset is built), and two keypoints
    that are swapped have to name each other, or flipped pictures get wrong labels.

    Source: `mmpose/datasets/datasets/utils.py`, `parse_pose_metainfo`; `mmpose/evaluation/metrics/coco_metric.py`.

    ```py title="bad"
    default_scope = 'mmpose'
    metainfo = dict(
        dataset_name='crate',
        keypoint_info={
            0: dict(name='left', id=0, color=[0, 0, 0], type='upper', swap='right'),
            1: dict(name='right', id=1, color=[0, 0, 0], type='upper', swap='left'),
        },
        skeleton_info={},
        joint_weights=[1.0, 1.0],
        sigmas=[0.025])
    train_dataloader = dict(dataset=dict(type='CocoDataset', metainfo=metainfo))
    ```

    ```py title="good"
    default_scope = 'mmpose'
    metainfo = dict(
        dataset_name='crate',
        keypoint_info={
            0: dict(name='left', id=0, color=[0, 0, 0], type='upper', swap='right'),
            1: dict(name='right', id=1, color=[0, 0, 0], type='upper', swap='left'),
        },
        skeleton_info={},
        joint_weights=[1.0, 1.0],
        sigmas=[0.025, 0.025])
    train_dataloader = dict(dataset=dict(type='CocoDataset', metainfo=metainfo))
    ```
    """
    seen: set[int] = set()
    classes: set[Any] = set()
    for loader in loaders(context):
        for place, info in loader.find('keypoint infos', lambda section: _infos(context, section)):
            if is_new(place, seen) and (place.name != 'type' or place.value not in classes):
                classes.add(place.value if place.name == 'type' else None)
                yield from _report(context, place, info)


def _infos(context: Context, loader: Section) -> Iterator[tuple[Item, Metainfo]]:
    """Yield what the datasets of a dataloader say of their keypoints, and where."""
    for leaf in loader.leaves:
        item, kind = leaf.get('metainfo'), leaf.get('type')
        info = None
        if item is None:
            own = own_dataset(context, leaf, loader.scope)
            is_pose = own is not None and own.base.startswith('mmpose.')
            info = metainfo_of_class(context, own) if own is not None and is_pose else None
        elif isinstance(item.value, dict) and package_of(context, leaf) == 'mmpose':
            info = metainfo_of(context, item.value)
        if info is not None and kind is not None:
            yield kind if item is None else item.get('from_file') or item, info


ADVICE: Final = {
    'sigmas': 'give a number for each keypoint',
    'joint_weights': 'give a number for each keypoint',
    'keypoint_info': 'let the two keypoints name each other in `swap`',
    'skeleton_info': 'link names of `keypoint_info`',
}


def _report(context: Context, place: Item, info: Metainfo) -> Iterator[Diagnostic]:
    for fault in faults(info):
        where = place.get(fault.field) or place if place.name == 'metainfo' else place
        span = info.span(fault.field)
        related = (Related(f'`{fault.field}` is here', span),) if span is not None else ()
        severity = Severity.ERROR if fault.raises else Severity.WARNING
        parts: dict[str, Any] = {'raises': fault.raises, 'advice': Advice(ADVICE[fault.field]), 'related': related}
        yield context.report(where, fault.message, severity=severity, **parts)


def faults(info: Metainfo) -> Iterator[Fault]:
    """Yield what is wrong with a metainfo, the first of each field."""
    keypoints = info.fields.get('keypoint_info')
    if not isinstance(keypoints, dict) or not keypoints or not is_known(keypoints):
        return
    if not all(isinstance(each, dict) and isinstance(each.get('name'), str) for each in keypoints.values()):
        return
    yield from _counts(info, len(keypoints))
    swaps = {each['name']: each.get('swap', '') for each in keypoints.values()}
    yield from _swaps(swaps)
    links = info.fields.get('skeleton_info')
    for link in links.values() if isinstance(links, dict) else ():
        ends = link.get('link') if isinstance(link, dict) else None
        unknown = [end for end in ends or () if isinstance(end, str) and end not in swaps]
        if unknown:
            yield Fault(
                'skeleton_info',
                f'`skeleton_info` links `{unknown[0]}`, which is no keypoint',
                f'KeyError: {unknown[0]!r}',
            )
            return


def _counts(info: Metainfo, count: int) -> Iterator[Fault]:
    for name in ('sigmas', 'joint_weights'):
        given = info.fields.get(name)
        if name == 'sigmas' and given == []:
            continue  # mmpose's own way to say that nothing compares with them
        if isinstance(given, (list, tuple)) and is_known(given) and len(given) != count:
            raises = 'ValueError: operands could not be broadcast together' if name == 'sigmas' else None
            yield Fault(name, f'{count} keypoints, but `{name}` has {len(given)} values', raises)


def _swaps(swaps: dict[str, Any]) -> Iterator[Fault]:
    for name, other in swaps.items():
        if not isinstance(other, str) or other in ('', name):
            continue
        if other not in swaps:
            yield Fault('keypoint_info', f'`{name}` swaps with `{other}`, which is no keypoint', f'KeyError: {other!r}')
            return
        if swaps[other] != name:
            yield Fault('keypoint_info', f'`{name}` swaps with `{other}`, which swaps with `{swaps[other] or other}`')
            return
