"""The modules and the library that a config needs, and what is missing of them."""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from typing import Any

from . import stages
from .failure import Unhealthy

NOT_IN_REGISTRY = re.compile(r'^([\w.]+) is not in the')


def import_custom(wanted: Any) -> None:
    """Import what `custom_imports` names, as MMEngine does.

    Raises:
        Unhealthy: One of them cannot be imported.
    """
    if not wanted:
        return
    from mmengine.utils import import_modules_from_strings

    try:
        import_modules_from_strings(**wanted)
    except ImportError as error:
        # MMEngine names the module, and what was wrong with it is what that was raised in place of.
        module = str(error).rpartition(' ')[2]
        cause = error.__context__ or error
        modules = wanted.get('imports')
        place = f'[{modules.index(module)}]' if isinstance(modules, (list, tuple)) and module in modules else ''
        raise Unhealthy(_why_not(module, cause), stages.IMPORT, f'custom_imports.imports{place}') from cause


def _why_not(module: str, error: BaseException) -> str:
    missing = getattr(error, 'name', None) if isinstance(error, ModuleNotFoundError) else None
    if missing is not None and (module + '.').startswith(missing + '.'):
        return f'there is no module `{missing}`: set PYTHONPATH to the folder that holds it'
    if missing is not None:
        return f'`{module}` needs `{missing}`, which is not installed: {error}'
    return f'`{module}` cannot be imported: {type(error).__name__}: {error}'


def import_library(scope: str | None) -> str | None:
    """Import and register the library that `default_scope` names. MMEngine would do so on the first lookup."""
    if not scope or scope == 'mmengine':
        return None
    try:
        library = importlib.import_module(scope)
    except ModuleNotFoundError as error:
        if error.name == scope:
            return None  # a scope of the user's own, made by custom_imports; or not installed
        raise
    try:
        utils = importlib.import_module(scope + '.utils')
    except ModuleNotFoundError:
        return library.__name__
    register = getattr(utils, 'register_all_modules', None)
    if register is not None:
        register(init_default_scope=False)
    return library.__name__


def explain_missing(failure: dict[str, Any], scope: str | None) -> None:
    """Name the library that is not installed, where that is why a type is not registered.

    Args:
        failure: The failure, which is changed.
        scope: The default scope, if no library of that name is installed.
    """
    if failure['stage'] != stages.REGISTRY:
        return
    name = NOT_IN_REGISTRY.match(failure['message'])
    prefix = name.group(1).partition('.')[0] if name and '.' in name.group(1) else scope
    if prefix and not _is_scope(prefix) and importlib.util.find_spec(prefix) is None:
        missing = failure['message'].partition('. ')[0]
        text = f'`{prefix}` is not installed in {sys.executable}: {missing}'
        failure.update(stage=stages.IMPORT, message=text)
        if prefix == scope:
            failure['key'] = 'default_scope'


def _is_scope(name: str) -> bool:
    """Whether someone has made a registry of that scope."""
    from mmengine import registry

    return any(name in each.children for each in vars(registry).values() if isinstance(each, registry.Registry))
