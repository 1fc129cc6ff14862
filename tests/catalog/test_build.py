"""The tools that make the catalogs, on tiny releases; and what is shipped."""

from __future__ import annotations

import sys
import zipfile
import zlib
from pathlib import Path

import pytest

from cfglint.catalog import libraries
from cfglint.catalog.names import Names
from cfglint.catalog.store import DATA, SUFFIX, Catalog, Window, pack_names, unpack_names

sys.path.insert(0, str(Path(__file__).parents[2] / 'tools'))

from catalog import collect, fetch, write
from catalog.releases import LIBRARIES, Library
from catalog.windows import windows

TOY = Library('toy', 'toy', ('1.0', '1.1', '1.2'))
REGISTRY = "from mmengine.registry import MODELS as ROOT, Registry\nMODELS = Registry('model', parent=ROOT)\n"
OLD = 'from .registry import MODELS\n\n@MODELS.register_module()\nclass Net:\n    def __init__(self, depth): ...\n'
NEW = OLD.replace('depth', 'depth, width=1').replace('\n\n', '\n\n\n')


def release(cache: Path, version: str, files: dict[str, str]) -> None:
    folder = cache / f'toy-{version}'
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / f'toy-{version}-py3-none-any.whl', 'w') as archive:
        for name, text in files.items():
            archive.writestr(name, text)


@pytest.fixture
def toy(tmp_path: Path) -> str:
    init = "mmcv_minimum_version = '2.0'\nmmcv_maximum_version = '2.1'\nassert v <= digit_version(mmcv_maximum_version)"
    release(tmp_path, '1.0', {'toy/__init__.py': init, 'toy/registry.py': REGISTRY, 'toy/net.py': OLD})
    release(
        tmp_path,
        '1.1',
        {
            'toy/__init__.py': '',
            'toy/registry.py': REGISTRY,
            'toy/net.py': NEW,
            'toy/testing/fake.py': NEW.replace('Net', 'Fake'),
            'toy/.mim/net.py': NEW,
            'other/net.py': NEW,
            'toy/broken.py': 'class(',
        },
    )
    release(tmp_path, '1.2', {'toy/__init__.py': '', 'toy/registry.py': REGISTRY, 'toy/net.py': OLD})
    return build(tmp_path)


def build(cache: Path) -> str:
    reader = collect.Reader(cache)
    keys = {'mmengine.registry.MODELS': 'MODELS@mmengine'}
    return write.text(
        TOY, [reader.release(TOY, version, lambda path, era: keys.get(path)) for version in TOY.versions], ()
    )


def test_releases_share_what_is_equal(toy: str) -> None:
    catalog = Catalog(toy.encode(), {})
    assert catalog.registered('MODELS@toy', 0) == {'Net': 'toy.net.Net'}
    parameters = {
        index: stored.body['init']['params']
        for index in range(3)
        if (stored := catalog.object('toy.net.Net', index)) is not None
    }
    assert parameters == {0: [['depth']], 1: [['depth'], ['width', '1']], 2: [['depth']]}
    lines = [stored.line for index in range(3) if (stored := catalog.object('toy.net.Net', index)) is not None]
    assert lines == [4, 5, 4]


def test_windows_are_kept(toy: str) -> None:
    catalog = Catalog(toy.encode(), {})
    assert catalog.windows(0) == {'mmcv': Window('2.0', '2.1', True)}
    assert catalog.windows(1) == {}


def test_only_the_package_itself_is_read(toy: str) -> None:
    catalog = Catalog(toy.encode(), {})
    assert list(catalog.registry_keys()) == ['MODELS@toy']
    assert set(catalog.modules()) == {'toy', 'toy.net', 'toy.registry', 'toy.testing.fake'}
    fake = catalog.module('toy.testing.fake', 1)
    assert fake is not None
    assert fake.dynamic


def test_the_output_depends_on_the_releases_alone(toy: str, tmp_path: Path) -> None:
    assert build(tmp_path) == toy
    assert write.compress(toy) == write.compress(toy)


