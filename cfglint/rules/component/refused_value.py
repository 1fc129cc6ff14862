"""Values of arguments that the constructor of a class refuses."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from cfglint.catalog.suggest import nearest
from cfglint.diagnostics import Advice, Severity
from cfglint.rules.cause import report_between
from cfglint.rules.component.arguments import OF_ARGUMENTS
from cfglint.rules.component.faults import Denied, faults, telling_of
from cfglint.rules.component.unresolved_types import has_wrong_scope
from cfglint.rules.reading.items import item_below
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

_BETTER_TOLD: Final = (
    'anchor-count-mismatch', 'conflicting-fields', 'deprecated-file-client-args', 'format-only-without-path', 'input-count-mismatch',
    'invalid-dataset-argument', 'invalid-transform-argument', 'level-count-mismatch', 'missing-part-setting',
    'output-count-mismatch', 'stage-count-mismatch', 'topk-beyond-classes', 'typeless-component', 'unknown-architecture',
    'unsized-seg-preprocessor', 'unsupported-metric-value', 'unsupported-part-value', 'wrong-argument-type',
)  # fmt: skip
"""Rules that say more of some of these values."""
_MOST_SHOWN: Final = 60
_LONGEST: Final = 120
"""Characters of a message."""


@rule(raises='ValueError', tells=telling_of(Denied), yields_to=(*OF_ARGUMENTS, *_BETTER_TOLD))
def refused_value(context: Context) -> Iterator[Diagnostic]:
    """Values of arguments that the constructor of a class refuses.

    `assert max(out_indices) < num_stages` stands in the constructor of a backbone, `if crop_type not in […]: raise ValueError`
    in that of a transform: what thousands of such lines demand of arguments was taken from the sources of the libraries
    (`tools/build_conditions.py`), and is computed for the arguments of a config and the defaults of the others.

    ```py title="bad"
    default_scope = 'mmdet'
    train_dataloader = dict(
        dataset=dict(type='CocoDataset', pipeline=[dict(type='RandomCrop', crop_size=(0.5, 0.5), crop_type='relativ')]))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    train_dataloader = dict(
        dataset=dict(type='CocoDataset', pipeline=[dict(type='RandomCrop', crop_size=(0.5, 0.5), crop_type='relative')]))
    ```
    """
    told: set[int] = set()
    for fault in faults(context, Denied):
        if has_wrong_scope(context, fault.use) or id(fault.use.item.value) in told:
            continue
        told.add(id(fault.use.item.value))  # one value often breaks several conditions
        first, *others = _latest_first(context, fault)
        values = _values(fault.condition.text, first)
        message = _demand(fault) if values is None else _choice(fault, first)
        advice = _given(fault) if values is None else _instead(first, values)
        around = (*others, fault.use.type)
        parts: dict[str, Any] = {'advice': advice, 'about': fault.use.item, 'raises': fault.condition.raises}
        if not fault.condition.raises:
            parts = {'advice': advice, 'about': fault.use.item, 'severity': Severity.WARNING}
        yield report_between(context, first, around, message, at='value', **parts)


def _latest_first(context: Context, fault: Denied) -> list[Item]:
    """Return the arguments of a condition that are given: those of the config itself first, what it demands before its test."""
    given = [item for path in fault.condition.paths if (item := item_below(fault.use.item, path)) is not None]
    own = context.config.source
    return sorted(given, key=lambda item: item.origin is None or item.origin.source is not own)


def _values(text: str, item: Item) -> tuple[Any, ...] | None:
    """Return the values among which an argument has to be, None if something else is demanded."""
    tree = ast.parse(text, mode='eval').body
    if not isinstance(tree, ast.Compare) or not isinstance(tree.ops[0], ast.In) or ast.unparse(tree.left) != item.name:
        return None
    try:
        return tuple(ast.literal_eval(tree.comparators[0]))
    except (TypeError, ValueError):
        return None


def _choice(fault: Denied, item: Item) -> str:
    return f'`{fault.resolved.component.name}` does not take `{item.value!r:.40}` as `{item.name}`'


def _demand(fault: Denied) -> str:
    """Return what is demanded, in the words of the source as long as they are short."""
    name, condition = fault.resolved.component.name, fault.condition
    if condition.text.isidentifier():
        message = f'`{name}` needs `{condition.text}`'
    elif len(condition.text) <= _MOST_SHOWN:
        message = f'`{name}` demands `{condition.text}`, which does not hold'
    else:
        return f'`{name}` does not take these values together: ' + ', '.join(f'`{each}`' for each in condition.paths)
    longer = f'{message} (with `{condition.when}`)'
    return longer if condition.when and len(longer) <= _LONGEST else message


def _given(fault: Denied) -> Advice:
    """Return advice that says what the arguments are."""
    parameters = fault.resolved.signature.parameters
    shown = []
    for path in fault.condition.paths:
        item = item_below(fault.use.item, path)
        text = repr(item.value) if item is not None else str(getattr(parameters.get(path), 'default', '…'))
        text = text if len(text) <= _MOST_SHOWN else f'{text[: _MOST_SHOWN - 1]}…'
        shown.append(f'`{path}={text}`' + ('' if item is not None else ' by default'))
    return Advice(
        f'make them fit; now they are {", ".join(shown)}' if len(shown) > 1 else f'change it; now it is {shown[0]}'
    )


def _instead(item: Item, values: tuple[Any, ...]) -> Advice:
    texts = {str(value): value for value in sorted(values, key=str)}
    near = nearest(str(item.value), list(texts), 1)
    meant = texts[near[0]] if near else next(iter(values))
    others = ', '.join(f'`{value}`' for value in values if value != meant)
    return Advice(
        f'write one of the values that it takes: {others}, or' if others else 'write', f'{item.name}={meant!r}'
    )
