"""What a config file is, without building anything: trainable or not, and equal to which others."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from . import stages
from .failure import Unfit, describe
from .overrides import check_fit
from .session import load_config

if TYPE_CHECKING:
    from .wire import Wire

COMPARED = ('model', 'data_preprocessor', 'train_dataloader', 'optim_wrapper', 'custom_hooks', 'default_hooks',
            'default_scope', 'custom_imports', 'model_wrapper_cfg', 'find_unused_parameters', 'runner_type', 'sync_bn',
            'activation_checkpointing', 'efficient_conv_bn_eval')  # fmt: skip
MEASURED = ('model', 'data_preprocessor', 'optim_wrapper', 'default_scope', 'custom_imports', 'runner_type')
VALIDATION = ('val_dataloader', 'val_evaluator', 'val_cfg')


def signature(config: Any, options: dict[str, Any]) -> str:
    """Equal for configs that build the same model, data and optimizer; schedules and names do not count."""
    keys = MEASURED if options.get('meta') else COMPARED + (VALIDATION if options.get('val') else ())
    text = '\n'.join(f'{key}={config._cfg_dict[key]!r}' for key in keys if key in config)
    return hashlib.sha256(text.encode('utf-8', 'backslashreplace')).hexdigest()


def probe(job: dict[str, Any], wire: Wire) -> None:
    """Read each config and tell what it is. A config that ends the process is the last one of which `reading` told."""
    options = job['options']
    for path in job['configs']:
        wire.send('reading', config=path)
        found: dict[str, Any] = {'config': path, 'signature': None, 'unfit': None, 'failure': None}
        try:
            config = load_config(path, options.get('cfg_options') or [])
            check_fit(config, bool(options.get('meta')))
            found['signature'] = signature(config, options)
        except Unfit as error:
            found['unfit'] = str(error)
        except BaseException as error:  # a config may call sys.exit()
            found['failure'] = describe(error, stages.CONFIG, None)
        wire.send('probed', **found)
