"""What happened to each parameter: told from checksums of its bits, computed where it is, so that no memory is taken."""

from __future__ import annotations

from typing import Any, Iterable, Sequence

import torch

INTEGERS = {1: torch.int8, 2: torch.int16, 4: torch.int32, 8: torch.int64}
ROW = 4096
"""Numbers that are added up in single precision; their sums are added up in double, which takes a CPU 30 times as long."""


def checksums(named: Iterable[tuple[str, Any]]) -> dict[str, int]:
    """The sum of each parameter's bits, read as integers: another one as soon as any bit differs."""
    named = list(named)
    return dict(zip((name for name, _ in named), _numbers([_checksum(parameter.detach()) for _, parameter in named])))


def _numbers(values: Sequence[Any]) -> list[Any]:
    """The numbers in tensors of one number each. All at once: each that is read from a device waits for it."""
    return torch.stack([each.to(values[0].device) for each in values]).tolist() if values else []


def _checksum(tensor: Any) -> Any:
    tensor = _real(tensor)
    flat, size = _flat(tensor), tensor.element_size()
    if flat is not None and not flat.numel() * size % 8 and not flat.storage_offset() * size % 8:
        return flat.view(torch.int64).sum()
    return tensor.view(INTEGERS[size]).sum(dtype=torch.int64)


def _real(tensor: Any) -> Any:
    if hasattr(tensor, 'to_local'):
        tensor = tensor.to_local()  # this rank's shard
    return torch.view_as_real(tensor) if tensor.is_complex() else tensor


def _flat(tensor: Any) -> Any:
    """All numbers of a tensor, in the order in which they lie in the memory; None where others lie between them."""
    if tensor.layout is not torch.strided:
        return None
    expected = 1
    for stride, length in sorted(zip(tensor.stride(), tensor.shape)):
        if length != 1:
            if stride != expected:
                return None
            expected *= length
    return tensor.as_strided((tensor.numel(),), (1,))


class Snapshot:
    """The values of named parameters at one moment."""

    def __init__(self, named: Iterable[tuple[str, Any]]) -> None:
        self.sums = checksums(named)

    def moved(self, named: Iterable[tuple[str, Any]], renew: bool) -> list[str]:
        """Names of the parameters that differ from the snapshot; `renew` makes the present values the new one."""
        now = checksums(named)
        found = [name for name, value in now.items() if self.sums.get(name) != value]
        if renew:
            self.sums = now
        return found


def classify_gradients(named: Iterable[tuple[str, Any]], scale: float) -> dict[str, Any]:
    """Names without a gradient, with one that is all zero, with one that is not finite; and the norm of all."""
    named = [(name, parameter) for name, parameter in named if parameter.requires_grad]
    there = [(name, _real(parameter.grad.detach())) for name, parameter in named if parameter.grad is not None]
    zero: list[str] = []
    broken: list[str] = []
    norms = []
    for (name, gradient), norm in zip(there, _numbers([_norm(gradient) for _, gradient in there])):
        if not 0 < norm < float('inf'):
            norm = float(_exact_norm(gradient))  # of numbers whose squares are too large or too small
        norms.append(norm / scale)
        if norm != norm or norm == float('inf'):
            broken.append(name)
        elif norm == 0.0:
            zero.append(name)
    missing = [name for name, parameter in named if parameter.grad is None]
    return {'missing': missing, 'zero': zero, 'broken': broken, 'norm': sum(norm * norm for norm in norms) ** 0.5}


def _norm(gradient: Any) -> Any:
    """The norm of a gradient, in double precision; 0 or infinite where it needs a closer look."""
    flat = _flat(gradient) if gradient.dtype is torch.float32 else None
    if flat is None:
        return _exact_norm(gradient)
    whole = flat.numel() - flat.numel() % ROW
    rows = torch.linalg.vector_norm(flat[:whole].view(-1, ROW), dim=1)
    rest = torch.linalg.vector_norm(flat[whole:]).reshape(1)
    return torch.linalg.vector_norm(torch.cat([rows, rest]), dtype=_double(gradient))


def _exact_norm(gradient: Any) -> Any:
    values = gradient.coalesce().values() if gradient.is_sparse else gradient
    return torch.linalg.vector_norm(values, dtype=_double(values))


def _double(tensor: Any) -> Any:
    return torch.float32 if tensor.device.type == 'mps' else torch.float64  # which Metal does not have


def not_finite(named: Iterable[tuple[str, Any]]) -> list[str]:
    """Names of the parameters that have a number which is not finite."""
    named = [(name, _real(parameter.detach())) for name, parameter in named]
    sums = _numbers([_sum(tensor).float() for _, tensor in named])
    return [name for (name, tensor), total in zip(named, sums) if not _is_finite(tensor, total)]


def is_finite(tensor: Any) -> bool:
    """Whether all numbers of a tensor are finite."""
    tensor = _real(tensor.detach())
    return _is_finite(tensor, float(_sum(tensor)))


def _sum(tensor: Any) -> Any:
    """The sum of all numbers. It is finite only if they are, and takes a CPU a thirtieth of looking at each."""
    flat = _flat(tensor)
    return (tensor if flat is None else flat).sum()


def _is_finite(tensor: Any, total: float) -> bool:
    is_small = total - total == 0  # neither infinite nor NaN
    return is_small or bool(torch.isfinite(tensor).all())
