"""Smoke configs of the official libraries with the documented command, and print what it was and a table.

    python tools/smoke_zoo.py --python ENV mmpretrain=…/mmpretrain/.mim/configs mmdet=…/mmdet/.mim/configs -- --device cpu

ENV is an environment with torch, mmengine, mmcv and the libraries; what follows `--` are further options of `cfglint smoke`.
The configs stand in `smoke_zoo.json`, and why some do not run. A run that was interrupted goes on where it stopped.
With `--docs docs/smoke.md`, the tables there are made anew, of all results in the folder.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
import textwrap
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from cfglint.smoke.report import as_json
from cfglint.smoke.results import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cfglint.smoke.results import Report, Result

DATA = json.loads(Path(__file__).with_suffix('.json').read_text(encoding='utf-8'))
CONFIGS: dict[str, list[str]] = DATA['configs']
"""By library; one or two of each family, the lighter ones."""
CAUSES: dict[str, str] = DATA['causes']
"""Why a config did not run, as a person has found out. The key is a part of `library/config`."""
DOCUMENTED = ['--synthetic', '--no-dedupe', '--steps', '1']
WIDEST = 90
BEGIN, END = '<!-- made by tools/smoke_zoo.py: -->', '<!-- end -->'


def row(result: Result, root: Path) -> str:
    """One line of the table."""
    details, failure = result.details, result.failure
    memory = details.get('memory') or {}
    used = memory.get('peak_allocated') or memory.get('peak_rss') or 0
    batches = details.get('micro_batches') or []
    first = f'{batches[0]["seconds"]:.1f}' if batches else ''
    remark = (
        f'{failure.stage}: {failure.key or ""} {failure.message.splitlines()[0][:140]}'
        if failure
        else result.reason or ''
    )
    cells = (Path(result.config).relative_to(root), result.status.value, len(batches), first, f'{result.seconds:.0f}')
    return '| ' + ' | '.join(str(cell) for cell in (*cells, used >> 20, remark)) + ' |'


def meta_row(result: Result, root: Path) -> str:
    """One line of the table of `--meta`."""
    failure, model = result.failure, result.details.get('model')
    total = model['total'] if model else {}
    needed = sum(value for name, value in total.items() if name.endswith('_bytes'))
    host = (result.details.get('memory') or {}).get('peak_rss') or 0
    unknown = [each['state_unknown'] for each in model['optimizers'] if each['state_unknown']] if model else []
    remark = f'{failure.stage}: {failure.key or ""} {failure.message.splitlines()[0][:140]}' if failure else ''
    cells = (Path(result.config).relative_to(root), result.status.value, f'{total.get("parameters", 0):,}',
             needed >> 20, f'{result.seconds:.1f}', host >> 20, remark or result.reason or ', '.join(unknown))  # fmt: skip
    return '| ' + ' | '.join(str(cell) for cell in cells) + ' |'


def report(library: str, results: Iterable[Result], root: Path, meta: bool) -> str:
    results = list(results)
    counts = Counter(result.status.value for result in results)
    summary = ', '.join(f'{number} {status}' for status, number in sorted(counts.items()))
    titles = ('config', 'status', 'micro-batches', 'first (s)', 'wall (s)', 'memory (MiB)', 'remark')
    if meta:
        titles = ('config', 'status', 'parameters', 'to train (MiB)', 'wall (s)', 'host memory (MiB)', 'remark')
    head = '| ' + ' | '.join(titles) + ' |\n' + '| --- ' * len(titles) + '|'
    return f'\n## {library}: {summary}\n\n{head}\n' + '\n'.join(
        (meta_row if meta else row)(result, root) for result in results
    )


def names_of(library: str, words: Sequence[str] | None) -> list[str]:
    """The configs of a library whose names have one of the words."""
    return [name for name in CONFIGS[library] if any(word in name for word in words or [''])]


def run(library: str, root: Path, arguments: argparse.Namespace) -> list[Result]:
    """Run the command for the configs of a library, say which it was, and return what it found."""
    configs = [str(root / f'{name}.py') for name in names_of(library, arguments.only)]
    results = arguments.output / f'{library}.json'
    options = ['--python', arguments.python, '--resume', str(results), *arguments.options]
    options += ['--no-dedupe'] if '--meta' in arguments.options else DOCUMENTED
    print(f'$ cfglint smoke {shlex.join(options)}   # and {len(configs)} configs of {library}', flush=True)
    subprocess.run([sys.executable, '-m', 'cfglint', 'smoke', *configs, *options], check=False)
    return list(as_json.read(results).results)


def write_docs(page: Path, found: Mapping[str, Report], options: Sequence[str]) -> None:
    """Make the tables of a page anew: how many ran, and of each that did not, what it said and why."""
    command = f'```sh\ncfglint smoke CONFIG… --python ENV {shlex.join([*DOCUMENTED, *options])}\n```'
    counts = ['| library | configs | ran | did not |', '|---|---|---|---|']
    others = ['| config | what it said | why |', '|---|---|---|']
    for library, whole in found.items():
        statuses = Counter(result.status for result in whole.results)
        ran = statuses.pop(Status.OK, 0)
        rest = ', '.join(f'{number} {status.value}' for status, number in statuses.items())
        counts.append(f'| {library} {whole.versions.get(library)} | {len(whole.results)} | {ran} | {rest} |')
        others += [explained(library, result) for result in whole.results if result.status is not Status.OK]
    text = page.read_text(encoding='utf-8')
    before, after = text.partition(BEGIN)[0], text.partition(END)[2]
    blocks = '\n\n'.join([BEGIN, command, '\n'.join(counts), '\n'.join(others), END])
    page.write_text(before + blocks + after, encoding='utf-8')


def explained(library: str, result: Result) -> str:
    """One line of the second table.

    Raises:
        SystemExit: Nobody has said why it did not run.
    """
    name, failure = Path(result.config).stem, result.failure
    said = f'{failure.stage}: {failure.raised}' if failure else f'{result.status.value}: {result.reason}'
    said = textwrap.shorten(said.splitlines()[0].replace('|', '/'), WIDEST, placeholder='…')
    cause = next((cause for part, cause in CAUSES.items() if part in f'{library}/{result.config}'), None)
    if cause is None:
        raise SystemExit(f'{library} {name}: {said}: say why in {Path(__file__).with_suffix(".json").name}')
    return f'| {library} `{name}` | {said} | {cause} |'


def main() -> None:
    """Print a table for each library."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('libraries', nargs='+', metavar='LIBRARY=CONFIGS')
    parser.add_argument('--python', required=True)
    parser.add_argument('--output', type=Path, default=Path('smoke-zoo'), help='the folder for the results')
    parser.add_argument(
        '--only', action='append', metavar='WORD', help='only configs with such a name; may be repeated'
    )
    parser.add_argument('--docs', type=Path, metavar='FILE', help='the page whose tables are made anew')
    own, _, further = ' '.join(map(shlex.quote, sys.argv[1:])).partition(' -- ')
    arguments = parser.parse_args(shlex.split(own))
    arguments.options = shlex.split(further)
    arguments.output.mkdir(exist_ok=True)
    for item in arguments.libraries:
        library, _, folder = item.partition('=')
        if not names_of(library, arguments.only):
            continue
        results = run(library, Path(folder), arguments)
        print(report(library, results, Path(folder), '--meta' in arguments.options), flush=True)
    if arguments.docs:
        files = {library: arguments.output / f'{library}.json' for library in CONFIGS}
        found = {library: as_json.read(path) for library, path in files.items() if path.exists()}
        write_docs(arguments.docs, found, arguments.options)


if __name__ == '__main__':
    main()
