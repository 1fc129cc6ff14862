"""Top-level keys of 0.x, where each file of an inheritance chain writes them.

What replaces a key is said about the file's own value, not about what all files together resolve to: a child that only
overrides ``optimizer = dict(lr=0.02)`` has to override ``optim_wrapper = dict(optimizer=dict(lr=0.02))``. It depends on
nothing but that file, so that all configs that inherit it share one diagnostic.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from cfglint.catalog.library_index import libraries_of
from cfglint.diagnostics import QUESTION, Advice, Fix
from cfglint.language.values import closed
from cfglint.migrate.old_library import library_of
from cfglint.rules import rewriting
from cfglint.rules.reading.items import Item
from cfglint.rules.rewriting import Key
from cfglint.sections.table import LEGACY_KEYS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from cfglint.diagnostics import Diagnostic
    from cfglint.language.config import Config
    from cfglint.migrate.advice import Replacement
    from cfglint.migrate.mapping.whole import Mapped
    from cfglint.rules.context import Context

_AMBIGUOUS = frozenset({
    'dist_params', 'mp_start_method', 'opencv_num_threads', 'cudnn_benchmark', 'custom_hooks_config', 'fp16', 'apex_amp',
    'seed', 'deterministic', 'diff_seed', 'use_ddp_wrapper', 'exp_name', 'eval_config', 'auto_resume', 'visual_config',
})  # fmt: skip
"""Keys of 0.x that do not tell the era of a config."""
_EVALUATIONS = ('evaluation', 'eval_config')
_NO_WORDS: Mapping[str, str] = {}


def removed_keys(
    context: Context, effect: str = '', words: Mapping[str, str] = _NO_WORDS, other: Collection[str] = ()
) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each place where a file of the chain writes one of the keys that the rule needs.

    Args:
        context: The config.
        effect: What MMEngine does instead.
        words: What to do about keys that nothing replaces, if not to remove them.
        other: The keys that are something else in this config.
    """
    present = {name for name in context.rule.needs if name in context and name not in other}
    if not present:
        return
    if context.era != '0.x':
        present -= context.loads
        present -= names_read_from_bases(context) if present else frozenset()
    for name in sorted(present):
        for config in writers(context):
            if name in config.own:
                yield _diagnostic(context, config, name, effect, words)


def _diagnostic(context: Context, config: Config, name: str, effect: str, words: Mapping[str, str]) -> Diagnostic:
    asked = (context.rule.name, name, context.era == '0.x')
    return context.shared(asked, config.own, lambda: _written_diagnostic(context, config, name, effect, words))


def writers(context: Context) -> list[Config]:
    """Return the files whose own keys are looked at."""
    # A pure-Python config holds what it takes over from its bases.
    return [context.config] if context.style == 'lazy' else context.lineage


def _written_diagnostic(
    context: Context, config: Config, name: str, effect: str, words: Mapping[str, str]
) -> Diagnostic:
    item = Item(name, config.own[name], config.own.origins.get(name), context.root)
    key = Key(name, item, config, context)
    found = replacements_in(context, config).get(name)
    advice, fix = _advice(key, found, words.get(name, 'remove it'))
    message = f'`{name}` is a key of 0.x{": " if effect else ""}{effect}'
    return context.report(item, message, ignored=True, advice=advice, fix=fix)


def replacements_in(context: Context, config: Config) -> dict[str, Replacement]:
    """Return what replaces the keys that a file writes, made once for all configs that inherit it."""
    from cfglint.migrate.advice import map_config, replacements  # most configs have no such keys

    library = library_of(config) or library_of(context.config) or _library_of_scope(context) or 'mmengine'
    only = None if context.era == '0.x' else (LEGACY_KEYS | _AMBIGUOUS) - context.loads
    asked = ('replacements', only is None)

    def mapped(each: Config) -> Mapped:
        def made() -> Mapped:
            # What a base that is missing may add is not known: the advice is about what is written.
            table = each.table if each.partial is None else closed(each.table)
            return map_config(table, library, only)

        return context.shared(('mapped', library, only), each.table, made)

    return context.shared(asked, config.own, lambda: replacements(config, mapped))


