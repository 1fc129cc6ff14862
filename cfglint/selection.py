"""Which rules a run asks: by name or by family, from the settings and from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.patterns import Patterns
from cfglint.rules import FAMILIES, all_rules
from cfglint.usage import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cfglint.rules.rule import Rule


def select(
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
    chosen = (*(also_select or select or FAMILIES), *extend)
    return [
        rule
        for rule in all_rules().values()
        if (rule.name in chosen or rule.family in chosen)
        and not _is_ignored(rule, chosen, ignore, also_select, also_ignore)
    ]


def _is_ignored(
    rule: Rule, chosen: Sequence[str], ignore: Sequence[str], also_select: Sequence[str], also_ignore: Sequence[str]
) -> bool:
    if rule.name in also_ignore or (rule.name in ignore and rule.name not in also_select):
        return True
    return rule.name not in chosen and (rule.family in ignore or rule.family in also_ignore)


def require_known(names: Iterable[str], where: str) -> None:
    """Refuse what is neither a rule nor a family.

    Raises:
        UsageError: Such a name is among `names`; says where it was given.
    """
    for name in names:
        if name not in FAMILIES and name not in all_rules():
            raise UsageError(
                f'{where}: there is no rule or family `{name}`{did_you_mean(name, (*FAMILIES, *all_rules()))}'
            )


def per_file_ignores(names: Mapping[str, Sequence[str]], folder: str) -> list[tuple[Patterns, frozenset[str]]]:
    """Return which rules do not count in which files, from patterns that are relative to a folder.

    Raises:
        UsageError: A name is neither that of a rule nor of a family.
    """
    for each in names.values():
        require_known(each, 'per-file-ignores')
    return [(Patterns(folder, [pattern]), frozenset(each)) for pattern, each in names.items()]
