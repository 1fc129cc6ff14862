"""What a constructor takes in the end, for classes of the user's own code on top of real libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cfglint.catalog import Component, Extra, Signature
from cfglint.catalog.signatures import _c3

if TYPE_CHECKING:
    from collections.abc import Callable

    from cfglint.catalog import Installation

BASE = """
class Base:
    def __init__(self, a, b=2): ...
"""


@pytest.fixture
def signature(indexed: Callable[..., Installation]) -> Callable[[str], Signature]:
    """The signature of the last class or function, called `Toy`, of a module."""

    def of(text: str) -> Signature:
        return indexed({'toy.py': text}).signature_at('toy.Toy')

    return of


def shape(signature: Signature) -> str:
    """`a, b=2` of a signature."""
    return ', '.join(name if item.required else f'{name}={item.default}' for name, item in signature.parameters.items())


@pytest.mark.parametrize(
    ('toy', 'expected', 'extra'),
    [
        ('class Toy(Base): ...', 'a, b=2', Extra.REFUSED),
        ('class Toy:\n    def __init__(self, x, **kwargs): ...', 'x', Extra.IGNORED),
        (
            'class Toy(Base):\n    def __init__(self, x=0, **kwargs):\n        super().__init__(**kwargs)',
            'x=0, a, b=2',
            Extra.REFUSED,
        ),
        (
            'class Toy(Base):\n    def __init__(self, x, **kwargs):\n        super(Toy, self).__init__(x, **kwargs)',
            'x, b=2',
            Extra.REFUSED,
        ),
        (
            'class Toy(Base):\n    def __init__(self, **kwargs):\n        super().__init__(b=3, **kwargs)',
            'a',
            Extra.REFUSED,
        ),
        (
            'class Toy(Base):\n    def __init__(self, **kwargs):\n        Base.__init__(self, 1, **kwargs)',
            'b=2',
            Extra.REFUSED,
        ),
        ('class Toy:\n    def __init__(self, **kwargs):\n        self.base = Base(**kwargs)', 'a, b=2', Extra.REFUSED),
        ('class Toy:\n    def __init__(self, **kwargs):\n        self.kwargs = kwargs', '', Extra.OPEN),
        (
            'class Toy:\n    def __init__(self, **kwargs):\n        self.x = kwargs.pop("x", 1)\n        self.y = kwargs["y"]',
            'x=1, y',
            Extra.IGNORED,
        ),
        (
            'class Toy(Base):\n    def __init__(self, **kwargs):\n        if kwargs.get("b"): ...\n'
            '        super().__init__(**kwargs)',
            'a, b=2',
            Extra.REFUSED,
        ),
        (
            'class Toy(Base):\n    def __init__(self, **kwargs):\n        kwargs.pop("c", 0)\n'
            '        super().__init__(**kwargs)',
            'a, b=2, c=0',
            Extra.REFUSED,
        ),
        (
            'class Toy(Base):\n    def __init__(self, f, **kwargs):\n        if f:\n            super().__init__(**kwargs)',
            'f, a=None, b=2',
            Extra.REFUSED,
        ),
        (
            'class Toy(Base):\n    def __init__(self, f, **kwargs):\n        self.fill(**kwargs)\n\n'
            '    def fill(self, std=1): ...',
            'f, std=1',
            Extra.REFUSED,
        ),
        ('import unknown\nclass Toy(unknown.Thing): ...', '', Extra.OPEN),
        ('import unknown\nclass Toy(unknown.Thing):\n    def __init__(self, a): ...', 'a', Extra.REFUSED),
        ('class Toy: ...', '', Extra.REFUSED),
        ('def Toy(a, *, b=1): ...', 'a, b=1', Extra.REFUSED),
        ('def Toy(x, **kwargs):\n    return Base(**kwargs)', 'x, a, b=2', Extra.REFUSED),
        (
            '@dataclass\nclass Parent:\n    p: int = 0\n@dataclass\nclass Toy(Parent):\n    q: int = 1',
            'p=0, q=1',
            Extra.REFUSED,
        ),
    ],
)
def test_shapes(signature: Callable[[str], Signature], toy: str, expected: str, extra: Extra) -> None:
    found = signature(f'from dataclasses import dataclass\n{BASE}\n{toy}')
    assert (shape(found), found.extra) == (expected, extra)


def test_super_follows_the_order_of_the_class_that_is_built(signature: Callable[[str], Signature]) -> None:
    found = signature("""
class Root:
    def __init__(self, root=0): ...
class Left(Root):
    def __init__(self, left=0, **kwargs):
        super().__init__(**kwargs)
class Right(Root):
    def __init__(self, right=0, **kwargs):
        super().__init__(**kwargs)
