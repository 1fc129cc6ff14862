"""Arguments of datasets and dataloaders that stand at the top level, where nobody reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice, Severity
from cfglint.language.values import Unknown
from cfglint.rules.reading.loaders import Section, loaders
from cfglint.rules.reading.parts import holding
from cfglint.rules.reading.quoted import stands_in_quotes
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

OF_LOADERS: Final = frozenset({
    'batch_size', 'num_workers', 'persistent_workers', 'drop_last', 'pin_memory', 'samples_per_gpu', 'workers_per_gpu', 'sampler',
    'batch_sampler', 'collate_fn',
})  # fmt: skip
OF_DATASETS: Final = frozenset({
    'img_suffix', 'seg_map_suffix', 'METAINFO', 'metainfo', 'reduce_zero_label', 'ignore_index', 'data_prefix', 'filter_cfg',
    'test_mode', 'serialize_data', 'lazy_init', 'max_refetch', 'CLASSES', 'PALETTE', 'with_velocity', 'box_type_3d',
    'classes', 'palette', 'ann_file', 'indices',
})  # fmt: skip
ELSEWHERE: Final = {
    'num_classes': ('model', 'a head'),
    **dict.fromkeys(('lr', 'weight_decay', 'momentum'), ('optim_wrapper', 'the optimizer')),
    **dict.fromkeys(('max_epochs', 'max_iters', 'val_interval'), ('train_cfg', '`train_cfg`')),
}
"""Argument → the section in which it stands, and of what it is one."""
OTHER_NAMES: Final = {
    'METAINFO': 'metainfo=METAINFO', 'CLASSES': 'metainfo=dict(classes=CLASSES)', 'classes': 'metainfo=dict(classes=classes)',
    'PALETTE': 'metainfo=dict(palette=PALETTE)', 'palette': 'metainfo=dict(palette=palette)',
    'samples_per_gpu': 'batch_size=samples_per_gpu', 'workers_per_gpu': 'num_workers=workers_per_gpu',
}  # fmt: skip
"""What is to be written where the argument has another name."""


@rule(scope='entry', severity=Severity.WARNING)
def dead_argument(context: Context) -> Iterator[Diagnostic]:
    """An argument of a dataset or a dataloader as a top-level name, which nothing reads.

    `img_suffix = '.png'` or `batch_size = 4` are variables: only where a dataset or a dataloader is given them do they have
    an effect. Told where no expression reads the name, no base had it, and the dataloaders have another value or none; of
    `num_classes`, `lr` or `max_epochs`, where the model, the optimizer or the loop has another.

    ```py title="bad"
    img_suffix = '.png'
    train_dataloader = dict(dataset=dict(type='ToyDataset'))
    ```

    ```py title="good"
    train_dataloader = dict(dataset=dict(type='ToyDataset', img_suffix='.png'))
    ```
    """
    for name in context.config.own:
        if name not in OF_LOADERS and name not in OF_DATASETS and name not in ELSEWHERE:
            continue
        item = context.root.get(name)
        if item is None or name in context.loads or item.origin is None or item.origin.overrides is not None:
            continue
        if isinstance(item.value, Unknown) or stands_in_quotes(context, name):
            continue
        yield from _elsewhere(context, item) if name in ELSEWHERE else _of_data(context, item)


def _of_data(context: Context, item: Item) -> Iterator[Diagnostic]:
    name, sections = item.name, loaders(context)
    if not sections or _has(sections, name, item.value):
        return
    owner = 'dataloader' if name in OF_LOADERS else 'dataset'
    target = OTHER_NAMES.get(name, f'{name}={name}')
    code = f'train_dataloader = dict({target})' if owner == 'dataloader' else f'dict(dataset=dict({target}))'
    yield _report(context, item, f'a {owner}', code)


def _elsewhere(context: Context, item: Item) -> Iterator[Diagnostic]:
    section, owner = ELSEWHERE[item.name]
    held = [each for each in holding(context, context.section(section), frozenset({item.name})) if each.get(item.name)]
    if held and all(each.value[item.name] != item.value for each in held):
        path = held[0].key.split('.')
        code = f'dict({item.name}={item.name})'
        for name in reversed(path[1:]):
            code = f'dict({name}={code})' if name.isidentifier() else f'[{code}]'
        yield _report(context, item, owner, f'{path[0]} = {code}')


def _report(context: Context, item: Item, owner: str, code: str) -> Diagnostic:
    message = f'nothing reads the top-level `{item.name}`: it has an effect only as an argument of {owner}'
    return context.report(item, message, ignored=True, advice=Advice('write', code))


def _has(sections: list[Section], name: str, value: Any) -> bool:
    """Tell whether a dataloader or a dataset has that very value, so that the name only repeats it."""
    argument, _, inner = OTHER_NAMES.get(name, name).partition('=')
    for section in sections:
        holders = [section.item.value] if name in OF_LOADERS else [each.value for each in section.datasets]
        if inner.startswith('dict('):
            holders = [each['metainfo'] for each in holders if isinstance(each.get('metainfo'), dict)]
            argument = name.lower()
        if any(holder.get(argument) == value for holder in holders):
            return True
    return False
