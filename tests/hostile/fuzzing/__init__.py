"""Random input: each fuzzer makes some from a seed, and says what is wrong with cfglint's answer."""

from __future__ import annotations

from tests.hostile.fuzzing import configs, operations, texts, writes
from tests.hostile.fuzzing.kit import Fuzzer

FUZZERS: dict[str, Fuzzer] = {
    **configs.FUZZERS,
    **operations.FUZZERS,
    **texts.FUZZERS,
    **writes.FUZZERS,
}
"""By the name of what they change or generate."""
