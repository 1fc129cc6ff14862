"""A warm worker: imports torch and mmengine once, then forks one child for each job.

The server itself never computes with tensors (threads do not survive a fork) and never runs user code. When the
parent goes away, its request pipe closes, and the server ends everything below it.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import importlib.util
import json
import os
import select
import shutil
import signal
import sys
import sysconfig
import tempfile
import traceback
from typing import Any

from . import guard, stages
from .apart import FAILED
from .failure import describe
from .versions import versions
from .wire import Wire

POISONED = 75
"""Exit code of a child that cannot use the device, because it is a fork."""


class ParentGone(Exception):
    """The parent closed its end, or died."""


class Requests:
    """Lines from the parent, and a look at whether it is still there."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self.buffer = b''
        self.wake, writer = os.pipe()
        os.set_blocking(writer, False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)

    def next(self) -> dict[str, Any]:
        while b'\n' not in self.buffer:
            if not self._read():
                raise ParentGone
        line, _, self.buffer = self.buffer.partition(b'\n')
        return dict(json.loads(line))

    def _read(self) -> bool:
        data = os.read(self.fd, 1 << 16)
        self.buffer += data
        return bool(data)

    def wait_for_child(self) -> None:
        """Until a signal comes, which may be the end of a child."""
        ready, _, _ = select.select([self.fd, self.wake], [], [], 1.0)
        if self.fd in ready and not self._read():
            raise ParentGone
        if self.wake in ready:
            os.read(self.wake, 4096)


def boot(wire: Wire) -> bool:
    """Import what every job needs. Says what is wrong with the environment if that fails."""
    try:
        import mmengine.runner  # noqa: F401
        import torch

        with contextlib.suppress(ImportError):  # it is optional, but nearly always there
            import mmcv  # noqa: F401
        preload()
        mps = torch.backends.mps.is_available()
        wire.send('ready', pid=os.getpid(), versions=versions(), devices=torch.cuda.device_count(), mps=mps)
        return True
    except BaseException as error:  # a broken installation fails in any way
        failure = describe(error, stages.ENVIRONMENT, None)
        failure['stage'] = stages.ENVIRONMENT
        wire.send('unready', failure=failure, python=sys.executable)
        return False


def preload() -> None:
    """Import what a Runner imports late, so that not every child does it again: together that is a second each."""
    import torch

    with contextlib.suppress(ImportError):
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        # MMEngine's visualizer draws up one: the first makes matplotlib import its axes, and write their documentation.
        FigureCanvasAgg(Figure()).figure.add_subplot()
    # The first optimizer makes torch import its compiler.
    torch.optim.SGD([torch.nn.Parameter(torch.empty(0))], lr=1.0)
    # Whoever collects garbage in a child need not look at, and thereby copy, what is the server's.
    gc.freeze()


def is_installed(library: object) -> bool:
    """Whether a library is installed in this environment: what lies in the project is imported behind walls only."""
    if not isinstance(library, str) or not library.isidentifier():
        return False
    spec = importlib.util.find_spec(library)
    folders = {os.path.join(os.path.realpath(sysconfig.get_path(name)), '') for name in ('purelib', 'platlib')}
    return spec is not None and spec.origin is not None and os.path.realpath(spec.origin).startswith(tuple(folders))


def skip_weights(job: dict[str, Any]) -> None:
    """Load no weights, unless the job may: here, because no child shares what it costs to patch the loaders."""
    from . import weights

    if not job['options'].get('weights'):
        weights.disable_loading()


def warm_up(library: str, job: dict[str, Any], offline: guard.Offline) -> None:
    """Import a library that an earlier job imported without trouble, so that later jobs find it."""
    from .imports import import_library

    offline.active = not job['options'].get('network')
    try:
        import_library(library)
    except Exception:  # the job will meet the same error, and tell it with its stage
        traceback.print_exc()
    finally:
        offline.active = False


