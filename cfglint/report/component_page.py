"""The page of a registered component: its parameters, their defaults, and the releases that have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.catalog import Component, Extra, Parameter, libraries, suggest
from cfglint.diagnostics import shortened
from cfglint.usage import UsageError, did_you_mean

if TYPE_CHECKING:
    from cfglint.catalog import Installation, Signature
    from cfglint.catalog.run_libraries import Libraries

_OTHERS = {
    Extra.REFUSED: 'refused (`TypeError: got an unexpected keyword argument`)',
    Extra.IGNORED: 'swallowed by `**kwargs`, without effect',
    Extra.OPEN: 'not known',
}


def page(name: str, known: Libraries) -> str:
    """Return what the targeted releases say about ``mmdet.RetinaHead``, or about ``RetinaHead`` in every library.

    Raises:
        UsageError: No release has it.
    """
    installation = known.installation('mmengine')
    found = find(name, installation)
    if not found:
        raise UsageError(_absent(name, installation))
    return '\n'.join(page_of(component, installation) for component in found)


def find(name: str, installation: Installation) -> list[Component]:
    """Return the components of that name, in all scopes and registries where it has no scope."""
    prefix, dot, rest = name.rpartition('.')
    scopes = [prefix] if dot else [*installation.scopes]
    found: dict[str, Component] = {}
    for scope in scopes:
        library = libraries.library_of(scope)
        if scope in ('torch', 'torchvision') or library is None or libraries.newest(library) is None:
            continue
        for registry in installation.registries(scope):
            component = installation.find(f'{scope}.{rest}', registry, scope)
            if component is not None and component.scope == scope:
                found.setdefault(component.path, component)
    if not found and dot:
        by_path = installation.by_path(name)
        if isinstance(by_path, Component) and by_path.kind in ('class', 'function'):
            found[by_path.path] = by_path
    return list(found.values())


def _absent(name: str, installation: Installation) -> str:
    prefix, _, rest = name.rpartition('.')
    wanted = libraries.library_of(prefix) if prefix else None
    had = suggest.presence(rest, None, None if wanted is None else [wanted])
    if had:
        releases = ', '.join(f'{each.library} {_range(each.first, each.last)}' for each in had)
        return f'`{name}` is in none of the releases that configs are checked against; it is in {releases}'
    scopes = [prefix] if installation.has_scope(prefix) else [*installation.scopes]
    names = {
        each
        for scope in scopes
        for registry in installation.registries(scope)
        for each in installation.names(registry, scope)
    }
    return f'no library has a component `{shortened(name, 80)}`{did_you_mean(rest, sorted(names))}'


def page_of(component: Component, installation: Installation) -> str:
    """Return what is known of a component."""
    title = suggest.qualified(component) if component.scope else component.path
    signature = installation.signature(component)
    lines = [title, '=' * len(title), '', *_facts(component, installation), '', *_parameters(signature)]
    lines.append(f'Other arguments: {_OTHERS[signature.extra]}{f" ({signature.why})" if signature.why else ""}')
    if signature.fixed:
        lines.append(f'Set by the class itself: {", ".join(sorted(signature.fixed))}')
    lines += [f'Old name: {old} (now {new})' for old, new in signature.renamed.items()]
    return '\n'.join(lines) + '\n'


def _facts(component: Component, installation: Installation) -> list[str]:
    lines = [f'{component.kind.capitalize()}: {component.path} (line {component.line})']
    if component.registry:
        lines.append(f'Registry: {component.registry} of {component.scope}')
    lines.append(f'Checked against: {component.library} {component.release}')
    had = suggest.presence(component.name, component.registry or None, [component.library]) if component.library else []
    lines += [f'Releases: {each.library} {_range(each.first, each.last)}' for each in had]
    if component.deprecated:
        lines.append(f'Deprecated: {component.deprecated}')
    bases = [path for path in installation.mro(component.path)[1:] if '.' in path]
    return [*lines, f'Bases: {", ".join(bases)}'] if bases else lines


def _range(first: str, last: str) -> str:
    return first if first == last else f'{first} to {last}'


def _parameters(signature: Signature) -> list[str]:
    if not signature.parameters:
        return ['Parameters: none']
    return ['Parameters:', *(f'  {_parameter(each)}' for each in signature.parameters.values()), '']


def _parameter(parameter: Parameter) -> str:
    annotation = f': {parameter.annotation}' if parameter.annotation else ''
    default = '  (required)' if parameter.required else f' = {parameter.default}'
    note = f'  [deprecated: {parameter.deprecated}]' if parameter.deprecated else ''
    return f'{parameter.name}{annotation}{default}{note}'
