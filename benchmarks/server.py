"""Measure how soon the language server answers an edit, over the wire, with many configs loaded.

    python benchmarks/server.py FOLDER [--files N] [--dependents N] [--repeat N]

FOLDER holds configs: those of mmdet 3.3.0, say (``mmdet/.mim/configs`` in its wheel). It is copied until there are N files.
A config that about so many others inherit is edited again and again, as an editor does it: a mistake comes and goes. What
counts is the best of the edits: when the server tells what is in the file itself, and when all that depends on it is
checked. Exits with 1 when a budget is exceeded.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from run import Table, environment

OPEN, DEPENDENTS = 0.030, 0.150
"""Seconds from an edit to what is found in the open file, and in all that depends on it."""
_MISTAKE = '\ntrain_cfg = dict(max_epoch=3)\n'


class Client:
    """An editor, as far as it takes one to measure."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server = subprocess.Popen(
            [sys.executable, '-m', 'cfglint', 'server'],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
        )
        self._version = 1

    def load(self) -> tuple[float, int]:
        """Open the folder; return the seconds until all is checked, and the number of files."""
        start = time.perf_counter()
        uri = self.folder.as_uri()
        folders = [{'uri': uri, 'name': 'folder'}]
        params = {'processId': None, 'rootUri': uri, 'workspaceFolders': folders, 'capabilities': {}}
        self._send({'id': 1, 'method': 'initialize', 'params': params})
        self._wait(lambda message: message.get('id') == 1)
        self._send({'method': 'initialized', 'params': {}})
        status = self._wait(_is_status)
        return time.perf_counter() - start, status['params']['projects'][0]['files']

    def open(self, path: Path) -> None:
        """Open a file."""
        document = {'uri': path.as_uri(), 'languageId': 'python', 'version': 1, 'text': path.read_text('utf-8')}
        self._send({'method': 'textDocument/didOpen', 'params': {'textDocument': document}})
        self._wait(_is_status)

    def edit(self, path: Path, text: str) -> tuple[float, float]:
        """Replace the text of a file; return the seconds until it is judged, and until its dependents are."""
        self._version += 1
        document = {'uri': path.as_uri(), 'version': self._version}
        params = {'textDocument': document, 'contentChanges': [{'text': text}]}
        start = time.perf_counter()
        self._send({'method': 'textDocument/didChange', 'params': params})
        self._wait(
            lambda each: (
                each.get('method') == 'textDocument/publishDiagnostics' and each['params']['uri'] == path.as_uri()
            )
        )
        opened = time.perf_counter() - start
        self._wait(_is_status)
        return opened, time.perf_counter() - start

    def processor_seconds(self) -> float:
        """Return the processor time that the server has taken so far: on a busy machine, it tells more than the clock."""
        fields = Path(f'/proc/{self._server.pid}/stat').read_text('utf-8').rpartition(')')[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')

    def megabytes(self) -> float:
        """Return the memory of the server."""
        status = Path(f'/proc/{self._server.pid}/status').read_text('utf-8')
        match = re.search(r'VmHWM:\s+(\d+)', status)
        return int(match[1]) / 1024 if match else 0.0

    def leave(self) -> None:
        """Shut the server down."""
        self._send({'id': 2, 'method': 'shutdown'})
        self._wait(lambda message: message.get('id') == 2)
        self._send({'method': 'exit'})
        self._server.wait(10)

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps({'jsonrpc': '2.0', **message}).encode()
        assert self._server.stdin is not None
        self._server.stdin.write(b'Content-Length: %d\r\n\r\n' % len(data) + data)
        self._server.stdin.flush()

    def _wait(self, is_meant: Any) -> dict[str, Any]:
        output = self._server.stdout
        assert output is not None
        while True:
            length = 0
            while (line := output.readline().strip()) != b'':
                if line.startswith(b'Content-Length:'):
                    length = int(line.split(b':')[1])
            if not length:
                raise SystemExit('the server has ended')
            message = json.loads(output.read(length))
            if is_meant(message):
                return message


def _is_status(message: dict[str, Any]) -> bool:
    return message.get('method') == 'cfglint/status'


def repository(source: Path, into: Path, files: int) -> Path:
    """Make a repository with copies of a folder until it has so many configs."""
    (into / '.git').mkdir(parents=True)
    count = sum(1 for _ in source.rglob('*.py'))
    for number in range(-(-files // count)):
        shutil.copytree(source, into / 'configs' / f'copy_{number}')
    extra = sorted((into / 'configs').rglob('*.py'), reverse=True)[: max(0, count * -(-files // count) - files)]
    for path in extra:
        path.unlink()
    return into


def inherited_by(folder: Path, wanted: int) -> Path:
    """Return the config of the first copy that nearest to `wanted` others inherit."""
    from cfglint.language.errors import ConfigError
    from cfglint.language.loader import Loader

    loader, counts = Loader(), {}
    for path in sorted((folder / 'configs' / 'copy_0').rglob('*.py')):
        try:
            lineage = loader.load_known(str(path)).lineage()[1:]
        except ConfigError:
            continue
        for each in lineage:
            counts[each.path] = counts.get(each.path, 0) + 1
    return Path(min(counts, key=lambda path: (abs(counts[path] - wanted), path)))


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder', type=Path)
    parser.add_argument('--files', type=int, default=1000, help='how many configs are loaded')
    parser.add_argument('--dependents', type=int, default=30, help='how many configs inherit the one that is edited')
    parser.add_argument('--repeat', type=int, default=20, help='how often it is edited; the best edit counts')
    args = parser.parse_args()
    table = Table()
    with tempfile.TemporaryDirectory() as scratch:
        folder = repository(args.folder, Path(scratch, 'repository'), args.files)
        path = inherited_by(folder, args.dependents)
        text = path.read_text('utf-8')
        client = Client(folder)
        seconds, files = client.load()
        print(f'{files} configs loaded in {seconds:.1f} s, {client.megabytes():.0f} MB; {path.name} is edited')
        client.open(path)
        before = client.processor_seconds()
        edits = [client.edit(path, text + _MISTAKE * (number % 2 == 0)) for number in range(args.repeat)]
        for what, index, budget in (('the open file', 0, OPEN), ('its dependents', 1, DEPENDENTS)):
            best = min(edit[index] for edit in edits)
            table.row(what, f'{best * 1000:.0f} ms', best / budget, 1.0)
        each = (client.processor_seconds() - before) / args.repeat
        print(f'{each * 1000:.0f} ms of processor time an edit; {client.megabytes():.0f} MB after {args.repeat} edits')
        client.leave()
    return int(table.exceeded)


if __name__ == '__main__':
    sys.exit(main())
