"""What the sources of a library say about the parts of its models, as far as rules ask: a file a library, beside the catalogs.

They stand under `model` in `data/libraries/LIB.json`, where LIB is the package, which is the scope of its registries.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 (the schema is read from the annotations)
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from cfglint.catalog.library_file import library_file
from cfglint.catalog.schema import build


class WeightedLoss(NamedTuple):
    """Heads whose classification loss takes a weight for each class."""

    losses: tuple[str, ...]
    """The types of losses, without scope, that compare the number of weights with that of outputs."""
    parts: tuple[str, ...]
    """The arguments of the head that hold the loss."""
    heads: tuple[str, ...] = ()
    """The types of the heads; empty: all others of the library that have `classes`."""
    classes: tuple[str, ...] = ('num_classes',)
    """The arguments that add up to the number of classes; the first that is there has to be an int."""
    background: str = 'never'
    """Whether there is one output more, for no object: `always`, `softmax` (not with `use_sigmoid`) or `never`."""
    sigmoid_refused: bool = False
    """Whether `use_sigmoid` takes no list of weights: they would be spread over the columns of the picture."""
    refused: str = ''
    """What is raised where the head takes a number for all classes alone, no list."""
    error: str = 'RuntimeError: weight tensor should be defined either for all classes or no classes'
    """What is raised where there are too few weights."""


class SoftmaxLosses(NamedTuple):
    """Losses that compare classes with each other, so that one output alone is always right."""

    losses: tuple[str, ...]
    parts: tuple[str, ...]
    outputs: tuple[str, ...] = ('num_classes',)
    """The arguments of the head that give the number of outputs: the first that is given counts."""
    bases: tuple[str, ...] = ()
    """The classes of which one has to be a base of the head."""


class TopK(NamedTuple):
    """What takes the k best of all classes."""

    argument: str = 'topk'
    """The dotted argument with one or more k."""
    default: tuple[int, ...] = (1,)
    error: str = ''
    """What is raised where there are not as many classes; empty: nothing is, the result is always 1."""
    listed: str = ''
    """The argument of a metric that lists what it computes, which `argument` has options for."""
    when: str = ''
    """The argument that has to be true for it to count at all."""
    below: bool = False
    """Whether k has to be less than the number of classes."""
    bases: tuple[str, ...] = ()
    """For heads: the classes of which one has to be a base."""


class Panoptic(NamedTuple):
    """The parts of a panoptic model that have to agree on how many things and how many stuff there are."""

    fusion: str
    heads: tuple[str, ...]
    defaults: Mapping[str, int]
    """Argument → what each of these parts takes if it is not given."""


class Agreement(NamedTuple):
    """Settings of a part and of what is inside of it that have to be the same."""

    settings: tuple[str, ...]
    """Dotted arguments; those that are not given are not asked for."""
    error: str = ''
    """What is raised where they differ; empty: nothing is, the results are wrong."""


class Need(NamedTuple):
    """What a value of a part's setting needs beside it."""

    setting: str
    value: str
    needs: tuple[str, ...]
    """Settings that have to be given, too."""
    error: str
    """What is raised without them."""


class Stated(NamedTuple):
    """What a class demands of its arguments, elsewhere than in its constructor: see `cfglint.catalog.conditions`."""

    text: str
    raises: str
    """What is raised where it does not hold; empty: nothing is, the results are wrong."""
    when: str = ''
    exact: bool = False
    """Whether it does not hold for the classes that inherit it."""


class Shape(NamedTuple):
    """How many dimensions, with that of the batch, what a part of a model takes and puts out has."""

    takes: int = 0
    """Of what it is handed; 0: not known, or any."""
    gives: int = 0
    """Of what it hands on; of a model, what it hands to its backbone."""
    by: str = ''
    """The argument that decides what it hands on, instead of `gives`."""
    values: Mapping[str, int] = MappingProxyType({})
    """Its values, as text → how many dimensions."""
    when: Mapping[str, str] = MappingProxyType({})
    """Argument → the value, as text, with which alone it takes what `takes` says."""


class FixedSize(NamedTuple):
    """Where a backbone says the size of the pictures that it takes."""

    argument: str
    error: str
    """What is raised for others."""


class Outputs(NamedTuple):
    """How many channels the outputs of a backbone have; found by `tools/build_outputs.py`."""

    channels: Mapping[str, tuple[int, ...]]
    """The arguments that decide them, as `cfglint.rules.facts.backbones` writes them → the channels of each output."""
    default: tuple[int, ...] | None = None
    """The outputs that are given without `out_indices`; none where they cannot be chosen."""


