"""A stand-in for CUDA: on the path of an interpreter, its torch has as many devices as the environment says.

What is computed "on a device" is computed on the CPU. Known are: which devices are seen, how much memory each has, which
tensors are where, errors that are told late, a context that does not survive a fork.

STAND_IN_DEVICES: how many there are.
STAND_IN_MEMORY: the bytes of each.
STAND_IN_BUILD: `cuda` or `hip`.
STAND_IN_FAULT: what an index that is out of range causes.
STAND_IN_TOUCHED: whether the context is started with the interpreter.

Memory and fault may also be set by a config, for its own process.
"""

import os
import types

import torch
from torch.multiprocessing.reductions import StorageWeakRef
from torch.overrides import TorchFunctionMode

BUILD = os.environ.get('STAND_IN_BUILD', 'cuda')
COUNT = int(os.environ.get('STAND_IN_DEVICES', '1'))
DEVICE, IS_CUDA = torch.Tensor.device.__get__, torch.Tensor.is_cuda.__get__
PARSING = {torch.device, torch._C._nn._parse_to}
COMPUTING = {torch.nn.functional.linear, torch.matmul, torch.Tensor.add, torch.Tensor.mul}
WAITING = {torch.Tensor.item, torch.Tensor.tolist, torch.Tensor.cpu, torch.Tensor.__float__, torch.Tensor.__bool__}


def memory():
    return int(os.environ.get('STAND_IN_MEMORY', str(1 << 34)))


def seen():
    """The numbers of the devices that this process sees: the list ends with the first that is none."""
    name = 'CUDA_VISIBLE_DEVICES'
    if BUILD == 'hip' and 'HIP_VISIBLE_DEVICES' in os.environ:
        name = 'HIP_VISIBLE_DEVICES'
    if name not in os.environ:
        return list(range(COUNT))
    found = []
    for word in os.environ[name].split(','):
        number = word.strip().removeprefix('GPU-')
        if not number.isdigit() or int(number) >= COUNT:
            break
        found.append(int(number))
    return found


class Context:
    """The devices of one process."""

    def __init__(self):
        self.started = self.lost_by_fork = False
        self.current = 0
        self.held = {}
        self.peak = 0
        self.fault = None
        self.share = 1.0

    def start(self):
        if self.lost_by_fork:
            raise RuntimeError('Cannot re-initialize CUDA in forked subprocess')
        if not seen():
            raise RuntimeError('No CUDA GPUs are available')
        self.started = True

    def after_fork(self):
        self.lost_by_fork, self.started = self.started, False

    def set(self, device):
        self.start()
        index = index_of(device)
        if index >= len(seen()):
            raise RuntimeError('CUDA error: invalid device ordinal')
        self.current = index

    def wait(self):
        if self.fault:
            raise RuntimeError(f'CUDA error: {self.fault}')

    def put(self, tensor, device):
        """Note that a tensor is on a device."""
        self.start()
        index = self.current if device is None else index_of(device)
        if index >= len(seen()):
            raise RuntimeError('CUDA error: invalid device ordinal')
        storage = tensor.untyped_storage()
        if storage._cdata not in self.held:
            self.held = {key: each for key, each in self.held.items() if not each[0].expired()}
            size = storage.nbytes()
            if self.allocated() + size > memory() * self.share:
                raise torch.OutOfMemoryError(f'CUDA out of memory. Tried to allocate {size >> 20} MiB.')
            self.held[storage._cdata] = (StorageWeakRef(storage), index, size)
            self.peak = max(self.peak, self.allocated())
        return tensor

    def place(self, tensor):
        """The number of the device that a tensor is on; None for the CPU."""
        held = self.held.get(tensor.untyped_storage()._cdata) if tensor.layout is torch.strided else None
        return None if held is None or held[0].expired() else held[1]

    def allocated(self):
        return sum(size for reference, _, size in self.held.values() if not reference.expired())


CONTEXT = Context()


def index_of(device):
    if isinstance(device, int):
        return device
    device = torch.device(device) if device is not None else None
    return CONTEXT.current if device is None or device.index is None else device.index


def is_cuda(value):
    if isinstance(value, str):
        return value.partition(':')[0] == 'cuda'
    return isinstance(value, torch.device) and value.type == 'cuda'


def tensors_in(values):
    for value in values:
        if isinstance(value, torch.Tensor):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from tensors_in(value)


