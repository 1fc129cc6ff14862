"""A resolved config of 0.x, as the concerns ask for it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from cfglint.migrate.items import Item

if TYPE_CHECKING:
    from cfglint.catalog.library_facts import Library

_ITER_RUNNERS = ('IterBasedRunner', 'DynamicIterBasedRunner', 'IterBasedRunnerAmp')
READ_OF_WRAPPERS = {
    'RepeatDataset': {'times'},
    'ConcatDataset': set[str](),
    'ClassBalancedDataset': {'oversample_thr'},
    'CBGSDataset': set[str](),
}
"""What 0.x read of them besides datasets: nothing of what they inherit from the dataset of a base."""


class Old(Item):
    """The root of a resolved 0.x config, with the library that it is of.

    Attributes:
        library: The facts of that library.
    """

    __slots__ = ('__dict__', 'library')

    def __init__(self, table: dict[str, Any], library: Library) -> None:
        super().__init__(table)
        self.library = library

    def given(self, *keys: str) -> tuple[str, ...]:
        """Return those of the keys that the config has."""
        return tuple(key for key in keys if key in self)

    @property
    def has_known_library(self) -> bool:
        """Whether it is known of which library the config is; else it has the facts of MMEngine."""
        return self.library.packer is not None

    @cached_property
    def is_complete(self) -> bool:
        """Whether it is a config that runs, and no part that others inherit."""
        return 'model' in self and 'data' in self

    @cached_property
    def tests(self) -> bool:
        """Whether there is a test set, or nothing says that there is none."""
        data = self.get('data')
        if data is None or data.plain('test') is not None:
            return True
        train = data.plain('train')
        names_datasets = isinstance(train, dict) and 'type' in train
        return not (self.is_complete or names_datasets)

    def has_data(self, stage: str) -> bool:
        """Tell whether there are data to validate or test on (`val`, `test`), or nothing says that there are none."""
        if stage == 'test':
            return self.tests
        data = self.get('data')
        return not self.is_complete or data is None or data.plain(stage) is not None

    @cached_property
    def validates(self) -> bool:
        """Whether training validates: where `evaluation` does not say, all but the training of GANs did."""
        return self.plain('evaluation') is not None or (
            'evaluation' not in self and not self.library.generative_metrics
        )

    @cached_property
    def length(self) -> Item | None:
        """How long training lasts, in epochs or iterations (`by_epoch`); none if it does not say."""
        runner = self.get('runner')
        if runner is not None and runner.is_dict:
            found = runner.get('max_epochs') or runner.get('max_iters')
            if found is not None:
                return found
        return self.get('total_epochs') or self.get('total_iters')

    @cached_property
    def by_epoch(self) -> bool | None:
        """Whether training is counted in epochs; none if the config does not say."""
        runner = self.get('runner')
        if (
            runner is not None
            and runner.is_dict
            and ('type' in runner or 'max_epochs' in runner or 'max_iters' in runner)
        ):
            return not ('max_iters' in runner or runner.type in _ITER_RUNNERS)
        if 'total_epochs' in self:
            return True
        if 'total_iters' in self:
            return False
        return None


def innermost(old: Old, stage: str) -> Item | None:
    """Return the dataset of a stage, the first one inside of its wrappers."""
    data = old.get('data')
    dataset = None if data is None else data.get(stage)
    while dataset is not None:
        if dataset.is_list:
            dataset = next(iter(dataset.entries()), None)
            continue
        inner = dataset.get('dataset') or dataset.get('datasets')
        if inner is None:
            return dataset
        dataset = inner
    return None
