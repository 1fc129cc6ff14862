"""``cfglint show``, ``explain``, ``rules`` and ``schema``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from mmengine.config import Config

from tests.cli.conftest import Ran
from tests.kit.repo import write

Cli = Callable[..., Ran]

FILES = {
    'base.py': "optim_wrapper = dict(type='OptimWrapper',\n    optimizer=dict(type='SGD', lr=0.02))\nsizes = (1, 2)\nhooks = [dict(a=1)]\n",
    'a.py': "_base_ = 'base.py'\noptim_wrapper = dict(optimizer=dict(lr=0.01))\nname = '骨干'\n",
    'b.py': "_base_ = 'a.py'\noptim_wrapper = dict(optimizer=dict(lr=0.005))\n",
}


def test_default_is_python_as_configs_are_written(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, FILES)
    assert cli('show', 'a.py') == Ran(
        0,
        "optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.01))\n"
        "sizes = (1, 2)\nhooks = [dict(a=1)]\nname = '骨干'\n",
        '',
    )


def test_what_is_printed_reads_as_the_same_config(cli: Cli, tmp_path: Path) -> None:
    text = (
        "model = dict(type='A', backbone=dict(type='ResNet', depth=50, out_indices=(0, 1, 2, 3), norm_cfg=dict(type='BN')), x=(1,),\n"
        "    table={'a b': 1, 2: None, 'class': True}, empty={}, none=[], far=[float('inf'), -1e-05], text='it\\'s\\n', raw=b'a')\n"
    )
    write(tmp_path, {'a.py': text})
    out = cli('show', 'a.py').out
    assert max(map(len, out.splitlines())) <= 79
    ours, theirs = {}, {}
    exec(out, ours)
    exec(text, theirs)
    assert ours['model'] == theirs['model']


def test_json_is_the_contract(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, FILES)
    assert json.loads(cli('show', 'a.py', '--format', 'json').out) == {
        'optim_wrapper': {'type': 'OptimWrapper', 'optimizer': {'type': 'SGD', 'lr': 0.01}},
        'sizes': {'$tuple': [1, 2]},
        'hooks': [{'a': 1}],
        'name': '骨干',
    }
    assert cli('show', 'a.py', 'sizes', '--output-format', 'json').out == '{\n  "$tuple": [\n    1,\n    2\n  ]\n}\n'


def test_key_tells_the_chain_of_places(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, FILES)
    assert cli('show', 'b.py', 'optim_wrapper.optimizer.lr').out == (
        'optim_wrapper.optimizer.lr = 0.005\n\n'
        'set in    b.py:2: optim_wrapper = dict(optimizer=dict(lr=0.005))\n'
        'overrides a.py:2: optim_wrapper = dict(optimizer=dict(lr=0.01))\n'
        "overrides base.py:2: optimizer=dict(type='SGD', lr=0.02))\n"
    )
    assert cli('show', 'b.py', 'hooks.0.a').out.endswith('set in    base.py:4: hooks = [dict(a=1)]\n')
    assert 'extends   a.py:2: ' in cli('show', 'b.py', 'optim_wrapper').out


def test_origins_list_every_value(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, FILES)
    assert cli('show', 'a.py', '--origins').out.splitlines() == [
        "optim_wrapper.type           = 'OptimWrapper'  # base.py:1",
        "optim_wrapper.optimizer.type = 'SGD'           # base.py:2",
        'optim_wrapper.optimizer.lr   = 0.01            # a.py:2, overrides base.py:2 (0.02)',
        'sizes                        = (1, 2)          # base.py:3',
        'hooks.0.a                    = 1               # base.py:4',
        "name                         = '骨干'            # a.py:3",
    ]
    (entry,) = json.loads(cli('show', 'a.py', 'optim_wrapper.optimizer.lr', '--origins', '--format', 'json').out)
    assert entry == {
        'key': 'optim_wrapper.optimizer.lr',
        'value': 0.01,
        'origin': {'filename': str(tmp_path / 'a.py'), 'location': {'row': 2, 'column': 37}},
        'overrides': [{'filename': str(tmp_path / 'base.py'), 'location': {'row': 2, 'column': 32}, 'value': 0.02}],
    }


@pytest.mark.parametrize(('args', 'message'), [
    (('a.py', 'optim_wraper'), 'the config has no `optim_wraper`; did you mean `optim_wrapper`?'),
    (('a.py', 'optim_wrapper.lr'), '`optim_wrapper` has no `lr`; it has type, optimizer'),
    (('a.py', 'sizes.7'), '`sizes` has no `7`; it has 0, 1'),
    (('a.py', 'name', 'sizes'), 'one key at a time: `name` and `sizes` are two'),
    (('nowhere.py',), '`nowhere.py` does not exist'),
    ((), 'name a config, or give --batch LISTFILE'),
    (('a.py', '--format', 'jsonl'), '--output-format jsonl goes with --batch'),
    (('--batch', 'nowhere.txt'), 'cannot read `nowhere.txt`: no such file or directory'),
])  # fmt: skip
def test_wrong_usage(cli: Cli, tmp_path: Path, args: tuple[str, ...], message: str) -> None:
    write(tmp_path, FILES)
    assert cli('show', *args) == Ran(2, '', f'cfglint: error: {message}\n')


def test_config_that_mmengine_refuses(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': 'a = (\n'})
    ran = cli('show', 'a.py')
    assert (
        (ran.code, ran.out) == (1, '') and ran.err.startswith('error[syntax-error]: ') and ' --> a.py:1:5\n' in ran.err
    )


def test_batch_never_stops_at_one_file(cli: Cli, tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            'a.py': 'a = (1,)\n',
            'b.py': 'a = (\n',
            'list.txt': 'a.py\n\nb.py\nnowhere.py\n骨.py\n',
            '骨.py': 'b = float("nan")\n',
        },
    )
    ran = cli('show', '--batch', 'list.txt', '--format', 'jsonl')
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 0 and [line['path'] for line in lines] == ['a.py', 'b.py', 'nowhere.py', '骨.py']
    assert lines[0] == {'path': 'a.py', 'config': {'a': {'$tuple': [1]}}, 'error': None}
    assert lines[1]['config'] is None and 'was never closed' in lines[1]['error']
    assert lines[2]['config'] is None and 'no such file' in lines[2]['error']
    assert lines[3]['config'] == {'b': {'$float': 'nan'}}
    assert (
        cli('show', '--batch', '-', stdin='a.py\n').out
        == '{"path": "a.py", "config": {"a": {"$tuple": [1]}}, "error": null}\n'
    )


def test_explain_prints_the_page_of_a_rule(cli: Cli) -> None:
    out = cli('explain', 'misspelt-field').out
    assert out.startswith('misspelt-field\n==============\n\nFamily: schema\nSeverity: error\n')
    assert 'train_cfg = dict(by_epoch=True, max_epoch=12)' in out and '# cfglint: ignore[misspelt-field]' in out
    assert cli('explain', 'mispelt-field').out == out == cli('explain', '-', stdin='misspelt-field\n').out
    message = 'cfglint: error: nothing is known about `pizza delivery`; `cfglint rules` lists the rules\n'
    assert cli('explain', 'pizza', 'delivery') == Ran(2, '', message)


def test_rules_are_listed(cli: Cli) -> None:
    from cfglint.rules import all_rules

    lines = cli('rules').out.splitlines()
    assert lines[0].split() == ['rule', 'family', 'severity', 'fix', 'summary']
    assert [line.split()[0] for line in lines[1:]] == list(all_rules())
    listed = json.loads(cli('rules', '--output-format', 'json').out)
    assert [entry['name'] for entry in listed] == list(all_rules())
    assert set(listed[0]) == {'name', 'family', 'severity', 'scope', 'era', 'fixable', 'summary', 'url'}


def test_schema_of_a_section_and_of_a_whole_config(cli: Cli) -> None:
    from cfglint.sections import SECTIONS, json_schema

    assert json.loads(cli('schema', 'train_cfg').out) == json_schema('train_cfg')
    whole = json.loads(cli('schema').out)
    assert list(whole['properties']) == list(SECTIONS)
    assert whole['properties']['train_cfg']['$id'] == 'urn:cfglint:section:train_cfg'
    assert (
        cli('schema', 'train_cgf').err == 'cfglint: error: there is no section `train_cgf`; did you mean `train_cfg`?\n'
    )


def test_names_that_are_only_imported_are_left_out(cli: Cli, tmp_path: Path) -> None:
    lines = 'from mmengine.config import read_base\nfrom torch.optim import SGD\na = dict(type=SGD)\n'
    (tmp_path / 'config.py').write_text(lines)
    assert list(json.loads(cli('show', 'config.py', '--format', 'json').out)) == ['a']
    (tmp_path / 'list').write_text('config.py\n')
    assert list(json.loads(cli('show', '--batch', 'list', '--format', 'jsonl').out)['config']) == ['a']
    assert 'read_base' not in cli('show', 'config.py').out


@pytest.mark.parametrize('name', ['filename', 'text', 'pretty_text', 'env_variables'])
@pytest.mark.parametrize('kind', ['own', 'inherited', 'imported'])
def test_a_reserved_name_is_refused_as_mmengine_does(name: str, kind: str, cli: Cli, tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            'base.py': f'{name} = 1\n',
            'b.py': "_base_ = 'base.py'\n",
            'c.py': f'from torch.optim import SGD as {name}\n',
        },
    )
    file = {'own': 'base.py', 'inherited': 'b.py', 'imported': 'c.py'}[kind]
    with pytest.raises(KeyError) as refusal:
        Config.fromfile(str(tmp_path / file))
    ran = cli('show', file)
    assert ran.code == 1 and not ran.out and refusal.value.args[0] in ran.err
    write(tmp_path, {'list.txt': f'{file}\n'})
    assert json.loads(cli('show', '--batch', 'list.txt').out)['error'] == f'`{name}` is reserved by `Config`'
