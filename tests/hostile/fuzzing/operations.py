"""Operations of the table of costs: on small operands beside MMEngine, on large ones beside the clock."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Iterator

from cfglint.language.errors import ConfigError
from cfglint.language.loader import Loader
from tests.hostile.evaluation import LOOPS, OPERANDS, SETUP, expressions
from tests.hostile.fuzzing.configs import difference
from tests.hostile.fuzzing.kit import Fuzzer, Run
from tests.language import oracle

_SECONDS = 2.0
"""Of the processor: twice what is allowed, for a busy machine."""
_MAKERS = {
    's': '"ab" * {0}', 'p': '"a" * {0}', 'n': '"a" * {0} + "b"', 't': '("zz",) * {0}', 'l': '[0] * {0}',
    'm': '[str(i) for i in range({0})]', 'd': 'dict(zip(range({0}), range({0})))', 'k': 'dict(zip(map(str, range({0})), range({0})))',
    'e': 'set(range({0}))', 'f': 'set(range(1, {0} + 1))', 'g': 'frozenset(range({0}))', 'h': 'tuple(range({0}))',
    'u': 'tuple(range({0}))', 'v': 'list(range({0}))', 'i': '(1 << {0}) - 1', 'r': 'range({0})', 'w': '[list(range({0})) for j in range({0})]',
}  # fmt: skip


def _operations(run: Run) -> Iterator[str]:
    """Combine some operations on operands of random sizes."""
    large = run.rng.random() < 0.5
    sizes = [1, 50, 3_000, 90_000, 250_000] if large else [0, 1, 2, 5]
    names = {name: maker.format(run.rng.choice(sizes)) for name, maker in _MAKERS.items()}
    body = ''.join(f'    z = {_expression(run.rng)}\n' for _ in range(run.rng.randrange(1, 4)))
    if large:
        text = ''.join(f'for _ in range(100_000):\n    try:\n{line}    except Exception:\n        z = 0\n'
                       for line in (f'    {each}\n' for each in body.splitlines()))  # fmt: skip
        if run.rng.random() < 0.7:
            text = run.rng.choice(list(LOOPS.values())).replace('{0}', _expression(run.rng))
    else:
        text = ''.join(
            f'try:\n{line}\n    z{at} = z\nexcept Exception:\n    z{at} = 0\n'
            for at, line in enumerate(body.splitlines())
        )
    used = {name: made for name, made in names.items() if any(name == word for word in _words(text))}
    path = oracle.write(run.folder, SETUP + ''.join(f'{name} = {made}\n' for name, made in used.items()) + text)
    if not large:
        text = path.read_text() + ''.join(f'del {name}\n' for name in ('copy', 'z'))
        path.write_text(text)
        where = difference(path)
        if where is not None:
            yield f'{where}\n{text}'
        return
    begin = time.process_time()
    with contextlib.suppress(ConfigError):
        Loader().load_known(str(path))
    seconds = time.process_time() - begin
    if seconds > _SECONDS:
        yield f'{seconds:.1f} s\n{path.read_text()}'


def _expression(rng: random.Random) -> str:
    """Return an operation, or one with another in the place of an operand."""
    text = rng.choice(_EXPRESSIONS)
    if rng.random() < 0.5:
        places = [at for at, char in enumerate(text) if char in OPERANDS and _is_word(text, at)]
        if places:
            at = rng.choice(places)
            text = f'{text[:at]}({rng.choice(_EXPRESSIONS)}){text[at + 1 :]}'
    return text


def _is_word(text: str, at: int) -> bool:
    around = text[max(at - 1, 0) : at] + text[at + 1 : at + 2]
    return not any(char.isalnum() or char in '_."\'' for char in around)


def _words(text: str) -> list[str]:
    return ''.join(char if char.isalnum() or char == '_' else ' ' for char in text).split()


_EXPRESSIONS = [each for each in expressions() if '=' not in each.replace('==', '') or '(' in each]

FUZZERS: dict[str, Fuzzer] = {'operations': _operations}
