"""What is proposed for a base that does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.kit.repo import diagnose

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ('files', 'advice'),
    [
        ({'zoo.sh': '', 'a/config.py': "_base_ = '../zoo/own/x.py'\n"}, None),
        ({'zoos/own/x.py': 'a = 1\n', 'a/config.py': "_base_ = '../zoo/own/x.py'\n"}, "'../zoos/own/x.py'"),
    ],
    ids=['a file of a similar name', 'a folder of a similar name'],
)
def test_a_folder_is_proposed_if_the_base_is_in_it(files: dict[str, str], advice: str | None, tmp_path: Path) -> None:
    [found] = diagnose(tmp_path, files, 'a/config.py', rules=['missing-base'])
    assert (None if found.advice is None else found.advice.code) == advice
