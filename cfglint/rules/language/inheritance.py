"""What the reader of the config language reports about bases; each rule only documents it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Diagnostic, Severity
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.rules.context import Context


@rule(scope='reader', era='all', raises='FileNotFoundError: No such file or directory')
def missing_base(context: Context) -> Iterable[Diagnostic]:
    """A base that does not exist.

    What the file itself says is checked nevertheless; what it would have inherited is not known.

    Paths are relative to the file that names them; `~`, backslashes and addresses are not understood. In a pure-Python
    config, `from .x import *` means the file `x.py` beside it, never a package.

    ```py title="bad"
    _base_ = '../_base_/schedules/schedule_1x.py'
    ```

    ```py title="good/schedule_1x.py"
    train_cfg = dict(max_epochs=12)
    ```

    ```py title="good/config.py"
    _base_ = './schedule_1x.py'
    ```
    """
    return ()


@rule(scope='reader', era='all', raises='TypeError: join() argument must be str')
def invalid_base(context: Context) -> Iterable[Diagnostic]:
    """A `_base_` that is neither a string nor a list of strings, or a malformed `package::path`.

    A base of another package is written `mmdet::folder/file.py`, with one `::`, a folder and the suffix.

    ```py title="bad/base.py"
    lr = 0.01
    ```

    ```py title="bad/config.py"
    _base_ = ('./base.py', )
    ```

    ```py title="good/base.py"
    lr = 0.01
    ```

    ```py title="good/config.py"
    _base_ = ['./base.py']
    ```
    """
    return ()


@rule(scope='reader', era='all', raises='ValueError: empty body on If')
def misplaced_base(context: Context) -> Iterable[Diagnostic]:
    """`_base_` is assigned inside of a block.

    Only a plain assignment at the top level counts. MMEngine takes the others out of the code, which leaves an empty
    block.

    ```py title="bad"
    if True:
        _base_ = './base.py'
    ```

    ```py title="good"
    _base_ = []
    ```
    """
    return ()


@rule(scope='reader', era='all', raises='RecursionError: maximum recursion depth exceeded')
def circular_base(context: Context) -> Iterable[Diagnostic]:
    """A config that inherits itself, directly or through others.

    MMEngine follows the bases until Python gives up: `RecursionError: maximum recursion depth exceeded`.

    ```py title="bad/other.py"
    _base_ = './config.py'
    ```

    ```py title="bad/config.py"
    _base_ = './other.py'
    ```

    ```py title="good/other.py"
    lr = 0.01
    ```

    ```py title="good/config.py"
    _base_ = './other.py'
    ```
    """
    return ()


@rule(scope='reader', era='all', raises='KeyError: Duplicate key is not allowed among bases')
def duplicate_base_key(context: Context) -> Iterable[Diagnostic]:
    """Two bases of one file define the same name.

    Any top-level name counts, helper variables and private names too. Let one base inherit the other, or keep the name
    in one of them only.

    ```py title="bad/runtime.py"
    default_hooks = dict(timer=dict(type='IterTimerHook'))
    ```

    ```py title="bad/schedule.py"
    default_hooks = dict(logger=dict(type='LoggerHook'))
    ```

    ```py title="bad/config.py"
    _base_ = ['./runtime.py', './schedule.py']
    ```

    ```py title="good/runtime.py"
    default_hooks = dict(timer=dict(type='IterTimerHook'))
    ```

    ```py title="good/schedule.py"
    _base_ = './runtime.py'
    default_hooks = dict(logger=dict(type='LoggerHook'))
    ```

    ```py title="good/config.py"
    _base_ = './schedule.py'
    ```
    """
    return ()


@rule(scope='reader', era='all', raises='TypeError: cannot inherit from base because')
def dict_over_non_dict(context: Context) -> Iterable[Diagnostic]:
    """A dict of the child meets something in the base that is no dict.

    Dicts are merged into dicts. Over a number, a list or `None`, a dict needs `_delete_=True`, or the base a dict.

    ```py title="bad/base.py"
    optim_wrapper = dict(type='OptimWrapper', clip_grad=None)
    ```

    ```py title="bad/config.py"
    _base_ = './base.py'
    optim_wrapper = dict(clip_grad=dict(max_norm=20))
    ```

    ```py title="good/base.py"
    optim_wrapper = dict(type='OptimWrapper', clip_grad=None)
    ```

    ```py title="good/config.py"
    _base_ = './base.py'
    optim_wrapper = dict(clip_grad=dict(_delete_=True, max_norm=20))
    ```
    """
    return ()


@rule(scope='reader', era='all', raises="KeyError: 'lr'")
def undefined_base_variable(context: Context) -> Iterable[Diagnostic]:
    """`{{ _base_.name }}`, or `from .base import name`, of a name that no base defines.

    MMEngine fails with a `KeyError` that says the name and nothing else.

    ```py title="bad/base.py"
    base_lr = 0.01
    ```

    ```py title="bad/config.py"
    _base_ = './base.py'
    warmup = {{ _base_.lr }}
    ```

    ```py title="good/base.py"
    base_lr = 0.01
    ```

    ```py title="good/config.py"
    _base_ = './base.py'
    warmup = {{ _base_.base_lr }}
    ```
    """
    return ()


@rule(scope='reader', era='all', raises='RuntimeError: The configuration file type in the inheritance chain must match')
def mixed_config_styles(context: Context) -> Iterable[Diagnostic]:
    """A text-style config and a pure-Python one inherit each other, or `_base_` stands in a pure-Python config.

    Any import of a package makes a file a pure-Python config, unless `_base_` is assigned above it. A module that
    registers classes is no base: name it in `custom_imports`.

    ```py title="bad/base.py"
    from mmengine.runner import EpochBasedTrainLoop
    train_cfg = dict(type=EpochBasedTrainLoop, max_epochs=12)
    ```

    ```py title="bad/config.py"
    _base_ = './base.py'
    ```

    ```py title="good/base.py"
    train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
    ```

    ```py title="good/config.py"
    _base_ = './base.py'
    ```
    """
    return ()


@rule(severity=Severity.INFO, scope='reader', era='all', once=True)
def uninstalled_package(context: Context) -> Iterable[Diagnostic]:
    """A base in a package that is not installed here.

    What the config inherits from it is not known, and nothing is said about it. MMEngine needs the package where the
    config runs. Each package is reported once, at the first config that inherits from it.

    ```py title="bad"
    _base_ = 'mmhuman3d::_base_/default_runtime.py'
    ```

    ```py title="good"
    default_scope = 'mmhuman3d'
    ```
    """
    return ()
