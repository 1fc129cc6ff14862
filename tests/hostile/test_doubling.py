"""Work grows as fast as input: what is twice as long takes twice the calls of functions, whatever there is much of."""

from __future__ import annotations

from collections.abc import Callable
from cProfile import Profile
from itertools import islice
from pathlib import Path

import pytest

from cfglint import engine
from cfglint.engine import check
from cfglint.language.errors import ConfigError
from cfglint.language.loader import Loader
from cfglint.rules import all_rules
from cfglint.rules.component import faults, unresolved_types
from cfglint.server.yaml_syntax import parse_yaml
from tests.hostile.fuzzing.kit import watch
from tests.hostile.kit import write
from tests.hostile.long_examples import LongExample, long_examples
from tests.hostile.scans import _RUN

FEW = 120
"""Beyond what is told of one rule in one file: what has a bound is cheaper still."""
EVALUATED: dict[str, Callable[[int], str]] = {
    'lines': lambda n: ''.join(f'a{i} = [{i}, dict(b={i})]\n' for i in range(n)),
    'loops': lambda n: f'a = []\nfor i in range({n}):\n    a.append(dict(b=i))\n',
    'comprehensions': lambda n: f'a = [dict(b=i) for i in range({n}) if i % 2]\n',
    'generators': lambda n: f'a = list(map(str, (i for i in range({n}))))\nb = dict(zip(a, a))\nc = any(i == "x" for i in a)\n',
    'functions': lambda n: ''.join(f'def f{i}(x):\n    return [x]\na{i} = f{i}({i})\n' for i in range(n)),
    'dicts that grow': lambda n: f'a = dict()\nfor i in range({n}):\n    a[str(i)] = i\n    a.update(x=i)\n',
    'lists that grow': lambda n: f'a = []\nfor i in range({n}):\n    a += [i]\n    a.insert(len(a), i)\n',
    'sets that grow': lambda n: f'a = set()\nfor i in range({n}):\n    a.add(i)\nb = sorted(a)\ndel a\n',
    'joined texts': lambda n: f'a = ",".join([str(i) for i in range({n})])\nb = a.split(",")\nc = a.replace(",", ";")\n',
    'formats': lambda n: ''.join(f'a{i} = f"{{{i}}}-{{{i}:03d}}" + "%s" % {i} + "{{}}".format({i})\n' for i in range(n)),
    'exceptions': lambda n: f'a = 0\nfor i in range({n}):\n    try:\n        a = [][i]\n    except IndexError:\n        a = i\n',
    'conditions': lambda n: 'x = 0\n' + ''.join(f'if x == {i}: a = {i}\n' for i in range(n)),
    'values of a base': lambda n: '_base_ = "base.py"\n' + ''.join(f'a{i} = _base_.model.x\n' for i in range(n)),
    'tokens of a base': lambda n: '_base_ = "base.py"\n' + ''.join(f'a{i} = {{{{_base_.model.x}}}}\n' for i in range(n)),
    'templates': lambda n: ''.join(f'a{i} = "{{{{fileBasename}}}}"\n' for i in range(n)),
    'failing lines': lambda n: ''.join(f'a{i} = b{i}\n' for i in range(n)),
}  # fmt: skip
CHECKED: dict[str, Callable[[int], str]] = {
    **EVALUATED,
    'unknown fields': lambda n: 'train_dataloader = dict(' + ', '.join(f'batch_siz{i}=1' for i in range(n)) + ')\n',
    'unknown sections': lambda n: ''.join(f'train_dataloader{i} = dict(batch_size=1)\n' for i in range(n)),
    'unknown types': lambda n: 'model = dict(type="RetinaNet", neck=[' + ''.join(f'dict(type="FPN{i}"), ' for i in range(n)) + '])\n',
    'unknown arguments': lambda n: 'model = dict(type="RetinaNet", ' + ', '.join(f'k{i}=1' for i in range(n)) + ')\n',
    'transforms': lambda n: 'train_dataloader = dict(dataset=dict(type="CocoDataset", pipeline=[' + 'dict(type="Resize", scale=(1, 1)), ' * n + ']))\n',
    'hooks': lambda n: 'custom_hooks = [' + 'dict(type="EMAHook", interval=0), ' * n + ']\n',
    'schedulers': lambda n: 'param_scheduler = [' + ''.join(f'dict(type="MultiStepLR", begin={i}, end={i + 1}, milestones=[{i}]), ' for i in range(n)) + ']\n',
    'evaluators': lambda n: 'val_evaluator = [' + 'dict(type="CocoMetric", metric=["bbox", "segmm"]), ' * n + ']\n',
    'keys of an optimizer': lambda n: 'optim_wrapper = dict(optimizer=dict(type="SGD", lr=0.1), paramwise_cfg=dict(custom_keys={' + ''.join(f'"backbone.l{i}": dict(lr_mult={i}), ' for i in range(n)) + '}))\n',
    'datasets': lambda n: 'train_dataloader = dict(dataset=dict(type="ConcatDataset", datasets=[' + 'dict(type="CocoDataset", pipeline=[]), ' * n + ']))\n',
    'classes': lambda n: 'metainfo = dict(classes=(' + ''.join(f'"c{i}", ' for i in range(n)) + '))\n',
    'suppressions': lambda n: 'train_cfg = dict(by_epoch=True)  # cfglint: ignore[misspelt-field]\n' * n,
    'pipelines of 0.x': lambda n: 'data = dict(samples_per_gpu=2, train=dict(type="CocoDataset", pipeline=[' + 'dict(type="DefaultFormatBundle"), ' * n + ']))\n',
    'flows of 0.x': lambda n: 'workflow = [' + '("train", 1), ' * n + ']\n',
}  # fmt: skip


