"""Settings of the whole suite."""

from __future__ import annotations

import sys
from pathlib import Path

# The test kit is imported as `tests.kit` by tests and by the processes that they start.
sys.path.insert(0, str(Path(__file__).parent.parent))
