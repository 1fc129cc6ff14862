"""Imports of libraries that go on by another name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.catalog.library_index import taken_over
from cfglint.diagnostics import Severity
from cfglint.rules.code.finding import Finding
from cfglint.rules.code.module_rule import module_rule
from cfglint.rules.code.removed_import import advice, fix_of, imports_by_statement, lost_in, uses_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.code.module import Code
    from cfglint.code.successors import Releases


@module_rule(severity=Severity.INFO, fixable=True)
def renamed_package(code: Code, releases: Releases) -> Iterator[Finding]:
    """A module of your own that imports a library which goes on by another name, such as `mmcls`.

    Their last releases were previews for MMEngine: what is imported is still there, but nothing is mended any more. It is
    said where code of 0.x is to be migrated (configs of 0.x, `--code`), if no release of the old name is targeted.

    ```py title="bad/config.py"
    data = dict(samples_per_gpu=2)
    custom_imports = dict(imports=['backbone'])
    ```

    ```py title="bad/backbone.py"
    from mmcls.models.backbones import ResNet


    class WideResNet(ResNet):
        pass
    ```

    ```py title="good/config.py"
    data = dict(samples_per_gpu=2)
    custom_imports = dict(imports=['backbone'])
    ```

    ```py title="good/backbone.py"
    from mmpretrain.models import ResNet


    class WideResNet(ResNet):
        pass
    ```
    """
    for imports in imports_by_statement(code):
        losses = lost_in(releases, imports)
        if losses and all(lost.is_renamed_package for lost in losses.values()):
            instead = advice([(alias.name, each) for alias, each in losses.items()])
            package = next(iter(losses.values())).module
            span = code.span(imports[0].statement)
            related = tuple(uses_of(code, imports, losses))
            fix = fix_of(code, releases, imports, losses)
            message = f'`{package}` goes on as `{taken_over().get(package)}`'
            yield Finding(span, message, None, instead, fix, related=related)
