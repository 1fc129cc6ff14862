"""The whole mapping: what all concerns make of a config, in one tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.catalog.library_facts import library as facts_of
from cfglint.migrate.change import Change, Dict, Kept, Todo, Tree, merged, opened, todos_in, value_of, without_todos
from cfglint.migrate.mapping.data import data, helper_dataset
from cfglint.migrate.mapping.environment import environment
from cfglint.migrate.mapping.gans import wrappers
from cfglint.migrate.mapping.hooks import custom_hooks, hooks, pictures
from cfglint.migrate.mapping.leftovers import leftovers
from cfglint.migrate.mapping.loops import loops
from cfglint.migrate.mapping.metrics import evaluators
from cfglint.migrate.mapping.models import models
from cfglint.migrate.mapping.old import Old
from cfglint.migrate.mapping.optimizers import optimizers
from cfglint.migrate.mapping.pipelines import is_pipeline, pipeline
from cfglint.migrate.mapping.schedules import schedules
from cfglint.migrate.mapping.tta import tta

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cfglint.catalog.library_facts import Library
    from cfglint.migrate.items import Item

CONCERNS: tuple[Callable[[Old], Iterator[Change]], ...] = (
    models, data, evaluators, loops, optimizers, schedules, wrappers, hooks, custom_hooks, pictures, environment, tta,
)  # fmt: skip


CONSUMED = frozenset({'img_norm_cfg'})
"""Variables whose values are in the data preprocessor afterwards."""


class Mapped(NamedTuple):
    """What a 0.x config becomes.

    Attributes:
        trees: What each top-level key is.
        sources: For each top-level key that is written, the 0.x keys that it comes from.
        removed: The top-level keys that are gone.
        replaced: Those that are gone, and something else of the same name is there: `train_cfg`.
    """

    trees: dict[str, Tree]
    sources: dict[str, tuple[str, ...]]
    removed: frozenset[str]
    replaced: frozenset[str] = frozenset()

    def value(self) -> dict[str, Any]:
        """Return the 1.x config as plain values."""
        return {key: value_of(tree) for key, tree in self.trees.items()}

    def todos(self) -> list[tuple[str, str]]:
        """Return the open questions: dotted paths and reasons."""
        return [each for key, tree in self.trees.items() for each in todos_in(tree, key)]


class OddValues(ValueError):
    """Some values of a config are none that mmcv takes."""


def _changes_of(old: Old) -> Iterator[Change]:
    for concern in CONCERNS:
        try:
            yield from concern(old)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            name = concern.__name__.strip('_').replace('_', ' ')
            raise OddValues(f'what it says of {name} is nothing that mmcv takes ({error!s:.60})') from None


def map_config(table: dict[str, Any], library: Library, releases: tuple[str, ...] = ()) -> Mapped:
    """Return what a resolved 0.x config of a library becomes.

    Args:
        table: The config.
        library: The facts of the library.
        releases: The releases of 1.x to write for, such as `mmdet==3.3.0`; the newest where none is given.

    Raises:
        OddValues: Some of its values are none that mmcv takes.
    """
    library = library.for_types(_types(table)) if library.variants else library
    old = Old(table, library)
    changes = list(_changes_of(old))
    removed = frozenset(key for change in changes for key in change.removed)
    trees: dict[str, Tree] = {}
    sources: dict[str, tuple[str, ...]] = {}
    if any(change.writes.keys() & {'model', 'data_preprocessor', 'train_dataloader'} for change in changes):
        removed |= CONSUMED & old.value.keys()
    for key, item in old.fields().items():
        if key not in removed:
            reason = _question(library, key, item)
            trees[key] = _helper(old, key, item) if reason is None else Todo(reason, item)
    for change in changes:
        for path, tree in change.writes.items():
            key, _, rest = path.partition('.')
            for name in reversed(rest.split('.') if rest else ()):
                tree = Dict({name: tree})
            fresh = key not in sources
            trees[key] = tree if fresh else merged(trees[key], tree)
            sources[key] = tuple(dict.fromkeys((*sources.get(key, ()), *change.reads)))
    replaced = frozenset(key for key in removed & trees.keys() if key not in sources.get(key, ()))
    return Mapped(_with_questions(trees, library, releases), sources, removed - trees.keys(), replaced)


def _question(library: Library, key: str, item: Item) -> str | None:
    """Return why a person has to decide about a top-level key: of the library, or of those that are built around models."""
    reason = library.questions.get(key)
    if reason is None and item.type:
        reason = facts_of('mmengine').questions.get(key)
    return reason


def _types(value: Any) -> frozenset[str]:
    """Return the types that a config names anywhere."""
    found: set[str] = set()
    rest = [value]
    while rest:
        each = rest.pop()
        if isinstance(each, dict):
            if isinstance(each.get('type'), str):
                found.add(each['type'])
            rest += each.values()
        elif isinstance(each, (list, tuple)):
            rest += each
    return frozenset(found)


def _with_questions(trees: dict[str, Tree], library: Library, releases: tuple[str, ...]) -> dict[str, Tree]:
    """Mark what no concern has taken care of; a config that 1.x has nothing for is one question."""
    model = value_of(trees['model']) if 'model' in trees else None
    kind = model.get('type') if isinstance(model, dict) else None
    reason = library.unreleased or library.unsupported.get(kind if isinstance(kind, str) else '')
    if reason is not None and isinstance(model, dict) and kind is not None:
        plain = {key: without_todos(tree) for key, tree in trees.items()}
        whole = opened(plain['model'])
        return {**plain, 'model': whole._replace(todos=(reason,)) if isinstance(whole, Dict) else whole}
    found = leftovers(library.library, library.scope, releases=releases)
    if not found.knows:
        return trees
    return {key: found.marked(tree) if _has_components(key) else tree for key, tree in trees.items()}


def _has_components(key: str) -> bool:
    return key in ('model', 'custom_hooks', 'data_preprocessor', 'param_scheduler', 'optim_wrapper') or key.endswith(
        ('_dataloader', '_pipeline', '_evaluator', 'pipeline', 'dataset')
    )


def _helper(old: Old, key: str, item: Item) -> Tree:
    """Return what a variable becomes: one that holds a pipeline or a dataset is migrated as such."""
    if 'pipeline' in key and is_pipeline(item):
        return pipeline(old, item)
    found = helper_dataset(old, key, item)
    return Kept(item) if found is None else found
