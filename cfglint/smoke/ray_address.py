"""Where Ray would look for a cluster, and whether anybody answers there."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

from cfglint.usage import UsageError

CONNECT_SECONDS = 5.0
CLIENT_PORT = 10001
"""Where Ray's own client looks if nothing else is said."""


def require_reachable(address: str, named_by: str = '') -> None:
    """Look whether anybody listens: Ray tries for minutes, and says little then.

    Raises:
        UsageError: Nobody does.
    """
    try:
        parts = urlsplit('//' + address.rpartition('://')[2])
        socket.create_connection((parts.hostname or '', parts.port or CLIENT_PORT), CONNECT_SECONDS).close()
    except ValueError:
        raise UsageError(f'--executor: write ray://HOST:PORT instead of `{address}`') from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f'--executor: nobody answers at `{address}`{named_by}: {reason}') from None


def require_named_reachable() -> None:
    """Look at the cluster that Ray joins if no address is given, if one is named. Source: docstring of `ray.init`.

    Raises:
        UsageError: Nobody answers there.
    """
    address = os.environ.get('RAY_ADDRESS', '').strip()
    if address:
        if address not in ('auto', 'local'):
            require_reachable(address, ', which RAY_ADDRESS names')
        return
    latest = _folder_of_ray() / 'ray_current_cluster'
    if latest.is_file():
        require_reachable(latest.read_text().strip(), f', which {latest} names (`ray stop` removes it)')


def _folder_of_ray() -> Path:
    """The folder of Ray on this machine. Source: `ray._common.utils.get_default_ray_temp_dir`."""
    elsewhere = os.environ.get('TMPDIR') if sys.platform.startswith('linux') else None
    return Path(os.environ.get('RAY_TMPDIR') or elsewhere or '/tmp', 'ray')
