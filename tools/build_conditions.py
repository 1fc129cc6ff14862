"""Collect what the constructors of libraries' classes demand of their arguments, and write it into the catalog.

    python tools/build_conditions.py FOLDER…

Each folder is the root of an unpacked release, such as ``mmdet-3.3.0`` with the package ``mmdet`` in it; of several releases
of one package, only what all of them demand is kept. All packages have to be given, since classes inherit those of others.
The sources are only parsed. `assert len(strides) == num_stages` and `if mode not in ('a', 'b'): raise ValueError` become
conditions, as far as they depend on arguments as they were given and on constants, and `cfglint.catalog.conditions` can
compute them. What is demanded only below an `if` is kept with the test of that.
"""

from __future__ import annotations

import ast
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.catalog import Installation

sys.path.insert(0, str(Path(__file__).parent.parent))

from cfglint.catalog.conditions import CONDITIONS, is_computable
from cfglint.catalog.model_facts import model_facts
from cfglint.catalog.run_libraries import Libraries

MUTATORS = frozenset(
    {'append', 'extend', 'insert', 'pop', 'popitem', 'clear', 'update', 'setdefault', 'remove', 'sort'}
)
ATTRIBUTE = 'attribute_of_class_'
LONGEST = 400
"""Conditions with more text list hundreds of constants."""

Found = dict[tuple[str, str], str]
"""Condition, and when it counts → what is raised where it does not hold."""


class Class(NamedTuple):
    """A class, and what its constructor demands and hands on."""

    bases: list[str]
    has_constructor: bool
    parameters: list[str]
    conditions: Found
    handed: dict[str, ast.expr | None] | None
    """Argument of the base's constructor → what it gets, None if that is not known; None if it is not called so."""
    is_open: bool
    """Whether other arguments are handed on as they are."""
    constants: dict[str, ast.expr]
    """Its attributes that are constants."""
    attributes: set[str]
    """All its attributes."""


