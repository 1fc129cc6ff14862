"""A run looks for no garbage while it lasts (see `cfglint.cli.main`), so that it must make none: what is done is freed."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from cfglint.check import CarefulLoader
from cfglint.lint import Collector
from cfglint.rules import all_rules
from cfglint.rules.context import Shared
from cfglint.rules.libraries import Libraries
from tests.kit.complete import examples

if TYPE_CHECKING:
    from pathlib import Path


def test_no_cycles_are_left(tmp_path: Path) -> None:
    rules = list(all_rules().values())
    paths = []
    for rule in rules:
        for kind, files in examples(rule.doc).items():
            for name, text in files.items():
                path = tmp_path / rule.name / kind / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
                paths.append(str(path))
    shared = Shared(Libraries())
    Collector(rules, CarefulLoader(), lambda path: None, shared).collect(paths)  # what is kept for good
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    collector = Collector(rules, CarefulLoader(), lambda path: None, shared)
    try:
        collector.collect(paths)
        gc.collect()
        ours = {type(each).__qualname__ for each in gc.garbage if type(each).__module__.startswith('cfglint')}
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
    assert len(paths) > 400 and ours == set()
