"""Methods of the interfaces of 0.x, which nothing calls any more."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from cfglint.catalog.interfaces import part_interfaces
from cfglint.code import signatures
from cfglint.code.classes import interfaces_of, kinds
from cfglint.code.module import methods
from cfglint.code.scopes import FUNCTIONS
from cfglint.code.walking import below
from cfglint.diagnostics import Advice, Applicability, Edit, Fix, Severity
from cfglint.rules.code.finding import Finding
from cfglint.rules.code.module_rule import module_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cfglint.catalog.interfaces import Became, Interface
    from cfglint.code.module import Code
    from cfglint.code.scopes import Function
    from cfglint.code.successors import Releases


@module_rule(severity=Severity.WARNING, fixable=True)
def renamed_method(code: Code, releases: Releases) -> Iterator[Finding]:
    """A class of your own with a method of the interface of 0.x: nothing calls it any more.

    The bases of a class say what it is: a head, a detector, a dataset, a hook … What was `get_bboxes` of a dense head is
    `predict_by_feat`, what was `load_annotations` of a dataset is `load_data_list`. A class that has the new method, too, is
    for both, and nothing is said of it.

    ```py title="bad/config.py"
    default_scope = 'mmdet'
    custom_imports = dict(imports=['plugins.dataset'])
    ```

    ```py title="bad/plugins/dataset.py"
    from mmengine.dataset import BaseDataset
    from mmengine.registry import DATASETS


    @DATASETS.register_module()
    class Birds(BaseDataset):
        def load_annotations(self):
            return [dict(img_path=line) for line in open(self.ann_file)]
    ```

    ```py title="good/config.py"
    default_scope = 'mmdet'
    custom_imports = dict(imports=['plugins.dataset'])
    ```

    ```py title="good/plugins/dataset.py"
    from mmengine.dataset import BaseDataset
    from mmengine.registry import DATASETS


    @DATASETS.register_module()
    class Birds(BaseDataset):
        def load_data_list(self):
            return [dict(img_path=line) for line in open(self.ann_file)]
    ```
    """
    for node in code.classes:
        if node in code.guarded:
            continue
        known = interfaces_of(kinds(code, releases, node))
        old = _old_methods(node, known)
        fix = _fix(code, node, old) if old else None
        for each in old:
            mends = fix if fix is not None and each.became.to else None
            severity = Severity.INFO if each.became.minor else None
            yield Finding(code.name_span(each.function), _message(each), None, _advice(each), mends, severity)
        yield from _inherited(code, node, known)
        yield from _calls_of_parts(code, node)


class _Old(NamedTuple):
    """A method of 0.x."""

    function: Function
    became: Became
    of: str


def _old_methods(node: ast.ClassDef, known: Sequence[Interface]) -> list[_Old]:
    """Return the methods of a class that are of 0.x, but for those that others of its methods call."""
    given = methods(node)
    found = _named_as_old(given, known)
    while True:
        used = {
            each.attr
            for name, function in given.items()
            if name not in found
            for each in below(function)
            if isinstance(each, ast.Attribute) and is_own(each.value)
        }
        kept = {name: each for name, each in found.items() if name not in used or each.became.old is not None}
        if len(kept) == len(found):
            return list(found.values())
        found = kept


def _named_as_old(given: Mapping[str, Function], known: Sequence[Interface]) -> dict[str, _Old]:
    found: dict[str, _Old] = {}
    for interface in known:
        for name, function in given.items():
            became = interface.methods.get(name)
            if became is None or name in found:
                continue
            has_new = became.to in given and became.to != name and not _is_old(interface, became.to, given[became.to])
            if not has_new and became.is_old(set(signatures.names(function))):
                found[name] = _Old(function, became, interface.of)
    return found


def _inherited(code: Code, node: ast.ClassDef, known: Sequence[Interface]) -> Iterator[Finding]:
    """Yield what a class asks itself for that its base does not have any more: `self.every_n_iters(…)`."""
    own = {each.id for each in below(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    own |= code.attributes_made
    for interface in known:
        new = {name: each.to for name, each in interface.methods.items() if each.old is None and each.to}
        new |= interface.attributes
        for each in (one for one in below(node) if isinstance(one, ast.Attribute)):
            if each.attr not in new or each.attr in own or not is_own(each.value) or each in code.guarded:
                continue
            span = code.span(each)
            name = span._replace(start=span.end - len(each.attr))
            fix = Fix('Use the interface of 1.x', (Edit(name, new[each.attr]),), Applicability.UNSAFE)
            message = f'{interface.of} have no `{each.attr}` any more'
            yield Finding(name, message, None, Advice(f'write `self.{new[each.attr]}`'), fix)


def _is_old(interface: Interface, name: str, function: Function) -> bool:
    became = interface.methods.get(name)
    return became is not None and became.old is not None and became.is_old(set(signatures.names(function)))


def _message(old: _Old) -> str:
    name = old.function.name
    if old.became.to == name:
        return f'`{name}` of {old.of} is called with other arguments'
    return f'nothing calls `{name}` of {old.of} any more'


def _advice(old: _Old) -> Advice | None:
    became = old.became
    if not became.to:
        return Advice(became.note) if became.note else Advice('drop it')
    new = ', '.join(each for each in became.new)
    takes = f', with `{new}`' if new else ''
    step = f'its successor is `{became.to}`{takes}'
    if became.to == old.function.name:
        step = f'it takes `{new}` today' if new else 'its arguments are others'
    return Advice(f'{step}: {became.note}' if became.note else step)


def _fix(code: Code, node: ast.ClassDef, old: Sequence[_Old]) -> Fix | None:
    """Return what renames the methods of a class with all calls of them, and gives them their new parameters."""
    renames = {each.function.name: each.became.to for each in old if each.became.to}
    taken = methods(node).keys() - renames.keys()
    targets = list(renames.values())
    renames = {name: to for name, to in renames.items() if to not in taken and targets.count(to) == 1}
    edits: list[Edit] = []
    for each in old:
        name = each.function.name
        if name not in renames:
            continue
        if renames[name] != name:
            edits.append(Edit(code.name_span(each.function), renames[name]))
        edits += _signature(code, each)
    edits += _calls(code, node, {name: to for name, to in renames.items() if name != to})
    return Fix('Use the interface of 1.x', tuple(dict.fromkeys(edits)), Applicability.UNSAFE) if edits else None


def _signature(code: Code, old: _Old) -> list[Edit]:
    """Return what gives a method the parameters of 1.x; its parameters stay where that takes a person."""
    function, became = old.function, old.became
    gives = dict(became.gives)
    edits: list[Edit] = []
    for before, after in became.rename.items():
        found = signatures.renamed(code, function, before, after)
        if found is None or (found and became.new):
            gives |= {before: after}  # the parameters are written anew: the old name becomes a variable
        else:
            edits += found
    rewritten = None
    if set(gives) & set(signatures.names(function)):
        added = [*(each for each in became.rename.values() if each in gives.values()), *became.new]
        shift = len(became.to) - len(function.name)
        rewritten = signatures.rewritten(code, function, added, gives, became.note, shift)
    if rewritten is not None:
        return rewritten
    # What keeps its name and its parameters is left as it is: nothing else would tell that a note is there already.
    is_new = became.to != function.name
    return [*edits, *signatures.with_note(code, function, became.note)] if is_new else edits


def _calls(code: Code, node: ast.ClassDef, renames: Mapping[str, str]) -> Iterator[Edit]:
    """Yield what renames the methods where `self` or `super()` is asked for them."""
    for each in below(node):
        if isinstance(each, ast.Attribute) and each.attr in renames and is_own(each.value):
            span = code.span(each)
            yield Edit(span._replace(start=span.end - len(each.attr)), renames[each.attr])


def is_own(value: ast.expr) -> bool:
    """Tell whether an expression is `self` or `super()`."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return value.func.id == 'super'
    return isinstance(value, ast.Name) and value.id == 'self'


def _calls_of_parts(code: Code, node: ast.ClassDef) -> Iterator[Finding]:
    """Yield the calls of old methods of what a model is made of: `self.bbox_head.forward_train(…)`."""
    for function in (each for each in node.body if isinstance(each, FUNCTIONS)):
        for call in (each for each in below(function) if isinstance(each, ast.Call)):
            target = call.func
            part = target.value if isinstance(target, ast.Attribute) else None
            if not isinstance(target, ast.Attribute) or not isinstance(part, ast.Attribute) or not is_own(part.value):
                continue
            for interface in part_interfaces().get(part.attr, ()):
                became = interface.methods.get(target.attr)
                if became is not None and became.old is None and became.to and target not in code.guarded:
                    span = code.span(target)
                    span = span._replace(start=span.end - len(target.attr))
                    takes = f', with `{", ".join(became.new)}`' if became.new else ''
                    advice = Advice(f'call `self.{part.attr}.{became.to}(…)`{takes}')
                    yield Finding(span, f'{interface.of} have no `{target.attr}` any more', None, advice)
                    break
