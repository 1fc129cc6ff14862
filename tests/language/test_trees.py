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


NAMES = {
    'many parts': 'import ' + 'a.' * 20_000 + 'b',
    'long parts': 'from ' + ('a' * 900 + '.') * 1_000 + 'b import c',
    'parts on lines': 'import ' + 'a \\\n.\t' * 9_000 + 'b',
    'many names': '\n'.join(['import ' + 'a.' * 900 + 'b'] * 60),
    'bytes': b'import ' + b'a.' * 20_000 + b'b',
}


@pytest.mark.parametrize('code', NAMES.values(), ids=NAMES)
def test_names_that_are_joined_in_gigabytes_are_refused(code: str | bytes) -> None:
    with pytest.raises(ValueError, match='too many parts'):
        tree_of(code)


@pytest.mark.parametrize(
    'code',
    [
        'import a.' + 'b' * 90_000,
        'a = [' + '1.5, ' * 90_000 + ']',
        '#' + '.' * 200_000 + '\n1',
        'import a.b\n' * 20_000,
    ],
)
def test_other_names_are_parsed(code: str) -> None:
    assert tree_of(code).body
