"""The rules about the config language: what the reader says, and what holds for a config that was read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cfglint.diagnostics import Advice, Applicability, Diagnostic
from cfglint.engine import check
from cfglint.report.parts import in_a_line
from cfglint.rules import all_rules, family
from cfglint.rules.declaration import Rule
from tests.kit.complete import complete, examples
from tests.kit.declared import agrees
from tests.language.oracle import Files, Refusal, compare, mmengine, write

LANGUAGE = Path(__file__).parents[2] / 'cfglint' / 'language'
READER = [rule for rule in family('language') if rule.scope == 'reader']
SILENT = ('endless-evaluation', 'uninstalled-package', 'interpreter-dependent-style', 'interpreter-dependent-call')
"""Rules about what MMEngine does not refuse, or not on this machine."""


def test_every_rule_of_the_reader_is_declared() -> None:
    text = ''.join(path.read_text() for path in LANGUAGE.rglob('*.py'))
    used = set(re.findall(r"(?:ConfigError|refuse|__init__)\(\s*(?:\w+,\s+)?'([a-z]+(?:-[a-z]+)+)'", text))
    assert used == {rule.name for rule in READER}


@pytest.mark.parametrize('rule', [rule for rule in READER if rule.name not in SILENT], ids=lambda rule: rule.name)
def test_mmengine_says_what_the_rule_quotes(rule: Rule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv('CFGLINT_EXAMPLE', raising=False)
    files = examples(rule.doc)
    theirs = mmengine(write(tmp_path / 'bad', _with_config(files['bad'])))
    assert isinstance(theirs, Refusal) and rule.raises is not None
    assert agrees(rule.raises, f'{theirs.kind}: {theirs.words}')
    assert not isinstance(mmengine(write(tmp_path / 'good', _with_config(files['good']))), Refusal)


@pytest.mark.parametrize('rule', READER, ids=lambda rule: rule.name)
def test_good_examples_are_read_as_mmengine_reads_them(rule: Rule, tmp_path: Path) -> None:
    assert compare(write(tmp_path, _with_config(examples(rule.doc)['good']))) is None


def _with_config(files: dict[str, str]) -> Files:
    return dict(files)


@pytest.mark.parametrize('name', ['unprintable-value', 'unprintable-key'])
def test_a_run_cannot_print_what_the_rule_names(name: str, tmp_path: Path) -> None:
    from mmengine.config import Config

    rule = all_rules()[name]
    found = examples(rule.doc)
    config = Config.fromfile(write(tmp_path / 'bad', complete(found['bad']['config.py'])))
    with pytest.raises(SyntaxError, match=str(rule.raises).removeprefix('SyntaxError: ')):
        assert config.pretty_text
    assert Config.fromfile(write(tmp_path / 'good', complete(found['good']['config.py']))).pretty_text


def diagnose(folder: Path, files: Files | str, rule: str) -> list[Diagnostic]:
    """Return what a rule says of a config."""
    result = check([str(write(folder, files))], [all_rules()[rule]])
    assert not result.crashes
    return result.diagnostics


def says(folder: Path, files: Files | str, rule: str) -> list[tuple[str | None, str]]:
    """Return the keys and the marked texts of what a rule says of a config."""
    return [(each.key, _marked(each)) for each in diagnose(folder, files, rule)]


def _marked(diagnostic: Diagnostic) -> str:
    if diagnostic.span is None:
        return ''
    text = Path(diagnostic.span.path).read_bytes().decode()
    return text[diagnostic.span.start : diagnostic.span.end]


BASE = "model = dict(backbone=dict(type='A', norm=dict(type='BN')), steps=[1])\n"


@pytest.mark.parametrize(
    ('text', 'keys'),
    [
        (
            "model = dict(backbone=dict(_delete_=True, type='B', norm=dict(_delete_=True, type='C')))",
            ['model.backbone.norm._delete_'],
        ),
        ("model = dict(new=dict(_delete_=True, type='B'))", ['model.new._delete_']),
        ("model = dict(steps=[dict(_delete_=True, type='B')])", ['model.steps.0._delete_']),
        ("model = dict(_delete_=True, backbone=dict(type='B', _delete_=False))", ['model.backbone._delete_']),
        ('helper = dict(a=dict(_delete_=True))', ['helper.a._delete_']),
        ('_delete_ = True', ['_delete_']),
        ("norm = dict(_delete_=True, type='C')\nmodel = dict(backbone=dict(norm=norm))", []),
        ("model = dict(backbone=dict(_delete_=True, type='B'))", []),
        ('model = dict(steps=dict(_delete_=True, a=1))', []),
        ("optim_wrapper = dict(type='OptimWrapper')\noptimizer_config = dict(_delete_=True, a=1)", []),
    ],
)
def test_leaked_delete(text: str, keys: list[str], tmp_path: Path) -> None:
    found = diagnose(tmp_path, {'base.py': BASE, 'config.py': f"_base_ = 'base.py'\n{text}\n"}, 'leaked-delete')
    assert [each.key for each in found] == keys


@pytest.mark.parametrize(
    ('text', 'keys'),
    [
        ("val_cfg = dict(_delete_=True, type='B')", []),
        ("model = dict(backbone=dict(_delete_=True, type='B'))", []),
        ("model = dict(backbone=dict(_delete_=False, norm=dict(_delete_=True, type='C')))", []),
        (
            "model = dict(backbone=dict(_delete_=True, type='B', norm=dict(_delete_=True, type='C')))",
            ['model.backbone.norm._delete_'],
        ),
        ("model = dict(steps=[dict(_delete_=True, type='B')])", ['model.steps.0._delete_']),
        ("hooks = dict(_delete_=True, type='B')\nnone = dict(_delete_=True)", []),
    ],
)
def test_a_base_that_is_not_known_may_have_what_is_deleted(text: str, keys: list[str], tmp_path: Path) -> None:
    bases = "_base_ = ['base.py', 'mmhuman3d::_base_/default_runtime.py']"
    files = {'base.py': 'hooks = dict(a=1)\nnone = None\n', 'config.py': f'{bases}\n{text}\n'}
    assert [each.key for each in diagnose(tmp_path, files, 'leaked-delete')] == keys


@pytest.mark.parametrize(
    ('before', 'after'),
    [
        ("new = dict(_delete_=True, type='B')", "new = dict(type='B')"),
        ("new = dict(type='B', _delete_=True)", "new = dict(type='B')"),
        ('new = dict(_delete_=True)', 'new = dict()'),
        ("new = {'_delete_': True, 'type': 'é'}", "new = {'type': 'é'}"),
        ("new = dict(\n    _delete_=True,\n    type='B')", "new = dict(\n    type='B')"),
        ("new = dict(\n    _delete_=True,  # why\n    type='B')", "new = dict(\n    # why\n    type='B')"),
        ("new = dict(\r\n    type='B',\r\n    _delete_=True)", "new = dict(\r\n    type='B')"),
        ("x = dict(_delete_=True, type='B')\nnew = [x]", None),
    ],
)
def test_leaked_delete_is_removed(before: str, after: str | None, tmp_path: Path) -> None:
    fixes = [each.fix for each in diagnose(tmp_path, before, 'leaked-delete')]
    if after is None:
        assert fixes == [None]
        return
    (fix,) = fixes
    assert fix is not None and fix.applicability is Applicability.SAFE
    (edit,) = fix.edits
    assert before[: edit.span.start] + edit.content + before[edit.span.end :] == after


@pytest.mark.parametrize(
    ('rule', 'files', 'said'),
    [
        ('reserved-name', 'filename = 1\nmodel = dict(text=1)\n', [('filename', 'filename')]),
        ('reserved-name', {'base.py': 'text = 1\n', 'config.py': "_base_ = 'base.py'\n"}, [('text', 'text')]),
        ('method-as-name', 'items = 1\nx = dict(keys=1)\n', [('items', 'items')]),
        ('second-base', "_base_ = []\n_base_ = 'x.py'\n", [('_base_', "_base_ = 'x.py'")]),
        ('unrecognised-base', "q = _base_ = 'x.py'\n", [('_base_', '_base_')]),
        ('unrecognised-base', '_base_: list\n', []),
        ('nested-base', "x = {'_base_': 'y.py'}\n_base_ = []\n", [('x._base_', "'_base_'")]),
        ('nested-base', {'config.yaml': 'x:\n  _base_: y.yaml\n'}, [('x._base_', '_base_')]),
        ('nested-base', {'base.py': 'x = dict(\n  y=1)\n', 'config.py': "_base_ = 'base.py'\ny = _base_.x\n"}, []),
        ('misplaced-base-variable', {'base.py': 'x = 1\n', 'config.py': "_base_ = 'base.py'\na = '{{_base_.x}}'\n"}, [(None, "'{{_base_.x}}'")]),
        ('misplaced-base-variable', {'base.py': 'x = 1\n', 'config.py': "_base_ = 'base.py'\na = {{_base_.x}}\nb = [{{_base_.x}}, dict(c=({{_base_.x}}, ))]\n"}, []),
        ('misplaced-base-variable', {'base.py': 'x = 1\n', 'config.py': "_base_ = 'base.py'\na = {{{_base_.x}}: 1}\nb = 1 if {{ _base_.x }} else 2\n"}, [(None, '{{_base_.x}}'), (None, '{{ _base_.x }}')]),
        ('misplaced-base-variable', {'base.py': 'x = 1\n', 'config.py': "_base_ = 'base.py'\na = {{_base_.x}} + 'y'\n"}, [(None, '{{_base_.x}}')]),
        ('misplaced-base-variable', {'base.py': 'x = 1\n', 'config.yaml': '_base_: base.py\na: y{{_base_.x}}\nb: {{_base_.x}}\n'}, [(None, 'y{{_base_.x}}')]),
        ('unreplaced-placeholder', "a = '{{$X}}'\nb = '{{$X:y}}'\nc = '{{fileBasename}}{{ fileBaseName }}'\n", [('a', "'{{$X}}'"), ('c', "'{{fileBasename}}{{ fileBaseName }}'")]),
        ('unreplaced-placeholder', 'a = 1  # {{$X}}\n', []),
        ('unreplaced-placeholder', "a = '{{$X:a b}}{{$X:a+b}}'\nb = f'{{x}}'\n", [('a', "'{{$X:a b}}{{$X:a+b}}'")]),
        ('unreplaced-placeholder', "from mmdet.x import y\na = '{{ fileBasename }}'\nb = f'{{x}}'\n", [('a', "'{{ fileBasename }}'")]),
        ('text-style-key', "from mmdet.x import y\ncustom_imports = dict(imports=['z'])\n", [('custom_imports', 'custom_imports')]),
        ('text-style-key', "custom_imports = dict(imports=['z'])\n", []),
        ('invalid-custom-imports', "custom_imports = ['x']\n", [('custom_imports', "['x']")]),
        ('invalid-custom-imports', "custom_imports = dict(import_=['x'])\n", [('custom_imports', 'custom_imports'), ('custom_imports.import_', 'import_')]),
        ('invalid-custom-imports', "custom_imports = dict(imports=('x',))\n", [('custom_imports.imports', "('x',)")]),
        ('invalid-custom-imports', "custom_imports = dict(imports=['a.b', 1, '.x', 'y.py'])\n", [('custom_imports.imports.1', '1'), ('custom_imports.imports.2', "'.x'"), ('custom_imports.imports.3', "'y.py'")]),
        ('invalid-custom-imports', "custom_imports = dict(imports='a.b', allow_failed_imports=True)\n", []),
        ('invalid-custom-imports', 'custom_imports = None\n', []),
        ('trailing-comma-tuple', 'a = [1],\nb = (dict(),)\nc = 1,\nd = dict(), dict(),\n', [('a', 'a')]),
        ('lost-assignment', 'a = 1\nb = a\na = 2\n', []),
        ('lost-assignment', 'a = [1]\na = a + [2]\n', []),
        ('lost-assignment', 'a = 1\nif True:\n    a = 2\na = 3\n', []),
        ('lost-assignment', 'def f():\n    return a\na = 1\na = 2\n', [('a', 'a')]),
        ('lost-assignment', 'a = dict(x=1)\na.update(y=2)\na = 3\n', []),
        ('lost-assignment', 'a = dict(x=1)\na = None\n', []),
        ('lost-assignment', 'a = None\na = dict(x=1)\n', []),
        ('lost-assignment', 'for i in range(3):\n    a = i\na = 3\n', []),
        ('interpreter-dependent-style', 'import os\n_base_ = []\n', [(None, 'import os')]),
        ('interpreter-dependent-style', '_base_ = []\nimport os\n', []),
        ('interpreter-dependent-style', 'import sys\n', []),
        ('interpreter-dependent-call', 'import math\nfrom mmdet.x import y\na = math.pi\nb = [math.sqrt(2)]\n', [('b', 'math.sqrt(2)')]),
    ],
)  # fmt: skip
def test_places(rule: str, files: Files | str, said: list[tuple[str | None, str]], tmp_path: Path) -> None:
    assert sorted(says(tmp_path, files, rule), key=str) == sorted(said, key=str)


@pytest.mark.parametrize(
    ('text', 'keys'),
    [
        ('class A:\n    pass\n', ['A']),
        ('a = int\n', ['a']),
        ('class A:\n    pass\ndel A\n', []),
        ('def f():\n    pass\nimport os\n', []),
        ('a = [lambda: 1, dict(x=len)]\n', ['a.0', 'a.1.x']),
        ('a = list(range(3))\nb = {1, 2}\nc = None\n', []),
        (
            'from mmdet.x import Y\nimport sys\nimport sys as s\nfrom math import pi\nimport torch\na = dict(type=Y)\ndef f():\n    pass\n',
            ['sys', 'f'],
        ),
    ],
)
def test_unprintable_values_are_what_a_run_cannot_print(text: str, keys: list[str], tmp_path: Path) -> None:
    from mmengine.config.config import Config, ConfigDict

    found = diagnose(tmp_path, complete(text), 'unprintable-value')
    assert [each.key for each in found] == keys
    mmengine(tmp_path / 'config.py')  # tells MMEngine which modules are of the standard library
    config = Config.fromfile(tmp_path / 'config.py', import_custom_modules=False)
    ConfigDict.lazy = True
    try:
        if keys:
            with pytest.raises(SyntaxError):
                assert config.pretty_text
        else:
            assert config.pretty_text
    finally:
        ConfigDict.lazy = False


@pytest.mark.parametrize('key', ['class', 'lambda', "it's", 'None', 'match', 'a-b', 'class-b'])
def test_unprintable_keys_are_what_a_run_cannot_print(key: str, tmp_path: Path) -> None:
    from mmengine.config import Config

    found = diagnose(tmp_path, complete(f'weights = {{{key!r}: 1}}\n'), 'unprintable-key')
    config = Config.fromfile(tmp_path / 'config.py')
    try:
        assert config.pretty_text
        assert not found
    except SyntaxError:
        assert [each.key for each in found] == [f'weights.{key}']


def test_a_defect_of_a_base_is_told_once(tmp_path: Path) -> None:
    write(tmp_path, {'base.py': 'a = dict(),\nx = 1\nx = 2\n', 'config.py': ''})
    for name in ('one.py', 'two.py'):
        (tmp_path / name).write_text("_base_ = 'base.py'\n")
    paths = [str(tmp_path / name) for name in ('one.py', 'two.py')]
    result = check(paths, family('language'))
    assert [(each.rule, Path(each.path).name) for each in result.diagnostics] == [
        ('trailing-comma-tuple', 'base.py'),
        ('lost-assignment', 'base.py'),
    ]


NAMED = 'train_pipeline = []\ndata_root = 1\n'


@pytest.mark.parametrize(('files', 'rule', 'hint'), [
    ({'base.py': NAMED, 'config.py': "_base_ = 'base.py'\na = _base_.train_pipline\n"}, 'failing-expression', 'for `train_pipline`, write `train_pipeline`'),
    ({'base.py': NAMED, 'config.py': "_base_ = 'base.py'\na = {{_base_.dataroot}}\n"}, 'undefined-base-variable', 'write `data_root`'),
    ({'base.py': NAMED, 'config.py': 'from mmengine.config import read_base\n\nwith read_base():\n    from .base import dataroot\n'},
     'undefined-base-variable', 'write `data_root`'),
    ({'x/base.py': NAMED, 'config.py': "_base_ = 'x\\\\base.py'\n"}, 'missing-base', """write `'x/base.py'`"""),
    ({'_base_/x/base.py': NAMED, 'config.py': "_base_ = 'x/base.py'\n"}, 'missing-base', """write `'_base_/x/base.py'`"""),
    ({'x/base.py': NAMED, 'config.py': "_base_ = 'x/nothing.py'\n"}, 'missing-base', 'does not exist (MMEngine raises FileNotFoundError: No such file or directory)'),
])  # fmt: skip
def test_a_name_that_is_nearly_right_is_suggested(files: Files, rule: str, hint: str, tmp_path: Path) -> None:
    (said,) = diagnose(tmp_path, files, rule)
    assert in_a_line(said).endswith(hint)


def test_a_base_of_another_folder_is_suggested(tmp_path: Path) -> None:
    write(
        tmp_path,
        {'_base_/x/base.py': NAMED, 'deep/er/config.py': "_base_ = '_base_/x/base.py'\n"},
    )
    (said,) = check([str(tmp_path / 'deep' / 'er' / 'config.py')], READER).diagnostics
    assert said.advice == Advice('write', "'../../_base_/x/base.py'")


def test_a_missing_base_of_pure_python_is_suggested_as_an_import_and_never_the_file_itself(tmp_path: Path) -> None:
    imported = 'from mmengine.config import read_base\n\nwith read_base():\n    '
    gone = 'from .bench_gen_0283c3 import dataroot as root'
    path = write(tmp_path, {'config.py': '', 'bench_gen_f990de.py': NAMED, 'bench_gen.py': imported + gone})
    path = path.with_name('bench_gen.py')
    (said,) = check([str(path)], READER).diagnostics
    assert said.advice is not None and said.advice.code == 'from .bench_gen_f990de import dataroot as root'
    assert said.consequence == 'raises ConfigParsingError'
    path.write_text(imported + said.advice.code.replace('dataroot', 'data_root'))
    assert mmengine(path)['root'] == 1


def test_a_name_that_is_not_defined_is_told_where_it_is_first_read(tmp_path: Path) -> None:
    found = diagnose(tmp_path, 'a = dict(b=root + "x", c=kind)\nd = root + "y"\ne = [kind, root]\n', 'undefined-name')
    assert [each.message for each in found] == ['name `root` is not defined', 'name `kind` is not defined']
