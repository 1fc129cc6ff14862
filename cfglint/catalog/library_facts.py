"""What is to know about each library of 0.x to migrate its configs: one file a library, beside the catalogs.

Raises:
    ValueError: The file of a library does not follow the schema.
"""

from __future__ import annotations

from collections.abc import Mapping, Set  # noqa: TC003 (the schema is read from the annotations)
from functools import cache
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from cfglint.catalog.library_file import library_file, library_names
from cfglint.catalog.schema import build

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})

OF_RULES: Final = frozenset({'data', 'model'})
"""What the files say for rules; see `cfglint.catalog.model_facts` and `data_facts`."""


class Metric(NamedTuple):
    """A metric of 1.x, and what of 0.x asks for it."""

    type: str
    datasets: frozenset[str] = frozenset()
    """The 0.x types of datasets that it is for, an empty one where none is named; empty: of any."""
    measures: frozenset[str] = frozenset()
    """What `evaluation.metric` asks of it; empty: anything."""
    names: str | None = None
    """Its argument that says what to measure; none if it measures one thing."""
    as_list: bool = False
    """Whether that argument is always a list."""
    as_tuple: bool = False
    """Whether it is a tuple, where it is no name."""
    options: str | None = None
    """Its argument that takes `metric_options` as they are."""
    defaults: Mapping[str, Any] = NOTHING
    """Arguments of `evaluation` that need not be written, as it does so anyway."""
    default: Any = None
    """What 0.x measures where the config does not say."""
    renamed: Mapping[str, str] = NOTHING
    """What is measured under another name now."""
    prefix: str | None = None
    """What stands before the slash in the names that it reports."""
    keys: Mapping[str, str] = NOTHING
    """New names of the values that it reports."""
    dataset: Mapping[str, str] = NOTHING
    """Its arguments that are taken from the 0.x dataset, with the dotted path there."""
    fixed: Mapping[str, Any] = NOTHING
    """Arguments that 0.x did by default."""
    arguments: Mapping[str, str] = NOTHING
    """Arguments of `evaluation` under other names; empty: dropped."""


Role = Literal['packs', 'formats', 'normalizes', 'pads', 'tests', 'model']
"""What a packing transform, the data preprocessor (`normalizes`, `pads`), `tta_pipeline` (`tests`) or the model does now."""


class Component(NamedTuple):
    """What became of a component of 0.x."""

    type: str | None = None
    """Its new name; none if it has the old one."""
    arguments: Mapping[str, str | None] = NOTHING
    """New names of its arguments; null: the argument is gone and was without effect."""
    write: Mapping[str, Any] = NOTHING
    """Arguments whose default changed: what 0.x did where they are not given."""
    values: Mapping[str, Mapping[str, Any]] = NOTHING
    """New values of its arguments, by those that they replace: names that are not known any more."""
    swap: tuple[str, ...] = ()
    """Arguments (by their old names) that are pairs in the other order now: (h, w) became (w, h)."""
    pairs: Mapping[str, tuple[str, str]] = NOTHING
    """New arguments that are a pair of two old ones."""
    role: Role | None = None
    """What it did in a pipeline, or with a model, where something else does that now."""
    todo: str | None = None
    """What a person has to do, in the imperative: it is left as it is."""
    argument_todos: Mapping[str, str] = NOTHING
    """What a person has to do about an argument, in the imperative."""


class Dataset(NamedTuple):
    """What became of a dataset of 0.x."""

    type: str | None = None
    prefixes: Mapping[str, str] = NOTHING
    """Its arguments that became a field of `data_prefix`."""
    write: Mapping[str, Any] = NOTHING
    """Arguments that 0.x did without: what it did by itself."""
    todo: str | None = None


class GenerativeMetric(NamedTuple):
    """A metric of what a GAN generates."""

    type: str
    prefix: str
    key: str
    """The name of its value."""
    greater: bool = False
    """Whether more of it is better."""
    arguments: Mapping[str, str | None] = NOTHING
    """New names of its arguments; null: gone."""


class GanModel(NamedTuple):
    """The model that a generator of 0.x belongs to."""

    type: str
    loss: str
    """The `gan_type` of the loss that is built in."""


