"""Following names through imports and star imports."""

from __future__ import annotations

import time

from cfglint.catalog.names import Located, Missing, Names, Resolver, Unknown


def resolver(modules: dict[str, Names], max_steps: int = 10**6) -> Resolver:
    """The modules of one package, `a`; all else is not known."""
    return Resolver(
        lambda name: modules.get(name) or (Missing(name, '') if name.split('.')[0] == 'a' else None), max_steps
    )


def test_a_circle_of_star_imports_finds_what_any_of_them_defines() -> None:
    modules = {
        'a': Names({}, ('a.b',)),
        'a.b': Names({}, ('a.c',)),
        'a.c': Names({}, ('a.b', 'a.d')),
        'a.d': Names({'X': ''}, ('a',)),
    }
    found = resolver(modules)
    assert found.locate('a.X') == Located('a.d', 'X')
    assert found.locate('a.b.X') == found.locate('a.c.X') == Located('a.d', 'X')
    assert found.locate('a.Y') == Missing('a', 'Y')


def test_what_a_search_found_inside_of_a_circle_is_not_taken_for_final() -> None:
    # Seen from `a.b`, `a.c` leads back to `a.b`, and has nothing else.
    modules = {'a': Names({}), 'a.b': Names({}, ('a.c', 'a.d')), 'a.c': Names({}, ('a.b',)), 'a.d': Names({'X': ''})}
    found = resolver(modules)
    assert found.locate('a.b.X') == Located('a.d', 'X')
    assert found.locate('a.c.X') == Located('a.d', 'X')


def test_diamonds_of_star_imports_are_walked_once() -> None:
    modules = {'a': Names({}, ('a.l0', 'a.r0'))}
    for level in range(40):
        modules |= {f'a.{side}{level}': Names({}, (f'a.l{level + 1}', f'a.r{level + 1}')) for side in 'lr'}
    modules |= {'a.l40': Names({}), 'a.r40': Names({'X': ''})}
    start = time.perf_counter()
    found = resolver(modules)
    assert found.locate('a.X') == Located('a.r40', 'X')
    assert found.locate('a.Y') == Missing('a', 'Y')
    assert time.perf_counter() - start < 1


def test_a_chain_of_star_imports_may_be_long() -> None:
    modules = {'a': Names({}, ('a.m0',))} | {f'a.m{n}': Names({}, (f'a.m{n + 1}',)) for n in range(20_000)}
    assert resolver(modules | {'a.m20000': Names({'X': ''})}).locate('a.X') == Located('a.m20000', 'X')


def test_aliases_in_a_circle_are_unknown() -> None:
    modules = {'a': Names({'X': 'a.b:X', 'Y': '=Z', 'Z': '=Y'}), 'a.b': Names({'X': 'a:X'})}
    found = resolver(modules)
    assert isinstance(found.locate('a.X'), Unknown)
    assert isinstance(found.locate('a.Y'), Unknown)


def test_a_star_import_of_a_module_that_is_absent_binds_nothing() -> None:
    modules = {'a': Names({}, ('a.b',)), 'a.b': Names({}, ('a.b.left', 'a.b.right')), 'a.b.right': Names({})}
    assert resolver(modules).locate('a.left') == Missing('a', 'left')


def test_a_star_import_of_an_unknown_package_may_bind_anything() -> None:
    assert isinstance(resolver({'a': Names({}, ('elsewhere',))}).locate('a.X'), Unknown)


def test_a_submodule_that_a_package_imports_from_itself() -> None:
    modules = {'a': Names({'b': 'a:b'}, ('a',)), 'a.b': Names({'X': ''})}
    found = resolver(modules)
    assert found.locate('a.b') == Located('a.b', '')
    assert found.locate('a.b.X') == Located('a.b', 'X')


def test_past_the_bound_names_are_unknown() -> None:
    modules = {'a': Names({}, ('a.m0',))} | {f'a.m{n}': Names({}, (f'a.m{n + 1}',)) for n in range(100)}
    found = resolver(modules, 50)
    assert isinstance(found.locate('a.X'), Unknown)
    assert found.is_exhausted
