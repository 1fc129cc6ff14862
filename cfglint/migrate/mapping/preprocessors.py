"""The data preprocessor: what pipelines of 0.x did to normalize and pad (PIPE-01 to PIPE-04, §4.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.migrate.change import Computed, Kept, Todo, Tree
from cfglint.migrate.mapping import action
from cfglint.migrate.mapping.old import READ_OF_WRAPPERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.catalog.library_facts import Preprocessor
    from cfglint.migrate.items import Item
    from cfglint.migrate.mapping.old import Old


def preprocessor(old: Old) -> dict[str, Tree] | None:
    """Return the fields of the data preprocessor; none where the config has no pipelines, or those of an unknown library."""
    steps = list(steps_of(old))
    if not steps or not old.has_known_library:
        return None
    facts = old.library.preprocessor
    found: dict[str, Tree] = {}
    if facts.type is not None:
        found['type'] = Computed(facts.type)
    if (classes := _classes(old)) is not None and not facts.in_model:
        found['num_classes'] = classes
    normalizing = [step for step in steps if old.library.role(step.type) == 'normalizes' and 'mean' in step]
    if normalizing:
        found.update(_normalization(old, normalizing[0]))
        found.update(_disagreement(facts, found, normalizing))
    found.update(_padding(old, steps))
    if old.library.library == 'mmaction':
        if not normalizing:
            return None
        found.update(action.format_shape(steps))
    for name, value in facts.write.items():
        found.setdefault(name, Computed(value))
    return found


def _classes(old: Old) -> Tree | None:
    model = old.get('model')
    head = None if model is None else model.get('head')
    classes = None if head is None else head.get('num_classes')
    return None if classes is None else Kept(classes)


def steps_of(old: Old) -> Iterator[Item]:
    """Yield the steps of all pipelines, those of training first."""
    data = old.get('data')
    for stage in ('train', 'val', 'test'):
        dataset = None if data is None else data.get(stage)
        while dataset is not None:
            if dataset.is_list:
                dataset = next(iter(dataset.entries()), None)
                continue
            if dataset.type not in READ_OF_WRAPPERS:  # of a base's dataset, which it is wrapped around
                yield from _flat(dataset.get('pipeline'))
            dataset = dataset.get('dataset') or dataset.get('datasets')


def _flat(steps: Item | None) -> Iterator[Item]:
    for step in () if steps is None else steps.entries():
        if step.is_dict:
            yield step
            yield from _flat(step.get('transforms'))


def _normalization(old: Old, step: Item) -> dict[str, Tree]:
    facts = old.library.preprocessor
    found: dict[str, Tree] = {}
    for name in ('mean', 'std'):
        item = step.get(name)
        if item is None:
            continue
        if facts.factor == 1:
            found[name] = Kept(item)
        else:
            found[name] = Computed([round(each * facts.factor, 6) for each in item.value])
    to_rgb = step.get(facts.swap)
    if not facts.swap_by_default:
        if step.plain(facts.swap, False):
            found[facts.rgb] = Computed(True, to_rgb)
        return found
    if facts.rgb == 'output_channel_order':
        if step.plain('to_rgb', False):
            found[facts.rgb] = Computed('RGB', to_rgb)
        return found
    is_rgb = all(each.plain('channel_order', 'rgb') == 'rgb' for each in steps_of(old))
    found[facts.rgb] = Computed(is_rgb) if to_rgb is None else Kept(to_rgb)
    return found


def _disagreement(facts: Preprocessor, found: dict[str, Tree], steps: list[Item]) -> dict[str, Tree]:
    """Ask about what is not the same in all pipelines: the data preprocessor does it once."""
    for old, new in ((facts.swap, facts.rgb), ('mean', 'mean'), ('std', 'std')):
        item = steps[0].get(old)
        tree = found.get(new)
        if (
            isinstance(tree, Kept)
            and item is not None
            and any(step.plain(old, item.value) != item.value for step in steps)
        ):
            return {new: Todo('the pipelines normalize differently: decide what holds for training and testing', item)}
    return {}


def _padding(old: Old, steps: list[Item]) -> dict[str, Tree]:
    found: dict[str, Tree] = {}
    pads = [step for step in steps if step.type == 'Pad']
    library = old.library.library
    if library == 'mmseg':
        pad = next(iter(pads), None)
        if pad is None:
            crop = next((item for step in steps if (item := step.get('crop_size')) is not None), None)
            # Without either, all pictures of a batch had to have one size.
            return {'size_divisor': Computed(1)} if crop is None else {'size': Kept(crop)}
        if (size := pad.get('size')) is not None:
            found['size'] = Kept(size)
        elif (divisor := pad.get('size_divisor')) is not None:
            found['size_divisor'] = Kept(divisor)
        found.update({name: Kept(item) for name in ('pad_val', 'seg_pad_val') if (item := pad.get(name)) is not None})
        return found
    divisors = [item for step in pads if (item := step.get('size_divisor')) is not None and item.value]
    if divisors:
        found['pad_size_divisor'] = Kept(divisors[0])
    loading = [step for step in steps if step.type in ('LoadAnnotations', 'LoadPanopticAnnotations')]
    if library == 'mmdet' and any(step.plain('with_mask', step.type == 'LoadPanopticAnnotations') for step in loading):
        found['pad_mask'] = Computed(True)
    if library == 'mmdet' and any(step.plain('with_seg', step.type == 'LoadPanopticAnnotations') for step in loading):
        found['pad_seg'] = Computed(True)
    return found
