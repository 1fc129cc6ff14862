"""Fixes for top-level keys: rewrite or remove one assignment, where nothing else in the file depends on it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cfglint.diagnostics import Applicability, Edit, Fix
from cfglint.rules.deprecated.keys import is_empty

if TYPE_CHECKING:
    from cfglint.language.source import Span
    from cfglint.rules.deprecated.keys import Key

# Keys of 0.x that end up in the same key of 1.x: only one of them in a file can be rewritten on its own.
_SHARED = {
    'optim_wrapper': ('optimizer', 'optimizers', 'optimizer_config', 'fp16', 'apex_amp'),
    'param_scheduler': ('lr_config', 'momentum_config'),
    'train_cfg': ('runner', 'total_epochs', 'total_iters', 'evaluation'),
    'default_hooks': ('checkpoint_config', 'log_config', 'evaluation'),
    'env_cfg': ('dist_params', 'cudnn_benchmark', 'opencv_num_threads', 'mp_start_method'),
    'randomness': ('seed', 'deterministic', 'diff_seed'),
    'resume': ('resume_from', 'auto_resume'),
}


def assignment(key: Key) -> ast.Assign | None:
    """Return the plain top-level assignment of a key, if the file has just that one and never reads the name."""
    config, origin = key.config, key.item.origin
    if config.tree is None or origin is None or origin.source is not config.source:
        return None
    if key.name in config.loads or key.name in config.rebound or config.source.shifts:
        return None
    for node in config.tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and node.targets[0] is origin.key:
            return node
    return None


def can_write(key: Key, target: str) -> bool:
    """Tell whether a key of 1.x is free for what this key says: no other key of the file claims it."""
    own = key.config.own
    if target in own or target in key.config.loads:
        return False
    rivals = (name for name in _SHARED.get(target, ()) if name != key.name and name in own)
    return all(is_empty(own[name]) for name in rivals)


def wrap(
    key: Key, target: str, before: str, after: str = ')', trust: Applicability = Applicability.UNSAFE
) -> Fix | None:
    """Rename the key and put text around its value: ``optimizer = X`` becomes ``optim_wrapper = dict(optimizer=X)``."""
    node = assignment(key)
    if node is None or not can_write(key, target):
        return None
    source = key.config.source
    name, value = source.span(node.targets[0]), source.span(node.value)
    edits = (
        Edit(name, target),
        Edit(value._replace(end=value.start), before),
        Edit(value._replace(start=value.end), after),
    )
    return Fix(f'Write `{target}` instead of `{key.name}`', edits, trust, (key.name, target))


def rewrite(key: Key, target: str, text: str, more: tuple[str, ...] = ()) -> Fix | None:
    """Replace the whole assignment by ``target = text``; `more` are the other keys that the text sets."""
    node = assignment(key)
    if node is None or not can_write(key, target) or '…' in text:
        return None
    trust, span = Applicability.UNSAFE, key.config.source.span(node)
    edit = Edit(span, f'{target} = {text}')
    return Fix(f'Write `{target}` instead of `{key.name}`', (edit,), trust, (key.name, target, *more))


def remove(key: Key, trust: Applicability = Applicability.SAFE) -> Fix | None:
    """Remove the assignment, with its lines where nothing else stands on them."""
    node = assignment(key)
    if node is None or (key.config.tree is not None and len(key.config.tree.body) == 1):
        return None
    text, span = key.config.source.text, key.config.source.span(node)
    start = text.rfind('\n', 0, span.start) + 1
    line_end = text.find('\n', span.end)
    end = len(text) if line_end < 0 else line_end + 1
    if text[start : span.start].strip() or text[span.end : end].strip():
        # Something else stands on the line: a comment goes with what it describes, code must stay.
        rest = text[span.end : end].strip()
        if text[start : span.start].strip() or not rest.startswith('#'):
            return None
        trust = min(trust, Applicability.UNSAFE)
    return Fix(f'Remove `{key.name}`', (Edit(_between(span, start, end), ''),), trust, (key.name,))


def _between(span: Span, start: int, end: int) -> Span:
    return span._replace(start=start, end=end)
