"""``data`` became three dataloaders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.language.values import Table
from cfglint.rules.deprecated.fields import DATA, removed_fields
from cfglint.rules.deprecated.keys import Advice, Key, removed_keys
from cfglint.rules.deprecated.text import MORE, call, fields
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context

BATCH_SIZES = ('samples_per_gpu', 'videos_per_gpu', 'imgs_per_gpu')
"""What 0.x called the batch size; the later ones win over the first."""


@rule(era='all')
def removed_data(context: Context) -> Iterable[Diagnostic]:
    """`data` became `train_dataloader`, `val_dataloader` and `test_dataloader`.

    MMEngine ignores `data`: without dataloaders there is nothing to train on. Each dataloader is complete in itself:
    `batch_size`, `num_workers`, a `sampler` that shuffles or not, and the `dataset`.

    ```py title="bad"
    data = dict(
        samples_per_gpu=2,
        workers_per_gpu=2,
        train=dict(type='CocoDataset', ann_file='train.json'),
        val=dict(type='CocoDataset', ann_file='val.json'))
    ```

    ```py title="good"
    train_dataloader = dict(
        batch_size=2,
        num_workers=2,
        sampler=dict(type='DefaultSampler', shuffle=True),
        dataset=dict(type='CocoDataset', ann_file='train.json'))
    val_dataloader = dict(
        batch_size=1,
        num_workers=2,
        sampler=dict(type='DefaultSampler', shuffle=False),
        dataset=dict(type='CocoDataset', ann_file='val.json', test_mode=True))
    ```
    """
    yield from removed_keys(context, frozenset({'data'}), _data)
    yield from removed_fields(context, DATA)


def _data(key: Key) -> Advice:
    effect = ': data comes from `train_dataloader`, `val_dataloader` and `test_dataloader`'
    if not isinstance(key.value, Table):
        return Advice(effect, 'write these')
    loaders = [f'`{name} = {text}`' for name, text in _loaders(key)]
    if not loaders:
        return Advice(effect, 'write these')
    listed = ', '.join(loaders[:-1]) + ' and ' + loaders[-1] if len(loaders) > 1 else loaders[0]
    return Advice(effect, f'write {listed}')


def _loaders(key: Key) -> Iterator[tuple[str, str]]:
    """Yield the dataloaders of 1.x that the file's own value speaks of."""
    value, parts = key.value, key.fields()
    speaks_of_none = not any(name.startswith(('train', 'val', 'test')) for name in parts)
    sizes = next((parts[name] for name in reversed(BATCH_SIZES) if name in parts), None)
    for stage in ('train', 'val', 'test'):
        own = value.get(f'{stage}_dataloader')
        loader = _loader(fields(own), stage)
        if stage in parts or speaks_of_none or stage == 'train':
            loader = _with_default(loader, 'num_workers', parts.get('workers_per_gpu'))
        if stage == 'train' or ('videos_per_gpu' in parts and (stage in parts or speaks_of_none)):
            loader = _with_default(loader, 'batch_size', sizes)
        if stage in parts:
            loader['dataset'] = _dataset(parts[stage], value[stage])
        if stage == 'train':
            loader.update({name: parts[name] for name in ('drop_last', 'persistent_workers') if name in parts})
        if loader:
            yield f'{stage}_dataloader', call(loader, 150)


def _with_default(loader: dict[str, str], name: str, text: str | None) -> dict[str, str]:
    return loader if text is None or name in loader else {name: text, **loader}


def _loader(parts: Mapping[str, str], stage: str) -> dict[str, str]:
    names = {'samples_per_gpu': 'batch_size', 'videos_per_gpu': 'batch_size', 'workers_per_gpu': 'num_workers'}
    found = {names.get(name, name): text for name, text in parts.items() if name != 'shuffle'}
    if 'shuffle' in parts:
        found['sampler'] = f"dict(type='DefaultSampler', shuffle={parts['shuffle']})"
    return found


def _dataset(text: str, value: object) -> str:
    if isinstance(value, (list, tuple)):
        return f"dict(type='ConcatDataset', datasets=[{MORE}])"
    if isinstance(value, Table):
        return (
            f'dict(type={value["type"]!r}, {MORE})'
            if isinstance(value.get('type'), str) and len(value) > 1
            else f'dict({MORE})'
        )
    return text
