"""Reading one file: names, registrations, deprecations."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from cfglint.catalog.definitions import read_module

if TYPE_CHECKING:
    from cfglint.catalog.facts import ModuleFacts


def read(text: str, module: str = 'pkg.sub.mod', is_package: bool = False) -> ModuleFacts:
    facts = read_module(dedent(text), module, is_package)
    assert facts is not None
    return facts


def registrations(text: str) -> list[tuple[str, list[str] | None, str, bool]]:
    return [(item['registry'], item['names'], item['target'], item['force']) for item in read(text)['registered']]


@pytest.mark.parametrize(
    ('decorator', 'names', 'force'),
    [
        ('@MODELS.register_module()', None, False),
        ('@MODELS.register_module', None, False),
        ("@MODELS.register_module('A')", ['A'], False),
        ("@MODELS.register_module(name='A', force=True)", ['A'], True),
        ("@MODELS.register_module(name=['A', 'B'])", ['A', 'B'], False),
        ("@MODELS.register_module(('A', 'B'))", ['A', 'B'], False),
        ('@MODELS.register_module(None)', None, False),
    ],
)
def test_decorators(decorator: str, names: list[str] | None, force: bool) -> None:
    assert registrations(f'{decorator}\nclass Toy: ...') == [('MODELS', names, 'Toy', force)]


def test_a_registry_may_be_an_attribute_of_a_module() -> None:
    assert registrations('@registry.MODELS.register_module()\ndef toy(): ...') == [
        ('registry.MODELS', None, 'toy', False)
    ]


def test_two_decorators_are_two_registrations() -> None:
    found = registrations("@A.register_module()\n@B.register_module('x')\nclass Toy: ...")
    assert [item[:2] for item in found] == [('A', None), ('B', ['x'])]


@pytest.mark.parametrize(
    'call',
    [
        "MODELS.register_module('BN', module=nn.BatchNorm2d)",
        "MODELS.register_module(name='BN', module=nn.BatchNorm2d)",
        "MODELS.register_module(name='BN')(nn.BatchNorm2d)",
        "MODELS._register_module(nn.BatchNorm2d, 'BN')",
        "layer = MODELS.register_module('BN', module=nn.BatchNorm2d)",
    ],
)
def test_calls(call: str) -> None:
    assert registrations(f'import torch.nn as nn\n{call}') == [('MODELS', ['BN'], 'nn.BatchNorm2d', False)]


def test_a_loop_over_written_out_classes() -> None:
    found = registrations('for layer in [nn.ReLU, nn.Tanh]:\n    MODELS.register_module(module=layer)')
    assert [item[2] for item in found] == ['nn.ReLU', 'nn.Tanh']


def test_a_loop_over_anything_else_is_unclear() -> None:
    facts = read('for name in dir(torch.optim):\n    OPTIMIZERS.register_module(module=getattr(torch.optim, name))')
    assert not facts['registered']
    assert facts['unclear'] == [(2, 'OPTIMIZERS.register_module(module=getattr(torch.optim, name))')]


def test_a_function_that_registers_what_it_imports() -> None:
    found = registrations("""
        def register():
            from lion_pytorch import Lion
            from .local import Other as Renamed
            OPTIMIZERS.register_module(module=Lion)
            OPTIMIZERS.register_module('o', module=Renamed)
    """)
    assert [item[2] for item in found] == ['lion_pytorch.Lion', 'pkg.sub.local.Other']


def test_a_function_that_registers_its_argument_is_unclear() -> None:
    assert read('def register(cls):\n    MODELS.register_module(module=cls)')['unclear']


@pytest.mark.parametrize(
    ('module', 'is_package', 'target'),
    [
        ('pkg.sub.mod', False, 'pkg.sub.other:X'),
        ('pkg.sub', True, 'pkg.sub.other:X'),
        ('mod', False, 'other:X'),
    ],
)
def test_relative_imports(module: str, is_package: bool, target: str) -> None:
    assert read('from .other import X', module, is_package)['imports'] == {'X': target}


def test_imports_of_modules() -> None:
    assert read('import torch.nn as nn\nimport torch.optim')['imports'] == {'nn': 'torch.nn', 'torch': 'torch'}


def test_a_fallback_does_not_hide_the_import() -> None:
    facts = read('try:\n    from a import X\nexcept ImportError:\n    X = None')
    assert facts['imports'] == {'X': 'a:X'}
    assert 'X' not in facts['names']


def test_a_class_that_derives_from_what_it_hides() -> None:
    facts = read('from base import Evaluator\nclass Evaluator(Evaluator): ...')
    assert facts['classes']['Evaluator']['bases'] == ['base.Evaluator']
    assert 'Evaluator' not in facts['imports']


def test_registries_and_their_aliases() -> None:
    facts = read("MODELS = Registry('model', parent=ROOT, scope='toy')\nBACKBONES = MODELS")
    assert facts['registries']['MODELS'] == {'name': 'model', 'parent': 'ROOT', 'scope': 'toy', 'line': 1}
    assert facts['aliases'] == {'BACKBONES': 'MODELS'}


@pytest.mark.parametrize(
    ('text', 'exports'),
    [
        ("__all__ = ['a', 'b']", ['a', 'b']),
        ("__all__ = ['a']\n__all__ += ['b']", ['a', 'b']),
        ("__all__ = ['a']\n__all__.extend(['b'])", ['a', 'b']),
        ("__all__ = ['a'] + other", None),
        ("__all__ = ['a']\n__all__ += other", None),
        ('', None),
    ],
)
def test_exports(text: str, exports: list[str] | None) -> None:
    assert read(text)['exports'] == exports


@pytest.mark.parametrize('text', ['def __getattr__(name): ...', 'globals().update(names)', "vars()['x'] = 1"])
def test_a_module_that_makes_its_own_names(text: str) -> None:
    assert read(text)['dynamic'] is ('[' not in text)


def test_parameters() -> None:
    text = 'class Toy:\n    def __init__(self, a, b: int = 1, *args, c: "str" = None, **kw): ...'
    assert read(text)['classes']['Toy']['init']['params'] == [
        ['a'],
        ['b', '1', 'int'],
        ['*args'],
        ['c', 'None', "'str'"],
        ['**kw'],
    ]


def test_keyword_only_parameters_without_star_args() -> None:
    assert read('def toy(a, /, b, *, c): ...')['functions']['toy']['params'] == [['a'], ['b'], ['*'], ['c']]


def test_new_counts_when_there_is_no_init() -> None:
    assert read('class Toy:\n    def __new__(cls, a): ...')['classes']['Toy']['init']['params'] == [['a']]


def test_fields_of_a_dataclass() -> None:
    facts = read('@dataclass(frozen=True)\nclass Toy:\n    a: int\n    b: str = "x"\n    C: ClassVar[int] = 1')
    assert facts['classes']['Toy']['init']['params'] == [['a', None, 'int'], ['b', "'x'", 'str']]
    assert facts['classes']['Toy']['dataclass']


def test_renamed_arguments() -> None:
    facts = read("""
        class FFN:
            @deprecated_api_warning({'dropout': 'ffn_drop'}, cls_name='FFN')
            def __init__(self, ffn_drop=0.): ...
    """)
    assert facts['classes']['FFN']['init']['renamed'] == {'dropout': 'ffn_drop'}


def test_deprecations() -> None:
    facts = read('''
        class Always:
            def __init__(self):
                warnings.warn('`Always` is deprecated, use `Other`')

        class Argument:
            def __init__(self, old=None, new=None):
                if old is not None:
                    print_log('"old" will be deprecated in future, use "new"', logger='current')

        class Documented:
            """Toy.

            .. deprecated:: 1.2
                Use `Other`.
            """

        @deprecated_function('1.0', '2.0', 'use `g`')
        def f(): ...
    ''')
    assert facts['classes']['Always']['deprecated'] == '`Always` is deprecated, use `Other`'
    assert facts['classes']['Argument']['init']['deprecated_args'] == {
        'old': '"old" will be deprecated in future, use "new"'
    }
    assert 'Use `Other`' in facts['classes']['Documented']['deprecated']
    assert facts['functions']['f']['deprecated'] == '1.0, 2.0, use `g`'


@pytest.mark.parametrize('source', [b'class', b'\xff\xfe\x00', 'x = ' + '(' * 5000, b'\x00'])
def test_what_cannot_be_parsed_gives_nothing(source: str | bytes) -> None:
    assert read_module(source, 'mod', False) is None