def test_ranges_of_releases() -> None:
    merged = list(collect.merge([(0, 'a'), (1, 'b'), (2, 'b'), (3, 'a'), (5, 'a')]))
    assert merged == [([0, 0, 3, 3, 5, 5], 'a'), ([1, 2], 'b')]


def test_patches_lie_over_the_data(toy: str) -> None:
    catalog = Catalog(
        toy.encode(),
        {
            'components': [{'registry': 'MODELS@toy', 'names': ['Extra', 'Net'], 'path': 'toy.made.*', 'since': '1.1'}],
            'objects': {
                'toy.net.Net': {'init': {'kwargs': [['refuse', 'because']]}},
                'toy.made.Extra': {'kind': 'class', 'bases': []},
            },
        },
    )
    assert catalog.registered('MODELS@toy', 0) == {'Net': 'toy.net.Net'}
    assert catalog.registered('MODELS@toy', 1) == {'Net': 'toy.net.Net', 'Extra': 'toy.made.Extra'}
    patched = catalog.object('toy.net.Net', 0)
    assert patched is not None
    assert patched.body['init'] == {'params': [['depth']], 'kwargs': [['refuse', 'because']]}
    assert catalog.object('toy.made.Extra', 0) is not None


def test_a_patch_holds_from_a_release_on(toy: str) -> None:
    patch = {'objects': {'toy.net.Net': {'since': '1.1', 'init': {'kwargs': [['refuse', 'because']]}}}}
    catalog = Catalog(toy.encode(), patch)
    before, after = catalog.object('toy.net.Net', 0), catalog.object('toy.net.Net', 1)
    assert before is not None and 'kwargs' not in before.body['init']
    assert after is not None and after.body['init']['kwargs'] == [['refuse', 'because']]


def test_names_survive_packing() -> None:
    names = Names({'A': '', 'b': '=A', 'nn': 'torch.nn', 'X': 'm:X', 'Y': 'm:Z'}, ('s',), True, ('A',))
    assert unpack_names(pack_names(names)) == names


@pytest.mark.parametrize(
    ('source', 'expected'),
    [
        (b"MMCV_MIN = '1.0'\nMMCV_MAX = '2.0'\nassert x < MMCV_MAX", {'mmcv': ['1.0', '2.0', False]}),
        (
            b"mmseg_minimum_version = '1'\nmmseg_maximum_version = '2'\nassert m <= v <= parse(mmseg_maximum_version)",
            {'mmsegmentation': ['1', '2', True]},
        ),
        (b"mmcv_minimum_version = '1.0'", {}),
        (b'', {}),
    ],
)
def test_windows(source: bytes, expected: dict[str, list[object]]) -> None:
    assert windows(source) == expected


def test_a_source_distribution_has_a_folder_around(tmp_path: Path) -> None:
    import tarfile

    (tmp_path / 'net.py').write_text(OLD)
    with tarfile.open(tmp_path / 'toy-1.0.tar.gz', 'w:gz') as archive:
        archive.add(tmp_path / 'net.py', 'toy-1.0/toy/net.py')
        archive.add(tmp_path / 'net.py', 'toy-1.0/tests/net.py')
    assert [name for name, _ in fetch.sources(tmp_path / 'toy-1.0.tar.gz', 'toy')] == ['toy/net.py']


def test_the_shipped_data_stays_small() -> None:
    assert sum(path.stat().st_size for path in Path(DATA).rglob('*') if path.is_file()) < 3_000_000


def test_the_shipped_data_holds_the_releases_of_the_tools() -> None:
    assert {library.distribution: library.versions for library in LIBRARIES} == {
        library: libraries.releases(library) for library in libraries.libraries()
    }
    shipped = {path.name.removesuffix(SUFFIX) for path in Path(DATA).glob(f'*{SUFFIX}')}
    assert shipped - {'configs', 'official'} == set(libraries.libraries())  # those are tables of configs


@pytest.mark.parametrize('library', libraries.libraries())
def test_no_line_of_a_catalog_is_broken(library: str) -> None:
    import json

    for line in zlib.decompress(Path(DATA, f'{library}{SUFFIX}').read_bytes()).decode().split('\n'):
        assert json.loads(line) is not None
