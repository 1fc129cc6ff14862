"""Modules in `custom_imports` that are not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.catalog import Missing, libraries, suggest
from cfglint.diagnostics import Advice, Diagnostic, Severity
from cfglint.language.style import is_standard_library
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.catalog.local import LocalCode
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(
    era='all',
    raises='ImportError: Failed to import custom modules',
    reads=('custom_imports',),
    needs=('custom_imports',),
    yields_to=('renamed-module',),
)
def missing_module(context: Context) -> Iterator[Diagnostic]:
    """A module in `custom_imports` that is not there.

    MMEngine imports all of them before it builds anything, and raises `ImportError: Failed to import custom modules`; with
    `allow_failed_imports=True` it only warns. Reported for packages in your own tree and libraries that are known, and
    for a name that is nearly that of a package in your own tree: what else is installed where the config runs is not
    known.

    ```py title="bad/config.py"
    custom_imports = dict(imports=['my_lib.hed'])
    ```

    ```py title="bad/my_lib/__init__.py"
    ```

    ```py title="bad/my_lib/head.py"
    ```

    ```py title="good/config.py"
    custom_imports = dict(imports=['my_lib.head'])
    ```

    ```py title="good/my_lib/__init__.py"
    ```

    ```py title="good/my_lib/head.py"
    ```
    """
    item = None if context.style == 'lazy' else context.find('custom_imports.imports')
    if item is None:
        return
    allowed = context.value('custom_imports.allow_failed_imports') is True
    for each in [item] if isinstance(item.value, str) else item.items():
        name = each.value
        if not isinstance(name, str) or not all(part.isidentifier() for part in name.split('.')):
            continue  # the form is another rule's
        found = _absent(context, name)
        if found is not None:
            yield _diagnostic(context, each, *found, allowed=allowed)


def _diagnostic(context: Context, item: Item, where: str, near: str | None, *, allowed: bool) -> Diagnostic:
    raises = None if allowed else f'ImportError: Failed to import custom modules from {[item.value]}'
    severity = Severity.WARNING if allowed else None
    return context.report(
        item,
        f'there is no module `{item.value}`: {where}',
        at='value',
        severity=severity,
        raises=raises,
        advice=None if near is None else Advice('write', repr(near)),
    )


def is_absent(context: Context, name: str) -> bool:
    """Tell whether there is no module of a name, for certain."""
    return _absent(context, name) is not None


def _absent(context: Context, name: str) -> tuple[str, str | None] | None:
    """Return what is missing of a module, and the one that was most likely meant; None if it may be there."""
    top = name.partition('.')[0]
    local = context.libraries.own.code
    if libraries.library_of(top) is not None:
        found = context.libraries.installation(context.scope, with_local=local is not None).by_path(name)
        return (f'`{top}` does not have it', None) if isinstance(found, Missing) else None
    if local is None or not local.is_complete or is_standard_library(top):
        return None
    if not local.named_as(top):
        near = next(iter(suggest.nearest(top, local.packages, 1)), None)
        if near is None or not suggest.is_slip(top, near) or context.libraries.targets.find_package(top) is not None:
            return None
        return f'there is only `{near}`', near + name[len(top) :]
    return _absent_below(local, name)


def _absent_below(local: LocalCode, name: str) -> tuple[str, str | None] | None:
    """Look for a module of a package in the tree, wherever in the tree that package lies."""
    top, _, rest = name.partition('.')
    places = local.named_as(top)
    for part in rest.split('.') if rest else ():
        below = [f'{place}.{part}' for place in places]
        there = [each for each in below if local.has_module(each)]
        if not there:
            near = next((each for place in places for each in suggest.nearest(part, local.below(place), 1)), None)
            is_sure = all(local.is_regular(place) or place in local.files for place in places)
            if not is_sure and (near is None or not suggest.is_slip(part, near)):
                return None
            package = name[: name.index(f'.{part}')]
            return f'`{package}` has no `{part}`', None if near is None else f'{package}.{near}'
        places = there
    return None