class Preprocessor(NamedTuple):
    """What normalizes and pads batches."""

    type: str | None = None
    in_model: bool = True
    """Whether it is written into the model, or at the top level."""
    rgb: str = 'bgr_to_rgb'
    swap: str = 'to_rgb'
    """The argument of `Normalize` that swaps channels."""
    swap_by_default: bool = True
    factor: float = 1
    """By which mean and std grew: 255 where 0.x normalized images between 0 and 1."""
    write: Mapping[str, Any] = NOTHING


class Datasets(NamedTuple):
    """How the arguments of datasets changed."""

    prefixes: Mapping[str, str] = NOTHING
    """Arguments that became a field of `data_prefix`."""
    metainfo: tuple[str, ...] = ()
    """Arguments that became fields of `metainfo`."""
    filters: tuple[str, ...] = ()
    """Arguments that became fields of `filter_cfg`."""
    filter_defaults: Mapping[str, Any] = NOTHING
    """What 0.x filtered of a training set where the config does not say."""
    filtered: frozenset[str] = frozenset()
    """The datasets for which that holds."""
    renamed: Mapping[str, str | None] = NOTHING
    """New names of arguments; null: gone and without effect."""
    todos: Mapping[str, str] = NOTHING
    """Arguments for which a person has to decide."""
    types: Mapping[str, Dataset] = NOTHING


class Batches(NamedTuple):
    """What the training script of 0.x did where `data` does not say."""

    val: int | None = 1
    """The batch size of validation; null: that of training."""
    test: int | None = 1
    train_size: int = 2
    workers: int = 2
    drop_last: bool | None = None


class Renamed(NamedTuple):
    """What a library of 1.x is called now."""

    scope: str
    since: str = ''
    """The release of that library which took it over."""
    last_before: Mapping[str, str] = NOTHING
    """The last releases of other libraries whose configs import the old one, not the one that took it over."""
    components: Mapping[str, Component] = NOTHING
    """Its components that have other names or arguments, by the type in the older release of 1.x."""


class Variant(NamedTuple):
    """What is different in some configs of a library: those of another task."""

    marks: frozenset[str]
    """The types that such configs name."""
    facts: Mapping[str, Any]
    """The fields of the library that are others."""