class Constructor:
    """Follows the statements of a constructor."""

    def __init__(self, node: ast.FunctionDef, constants: dict[str, ast.expr]) -> None:
        arguments = node.args
        self.parameters = [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)][1:]
        self.rest = None if arguments.kwarg is None else arguments.kwarg.arg
        self.names: dict[str, ast.expr] = {**constants, **{name: ast.Name(name) for name in self.parameters}}
        self.conditions: Found = {}
        self.handed: dict[str, ast.expr | None] | None = None
        self.is_open = False
        self._follow(node.body, [])

    def _follow(self, body: list[ast.stmt], guards: list[ast.expr]) -> None:
        for statement in body:
            if isinstance(statement, ast.Assert):
                self._note(statement.test, guards, 'AssertionError', statement.msg)
            elif isinstance(statement, ast.If):
                self._branch(statement, guards)
            elif isinstance(statement, ast.For):
                self._loop(statement, guards)
            elif isinstance(statement, (ast.Return, ast.Raise)):
                self.names = {}  # what follows is for other arguments
            elif not guards and self._is_call_of_base(statement):
                self._hand_on(statement.value)  # type: ignore[attr-defined]
            self._forget_changed(statement)

    def _branch(self, node: ast.If, guards: list[ast.expr]) -> None:
        test = self._meant(node.test)
        first = node.body[0]
        if test is not None and isinstance(first, ast.Raise) and first.exc is not None:
            raised = first.exc.func if isinstance(first.exc, ast.Call) else first.exc
            words = first.exc.args[0] if isinstance(first.exc, ast.Call) and first.exc.args else None
            self._note(ast.UnaryOp(ast.Not(), node.test), guards, ast.unparse(raised), words)
        before = dict(self.names)
        for body, guard in ((node.body, test), (node.orelse, None if test is None else ast.UnaryOp(ast.Not(), test))):
            self.names = dict(before)
            if guard is not None:
                self._follow(body, [*guards, guard])
        self.names = before
        if any(isinstance(each, ast.Return) for each in ast.walk(node)):
            self.names = {}

    def _loop(self, node: ast.For, guards: list[ast.expr]) -> None:
        if isinstance(node.target, ast.Name) and len(node.body) == 1 and isinstance(node.body[0], ast.Assert):
            each = ast.comprehension(node.target, node.iter, [], 0)
            test = ast.Call(ast.Name('all'), [ast.GeneratorExp(node.body[0].test, [each])], [])
            self._note(test, guards, 'AssertionError', node.body[0].msg)

    def _note(self, test: ast.expr, guards: list[ast.expr], raised: str, words: ast.expr | None) -> None:
        meant = self._meant(test)
        if meant is None or not any(
            isinstance(each, ast.Name) and each.id in self.parameters for each in ast.walk(meant)
        ):
            return
        text, when = ast.unparse(simplified(meant)), ''
        if guards:
            when = ast.unparse(simplified(ast.BoolOp(ast.And(), guards) if len(guards) > 1 else guards[0]))
        if all(len(each) <= LONGEST and is_computable(each or '0') for each in (text, when)):
            said = words.value if isinstance(words, ast.Constant) and isinstance(words.value, str) else ''
            said = ' '.join(said.removeprefix(f'{raised}:').split())
            self.conditions.setdefault((text, when), f'{raised}: {said}' if said else raised)

    def _meant(self, test: ast.expr) -> ast.expr | None:
        """Return an expression of arguments and constants only, None if there is anything else in it."""
        bound = {
            name.id for each in ast.walk(test) if isinstance(each, ast.comprehension) for name in ast.walk(each.target)
            if isinstance(name, ast.Name)
        }  # fmt: skip
        try:
            return Replacing(self.names, bound).visit(ast.parse(ast.unparse(test), mode='eval').body)
        except LookupError:
            return None

    def _is_call_of_base(self, statement: ast.stmt) -> bool:
        if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
            return False
        return ast.unparse(statement.value.func).startswith('super(') and ast.unparse(statement.value.func).endswith(
            '.__init__'
        )

    def _hand_on(self, call: ast.Call) -> None:
        self.handed = {'': None} if call.args else {}
        for each in call.keywords:
            if each.arg is None:
                self.is_open = isinstance(each.value, ast.Name) and each.value.id == self.rest
            else:
                self.handed[each.arg] = self._meant(each.value)

    def _forget_changed(self, statement: ast.stmt) -> None:
        """Forget the names that a statement changes; remember an attribute that is an argument, and nothing else."""
        for node in ast.walk(statement):
            targets = node.targets if isinstance(node, ast.Assign) else []
            if isinstance(node, (ast.AugAssign, ast.AnnAssign, ast.For)):
                targets = [node.target]
            elif isinstance(node, (ast.With, ast.withitem)):
                targets = [node.optional_vars] if isinstance(node, ast.withitem) and node.optional_vars else []
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATORS:
                targets = [node.func.value]
            value = self.names.get(ast.unparse(node.value)) if isinstance(node, ast.Assign) else None
            for target in targets:
                for each in target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]:
                    changed = each
                    while isinstance(changed, (ast.Subscript, ast.Starred)):
                        changed = changed.value
                    self.names.pop(ast.unparse(changed), None)
                    if value is not None and node is statement and changed is each:
                        self.names[ast.unparse(each)] = value


class Replacing(ast.NodeTransformer):
    """Replaces names by what they are."""

    def __init__(self, names: dict[str, ast.expr], bound: set[str]) -> None:
        self.names = names
        self.bound = bound

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.bound or node.id in BUILTINS or node.id.startswith(ATTRIBUTE):
            return node
        return self.names[node.id]

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        text = ast.unparse(node)
        if text in BUILTINS:
            return ast.Name(BUILTINS[text])
        if text in self.names or text.count('.') != 1 or not text.startswith('self.'):
            return self.names[text]
        return ast.Name(ATTRIBUTE + node.attr)  # one of the class, if it is a constant; see `with_constants`


BUILTINS = {
    **{name: name for name in (
        'len', 'isinstance', 'max', 'min', 'sum', 'all', 'any', 'abs', 'set', 'sorted', 'int', 'float', 'str', 'bool', 'list',
        'tuple', 'dict', 'type', 'Sequence', 'Number', 'is_list_of', 'is_tuple_of', 'is_seq_of', 'is_str', 'range',
    )},
    'mmengine.is_list_of': 'is_list_of', 'mmcv.is_list_of': 'is_list_of', 'mmengine.is_tuple_of': 'is_tuple_of',
    'mmcv.is_tuple_of': 'is_tuple_of', 'mmengine.is_seq_of': 'is_seq_of', 'mmcv.is_seq_of': 'is_seq_of',
    'mmengine.is_str': 'is_str', 'mmcv.is_str': 'is_str', 'collections.abc.Sequence': 'Sequence', 'numbers.Number': 'Number',
    'abc.Sequence': 'Sequence',
}  # fmt: skip


