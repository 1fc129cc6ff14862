"""Faults of sections: values, keys, triples, units, ranges, bases and references."""

from __future__ import annotations

import ast
import builtins
import re
from typing import TYPE_CHECKING

from cfglint.language.values import Table
from cfglint.rules.reading.loop import train_loop
from cfglint.rules.reading.types import type_name
from tools.mutations.mutation import Kind, Mutation, Subject, add, misspelt, remove, replace_value

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from cfglint.rules.reading.items import Item

_NUMBERS = (
    'train_cfg.max_epochs', 'train_cfg.max_iters', 'train_cfg.val_interval', 'train_dataloader.batch_size',
    'train_dataloader.num_workers', 'val_dataloader.batch_size', 'val_dataloader.num_workers', 'optim_wrapper.optimizer.lr',
    'optim_wrapper.optimizer.weight_decay', 'optim_wrapper.optimizer.momentum', 'default_hooks.checkpoint.interval',
    'default_hooks.logger.interval', 'default_hooks.checkpoint.max_keep_ckpts', 'auto_scale_lr.base_batch_size',
)  # fmt: skip
_BOOLEANS = ('auto_scale_lr.enable', 'train_dataloader.persistent_workers', 'resume')
_DICTS = (
    'default_hooks.checkpoint', 'default_hooks.timer', 'env_cfg', 'env_cfg.mp_cfg', 'train_dataloader.sampler',
    'train_dataloader.dataset', 'val_dataloader.sampler', 'optim_wrapper', 'optim_wrapper.optimizer', 'visualizer', 'log_processor',
)  # fmt: skip


