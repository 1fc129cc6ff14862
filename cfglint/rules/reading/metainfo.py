"""What a `metainfo` of mmpose says: written out in the config, or in the file that `from_file` names."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.language.errors import ConfigError
from cfglint.language.trees import tree_of

if TYPE_CHECKING:
    from cfglint.language.places import Span
    from cfglint.language.source import SourceFile
    from cfglint.rules.context import Context
    from cfglint.rules.reading.own_datasets import OwnDataset


class Metainfo(NamedTuple):
    """The fields of a metainfo, as far as they are written out; of a file, with the place of each."""

    fields: dict[str, Any]
    source: SourceFile | None = None
    places: dict[str, ast.expr] = {}  # noqa: RUF012 -- never changed

    def span(self, name: str) -> Span | None:
        """Return where a field stands in the file."""
        place = self.places.get(name)
        return None if place is None or self.source is None else self.source.span(place)


def metainfo_of(context: Context, value: dict[Any, Any]) -> Metainfo | None:
    """Return what a `metainfo` says, None if that is not known."""
    file = value.get('from_file')
    if file is None:
        return Metainfo(value) if isinstance(value.get('keypoint_info'), dict) else None
    return _of_file(context, file) if isinstance(file, str) else None


def metainfo_of_class(context: Context, own: OwnDataset) -> Metainfo | None:
    """Return what the `METAINFO` of a dataset of the user's own says, None if that is not known."""
    found = None if own.may_change else own.metainfo
    pairs = None if found is None else _pairs(found[1])
    if found is None or pairs is None:
        return None
    fields = _known(pairs)
    if 'from_file' in dict(pairs):
        return metainfo_of(context, fields)
    return Metainfo(fields, found[0].source, dict(pairs)) if isinstance(fields.get('keypoint_info'), dict) else None


def _of_file(context: Context, file: str) -> Metainfo | None:
    """Read the user's own file; a file of mmpose is right."""
    path = context.libraries.own.named_file(file)
    if not path:
        return None
    try:
        source = context.read(path)
        return _info(source, tree_of(source.text))
    except (ConfigError, SyntaxError, ValueError, RecursionError):
        return None


def _info(source: SourceFile, tree: ast.Module) -> Metainfo | None:
    for node in tree.body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id == 'dataset_info'
        ):
            pairs = _pairs(node.value)
            if pairs is None:
                return None
            return Metainfo(_known(pairs), source, dict(pairs))
    return None


def _known(pairs: list[tuple[Any, ast.expr]]) -> dict[Any, Any]:
    fields = {name: literal(value) for name, value in pairs}
    return {name: value for name, value in fields.items() if value is not OPEN}


OPEN: Any = object()
"""What is computed."""
MOST = 10_000
"""No real skeleton has as many parts."""


def _pairs(node: ast.expr) -> list[tuple[Any, ast.expr]] | None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == 'dict' and not node.args:
        return [(each.arg, each.value) for each in node.keywords] if all(each.arg for each in node.keywords) else None
    if isinstance(node, ast.Dict) and all(isinstance(key, ast.Constant) for key in node.keys):
        return [
            (key.value, value)
            for key, value in zip(node.keys, node.values, strict=True)
            if isinstance(key, ast.Constant)
        ]
    return None


def literal(node: ast.expr) -> Any:
    """Return what a display says; `OPEN` where some of it is computed."""
    pairs = _pairs(node)
    if pairs is not None:
        found = {name: literal(value) for name, value in pairs}
        return OPEN if any(value is OPEN for value in found.values()) else found
    if isinstance(node, (ast.List, ast.Tuple)):
        items = [literal(each) for each in node.elts]
        return OPEN if any(each is OPEN for each in items) else items
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        items, times = literal(node.left), literal(node.right)
        known = isinstance(items, list) and isinstance(times, int) and len(items) * times <= MOST
        return items * times if known else OPEN
    try:
        return ast.literal_eval(node)
    except (ValueError, SyntaxError, TypeError):
        return OPEN