def simplified(node: ast.expr) -> ast.expr:
    """Return a test without `not` where there is a word for it."""
    if isinstance(node, ast.BoolOp):
        return ast.BoolOp(node.op, [simplified(each) for each in node.values])
    if not isinstance(node, ast.UnaryOp) or not isinstance(node.op, ast.Not):
        return node
    inner = node.operand
    if isinstance(inner, ast.UnaryOp) and isinstance(inner.op, ast.Not):
        return simplified(inner.operand)
    if isinstance(inner, ast.Compare) and len(inner.ops) == 1:
        return ast.Compare(inner.left, [OPPOSITE[type(inner.ops[0])]()], inner.comparators)
    if isinstance(inner, ast.BoolOp):
        parts = [simplified(ast.UnaryOp(ast.Not(), each)) for each in inner.values]
        return ast.BoolOp(ast.And() if isinstance(inner.op, ast.Or) else ast.Or(), parts)
    return node


OPPOSITE = {
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt,
}  # fmt: skip


def constants_in(body: list[ast.stmt], prefix: str) -> dict[str, ast.expr]:
    """Return the constants that statements define; of dicts, their keys: only membership is asked of them."""
    found = {}
    for node in body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            value = constant(node.value)
            if value is not None:
                found[prefix + node.targets[0].id] = value
    return found


def constant(node: ast.expr) -> ast.expr | None:
    if isinstance(node, ast.Call) and ast.unparse(node.func) == 'dict' and not node.args:
        keys = [ast.Constant(each.arg) for each in node.keywords if each.arg is not None]
        return ast.Tuple(keys) if len(keys) == len(node.keywords) else None
    if isinstance(node, ast.Dict):
        keys = [key for key in node.keys if key is not None]
        return constant(ast.Tuple(keys)) if len(keys) == len(node.keys) and keys else None
    try:
        return node if isinstance(ast.literal_eval(node), (list, tuple, set, str, int, float)) else None
    except ValueError:
        return None


def classes_in(package: Path) -> Iterator[tuple[str, Class]]:
    """Yield the classes of a package by path, with the paths of their bases."""
    for path in sorted(package.rglob('*.py')):
        if '.mim' in path.parts or 'projects' in path.parts:
            continue
        parts = path.relative_to(package.parent).with_suffix('').parts
        module = '.'.join(parts[:-1] if parts[-1] == '__init__' else parts)
        tree = ast.parse(path.read_text(encoding='utf-8'))
        constants = constants_in(tree.body, '')
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                attributes = {
                    target.id for each in node.body if isinstance(each, ast.Assign) for target in each.targets
                    if isinstance(target, ast.Name)
                }  # fmt: skip
                own = (constants_in(node.body, ''), attributes)
                made = next(
                    (each for each in node.body if isinstance(each, ast.FunctionDef) and each.name == '__init__'), None
                )
                bases = [ast.unparse(base) for base in node.bases]
                if made is None:
                    yield f'{module}.{node.name}', Class(bases, False, [], {}, {}, True, *own)
                else:
                    found = Constructor(made, constants)
                    parts_ = found.parameters, found.conditions, found.handed, found.is_open
                    yield f'{module}.{node.name}', Class(bases, True, *parts_, *own)


def demanded(path: str, known: dict[str, Class], installation: Installation, depth: int = 0) -> Found:
    """Return all conditions on the arguments of a class, those of its bases as far as they get them unchanged."""
    node = known.get(path)
    if node is None or depth > 9:
        return {}
    found = dict(node.conditions)
    bases = [each for each in installation.mro(path) if each != path]
    if not bases or (node.has_constructor and node.handed is None):
        return found
    for texts, raised in demanded(bases[0], known, installation, depth + 1).items():
        text, when = texts if not node.has_constructor else (handed_on(each, node) for each in texts)
        if text is not None and when is not None and names_in(text):
            found.setdefault((text, when), raised)
    return found


