"""What a case is, and the small values that cases are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

E, W = 'error', 'warning'


@dataclass(frozen=True)
class Case:
    """A value of a section, and what is to be said about it.

    With `oracle`, the real MMEngine must fail on the value and train with the good one. Without it, the reason why not
    stands in a comment: only other devices or several processes would show it, or MMEngine ignores it.
    """

    name: str
    section: str
    bad: Any
    kind: str
    path: tuple[str | int, ...] = ()
    good: Any = None
    severity: str = E
    suggestion: str | None = None
    oracle: bool = True
    quotes: bool = True
    """Whether the message has the words of MMEngine; not where these depend on the value or on a library."""


SGD = {'type': 'SGD', 'lr': 0.01}


METRIC = {'type': 'ToyMetric'}


DATASET = {'type': 'ToyDataset', 'pipeline': [{'type': 'ToyTransform'}]}


def loader(**changes: Any) -> dict[str, Any]:
    return {'dataset': DATASET, 'sampler': {'type': 'DefaultSampler', 'shuffle': False}, 'batch_size': 4} | changes


def wrapper(**changes: Any) -> dict[str, Any]:
    return {'type': 'OptimWrapper', 'optimizer': SGD} | changes


def scheduler(kind: str = 'LinearLR', **arguments: Any) -> dict[str, Any]:
    return {'type': kind} | arguments


def hooks(slot: str, kind: str, **arguments: Any) -> dict[str, Any]:
    return {slot: {'type': kind} | arguments}


EPOCHS = {'by_epoch': True, 'max_epochs': 2}


ITERATIONS = {'by_epoch': False, 'max_iters': 4}
