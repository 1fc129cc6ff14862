"""Faults of writing: what is said twice, run together, quoted, misspelt or left out, wherever it stands."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from cfglint.catalog import Extra
from cfglint.language.numbers import is_int
from cfglint.rules.reading.loaders import loaders
from cfglint.sections.table import LOADERS
from tools.mutations.mutation import (
    Kind,
    Mutation,
    Subject,
    append,
    dicts,
    misspelt,
    named,
    remove,
    replace_value,
    row_of,
)

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator


def _own(subject: Subject) -> list[ast.AST]:
    tree = subject.context.config.tree
    return [] if tree is None else list(ast.walk(tree))


def twice(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """The same key stands twice in a dict display."""
    for config in subject.context.lineage:
        for node in ast.walk(config.tree) if config.tree is not None else ():
            if isinstance(node, ast.Dict) and len(node.keys) > 1:
                first, last = node.keys[0], node.keys[-1]
                if isinstance(first, ast.Constant) and isinstance(last, ast.Constant) and isinstance(first.value, str):
                    span = config.source.span(last)
                    yield Mutation(
                        config.source,
                        span.start,
                        span.end,
                        repr(first.value),
                        (),
                        f'{last.value!r} → {first.value!r}',
                        tuple(range(node.lineno, (node.end_lineno or 0) + 1)),
                    )


def run_together(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """Strings run together for want of a comma."""
    for config in subject.context.lineage:
        for node in ast.walk(config.tree) if config.tree is not None else ():
            if isinstance(node, (ast.List, ast.Tuple)) and len(node.elts) > 1:
                for one, two in zip(node.elts, node.elts[1:], strict=False):
                    if all(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in (one, two)):
                        start, end = config.source.span(one).end, config.source.span(two).start
                        if (
                            config.source.text[start:end].strip() == ','
                            and '_base_' not in config.source.text.splitlines()[max(0, node.lineno - 2)]
                        ):
                            text = config.source.text[start:end].replace(',', ' ' if end - start == 1 else '')
                            yield Mutation(
                                config.source,
                                start,
                                end,
                                text,
                                (),
                                f'{one.value!r} {two.value!r}',
                                (two.lineno, one.lineno),
                            )  # type: ignore[attr-defined]


def quoted(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """The name of a variable stands in quotes."""
    for config in subject.context.lineage:
        if config.style != 'text' or config.tree is None:
            continue
        bound = {
            each.id for each in ast.walk(config.tree) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
        }
        for node in ast.walk(config.tree):
            if (
                isinstance(node, ast.keyword)
                and isinstance(node.value, ast.Name)
                and node.value.id in bound
                and node.arg
            ):
                span = config.source.span(node.value)
                yield Mutation(
                    config.source, span.start, span.end, repr(node.value.id), (), f'{node.arg}={node.value.id!r}'
                )


_BASES = ('base_', '_base', '__base__', '_bases_', 'base', '_Base_', '_BASE_', '_base_s', '_bsae_')


def misspelt_base(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """`_base_` is misspelt."""
    source = subject.context.config.source
    found = re.search(r'(?m)^_base_(?= *=)', source.text)
    if found is not None:
        wrong = chance.choice(_BASES)
        yield Mutation(source, found.start(), found.end(), wrong, (wrong,), f'_base_ → {wrong}')


def unknown_depth(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """A backbone has a depth or an architecture that there is not."""
    for part in dicts(subject.context.root.get('model')):
        depth, arch = part.get('depth'), part.get('arch')
        if 'backbone' not in part.name:
            continue
        if depth is not None and depth.value in (18, 34, 50, 101, 152) and 'Res' in named(part):
            mutation = replace_value(depth, str(depth.value + 5), '+5')
            if mutation is not None:
                yield mutation
        if arch is not None and isinstance(arch.value, str):
            mutation = replace_value(arch, repr(f'{arch.value}x'), f'{arch.value}x')
            if mutation is not None:
                yield mutation


def zero_interval(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """A hook acts every 0 iterations."""
    for section in ('default_hooks', 'custom_hooks'):
        for hook in dicts(subject.context.root.get(section)):
            item = hook.get('interval')
            if item is not None and is_int(item.value) and item.value > 0:
                mutation = replace_value(item, '0', '0')
                if mutation is not None:
                    yield mutation


def idle_switch(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """`stage_with_dcn` has lost its partner."""
    for part in dicts(subject.context.root.get('model')):
        for name in ('dcn', 'sac', 'plugins'):
            item = part.get(name)
            if item is not None and f'stage_with_{name}' in part.value:
                mutation = remove(item, f'{part.key}.stage_with_{name}')
                if mutation is not None:
                    yield mutation


_DEAD = (
    "img_suffix = '.png'", "seg_map_suffix = '.png'", "METAINFO = dict(classes=('a', 'b'))", 'batch_size = 7', 'num_workers = 9',
    "metainfo = dict(classes=('a', 'b'))", "CLASSES = ('a', 'b')", 'reduce_zero_label = True', 'persistent_workers = False', "classes = ('a', 'b')",
    'drop_last = True', "data_prefix = dict(img='img/')", "ann_file = 'mine.json'", 'samples_per_gpu = 4',
)  # fmt: skip


def dead_names(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """An argument of a dataset or a dataloader stands at the top level."""
    context = subject.context
    if not loaders(context, 'train_dataloader') or not context.config.bases:
        return
    for text in _DEAD:
        name = text.partition(' ')[0]
        if name not in context.config.table and name not in context.loads:
            yield append(context.config.source, text, text, name)


def lost_items(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """A list of a child drops arguments which the items of the base had."""
    context = subject.context
    if not context.config.bases or context.style != 'text':
        return
    for owner, name in (
        ('model.roi_head', 'bbox_head'),
        ('model', 'auxiliary_head'),
        ('model', 'decode_head'),
        ('model.neck', ''),
    ):
        item = context.find(f'{owner}.{name}' if name else owner)
        if item is None or not isinstance(item.value, list) or item.origin is None:
            continue
        if item.origin.source is context.config.source or not all(isinstance(each, dict) for each in item.value):
            continue
        if any(len(each) < 5 for each in item.value):
            continue
        kept = (
            'type',
            'in_channels',
            'channels',
            'num_classes',
            'in_index',
            'out_channels',
            'fc_out_channels',
            'roi_feat_size',
        )
        items = ', '.join(
            'dict(' + ', '.join(f'{key}={value!r}' for key, value in each.items() if key in kept) + ')'
            for each in item.value
        )
        path = owner.split('.')
        text = f'{name}=[{items}]' if name else f'[{items}]'
        for part in reversed(path[1:]):
            text = f'{part}=dict({text})' if '=' in text.partition('[')[0] else f'{part}={text}'
        if re.search(r'(?m)^model\b', context.config.source.text) is None:
            yield append(
                context.config.source,
                f'model = dict({text})',
                f'{item.key} anew',
                item.key,
                item.key.rpartition('.')[0],
            )


_TYPED_BY_DEFAULT = (
    'optim_wrapper',
    'default_hooks',
    'log_processor',
    'train_cfg',
    'val_cfg',
    'test_cfg',
    'data_preprocessor',
)


def lost_type(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """The `type` of a component is left out."""
    for use, _ in subject.uses:
        if use.type.origin is None or use.type.origin.overrides is not None or use.item.key == 'visualizer':
            continue
        section, _, rest = use.item.key.partition('.')
        rows = (row_of(use.type), row_of(use.item)) if use.item.origin is not None else (row_of(use.type),)
        mutation = remove(
            use.type,
            use.item.key,
            *(f'{each}.{rest}' for each in LOADERS),
            *(f'{each}.{rest.rpartition(".")[0]}' for each in LOADERS),
        )
        if mutation is not None and section not in _TYPED_BY_DEFAULT:
            yield mutation._replace(rows=rows)


def lost_delete(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """A `_delete_=True` is gone, so that arguments of the base's type are left, which the new one refuses."""
    for use, resolved in subject.uses:
        origin = use.item.origin
        if origin is None or not isinstance(origin.replaced, dict) or resolved.extra is not Extra.REFUSED:
            continue
        left = origin.replaced.keys() - use.item.value.keys() - resolved.taken
        span = origin.source.span(origin.value)
        found = re.compile(r'_delete_=True,?\s*').search(origin.source.text, span.start, span.end)
        if not left or found is None or 'dict(' in origin.source.text[span.start + 5 : found.start()]:
            continue
        keys = (use.item.key, use.type.key, *(f'{use.item.key}.{name}' for name in left))
        loaders_too = tuple(f'{each}.{key.partition(".")[2]}' for each in LOADERS for key in keys)
        rows = (row_of(use.item), row_of(use.type))
        yield Mutation(
            origin.source, found.start(), found.end(), '', (*keys, *loaders_too), f'{use.item.key}: _delete_ gone', rows
        )


def custom_hook_values(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """An argument of a custom hook, or below it, is misspelt or given a value of another kind."""
    for hook in dicts(subject.context.root.get('custom_hooks')):
        for item in hook.items():
            span = subject.context.key_span(item)
            if (
                item.origin is None
                or span is None
                or item.name in ('type', 'priority')
                or len(item.name) < 4
                or not isinstance(item.origin.key, ast.keyword)
            ):
                continue
            wrong = misspelt(item.name, chance)
            yield Mutation(
                item.origin.source,
                span.start,
                span.end,
                wrong,
                (f'{hook.key}.{wrong}', hook.key),
                f'{item.key} → {wrong}',
            )


KINDS: dict[str, Kind] = {
    'twice': twice,
    'run-together': run_together,
    'quoted': quoted,
    'misspelt-base': misspelt_base,
    'unknown-depth': unknown_depth,
    'zero-interval': zero_interval,
    'idle-switch': idle_switch,
    'dead-names': dead_names,
    'lost-items': lost_items,
    'lost-type': lost_type,
    'lost-delete': lost_delete,
    'custom-hook-values': custom_hook_values,
}
