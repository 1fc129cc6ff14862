"""The walls around a job: what it may write, whom it may call, how much it may take.

Two walls each for writing and for the network. Python's audit hook names the culprit and the place in the code;
Landlock (Linux) holds for C libraries and for child processes as well.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct
import sys
import time
from typing import Any, Callable, Mapping, Sequence

KILL_SECONDS = 5.0
KILL_PAUSE = 0.005
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38

LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446
LANDLOCK_RULE_PATH_BENEATH = 1
# write_file, remove_dir, remove_file, make_char, make_dir, make_reg, make_sock, make_fifo, make_block, make_sym
WRITE_ACCESS = 0b1_1111_1111_0010
REFER_ACCESS, TRUNCATE_ACCESS = 1 << 13, 1 << 14
# What a rule on a file, not a folder, may allow.
FILE_ACCESS = 0b10 | TRUNCATE_ACCESS
CONNECT_TCP = 0b10

# Where an event has its paths, each with the place of the folder (a file descriptor, or -1) that it is relative to.
CHANGES_PATHS: dict[str, tuple[tuple[int, int | None], ...]] = {
    'os.remove': ((0, 1),),
    'os.rmdir': ((0, 1),),
    'os.mkdir': ((0, 2),),
    'os.rename': ((0, 2), (1, 3)),
    'os.link': ((1, 3),),
    'os.symlink': ((1, 2),),
    'os.truncate': ((0, None),),
    'os.chmod': ((0, 2),),
    'os.chown': ((0, 3),),
    'os.utime': ((0, 3),),
    'os.setxattr': ((0, None),),
    'os.removexattr': ((0, None),),
}
ADDRESSED = frozenset({'socket.connect', 'socket.sendto', 'socket.sendmsg'})
CALLS_OUT = frozenset({'socket.getaddrinfo', 'socket.gethostbyname', *ADDRESSED})
LOCAL_HOSTS = frozenset({None, '', 'localhost', '127.0.0.1', '::1', b'localhost', b'127.0.0.1', b'::1'})
# Devices, and what a process says about itself.
ALWAYS_WRITABLE = ('/dev', '/proc')
# A disk in memory. The kernel has to let locks and shared tensors in, which no audit hook sees.
SHARED_MEMORY = '/dev/shm'
OFFLINE = dict.fromkeys(
    (
        'HF_HUB_OFFLINE', 'HF_DATASETS_OFFLINE', 'TRANSFORMERS_OFFLINE', 'DIFFUSERS_OFFLINE', 'NO_ALBUMENTATIONS_UPDATE',
        'PIP_NO_INDEX', 'PIP_DISABLE_PIP_VERSION_CHECK',
    ),
    '1',
)  # fmt: skip
"""Environment variables that keep libraries off the network. They read them when they are imported."""


class ForbiddenWrite(PermissionError):
    """The job tried to write outside of its temporary folder."""


class ForbiddenNetwork(ConnectionError):
    """The job tried to reach the network."""


def die_with_parent() -> None:
    if sys.platform == 'linux':
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def adopt_orphans() -> None:
    """Become the parent of every process below that loses its own, so that none can hide."""
    if sys.platform == 'linux':
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def limit_memory(size: int) -> None:
    """Private writable memory. An allocation over it fails with a Python error that has a stage and a place."""
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def limit_files(size: int) -> None:
    """The largest file. What is written beyond fails with a Python error."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def no_core_dumps() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _is_write(mode: Any, flags: Any) -> bool:
    if isinstance(mode, str):
        return any(letter in mode for letter in 'wax+')
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND))


def _absolute(path: Any, folder: int) -> Any:
    """`path`, which may be relative to an open folder."""
    if folder < 0 or not isinstance(path, (str, bytes)):
        return path
    return os.path.join(os.path.realpath(f'/proc/self/fd/{folder}'), os.fsdecode(path))


class Offline:
    """An audit hook that keeps what the server imports off the network, while it imports it."""

    active = False

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if self.active and event in CALLS_OUT:
            raise ForbiddenNetwork('network access is not allowed')


