"""Types that ask for the scope of a library that another one took over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.catalog.library_index import taken_over
from cfglint.diagnostics import Advice, Applicability
from cfglint.rules.reading.uses import collect
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.lookup import Use


@rule(fixable=True, raises='KeyError: is not in the')
def scope_of_renamed_library(context: Context) -> Iterator[Diagnostic]:
    """A type with the prefix of a library, while the config imports the library that took it over.

    `custom_imports` of `mmpretrain.models` registers everything under the scope `mmpretrain`. A type with the prefix
    `mmcls.` is still looked up in the registries of mmcls: `KeyError`, where that is not installed beside it.

    ```py title="bad"
    default_scope = 'mmdet'
    custom_imports = dict(imports=['mmpretrain.models'], allow_failed_imports=False)
    model = dict(type='RetinaNet', backbone=dict(type='mmcls.MobileNetV3', arch='small'))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    custom_imports = dict(imports=['mmpretrain.models'], allow_failed_imports=False)
    model = dict(type='RetinaNet', backbone=dict(type='mmpretrain.MobileNetV3', arch='small'))
    ```
    """
    imports = _packages(context.value('custom_imports.imports'))
    old = {name: new for name, new in taken_over().items() if new in imports and name not in imports}
    if not old or context.scope in old:
        return

    def visit(use: Use) -> Iterator[str]:
        prefix = use.type.value.partition('.')[0] if isinstance(use.type.value, str) else ''
        if prefix in old and '.' in use.type.value:
            yield prefix

    for use, prefix in collect(context, 'scopes of renamed libraries', visit):
        if prefix in old:
            new = f'{old[prefix]}{use.type.value[len(prefix) :]}'
            message = f'`{use.type.value}` asks for `{prefix}`, but `{old[prefix]}`, which took it over, is imported'
            advice = Advice('take the new scope', f'type={new!r}')
            fix = context.replace_value(use.type, repr(new), f'Write `{new}`', Applicability.UNSAFE, anywhere=True)
            raises = f"KeyError: '{use.type.value} is not in the … registry'"
            yield context.report(use.type, message, at='value', raises=raises, advice=advice, fix=fix)


def _packages(imports: object) -> set[str]:
    """Return the packages that a config imports."""
    names = [imports] if isinstance(imports, str) else imports if isinstance(imports, (list, tuple)) else []
    return {name.partition('.')[0] for name in names if isinstance(name, str)}
