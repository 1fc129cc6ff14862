"""Parts of a model that have no `type`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Diagnostic
from cfglint.language.values import Unknown
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from cfglint.rules.context import Context, Item

PARTS: Final = frozenset({
    'backbone', 'neck', 'head', 'bbox_head', 'mask_head', 'rpn_head', 'roi_head', 'decode_head', 'auxiliary_head', 'cls_head',
    'keypoint_head', 'semantic_head', 'bbox_roi_extractor', 'mask_roi_extractor', 'anchor_generator', 'bbox_coder',
    'loss_cls', 'loss_bbox', 'loss_mask', 'loss_decode',
})  # fmt: skip
"""Names under which all libraries build something from a dict."""


@rule(scope='entry', raises='must contain the key "type"')
def typeless_component(context: Context) -> Iterator[Diagnostic]:
    """A head, backbone or loss without `type`: most often an override of something that the base does not have.

    MMEngine fails with ``KeyError: `cfg` or `default_args` must contain the key "type"``.

    ```py title="bad"
    model = dict(type='ToyWrapper', head=dict(num_classes=2))
    ```

    ```py title="good"
    model = dict(type='ToyWrapper', head=dict(type='ToyModel', num_classes=2))
    ```
    """
    model = context.root.get('model')
    if model is None or not isinstance(model.value, dict) or context.config.partial is not None:
        return
    for path in context.shared('typeless', model.value, lambda: list(_typeless(model))):
        item = context.find(f'model.{path}')
        if item is None:
            continue
        message = f'`{item.key}` has no `type`'
        if item.origin is not None and item.origin.source is context.config.source and context.config.bases:
            if item.origin.overrides is None:
                message += ': the base has nothing there that this could override'
            elif item.parent is not None and item.origin.overrides is not None:
                message += ': it replaces what the base has there'
        said = 'KeyError: `cfg` or `default_args` must contain the key "type"'
        yield context.report(item, f'{message}; MMEngine raises ``{said}``')


def _typeless(item: Item, below: str = '') -> Iterator[str]:
    value = item.value
    if isinstance(value, dict):
        children = [child for child in item.items() if child.name not in ('train_cfg', 'test_cfg')]
    elif isinstance(value, (list, tuple)):
        children = list(item.items())
    else:
        return
    for child in children:
        path = f'{below}.{child.name}' if below else child.name
        if 'type' in value if isinstance(value, dict) else False:
            if child.name in PARTS and _is_typeless(child.value):
                yield path
                continue
        yield from _typeless(child, path)


def _is_typeless(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and 'type' not in value and not any(isinstance(key, Unknown) for key in value)
