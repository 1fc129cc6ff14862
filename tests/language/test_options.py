"""``--cfg-options``, against MMEngine's own `DictAction` and `merge_from_dict`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cfglint.language.encoding import encode
from cfglint.language.errors import ConfigError
from cfglint.language.loader import Loader
from cfglint.language.options import override, parse_value

CONFIG = "a = dict(b=1, c=[dict(d=1), 2, [dict(e=3)]], f=(1, dict(g=1)), n=None)\nl = [1, 2]\ns = 'x'\n"

OPTIONS = [
    ['a.b=2'], ['a.b=2', 'a.x.y=[1,(2,3)]'], ['a.c.0.d=5'], ['a.c.2.0.e=5'], ['a.c.0._delete_=True'], ['a.c.7.d=5'],
    ['a.c.1=5'], ['a.c.1.d=5'], ['a.c.-1.d=5'], ['a.c.x=5'], ['a.f.0=5'], ['a.f.1.g=5'], ['l.0=5'], ['l=5'], ['l.0.x=5'],
    ['s.x=1'], ['a.n.x=1'], ['a.n._delete_=True', 'a.n.x=1'], ['a._delete_=True'], ['a._delete_=True', 'a.z=1'],
    ['a._delete_=False', 'a.z=1'], ['new.0.x=1'], ['a'], ['=1'], ['a.=1'], ['a=1', 'a.b=2'], ['a.b=2', 'a=1'], ['a.b=2', 'a.b=3'],
    ['x=[1],[2]'], ['x=[1'], ['x=(1)'], ['x=1,'], ['x='], ['x=,'], ['x=a=b'], ['x.y.z=1', 'x.y.w=2'], ['a.b.x=1'],
]  # fmt: skip


def theirs(path: Path, options: list[str]) -> Any:
    from mmengine.config import Config, DictAction

    parser = argparse.ArgumentParser()
    parser.add_argument('--cfg-options', nargs='+', action=DictAction)
    config = Config.fromfile(str(path))
    config.merge_from_dict(parser.parse_args(['--cfg-options', *options]).cfg_options)
    return json.loads(json.dumps(encode(config.to_dict())))


@pytest.mark.parametrize('options', OPTIONS, ids=' '.join)
def test_as_mmengine_does(options: list[str], tmp_path: Path) -> None:
    path = tmp_path / 'config.py'
    path.write_text(CONFIG)
    config = Loader().load(str(path))
    before = encode(config.table)
    try:
        expected = theirs(path, options)
    except (Exception, SystemExit):
        with pytest.raises(ConfigError):
            override(config, options)
    else:
        result = override(config, options).table
        assert json.loads(json.dumps(encode(result))) == expected
        assert list(encode(result)) == list(expected)
    assert encode(config.table) == before


@settings(max_examples=200, deadline=None)
@given(st.text('0123456789.-+e_xNoneTrufals,()[]{}\'" ', max_size=20))
def test_values_as_mmengine_reads_them(text: str) -> None:
    from mmengine.config import DictAction

    try:
        expected = DictAction._parse_iterable(text)
    except (AssertionError, RecursionError) as error:
        with pytest.raises(type(error)):
            parse_value(text)
    else:
        assert encode(parse_value(text)) == encode(expected)


def test_origins_name_the_option(tmp_path: Path) -> None:
    path = tmp_path / 'config.py'
    path.write_text(CONFIG)
    origin = override(Loader().load(str(path)), ['a.b=2']).table['a'].origins['b']
    span = origin.source.span(origin.value)
    assert (origin.source.path, origin.source.text[span.start : span.end], origin.replaced) == ('--cfg-options', '2', 1)
    assert origin.overrides is not None and origin.overrides.source.path == str(path)