def wrong_value_type(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """A number is text, a switch is a word, a dict is a list, a list is a string."""
    context = subject.context
    items = (
        [(key, "'many'") for key in _NUMBERS]
        + [(key, "'yes'") for key in _BOOLEANS]
        + [(key, "['a']") for key in _DICTS]
    )
    schedulers = context.find('param_scheduler')
    for item in schedulers.items() if schedulers is not None and isinstance(schedulers.value, list) else ():
        items += [
            (f'{item.key}.{name}', "'many'")
            for name in ('begin', 'end', 'gamma', 'milestones', 'T_max', 'eta_min', 'start_factor')
        ]
    for key, text in items:
        item = context.find(key)
        if item is not None and item.value is not None:
            mutation = replace_value(item, text, f'{item.value!r:.30} → {text}')
            if mutation is not None:
                yield mutation


_REQUIRED = (
    'train_cfg.max_epochs', 'train_cfg.max_iters', 'train_dataloader.dataset', 'val_dataloader.dataset', 'test_dataloader.dataset',
    'optim_wrapper.optimizer',
)  # fmt: skip


def removed_required_key(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """A field without which MMEngine cannot build a section is gone."""
    context = subject.context
    keys = [*_REQUIRED]
    schedulers = context.find('param_scheduler')
    for item in schedulers.items() if schedulers is not None and isinstance(schedulers.value, list) else ():
        kind = item.value.get('type') if isinstance(item.value, Table) else None
        keys += [
            f'{item.key}.{name}'
            for name in {'MultiStepLR': ['milestones'], 'StepLR': ['step_size'], 'ExponentialLR': ['gamma']}.get(
                str(kind), []
            )
        ]
    for key in keys:
        item = context.find(key)
        mutation = None if item is None else remove(item, key.partition('.')[0], *_shared(subject, item))
        if mutation is not None:
            yield mutation


def _shared(subject: Subject, item: Item) -> Iterator[str]:
    """Yield the sections that have the very same item: `test_dataloader = val_dataloader`."""
    for name in subject.context.config.table:
        other = subject.context.find(f'{name}.{item.name}') if isinstance(name, str) else None
        if other is None or other.origin is None or item.origin is None:
            continue
        if other.origin.value is item.origin.value:
            yield from (name, other.key)


def broken_triple(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """One of the sections that belong together is gone."""
    table = subject.context.config.table
    for names in (
        ('train_cfg', 'train_dataloader', 'optim_wrapper'), ('val_cfg', 'val_dataloader', 'val_evaluator'),
        ('test_cfg', 'test_dataloader', 'test_evaluator'),
    ):  # fmt: skip
        if any(table.get(name) is None for name in names):
            continue
        for name in names:
            origin = table.origins.get(name)
            if origin is None or origin.overrides is not None or not isinstance(origin.key, ast.Name):
                continue
            if name in subject.context.loads:
                continue
            span = origin.source.span(origin.value)
            yield Mutation(origin.source, span.start, span.end, 'None', names, f'{name} = None')


_STEPS = ('begin', 'end', 'T_max', 'milestones', 'step_size', 'periods', 'total_steps')


def mixed_units(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """Epochs are taken for iterations, or iterations for epochs."""
    context = subject.context
    if train_loop(context) is None:
        return  # what it counts, no one knows
    by_iteration = context.value('train_cfg.max_iters') is not None
    total = context.value('train_cfg.max_iters' if by_iteration else 'train_cfg.max_epochs')
    schedulers = context.find('param_scheduler')
    for item in schedulers.items() if schedulers is not None and isinstance(schedulers.value, list) else ():
        if not isinstance(item.value, Table) or item.value.get('convert_to_iter_based'):
            continue
        flag, ends = item.get('by_epoch'), item.value.get('end', None if by_iteration else total)
        if item.value.get('by_epoch', True) is by_iteration or (ends != total and not by_iteration):
            continue
        if item.value.get('type') == 'ConstantLR' and item.value.get('factor') == 1:
            continue  # it changes nothing, whenever it is active
        if not by_iteration and item.value.keys().isdisjoint(_STEPS):
            continue  # MMEngine fills in the length of training in the unit that is asked for
        keys = (item.key, *(f'{item.key}.{name}' for name in ('by_epoch', *_STEPS)))
        if flag is not None:
            mutation = replace_value(flag, str(by_iteration), f'by_epoch={by_iteration}', *keys)
        else:
            mutation = add(item, 'by_epoch=False', *keys)
        if mutation is not None:
            yield mutation
        mutation = remove(flag, *keys) if flag is not None and by_iteration else None
        if mutation is not None:
            yield mutation
    flag = context.find('default_hooks.checkpoint.by_epoch')
    if flag is not None and by_iteration and flag.value is False:
        mutation = replace_value(
            flag, 'True', 'by_epoch=True', 'default_hooks.checkpoint', 'default_hooks.checkpoint.interval'
        )
        if mutation is not None:
            yield mutation
    processor = context.find('log_processor.by_epoch')
    if processor is not None and by_iteration and processor.value is False:
        mutation = replace_value(processor, 'True', 'by_epoch=True', 'log_processor')
        if mutation is not None:
            yield mutation


_RANGES = {
    'train_dataloader.batch_size': '0', 'val_dataloader.batch_size': '-1', 'train_dataloader.num_workers': '-2',
    'optim_wrapper.optimizer.lr': '-0.1', 'optim_wrapper.optimizer.momentum': '-0.9', 'optim_wrapper.optimizer.weight_decay': '-1.0',
    'optim_wrapper.optimizer.betas': '(0.9, 1.5)', 'train_cfg.max_epochs': '-1', 'train_cfg.max_iters': '-1', 'train_cfg.val_interval': '0',
    'default_hooks.logger.interval': '0', 'optim_wrapper.accumulative_counts': '0',
}  # fmt: skip


def exceeded_range(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """A number is out of range."""
    context = subject.context
    optimizer = context.value('optim_wrapper.optimizer.type')
    for key, text in _RANGES.items():
        if key.startswith('optim_wrapper.optimizer.') and type_name(optimizer) not in (
            'SGD',
            'Adam',
            'AdamW',
            'RMSprop',
            'Adamax',
        ):
            continue  # only those are known to refuse it
        item = context.find(key)
        mutation = None if item is None or item.value is None else replace_value(item, text, f'→ {text}')
        if mutation is not None:
            yield mutation
    total = context.value('train_cfg.max_epochs')
    schedulers = context.find('param_scheduler')
    for item in (
        schedulers.items()
        if schedulers is not None and isinstance(schedulers.value, list) and isinstance(total, int)
        else ()
    ):
        milestones = item.get('milestones')
        if milestones is not None and item.value.get('by_epoch', True) is True:
            mutation = replace_value(milestones, f'[{total + 5}, {total + 9}]', 'past the end', item.key)
            if mutation is not None:
                yield mutation


def broken_base(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """The path of a base is wrong."""
    source, tree = subject.context.config.source, subject.context.config.tree
    for node in tree.body if tree is not None else ():
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == '_base_':
            for part in ast.walk(node.value):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value.endswith('.py'):
                    folder, slash, name = part.value.rpartition('/')
                    wrong = f'{folder}{slash}{misspelt(name[:-3], chance)}.py'
                    span = source.span(part)
                    yield Mutation(source, span.start, span.end, repr(wrong), ('_base_',), f'{part.value} → {wrong}')


def undefined_reference(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """The name of a variable is wrong where it is read."""
    for config in subject.context.lineage:
        for node in ast.walk(config.tree) if config.tree is not None and config.style == 'text' else ():
            if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load) or hasattr(builtins, node.id):
                continue
            if node.id.startswith('_') or config.source.text.count('{{'):
                continue
            wrong = misspelt(node.id, chance)
            if re.search(rf'\b{re.escape(wrong)}\b', config.source.text) is None:
                span = config.source.span(node)
                yield Mutation(config.source, span.start, span.end, wrong, (), f'{node.id} → {wrong}')


KINDS: dict[str, Kind] = {
    'wrong-value-type': wrong_value_type,
    'removed-required-key': removed_required_key,
    'broken-triple': broken_triple,
    'mixed-units': mixed_units,
    'exceeded-range': exceeded_range,
    'broken-base': broken_base,
    'undefined-reference': undefined_reference,
}