class ModelFacts(NamedTuple):
    """What is known of the parts of a library's models."""

    weighted_losses: tuple[WeightedLoss, ...] = ()
    softmax_losses: SoftmaxLosses | None = None
    dataset_classes: Mapping[str, int] = MappingProxyType({})
    """Dataset → how many classes it has without `metainfo`.

    Found by `tools/build_stock_facts.py`, except for those of mmyolo and mmrotate.
    """
    class_switches: Mapping[str, str] = MappingProxyType({})
    """Dataset → the argument that makes it take other classes than `dataset_classes` says."""
    counting_losses: tuple[str, ...] = ()
    """Losses that have a `num_classes` of their own, which has to be that of the head."""
    top_k_metrics: Mapping[str, TopK] = MappingProxyType({})
    top_k_heads: tuple[TopK, ...] = ()
    panoptic: Panoptic | None = None
    assigners: tuple[str, ...] = ()
    """The fields of `train_cfg` whose `num_classes` has to be that of the head."""
    image_preprocessors: tuple[str, ...] = ()
    """Data preprocessors that subtract `mean` from pictures as they are, channel by channel."""
    default_preprocessors: Mapping[str, str] = MappingProxyType({})
    """Type of the model → the type of its preprocessor, where the config gives none."""
    backbone_outputs: Mapping[str, Outputs] = MappingProxyType({})
    """Backbone → how many channels it puts out."""
    whole_checkpoints: tuple[str, ...] = ()
    """Patterns of addresses of files that hold a whole model, whose keys begin with the name of the part."""
    published_parts: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType({})
    """How the names of published weights begin, a pattern → the parts that their model has → the types; empty: any."""
    classless_datasets: Mapping[str, str] = MappingProxyType({})
    """Dataset that has no classes or keypoints by itself → the field of its metainfo that is then looked for in vain."""
    typeless_parts: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    """Class → argument → the class that gets the argument whole, as `Class(**argument)`: there is no `type` in it.

    Found by `tools/build_typeless_parts.py`.
    """
    operators: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType({})
    """Setting that names an operator of mmcv in its `type` → the operators → the arguments that they take from there."""
    typed_parts: tuple[str, ...] = ()
    """Arguments of the parts of a model that are built from a registry, by what the library's own configs give them."""
    neck_levels: Mapping[str, str] = MappingProxyType({})
    """Class of necks → the argument that has a value for each level that they put out, or says how many there are."""
    level_lists: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """Class of dense heads → the dotted arguments that have an item for each level of features."""
    part_values: Mapping[str, Mapping[str, tuple[int | str, ...]]] = MappingProxyType({})
    """Class of a part → its dotted setting → the values that are taken, if it is a text or a number."""
    needs: Mapping[str, tuple[Need, ...]] = MappingProxyType({})
    """Class of a part → what its settings need."""
    conditions: Mapping[str, tuple[Stated, ...]] = MappingProxyType({})
    """Class → what it demands; `tools/build_conditions.py` writes it beside what constructors do."""
    heatmap_inputs: Mapping[str, str] = MappingProxyType({})
    """Class of networks that may get heatmaps → its dotted setting with their number."""
    bev_encoders: Mapping[str, str] = MappingProxyType({})
    """Class that makes a bird's eye view → whether of `pillars`, or of `voxels` whose height it puts into channels."""
    depths: Mapping[str, Mapping[str, int]] = MappingProxyType({})
    """Class of transformers whose layers are alike → its `arch` → how many layers; empty where `num_layers` tells."""
    cut_levels: tuple[str, ...] = ()
    """Classes of dense heads that pass over the levels for which their lists have no item."""
    agreements: Mapping[str, tuple[Agreement, ...]] = MappingProxyType({})
    """Class of a part → the settings that have to agree in it."""
    settings: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """Argument without `type`, below which all is read key by key → the keys that the library's own configs have there.

    Found by `tools/build_settings.py`, as are `settings_read`.
    """
    settings_read: frozenset[str] = frozenset()
    """The keys that the sources look up in what is named like a setting."""
    shapes: Mapping[str, Shape] = MappingProxyType({})
    """Class of a model whose backbone, neck and head hand on features one to another, or of such a part → its dimensions."""
    fixed_sizes: Mapping[str, FixedSize] = MappingProxyType({})
    """Backbone that takes pictures of one size alone → where it says which."""
    queues: Mapping[str, str] = MappingProxyType({})
    """Class of models with a queue that is filled batch by batch → the argument with its length, a multiple of the batch."""
    own_loading: tuple[str, ...] = ()
    """Backbones that read `init_cfg.checkpoint` themselves, without regard to `prefix`."""


@cache
def model_facts(package: str) -> ModelFacts:
    """Return the facts of a package; none for one that is not known.

    Raises:
        ValueError: The file does not follow the schema.
    """
    return build(ModelFacts, library_file(package).get('model', {}), f'{package}.json')
