"""What one component of 0.x becomes by itself, as `cfglint migrate` writes it: for what is left of 0.x in a 1.x config."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.catalog.library_facts import library
from cfglint.language.values import Table
from cfglint.migrate.change import Dict, Kept, Todo, Tree, opened
from cfglint.migrate.layout import text_of
from cfglint.migrate.mapping import datasets, hooks, models, pipelines, pose_data
from cfglint.migrate.mapping.old import Old
from cfglint.migrate.mapping.transforms import component
from cfglint.migrate.render import Renderer
from cfglint.migrate.text import Text
from cfglint.migrate.writing import names_in

if TYPE_CHECKING:
    from cfglint.language.config import Config
    from cfglint.migrate.items import Item


def part(item: Item, owner: str, table: str) -> Dict | None:
    """Return what a component becomes; none if nothing takes its place, or what does depends on the rest of a config.

    Args:
        item: The dict.
        owner: The library of 0.x that it is of.
        table: Where the library's file has it: `transforms`, `datasets`, `components`, `hook_types` or `renamed`.
    """
    try:
        tree = _part(Old(Table({}), library(owner)), item, table)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return None  # values of kinds that 0.x did not take: nothing is known of what they mean
    tree = None if tree is None else opened(tree)
    return tree if isinstance(tree, Dict) else None


def _part(old: Old, item: Item, table: str) -> Tree | None:
    match table:
        case 'transforms' if (old.library.library, item.type) not in pose_data.TRANSFORMS:
            steps = pipelines.steps_of(old, [item])
            return steps[0] if len(steps) == 1 else None
        case 'datasets':
            return datasets.dataset(old, item, 'train')
        case 'components':
            return models.renamed(old, item)
        case 'hook_types':
            return hooks.hook(old, item)
        case 'renamed' if old.library.renamed is not None:
            return component(item, old.library.renamed.components.get(item.type))
    return None


def new_fields(tree: Dict, item: Item) -> dict[str, Tree]:
    """Return the fields of what a component becomes that it does not have already."""
    before = item.fields()
    return {
        name: each
        for name, each in tree.items.items()
        if not (isinstance(each, Kept) and name in before and before[name].value is each.item.value)
    }


def mentions(tree: Tree, item: Item) -> bool:
    """Tell whether a tree holds an item, or was computed from it."""
    match tree:
        case Kept(each) | Todo(_, each):
            return each.value is item.value and each.origin is item.origin
        case Dict(items):
            return any(mentions(each, item) for each in items.values())
    near = getattr(tree, 'near', None) or getattr(tree, 'like', None)
    if near is not None and near.value is item.value and near.origin is item.origin:
        return True
    parts = getattr(tree, 'items', ())
    return isinstance(parts, tuple) and any(mentions(each, item) for each in parts)


def texts(config: Config, trees: dict[str, Tree]) -> dict[str, str]:
    """Return trees as text for the file of a config."""
    text = Text(config)
    renderer = Renderer(text, names_in(text), {})
    return {name: text_of(renderer.node(tree), 0, len(name) + 1, text.width) for name, tree in trees.items()}
