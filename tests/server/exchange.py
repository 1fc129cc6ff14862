"""A recorded conversation about configs of mmdet 3.3.0: what an editor asks, and what the server has answered.

    python -m tests.server.exchange

records it anew, into `exchange.json`.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import converters, types

from tests.server.client import talk

if TYPE_CHECKING:
    from tests.server.client import Client

HERE = Path(__file__).parent
RECORD = HERE / 'exchange.json'
CONFIG = 'configs/retinanet/retinanet_r50_fpn_1x_coco.py'
BASE = 'configs/_base_/schedules/schedule_1x.py'
MODEL = 'configs/_base_/models/retinanet_r50_fpn.py'
RANGE = {'start': {'line': 0, 'character': 0}, 'end': {'line': 99, 'character': 0}}

ASKED: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ('textDocument/hover', CONFIG, 'lr=0.01', {}),
    ('textDocument/definition', CONFIG, 'lr=0.01', {}),
    ('textDocument/references', CONFIG, 'lr=0.01', {'context': {'includeDeclaration': True}}),
    ('textDocument/definition', CONFIG, 'schedule_1x', {}),
    ('textDocument/hover', CONFIG, 'schedule_1x', {}),
    ('textDocument/documentSymbol', CONFIG, '', {}),
    ('textDocument/inlayHint', CONFIG, '', {'range': RANGE}),
    ('textDocument/codeLens', BASE, '', {}),
    ('textDocument/implementation', BASE, 'lr=0.02', {}),
    ('textDocument/hover', BASE, 'param_scheduler', {}),
    ('textDocument/hover', MODEL, "'RetinaHead'", {}),
    ('textDocument/hover', MODEL, 'num_outs', {}),
    ('textDocument/completion', MODEL, 'stacked_convs', {}),
    ('textDocument/foldingRange', MODEL, '', {}),
    ('textDocument/prepareRename', MODEL, 'num_classes', {}),
    ('textDocument/rename', BASE, 'max_epochs', {'newName': 'epochs'}),
)
"""The method, the file, the words at whose second character it is asked, and what else is sent."""
SHOWN = 12
"""How many proposals of a completion are kept."""


async def converse(client: Client) -> list[Any]:
    """Ask everything; return the answers, and what is told after a mistake is typed."""
    converter = converters.get_converter()
    for name in (CONFIG, BASE, MODEL):
        client.open(name)
    await client.settled()
    answers: list[Any] = []
    for method, name, words, more in ASKED:
        text = (client.folder / name).read_text(encoding='utf-8')
        params: dict[str, Any] = {'textDocument': {'uri': client.uri(name)}, **more}
        if words:
            before = text[: text.index(words) + 1]
            params['position'] = {'line': before.count('\n'), 'character': len(before) - before.rfind('\n') - 1}
        kind = types.METHOD_TO_TYPES[method][2]
        answer = await client.protocol.send_request_async(method, converter.structure(params, kind))
        answers.append(_plain(converter.unstructure(answer)))
    client.type(BASE, (client.folder / BASE).read_text(encoding='utf-8').replace('max_epochs', 'max_epoch'))
    await client.settled()
    answers.append({name: _plain(converter.unstructure(said)) for name, said in sorted(client.pushed.items())})
    root = str(client.folder)
    return json.loads(json.dumps(answers).replace(root, '$ROOT'))


def _plain(answer: Any) -> Any:
    """Return an answer without what is long: of a completion, the first proposals by name."""
    if isinstance(answer, dict) and 'items' in answer:
        return [f'{each["label"]} ({each.get("detail", "")})' for each in answer['items'][:SHOWN]]
    return answer


def conversation(folder: Path) -> list[Any]:
    """Have the conversation in a copy of the configs."""
    shutil.copytree(HERE / 'zoo', folder, dirs_exist_ok=True)
    (folder / '.git').mkdir()
    return talk(folder, converse, command=True, options={'target': ['mmdet==3.3.0', 'torch==2.1.0']})


if __name__ == '__main__':
    with tempfile.TemporaryDirectory() as scratch:
        lines = [json.dumps(each, ensure_ascii=False) for each in conversation(Path(scratch).resolve())]
    RECORD.write_text('[\n' + ',\n'.join(lines) + '\n]\n', encoding='utf-8')
