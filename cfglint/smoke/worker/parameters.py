"""What happened to each parameter: compared bit by bit, on the host, so that the device's memory is not touched."""

from __future__ import annotations

from typing import Any, Iterable

import torch


def _bits(tensor: Any) -> Any:
    """The bytes of a tensor, copied to the host."""
    return tensor.detach().to('cpu', copy=True).contiguous().reshape(-1).view(torch.uint8)


class Snapshot:
    """The values of named parameters at one moment."""

    def __init__(self, named: Iterable[tuple[str, Any]]) -> None:
        self.bits = {name: _bits(parameter) for name, parameter in named}

    def moved(self, named: Iterable[tuple[str, Any]], renew: bool) -> list[str]:
        """Names of the parameters that differ from the snapshot; `renew` makes the present values the new one."""
        found = []
        for name, parameter in named:
            bits = _bits(parameter)
            if name not in self.bits or not torch.equal(bits, self.bits[name]):
                found.append(name)
                if renew:
                    self.bits[name] = bits
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