class Library(NamedTuple):
    """The facts of a library of 0.x."""

    library: str
    scope: str
    """The default scope of its configs in 1.x."""
    successor: str
    """The distribution that holds it in 1.x."""
    since: str = ''
    """The first release of that with MMEngine."""
    marks: tuple[str, ...] = ()
    """Datasets and whole models that only this library of 0.x had: they tell of which library a config is."""
    dataset_marks: tuple[str, ...] = ()
    """Arguments of datasets that tell the same."""
    key_marks: tuple[str, ...] = ()
    """Top-level keys that tell the same, where nothing else does."""
    script_marks: tuple[str, ...] = ()
    """Top-level keys that only its script reads: they tell even where all else is of another library."""
    packer: str | None = None
    packs_keys: bool = False
    """Whether the packer is told what to pack."""
    packs_meta: bool = True
    """Whether the packer still knows what `meta_keys` named."""
    keys: Mapping[str, str] = NOTHING
    """New names of what transforms hand on (`key`, `keys`, `meta_keys`)."""
    visualizer: str = 'Visualizer'
    names_visualizer: bool = True
    visualizer_arguments: Mapping[str, Any] = NOTHING
    """What its visualizer has to be told."""
    hooks: Mapping[str, Any] = NOTHING
    """What it adds to `default_hooks`."""
    log_window: int = 50
    evaluator: str = 'Evaluator'
    generative_metrics: Mapping[str, GenerativeMetric] = NOTHING
    gan_models: Mapping[str, GanModel] = NOTHING
    """By the type of the generator."""
    picture_hook: str = 'VisualizationHook'
    timer_hook: str = 'IterTimerHook'
    vis_backend: str = 'LocalVisBackend'
    loops: tuple[Any, Any] = ({'type': 'ValLoop'}, {'type': 'TestLoop'})
    multi_optimizer_constructor: str = 'MultiOptimWrapperConstructor'
    constructors: Mapping[str, str] = NOTHING
    hook_types: Mapping[str, Component] = NOTHING
    """Hooks, by their 0.x type; those of all libraries stand with MMEngine, since their names differ."""
    metrics: tuple[Metric, ...] = ()
    metric_keys: Mapping[str, str] = NOTHING
    """What `save_best` names, under its new name with a prefix."""
    preprocessor: Preprocessor = Preprocessor()
    datasets: Datasets = Datasets()
    batches: Batches = Batches()
    aspect_ratio_batches: bool = False
    transforms: Mapping[str, Component] = NOTHING
    components: Mapping[str, Component] = NOTHING
    """Parts of models, losses, assigners, hooks…, by their 0.x type."""
    renamed: Renamed | None = None
    """Its new name within 1.x."""
    unsupported: Mapping[str, str] = NOTHING
    """Models that no library of 1.x has, and what to do: all else that is left of such a config is no question."""
    notes: tuple[str, ...] = ()
    """What is to be done beside the configs, once: data that are to be converted."""
    unreleased: str | None = None
    """What to do about configs of a library that has no release of 1.x."""
    questions: Mapping[str, str] = NOTHING
    """Top-level keys for which a person has to decide."""
    modules: Mapping[str, str] = NOTHING
    """New names of modules that configs import."""
    scopes: Mapping[str, str] = NOTHING
    """New names of the scopes in types of other libraries."""
    pretrained_in_model: bool = False
    """Whether its models still take `pretrained`."""
    tta_model: str | None = None
    by_iteration: bool = False
    """Whether it trains by iterations: assumed of parts of configs that do not say."""
    rounds_up: bool = True
    """Whether the last batch of what is evaluated is filled up on several devices."""
    variants: tuple[Variant, ...] = ()
    """What is different in configs of other tasks; the first that fits counts."""
    test_annotations: tuple[Mapping[str, Any], ...] = ()
    """The steps that load the annotations of a test set, after resizing."""

    def for_types(self, types: Set[str]) -> Library:
        """Return the facts for a config that names some types."""
        for index, variant in enumerate(self.variants):
            if not variant.marks.isdisjoint(types):
                return _variant(self.library, self.successor, index)
        return self

    def role(self, name: str) -> Role | None:
        """Return what a transform of 0.x did that something else does now."""
        found = (each.transforms.get(name) for each in (self, library('mmengine')))
        return next((each.role for each in found if each is not None and each.role is not None), None)

    def hook(self, name: str) -> Component | None:
        """Return what became of a hook of 0.x."""
        return self.hook_types.get(name) or library('mmengine').hook_types.get(name)

    def metric(self, dataset: str, names: list[str]) -> Metric | None:
        """Return the metric for what is measured on a dataset; none if there is none of the kind."""
        for metric in self.metrics:
            fits = not metric.datasets or dataset in metric.datasets
            if fits and (
                not metric.measures
                or (names and metric.measures.issuperset(names))
                or (not names and metric.default is not None)
            ):
                return metric
        return None

    def groups(self, dataset: str, names: list[str]) -> list[list[str]]:
        """Return the names of what is measured on a dataset, those of one metric together."""
        found: dict[int, list[str]] = {}
        for name in names:
            found.setdefault(id(self.metric(dataset, [name])), []).append(name)
        return list(found.values()) or [[]]


@cache
def library(name: str, successor: str | None = None) -> Library:
    """Return the facts of a library; those of MMEngine itself for one that is not known.

    Args:
        name: The library of 0.x.
        successor: The library of 1.x to migrate to, where there are several; the newest if not given.
    """
    facts = {key: value for key, value in library_file(name).items() if key not in OF_RULES}
    if 'library' not in facts:
        return Library(library=name, scope=name, successor=name)
    others = facts.pop('successors', {})
    return build(Library, facts | others.get(successor, {}), f'{name}.json')


def successors(name: str) -> list[str]:
    """Return the older libraries of 1.x that a library of 0.x became, besides the newest."""
    return list(library_file(name).get('successors', ()))


@cache
def _variant(name: str, successor: str, index: int) -> Library:
    facts = library(name, successor)
    given = facts.variants[index].facts
    built = build(Library, {'library': name, 'scope': facts.scope, 'successor': successor, **given}, f'{name}.json')
    return facts._replace(**{field: getattr(built, field) for field in given})


def known() -> list[str]:
    """Return the names of the libraries of 0.x that have a file."""
    return [name for name in library_names() if 'library' in library_file(name)]
