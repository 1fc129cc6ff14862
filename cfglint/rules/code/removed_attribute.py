"""Uses, in the user's own modules, of what a library does not have any more: `mmcv.Config`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cfglint.catalog.library_index import taken_over
from cfglint.code.attributes import Lost, attributes, instead, lost, with_lines
from cfglint.diagnostics import Advice, Applicability, Fix, Related, Severity
from cfglint.rules.code.finding import Finding
from cfglint.rules.code.module_rule import module_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.code.module import Code
    from cfglint.code.successors import Gone, Releases

MAX_PLACES = 5
"""Further places of the same name that are shown."""


@module_rule(severity=Severity.WARNING, fixable=True)
def removed_attribute(code: Code, releases: Releases) -> Iterator[Finding]:
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
    by_path: dict[str, list[Lost]] = {}
    for attribute in attributes(code):
        node = attribute.node
        is_read = not (code.postpones_annotations and node in code.annotations) and node not in code.guarded
        found = lost(releases, attribute) if is_read and isinstance(node.ctx, ast.Load) else None
        if found is not None and not found.gone.is_renamed_package:
            by_path.setdefault(attribute.path, []).append(found)
    for first, *others in by_path.values():
        gone = first.gone
        message = f'`{gone.module}` of {gone.library} {gone.release} has no `{gone.name}`'
        raises = f"AttributeError: module '{gone.module}' has no attribute '{gone.name}'"
        if not gone.name:
            message, raises = f'`{gone.module}` goes on as `{taken_over()[gone.module]}`', ''
        places = tuple(Related('and here', code.span(each.attribute.node)) for each in others[:MAX_PLACES])
        span = code.span(first.attribute.node)
        fix = _fix(code, releases, [first, *others])
        yield Finding(span, message, raises or None, _advice(first.attribute.path, gone), fix, related=places)


def _fix(code: Code, releases: Releases, found: Sequence[Lost]) -> Fix | None:
    each = [instead(code, releases, one) for one in found]
    mended = [one for one in each if one is not None]
    edits = None if len(mended) < len(each) else with_lines(code, found[0].attribute.by, mended)
    return None if edits is None else Fix('Use what took over', edits, Applicability.UNSAFE)


def _advice(path: str, gone: Gone) -> Advice | None:
    """Return what to write instead, if that is known."""
    if gone.place is not None:  # the last part may be of the object: `mmcv.Config.fromfile`
        call = f'.{gone.call}' if gone.call else ''
        words = f'{gone.differs}; write' if gone.differs else 'write'
        return Advice(words, f'{gone.place.path}{call}')
    return Advice(gone.advice.replace('{}', f'`{path}`')) if gone.advice else None
