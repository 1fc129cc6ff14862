"""What happened to each parameter: told from checksums of its bits, computed where it is, so that no memory is taken."""

from __future__ import annotations

from typing import Any, Iterable

import torch

INTEGERS = {1: torch.int8, 2: torch.int16, 4: torch.int32, 8: torch.int64}


def checksums(named: Iterable[tuple[str, Any]]) -> dict[str, int]:
    """The sum of each parameter's bits, read as integers: another one as soon as any bit differs."""
    named = list(named)
    sums = [_checksum(parameter.detach()) for _, parameter in named]
    # All at once: each number that is read from a device waits for it.
    values = torch.stack([each.to(sums[0].device) for each in sums]).tolist() if sums else []
    return {name: value for (name, _), value in zip(named, values)}


def _checksum(tensor: Any) -> Any:
    if hasattr(tensor, 'to_local'):
        tensor = tensor.to_local()  # this rank's shard
    if tensor.is_complex():
        tensor = torch.view_as_real(tensor)
    return tensor.view(INTEGERS[tensor.element_size()]).sum(dtype=torch.int64)


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
    missing: list[str] = []
    zero: list[str] = []
    broken: list[str] = []
    norms = []
    for name, parameter in named:
        if not parameter.requires_grad:
            continue
        gradient = parameter.grad
        if gradient is None:
            missing.append(name)
            continue
        values = gradient.coalesce().values() if gradient.is_sparse else gradient
        norm = float(torch.linalg.vector_norm(values.detach(), dtype=torch.float64)) / scale
        norms.append(norm)
        if norm != norm or norm == float('inf'):
            broken.append(name)
        elif norm == 0.0:
            zero.append(name)
    total = sum(norm * norm for norm in norms) ** 0.5
    return {'missing': missing, 'zero': zero, 'broken': broken, 'norm': total}


def not_finite(named: Iterable[tuple[str, Any]]) -> list[str]:
    return [name for name, parameter in named if not bool(torch.isfinite(parameter.detach()).all())]
