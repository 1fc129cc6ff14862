"""What is declared of a rule: all that the engine, the documentation and the settings know of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable
from typing import Any, Literal, NamedTuple

from cfglint.diagnostics import Diagnostic, Severity

_EXCEPTION = re.compile(r'[A-Z]\w*Error\b')
"""What MMEngine raises, with the name of the exception; without it, it is only a part of the exception's words."""

Find = Callable[[Any], Container[Any]]
"""Looks for something in a context, and returns the kinds of which there is some."""

MAX_OF_A_RULE = 200
"""How much a rule says of one config. Of official configs, those of 0.x included, none has half as many."""

Scope = Literal['config', 'entry', 'file', 'text', 'reader']
"""What a rule is asked about: every config that can be read (`config`), only those that run on their own (`entry`), each
file on its own, however many configs inherit it (`file`), its text alone, whatever it inherits (`text`: of the config, the
rule may look at `source`, `tree` and `style`), or nothing at all, since the reader of the config language reports it
(`reader`)."""


class Kind(NamedTuple):
    """A kind of what is looked for in a config once, since several rules tell of it.

    Attributes:
        find: Looks, and returns the kinds of which there is something.
        name: The kind.
    """

    find: Find
    name: Any


class Rule(NamedTuple):
    """A rule and all that its declaration says.

    Attributes:
        name: Its identity, in kebab-case; completes "allow …".
        family: The folder that it lives in; the package, for a rule of a plugin.
        severity: The severity of its diagnostics; a rule may lower it for one.
        scope: Which configs it is asked about.
        era: Whether it holds for 1.x configs only (and mixed ones), for 0.x ones, or for all.
        check: The function that looks; yields diagnostics.
        raises: What MMEngine raises for the bad example; none where it is silent. With the name of the exception in front,
            ``KeyError: is not in the``, it is shown for every error that says nothing of its own; what follows the
            name is a part of the exception's words.
        fixable: Whether (some of) its diagnostics carry a fix.
        reads: The sections that it looks at before it has something to say, beside `default_scope` and `custom_imports`: it
            is not asked again about the very same ones. None for all of the config, its bases and its text.
        needs: Sections of which one has to be there, or it has nothing to say.
        words: Words of which one has to stand in what it reads, or it has nothing to say: a key, wherever it stands, or the
            name of a `type`.
        tells: The kind of what it tells of: where nothing of it is found, the rule has nothing to say.
        ignored: Whether MMEngine ignores what an error of the rule is about.
        once: Whether the same words are said only once a run, at the first place: no single config is at fault.
        for_legacy: Whether it is asked of configs whose target is a 0.x release, too.
        yields_to: The rules about whose items it says nothing, since they explain them; see `cfglint.rules.claims`.
        look: What it says of one module of the user's code; none for a rule that is about configs.
    """

    name: str
    family: str
    severity: Severity
    scope: Scope
    era: Literal['1.x', '0.x', 'all']
    check: Callable[[Any], Iterable[Diagnostic]]
    raises: str | None
    fixable: bool
    reads: frozenset[str] | None = None
    needs: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    tells: Kind | None = None
    ignored: bool = False
    once: bool = False
    for_legacy: bool = False
    yields_to: frozenset[str] = frozenset()
    look: Callable[[Any, Any], Iterable[Any]] | None = None

    def consequence(self, severity: Severity, raises: str | None, ignored: bool) -> str:
        """Return what MMEngine does, after "MMEngine": what it raises, or that it ignores it; empty if that is not known.

        Args:
            severity: How bad it is: only errors follow the declaration.
            raises: What MMEngine raises in this very case.
            ignored: Whether it ignores this very case.
        """
        if raises is not None:
            return f'raises {raises}'
        if ignored:
            return 'ignores it'
        if severity is not Severity.ERROR:
            return ''
        if self.raises is not None and _EXCEPTION.match(self.raises):
            return f'raises {self.raises}'
        return 'ignores it' if self.ignored else ''

    @property
    def doc(self) -> str:
        """Its documentation, in Markdown.

        The first line is the summary, fenced ``py title="bad"`` and ``py title="good"`` blocks are its first tests.
        """
        return re.sub(r'(?m)^ {4}', '', (self.check.__doc__ or '').strip())

    @property
    def summary(self) -> str:
        """The first line of the documentation."""
        return self.doc.partition('\n')[0]
