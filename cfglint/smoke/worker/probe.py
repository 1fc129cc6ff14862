"""What a config file is, without building anything: trainable or not, and equal to which others."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING, Any

from . import guard, stages
from .apart import end_like, told_apart
from .failure import Unfit, describe
from .overrides import TRIPLES, check_fit
from .session import load_config

if TYPE_CHECKING:
    from .wire import Wire

WITHOUT_EFFECT = frozenset({
    'work_dir', 'experiment_name', 'log_level',
    'test_dataloader', 'test_evaluator', 'test_cfg', 'test_pipeline', 'tta_model', 'tta_pipeline',
})  # fmt: skip
"""What smoke replaces, or never builds. All else may matter: hooks and models read what they like from ``runner.cfg``."""
MEASURED = ('model', 'data_preprocessor', 'optim_wrapper', 'default_scope', 'custom_imports', 'runner_type')
TOLD = ('signature', 'unfit', 'status', 'failure')
"""What is told of a config."""
VALIDATION = frozenset({'val_dataloader', 'val_evaluator', 'val_cfg', 'val_pipeline'})


def signature(config: Any, options: dict[str, Any]) -> str:
    """Equal for configs that run the same: only what has no effect on the iteration may differ."""
    ignored = WITHOUT_EFFECT if options.get('val') else WITHOUT_EFFECT.union(VALIDATION)
    keys = MEASURED if options.get('meta') else sorted(set(config._cfg_dict) - ignored)
    table = _plain(config._cfg_dict)
    text = '\n'.join(f'{key}={table[key]!r}' for key in keys if key in table)
    # MMEngine refuses a part of a section that is not run, too.
    text += '\n'.join(name for triple in TRIPLES.values() for name in triple if table.get(name) is not None)
    return hashlib.sha256(text.encode('utf-8', 'backslashreplace')).hexdigest()


def _plain(table: Any) -> dict[str, Any]:
    """The config with whole names in place of imports that are yet to be made, which show only the last part of it."""
    return table.to_dict() if hasattr(type(table), 'to_dict') else table


def probe(job: dict[str, Any], wire: Wire) -> int:
    """Read each config, in a process of its own, and tell what it is; return how that ended.

    A config that ends its process is the last one of which `reading` told.
    """
    guard.adopt_orphans()
    for path in job['configs']:
        wire.send('reading', config=path)
        said = told_apart(partial(_read, path, job, wire), wire, 'probed')
        if isinstance(said, int):
            return end_like(said)
        wire.send('probed', **{name: said.get(name) for name in TOLD}, config=path)
    return 0


def _read(path: str, job: dict[str, Any], wire: Wire) -> None:
    guard.put_up_kernels_walls(job)
    options = job['options']
    found: dict[str, Any] = dict.fromkeys(TOLD)
    try:
        config = load_config(path, options.get('cfg_options') or [])
        check_fit(config, bool(options.get('meta')))
        found['signature'] = signature(config, options)
    except Unfit as error:
        found.update(unfit=str(error), status=error.status)
    except BaseException as error:  # a config may call sys.exit()
        found['failure'] = describe(error, stages.CONFIG, None)
    wire.send('probed', **found)
