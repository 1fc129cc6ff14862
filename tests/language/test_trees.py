"""Code that takes Python's parser long is not parsed."""

from __future__ import annotations

import sys

import pytest

from cfglint.language.trees import tree_of

LONG = {
    'one line': 'a = f"' + '{1}' * 60_000 + '"',
    'three quotes': "a = F'''" + '{1}"\n' * 40_000 + "'''",
    'escapes': "a = rf'" + "{1}\\'" * 40_000 + "'",
    'bytes': b'a = fR"' + b'{1}' * 60_000 + b'"',
    'many': ('a = f"' + '{1}' * 9_000 + '"\n') * 9,
}


@pytest.mark.skipif(sys.version_info >= (3, 12), reason='fields are placed while they are read')
@pytest.mark.parametrize('code', LONG.values(), ids=LONG)
def test_fields_that_are_placed_slowly_are_refused(code: str | bytes) -> None:
    with pytest.raises(ValueError, match='too many fields'):
        tree_of(code)


@pytest.mark.parametrize('code', ['a = [' + 'f"{1}", ' * 9_000 + ']', 'a = [' + '{1}, ' * 60_000 + ']', 'f"{1}"'])
def test_other_code_is_parsed(code: str) -> None:
    assert len(tree_of(code).body) == 1
