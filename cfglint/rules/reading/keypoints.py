"""How many keypoints a dataset of mmpose has, and how many its heads predict."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cfglint.catalog.data_facts import data_facts
from cfglint.language.errors import ConfigError
from cfglint.language.numbers import is_int
from cfglint.language.trees import tree_of
from cfglint.rules.reading.loaders import Section, is_wrapper
from cfglint.rules.reading.lookup import installation_of
from cfglint.rules.reading.metainfo import metainfo_of_class
from cfglint.rules.reading.own_datasets import copied_dataset, own_dataset
from cfglint.rules.reading.types import class_name, type_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item
    from cfglint.rules.reading.own_datasets import OwnDataset

HEADS: Final = {
    **dict.fromkeys(
        ('HeatmapHead', 'CPMHead', 'MSPNHead', 'ViPNASHead', 'SimCCHead', 'RTMCCHead', 'RTMWHead'), 'out_channels'
    ),
    **dict.fromkeys(
        ('RegressionHead', 'RLEHead', 'DSNTHead', 'IntegralRegressionHead', 'TemporalRegressionHead'), 'num_joints'
    ),
    **dict.fromkeys(
        ('DEKRHead', 'CIDHead', 'RTMOHead', 'YOLOXPoseHead', 'AssociativeEmbeddingHead', 'EDPoseHead'), 'num_keypoints'
    ),
}
"""Heads of mmpose, with the argument that says how many keypoints they predict (`mmpose/models/heads`)."""


_LIFTING: Final = frozenset({'ImagePoseLifting', 'VideoPoseLifting'})
"""Codecs that may take the root out of what is predicted (`mmpose/codecs`)."""


class Predicted(NamedTuple):
    """What a head says: the argument, how many keypoints that means, and how one comes from the other."""

    item: Item
    keypoints: int
    maps: int = 1
    """How many maps there are for each keypoint."""
    removed: int = 0
    """How many keypoints are not predicted, since the others are told from there."""

    def value_for(self, keypoints: int) -> int:
        """Return what the argument has to be for some keypoints."""
        return (keypoints - self.removed) * self.maps


def predicted(head: Item) -> Predicted | None:
    """Return how many keypoints a head predicts, None if that is not known."""
    item = head.get(HEADS.get(head.type_name or '', ''))
    if item is None or not is_int(item.value):
        return None
    decoder = head.value.get('decoder')
    maps = 1
    if isinstance(decoder, dict) and type_name(decoder.get('type')) in _LIFTING and decoder.get('remove_root') is True:
        roots = decoder.get('root_index', 0)
        is_one = is_int(roots) or (isinstance(roots, (list, tuple)) and len(roots) == 1)
        return Predicted(item, item.value + 1, removed=1) if is_one else None
    if isinstance(decoder, dict) and type_name(decoder.get('type')) == 'UDPHeatmap':
        kind = decoder.get('heatmap_type', 'gaussian')
        if kind not in ('gaussian', 'combined'):
            return None
        maps = 3 if kind == 'combined' else 1  # a heatmap and two offsets for each keypoint
    return Predicted(item, item.value // maps, maps) if item.value % maps == 0 else None


def keypoint_counts(context: Context, loader: Section) -> Iterator[tuple[Item, int]]:
    """Yield where a dataloader says how many keypoints there are."""
    mixtures = [each for each in loader.datasets if is_wrapper(each) and each.value.get('metainfo') is not None]
    if mixtures:  # its datasets may have other keypoints than what they are converted to
        known, metainfo = class_name(mixtures[0].value, loader.scope), mixtures[0].get('metainfo')
        count = None if metainfo is None else _of_metainfo(context, metainfo.value)
        converted = {each.get('num_keypoints', count) for each in loader.plain_transforms if 'mapping' in each}
        is_mixture = known is not None and known.name == 'CombinedDataset' and converted <= {count}
        if count is not None and metainfo is not None and is_mixture:
            yield metainfo, count
        return
    if any(_may_convert(context, transform, loader.scope) for transform in loader.plain_transforms):
        return
    for leaf in loader.leaves:
        known, kind, metainfo = class_name(leaf.value, loader.scope), leaf.get('type'), leaf.get('metainfo')
        if known is None or kind is None or known.package != 'mmpose':
            continue
        count = _of_dataset(leaf, known.name)
        if metainfo is not None and metainfo.value is not None:
            count = _of_metainfo(context, metainfo.value)
        elif (copied := copied_dataset(context, leaf, loader.scope)) is not None:
            count = _of_class(context, copied)
        elif count is None and (own := own_dataset(context, leaf, loader.scope)) is not None:
            count = _of_class(context, own)
        if count is not None:
            yield kind if metainfo is None else metainfo, count


def _of_dataset(leaf: Item, name: str) -> int | None:
    """Return how many keypoints a dataset of mmpose has by itself, or in the subset that it is told."""
    facts = data_facts('mmpose')
    subsets = facts.keypoint_subsets.get(name)
    if subsets is None:
        return facts.keypoints.get(name)
    subset = leaf.value.get('subset', '')
    return facts.keypoints.get(subsets.get(subset, '')) if isinstance(subset, str) else None


def _may_convert(context: Context, transform: dict[Any, Any], scope: str) -> bool:
    """Tell whether a transform may give other keypoints: a converter, or what is not of a library."""
    kind = transform.get('type')
    if not isinstance(kind, str):
        return type_name(kind) is None or not str(getattr(kind, 'name', '')).startswith(('mmpose.', 'mmcv.'))
    found = installation_of(context).find(kind, 'TRANSFORMS', scope)
    return found is None or found.name.endswith('Converter')


def _of_metainfo(context: Context, metainfo: Any) -> int | None:
    if not isinstance(metainfo, dict):
        return None
    file = metainfo.get('from_file')
    if file is None:
        keypoints = metainfo.get('keypoint_info')
        return len(keypoints) if isinstance(keypoints, dict) else None
    return _of_file(context, file) if isinstance(file, str) else None


def _of_class(context: Context, own: OwnDataset) -> int | None:
    """Return how many keypoints a dataset of the user's own has, by its `METAINFO` or by the class that it inherits."""
    if own.metainfo is None:
        return None if own.may_change else data_facts('mmpose').keypoints.get(own.base.rpartition('.')[2])
    file = own.known_field('from_file')
    if isinstance(file, str):
        return None if own.may_change else _of_file(context, file)
    info = metainfo_of_class(context, own)
    return None if info is None else len(info.fields['keypoint_info'])


def _of_file(context: Context, file: str) -> int | None:
    """Return how many keypoints a file tells of: the user's own, or else mmpose's of that name."""
    path = context.libraries.own.named_file(file)
    if path is None:
        folder, _, name = file.rpartition('/')
        return data_facts('mmpose').keypoints.get(name) if folder == 'configs/_base_/datasets' else None
    try:
        return keypoint_count(tree_of(context.read(path).text)) if path else None
    except (ConfigError, SyntaxError, ValueError, RecursionError):
        return None


def keypoint_count(tree: ast.Module) -> int | None:
    """Return how many keypoints `dataset_info` has in a file, None if it is not written out."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == 'dataset_info':
            keypoints = _field(node.value, 'keypoint_info')
            if isinstance(keypoints, ast.Dict) and None not in keypoints.keys:
                return len({ast.unparse(key) for key in keypoints.keys if key is not None})
    return None


def _field(node: ast.expr, name: str) -> ast.expr | None:
    if isinstance(node, ast.Call):
        return next((each.value for each in node.keywords if each.arg == name), None)
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return next((value for key, value in pairs if isinstance(key, ast.Constant) and key.value == name), None)
    return None
