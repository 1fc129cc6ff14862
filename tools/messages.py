"""What MMEngine and the libraries raise, for each rule: from the rules themselves, the models of sections, and what was observed."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from cfglint.sections.violations import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cfglint.rules.declaration import Rule

ROOT = Path(__file__).resolve().parent.parent
OBSERVED = ROOT / 'tests' / 'rules' / 'consistency' / 'observed_faults.json'
_RAISED = re.compile(r'[A-Z]\w*(?:Error|Exception): .*\w')
_PRINTED = re.compile(r'= MMEngine: raises (.*)')
_VALUE = re.compile(r'(?<!`)\d+(?:\.\d+)?|(?<=\')[\w.]+(?=\')')
_OF_VALUES = ('wrong-type', 'out-of-range')
"""What a text is about that stands at a field of a model: any value that is refused there."""
HOLE = '…'
"""What stands in a message for a value."""
_OF_ANYTHING = (
    f"AttributeError: '{HOLE}' object has no attribute '{HOLE}'",
    f"NameError: name '{HOLE}' is not defined",
)
"""What Python says of any object and name begins so: it leads to no rule."""


def messages(printed: Mapping[Rule, str]) -> dict[str, list[str]]:
    """Return what is raised, by the name of the rule, sorted, with a hole for each value.

    Args:
        printed: What each rule prints for its bad example.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for rule in printed:
        found[rule.name].update(_declared(rule), _in_module(rule, printed))
    kinds = {rule.tells.name: rule.name for rule in printed if rule.family == 'schema' and rule.tells is not None}
    for kind, message in _of_sections():
        for each in (kind,) if kind else _OF_VALUES:
            found[kinds[each]].add(message)
    for name, example in _examples(printed):
        if not any(_is_of(example, each) for each in found[name]):
            found[name].add(_VALUE.sub(HOLE, example))
    told = {name: _longest(texts) for name, texts in sorted(found.items())}
    return {name: texts for name, texts in told.items() if texts}


def _examples(printed: Mapping[Rule, str]) -> Iterator[tuple[str, str]]:
    """Yield the name of a rule and a whole message, with the values of one case."""
    for rule, text in printed.items():
        yield from ((rule.name, message) for message in _PRINTED.findall(text))
    for name, message in json.loads(OBSERVED.read_text(encoding='utf-8')).items():
        yield name.partition(',')[0], message


def _is_of(example: str, message: str) -> bool:
    """Tell whether a message says the same with holes, or only a part of it."""
    parts = [part for part in re.split(rf'(?<=Error: )|{HOLE}', message) if part]
    return re.search('.*'.join(map(re.escape, parts)), example) is not None


def _longest(texts: Iterable[str]) -> list[str]:
    """Return the messages that say something, without those with which another one begins."""
    said = sorted(each for each in texts if _RAISED.match(each) and not each.startswith(_OF_ANYTHING))
    return [each for each in said if not any(other != each and other.startswith(each) for other in said)]


def _declared(rule: Rule) -> Iterator[str]:
    if rule.raises is not None:
        yield rule.raises


def _in_module(rule: Rule, rules: Iterable[Rule]) -> Iterator[str]:
    """Yield what is written in a rule's function, and beside it where the rule has the module for itself."""
    module = rule.check.__module__
    is_alone = sum(each.check.__module__ == module for each in rules) == 1
    for node in ast.parse(inspect.getsource(importlib.import_module(module))).body:
        if is_alone or (isinstance(node, ast.FunctionDef) and node.name == rule.check.__name__):
            yield from _texts(node)


def _of_sections() -> Iterator[tuple[str | None, str]]:
    """Yield the kind of violation, and what is raised, for all that the models of sections say."""
    for path in sorted((ROOT / 'cfglint' / 'sections').rglob('*.py')):
        tree = ast.parse(path.read_text(encoding='utf-8'))
        makers = {
            each.name: kinds for each in tree.body if isinstance(each, ast.FunctionDef) and (kinds := _kinds(each, {}))
        }
        yield from _by_kind(tree, makers, None)


def _by_kind(node: ast.AST, makers: Mapping[str, set[str]], kind: str | None) -> Iterator[tuple[str | None, str]]:
    """Yield the texts in a part of a module with the kind that is named nearest to them."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            kinds = _kinds(child, makers)
            yield from _by_kind(child, makers, kinds.pop() if len(kinds) == 1 else kind)
        else:
            yield from ((kind, text) for text in _texts(child))


def _kinds(node: ast.AST, makers: Mapping[str, set[str]]) -> set[str]:
    """Return the kinds of violations that a part of a module names, or that the functions which it calls name."""
    found = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and each.value in get_args(Kind):
            found.add(each.value)
        elif isinstance(each, ast.Call) and isinstance(each.func, ast.Name):
            found |= makers.get(each.func.id, set())
    return found


def _texts(node: ast.AST) -> Iterator[str]:
    """Yield the texts that begin like an exception, with a hole for each value that is put in."""
    if isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else HOLE for part in node.values)
        yield from _raised(''.join(map(str, parts)))
    elif isinstance(node, ast.Constant):
        yield from _raised(str(node.value))
    else:
        for child in ast.iter_child_nodes(node):
            yield from _texts(child)


def _raised(text: str) -> Iterator[str]:
    if _RAISED.match(text) and '\n' not in text:
        yield text
