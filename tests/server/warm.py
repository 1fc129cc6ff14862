"""Imports what a server needs, before it is forked."""

from __future__ import annotations

from cfglint.rules import all_rules
from cfglint.server.wire import make_server

assert all_rules() and make_server()
