"""Settings of single stages of a backbone, without what they switch on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice, Severity
from cfglint.rules.reading.official import data_facts_of
from cfglint.rules.reading.parts import holding
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context


SWITCHES: Final = frozenset({'stage_with_dcn', 'stage_with_sac'})


@rule(scope='entry', severity=Severity.WARNING, reads=('model',), words=SWITCHES)
def idle_switch(context: Context) -> Iterator[Diagnostic]:
    """A `stage_with_dcn` or `stage_with_sac` without `dcn` or `sac`: it is not looked at.

    The stages say where deformable convolutions go, the other argument says what they are. Without it, a backbone is built
    with plain convolutions.

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
    model = context.section('model')
    if context.partial is not None:
        return
    for part in holding(context, model, SWITCHES):
        for name in SWITCHES & part.value.keys():
            stages, partner = part.get(name), name.removeprefix('stage_with_')
            if stages is None or part.value.get(partner) is not None or not isinstance(stages.value, (list, tuple)):
                continue
            if any(each is True for each in stages.value) and partner in data_facts_of(context, part).staged.get(
                part.type_name or '', ()
            ):
                message = f'`{name}` has no effect without `{partner}`: all stages get plain convolutions'
                given = "dict(type='DCNv2', deform_groups=1, fallback_on_stride=False)"
                code = f'dict({partner}={given})' if partner == 'dcn' else "dict(sac=dict(type='SAC', use_deform=True))"
                yield context.report(stages, message, ignored=True, advice=Advice('add', code))
