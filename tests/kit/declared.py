"""What a rule declares that MMEngine raises, against what it does raise."""

from __future__ import annotations


def agrees(declared: str, said: str) -> bool:
    """Tell whether an exception is what a rule declares: of that class, and with these words.

    Args:
        declared: ``KeyError: is not in the``, or a part of the words alone.
        said: What was raised, ``KeyError: 'X is not in the …'``.
    """
    name, colon, words = declared.partition(': ')
    if name.endswith('Error') and name.isidentifier():
        return f'{name}: ' in f'{said}: ' and (not colon or words in said)
    return declared in said