class Walls:
    """An audit hook. It can't be removed once added, so it is only added in a process that ends with the job."""

    def __init__(self, writable: Sequence[str], network: bool, report: Callable[..., None]) -> None:
        self.writable = tuple(os.path.realpath(path) for path in (*writable, *ALWAYS_WRITABLE))
        self.network = network
        self.report = report

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if event == 'open':
            if _is_write(args[1], args[2]):
                self._check_path(args[0])
        elif event in CHANGES_PATHS:
            for place, folder in CHANGES_PATHS[event]:
                path = _absolute(args[place], -1 if folder is None else args[folder])
                if not (event == 'os.mkdir' and isinstance(path, (str, bytes)) and os.path.isdir(path)):
                    self._check_path(path)
        elif event in CALLS_OUT and not self.network:
            self._check_host(event, args)

    def allows(self, path: Any) -> bool:
        """Tell whether the job may write to a path."""
        full = os.path.realpath(os.fsdecode(path))
        return not full.startswith(SHARED_MEMORY + os.sep) and any(
            full == root or full.startswith(root + os.sep) for root in self.writable
        )

    def _check_path(self, path: Any) -> None:
        if isinstance(path, int) or not isinstance(path, (str, bytes, os.PathLike)):
            return
        if not self.allows(path):
            full = os.path.realpath(os.fsdecode(path))
            self.report('blocked', kind='write', what=full)
            raise ForbiddenWrite(f'writing outside of the temporary work_dir is not allowed: {full}')

    def _check_host(self, event: str, args: tuple[Any, ...]) -> None:
        host = args[1] if event in ADDRESSED else args[0]
        if event in ADDRESSED and not isinstance(host, tuple):
            return  # a socket in the file system, or one that was connected before
        if isinstance(host, tuple):
            host = host[0] if host else None
        if host not in LOCAL_HOSTS:
            self.report('blocked', kind='network', what=host if isinstance(host, str) else repr(host))
            raise ForbiddenNetwork(f'network access is not allowed (host {host})')


def put_up_kernels_walls(job: Mapping[str, Any]) -> None:
    """Let the kernel refuse what a job may not do: also to look into, or at the pipes of, processes that began before."""
    network = bool(job['options'].get('network') or job.get('distributed'))
    if not job['options'].get('writes'):
        restrict_kernel([job['folder'], job['caches']], network)


def restrict_kernel(writable: Sequence[str], network: bool) -> bool:
    """Let the kernel refuse writes outside of `writable`, and TCP connections. False where it can't."""
    if sys.platform != 'linux':
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(LANDLOCK_CREATE_RULESET, None, 0, 1)
    if version < 1:
        return False
    access = WRITE_ACCESS | (REFER_ACCESS if version >= 2 else 0) | (TRUNCATE_ACCESS if version >= 3 else 0)
    attributes = (
        struct.pack('=QQ', access, 0 if network else CONNECT_TCP) if version >= 4 else struct.pack('=Q', access)
    )
    ruleset = libc.syscall(LANDLOCK_CREATE_RULESET, attributes, len(attributes), 0)
    if ruleset < 0:
        return False
    for path in (*writable, *ALWAYS_WRITABLE):
        if os.path.exists(path):
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
            allowed = access if os.path.isdir(path) else access & FILE_ACCESS
            rule = struct.pack('=Qi', allowed, fd)
            libc.syscall(LANDLOCK_ADD_RULE, ruleset, LANDLOCK_RULE_PATH_BENEATH, rule, 0)
            os.close(fd)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    done = libc.syscall(LANDLOCK_RESTRICT_SELF, ruleset, 0) == 0
    os.close(ruleset)
    return bool(done)


def descendants(pid: int) -> list[int]:
    """Every process below `pid`, children first. Empty where there is no /proc."""
    children: dict[int, list[int]] = {}
    for name in os.listdir('/proc') if os.path.isdir('/proc') else ():
        if name.isdigit():
            try:
                with open(f'/proc/{name}/stat', 'rb') as stream:
                    parent = int(stream.read().rpartition(b')')[2].split()[1])
            except (OSError, IndexError, ValueError):
                continue  # it ended meanwhile
            children.setdefault(parent, []).append(int(name))
    found = list(children.get(pid, ()))
    for child in found:
        found.extend(children.get(child, ()))
    return found


def kill_descendants(pid: int) -> int:
    """Kill every process below `pid` until none is left; how many there were."""
    killed: set[int] = set()
    deadline = time.monotonic() + KILL_SECONDS
    while True:
        below = descendants(pid)
        if not below or time.monotonic() > deadline:
            return len(killed)
        for child in below:
            try:
                os.kill(child, signal.SIGKILL)
                killed.add(child)
            except ProcessLookupError:
                continue
        _reap()
        # The kernel takes its time to end them, and to hand over those whose parent has gone.
        time.sleep(KILL_PAUSE)


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue
    except ChildProcessError:
        return


def cache_variables(folder: str) -> dict[str, str]:
    """Environment variables that point what libraries write on their own account into `folder`."""
    names = ('TMPDIR', 'MPLCONFIGDIR', 'TRITON_CACHE_DIR', 'TORCHINDUCTOR_CACHE_DIR', 'NUMBA_CACHE_DIR',
             'CUDA_CACHE_PATH', 'TORCH_EXTENSIONS_DIR')  # fmt: skip
    return {name: os.path.join(folder, name.lower()) for name in names}
