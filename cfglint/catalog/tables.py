"""From the facts of many modules to the components of one release: registrations resolved to definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.catalog.names import Missing, Names, absolute, locate, names_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cfglint.catalog.facts import ClassFacts, FunctionFacts, ModuleFacts, RegistryFacts

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
    return _Builder(facts, outside_registry).build()


class _Builder:
    def __init__(self, facts: Mapping[str, ModuleFacts], outside_registry: Callable[[str], str | None]) -> None:
        self._facts = facts
        self._outside_registry = outside_registry
        self._tables = Tables({module: names_of(item) for module, item in facts.items()}, {}, {}, {}, {}, [])
        self._packages = {module.split('.')[0] for module in facts}

    def build(self) -> Tables:
        for module, item in self._facts.items():
            for variable in item['registries']:
                self._tables.registries[f'{module}.{variable}'] = self._registry_key(module, variable)
        self._registry_aliases()
        for module, item in self._facts.items():
            self._objects(module, item)
            self._registered(module, item)
            self._tables.unclear.extend((module, line, text) for line, text in item['unclear'])
        return self._tables

    def _modules(self, module: str) -> Names | Missing | None:
        if module.split('.')[0] in self._packages:
            return self._tables.modules.get(module) or Missing(module, '')
        return None

    def _resolve(self, reference: str, module: str) -> str:
        """The path of the definition; what is defined elsewhere stays as it was imported from there."""
        path = absolute(reference, module, self._tables.modules[module])
        found = locate(path, self._modules)
        return path if isinstance(found, Missing) else found.path

    def _registry_key(self, module: str, variable: str) -> str:
        """`MODELS@mmdet`: the name of the root registry, and the scope."""
        registry: RegistryFacts = self._facts[module]['registries'][variable]
        scope = registry['scope'] or module.split('.')[0]
        root, parent, home = variable, registry['parent'], module
        for _ in range(10):
            if parent is None:
                break
            path = self._resolve(parent, home)
            home, _, name = path.rpartition('.')
            inner = self._facts[home]['registries'].get(name) if home in self._facts else None
            if inner is None:
                key = self._outside_registry(path)
                return f'{key.split("@")[0] if key else name}@{scope}'
            root, parent = name, inner['parent']
        return f'{root}@{scope}'

    def _registry_aliases(self) -> None:
        """`BACKBONES = MODELS`, and a registry imported from elsewhere, are registries as well."""
        for module, item in self._facts.items():
            for variable in item['aliases']:
                if variable.isupper() and (key := self._registry(variable, module)) is not None:
                    self._tables.registries.setdefault(f'{module}.{variable}', key)

    def _registry(self, reference: str, module: str) -> str | None:
        path = self._resolve(reference, module)
        return self._tables.registries.get(path) or self._outside_registry(path)

    def _objects(self, module: str, facts: ModuleFacts) -> None:
        for name, item in facts['classes'].items():
            self._tables.objects[f'{module}.{name}'] = self._class(module, item)
        for name, function in facts['functions'].items():
            self._tables.objects[f'{module}.{name}'] = {'kind': 'function', **self._callable(module, function)}

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

    def _registered(self, module: str, facts: ModuleFacts) -> None:
        for item in facts['registered']:
            key = self._registry(item['registry'], module)
            if key is None:
                name = item['registry'].split('.')[-1]
                if not name.isupper():
                    continue
                key = f'{name}@{absolute(item["registry"], module, self._tables.modules[module]).split(".")[0]}'
            path = self._resolve(item['target'], module)
            for name in item['names'] or [path.split('.')[-1]]:
                known = self._tables.names.setdefault(key, {})
                # The first one stays: a second one is the branch for another environment, unless it is forced.
                if name not in known or item['force']:
                    known[name] = path
                    self._tables.lines[key, name] = (module, item['line'])
