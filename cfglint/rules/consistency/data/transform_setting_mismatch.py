"""Arguments of transforms that have to fit the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cfglint.catalog.data_facts import data_facts
from cfglint.diagnostics import Advice
from cfglint.language.numbers import is_number
from cfglint.rules.cause import report_between
from cfglint.rules.reading.items import item_below
from cfglint.rules.reading.loaders import is_new, loaders
from cfglint.rules.reading.lookup import is_stock
from cfglint.rules.reading.parts import derives, literal_default
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.catalog.data_facts import SharedSetting
    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

RAISES: Final = 'RuntimeError: The size of tensor a must match the size of tensor b'


@rule(scope='entry', raises=RAISES, reads=('model', *LOADERS))
def transform_setting_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A transform that makes other inputs than the model takes.

    In MMAction2, `FormatShape` and the `ActionDataPreprocessor` both say how clips are laid out: in another way, the mean is
    subtracted along the wrong axis. In MMagic, `SetValues` says by how much pictures are to be enlarged, and the generator has
    its own `upscale_factor`. The shifts of a TSM are made for `num_segments` frames, which `SampleFrames` has to take.

    Sources: `mmaction/models/data_preprocessors/data_preprocessor.py`, `mmagic/datasets/transforms/crop.py`,
    `PairedRandomCrop`, `mmaction/models/backbones/resnet_tsm.py`.

    ```py title="bad"
    default_scope = 'mmaction'
    model = dict(
        type='Recognizer3D',
        data_preprocessor=dict(type='ActionDataPreprocessor', mean=[1, 2, 3], std=[1, 2, 3], format_shape='NCHW'))
    train_dataloader = dict(
        dataset=dict(type='VideoDataset', ann_file='a.txt', pipeline=[dict(type='FormatShape', input_format='NCTHW')]))
    ```

    ```py title="good"
    default_scope = 'mmaction'
    model = dict(
        type='Recognizer3D',
        data_preprocessor=dict(type='ActionDataPreprocessor', mean=[1, 2, 3], std=[1, 2, 3], format_shape='NCTHW'))
    train_dataloader = dict(
        dataset=dict(type='VideoDataset', ann_file='a.txt', pipeline=[dict(type='FormatShape', input_format='NCTHW')]))
    ```
    """
    model, facts = context.section('model'), data_facts(context.given_scope).shared_settings
    if model is None or not isinstance(model.value, dict):
        return
    for name, shared in facts.items():
        setting = _setting(context, model, shared)
        if setting is not None:
            given = [own for own in _given(context, name, shared) if _counts(own.value, shared)]
            wrong = [own for own in given if not _fits(own, setting.value, shared)]
            yield from _report(context, wrong, setting, len(wrong) == len(given))


class _Setting(NamedTuple):
    """A setting of the model, as given or by default, with what says so."""

    key: str
    value: Any
    place: Item
    by_default: bool


def _setting(context: Context, model: Item, shared: SharedSetting) -> _Setting | None:
    above, _, name = shared.setting.rpartition('.')
    part = item_below(model, above)
    if part is None or not isinstance(part.value, dict) or not derives(context, model, shared.models):
        return None
    own, kind = part.get(name), part.get('type')
    value = literal_default(context, part, name) if own is None else own.value
    place = kind if own is None else own
    if place is None or not _counts(value, shared):
        return None
    return _Setting(f'{part.key}.{name}', value, place, own is None)


def _given(context: Context, name: str, shared: SharedSetting) -> Iterator[Item]:
    """Yield what the transforms of a name are told."""
    seen: set[int] = set()
    for loader in loaders(context):
        for transform in loader.transforms if name in loader.words else ():
            own = item_below(transform, shared.argument)
            if own is not None and transform.type_name == name and is_new(own, seen) and is_stock(context, transform):
                yield own


def _report(context: Context, wrong: list[Item], setting: _Setting, all_are_wrong: bool) -> Iterator[Diagnostic]:
    shown = f'`{setting.key}` is {setting.value!r}' + (' by default' if setting.by_default else '')
    name = setting.key.rpartition('.')[2]
    if all_are_wrong and len(wrong) > 1 and not setting.by_default:
        message, advice = (
            f'{shown}, but `{wrong[0].key}` is {wrong[0].value!r}',
            Advice('write', f'{name}={wrong[0].value!r}'),
        )
        yield report_between(context, setting.place, tuple(wrong), message, advice=advice)
        return
    for own in wrong:
        message = f'`{own.key}` is {own.value!r}, but {shown}'
        yield report_between(
            context, own, (setting.place,), message, advice=Advice('write', f'{own.name}={setting.value!r}')
        )


def _fits(own: Item, value: Any, shared: SharedSetting) -> bool:
    if own.value == value or not shared.multiple_unless:
        return bool(own.value == value)
    is_switched = own.parent is not None and bool(own.parent.value.get(shared.multiple_unless, False))
    return is_switched or own.value % value == 0


def _counts(value: Any, shared: SharedSetting) -> bool:
    return value in shared.values if shared.values else is_number(value)
