"""Arguments of datasets and dataloaders that stand at the top level, where nobody reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice, Severity
from cfglint.language.values import Unknown
from cfglint.rules.reading.loaders import Section, loaders
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context

OF_LOADERS: Final = frozenset({
    'batch_size', 'num_workers', 'persistent_workers', 'drop_last', 'pin_memory', 'samples_per_gpu', 'workers_per_gpu',
})  # fmt: skip
OF_DATASETS: Final = frozenset({
    'img_suffix', 'seg_map_suffix', 'METAINFO', 'metainfo', 'reduce_zero_label', 'ignore_index', 'data_prefix', 'filter_cfg',
    'test_mode', 'serialize_data', 'lazy_init', 'max_refetch', 'CLASSES', 'PALETTE', 'with_velocity', 'box_type_3d',
    'classes', 'palette', 'ann_file',
})  # fmt: skip
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
    an effect. Told where no expression reads the name, no base had it, and the dataloaders have another value or none.

    ```py title="bad"
    img_suffix = '.png'
    train_dataloader = dict(dataset=dict(type='ToyDataset'))
    ```

    ```py title="good"
    train_dataloader = dict(dataset=dict(type='ToyDataset', img_suffix='.png'))
    ```
    """
    config = context.config
    names = [name for name in config.own if name in OF_LOADERS or name in OF_DATASETS]
    for name in names:
        item = context.section(name)
        if item is None or name in context.loads or item.origin is None or item.origin.overrides is not None:
            continue
        sections = loaders(context)
        if not sections or isinstance(item.value, Unknown) or _has(context, sections, name, item.value):
            continue
        owner = 'dataloader' if name in OF_LOADERS else 'dataset'
        message = f'nothing reads the top-level `{name}`: it has an effect only as an argument of a {owner}'
        target = OTHER_NAMES.get(name, f'{name}={name}')
        code = f'train_dataloader = dict({target})' if owner == 'dataloader' else f'dict(dataset=dict({target}))'
        yield context.report(item, message, ignored=True, advice=Advice('write', code))


def _has(context: Context, sections: list[Section], name: str, value: Any) -> bool:
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
