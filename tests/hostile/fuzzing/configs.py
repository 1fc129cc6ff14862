"""Configs that are changed, or generated, beside what the real MMEngine makes of them."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from cfglint.language.config import Config
from cfglint.language.errors import ConfigError
from tests.hostile.fuzzing.kit import Fuzzer, Run, TooLong, any_command, faults_of, watch
from tests.language import oracle
from tests.language.fuzz import SEEDS, mutated
from tests.language.strategies import lazy_trees, text_trees

BASES = {
    'base.py': "model = dict(classes=3, backbone=dict(depth=50))\nlr = 0.1\npipeline = [dict(type='A')]\n",
    'lazybase.py': 'from mmdet.x import Y\nmodel = dict(type=Y, backbone=dict(depth=50, z=1))\n',
}
_FEW = 20
"""Trees of one turn: making one takes Hypothesis as long as making some."""
_OF_THIS_MACHINE = re.compile(r'FileNotFoundError|ModuleNotFoundError|ImportError|MemoryError|RecursionError')
"""What MMEngine refuses for what is, or is not, on the machine, or for its own bounds."""

_LISTED = re.compile(r"cannot pickle 'dict_(?:keys|values|items)' object")
"""``ConfigDict | dict`` is addict's own `Dict`, whose views are those of a dict; here it is a `ConfigDict`."""
_OF_TYPES = re.compile(
    r"descriptor '\w+' for|unbound method|'types\.GenericAlias' object|\w+\[.*\] is not a generic class|'bytes' object has no attribute"
)
"""What the methods of types themselves, of bytes, and ``list[int]``, refuse: to cfglint they are not known."""
_PLACEHOLDER = re.compile(r'(_\w+_)(?:[0-9a-f]{6}|cfglint)\b')


def difference(path: Path) -> str | None:
    """Say where cfglint and MMEngine disagree about a config: a value, a type, the order of keys, who refuses it.

    What cfglint says that it does not know is no difference, nor what it refuses to compute.
    """
    ours = oracle.cfglint(path)
    if isinstance(ours, ConfigError) and ours.rule == 'endless-evaluation':
        return None
    try:
        with watch(5):
            theirs = oracle.mmengine(path)
    except TooLong:
        return None if isinstance(ours, ConfigError) or _is_partial(ours) else 'only MMEngine never ends'
    if isinstance(theirs, oracle.Refusal):
        if _LISTED.search(theirs.words) and ' | ' in path.read_text():
            return None
        if isinstance(ours, ConfigError) or _OF_THIS_MACHINE.match(theirs.kind) or _is_partial(ours):
            return None
        if _OF_TYPES.search(theirs.words):
            return None
        return f'only MMEngine refuses: {theirs.kind}: {theirs.words:.300}'
    if isinstance(ours, ConfigError):
        return f'only cfglint refuses: {ours.rule}: {ours.message}'
    return None if _is_partial(ours) else oracle.difference(*map(_without_random_names, (oracle.plain(ours), theirs)))


def _without_random_names(value: Any) -> Any:
    """Return a config without the random ends of the names that MMEngine puts in the place of ``{{_base_.x}}``."""
    return json.loads(_PLACEHOLDER.sub(r'\1', json.dumps(value)))


def _is_partial(config: Config) -> bool:
    """Tell whether something of a config is not known."""
    return config.partial is not None or '$unknown' in str(oracle.plain(config))


@cache
def _configs_of(zoo: Path) -> list[Path]:
    return sorted(zoo.rglob('*.py'))


def _mutated(run: Run) -> Iterator[str]:
    """Change a config of the zoo, or one of the seeds, and look at it by some command, and beside MMEngine."""
    if run.zoo is None:
        path, text = run.folder / 'config.py', run.rng.choice(SEEDS)
        for name, base in BASES.items():
            (run.folder / name).write_text(base)
    else:
        path = run.rng.choice(_configs_of(run.zoo))
        text = path.read_text()
    try:
        path.write_bytes(mutated(run.rng, text).encode('utf-8', 'surrogatepass'))
        yield from faults_of(*any_command(run.rng, str(path)))
        where = difference(path)
        if where is not None:
            yield f'{path}: {where}'
    finally:
        path.write_text(text)


def _generated(run: Run) -> Iterator[str]:
    """Generate some trees of configs, look at each by some command, and beside MMEngine."""
    for number, files in enumerate(_trees(run.rng)):
        path = oracle.write(run.folder / str(number), files)  # type: ignore[arg-type]
        found = [*faults_of(*any_command(run.rng, str(path)))]
        where = difference(path)
        yield from (f'{each}\n{files}' for each in (*found, where) if each is not None)


def _trees(rng: random.Random) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    @seed(rng.getrandbits(64))
    @settings(
        max_examples=_FEW,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(rng.choice([text_trees, lazy_trees])())
    def collect(files: dict[str, str]) -> None:
        found.append(files)

    collect()
    return found


FUZZERS: dict[str, Fuzzer] = {'mutated': _mutated, 'generated': _generated}
