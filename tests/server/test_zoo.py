"""A conversation with the server, message by message, about real configs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from tests.kit.repo import write
from tests.server.client import Client, talk

if TYPE_CHECKING:
    from pathlib import Path

CONFIGS = {
    '_base_/models/retinanet_r50_fpn.py': """\
model = dict(
    type='RetinaNet',
    backbone=dict(type='ResNet', depth=50, num_stages=4, out_indices=(0, 1, 2, 3), frozen_stages=1),
    neck=dict(type='FPN', in_channels=[256, 512, 1024, 2048], out_channels=256, start_level=1, num_outs=5),
    bbox_head=dict(type='RetinaHead', num_classes=80, in_channels=256, stacked_convs=4, feat_channels=256))
""",
    '_base_/default_runtime.py': """\
default_scope = 'mmdet'
default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1))
env_cfg = dict(cudnn_benchmark=False)
""",
    '_base_/schedules/schedule_1x.py': """\
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=1)
optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.02, momentum=0.9))
""",
    'retinanet/retinanet_r50_fpn_1x_coco.py': """\
_base_ = [
    '../_base_/models/retinanet_r50_fpn.py', '../_base_/schedules/schedule_1x.py', '../_base_/default_runtime.py'
]
optim_wrapper = dict(optimizer=dict(lr=0.01))
""",
}
NAME = 'configs/retinanet/retinanet_r50_fpn_1x_coco.py'
ROW = 3


def test_a_session(tmp_path: Path) -> None:
    write(tmp_path / 'configs', CONFIGS)

    async def conversation(client: Client) -> None:
        client.open(NAME)
        await client.settled()
        document = types.TextDocumentIdentifier(client.uri(NAME))
        place = types.Position(ROW, CONFIGS[NAME.removeprefix('configs/')].splitlines()[ROW].index('lr='))

        said = await client.text_document_hover_async(types.HoverParams(document, place))
        assert '0.01' in said.contents.value and 'schedule_1x.py:2`: `0.02`' in said.contents.value
        (target,) = await client.text_document_definition_async(types.DefinitionParams(document, place))
        assert target.uri.endswith('schedule_1x.py') and target.range.start.line == 1
        context = types.ReferenceContext(include_declaration=True)
        found = await client.text_document_references_async(types.ReferenceParams(context, document, place))
        assert len(found) == 2
        hints = await client.text_document_inlay_hint_async(
            types.InlayHintParams(document, types.Range(types.Position(0, 0), types.Position(9, 0)))
        )
        assert [each.label for each in hints] == [
            "from schedule_1x.py: type='OptimWrapper'",
            "from schedule_1x.py: type='SGD', momentum=0.9",
        ]

        expected = (
            ('resolved', 'lr=0.01'),
            ('origins', 'overrides'),
            ('tree', 'schedule_1x.py'),
            ('schedule', 'lr: 0.01 throughout'),
        )
        for command, words in expected:
            asked = types.ExecuteCommandParams(f'cfglint.{command}', [client.uri(NAME)])
            assert words in await client.workspace_execute_command_async(asked)

        client.type(NAME, CONFIGS[NAME.removeprefix('configs/')] + "model = dict(bbox_head=dict(type='Reti")
        end = types.Position(ROW + 1, len("model = dict(bbox_head=dict(type='Reti"))
        proposed = await client.text_document_completion_async(types.CompletionParams(document, end))
        assert 'RetinaHead' in [each.label for each in proposed.items]
        names = await client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
        assert [each.name for each in names] == ['_base_', 'optim_wrapper', 'model']
        await client.settled()
        assert [each.code for each in client.pushed[NAME]] == ['syntax-error']

    talk(tmp_path, conversation)
