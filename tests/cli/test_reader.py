"""Common command lines of `check` are read without Typer, and mean the same as with it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfglint.cli.app import make_app
from cfglint.cli.options import CHECK_OPTIONS, CheckOptions
from cfglint.cli.reader import read
from tests.cli.conftest import environment

WORDS = ['a.py', 'configs', '骨干.py', '\udcff.py', '-', '--', 'error', 'json', 'a,b', '', 'x=1', 'mmdet==3.3.0']
NAMES = [name for option in CHECK_OPTIONS for name in (option.name, option.short) if name]
ODD = ['--nope', '-h', '--help', '-qv', '--fail', '--fix=1', '-q=1']
COMMAND_LINES = st.lists(
    st.one_of(
        st.sampled_from(WORDS + NAMES + ODD),
        st.builds('{}={}'.format, st.sampled_from(NAMES), st.sampled_from(WORDS)),
    ),
    max_size=8,
)


def by_typer(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> CheckOptions | None:
    """Return what Typer reads, None if it refuses the command line or prints the help."""
    seen: list[CheckOptions] = []
    monkeypatch.setattr('cfglint.cli.run_check.check_as_told', lambda options: seen.append(options) or 0)
    with contextlib.suppress(SystemExit):
        make_app('check')(['check', *arguments], prog_name='cfglint')
    return seen[0] if seen else None


@given(COMMAND_LINES)
def test_reader_agrees_with_typer(arguments: list[str]) -> None:
    ours = read(arguments)
    if ours is not None:
        with pytest.MonkeyPatch.context() as patch:
            assert ours == by_typer(arguments, patch)


def test_every_option_is_read() -> None:
    given = [
        '--select',
        'schema,code',
        '--ignore=advice',
        '--fail-on',
        'error',
        '--output-format',
        'json',
        '--output-format',
        'sarif:a.sarif',
    ]
    flags = ['--statistics', '--fix', '--unsafe-fixes', '--diff', '--force-exclude', '--isolated', '--no-cache']
    more = ['--target', 'mmdet==3.3.0', '--exclude', 'a', '--exclude', 'b', '--config', 'x.toml', '--color', 'never']
    assert read(['骨干.py', *given, *flags, '-q', *more, '-v', '--', '-x.py']) == CheckOptions(
        paths=('骨干.py', '-x.py'), select=('schema', 'code'), ignore=('advice',), fail_on='error', output_formats=('json', 'sarif:a.sarif'),
        statistics=True, fix=True, unsafe_fixes=True, diff=True, targets=('mmdet==3.3.0',), exclude=('a', 'b'),
        force_exclude=True, config='x.toml', isolated=True, cache=False, color='never', quiet=True, verbose=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    'arguments', [['-h'], ['--nope'], ['--fail-on', 'maybe'], ['--config'], ['--config', '--fix'], ['-qv']]
)
def test_what_is_not_plain_is_left_to_typer(arguments: list[str]) -> None:
    assert read(arguments) is None


def test_the_environment_counts_where_the_option_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('CFGLINT_OUTPUT_FORMAT', 'json')
    assert read([]) == CheckOptions(output_formats=('json',))
    assert read(['--output-format', 'full']) == CheckOptions(output_formats=('full',))
    monkeypatch.setenv('CFGLINT_OUTPUT_FORMAT', 'github sarif:a.sarif')
    assert read([]) == CheckOptions(output_formats=('github', 'sarif:a.sarif'))


SLOW = {
    'typer', 'pydantic', 'dataclasses', 'inspect', 'pathlib', 'pickle', 'subprocess', 'tokenize', 'traceback', 'hashlib',
    'difflib', 'glob',
}  # fmt: skip


def test_a_plain_check_imports_nothing_slow(tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text("default_scope = 'mmengine'\n")
    code = (
        f'import sys; from cfglint.cli.reader import read; from cfglint.cli.run_check import check_as_told; '
        f'check_as_told(read(["a.py", "-q", "--isolated", "--no-cache"])); print(sorted({SLOW!r} & set(sys.modules)))'
    )
    ran = subprocess.run(
        [sys.executable, '-c', code], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
    )
    assert ran.stdout == '[]\n'
