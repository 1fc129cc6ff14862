"""Top-level keys of 0.x, where each file of an inheritance chain writes them.

What replaces a key is said about the file's own value, not about what all files together resolve to: a child that only
overrides ``optimizer = dict(lr=0.02)`` has to override ``optim_wrapper = dict(optimizer=dict(lr=0.02))``. It depends on
nothing but that file, so that all configs that inherit it share one diagnostic.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.rules.context import Item
from cfglint.rules.deprecated.text import fields, shown

if TYPE_CHECKING:
    from cfglint.diagnostics import Diagnostic, Fix, Severity
    from cfglint.language.config import Config
    from cfglint.rules.context import Context


class Advice(NamedTuple):
    """What to say about one key."""

    effect: str
    """What MMEngine does with it, after "MMEngine ignores it"; may be empty."""
    remedy: str
    """What to do instead."""
    fix: Fix | None = None
    severity: Severity | None = None


class Key(NamedTuple):
    """A top-level key of 0.x in the file that writes it."""

    name: str
    item: Item
    config: Config
    context: Context

    @property
    def value(self) -> Any:
        """The file's own value, before it is merged into what its bases say."""
        return self.item.value

    @property
    def is_empty(self) -> bool:
        """Whether the value asks for nothing: ``None`` or an empty dict."""
        return is_empty(self.value)

    @property
    def overrides(self) -> bool:
        """Whether some base of the file has the key too."""
        return any(self.name in base.config.table for base in self.config.bases)

    def text(self, limit: int = 96) -> str:
        """Return the value as written, shortened."""
        return shown(self.value, self.item.origin, limit)

    def fields(self) -> dict[str, str]:
        """Return the fields of the value, each as written."""
        return fields(self.value)

    def own(self, name: str) -> Any:
        """Return what the same file says for another key, None if nothing."""
        return self.config.own.get(name)


Explain = Callable[[Key], Advice]


def removed_keys(context: Context, names: frozenset[str], explain: Explain) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each place where a file of the chain writes one of the keys."""
    present = {name for name in names if name in context}
    if not present:
        return
    if context.era != '0.x':
        present -= context.loads
        present -= names_read_from_bases(context) if present else frozenset()
    for name in present:
        for config in _writers(context):
            if name in config.own:
                yield _diagnostic(context, config, name, explain)


def _writers(context: Context) -> list[Config]:
    # A pure-Python config holds what it takes over from its bases.
    return [context.config] if context.style == 'lazy' else context.lineage


def _diagnostic(context: Context, config: Config, name: str, explain: Explain) -> Diagnostic:
    asked = (context.rule.name, name, context.era == '0.x')
    return context.shared(asked, config.own, lambda: _told(context, config, name, explain))


def _told(context: Context, config: Config, name: str, explain: Explain) -> Diagnostic:
    item = Item(name, config.own[name], config.own.origins.get(name), context.root)
    advice = explain(Key(name, item, config, context))
    message = f'`{name}` is a key of 0.x: MMEngine ignores it{advice.effect}; {advice.remedy}'
    return context.report(item, message, fix=advice.fix, severity=advice.severity)


_BASE_READ = re.compile(r'\b_base_\s*(?:\.\s*(\w+)|\[\s*["\'](\w+))')


def names_read_from_bases(context: Context) -> frozenset[str]:
    """Return the names that the config or its bases read as ``_base_.x`` or ``{{_base_.x}}``."""
    found = (match for config in context.lineage for match in _BASE_READ.findall(config.source.text))
    return frozenset(name or item for name, item in found)


def is_empty(value: Any) -> bool:
    """Tell whether a value of a section asks for nothing: ``None``, ``dict()``, ``dict(grad_clip=None)``."""
    if isinstance(value, dict):
        return all(item is None for item in value.values())
    return value is None or (isinstance(value, (list, tuple)) and not value)
