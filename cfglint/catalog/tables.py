"""From the facts of many modules to the components of one release: registrations resolved to definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.catalog.names import Missing, Names, Resolver, absolute, names_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cfglint.catalog.facts import ClassFacts, FunctionFacts, ModuleFacts, RegistryFacts
    from cfglint.catalog.names import Modules

Body = dict[str, Any]
"""A class or function: `kind`, `line`, and what `facts` says, with references made absolute."""


class Tables(NamedTuple):
    """The components of one release of a library, or of a user's own code."""

    modules: dict[str, Names]
    objects: dict[str, Body]
    names: dict[str, dict[str, str]]
    """`REGISTRY@scope` → registered name → path of the object."""
    lines: dict[tuple[str, str], tuple[str, int]]
    """(`REGISTRY@scope`, name) → module and line of the registration."""
    registries: dict[str, str]
    """Path of a variable → `REGISTRY@scope`."""
    unclear: list[tuple[str, int, str]]


def build_tables(facts: Mapping[str, ModuleFacts], outside_registry: Callable[[str], str | None]) -> Tables:
    """Resolve what the modules of one tree say; `outside_registry` knows the registries of other packages by path."""
    names = {module: names_of(item) for module, item in facts.items()}
    packages = {module.split('.')[0] for module in facts}

    def modules(module: str) -> Names | Missing | None:
        return names.get(module) or (Missing(module, '') if module.split('.')[0] in packages else None)

    code = Definitions(facts.get, modules, outside_registry)
    tables = Tables(names, {}, {}, {}, {}, [])
    for module, item in facts.items():
        tables.registries.update(
            {f'{module}.{name}': code.own_registry_key(module, name) for name in item['registries']}
        )
    for module, item in facts.items():
        # `BACKBONES = MODELS`, and a registry imported from elsewhere, are registries as well.
        for name in item['aliases']:
            if name.isupper() and (key := code.registry_key(name, module)) is not None:
                tables.registries.setdefault(f'{module}.{name}', key)
    for module, item in facts.items():
        for name in (*item['classes'], *item['functions']):
            if (body := code.body(module, name)) is not None:
                tables.objects[f'{module}.{name}'] = body
        for found in code.registrations(module):
            known = tables.names.setdefault(found.key, {})
            # The first one stays: a second one is the branch for another environment, unless it is forced.
            if found.name not in known or found.force:
                known[found.name] = found.path
                tables.lines[found.key, found.name] = (module, found.line)
        tables.unclear.extend((module, line, text) for line, text in item['unclear'])
    return tables


class Registration(NamedTuple):
    """An object that a module registers under a name."""

    key: str
    """`REGISTRY@scope`."""
    name: str
    path: str
    module: str
    line: int
    force: bool


class Definitions:
    """Resolves what the modules of one tree say, one by one.

    `facts` gives what a module says, None for what is not of the tree; `modules` the names of any module;
    `outside_registry` knows the registries of other packages by path.
    """

    def __init__(
        self,
        facts: Callable[[str], ModuleFacts | None],
        modules: Modules,
        outside_registry: Callable[[str], str | None],
    ) -> None:
        self._facts = facts
        self._modules = modules
        self._outside_registry = outside_registry
        self.resolver = Resolver(modules)

    def _names(self, module: str) -> Names:
        names = self._modules(module)
        return names if isinstance(names, Names) else Names({})

    def _resolve(self, reference: str, module: str) -> str:
        """The path of the definition; what is defined elsewhere stays as it was imported from there."""
        path = absolute(reference, module, self._names(module))
        found = self.resolver.locate(path)
        return path if isinstance(found, Missing) else found.path

    def own_registry_key(self, module: str, variable: str) -> str:
        """`MODELS@mmdet` of a registry that is made in a module: the name of the root registry, and the scope."""
        facts = self._facts(module)
        assert facts is not None
        registry: RegistryFacts = facts['registries'][variable]
        scope = registry['scope'] or module.split('.')[0]
        root, parent, home = variable, registry['parent'], module
        for _ in range(10):
            if parent is None:
                break
            path = self._resolve(parent, home)
            home, _, name = path.rpartition('.')
            above = self._facts(home)
            inner = None if above is None else above['registries'].get(name)
            if inner is None:
                key = self._outside_registry(path)
                return f'{key.split("@")[0] if key else name}@{scope}'
            root, parent = name, inner['parent']
        return f'{root}@{scope}'

    def registry_key(self, reference: str, module: str) -> str | None:
        """`REGISTRY@scope` of what a module refers to; None when it is no registry that is known."""
        path = self._resolve(reference, module)
        home, _, variable = path.rpartition('.')
        facts = self._facts(home)
        if facts is not None and variable in facts['registries']:
            return self.own_registry_key(home, variable)
        return self._outside_registry(path)

    def body(self, module: str, name: str) -> Body | None:
        """What the class or function that is defined in a module under a name amounts to."""
        facts = self._facts(module)
        if facts is None:
            return None
        if name in facts['functions']:
            return {'kind': 'function', **self._callable(module, facts['functions'][name])}
        return self._class(module, facts['classes'][name]) if name in facts['classes'] else None

    def _class(self, module: str, facts: ClassFacts) -> Body:
        body: Body = {
            'kind': 'class',
            'line': facts['line'],
            'bases': [self._resolve(base, module) for base in facts['bases'] if base != 'object'],
        }
        if 'init' in facts:
            init = self._callable(module, facts['init'])
            del init['line']
            body['init'] = init
        for key in ('dataclass', 'deprecated', 'open', 'metaclass', 'methods'):
            if key in facts:
                body[key] = facts[key]
        return body

    def _callable(self, module: str, facts: FunctionFacts) -> Body:
        body: Body = dict(facts)
        if 'kwargs' in facts:
            body['kwargs'] = [list(self._use(use, module)) for use in facts['kwargs']]
        return body

    def _use(self, use: list[Any], module: str) -> Iterator[Any]:
        if use[0] == 'call':
            yield from ('call', self._resolve(use[1], module), *use[2:])
        elif use[0] == 'super' and use[4] is not None:
            yield from (*use[:4], self._resolve(use[4], module))
        elif use[0] == 'inline':
            yield from ('inline', self._callable(module, use[1]), *use[2:])
        else:
            yield from use

    def registrations(self, module: str) -> Iterator[Registration]:
        """What a module registers, in order."""
        facts = self._facts(module)
        for item in () if facts is None else facts['registered']:
            key = self.registry_key(item['registry'], module)
            if key is None:
                name = item['registry'].split('.')[-1]
                if not name.isupper():
                    continue
                key = f'{name}@{absolute(item["registry"], module, self._names(module)).split(".")[0]}'
            path = self._resolve(item['target'], module)
            for name in item['names'] or [path.split('.')[-1]]:
                yield Registration(key, name, path, module, item['line'], item['force'])
