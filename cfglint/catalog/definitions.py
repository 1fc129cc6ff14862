"""Read one Python file with `ast`: its names, classes, functions, registries and registrations. Nothing is executed."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from cfglint.catalog import deprecation, syntax
from cfglint.catalog.forwarding import kwargs_uses
from cfglint.catalog.registering import Registrations
from cfglint.language.trees import module_tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cfglint.catalog.facts import ClassFacts, FunctionFacts, ModuleFacts

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_DYNAMIC = ('globals', 'vars', 'setattr')


def read_module(source: str | bytes, module: str, is_package: bool) -> ModuleFacts | None:
    """The facts of one file, or None when it is no Python that this Python can parse."""
    try:
        tree = module_tree(source)
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
            if isinstance(target, ast.Attribute) and target.attr in ('__init__', '__new__', '__call__'):
                patched = self.facts['classes'].get(syntax.dotted(target.value) or '')
                if patched is not None:
                    patched['open'] = f'`{syntax.text(target)}` is assigned'
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
        other = self.facts['classes'].get(node.name)
        if fallback and other is not None and other.get('init', {}) != class_facts(node).get('init', {}):
            other['open'] = f'`{node.name}` is defined in several branches'
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
    decorators = set(_decorators(node))
    _add_doubts(node, facts, decorators)
    constructor = _constructor(node)
    if constructor is not None:
        facts['init'] = function_facts(constructor, node.name, _methods(node))
    elif 'dataclass' in decorators and not _makes_no_init(node):
        facts['init'] = {'line': node.lineno, 'params': list(_fields(node))}
        facts['dataclass'] = True
    facts['methods'] = [*_methods(node)]
    note = (
        deprecation.decorator_note(node.decorator_list)
        or deprecation.docstring_note(node)
        or (facts['init'].pop('deprecated', None) if 'init' in facts else None)
    )
    if note:
        facts['deprecated'] = note
    return facts


def _decorators(node: ast.ClassDef | _Function) -> Iterator[str]:
    """The last parts of the names of decorators."""
    for item in node.decorator_list:
        function = item.func if isinstance(item, ast.Call) else item
        yield function.attr if isinstance(function, ast.Attribute) else syntax.text(function)


_PLAIN_DECORATORS = frozenset({
    'register_module', '_register_module', 'register', 'dataclass', 'final', 'runtime_checkable', 'total_ordering',
    'deprecated', 'deprecated_api_warning', 'unique', 'avoid_cache_randomness', 'abstractmethod', 'no_type_check',
    'typechecked', 'force_fp32', 'auto_fp16', 'no_grad', 'overload', 'override', 'staticmethod', 'classmethod',
    'lru_cache', 'cache', 'wraps', 'jit', 'master_only', 'custom_fwd', 'custom_bwd', 'deprecated_function',
})  # fmt: skip
"""Decorators that leave the parameters as they are written."""
_PLAIN_METACLASSES = frozenset({'ABCMeta', 'type', 'EnumMeta', 'ManagerMeta', 'GenericMeta'})


def _add_doubts(node: ast.ClassDef, facts: ClassFacts, decorators: set[str]) -> None:
    """Note what may make the constructor another one than what the class writes."""
    foreign = sorted(decorators - _PLAIN_DECORATORS)
    if foreign:
        facts['open'] = f'`{node.name}` is decorated by `{foreign[0]}`'
    metaclass = next((item.value for item in node.keywords if item.arg == 'metaclass'), None)
    if metaclass is not None and (syntax.dotted(metaclass) or '').split('.')[-1] not in _PLAIN_METACLASSES:
        facts['metaclass'] = syntax.text(metaclass)
    methods = _methods(node)
    new = methods.get('__new__')
    takes_any = new is not None and ('__init__' in methods or new.args.kwarg is not None)
    if new is not None and takes_any and not _makes_plain_instances(new):
        facts['open'] = f'`{node.name}.__new__` makes what it returns'
    if '__init__' not in methods and '__init__' in _bound_in(node):
        facts['open'] = f'`{node.name}.__init__` is assigned, or defined in a branch'


def _makes_plain_instances(new: _Function) -> bool:
    """Whether `__new__` does nothing but `super().__new__(cls)`, whatever it does with that afterwards."""
    calls = [item for item in ast.walk(new) if isinstance(item, ast.Call)]
    plain = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == '__new__']
    others = (call for call in calls if call not in plain)
    return bool(plain) and not any(item.arg is None for call in others for item in call.keywords)


def _makes_no_init(node: ast.ClassDef) -> bool:
    flags = (syntax.keyword(item, 'init') for item in node.decorator_list if isinstance(item, ast.Call))
    return any(isinstance(flag, ast.Constant) and flag.value is False for flag in flags)


def _bound_in(node: ast.ClassDef) -> set[str]:
    """The names that a class body binds otherwise than by `def` at its top level."""
    found: set[str] = set()
    for statement in node.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        for item in ast.walk(statement):
            if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store):
                found.add(item.id)
            elif isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found.add(item.name)
    return found


def _methods(node: ast.ClassDef) -> dict[str, _Function]:
    return {item.name: item for item in node.body if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef))}


def _constructor(node: ast.ClassDef) -> _Function | None:
    methods = _methods(node)
    new = methods.get('__new__')
    # A `__new__` that takes anything leaves the arguments to `__init__`, an inherited one here.
    return methods.get('__init__') or (None if new is not None and new.args.kwarg is not None else new)


def _fields(node: ast.ClassDef) -> Iterator[list[Any]]:
    for item in node.body:
        if not isinstance(item, ast.AnnAssign) or not isinstance(item.target, ast.Name):
            continue
        annotation = syntax.text(item.annotation)
        if 'ClassVar' in annotation or 'KW_ONLY' in annotation:
            continue
        is_field = isinstance(item.value, ast.Call) and (syntax.dotted(item.value.func) or '').split('.')[-1] == 'field'
        given = {each.arg: each.value for each in item.value.keywords} if isinstance(item.value, ast.Call) else {}
        if is_field and isinstance(init := given.get('init'), ast.Constant) and init.value is False:
            continue
        has_default = item.value is not None and (not is_field or not {'default', 'default_factory'}.isdisjoint(given))
        yield [item.target.id, syntax.text(item.value) if item.value is not None and has_default else None, annotation]


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
    foreign = next((name for name in _decorators(node) if name not in _PLAIN_DECORATORS), None)
    if foreign is not None:
        facts['open'] = f'`{node.name}` is decorated by `{foreign}`'
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
