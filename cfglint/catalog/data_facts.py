"""What the sources of a library say about its datasets, transforms, metrics and hooks, as far as rules ask.

They stand under `data` in `data/libraries/LIB.json`, where LIB is the package, which is the scope of its registries.
`choices`, `keypoints`, `prefix_dicts` and `prefix_keys` are found by `tools/build_stock_facts.py`.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 (the schema is read from the annotations)
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from cfglint.catalog.library_file import library_file
from cfglint.catalog.schema import build

NOTHING: Mapping[str, str] = MappingProxyType({})


class Formatting(NamedTuple):
    """What a metric needs to write its results to files instead of evaluating them (`format_only`)."""

    argument: str
    """The argument that has to be given, too."""
    error: str
    """What is raised without it."""


class SharedSetting(NamedTuple):
    """An argument of a transform that has to be the same as a setting of the model."""

    argument: str
    """The dotted argument of the transform."""
    setting: str
    """The dotted setting of the model."""
    models: tuple[str, ...]
    """The classes of which the model has to be or inherit one."""
    values: tuple[str, ...] = ()
    """Where it counts for some values only: these."""
    multiple_unless: str = ''
    """The switch of the transform without which a multiple of the setting is right, too; with it, nothing is known."""


class LayerDecay(NamedTuple):
    """How a constructor of optimizer wrappers is told by how much the rate shrinks from layer to layer."""

    rate: str
    """The key of `paramwise_cfg` with the factor."""
    layers: str = ''
    """The key with the number of layers; empty if it asks the backbone."""


class Step(NamedTuple):
    """What a transform looks for in a sample, and what it puts there, as far as only transforms do."""

    needs: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    switch: str = ''
    """The argument with which, if it is False, it makes nothing."""


class Packer(NamedTuple):
    """What has to be in a sample when a transform packs it."""

    learns: tuple[str, ...] = ()
    """In training, one of these."""
    after: Mapping[str, str] = NOTHING
    """What is there → what has to be there, too."""


class Kept(NamedTuple):
    """What a transform that packs samples has to keep of them, for a model or a metric."""

    keys: tuple[str, ...]
    argument: str = 'meta_keys'
    """The argument of the packer that names what it keeps."""
    defaults: tuple[str, ...] = ()
    """What it keeps where that is not given, if its signature does not say so."""
    stages: tuple[str, ...] = ('val', 'test')
    parts: tuple[str, ...] = ()
    """Where the part of the model that looks for it may stand, below `model`; empty: the model itself."""
    classes: tuple[str, ...] = ()
    """The classes of which that part has to be or inherit one."""
    exempt: tuple[str, ...] = ()
    """Types that inherit one, and do not look for it."""
    metric: str = ''
    """Instead of a part of the model, the metric that looks for it."""
    unless: str = ''
    """The argument of the metric with which it does not."""
    step: str = ''
    """The transform with which it counts at all."""
    error: str = ''
    """What is raised without it; empty: nothing is, the results are wrong."""


class MetricDatasets(NamedTuple):
    """The datasets that a metric can judge."""

    bases: tuple[str, ...] = ()
    """The classes of which a dataset has to be or inherit one."""
    exempt: tuple[str, ...] = ()
    """Without `bases`: the classes of which a dataset must not be or inherit one."""
    instead: str = ''
    """The metric for the others, if there is one."""
    error: str = ''
    """What is raised for others; empty: nothing is, the results are wrong."""


class PrefixKeys(NamedTuple):
    """The keys of `data_prefix` that a dataset reads."""

    needs: tuple[str, ...] = ()
    """Those without which it fails."""
    takes: tuple[str, ...] = ()
    """Others."""


class Task(NamedTuple):
    """What a kind of models is for."""

    models: tuple[str, ...]
    """The classes of which the model has to be or inherit one; the first task that fits counts."""
    packers: tuple[str, ...] = ()
    """Transforms that pack samples for it."""
    metrics: tuple[str, ...] = ()
    """Metrics that judge what it predicts."""
    error: str = ''
    """What these metrics raise for models of other tasks; empty where that is not known."""


class RunSetting(NamedTuple):
    """A number that two sections of a run have to have in common, of some types."""

    kind: str
    """Where the type stands, as a dotted key."""
    types: tuple[str, ...]
    setting: str
    other: str


class DataFacts(NamedTuple):
    """What is known of the datasets, transforms, metrics and hooks of a library."""

    mixing_transforms: tuple[str, ...] = ()
    """Transforms that need the pictures which the wrapper puts into `mix_results`."""
    mixing_wrapper: str = ''
    """The dataset that does it for the transforms of its own pipeline."""
    switch_hooks: Mapping[str, str] = NOTHING
    """Hook → what it changes of the outermost dataset: its `pipeline`, what a wrapper skips (`mixing`), or the `pipeline` of
    its config, of which it is `rebuilt`."""
    formatting: Mapping[str, Formatting] = MappingProxyType({})
    dataset_evaluators: Mapping[str, str] = NOTHING
    """Evaluators that judge each dataset of a concatenation → whether by `each` its own metric, or by `all`."""
    intervals: Mapping[str, str] = NOTHING
    """Hook → what it raises with `interval=0`; empty where it then never acts."""
    graphs: tuple[str, ...] = ()
    """Backbones with a graph of joints, `graph_cfg`."""
    layouts: Mapping[str, int] = MappingProxyType({})
    """Layout of a skeleton → its number of joints."""
    features: Mapping[str, str] = NOTHING
    """Transform that makes features of a skeleton, its `dataset` → the layout by default."""
    staged: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """Backbone → what `stage_with_…` switches on in some of its stages."""
    architectures: Mapping[str, Mapping[str, tuple[int | str, ...]]] = MappingProxyType({})
    """Backbone → its `depth` or `arch` → the values that it knows."""
    choices: Mapping[str, Mapping[str, tuple[int | str | None, ...]]] = MappingProxyType({})
    """Metric → its argument → the values that it may have, or that may stand in the list that it is."""
    keypoints: Mapping[str, int] = MappingProxyType({})
    """Dataset, or file that `metainfo` may name as `from_file` → how many keypoints it has."""
    keypoint_subsets: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    """Dataset that has other keypoints for each `subset` → the subset → the name of the file with them, as in `keypoints`."""
    prefix_dicts: frozenset[str] = frozenset()
    """Datasets whose `data_prefix` must be a dict."""
    prefix_keys: Mapping[str, PrefixKeys] = MappingProxyType({})
    """Dataset → which keys of `data_prefix` it reads."""
    strides: Mapping[str, int] = MappingProxyType({})
    """Backbone → by how much its last output is smaller than the picture, by default."""
    patches: Mapping[str, int] = MappingProxyType({})
    """Transformer that puts out a map of features (`out_type='featmap'`) → its `patch_size` by default."""
    last_outputs: Mapping[str, int] = MappingProxyType({})
    """Backbone → the number of its last stage in `out_indices`; each before it is twice as large."""

    validation_loops: tuple[str, ...] = ()
    """Loops that publish the results of all their evaluators, as `ValLoop` does."""
    shared_settings: Mapping[str, SharedSetting] = MappingProxyType({})
    """Transform → what it has to have in common with the model."""
    unread: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    """Dataset → transform that looks for a key in its samples → the key, which they do not have."""
    layer_decays: Mapping[str, LayerDecay] = MappingProxyType({})
    """Constructor of optimizer wrappers → how it makes the rate of a layer."""
    class_counts: frozenset[str] = frozenset()
    """Heads, datasets and metrics that count classes by a `num_classes` of their own, with the background."""
    heatmaps: frozenset[str] = frozenset()
    """Transforms that make heatmaps of poses, which are what the network gets."""
    run_settings: tuple[RunSetting, ...] = ()
    steps: Mapping[str, Step] = MappingProxyType({})
    """Transform → what it needs and makes."""
    packers: Mapping[str, Packer] = MappingProxyType({})
    """Transform that ends a pipeline → what it needs."""
    data_modes: Mapping[str, str] = NOTHING
    """Model → the `data_mode` that its datasets have to have."""
    given_keys: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """Dataset → what its samples have of that which else transforms make."""
    moving_transforms: frozenset[str] = frozenset()
    """Transforms that move what is in a picture, with the annotations that are there."""
    judges_packed: Mapping[str, str] = NOTHING
    """Metric that reads what the pipeline has loaded and packed → what that is."""
    tasks: tuple[Task, ...] = ()
    """Kinds of models that need packers and metrics of their own."""
    overlaps: Mapping[str, str] = NOTHING
    """What computes overlaps of boxes of the annotations → the type of boxes that these have to be."""
    collates: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """Function that joins samples to a batch in its own way → the preprocessors for it, which take no other."""
    point_encoders: frozenset[str] = frozenset()
    """Encoders of voxels whose `in_channels` is the number of values that a point has."""
    made_targets: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """Codec of poses → the targets of training that it makes."""
    learned_targets: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """Head for poses that predicts with a `decoder` → the targets that it learns from."""
    sizing: Mapping[str, str] = NOTHING
    """Transform that gives pictures a size → its argument with it, one number or two; not with `keep_ratio`."""
    keeps_size: frozenset[str] = frozenset()
    """Transforms that leave pictures as large as they are."""
    kept: Mapping[str, tuple[Kept, ...]] = MappingProxyType({})
    """Transform that packs samples → what it has to keep of them."""
    unscaled: frozenset[str] = frozenset()
    """Transforms that put no `scale_factor` into a sample."""
    metric_datasets: Mapping[str, MetricDatasets] = MappingProxyType({})
    """Metric → the datasets that it can judge."""
    classes_arguments: Mapping[str, str] = NOTHING
    """Transform → its dotted argument that names all classes of the dataset, in their order."""


@cache
def data_facts(package: str) -> DataFacts:
    """Return the facts of a package; none for one that is not known.

    Raises:
        ValueError: The file does not follow the schema.
    """
    return build(DataFacts, library_file(package).get('data', {}), f'{package}.json')
