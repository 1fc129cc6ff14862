"""init_cfg: how the weights of a module start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.sections.slots import Spec
from cfglint.sections.terms import Dict, decided_keys, found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.sections.violations import Violation


def initializer_relations(given: Dict, name: str) -> Iterator[Violation]:
    override: Any = given.get('override')
    several = isinstance(override, list)
    for index, item in enumerate(override if several else [override]):
        if not isinstance(item, dict) or not decided_keys(item):
            continue
        path = ('override', index) if several else ('override',)
        if item.get('name') is None:
            said = 'ValueError: `override` must contain the key "name"'
            message = 'an `override` needs `name`, the submodule that starts in another way'
            yield found('missing-field', message, *path, raises=said)
        elif len(item) > 1 and 'type' not in item:
            said = 'ValueError: `override` need "type" key'
            yield found('missing-field', 'an `override` with arguments needs a `type`', *path, raises=said)


def layered_relations(given: Dict, name: str) -> Iterator[Violation]:
    yield from initializer_relations(given, name)
    probability = given.get('bias_prob')
    if isinstance(probability, (int, str, list, tuple, dict)):
        from cfglint.sections.wording import show

        message = f'`bias_prob` must be a float, got {show(probability)}'
        yield found('wrong-type', message, 'bias_prob', raises='TypeError: bias_prob type must be float')


INITIALIZERS = {
    'Pretrained': Spec('initializers:Pretrained', initializer_relations),
    **{
        name: Spec(f'initializers:{name}', layered_relations)
        for name in ('Constant', 'Xavier', 'Normal', 'TruncNormal', 'Uniform', 'Kaiming', 'Caffe2Xavier')
    },
}
