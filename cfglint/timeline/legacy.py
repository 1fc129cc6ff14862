"""What a config of 0.x says of its training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.catalog.library_facts import library
from cfglint.migrate.mapping.old import Old
from cfglint.schedules import hooks
from cfglint.schedules.schedulers import NoCurve
from cfglint.timeline.events import legacy_events
from cfglint.timeline.groups import groups, legacy_optimizers, notes
from cfglint.timeline.setup import Clock, Setup, clock_of, data_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cfglint.schedules.schedulers import Training
    from cfglint.timeline.setup import Group

_KEYS = {'lr': 'lr_config', 'momentum': 'momentum_config'}


def legacy_setup(table: Mapping[str, Any]) -> Setup:
    """Return what a config says, in the words of both eras."""
    old = Old(dict(table), library('mmengine'))
    clock = None
    if old.length is not None and old.by_epoch is not None:
        clock = clock_of(old.length.value, by_epoch=old.by_epoch)
    given = table.get('optimizer', table.get('optimizers'))
    wrappers = legacy_optimizers(given)
    shared = given.get('paramwise_cfg') if isinstance(given, dict) else None
    remarks = [] if clock is not None else ['how long training lasts is not given']
    remarks += notes(given, wrappers) if wrappers else ['`optimizer` names no optimizer']
    policies = _Policies(table, clock)
    return Setup(
        clock,
        tuple(groups(wrappers, shared)),
        policies.curve,
        policies.key,
        policies.counts_iterations(),
        tuple(legacy_events(table, clock)) if clock is not None else (),
        tuple(remarks),
    )


class _Policies:
    """`lr_config` and `momentum_config`."""

    def __init__(self, table: Mapping[str, Any], clock: Clock | None) -> None:
        self._by_epoch = clock is not None and clock.by_epoch
        self._given = {name: table.get(key) for name, key in _KEYS.items()}

    def of(self, parameter: str) -> dict[str, Any] | None:
        """Return the policy of a hyper-parameter as plain data; none where it does not change.

        Raises:
            NoCurve: It is not known.
        """
        given = self._given[parameter]
        if not isinstance(given, dict) or 'policy' not in given:
            return None
        try:
            return data_of(given)
        except LookupError as error:
            raise NoCurve(f'`{_KEYS[parameter]}` is not known: {error}') from None

    def counts_iterations(self) -> bool:
        """Tell whether a policy counts iterations, or warms up in some."""
        given = [each for each in self._given.values() if isinstance(each, dict)]
        return any(
            not each.get('by_epoch', True) or (each.get('warmup') is not None and not each.get('warmup_by_epoch'))
            for each in given
        )

    def key(self, group: Group, parameter: str) -> str:
        """Return what the curve of a hyper-parameter depends on, as `Setup.key` does."""
        try:
            policy = self.of(parameter)
        except NoCurve as error:
            return str(error)
        return '' if policy is None else repr((parameter, policy))

    def curve(self, group: Group, parameter: str, start: float, training: Training) -> Iterator[float]:
        """Yield the values of a hyper-parameter, as `Setup.curve` does."""
        policy = self.of(parameter)
        assert policy is not None
        return hooks.curve(policy, start, training, by_epoch=self._by_epoch, parameter=parameter)