def with_constants(found: Found, path: str, known: dict[str, Class], installation: Installation) -> Found:
    """Return conditions with the values of the class's attributes, without those that depend on ones that are no constants."""
    constants: dict[str, ast.expr] = {}
    for base in reversed(installation.mro(path)):
        node = known.get(base)
        for name in set() if node is None else node.attributes:
            constants.pop(ATTRIBUTE + name, None)
        constants.update({} if node is None else {ATTRIBUTE + name: each for name, each in node.constants.items()})
    result = {}
    for texts, raised in found.items():
        try:
            text, when = (ast.unparse(Inserting(constants).visit(ast.parse(each))) for each in texts)
        except LookupError:
            continue
        if len(text) <= LONGEST and is_computable(text) and is_computable(when or '0'):
            result[text, when] = raised
    return result


class Inserting(ast.NodeTransformer):
    """Replaces attributes of the class by what they are."""

    def __init__(self, constants: dict[str, ast.expr]) -> None:
        self.constants = constants

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.constants[node.id] if node.id.startswith(ATTRIBUTE) else node


def names_in(text: str) -> set[str]:
    """Return the arguments in a condition."""
    return {each.id for each in ast.walk(ast.parse(text)) if isinstance(each, ast.Name)} - BUILTINS.keys()


def handed_on(text: str, node: Class) -> str | None:
    """Return a condition of the base in the words of a class that calls its constructor, None if that is not known."""
    if not text:
        return text
    tree = ast.parse(text, mode='eval').body
    bound = {
        each.target.id
        for each in ast.walk(tree)
        if isinstance(each, ast.comprehension) and isinstance(each.target, ast.Name)
    }
    names = {}
    for each in ast.walk(tree):
        if not isinstance(each, ast.Name) or each.id in BUILTINS or each.id in bound or each.id.startswith(ATTRIBUTE):
            continue
        assert node.handed is not None
        if each.id in node.handed:
            value = node.handed[each.id]
        elif '' in node.handed or each.id in node.parameters or not node.is_open:
            value = None
        else:
            value = ast.Name(each.id)
        if value is None:
            return None
        names[each.id] = value
    return ast.unparse(Replacing(names, bound).visit(tree))


def stated(path: str, installation: Installation) -> Found:
    """Return what the files of facts say that a class demands."""
    found: Found = {}
    for base in installation.mro(path):
        for each in model_facts(base.partition('.')[0]).conditions.get(base, ()):
            if base == path or not each.exact:
                found[each.text, each.when] = each.raises
    return found


def main(folders: list[Path]) -> None:
    """Write what is found in the releases."""
    releases: dict[str, list[dict[str, Class]]] = defaultdict(list)
    for folder in folders:
        package = next(
            each for each in sorted(folder.iterdir()) if (each / '__init__.py').is_file() and each.name != 'tests'
        )
        releases[package.name].append(dict(classes_in(package)))
    newest = {path: each for found in releases.values() for path, each in found[-1].items()}
    folder = Path(CONDITIONS)
    folder.mkdir(exist_ok=True)
    for package, found in releases.items():
        installation = Libraries().for_config('1.x').installation(package)
        written: dict[str, list[list[str]]] = {}
        for path in found[-1]:
            each = with_constants(demanded(path, newest, installation), path, newest, installation)
            for older in found[:-1]:
                if path in older:
                    then = {**newest, **older}
                    before = with_constants(demanded(path, then, installation), path, then, installation)
                    each = {texts: raised for texts, raised in each.items() if texts in before}
            each = {texts: raised for texts, raised in each.items() if names_in(texts[0]) or names_in(texts[1])}
            each.update(stated(path, installation))
            if each:
                written[path] = [[text, raised, when] for (text, when), raised in each.items()]
        lines = ',\n'.join(f' {json.dumps(path)}: {json.dumps(each)}' for path, each in written.items())
        (folder / f'{package}.json').write_text(f'{{\n{lines}\n}}\n', encoding='utf-8')
        print(package, len(written), 'classes,', sum(map(len, written.values())), 'conditions')


if __name__ == '__main__':
    main([Path(each) for each in sys.argv[1:]])
