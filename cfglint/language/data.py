"""YAML and JSON configs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.diagnostics import Advice
from cfglint.language import jsons, templates, yamls
from cfglint.language.config import Config
from cfglint.language.errors import ConfigError
from cfglint.language.evaluation.evaluator import Evaluator
from cfglint.language.evaluation.limits import TooLarge, expanded_size
from cfglint.language.evaluation.operators import type_name
from cfglint.language.merge import replace_tokens
from cfglint.language.places import Range
from cfglint.language.text import FAILING, Entries, Inherited, bounded_size, check_deprecation, check_size, merged
from cfglint.language.values import Array, Table

if TYPE_CHECKING:
    from cfglint.language.base_loader import BaseLoader
    from cfglint.language.source import SourceFile


def load_data(loader: BaseLoader, path: str, source: SourceFile) -> Config:
    """Read a YAML or JSON config.

    Raises:
        ConfigError: MMEngine would refuse it.
    """
    tokens = templates.substitute(source, loader.environment)
    content = parse(source)
    ev = Evaluator(source, loader.environment, lazy=False)  # only to pay
    inherited = Inherited(loader, path, source, _base_entries(content))
    ev.inherit(inherited.bases)
    errors: list[ConfigError] = []
    names = [name for name in content if not name.startswith('__') and name not in ('_base_', '_deprecation_')]
    if '_deprecation_' in content:
        try:
            check_deprecation(source, content['_deprecation_'], content.origins['_deprecation_'])
        except ConfigError as error:
            errors.append(error)
    own = Table({name: content[name] for name in names}, {name: content.origins[name] for name in names})
    if tokens:
        own = replace_tokens(own, tokens, inherited.table, inherited.partial, source, errors)
    check_size(ev, own)
    table = merged(own, inherited.table, inherited.partial, source, errors)
    return Config(
        path, source, None, 'data', table, own, tuple(inherited.bases), inherited.partial or (FAILING if errors else None),
        warnings=tuple(inherited.warnings), tokens=tokens, has_odd_keys=True,
        errors=(*inherited.errors, *errors), refusal=inherited.refusal or next(iter(errors), None),
        size=bounded_size(ev, inherited, table), steps=ev.spent[0],
    )  # fmt: skip


def parse(source: SourceFile) -> Table:
    """Parse the text of a file.

    Raises:
        ConfigError: It is malformed, or its top level is no mapping of strings.
    """
    try:
        value = jsons.parse(source) if source.path.endswith('.json') else yamls.parse(source)
        expanded_size(value)
    except (RecursionError, TooLarge) as error:
        message = f'evaluation stopped: {error if isinstance(error, TooLarge) else "nested too deeply"}'
        raise ConfigError('endless-evaluation', message, source, Range(0, 0)) from None
    if not isinstance(value, Table):
        kind = 'nothing' if value is None else f'a {_KINDS.get(type(value).__name__, type(value).__name__)}'
        message = f'the top level of a config must be a mapping, got {kind}'
        raises = f"AttributeError: '{type_name(value)}' object has no attribute 'get'"
        raise ConfigError('no-mapping', message, source, Range(0, 0), raises=raises)
    for key, origin in value.origins.items():
        if not isinstance(key, str):
            message = f'the top-level key `{key!s:.60}` is no string'
            raises = f"AttributeError: '{type(key).__name__}' object has no attribute 'startswith'"
            advice = Advice('put quotes around it', repr(str(key)))
            raise ConfigError('no-mapping', message, source, origin.key, raises=raises, advice=advice)
    return value


_KINDS = {'Array': 'list', 'Row': 'tuple', 'str': 'string', 'int': 'number', 'float': 'number'}


def _base_entries(content: Table) -> Entries:
    if '_base_' not in content:
        return []
    value: Any = content['_base_']
    if isinstance(value, Array):
        return [(item, origin.value) for item, origin in zip(value, value.origins, strict=True) if origin is not None]
    return [(value, content.origins['_base_'].value)]
