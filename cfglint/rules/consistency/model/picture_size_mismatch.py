"""The size of the pictures that a pipeline makes against the one size that a backbone takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.catalog.data_facts import data_facts
from cfglint.diagnostics import Advice
from cfglint.language.numbers import are_ints, is_int
from cfglint.rules.cause import report_between
from cfglint.rules.reading.chains import chains
from cfglint.rules.reading.loaders import loaders
from cfglint.rules.reading.parts import facts_of, literal_default
from cfglint.rules.reading.types import class_name
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.chains import Chain
    from cfglint.rules.reading.items import Item

Size = tuple[int, int]


@rule(scope='entry', raises='AssertionError or RuntimeError', reads=('model', *LOADERS))
def picture_size_mismatch(context: Context) -> Iterator[Diagnostic]:
    """Pictures of another size than the backbone is built for, where it takes no other.

    Most transformers adapt their positions to the picture. MLP-Mixer, RepMLP, TNT and TinyViT refuse others; those that learn
    from masked pictures, such as `MAEViT`, and `TimeSformer` add a fixed table of positions, which then does not fit.

    Sources: `mmpretrain/models/backbones/mlp_mixer.py`, `mmpretrain/models/selfsup/mae.py`,
    `mmaction/models/backbones/timesformer.py`.

    ```py title="bad"
    default_scope = 'mmpretrain'
    model = dict(type='ImageClassifier', backbone=dict(type='MlpMixer', arch='b'))
    train_dataloader = dict(
        dataset=dict(
            type='ImageNet',
            pipeline=[
                dict(type='LoadImageFromFile'), dict(type='RandomResizedCrop', scale=256), dict(type='PackInputs')]))
    ```

    ```py title="good"
    default_scope = 'mmpretrain'
    model = dict(type='ImageClassifier', backbone=dict(type='MlpMixer', arch='b', img_size=256))
    train_dataloader = dict(
        dataset=dict(
            type='ImageNet',
            pipeline=[
                dict(type='LoadImageFromFile'), dict(type='RandomResizedCrop', scale=256), dict(type='PackInputs')]))
    ```
    """
    backbone = context.find('model.backbone')
    if backbone is None or not isinstance(backbone.value, dict):
        return
    fixed = facts_of(context, backbone).fixed_sizes.get(backbone.type_name or '')
    item = None if fixed is None else backbone.get(fixed.argument)
    given = (
        None if fixed is None else literal_default(context, backbone, fixed.argument) if item is None else item.value
    )
    wanted = _pair(given)
    if fixed is None or wanted is None:
        return
    for loader in loaders(context):
        for chain in chains(context, loader):
            made = _made(context, chain)
            if made is not None and sorted(made[1]) != sorted(wanted):
                crop, size = made
                message = (
                    f'`{backbone.type_name}` takes pictures of {_shown(wanted)}, those of `{loader.item.name}` '
                    f'are {_shown(size)}'
                )
                value = size[0] if size[0] == size[1] else size
                advice = Advice(f'write in `{backbone.key}`', f'{fixed.argument}={value}')
                around = (backbone.get('type'), crop)
                yield report_between(context, item or backbone, around, message, raises=fixed.error, advice=advice)
                return


def _made(context: Context, chain: Chain) -> tuple[Item, Size] | None:
    """Return what gives the pictures of a dataset their size last, and the size; None where that is not known."""
    if not chain.is_whole or any('transforms' in step.value for step in chain.steps):
        return None
    for step in reversed(chain.steps):
        known = class_name(step.value, context.given_scope)
        facts = data_facts('' if known is None else known.package)
        name = step.type_name or ''
        if name in facts.sizing:
            item = step.get(facts.sizing[name])
            ratio = step.get('keep_ratio')
            keeps = literal_default(context, step, 'keep_ratio') if ratio is None else ratio.value
            size = None if item is None or keeps else _pair(item.value)
            return None if item is None or size is None else (item, size)
        if name not in facts.keeps_size:
            return None
    return None


def _pair(value: Any) -> Size | None:
    if is_int(value):
        return value, value
    if isinstance(value, (list, tuple)) and len(value) == 2 and are_ints(value) and min(value) > 0:
        return value[0], value[1]
    return None


def _shown(size: Size) -> str:
    return f'{size[0]}×{size[1]}'