def evaluate(path: Path) -> None:
    """Read a config."""
    try:
        Loader().load_known(str(path))
    except ConfigError as error:
        assert error.rule != 'endless-evaluation'


def judge(path: Path) -> None:
    """Check a config by all rules."""
    assert not check([str(path)], list(all_rules().values())).crashes


def calls(work: Callable[[Path], None], path: Path, text: str) -> int:
    """Count the calls of functions, Python's own and C's, that it takes to do `work` with a config."""
    path.write_text(text)
    profile = Profile()
    profile.runcall(work, path)
    return sum(each.callcount for each in profile.getstats())


CASES = [(evaluate, name, text) for name, text in EVALUATED.items()] + [(judge, *each) for each in CHECKED.items()]


@pytest.mark.parametrize(('work', 'name', 'text'), CASES, ids=[f'{work.__name__} {name}' for work, name, _ in CASES])
def test_work_grows_as_fast_as_input(
    work: Callable[[Path], None], name: str, text: Callable[[int], str], tmp_path: Path
) -> None:
    (tmp_path / 'base.py').write_text('model = dict(x=[1, 2, 3])\n')
    head = _RUN if work is judge else ''
    calls(work, tmp_path / 'config.py', head + text(FEW))  # what is done once is done
    one, two, four = (calls(work, tmp_path / 'config.py', head + text(n * FEW)) for n in (1, 2, 4))
    # What is linear gives 2, what is quadratic 4.
    assert four - two < 2.7 * max(two - one, 500)


LONG = [
    each
    for number, rule in enumerate(list(all_rules().values())[3::18])
    for each in islice(long_examples(rule), number % 3, number % 3 + 1)
    if not each.name.endswith('strings')
]
"""`tools/hostile_costs.py` measures all of them."""


@pytest.mark.parametrize('example', LONG, ids=[each.name for each in LONG])
def test_work_for_an_example_grows_as_fast_as_it(
    example: LongExample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (engine, faults, unresolved_types):  # what is told is compared with what else is told, up to a bound
        monkeypatch.setattr(module, 'MAX_OF_A_RULE', 10)

    def work(size: int) -> int:
        write(tmp_path, files := example.files(size))
        return calls(judge, tmp_path / 'config.py', str(files['config.py']))

    work(3_000)
    one, two, four = map(work, (3_000, 6_000, 12_000))
    assert four - two < 2.7 * max(two - one, 2_000)


BLANKS = {
    'after a key': 'a{}b\n',
    'after a key in quotes': '"a"{}b\n',
    'after a dash': '- {}b\n',
    'in a value': 'a: b{}c\n',
}


@pytest.mark.parametrize('name', BLANKS)
def test_blanks_in_yaml_that_is_open_are_passed_once(name: str) -> None:
    """Steps of a pattern cannot be counted: 400,000 blanks take minutes where each is looked at from all before it."""
    text = BLANKS[name].format(' ' * 400_000)
    with watch(5):
        assert parse_yaml(text).closed == len(text)
