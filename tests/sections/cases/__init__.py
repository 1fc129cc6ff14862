"""Values that MMEngine refuses, ignores or takes in another way, and values that it takes, section by section.

The numbers of the cases are those of the list of checks in the project's notes on MMEngine's contract.
"""

from __future__ import annotations

from tests.sections.cases.case import METRIC, Case, loader, wrapper
from tests.sections.cases.dataloaders import DATALOADERS
from tests.sections.cases.hooks import HOOKS
from tests.sections.cases.loops import LOOPS
from tests.sections.cases.optim_wrapper import OPTIM
from tests.sections.cases.others import OTHERS
from tests.sections.cases.param_scheduler import SCHEDULERS
from tests.sections.cases.runner import RUNNER

__all__ = ['CASES', 'METRIC', 'Case', 'loader', 'wrapper']

CASES = [*RUNNER, *LOOPS, *OPTIM, *SCHEDULERS, *DATALOADERS, *HOOKS, *OTHERS]
