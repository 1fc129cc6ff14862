from pathlib import Path

from typer.testing import CliRunner, Result

from cfglint.cli.app import make_app

CONFIG = "optimizer = dict(type='SGD', lr=0.1)\nmodel = dict(type='RPN')\n"
QUESTION = "lr_config = dict(policy='inv', gamma=0.1)\n"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(make_app(), ['migrate', *map(str, arguments)])


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text(CONFIG)
    result = run(tmp_path)
    assert result.exit_code == 0
    assert 'a.py: migrated\n1 of 1 files migrated, 0 open questions\n' in result.output
    assert (tmp_path / 'a.py').read_text() == CONFIG


def test_in_place(tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text(CONFIG)
    assert run(tmp_path, '--write').exit_code == 0
    assert (tmp_path / 'a.py').read_text().startswith('optim_wrapper = dict(')


def test_a_diff(tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text(CONFIG)
    assert "-optimizer = dict(type='SGD', lr=0.1)\n" in run(tmp_path, '--diff').output


def test_another_folder_keeps_the_places_and_the_bases(tmp_path: Path) -> None:
    (tmp_path / '_base_').mkdir()
    (tmp_path / 'x').mkdir()
    (tmp_path / '_base_' / 'base.py').write_text(CONFIG)
    (tmp_path / 'x' / 'a.py').write_text(
        "_base_ = '../_base_/base.py'\nrunner = dict(type='EpochBasedRunner', max_epochs=1)\n"
    )
    assert run(tmp_path / 'x' / 'a.py', '--output', tmp_path / 'out').exit_code == 0
    assert (tmp_path / 'out' / '_base_' / 'base.py').is_file()
    assert 'train_cfg' in (tmp_path / 'out' / 'x' / 'a.py').read_text()


def test_open_questions_make_the_exit_code_1(tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text(CONFIG + QUESTION)
    result = run(tmp_path)
    assert result.exit_code == 1
    assert '1 open question\n  lr_config: MMEngine has no scheduler for the policy `Inv`' in result.output


def test_one_way_to_write(tmp_path: Path) -> None:
    assert run(tmp_path, '--write', '--diff').exit_code == 2


def test_an_unknown_target(tmp_path: Path) -> None:
    assert run(tmp_path, '--target', 'torch==2.0').exit_code == 2


def test_show_prints_what_a_config_becomes(tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text(CONFIG)
    result = CliRunner().invoke(make_app(), ['show', '--as', '1.x', str(tmp_path / 'a.py')])
    assert result.exit_code == 0
    assert 'optim_wrapper = dict(' in result.output