def enter_child(job: dict[str, Any], wire: Wire) -> guard.Walls | None:
    """Put up the walls, if any. From here on the process belongs to the job."""
    os.environ.update(job.get('environment', {}))
    os.makedirs(job['folder'], exist_ok=True)
    log = os.open(job['log'], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, source in ((0, nothing), (1, log), (2, log)):
        os.dup2(source, target)
    faulthandler.enable(file=2, all_threads=False)
    faulthandler.register(signal.SIGUSR1, file=2, all_threads=False)
    guard.no_core_dumps()
    tempfile.tempdir = job['folder']
    os.environ['TMPDIR'] = job['folder']
    network = bool(job['options'].get('network'))
    if job['options']['device'] == 'cpu' and job.get('memory_limit'):
        # What a driver maps would count, too: on a device, only the parent watches.
        guard.limit_memory(int(job['memory_limit']))
    if job.get('disk_limit'):
        guard.limit_files(int(job['disk_limit']))
    if job['options'].get('writes'):
        return None
    guard.put_up_kernels_walls(job)
    walls = guard.Walls([job['folder'], job['caches']], network, wire.send)
    sys.addaudithook(walls)
    return walls


def _child(job: dict[str, Any], wire: Wire) -> int:
    from .session import run_job

    os.setsid()
    guard.die_with_parent()
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    if job.get('kind') != 'probe' and _needs_server(job['options']['device']):
        return POISONED
    walls = enter_child(job, wire)
    if job.get('kind') == 'probe':
        from .probe import probe

        return probe(job, wire)
    run_job(job, wire, walls)
    return 0


def _needs_server(device: str) -> bool:
    """Whether a device cannot be used after a fork: Metal never, CUDA if it had been started before."""
    import torch

    if device in ('cpu', 'mps'):
        return device == 'mps'
    return bool(getattr(torch.cuda, '_is_in_bad_fork', lambda: False)())


def fork_job(job: dict[str, Any], wire: Wire, requests: Requests) -> int:
    """Run one job in a child; returns its exit code, or minus the signal that ended it."""
    pid = os.fork()
    if pid == 0:
        code = FAILED
        try:
            # Who can read a pipe can open it for writing: the job could ask for another without walls.
            os.close(requests.fd)
            code = _child(job, wire)
        except BaseException:  # nothing may return into the server's loop
            with contextlib.suppress(Exception):
                wire.send('broken', traceback=traceback.format_exc())
        finally:
            for stream in (sys.stdout, sys.stderr):
                with contextlib.suppress(Exception):  # the job may have closed or replaced it
                    stream.flush()
            os._exit(code)
    wire.send('started', pid=pid)
    try:
        while True:
            ended, status, usage = os.wait4(pid, os.WNOHANG)
            if ended:
                break
            requests.wait_for_child()
    finally:
        left = guard.kill_descendants(os.getpid())
    code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    if code != POISONED:
        wire.send('exit', code=code, left_behind=left, max_rss=usage.ru_maxrss * 1024)
    return code


def serve(requests_fd: int, events_fd: int, folder: str | None) -> int:
    """Serve jobs as long as the parent is there; `folder` is removed if it goes away, rather than ending this."""
    wire = Wire(events_fd)
    guard.adopt_orphans()
    try:
        return _serve(Requests(requests_fd), events_fd) if boot(wire) else 1
    except (ParentGone, BrokenPipeError):
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        return 0


def _serve(requests: Requests, events_fd: int) -> int:
    warmed: dict[str, None] = {}
    offline = guard.Offline()
    sys.addaudithook(offline)
    while True:
        job = requests.next()
        skip_weights(job)
        for name in job.get('warm', ()):
            if name not in warmed and is_installed(name):
                warmed[name] = None
                warm_up(name, job, offline)
        code = fork_job(job, Wire(events_fd, job['id']), requests)
        if code == POISONED:
            return _run_here(job, Wire(events_fd, job['id']))


def _run_here(job: dict[str, Any], wire: Wire) -> int:
    """The server's last job: without a fork, for CUDA that has been started already."""
    from .session import run_job

    wire.send('started', pid=os.getpid())
    signal.set_wakeup_fd(-1)
    run_job(job, wire, enter_child(job, wire))
    return 0


def run_rank(job_file: str) -> int:
    """One rank of a distributed run; torchrun started this process."""
    with open(job_file, encoding='utf-8') as stream:
        job = json.load(stream)
    # Of this node: other nodes have folders of their own.
    rank = os.environ['LOCAL_RANK']
    events = os.open(os.path.join(job['folder'], f'events-{rank}.jsonl'), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    wire = Wire(events, job['id'])
    job['log'] = os.path.join(job['folder'], f'log-{rank}.txt')
    if not boot(wire):
        return 1
    skip_weights(job)
    wire.send('started', pid=os.getpid(), rank=int(rank))
    walls = enter_child(job, wire)
    from .session import run_job

    return 0 if run_job(job, wire, walls) else 1
