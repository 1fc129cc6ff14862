"""A module that needs another one."""

import absent  # noqa: F401 (that it is not there is the point)
