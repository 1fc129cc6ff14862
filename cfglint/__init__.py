"""cfglint: the linter, compatibility checker and migrator for OpenMMLab (MMEngine) configs.

`check` and `load` are what the commands ``cfglint check`` and ``cfglint show`` do. Their modules are imported with the first use:
importing ``cfglint`` costs nothing.
"""

# Nothing is imported here: `python -m cfglint` has the current folder, which may hold a `typing.py`, still on its path.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from cfglint.api import InternalError as InternalError
    from cfglint.api import check as check
    from cfglint.api import load as load
    from cfglint.diagnostics import Advice as Advice
    from cfglint.diagnostics import Applicability as Applicability
    from cfglint.diagnostics import Diagnostic as Diagnostic
    from cfglint.diagnostics import Edit as Edit
    from cfglint.diagnostics import Fix as Fix
    from cfglint.diagnostics import Related as Related
    from cfglint.diagnostics import Severity as Severity
    from cfglint.language.config import Config as Config
    from cfglint.language.errors import ConfigError as ConfigError
    from cfglint.usage import UsageError as UsageError

__version__ = '0.1.0'

_PLACES = {
    **dict.fromkeys(('check', 'load', 'InternalError'), 'cfglint.api'),
    **dict.fromkeys(
        ('Advice', 'Applicability', 'Diagnostic', 'Edit', 'Fix', 'Related', 'Severity'), 'cfglint.diagnostics'
    ),
    'Config': 'cfglint.language.config',
    'ConfigError': 'cfglint.language.errors',
    'UsageError': 'cfglint.usage',
}

__all__ = ['__version__', *_PLACES]


def __getattr__(name: str) -> object:
    """Import what is asked for."""
    if name not in _PLACES:
        raise AttributeError(f'module `cfglint` has no attribute `{name}`')
    from importlib import import_module

    return getattr(import_module(_PLACES[name]), name)
