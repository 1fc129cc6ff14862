"""Misspelt keys of settings of a model that have no `type`, and are read key by key."""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from cfglint.catalog.model_facts import model_facts
from cfglint.catalog.suggest import nearest
from cfglint.diagnostics import Advice, Applicability, Severity
from cfglint.rules.reading.parts import component_of, components, holding, is_of_libraries, packages_in
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

_SHARED: Final = frozenset({'mmdet'})
"""Libraries whose models others inherit."""
_COMPARED: Final = 500
"""How many keys of a setting are compared with those that are read."""
_OF_FUNCTIONS: Final = frozenset({'nms'})
"""Keys whose dicts become the arguments of a function."""


@rule(severity=Severity.WARNING, fixable=True, reads=('model',))
def misspelt_setting(context: Context) -> Iterator[Diagnostic]:
    """A key of `test_cfg`, `train_cfg`, `extra` or `plugins` that no model reads, but nearly.

    These dicts are no arguments of a class: the model looks up the keys that it knows, and nobody looks for others. With
    `cfg.get('max_per_img', -1)` a misspelt key is without effect; with `cfg.score_thr` it is an `AttributeError` at the first
    validation, with `extra['stage1']['num_blocks']` a `KeyError`. Which keys the libraries read, and which their own configs
    have, was taken from them (`tools/build_settings.py`). Models with a part of one's own may read others: they are not judged.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', test_cfg=dict(nms_pre=1000, min_bbox_sise=0, score_thr=0.05))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', test_cfg=dict(nms_pre=1000, min_bbox_size=0, score_thr=0.05))
    ```
    """
    model = context.section('model')
    if model is None or not isinstance(model.value, dict):
        return
    packages = packages_in(context, model.value) | _SHARED
    settings, read = _known(packages)
    is_known: bool | None = None
    for owner in holding(context, model, frozenset(settings)):
        for name, keys in settings.items():
            setting = owner.get(name)
            for item in () if setting is None else islice(_unknown(setting, read | keys), _COMPARED):
                near = nearest(item.name, sorted(keys), 1)
                if near and is_known is None:
                    is_known = is_of_libraries(context, model) and _owners(context, model) <= packages
                if near and is_known:
                    yield _report(context, item, name, near[0])


def _owners(context: Context, model: Item) -> set[str]:
    """Return the libraries that read settings of which a model has parts: a part of a config may not name its scope."""
    found = (component_of(context, part) for part in components(context, model))
    packages = {each.path.partition('.')[0] for each in found if each is not None}
    return {package for package in packages if model_facts(package).settings}


@cache
def _known(packages: frozenset[str]) -> tuple[dict[str, frozenset[str]], frozenset[str]]:
    """Return setting → the keys that configs of some libraries have there, and all keys that their sources look up."""
    facts = [model_facts(package) for package in sorted(packages)]
    names = dict.fromkeys(name for each in facts for name in each.settings)
    settings = {name: frozenset(key for each in facts for key in each.settings.get(name, ())) for name in names}
    return settings, frozenset[str]().union(*(each.settings_read for each in facts))


def _unknown(setting: Item, known: frozenset[str]) -> Iterator[Item]:
    """Yield the keys at and below a setting that are not known, as far as dicts have no `type`."""
    if isinstance(setting.value, dict) and 'type' in setting.value:
        return
    for item in setting.items() if isinstance(setting.value, (dict, list, tuple)) else ():
        if isinstance(item.value, (dict, list, tuple)) and item.name not in _OF_FUNCTIONS:
            yield from _unknown(item, known)
        if isinstance(setting.value, dict) and item.name not in known and not item.name.startswith('_'):
            yield item


def _report(context: Context, item: Item, setting: str, near: str) -> Diagnostic:
    fix = context.replace_key(item, near, f'Rename to `{near}`', Applicability.UNSAFE)
    message = f'no model of the library reads `{item.name:.40}` from `{setting}`'
    return context.report(item, message, misspelt=near, fix=fix, advice=Advice('write', near))
