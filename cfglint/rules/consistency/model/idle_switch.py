"""Settings of single stages of a backbone, without what they switch on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice, Severity
from cfglint.rules.cause import report_between
from cfglint.rules.reading.official import data_facts_of
from cfglint.rules.reading.parts import holding
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


SWITCHES: Final = frozenset({'stage_with_dcn', 'stage_with_sac'})
SWITCHED: Final = frozenset({'dcn', 'sac'})


@rule(scope='entry', severity=Severity.WARNING, reads=('model',), words=SWITCHES | SWITCHED)
def idle_switch(context: Context) -> Iterator[Diagnostic]:
    """A `stage_with_dcn` or `stage_with_sac` without `dcn` or `sac`, or the other way round: it is not looked at.

    The stages say where deformable convolutions go (by default nowhere), the other argument says what they are. Without one of
    both, a backbone is built with plain convolutions.

    Source: `mmdet/models/backbones/resnet.py`, `dcn = self.dcn if self.stage_with_dcn[i] else None`.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', backbone=dict(type='ResNet', depth=50, stage_with_dcn=(False, True, True, True)))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(
        type='RetinaNet',
        backbone=dict(
            type='ResNet',
            depth=50,
            dcn=dict(type='DCN', deform_groups=1, fallback_on_stride=False),
            stage_with_dcn=(False, True, True, True)))
    ```
    """
    if context.partial is not None:
        return
    for part in holding(context, context.section('model'), SWITCHES | SWITCHED):
        for partner in data_facts_of(context, part).staged.get(part.type_name or '', ()):
            yield from _judge(context, part, f'stage_with_{partner}', partner)


def _judge(context: Context, part: Item, name: str, partner: str) -> Iterator[Diagnostic]:
    stages, switched = part.get(name), part.get(partner)
    given = (False,) if stages is None else stages.value
    if not isinstance(given, (list, tuple)) or not all(isinstance(each, bool) for each in given):
        return
    if stages is not None and any(given) and (switched is None or switched.value is None):
        message = f'`{name}` has no effect without `{partner}`: all stages get plain convolutions'
        layer = "dict(type='DCNv2', deform_groups=1, fallback_on_stride=False)"
        code = f'dict({partner}={layer})' if partner == 'dcn' else "dict(sac=dict(type='SAC', use_deform=True))"
        yield context.report(stages, message, ignored=True, advice=Advice('add', code))
    elif switched is not None and isinstance(switched.value, dict) and not any(given):
        message = f'`{partner}` has no effect without `{name}`: all stages get plain convolutions'
        advice = Advice('say in which stages it is used:', f'dict({name}=(False, True, True, True))')
        yield report_between(context, switched, (stages,), message, ignored=True, advice=advice)