def _library_of_scope(context: Context) -> str | None:
    """Return the library of 0.x that the scope of a config with keys of both eras stands for."""
    scope = context.value('default_scope')
    return next(iter(libraries_of(scope)), None) if isinstance(scope, str) else None


def advice_of(replacement: Replacement, verb: str = 'write') -> Advice:
    """Return the advice to write a replacement."""
    if replacement.questions:
        return Advice(f'{QUESTION}{"; ".join(replacement.questions)}', replacement.code or None)
    return Advice(verb, replacement.code)


def _advice(key: Key, found: Replacement | None, words: str) -> tuple[Advice, Fix | None]:
    """Return what to do about a key; what 1.x says already need not be written again."""
    present = key.config.table if key.context.era != '0.x' else {}
    if found is not None and present:
        if not found.sections and key.name in _EVALUATIONS and 'val_evaluator' in present:
            found = found._replace(questions=())
        kept = {
            name: text
            for name, text in found.sections.items()
            if not _is_said(name, key, present) and not _is_beside(name, text, key)
        }
        if 'default_hooks' in kept and 'default_hooks' in present:
            kept['default_hooks'] = _without_defaults(kept['default_hooks'])
        found = found._replace(sections={name: text for name, text in kept.items() if text})
    if found is None or not (found.sections or found.questions):
        fix = rewriting.remove(key) if words.startswith('remove it') and found is not None else None
        return Advice(words), fix
    shared = [name for name in found.sections if name in present]
    if shared:
        where = ', '.join(f'`{name}`' for name in shared)
        advice = advice_of(found, f'add to the {where} that {"is" if len(shared) == 1 else "are"} there')
        return advice, rewriting.with_mixed_precision(key) if key.name == 'fp16' else None
    return advice_of(found), None if found.questions else rewriting.rewrite(key, found.sections, _together(key, found))


def _without_defaults(hooks: str) -> str:
    """Return the hooks that are more than a type, to be added to those that are there; empty if there are none."""
    [statement] = ast.parse(hooks).body
    assert isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call)
    said = [each for each in statement.value.keywords if not _is_default(each.value)]
    parts = [f'{each.arg}={ast.get_source_segment(hooks, each.value)}' for each in said]
    return f'default_hooks = dict({", ".join(parts)})' if parts else ''


def _is_default(hook: ast.expr) -> bool:
    return isinstance(hook, ast.Call) and [each.arg for each in hook.keywords] == ['type']


def _together(key: Key, found: Replacement) -> list[Key] | None:
    """Return all keys that become the same sections, in their order; none if one of them becomes something else too."""
    replaced = replacements_in(key.context, key.config)
    names = [name for name in key.config.own if name == key.name or name in found.others]
    if any(replaced[name].sections.keys() - found.sections.keys() for name in names if name in replaced):
        return None
    own = key.config.own
    return [
        key._replace(name=name, item=Item(name, own[name], own.origins.get(name), key.context.root)) for name in names
    ]


def _is_said(name: str, key: Key, present: Mapping[str, Any]) -> bool:
    """Tell whether a section is there whose whole content another key has the say of, or of a stage that is left out."""
    if name in ('test_evaluator', 'test_cfg') and 'val_dataloader' in present and 'test_dataloader' not in present:
        return True
    return name in present and (name.endswith('_evaluator') or name in ('val_cfg', 'test_cfg', 'default_scope'))


def _is_beside(name: str, text: str, key: Key) -> bool:
    """Tell whether the file itself has a section of 1.x that says all that the replacement would."""
    own = key.config.own.get(name)
    if not isinstance(own, dict):
        return isinstance(own, (list, tuple))
    value = next((each.value for each in ast.parse(text).body if isinstance(each, ast.Assign)), None)
    return isinstance(value, ast.Call) and all(each.arg in own for each in value.keywords)


_BASE_READ = re.compile(r'\b_base_\s*(?:\.\s*(\w+)|\[\s*["\'](\w+))')


def names_read_from_bases(context: Context) -> frozenset[str]:
    """Return the names that the config or its bases read as ``_base_.x`` or ``{{_base_.x}}``."""
    found = (match for config in context.lineage for match in _BASE_READ.findall(config.source.text))
    return frozenset(name or item for name, item in found)