class Toy(Left, Right): ...
""")
    assert list(found.parameters) == ['left', 'right', 'root']


def test_super_of_another_class_skips_it(signature: Callable[[str], Signature]) -> None:
    found = signature("""
class Root:
    def __init__(self, root=0): ...
class Middle(Root):
    def __init__(self, middle=0): ...
class Toy(Middle):
    def __init__(self, **kwargs):
        super(Middle, self).__init__(**kwargs)
""")
    assert list(found.parameters) == ['root']


def test_arguments_that_a_subclass_sets_are_fixed(signature: Callable[[str], Signature]) -> None:
    found = signature(f'{BASE}\nclass Toy(Base):\n    def __init__(self, **kw):\n        super().__init__(b=1, **kw)')
    assert found.fixed == {'b': 'toy.Toy'}
    assert found.accepts('b') is False


def test_owners_are_where_a_parameter_is_declared(signature: Callable[[str], Signature]) -> None:
    found = signature(f'{BASE}\nclass Toy(Base):\n    def __init__(self, x, **kw):\n        super().__init__(**kw)')
    assert {name: item.owner for name, item in found.parameters.items()} == {
        'x': 'toy.Toy',
        'a': 'toy.Base',
        'b': 'toy.Base',
    }


def test_what_is_accepted(signature: Callable[[str], Signature]) -> None:
    assert [signature(BASE + 'Toy = Base').accepts(name) for name in ('a', 'z')] == [True, False]
    swallowing = signature('class Toy:\n    def __init__(self, a, **kwargs): ...')
    assert (swallowing.accepts('a'), swallowing.accepts('z')) == (True, None)


def test_arguments_renamed_with_a_warning_are_accepted(signature: Callable[[str], Signature]) -> None:
    found = signature("""
class Toy:
    @deprecated_api_warning({'old': 'new'})
    def __init__(self, new=1): ...
""")
    assert found.renamed == {'old': 'new'}
    assert found.accepts('old')


def test_a_class_that_inherits_from_itself_ends(signature: Callable[[str], Signature]) -> None:
    assert signature('class Toy(Toy): ...').parameters == {}


def test_a_function_that_calls_itself_is_open(signature: Callable[[str], Signature]) -> None:
    assert signature('def Toy(**kwargs):\n    return Toy(**kwargs)').open


def test_bases_in_another_library(indexed: Callable[..., Installation]) -> None:
    installation = indexed(
        {
            'toy.py': """
from mmdet.models import RetinaHead

class Toy(RetinaHead):
    def __init__(self, extra, **kwargs):
        super().__init__(**kwargs)
"""
        },
        mmdet='3.3.0',
    )
    found = installation.signature_at('toy.Toy')
    assert found.required == ('extra', 'num_classes', 'in_channels')
    assert found.parameters['init_cfg'].owner == 'mmdet.models.dense_heads.retina_head.RetinaHead'
    assert found.accepts('feat_channels')
    assert found.accepts('feat_chanels') is False


def test_arguments_of_a_component_that_is_built_inside(indexed: Callable[..., Installation]) -> None:
    installation = indexed({'toy.py': ''}, mmdet='3.3.0')
    component = installation.find('RandomResize', 'TRANSFORMS', 'mmdet')
    assert isinstance(component, Component)
    found = installation.signature(component)
    assert found.built is not None
    assert (found.built.parameter, found.built.type) == ('resize_type', 'Resize')
    complete = installation.complete(found, {}, 'mmdet')
    assert complete.accepts('keep_ratio')
    assert complete.accepts('keep_ration') is False
    other = installation.complete(found, {'resize_type': 'mmpretrain.ResizeEdge'}, 'mmdet')
    assert other.accepts('edge')
    assert installation.complete(found, {'resize_type': 'Nothing'}, 'mmdet').open


class Name(str):
    """Counts how often it is looked up or compared."""

    asked = 0
    __slots__ = ()

    def __hash__(self) -> int:
        Name.asked += 1
        return super().__hash__()

    def __eq__(self, other: object) -> bool:
        Name.asked += 1
        return super().__eq__(other)


@pytest.mark.parametrize('length', [200, 400])
def test_the_order_of_a_long_chain_takes_linear_time(length: int) -> None:
    chain: list[str] = [Name(f'n{number}') for number in range(length)]
    Name.asked = 0
    assert _c3([chain, chain[::2], chain[:1]]) == chain
    assert Name.asked < 40 * length


def test_the_order_is_that_of_python() -> None:
    class A: ...

    class B(A): ...

    class C(A): ...

    class D(C, B): ...

    class E(D, C): ...

    def names(of: type) -> list[str]:
        return [each.__name__ for each in of.__mro__]

    assert ['E', *_c3([names(D), names(C), ['D', 'C']])] == names(E)
    assert _c3([['a', 'b'], ['b', 'a']]) == ['a', 'b']
