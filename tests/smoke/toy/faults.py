"""Components that go wrong, each in its own way."""

from __future__ import annotations

import _posixshmem
import contextlib
import ctypes
import mmap
import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import time

import numpy
import torch
from mmengine.hooks import Hook
from mmengine.registry import DATASETS, HOOKS, MODELS

from toylib import Classifier, Points


@HOOKS.register_module()
class Trouble(Hook):
    """Does one bad thing at one point of the run."""

    def __init__(self, kind, at='before_train_iter', path=None, rank=0):
        self.kind, self.at, self.path, self.rank = kind, at, path, str(rank)

    def before_run(self, runner):
        self._maybe('before_run')

    def before_train_iter(self, runner, batch_idx, data_batch=None):
        self._maybe('before_train_iter')

    def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
        self._maybe('after_train_iter')

    def after_train_epoch(self, runner):
        self._maybe('after_train_epoch')

    def _maybe(self, at):
        if at == self.at and os.environ.get('RANK', '0') == self.rank:
            getattr(self, '_' + self.kind)()

    def _segfault(self):
        ctypes.string_at(0)

    def _abort(self):
        os.abort()

    def _exit(self):
        os._exit(3)

    def _sys_exit(self):
        sys.exit('enough')

    def _kill(self):
        os.kill(os.getpid(), 9)

    def _sleep(self):
        time.sleep(1000)

    def _nap(self):
        """Long enough for a test to do something to this process meanwhile; leaves its mark in a file."""
        with open(self.path, 'a') as stream:
            stream.write(f'{os.getpid()}\n')
        time.sleep(6)

    def _meet(self):
        """Wait for another process to come here as well: fails unless two run at the same time."""
        with open(self.path, 'a') as stream:
            stream.write(f'{os.getpid()}\n')
        for _ in range(400):
            if os.path.getsize(self.path) > len(str(os.getpid())) + 1:
                return
            time.sleep(0.1)
        raise RuntimeError('nobody came')

    def _raise(self):
        raise RuntimeError('the hook is broken')

    def _allocate(self):
        numpy.ones(100 << 30, dtype=numpy.uint8)

    def _grow_in_children(self):
        """The children of the job eat the memory, none too much for itself."""
        code = 'import time; hoard = b"x" * (400 << 20); time.sleep(1000)'
        for process in [subprocess.Popen([sys.executable, '-S', '-E', '-c', code]) for _ in range(3)]:
            process.wait()

    def _spawn(self):
        """A fork bomb's little brother: sleepers, half of them in sessions of their own."""
        for number in range(20):
            process = subprocess.Popen(
                [sys.executable, '-S', '-E', '-c', 'import time; time.sleep(1000)', self.path],
                start_new_session=number % 2 == 0,
            )
            with open(self.path, 'a') as stream:
                stream.write(f'{process.pid}\n')

    def _write(self):
        with open(self.path, 'w') as stream:
            stream.write('was here')

    def _write_quietly(self):
        with contextlib.suppress(OSError):
            self._write()

    def _write_from_child(self):
        subprocess.run(['sh', '-c', 'echo was here > "$0"', self.path], check=False)

    def _touch(self):
        os.utime(os.path.dirname(self.path))

    def _share(self):
        """A disk in memory is one, but locks and shared tensors live there as well."""
        multiprocessing.get_context('fork').Lock()
        torch.ones(8).share_memory_()
        with open('/dev/shm/cfglint-test', 'w') as stream:
            stream.write('was here')

    def _leave_memory(self):
        """As C code does, which no audit hook sees; and dies before it can take it back."""
        memory = _posixshmem.shm_open('/cfglint-test-left', os.O_CREAT | os.O_RDWR, mode=0o600)
        os.ftruncate(memory, 4096)
        kept = mmap.mmap(memory, 4096)
        time.sleep(2)
        kept.flush()
        os._exit(3)

    def _send(self):
        """A datagram needs no connection."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
            end.sendto(b'hello', ('192.0.2.2', 53))

    def _fill(self):
        self._fill_one(0, 4 << 20)

    def _fill_slowly(self):
        for number in range(1000):
            self._fill_one(number, 1 << 19)
            time.sleep(0.05)

    def _fill_one(self, number, size):
        with open(f'{tempfile.gettempdir()}/hoard-{number}', 'wb') as stream:
            stream.write(os.urandom(size))

    def _close_output(self):
        """Closed as an object, and replaced as a file."""
        sys.stdout.close()
        sys.stderr = None
        os.closerange(1, 3)

    def _connect(self):
        socket.create_connection(('192.0.2.1', 80), timeout=5)


@DATASETS.register_module()
class Downloading(Points):
    def load_data_list(self):
        socket.create_connection(('dataset.example.com', 443), timeout=5)
        return super().load_data_list()


@DATASETS.register_module()
class Absent(Points):
    def load_data_list(self):
        with open('data/absent/annotations.json') as stream:
            return stream.readlines()


@DATASETS.register_module()
class Ragged(Points):
    """Samples of different sizes, which no collate function can stack."""

    def load_data_list(self):
        return [dict(index=index, features=8 + index) for index in range(self.length)]


@MODELS.register_module()
class BrokenBackward(Classifier):
    def forward(self, inputs, target, mode='tensor'):
        losses = super().forward(inputs, target, mode)
        losses['loss_cls'] = losses['loss_cls'].detach()
        return losses


@MODELS.register_module()
class Forgetful(Classifier):
    """Changes what it loads."""

    def load_state_dict(self, state_dict, *args, **kwargs):
        return super().load_state_dict({**state_dict, 'head.bias': state_dict['head.bias'] + 1}, *args, **kwargs)


@MODELS.register_module()
class BrokenInit(Classifier):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        raise NotImplementedError('no such variant')
