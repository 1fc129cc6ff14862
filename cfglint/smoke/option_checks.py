"""Options that would fail only after the run, or in every config, are refused before it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from cfglint.smoke import devices
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.smoke.options import Options
    from cfglint.smoke.request import Request

_EXECUTOR = re.compile(r'local|ray(://.+)?')


def require_usable(request: Request) -> None:
    """Refuse what cannot be used.

    Raises:
        UsageError: An option is wrong.
    """
    for words in (*_of_values(request), *_of_ranks(request.options), *_of_pairs(request), *_of_files(request)):
        raise UsageError(words)


def _of_values(request: Request) -> Iterator[str]:
    options = request.options
    if not devices.is_name(options.device):
        yield f'--device: `{options.device}` is none of {devices.NAMES}'
    if not _EXECUTOR.fullmatch(options.executor):
        yield f'--executor: `{options.executor}` is none of `local`, `ray`, `ray://ADDRESS`'
    for text in options.cfg_options:
        if not text.partition('=')[0].strip() or '=' not in text:
            yield f'--cfg-options: write KEY=VALUE instead of `{text}`'


def _of_ranks(options: Options) -> Iterator[str]:
    if options.nproc > 1 and (devices.index_of(options.device) is not None or options.device == 'mps'):
        yield '--nproc takes the first devices: give `--device cuda`, and choose by CUDA_VISIBLE_DEVICES'
    if (options.nnodes > 1) is (options.rendezvous is None):
        yield '--nnodes and --rendezvous HOST:PORT belong together: give both, the same on all machines'
    if options.rendezvous is not None and not re.fullmatch(r'.+:\d+', options.rendezvous):
        yield f'--rendezvous: write HOST:PORT instead of `{options.rendezvous}`'
    if options.fake and options.nproc == 1:
        yield '--fake pretends ranks: say how many with --nproc'


def _of_pairs(request: Request) -> Iterator[str]:
    """What does not go together."""
    options = request.options
    runs = {'--val': options.val, '--until': options.until != 'iteration', '--small': options.small,
            '--find-batch-size': options.find_batch_size, '--nproc': options.nproc > 1,
            '--max-memory': options.max_memory is not None}  # fmt: skip
    asked = [name for name, is_asked in runs.items() if is_asked]
    if options.meta and asked:
        yield f'--meta runs nothing: it does not go with {asked[0]}'
    if options.small and options.max_memory is not None:
        yield '--max-memory is about the real run: it does not go with --small'
    if options.find_batch_size:
        yield from _of_search(options)
    if options.small and options.nnodes > 1:
        yield '--small may have to run again, on which machines do not agree: leave out --nnodes'
    if request.changed and request.since is not None:
        yield '--changed is `--since HEAD`: leave one out'
    if request.retry_failed and request.resume is None:
        yield '--retry-failed runs again what failed before: say where that stands with --resume FILE'


def _of_search(options: Options) -> Iterator[str]:
    """What does not go with a search for the largest batch."""
    if options.batch_size is not None:
        yield '--find-batch-size tries sizes of its own: leave out --batch-size'
    if options.small:
        yield '--find-batch-size is about the real run: it does not go with --small'
    if options.nproc > 1 and not options.fake:
        yield '--find-batch-size runs one process: leave out --nproc'


def _of_files(request: Request) -> Iterator[str]:
    root, is_here = request.options.data_root, request.options.executor == 'local'
    if root is not None and is_here and '://' not in root and not Path(root).expanduser().is_dir():
        yield f'--data-root: there is no folder `{root}`'
    for option, file in (('--resume', request.resume), *(('--output-format', file) for _, file in request.outputs)):
        if file is not None and not Path(file).parent.is_dir():
            yield f'{option}: there is no folder `{Path(file).parent}`'
    kept = request.resume and Path(request.resume).resolve()
    if kept and any(file is not None and Path(file).resolve() == kept for _, file in request.outputs):
        yield f'--resume keeps the results of other configs, too: give the report another name than `{request.resume}`'
