"""What the reader of the config language reports about a file as a whole; each rule only documents it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Diagnostic, Severity
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.rules.context import Context


@rule(scope='reader', era='all', raises='SyntaxError: invalid syntax')
def syntax_error(context: Context) -> Iterable[Diagnostic]:
    """The file is no valid Python, YAML or JSON.

    MMEngine parses the file before anything else and fails with a `SyntaxError` (or the parser's own error).

    ```py title="bad"
    model = dict(
        type='RetinaNet'
        backbone=dict(type='ResNet'))
    ```

    ```py title="good"
    model = dict(
        type='RetinaNet',
        backbone=dict(type='ResNet'))
    ```
    """
    return ()


@rule(scope='reader', era='all', raises='FileNotFoundError: does not exist')
def unreadable_file(context: Context) -> Iterable[Diagnostic]:
    """The file cannot be read: it is a folder, a broken link, not UTF-8, too large, or has a NUL byte or a BOM.

    MMEngine reads configs as UTF-8 without a byte order mark, from regular files that end in `.py`, `.yaml`, `.yml` or
    `.json`. cfglint reads up to 320 kB.

    ```py title="bad"
    _base_ = ''
    ```

    ```py title="good"
    _base_ = []
    ```
    """
    return ()


@rule(scope='reader', era='all', raises="AttributeError: object has no attribute 'get'")
def no_mapping(context: Context) -> Iterable[Diagnostic]:
    """A YAML or JSON config whose top level is no mapping of strings.

    MMEngine asks the top level for its `_base_`, and its keys for their first letters: a list, an empty file or a
    number as a key end in an `AttributeError`.

    ```py title="bad/config.yaml"
    - model
    - data
    ```

    ```py title="good/config.yaml"
    model: {type: RetinaNet}
    ```
    """
    return ()


@rule(scope='reader', era='all')
def endless_evaluation(context: Context) -> Iterable[Diagnostic]:
    """Reading the config takes more time or memory than a config should.

    cfglint evaluates a config within bounds: 600 000 steps, values of 200 000 items, 150 levels of nesting, texts of a
    million characters, 60 levels of inheritance. MMEngine has no bounds: it may take forever, or all memory.

    ```py title="bad"
    while True:
        pass
    ```

    ```py title="good"
    steps = [8, 11]
    ```
    """
    return ()


@rule(scope='reader', era='all', raises='TypeError: unsupported operand')
def failing_expression(context: Context) -> Iterable[Diagnostic]:
    """An expression that raises an exception while the config is read.

    MMEngine runs a config as Python. A dict that the file itself writes is a plain `dict`: read `x['a']`, not `x.a`.
    Only what comes from `_base_` (or through `read_base()`) has attributes.

    ```py title="bad"
    base_lr = '0.01'
    lr = base_lr / 8
    ```

    ```py title="good"
    base_lr = 0.01
    lr = base_lr / 8
    ```
    """
    return ()


@rule(scope='reader', era='all', raises='NameError: is not defined')
def undefined_name(context: Context) -> Iterable[Diagnostic]:
    """A name that nothing defines.

    The names of a base are not in reach of a text-style config: write `_base_.lr`. `__file__` exists in pure-Python
    configs only, and the expression for `_base_` sees no name of the file.

    ```py title="bad/base.py"
    lr = 0.01
    ```

    ```py title="bad/config.py"
    _base_ = './base.py'
    warmup_lr = lr / 10
    ```

    ```py title="good/base.py"
    lr = 0.01
    ```

    ```py title="good/config.py"
    _base_ = './base.py'
    warmup_lr = _base_.lr / 10
    ```
    """
    return ()


@rule(scope='reader', era='all', raises='SyntaxError: keyword argument repeated')
def repeated_key(context: Context) -> Iterable[Diagnostic]:
    """A key is given twice to the same `dict(…)`.

    Twice by name is a `SyntaxError`; by name and through `**other` a `TypeError`.

    ```py title="bad"
    optimizer = dict(type='SGD', lr=0.01, lr=0.02)
    ```

    ```py title="good"
    optimizer = dict(type='SGD', lr=0.02)
    ```
    """
    return ()


@rule(scope='reader', era='all', raises='KeyError: cannot be found in `os.environ`')
def undefined_environment_variable(context: Context) -> Iterable[Diagnostic]:
    """`{{$NAME:}}` of an environment variable that is not set, without a default.

    MMEngine replaces it wherever it stands, in comments too. A variable that is set to nothing counts as not set.

    ```py title="bad"
    data_root = '{{$CFGLINT_EXAMPLE:}}'
    ```

    ```py title="good"
    data_root = '{{$CFGLINT_EXAMPLE:data/coco}}'
    ```
    """
    return ()


@rule(scope='reader', era='all', raises="TypeError: argument of type 'bool' is not iterable")
def invalid_deprecation(context: Context) -> Iterable[Diagnostic]:
    """A `_deprecation_` that MMEngine cannot read.

    It asks for `expected` (what to use instead) and `reference` (where it is explained), which only a dict can answer.

    ```py title="bad"
    _deprecation_ = True
    ```

    ```py title="good"
    _deprecation_ = dict(expected='new_config.py', reference='https://example.com/changes')
    ```
    """
    return ()


@rule(severity=Severity.WARNING, scope='reader')
def interpreter_dependent_style(context: Context) -> Iterable[Diagnostic]:
    """An import of the standard library that makes some interpreters read the file as a pure-Python config.

    MMEngine reads a file as a pure-Python config when it imports anything but the standard library, and recognises that
    by paths: in a virtual environment it calls nearly all of it foreign, on Python 3.11 and later `os` everywhere. The
    same file then cannot inherit with `_base_`, nor be inherited. An assignment to `_base_` above the import decides
    for the text style.

    ```py title="bad"
    import math
    scale = math.sqrt(2)
    ```

    ```py title="good"
    scale = 2**0.5
    ```
    """
    return ()
