"""The recorded conversation, once more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.server.exchange import ASKED, RECORD, conversation

if TYPE_CHECKING:
    from pathlib import Path


def test_the_server_answers_as_it_was_recorded(tmp_path: Path) -> None:
    recorded, answers = json.loads(RECORD.read_text(encoding='utf-8')), conversation(tmp_path)
    for asked, expected, answer in zip((*ASKED, 'what is told'), recorded, answers, strict=True):
        assert answer == expected, asked
