"""One pointer to the migrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Diagnostic, Severity
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.rules.context import Context

_STRONG = frozenset({
    'data', 'runner', 'lr_config', 'optimizer_config', 'optimizers', 'checkpoint_config', 'log_config',
    'evaluation', 'total_epochs', 'total_iters', 'workflow', 'resume_from', 'dist_params',
})  # fmt: skip
"""What no config of 1.x has; the other names may stand alone in a file that serves 1.x configs as a base."""
_SHARED = ('log_config', 'dist_params', 'checkpoint_config', 'workflow', 'resume_from', 'runner', 'lr_config')
"""What the configs of a tree mostly inherit from one file: they then share the pointer too."""


@rule(era='0.x', severity=Severity.INFO)
def legacy_config(context: Context) -> Iterable[Diagnostic]:
    """The config is one of 0.x as a whole.

    MMEngine runs nothing of it: the Runner is built, and then raises "`self._train_loop` should not be None when calling
    train method". Scripts that read a section fail with `'ConfigDict' object has no attribute 'train_dataloader'`.
    `cfglint migrate` rewrites a tree of such configs with all that they inherit; the other diagnostics say what becomes of
    each key.

    ```py title="bad"
    log_config = dict(interval=50)
    dist_params = dict(backend='nccl')
    data = dict(samples_per_gpu=2)
    ```

    ```py title="good"
    default_hooks = dict(logger=dict(type='LoggerHook', interval=50))
    env_cfg = dict(dist_cfg=dict(backend='nccl'))
    train_dataloader = dict(batch_size=2)
    ```
    """
    if context.era != '0.x' or _STRONG.isdisjoint(context.config.table):
        return
    name = next(name for name in (*_SHARED, *sorted(_STRONG)) if name in context)
    item = context.find(name)
    if item is not None:
        advice = Advice('rewrite it, with all that it inherits', 'cfglint migrate PATH')
        yield context.report(item, 'this is a config of 0.x, which MMEngine cannot run', advice=advice)
