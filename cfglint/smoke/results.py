"""What came out of a job: one result a config."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from enum import Enum
from typing import Any


class Status(str, Enum):
    """How a config fared."""

    OK = 'ok'
    PARTIAL = 'partial'
    """The iteration ran, but not every optimizer stepped."""
    FAILED = 'failed'
    UNFIT = 'unfit'
    """No training config: skipped, with a reason."""
    UNSUPPORTED = 'unsupported'
    """A training config that needs what smoke cannot do, or does not allow: no fault of the config."""
    NEEDS_DOWNLOAD = 'needs a download'
    """It fetches something, which smoke does not allow."""
    SAME = 'same'
    """Runs the same as another config, which was run: they differ only in what has no effect on the iteration."""
    LEFT_OUT = 'left out'
    """The time of the whole run was used up before it had run."""


@dataclass(frozen=True)
class Frame:
    """One line of a traceback."""

    file: str
    line: int
    function: str
    text: str = ''
    user: bool = False


@dataclass(frozen=True)
class Failure:
    """Why a config failed, and where."""

    stage: str
    message: str
    type: str = ''
    during: str = ''
    key: str | None = None
    place: str | None = None
    """`file:line` of the key."""
    frames: tuple[Frame, ...] = ()
    traceback: str = ''
    remedy: str | None = None

    @property
    def raised(self) -> str:
        """The type of the exception and its message, if there is one that is not smoke's own."""
        return f'{self.type}: {self.message}' if self.type not in ('', 'Unhealthy') else self.message

    @classmethod
    def from_event(cls, event: dict[str, Any]) -> Failure:
        frames = tuple(Frame(**frame) for frame in event.get('frames', ()))
        known = {
            key: event[key]
            for key in ('stage', 'message', 'type', 'during', 'key', 'place', 'traceback', 'remedy')
            if key in event
        }
        return cls(frames=frames, **known)


@dataclass(frozen=True)
class Result:
    """One config."""

    config: str
    status: Status
    failure: Failure | None = None
    reason: str | None = None
    """Why it was not run, or which config it is the same as."""
    seconds: float = 0.0
    device: str = ''
    details: dict[str, Any] = field(default_factory=dict)
    """What the worker measured: see `worker/session.py`."""
    fingerprint: str = ''
    """A digest of all that the result depends on; none where nothing is kept."""

    @property
    def passed(self) -> bool:
        return self.status is not Status.FAILED

    @property
    def has_run(self) -> bool:
        """Whether all of the iteration ran: of this config, or of one that is the same."""
        return self.status in (Status.OK, Status.SAME)

    def with_failure(self, failure: Failure) -> Result:
        return replace(self, failure=failure)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), 'status': self.status.value}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Result:
        failure = Failure.from_event(data['failure']) if data.get('failure') else None
        return cls(**{**data, 'status': Status(data['status']), 'failure': failure})


@dataclass(frozen=True)
class Report:
    """All that a run of the command found out."""

    results: tuple[Result, ...]
    versions: dict[str, str | None] = field(default_factory=dict)
    """Of Python, torch, CUDA or HIP, and the libraries, in the training environment; none where no worker started."""

    @property
    def devices(self) -> list[dict[str, Any]]:
        """The devices that were used, each with its name and its memory in bytes."""
        used = [result.details.get('memory') or {} for result in self.results]
        found = {(memory['name'], memory['total']) for memory in used if memory.get('name')}
        return [{'name': name, 'memory': memory} for name, memory in sorted(found)]
