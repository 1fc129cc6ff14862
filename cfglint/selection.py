"""Which rules a run asks: by name or by family, from the settings and from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.patterns import Patterns
from cfglint.rules import all_rules, families, own_rules
from cfglint.rules.plugins import load_plugins
from cfglint.usage import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cfglint.rules.declaration import Rule
    from cfglint.settings import Settings


def select_rules(
    settings: Settings, select: Sequence[str] = (), ignore: Sequence[str] = (), extend: Sequence[str] = ()
) -> list[Rule]:
    """Return the rules to ask by settings and by what goes before them, those of plugins included.

    Args:
        settings: The settings.
        select: Replaces their selection, unless it is empty.
        ignore: What is not asked either.
        extend: What is asked, too.

    Raises:
        UsageError: A name is neither that of a rule nor of a family, or a plugin cannot be used.
    """
    of_plugins = load_plugins(settings.plugins)
    known = {rule.name for rule in (*own_rules(), *of_plugins)}
    selected = _select(settings.select, settings.ignore, select, ignore, (*settings.extend_select, *extend))
    return [rule for rule in selected if rule.name in known]  # another project of this process may have more plugins


def per_file_ignores(settings: Settings, folder: str) -> list[tuple[Patterns, frozenset[str]]]:
    """Return which rules and families do not count in which files; patterns are relative to `folder`.

    Raises:
        UsageError: A name is neither that of a rule nor of a family.
    """
    for names in settings.per_file_ignores.values():
        require_known(names, 'per-file-ignores')
    return [(Patterns(folder, [pattern]), frozenset(names)) for pattern, names in settings.per_file_ignores.items()]


def _select(
    select: Sequence[str],
    ignore: Sequence[str],
    also_select: Sequence[str] = (),
    also_ignore: Sequence[str] = (),
    extend: Sequence[str] = (),
) -> list[Rule]:
    """Return the rules to ask.

    A name says more than a family, so that an ignored family may have a selected member; the command line says more
    than the settings.

    Args:
        select: The settings' selection; empty for all rules.
        ignore: What the settings ignore.
        also_select: The command line's selection; replaces that of the settings.
        also_ignore: What the command line ignores, in addition.
        extend: What is asked in addition to the selection.

    Raises:
        UsageError: A name is neither that of a rule nor of a family.
    """
    for names, where in ((select, 'select'), (ignore, 'ignore'), (also_select, '--select'), (also_ignore, '--ignore')):
        require_known(names, where)
    require_known(extend, 'extend-select')
    known = families()
    named = (*(also_select or select or known), *extend)
    return [
        rule
        for rule in all_rules().values()
        if (rule.name in named or rule.family in named)
        and not _is_ignored(rule, named, ignore, also_select, also_ignore)
    ]


def _is_ignored(
    rule: Rule, named: Sequence[str], ignore: Sequence[str], also_select: Sequence[str], also_ignore: Sequence[str]
) -> bool:
    if rule.name in also_ignore or (rule.name in ignore and rule.name not in also_select):
        return True
    return rule.name not in named and (rule.family in ignore or rule.family in also_ignore)


def require_known(names: Iterable[str], where: str) -> None:
    """Refuse what is neither a rule nor a family.

    Raises:
        UsageError: Such a name is among `names`; says where it was given.
    """
    for name in names:
        if name not in families() and name not in all_rules():
            raise UsageError(
                f'{where}: there is no rule or family `{name}`{did_you_mean(name, (*families(), *all_rules()))}'
            )
