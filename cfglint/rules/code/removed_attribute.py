"""Uses, in the user's own modules, of what a library does not have any more: `mmcv.Config`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cfglint.diagnostics import Advice, Diagnostic, Related, Severity
from cfglint.rules.code.behind import behind, of_each
from cfglint.rules.code.homes import Gone, gone
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.language.source import Span
    from cfglint.rules.code.modules import Attribute, Module
    from cfglint.rules.context import Context

MAX_PLACES = 5
"""Further places of the same name that are shown."""


@rule(severity=Severity.WARNING, given=behind)
def removed_attribute(context: Context) -> Iterator[Diagnostic]:
    """A module of your own that uses, through an imported package, what its release does not have any more.

    Python notices when it gets there: `AttributeError: module … has no attribute …`. The modules are those of
    `removed-import`. What stands in a `try` with an `except`, or below a question for a version, does not count.

    ```py title="bad/config.py"
    default_scope = 'mmdet'
    custom_imports = dict(imports=['plugins.tools'])
    ```

    ```py title="bad/plugins/tools.py"
    import mmcv


    def write(config, folder):
        mmcv.mkdir_or_exist(folder)
        mmcv.Config(config).dump(f'{folder}/config.py')
    ```

    ```py title="good/config.py"
    default_scope = 'mmdet'
    custom_imports = dict(imports=['plugins.tools'])
    ```

    ```py title="good/plugins/tools.py"
    from mmengine.config import Config
    from mmengine.utils import mkdir_or_exist


    def write(config, folder):
        mkdir_or_exist(folder)
        Config(config).dump(f'{folder}/config.py')
    ```
    """
    for each, found in of_each(context, 'removed-attribute', _removed):
        related = (*(Related('and here', span) for span in found.others), *each.related(context))
        yield context.report_at(found.span, found.message, raises=found.raises, advice=found.advice, related=related)


class _Removed(NamedTuple):
    span: Span
    message: str
    raises: str
    advice: Advice | None
    others: tuple[Span, ...]


def _removed(context: Context, module: Module) -> Iterator[_Removed]:
    by_path: dict[str, list[tuple[Attribute, Gone]]] = {}
    for attribute in module.attributes:
        lost = _lost(context, attribute)
        if lost is not None:
            by_path.setdefault(attribute.path, []).append((attribute, lost))
    for (attribute, lost), *others in by_path.values():
        places = tuple(other.span for other, _ in others[:MAX_PLACES])
        message = f'`{lost.module}` of {lost.library} {lost.release} has no `{lost.name}`'
        raises = f"AttributeError: module '{lost.module}' has no attribute '{lost.name}'"
        yield _Removed(attribute.span, message, raises, _advice(attribute, lost), places)


def _lost(context: Context, attribute: Attribute) -> Gone | None:
    """Return the first part of a path that is gone, as the whole of what is used."""
    parts = attribute.path.split('.')
    imported = '.'.join(parts[: attribute.start])
    if attribute.start > 1 and gone(context, *imported.rpartition('.')[::2]) is not None:
        return None  # the import fails already
    for end in range(attribute.start, len(parts)):
        lost = gone(context, '.'.join(parts[:end]), parts[end])
        if lost is not None:
            # `mmcv.runner.BaseModule`: there is no `runner`, but the module is what is meant.
            deeper = gone(context, '.'.join(parts[: end + 1]), parts[end + 1]) if end + 1 < len(parts) else None
            return lost if deeper is None else lost._replace(home=deeper.home, advice=deeper.advice)
    return None


def _advice(attribute: Attribute, lost: Gone) -> Advice | None:
    """Return what to write instead, if that is known."""
    if lost.home is not None:  # the last part may be of the object: `mmcv.Config.fromfile`
        return Advice('write', f'{lost.home.module}.{lost.home.name}')
    return Advice(lost.advice.replace('{}', f'`{attribute.path}`')) if lost.advice else None
