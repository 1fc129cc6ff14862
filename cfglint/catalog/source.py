"""Read one Python file with `ast`: its names, classes, functions, registries and registrations. Nothing is executed."""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING, Any

from cfglint.catalog import deprecation, syntax
from cfglint.catalog.forwarding import kwargs_uses
from cfglint.catalog.registering import Registrations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cfglint.catalog.facts import ClassFacts, FunctionFacts, ModuleFacts

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_DYNAMIC = ('globals', 'vars', 'setattr')


def read_module(source: str | bytes, module: str, is_package: bool) -> ModuleFacts | None:
    """The facts of one file, or None when it is no Python that this Python can parse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter('ignore', SyntaxWarning)
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    reader = _Reader(module.split('.') if is_package else module.split('.')[:-1])
    reader.block(tree.body)
    return reader.facts


class _Reader:
    """Collects the facts of a module, statement by statement."""

    def __init__(self, package: Sequence[str]) -> None:
        self.package = package
        self.facts: ModuleFacts = {
            'names': [],
            'imports': {},
            'aliases': {},
            'stars': [],
            'exports': None,
            'dynamic': False,
            'classes': {},
            'functions': {},
            'registries': {},
            'registered': [],
            'unclear': [],
        }
        self.registrations = Registrations(self.facts)

    def block(self, body: Sequence[ast.stmt], fallback: bool = False) -> None:
        """Read statements; in a `fallback` (`except`, `else`) a name that is bound already keeps its meaning."""
        for statement in body:
            self._statement(statement, fallback)

    def _statement(self, node: ast.stmt, fallback: bool) -> None:
        match node:
            case ast.ClassDef():
                self._class(node, fallback)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._function(node, fallback)
            case ast.Import() | ast.ImportFrom():
                self._import(node, fallback)
            case ast.Assign() | ast.AnnAssign():
                self._assign(node, fallback)
            case ast.AugAssign(target=ast.Name(id='__all__')):
                self._more_exports(syntax.strings(node.value))
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id='__all__'))) as call):
                self._more_exports(syntax.strings(call.args[0]) if call.args else None)
            case ast.Expr(value=ast.Call() as call):
                self.registrations.call(call)
                self._dynamic(call)
            case _:
                self._compound(node, fallback)

    def _more_exports(self, names: list[str] | None) -> None:
        known = self.facts['exports']
        self.facts['exports'] = None if known is None or names is None else [*known, *names]

    def _compound(self, node: ast.stmt, fallback: bool) -> None:
        match node:
            case ast.If():
                self.block(node.body, fallback)
                self.block(node.orelse, True)
            case ast.Try():
                self.block(node.body, fallback)
                for handler in node.handlers:
                    self.block(handler.body, True)
                self.block(node.orelse, fallback)
                self.block(node.finalbody, fallback)
            case ast.With() | ast.While():
                self.block(node.body, fallback)
            case ast.For():
                self._bind(node.target, fallback)
                with self.registrations.loop(node):
                    self.block(node.body, fallback)

    def _free(self, name: str, fallback: bool) -> bool:
        facts = self.facts
        if fallback and (name in facts['names'] or name in facts['imports'] or name in facts['aliases']):
            return False
        facts['imports'].pop(name, None)
        facts['aliases'].pop(name, None)
        facts['classes'].pop(name, None)
        facts['functions'].pop(name, None)
        return True

    def _name(self, name: str, fallback: bool) -> bool:
        if not self._free(name, fallback):
            return False
        if name not in self.facts['names']:
            self.facts['names'].append(name)
        return True

    def _bind(self, target: ast.expr, fallback: bool) -> None:
        if isinstance(target, ast.Name):
            self._name(target.id, fallback)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for item in target.elts:
                self._bind(item, fallback)

    def _assign(self, node: ast.Assign | ast.AnnAssign, fallback: bool) -> None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        value = node.value
        if value is None:
            return
        for target in targets:
            if isinstance(target, ast.Name) and target.id == '__all__':
                self.facts['exports'] = syntax.strings(value)
            self._bind(target, fallback)
            if isinstance(target, ast.Name) and not fallback:
                self.registrations.registry(target.id, value)
                reference = syntax.dotted(value)
                if reference is not None and reference != target.id:
                    self.facts['aliases'][target.id] = reference
        if isinstance(value, ast.Call):
            self.registrations.call(value)

    def _import(self, node: ast.Import | ast.ImportFrom, fallback: bool) -> None:
        if isinstance(node, ast.Import):
            for item in node.names:
                local, target = (item.asname, item.name) if item.asname else (item.name.split('.')[0],) * 2
                if self._free(local, fallback):
                    self.facts['imports'][local] = target
            return
        module = syntax.absolute_module(node, self.package)
        for item in node.names:
            if item.name == '*':
                self.facts['stars'].append(module)
            elif self._free(item.asname or item.name, fallback):
                self.facts['imports'][item.asname or item.name] = f'{module}:{item.name}'

    def _dynamic(self, call: ast.Call) -> None:
        for node in ast.walk(call):
            if isinstance(node, ast.Call) and syntax.dotted(node.func) in _DYNAMIC:
                self.facts['dynamic'] = True

    def _function(self, node: _Function, fallback: bool) -> None:
        if node.name == '__getattr__':
            self.facts['dynamic'] = True
        if self._name(node.name, fallback):
            self.facts['functions'][node.name] = function_facts(node, None)
            self.registrations.decorated(node)
        self.registrations.inside(node, self.package)

    def _class(self, node: ast.ClassDef, fallback: bool) -> None:
        shadowed = self.facts['imports'].get(node.name)
        if self._name(node.name, fallback):
            facts = self.facts['classes'][node.name] = class_facts(node)
            if shadowed is not None:
                # `class Evaluator(Evaluator)`: the base is what was imported under that name.
                facts['bases'] = [shadowed.replace(':', '.') if base == node.name else base for base in facts['bases']]
        self.registrations.decorated(node)


def class_facts(node: ast.ClassDef) -> ClassFacts:
    """Bases, constructor and deprecation of a class."""
    facts: ClassFacts = {
        'line': node.lineno,
        # A base such as `make_base()` is kept as text: looking it up fails, and that is the truth.
        'bases': [
            syntax.dotted(base.value if isinstance(base, ast.Subscript) else base) or syntax.text(base)
            for base in node.bases
        ],
    }
    decorators = {
        (syntax.dotted(item.func if isinstance(item, ast.Call) else item) or '').split('.')[-1]
        for item in node.decorator_list
    }
    constructor = _constructor(node)
    if constructor is not None:
        facts['init'] = function_facts(constructor, node.name, _methods(node))
    elif 'dataclass' in decorators:
        facts['init'] = {'line': node.lineno, 'params': list(_fields(node))}
        facts['dataclass'] = True
    note = (
        deprecation.decorator_note(node.decorator_list)
        or deprecation.docstring_note(node)
        or (facts['init'].pop('deprecated', None) if 'init' in facts else None)
    )
    if note:
        facts['deprecated'] = note
    return facts


def _methods(node: ast.ClassDef) -> dict[str, _Function]:
    return {item.name: item for item in node.body if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef))}


def _constructor(node: ast.ClassDef) -> _Function | None:
    methods = _methods(node)
    return methods.get('__init__') or methods.get('__new__')


def _fields(node: ast.ClassDef) -> Iterator[list[Any]]:
    for item in node.body:
        if not isinstance(item, ast.AnnAssign) or not isinstance(item.target, ast.Name):
            continue
        annotation = syntax.text(item.annotation)
        if 'ClassVar' in annotation:
            continue
        yield [item.target.id, None if item.value is None else syntax.text(item.value), annotation]


def function_facts(
    node: _Function,
    own_class: str | None,
    methods: Mapping[str, _Function] | None = None,
) -> FunctionFacts:
    """Parameters, use of `**kwargs` and deprecations of a function, or of a method of `own_class`."""

    def method_facts(name: str) -> FunctionFacts | None:
        # One method deep: a method that hands its own `**kwargs` to another one is not followed.
        method = (methods or {}).get(name)
        plain = method is not None and not method.decorator_list
        return function_facts(method, own_class) if method is not None and plain else None

    facts: FunctionFacts = {'line': node.lineno, 'params': _parameters(node.args, own_class is not None)}
    if node.args.kwarg is not None:
        facts['kwargs'] = kwargs_uses(node, own_class, method_facts)
    if renamed := deprecation.renamed_arguments(node):
        facts['renamed'] = renamed
    always, arguments = deprecation.warning_notes(node)
    if note := deprecation.decorator_note(node.decorator_list) or always:
        facts['deprecated'] = note
    if arguments:
        facts['deprecated_args'] = arguments
    return facts


def _parameters(arguments: ast.arguments, method: bool) -> list[list[Any]]:
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults)) + [*arguments.defaults]
    params = [_parameter(item, default) for item, default in zip(positional, defaults, strict=True)]
    if method:
        params = params[1:]
    if arguments.vararg is not None:
        params.append(['*' + arguments.vararg.arg])
    elif arguments.kwonlyargs:
        params.append(['*'])
    params += [
        _parameter(item, default) for item, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    ]
    if arguments.kwarg is not None:
        params.append(['**' + arguments.kwarg.arg])
    return params


def _parameter(item: ast.arg, default: ast.expr | None) -> list[Any]:
    param: list[Any] = [item.arg]
    if default is not None or item.annotation is not None:
        param.append(None if default is None else syntax.text(default))
    if item.annotation is not None:
        param.append(syntax.text(item.annotation))
    return param
