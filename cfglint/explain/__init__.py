"""``cfglint explain``: what people type (the name of a rule, of a component, of a key, an error message) leads to what is known.

All is decided by what there is: the rules and what they say is raised, the table of sections, the catalogs, the files of
facts of the libraries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.explain import families, messages, names, search
from cfglint.report import component_page
from cfglint.report.rules import page as rule_page
from cfglint.rules import all_rules
from cfglint.usage import UsageError, did_you_mean

if TYPE_CHECKING:
    from cfglint.catalog.run_libraries import Libraries

_MOST = 8
"""How many rules are listed that a question may be about."""


def answer(question: str, known: Libraries) -> str:
    """Return what is known about a question, as text for a terminal.

    Args:
        question: A name, words, or an error message, also with the whole traceback around it.
        known: The releases to look components up in.

    Raises:
        UsageError: Nothing is known about it.
    """
    question = messages.last_line(question)
    is_name = ' ' not in question
    pages = list(names.pages(question, known)) if is_name else []
    if pages:
        return '\n'.join(pages)
    notes = [note for name in messages.names_in(question) for note in names.notes(name, known)]
    if messages.is_error(question):
        notes = notes or [note for name in messages.names_in(question) for note in names.slips(name, known)]
    else:
        notes += [note for name in messages.names_in(question) for note in names.fields(name)]
    if is_name and not notes and names.is_of_component(question):
        return component_page.page(question, known)  # it says what is like it
    found = search.rules(question)[:_MOST]
    if not notes and not found:
        raise UsageError(f'nothing is known about `{messages.shortened(question)}`{_hint(question, known)}')
    if len(found) == 1 and not notes:
        return rule_page(found[0].name)
    return '\n\n'.join(part for part in ('\n'.join(notes), families.listing(found)) if part) + '\n'


def _hint(question: str, known: Libraries) -> str:
    hint = did_you_mean(question, [*all_rules(), *names.all_names(known)])
    longer = names.containing(question, known)[:_MOST]
    if longer and not hint:
        return f'; there are {", ".join(f"`{name}`" for name in longer)}'
    return hint or '; `cfglint rules` lists the rules'
