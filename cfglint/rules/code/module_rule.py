"""Rules about modules of the user's code: those that configs reach, and those that are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.code.module import Code
from cfglint.code.successors import Releases, ended_packages
from cfglint.diagnostics import Severity
from cfglint.rules.code.reached_modules import OF_MODULES, reached_modules
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.code.finding import Finding, Look
    from cfglint.rules.code.modules import Module
    from cfglint.rules.code.reached_modules import ReachedModule
    from cfglint.rules.context import Context
    from cfglint.rules.declaration import Rule


def module_rule(
    *,
    severity: Severity = Severity.ERROR,
    raises: str | None = None,
    ignored: bool = False,
    fixable: bool = False,
) -> Callable[[Look], Rule]:
    """Declare a rule that looks at one module at a time; the parameters are those of `rule`.

    It must depend on nothing but the module and the releases.
    """

    def declare(look: Look) -> Rule:
        name = look.__name__.replace('_', '-')

        def check(context: Context) -> Iterator[Diagnostic]:
            for each in reached_modules(context):
                for found in _findings(context, each.module).get(name, ()):
                    yield _diagnostic(context, each, found)

        check.__name__, check.__module__, check.__doc__ = look.__name__, look.__module__, look.__doc__
        declared = rule(
            severity=severity, era='all', raises=raises, ignored=ignored, fixable=fixable, tells=OF_MODULES
        )(check)
        return declared._replace(look=look)

    return declare


def _findings(context: Context, module: Module) -> dict[str, tuple[Finding, ...]]:
    """Return what all rules say of a module, by rule; they are asked once for all configs of a scope."""
    key = ('code', context.scope, context.era, module.name)
    return context.shared(key, context.libraries, lambda: _look(context, module))


def _look(context: Context, module: Module) -> dict[str, tuple[Finding, ...]]:
    from cfglint.rules import family

    code = Code(module.name, module.source, is_package=module.is_package)
    releases = releases_of(context)
    return {rule.name: tuple(rule.look(code, releases)) for rule in family('code') if rule.look is not None}


def releases_of(context: Context) -> Releases:
    """Return the releases that a config is checked against."""
    libraries = context.libraries
    return context.shared(
        ('releases', context.scope, context.era),
        libraries,
        lambda: Releases(
            libraries.installation(context.scope, with_local=True),
            libraries.own.has_package,
            ended_packages(libraries.targets) if context.era == '0.x' else frozenset(),
        ),
    )


def _diagnostic(context: Context, each: ReachedModule, found: Finding) -> Diagnostic:
    """Return the diagnostic of the rule that is asked, with the place in the config that leads to the module."""
    related = (*found.related, *each.related(context))
    adapted = found._replace(related=related)
    if context.value('custom_imports.allow_failed_imports') is True and each.item.key.startswith('custom_imports.'):
        severity = context.rule.severity if found.severity is None else found.severity
        # MMEngine then only warns of what `custom_imports` names.
        if _fails_to_import(found):
            adapted = adapted._replace(severity=min(severity, Severity.WARNING), raises=None)
    return adapted.diagnostic(context.rule)


def _fails_to_import(found: Finding) -> bool:
    return found.raises is not None and found.raises.startswith(('ModuleNotFoundError', 'ImportError'))
