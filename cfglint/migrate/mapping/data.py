"""`data`: the dataloaders, with their samplers and datasets (DATA-01 to DATA-27, SYN-06 to SYN-11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.migrate.change import Change, Computed, Dict, Kept, Todo, Tree
from cfglint.migrate.items import Item
from cfglint.migrate.mapping.datasets import dataset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.migrate.mapping.old import Old

STAGES = ('train', 'val', 'test')
_BATCH = ('samples_per_gpu', 'videos_per_gpu')
_PASSED = ('pin_memory', 'prefetch_factor', 'timeout', 'drop_last')
_KNOWN = frozenset({
    *STAGES, 'train_dataloader', 'val_dataloader', 'test_dataloader', 'samples_per_gpu', 'videos_per_gpu', 'imgs_per_gpu',
    'workers_per_gpu', 'persistent_workers', 'shuffle', 'val_samples_per_gpu', 'val_workers_per_gpu', 'val_data_loader',
    'samples_per_epoch', *_PASSED,
})  # fmt: skip
_TODOS = {
    'omni_videos_per_gpu': 'write `other_loaders` of a `MultiLoaderEpochBasedTrainLoop`',
    'train_ratio': 'write `other_loaders` of a `MultiLoaderEpochBasedTrainLoop`',
    'extract': 'write `extract_dataloader` of the hook that extracts features',
    'sampling_replace': 'write `train_dataloader.sampler`',
}


def data(old: Old) -> Iterator[Change]:
    """`train_dataloader`, `val_dataloader` and `test_dataloader`."""
    item = old.get('data')
    if item is None:
        return
    if not item.is_dict:
        yield Change(('data',), {'data': Todo('write the dataloaders by hand', item)}, ())
        return
    writes = {f'{stage}_dataloader': tree for stage in STAGES if (tree := _loader(old, item, stage)) is not None}
    left: dict[str, Tree] = {
        name: Todo(_TODOS.get(name, f'no dataloader has an argument `{name}`'), each)
        for name, each in item.fields().items()
        if name not in _KNOWN
    }
    if left:
        yield Change((), {'data': Dict(left)}, ())
    train = item.get('train')
    alone = old.given('omnisource') if train is not None and train.is_dict else ()  # what is joint is one set alone
    yield Change(('data', *old.given('persistent_workers', 'prefetch'), *alone), dict(writes))


def _loader(old: Old, data: Item, stage: str) -> Tree | None:
    given, own = data.get(stage), data.get(f'{stage}_dataloader') or Item({})
    fields: dict[str, Tree] = {}
    source = {name: own.get(name) or data.get(name) for name in _PASSED}
    if (batch := _batch_size(old, data, own, stage, given)) is not None:
        fields['batch_size'] = batch
    if (workers := _workers(old, data, own, stage, given)) is not None:
        fields['num_workers'] = workers
    persistent = own.get('persistent_workers') or data.get('persistent_workers') or old.get('persistent_workers')
    if persistent is not None and fields and given is not None:
        fields['persistent_workers'] = Kept(persistent)
    if stage != 'train' and 'drop_last' in data and 'drop_last' not in own:
        source['drop_last'] = None  # 0.x never dropped what it evaluates
    fields.update({name: Kept(each) for name, each in source.items() if each is not None and given is not None})
    if given is None:
        return Dict(fields) if fields and not old.is_complete and stage == 'train' else None
    if given.value is None:
        return Computed(None, given)
    fields.update(_sampling(old, data, own, stage))
    fields['dataset'] = dataset(old, given, stage)
    return Dict(fields)


def _batch_size(old: Old, data: Item, own: Item, stage: str, given: Item | None) -> Tree | None:
    for name in (*_BATCH, 'imgs_per_gpu'):
        if (item := own.get(name)) is not None:
            return Kept(item)
    common = data.get('imgs_per_gpu') or data.get('samples_per_gpu') or data.get('videos_per_gpu')
    batches = old.library.batches
    if stage == 'train':
        if common is None:
            return Computed(batches.train_size) if old.is_complete and given is not None else None
        return Kept(common)
    if given is not None and (item := given.get('samples_per_gpu')) is not None:
        return Kept(item)
    if stage == 'val' and (item := data.get('val_samples_per_gpu')) is not None:
        return Kept(item)
    default = batches.val if stage == 'val' else batches.test
    if default is not None:
        return Computed(default) if given is not None else None
    return None if common is None or given is None else Kept(common)


def _workers(old: Old, data: Item, own: Item, stage: str, given: Item | None) -> Tree | None:
    item = own.get('workers_per_gpu')
    if item is None and stage == 'val':
        item = data.get('val_workers_per_gpu')
    item = item or data.get('workers_per_gpu')
    if item is not None:
        return Kept(item) if given is not None or stage == 'train' else None
    return Computed(old.library.batches.workers) if old.is_complete and given is not None else None


def _sampling(old: Old, data: Item, own: Item, stage: str) -> dict[str, Tree]:
    if stage != 'train':
        return {
            'drop_last': Computed(False),
            'sampler': Computed({'type': 'DefaultSampler', 'shuffle': False, **_padding(old)}),
        }
    found: dict[str, Tree] = {}
    by_epoch = old.by_epoch if old.by_epoch is not None else not old.library.by_iteration
    shuffle = own.get('shuffle') or data.get('shuffle')
    sampler = old.get('sampler')
    if sampler is not None and sampler.is_dict:
        found['sampler'] = Kept(sampler)
    elif (quota := data.get('samples_per_epoch')) is not None:
        found['sampler'] = Dict({'type': Computed('QuotaSampler'), 'samples_per_epoch': Kept(quota)})
    else:
        kind = 'DefaultSampler' if by_epoch else 'InfiniteSampler'
        found['sampler'] = Dict(
            {'type': Computed(kind), 'shuffle': Computed(True) if shuffle is None else Kept(shuffle)}
        )
    if old.library.aspect_ratio_batches:
        found['batch_sampler'] = Computed({'type': 'AspectRatioBatchSampler'})
    if old.library.batches.drop_last is not None and 'drop_last' not in data and 'drop_last' not in own:
        found['drop_last'] = Computed(old.library.batches.drop_last)
    return found


def _padding(old: Old) -> dict[str, bool]:
    return {} if old.library.rounds_up else {'round_up': False}


def helper_dataset(old: Old, name: str, item: Item) -> Tree | None:
    """Return what a variable that holds a dataset becomes; none if it holds none."""
    data = old.get('data')
    if (
        data is None
        or not item.is_dict
        or not ({'pipeline', 'dataset', 'datasets'} & item.value.keys())
        or 'type' not in item
    ):
        return None
    for stage in STAGES:
        given = data.get(stage)
        if given is not None and given.value == item.value:
            return dataset(old, item, stage)
        if given is not None and given.is_list and any(each.value == item.value for each in given.entries()):
            return dataset(old, item, stage)
    return dataset(old, item, 'train')