class Devices(TorchFunctionMode):
    """Sends to the CPU what is meant for a device, and notes where tensors are."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if func in PARSING:
            return func(*args, **kwargs)
        if func in (DEVICE, IS_CUDA):
            place = CONTEXT.place(args[0])
            on_device = torch.device('cpu') if place is None else torch.device('cuda', place)
            return on_device if func == DEVICE else place is not None
        if func in WAITING:
            CONTEXT.wait()
        wanted = [value for value in (*args, *kwargs.values()) if is_cuda(value)]
        if func is torch.Tensor.cuda:
            return self.moved(args[0], args[1] if len(args) > 1 else kwargs.get('device'))
        places = {CONTEXT.place(tensor) for tensor in tensors_in((*args, *kwargs.values()))}
        if func in COMPUTING and None in places and len(places) > 1:
            raise RuntimeError('Expected all tensors to be on the same device, but found at least two devices')
        args = tuple('cpu' if is_cuda(value) else value for value in args)
        kwargs = {name: 'cpu' if is_cuda(value) else value for name, value in kwargs.items()}
        if func is torch.Tensor.to and wanted:
            return self.moved(func(*args, **kwargs), wanted[0])
        if func is torch.Tensor.cpu or (func is torch.Tensor.to and 'cpu' in (*args, *kwargs.values())):
            return func(*args, **kwargs).clone()
        result = self.computed(func, args, kwargs, places != {None} and bool(places))
        if wanted or places - {None}:
            device = wanted[0] if wanted else max(place for place in places if place is not None)
            for tensor in tensors_in([result]):
                if tensor.layout is torch.strided:
                    CONTEXT.put(tensor, device)
        return result

    @staticmethod
    def moved(tensor, device):
        if CONTEXT.place(tensor) is not None:
            return tensor
        return CONTEXT.put(tensor.clone(), device)

    @staticmethod
    def computed(func, args, kwargs, on_device):
        try:
            return func(*args, **kwargs)
        except IndexError:
            if not on_device or func is not torch.nn.functional.cross_entropy:
                raise
            CONTEXT.fault = os.environ.get('STAND_IN_FAULT', 'device-side assert triggered')
            if os.environ.get('CUDA_LAUNCH_BLOCKING') == '1':
                CONTEXT.wait()
            return args[0].sum() * 0


class Stream:
    """What is asked of it is done at once."""

    def __init__(self, *args, **kwargs):
        self.device = torch.device('cuda', CONTEXT.current)

    def __getattr__(self, name):
        return lambda *args, **kwargs: True


def properties(device=None):
    CONTEXT.start()
    number = seen()[index_of(device)]
    return types.SimpleNamespace(name=f'Stand-in {number}', total_memory=memory(), major=9, minor=0)


def install():
    cuda = torch.cuda
    torch.version.cuda = '12.6' if BUILD == 'cuda' else None
    torch.version.hip = '6.2' if BUILD == 'hip' else None
    cuda.device_count = lambda: len(seen())
    cuda.is_available = lambda: bool(seen())
    cuda.is_initialized = lambda: CONTEXT.started
    cuda._is_in_bad_fork = lambda: CONTEXT.lost_by_fork
    cuda.init = cuda._lazy_init = CONTEXT.start
    cuda.current_device = lambda: CONTEXT.start() or CONTEXT.current
    cuda.set_device = CONTEXT.set
    cuda.synchronize = lambda device=None: CONTEXT.wait()
    cuda.get_device_properties = properties
    cuda.get_device_name = lambda device=None: properties(device).name
    cuda.get_device_capability = lambda device=None: (9, 0)
    cuda.mem_get_info = lambda device=None: (memory() - CONTEXT.allocated(), memory())
    cuda.max_memory_allocated = cuda.max_memory_reserved = lambda device=None: CONTEXT.peak
    cuda.memory_allocated = cuda.memory_reserved = lambda device=None: CONTEXT.allocated()
    cuda.reset_peak_memory_stats = lambda device=None: setattr(CONTEXT, 'peak', CONTEXT.allocated())
    cuda.empty_cache = cuda.manual_seed = cuda.manual_seed_all = lambda *args: None
    cuda.set_per_process_memory_fraction = lambda share, device=None: setattr(CONTEXT, 'share', share)
    cuda.Stream = cuda.Event = Stream
    cuda.current_stream = cuda.default_stream = Stream
    join = torch.distributed.init_process_group
    torch.distributed.init_process_group = lambda backend=None, **kwargs: join('gloo', **kwargs)
    original = torch.nn.parallel.DistributedDataParallel.__init__

    def __init__(self, module, device_ids=None, *args, **kwargs):
        original(self, module, None, *args, **kwargs)

    torch.nn.parallel.DistributedDataParallel.__init__ = __init__
    os.register_at_fork(after_in_child=CONTEXT.after_fork)
    Devices().__enter__()
    if os.environ.get('STAND_IN_TOUCHED'):
        CONTEXT.start()


install()
