"""Values that MMEngine refuses, ignores or takes in another way, and values that it takes, section by section.

The numbers of the cases are those of the list of checks in the project's notes on MMEngine's contract.
"""

from __future__ import annotations

from tests.schemas.cases.case import METRIC, Case, loader, wrapper
from tests.schemas.cases.dataloaders import DATALOADERS
from tests.schemas.cases.hooks import HOOKS
from tests.schemas.cases.loops import LOOPS
from tests.schemas.cases.optim_wrapper import OPTIM
from tests.schemas.cases.others import OTHERS
from tests.schemas.cases.param_scheduler import SCHEDULERS
from tests.schemas.cases.runner import RUNNER

__all__ = ['CASES', 'METRIC', 'Case', 'loader', 'wrapper']

CASES = [*RUNNER, *LOOPS, *OPTIM, *SCHEDULERS, *DATALOADERS, *HOOKS, *OTHERS]
