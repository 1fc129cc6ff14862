"""What differs between two texts, line by line, in bounded time."""

from __future__ import annotations

from difflib import Match, SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_STEPS = 8_000_000
"""So many pairs of equal lines are looked at; what is left over then counts as changed."""


class Comparison(SequenceMatcher[str]):
    """Compares as `difflib` does, which takes hours for files of many lines that are all the same.

    Args:
        before: The lines.
        after: The others.
    """

    def __init__(self, before: Sequence[str], after: Sequence[str]) -> None:
        super().__init__(None, before, after, autojunk=False)
        self._before, self._after = before, after
        self._left = _STEPS

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        """Return the longest run of lines that both have, an empty one when all steps are used up."""
        found: dict[str, list[int]] = self.b2j  # type: ignore[attr-defined]
        self._left -= sum([1 + len(found.get(line, ())) for line in self._before[alo:ahi]])
        return super().find_longest_match(alo, ahi, blo, bhi) if self._left >= 0 else Match(alo, blo, 0)

    def get_matching_blocks(self) -> list[Match]:
        """Return the runs of lines that both have; those at the beginning and the end are found at once."""
        if self.matching_blocks is None:  # type: ignore[has-type]
            before, after = self._before, self._after
            least = min(len(before), len(after))
            head = next((n for n in range(least) if before[n] != after[n]), least)
            tail = next((n for n in range(least - head) if before[-1 - n] != after[-1 - n]), least - head)
            inner = Comparison(before[head : len(before) - tail], after[head : len(after) - tail])
            *blocks, _ = SequenceMatcher.get_matching_blocks(inner)
            ends = Match(len(before) - tail, len(after) - tail, tail), Match(len(before), len(after), 0)
            moved = [Match(a + head, b + head, size) for a, b, size in blocks]
            joined = [each for each in (Match(0, 0, head), *moved, ends[0]) if each.size]
            self.matching_blocks = [*joined, ends[1]]
        return self.matching_blocks


def unified(before: Sequence[str], after: Sequence[str], names: tuple[str, str]) -> Iterator[str]:
    """Yield the lines of a unified diff, as `difflib.unified_diff` does."""
    for number, group in enumerate(Comparison(before, after).get_grouped_opcodes()):
        if not number:
            yield from (f'--- {names[0]}\n', f'+++ {names[1]}\n')
        first, last = group[0], group[-1]
        yield f'@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@\n'
        for tag, start, end, begin, stop in group:
            if tag == 'equal':
                yield from (f' {line}' for line in before[start:end])
                continue
            yield from (f'-{line}' for line in before[start:end])
            yield from (f'+{line}' for line in after[begin:stop])


def _range(start: int, stop: int) -> str:
    length = stop - start
    if length == 1:
        return str(start + 1)
    return f'{start + bool(length)},{length}'
