"""Scopes that do not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.catalog import libraries
from cfglint.catalog.suggest import nearest
from cfglint.diagnostics import Advice
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context

_REPOSITORIES = {
    'mmdetection': 'mmdet',
    'mmdetection3d': 'mmdet3d',
    'mmclassification': 'mmcls',
    'mmediting': 'mmedit',
    'mmgeneration': 'mmgen',
    'mmtracking': 'mmtrack',
}
"""Repositories that are called neither like their package nor like their distribution."""


@rule(raises='KeyError: is not in the', fixable=True, reads=('default_scope', 'model'))
def unknown_default_scope(context: Context) -> Iterator[Diagnostic]:
    """A `default_scope` that is no scope: misspelt, or the name under which the library is installed.

    MMEngine warns only, looks the names up in its own registries, and fails with `KeyError: '… is not in the
    mmengine::model registry'`. Libraries without a catalog are not known; their scope is not reported.

    ```py title="bad"
    default_scope = 'mmsegmentation'
    model = dict(type='EncoderDecoder')
    ```

    ```py title="good"
    default_scope = 'mmseg'
    model = dict(type='EncoderDecoder')
    ```
    """
    item = context.find('default_scope')
    if item is None or not isinstance(item.value, str) or not item.value:
        return
    installation = context.libraries.installation('mmengine')
    if installation.has_scope(item.value) or context.libraries.own.has_package(item.value):
        return
    library = libraries.library_of(_REPOSITORIES.get(item.value.lower(), item.value))
    near = [libraries.scope_of(library)] if library is not None else nearest(item.value, installation.scopes, 1)
    if near:
        message = f'there is no scope `{item.value:.60}`'
        kind = context.value('model.type')
        raises = f'KeyError: {kind if isinstance(kind, str) else "…"} is not in the mmengine::model registry'
        fix = context.replace_value(item, repr(near[0]), f'Write `{near[0]}`')
        yield context.report(item, message, at='value', raises=raises, advice=Advice('write', repr(near[0])), fix=fix)
