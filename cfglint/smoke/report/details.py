"""What the worker measures of a config, as `details` in the JSON has it. What could not be measured is left out, or null."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict
from typing_extensions import TypedDict

Number = float | str
"""What JSON cannot hold as a number, `inf` or `nan`, is text."""


class Documented(TypedDict):
    """The base of all: the texts below its fields are their descriptions."""

    __pydantic_config__ = ConfigDict(use_attribute_docstrings=True)  # type: ignore[misc]


class Change(Documented):
    """What was changed of the config to run it."""

    key: str
    old: Any
    new: Any
    why: str


class Hint(Documented):
    """What a person should know of an iteration that ran."""

    kind: str
    key: str
    message: str


class MicroBatch(Documented):
    """One forward and backward pass."""

    index: int
    """From 1."""
    seconds: float
    data_seconds: float
    finite: dict[str, bool]
    """Whether the samples are finite as they were `read`, and `preprocessed`."""
    losses: dict[str, Number]
    """What `train_step` returned."""
    backward: list[tuple[str, Number]]
    """The losses that were trained on, each with the key of its optimizer."""
    stepped: list[str]
    """The keys of the optimizers that stepped."""


class Step(Documented):
    """One step of an optimizer."""

    micro_batch: int
    lr: list[Number]
    """All different learning rates of the groups."""
    scale_before: Number | None
    scale_after: Number | None
    """The loss scale of mixed precision."""
    skipped: bool
    """By the loss scaler."""
    moved_before: list[str]
    """Parameters that had moved before the step."""
    moved: int
    """How many parameters the step moved."""
    gradient_norm: Number
    no_gradient: list[str]
    zero_gradient: int
    gradient_not_finite: list[str]
    not_finite: list[str]
    """Parameters that are not finite after the step."""


class Optimizer(Documented):
    """One optimizer of a run."""

    key: str
    type: str
    wrapper: str
    accumulative_counts: int
    parameters: int
    trainable: int
    steps: list[Step]


class Parameters(Documented):
    """The parameters of the model."""

    count: int
    frozen: int
    elements: int


class Memory(Documented):
    """The most that was taken, in bytes."""

    peak_rss: int
    """On the host."""
    peak_allocated: int | None
    peak_reserved: int | None
    """On the device."""
    total: int | None
    """Of the device."""
    name: str | None
    """Of the device."""
    peak_live: dict[str, int] | None
    """With --max-memory on a CPU: of all tensors that live at a time, by stage."""


class Estimate(Documented):
    """The full run, in seconds."""

    iterations: int
    first: float
    steady: float
    data: float
    seconds: float
    only_first: bool


class Small(Documented):
    """What --small did."""

    factor: int | None
    left_alone: str | None
    """Why nothing was shrunk."""


class Fit(Documented):
    """What --max-memory found."""

    batch_size: int
    needed: int
    limit: int
    largest: int


class Trial(Documented):
    """A batch size that --find-batch-size tried."""

    size: int
    status: str
    peak: int | None
    seconds: float | None


class Rank(Documented):
    """One process of --nproc."""

    status: str
    memory: Memory | None
    failure: str | None


class Checkpoint(Documented):
    """With --until checkpoint."""

    bytes: int
    refused: bool
    """Whether MMEngine cannot read it with this torch."""


class Details(Documented, total=False):
    """What was measured."""

    hints: list[Hint]
    changes: list[Change]
    synthetic: list[str]
    """The datasets whose data were made up."""
    skipped_weights: list[str]
    library: str | None
    """The library that `default_scope` names."""
    batch_size: int | None
    """As the config has it."""
    samples: int | None
    micro_batches: list[MicroBatch]
    optimizers: list[Optimizer]
    parameters: Parameters | None
    memory: Memory
    seconds: dict[str, float]
    """By stage."""
    estimate: Estimate | None
    warnings: list[str]
    versions: dict[str, str | None]
    blocked: list[tuple[str, str]]
    """What was not allowed: `write` or `network`, and what it was."""
    left_behind: int
    """Processes that the run had not ended."""
    model: dict[str, Any]
    """With --meta: the parts of the model, its tensors, and the optimizers with their memory."""
    metrics: dict[str, Any] | None
    """With --val: what the evaluator returned."""
    checkpoint: Checkpoint
    small: Small
    fit: Fit
    trials: list[Trial]
    largest_batch_size: int
    ranks: list[Rank]
