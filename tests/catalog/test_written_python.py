"""What a constructor takes, for Python as people write it: what cannot be followed is open, what can be is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cfglint.catalog import Extra

if TYPE_CHECKING:
    from collections.abc import Callable

    from cfglint.catalog import Installation

HEAD = """
import copy
import functools
from dataclasses import KW_ONLY, InitVar, dataclass, field
from typing import ClassVar

class Base:
    def __init__(self, a, b=2): ...
"""


def toy(body: str) -> str:
    """A subclass of `Base` whose constructor has `x` and `**kwargs`, and this body."""
    lines = '\n'.join(f'        {line}' for line in body.split('\n'))
    return f'class Toy(Base):\n    def __init__(self, x=0, **kwargs):\n{lines}'


@pytest.mark.parametrize(
    ('body', 'needed', 'extra'),
    [
        # Rebound after its use: the later dict is another one.
        ('super().__init__(**kwargs)\nkwargs = dict(z=1)\nprint(dict(**kwargs))', ['a'], Extra.REFUSED),
        ('super().__init__(**kwargs)\nkwargs = make()\nself.c = Other(**kwargs)', ['a'], Extra.REFUSED),
        # Rebound before it: none of what is given arrives.
        ('kwargs = dict(a=1)\nsuper().__init__(**kwargs)', [], Extra.IGNORED),
        ('kwargs = dict(kwargs, a=1)\nsuper().__init__(**kwargs)', [], Extra.REFUSED),
        ("kwargs = {**kwargs, 'a': 1}\nsuper().__init__(**kwargs)", [], Extra.REFUSED),
        ('kwargs = copy.deepcopy(kwargs)\nsuper().__init__(**kwargs)', ['a'], Extra.REFUSED),
        ('kwargs = kwargs.copy()\nsuper().__init__(**kwargs)', ['a'], Extra.REFUSED),
        ('kwargs = kwargs or {}\nsuper().__init__(**kwargs)', ['a'], Extra.REFUSED),
        ('kwargs = {k: v for k, v in kwargs.items() if k in KNOWN}\nsuper().__init__(**kwargs)', [], Extra.OPEN),
        ('kwargs = clean(kwargs)\nsuper().__init__(**kwargs)', [], Extra.OPEN),
        ('if x:\n    kwargs = {}\nsuper().__init__(**kwargs)', [], Extra.OPEN),
        # Set by the function.
        ("kwargs['a'] = 1\nsuper().__init__(**kwargs)", [], Extra.REFUSED),
        ("kwargs.setdefault('a', 1)\nsuper().__init__(**kwargs)", [], Extra.REFUSED),
        ('kwargs.update(a=1, b=3)\nsuper().__init__(**kwargs)', [], Extra.REFUSED),
        ("kwargs.update({'a': 1})\nsuper().__init__(**kwargs)", [], Extra.REFUSED),
        ("if 'a' not in kwargs:\n    kwargs['a'] = 1\nsuper().__init__(**kwargs)", [], Extra.REFUSED),
        ('kwargs.update(DEFAULTS)\nsuper().__init__(**kwargs)', [], Extra.OPEN),
        ("super().__init__(**{**kwargs, 'a': 1})", [], Extra.OPEN),
        ('super().__init__(**dict(kwargs, a=1))', [], Extra.OPEN),
        # Taken away.
        ("kwargs.pop('z', None)\nsuper().__init__(**kwargs)", ['a'], Extra.REFUSED),
        ("del kwargs['z']\nsuper().__init__(**kwargs)", ['a'], Extra.REFUSED),
        ('for k in NAMES:\n    kwargs.pop(k, None)\nsuper().__init__(**kwargs)', [], Extra.OPEN),
        ('for k in list(kwargs):\n    if k.startswith("_"):\n        del kwargs[k]\nsuper().__init__(**kwargs)', [], Extra.OPEN),
        ('self.take(kwargs)\nsuper().__init__(**kwargs)', [], Extra.OPEN),
        ('own = kwargs\nown.pop("z")\nsuper().__init__(**kwargs)', [], Extra.OPEN),
        ('super().__init__(**kwargs)\nself.take(kwargs)', ['a'], Extra.REFUSED),
        # Only looked at.
        ('print(kwargs)\nself.kwargs = kwargs\nsuper().__init__(**kwargs)', ['a'], Extra.REFUSED),
        ('for k, v in kwargs.items():\n    setattr(self, k, v)\nsuper().__init__(**kwargs)', ['a'], Extra.REFUSED),
        # In branches.
        ('if x:\n    super().__init__(**kwargs)\nelse:\n    super().__init__(a=1, **kwargs)', [], Extra.REFUSED),
        ('if x:\n    super().__init__(1, **kwargs)\n    return\nsuper().__init__(**kwargs)', [], Extra.REFUSED),
        ('with scope():\n    super().__init__(**kwargs)', ['a'], Extra.REFUSED),
        # Beside another dict.
        ('super().__init__(**kwargs, **x)', [], Extra.REFUSED),
        # Names of the function's own.
        ('def inner(**kwargs):\n    return Base(**kwargs)\nsuper().__init__(**kwargs)', ['a'], Extra.REFUSED),
        ('Base = pick(x)\nself.base = Base(**kwargs)', [], Extra.OPEN),
        ('super().__init__(*x, **kwargs)', [], Extra.REFUSED),
    ],
)  # fmt: skip
def test_use_of_kwargs(indexed: Callable[..., Installation], body: str, needed: list[str], extra: Extra) -> None:
    found = indexed({'toy.py': HEAD + toy(body)}).signature_at('toy.Toy')
    assert (list(found.required), found.extra) == (needed, extra)


@pytest.mark.parametrize(
    ('code', 'taken', 'extra'),
    [
        ('@functools.partial(change, 1)\nclass Toy(Base): ...', '', Extra.OPEN),
        ('@add_arguments\nclass Toy(Base): ...', '', Extra.OPEN),
        ('@MODELS.register_module()\nclass Toy(Base): ...', 'a b', Extra.REFUSED),
        ('class Toy(Base):\n    @change\n    def __init__(self, c): ...', '', Extra.OPEN),
        ('class Toy(Base, metaclass=Meta): ...', '', Extra.OPEN),
        ('class Mid(Base, metaclass=Meta): ...\nclass Toy(Mid):\n    def __init__(self, c): ...', '', Extra.OPEN),
        ('class Toy(Base, metaclass=abc.ABCMeta): ...', 'a b', Extra.REFUSED),
        ('class Toy(Base):\n    __init__ = make_init()', '', Extra.OPEN),
        ('class Toy(Base):\n    if FAST:\n        def __init__(self, c): ...', '', Extra.OPEN),
        ('class Toy(Base): ...\nToy.__init__ = other', '', Extra.OPEN),
        ('class Toy:\n    def __new__(cls, a, b=1): ...', 'a b', Extra.REFUSED),
        (
            'class Toy(Base):\n    def __new__(cls, *args, **kwargs):\n        return make(*args, **kwargs)',
            '',
            Extra.OPEN,
        ),
        (
            'class Toy(Base):\n    def __new__(cls, *args, **kwargs):\n        return super().__new__(cls)',
            'a b',
            Extra.REFUSED,
        ),
        (
            'if FAST:\n    class Toy:\n        def __init__(self, a): ...\n'
            'else:\n    class Toy:\n        def __init__(self, z): ...',
            '',
            Extra.OPEN,
        ),
        ('@dataclass\nclass Toy:\n    a: int\n    b: list = field(default_factory=list)', 'a b', Extra.REFUSED),
        ('@dataclass\nclass Toy:\n    a: int\n    b: int = field(init=False)', 'a', Extra.REFUSED),
        ('@dataclass\nclass Toy:\n    a: int = field()\n    _: KW_ONLY\n    b: int = 1', 'a b', Extra.REFUSED),
        ('@dataclass\nclass Toy:\n    a: int\n    k: ClassVar[int] = 1', 'a', Extra.REFUSED),
        ('@dataclass(init=False)\nclass Toy(Base):\n    c: int', 'a b', Extra.REFUSED),
        ('@attr.s\nclass Toy:\n    a = attr.ib()', '', Extra.OPEN),
        ('class Toy(make_base()): ...', '', Extra.OPEN),
        ('Toy = functools.partial(Base, b=1)', '', Extra.OPEN),
        ('def Toy(a, *args, b=1): ...', 'a b', Extra.REFUSED),
        (
            'class Mixin:\n    def __init__(self, *args, m=0, **kwargs):\n        super().__init__(*args, **kwargs)\n'
            'class Toy(Mixin, Base): ...',
            'm a b',
            Extra.REFUSED,
        ),
        (
            'class Mid(Base):\n    def __init__(self, **kwargs):\n        self.fill(**kwargs)\n    def fill(self, c=1): ...\n'
            'class Toy(Mid):\n    def fill(self, d): ...',
            '',
            Extra.OPEN,
        ),
    ],
)
def test_constructors(indexed: Callable[..., Installation], code: str, taken: str, extra: Extra) -> None:
    found = indexed({'toy.py': f'{HEAD}\n{code}'}).signature_at('toy.Toy')
    assert (' '.join(found.parameters), found.extra) == (taken, extra)
