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


def test_modules_beside_the_configs_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text(CONFIG)
    (tmp_path / 'heads.py').write_text(
        'from mmdet.models import HEADS\n\n\n@HEADS.register_module()\nclass Own:\n    pass\n'
    )
    assert 'heads.py' not in run(tmp_path).output
    assert '1 of 1 files migrated, 0 open questions, passed over 1 file that is no config\n' in run(tmp_path).output
    assert 'heads.py: not migrated' in run(tmp_path / 'heads.py').output


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


def test_values_that_only_running_would_tell_are_kept_as_they_are_written(tmp_path: Path) -> None:
    optimizer = "optimizer = dict(type='SGD', lr=0.1, closure=lambda x: x, seed=__import__('os').getpid())\n"
    (tmp_path / 'a.py').write_text(
        f"model = dict(type='RPN')\n{optimizer}lr_config = dict(policy=__import__('os').getcwd)\n"
    )
    output = run(tmp_path, '--diff').output
    assert "closure=lambda x: x, seed=__import__('os').getpid()))" in output
    assert '# TODO(cfglint): without a `policy` its curve is not known' in output
    assert '1 of 1 files migrated, 1 open question' in output


def test_one_way_to_write(tmp_path: Path) -> None:
    assert run(tmp_path, '--write', '--diff').exit_code == 2


def test_the_library_to_migrate_to_is_the_one_whose_types_configs_have(tmp_path: Path) -> None:
    (tmp_path / 'requirements.txt').write_text('mmcv-full\n')
    pipeline = (
        "[dict(type='LoadPointsFromFile', coord_type='LIDAR'), dict(type='ObjectRangeFilter', point_cloud_range=[0])]"
    )
    text = f"model = dict(type='VoxelNet')\ndata = dict(train=dict(type='OwnDrives', pipeline={pipeline}))\n"
    (tmp_path / 'config.py').write_text(text)
    (tmp_path / 'base.py').write_text('dist_params = dict(backend="nccl")\n')
    refused = run(tmp_path)
    assert refused.exit_code == 2 and '`--target mmdet3d==' in refused.output


def test_a_project_for_0_x_needs_a_target(tmp_path: Path) -> None:
    (tmp_path / 'pyproject.toml').write_text("[project]\nname = 'x'\ndependencies = ['mmdet<3']\n")
    (tmp_path / 'a.py').write_text(CONFIG)
    refused = run(tmp_path)
    assert refused.exit_code == 2
    assert 'pyproject.toml:3 requires mmdet<3: name the release to migrate to' in refused.output
    assert run(tmp_path, '--target', 'mmdet==3.3.0').exit_code == 0


def test_an_unknown_target(tmp_path: Path) -> None:
    assert run(tmp_path, '--target', 'torch==2.0').exit_code == 2


def test_show_prints_what_a_config_becomes(tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text(CONFIG)
    result = CliRunner().invoke(make_app(), ['show', '--as', '1.x', str(tmp_path / 'a.py')])
    assert result.exit_code == 0
    assert 'optim_wrapper = dict(' in result.output


def test_twice_changes_nothing_the_second_time(tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text(CONFIG + QUESTION)
    (tmp_path / 'base.py').write_text(QUESTION)
    run(tmp_path, '--write')
    once = {path.name: path.read_text() for path in tmp_path.iterdir()}
    again = run(tmp_path, '--write')
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == once
    assert again.exit_code == 1 and 'MMEngine has no scheduler for the policy `Inv`' in again.output


def test_mode_and_line_ends_stay(tmp_path: Path) -> None:
    path = tmp_path / 'a.py'
    path.write_bytes(CONFIG.replace('\n', '  # why\r\n').encode())
    path.chmod(0o755)
    assert run(tmp_path, '--write').exit_code == 0
    text = path.read_bytes()
    assert text.count(b'\n') == text.count(b'\r\n') > 2 and b'# why' in text and b'\r\r' not in text
    assert path.stat().st_mode & 0o777 == 0o755


def test_a_base_that_was_not_given_is_not_changed(tmp_path: Path) -> None:
    (tmp_path / 'base.py').write_text(CONFIG)
    (tmp_path / 'a.py').write_text("_base_ = './base.py'\noptimizer = dict(lr=0.2)\n")
    result = run(tmp_path / 'a.py', '--write')
    assert result.exit_code == 2 and 'base.py` would change too' in result.output
    assert (tmp_path / 'base.py').read_text() == CONFIG


def test_a_link_out_of_the_tree_is_refused(tmp_path: Path) -> None:
    (tmp_path / 'tree').mkdir()
    (tmp_path / 'a.py').write_text(CONFIG)
    (tmp_path / 'tree' / 'a.py').symlink_to(tmp_path / 'a.py')
    (tmp_path / 'tree' / 'b.py').write_text(CONFIG)
    result = run(tmp_path / 'tree', '--write')
    assert result.exit_code == 2 and 'is a link out of the folders' in result.output
    assert (tmp_path / 'tree' / 'b.py').read_text() == CONFIG == (tmp_path / 'a.py').read_text()


def test_what_is_there_already_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / 'a').mkdir()
    (tmp_path / 'a' / 'a.py').write_text(CONFIG)
    (tmp_path / 'a' / 'b.py').write_text(CONFIG)
    (tmp_path / 'out').mkdir()
    (tmp_path / 'out' / 'b.py').write_text('mine = 1\n')
    result = run(tmp_path / 'a', '--output', tmp_path / 'out')
    assert result.exit_code == 2 and 'is there already' in result.output
    assert [path.name for path in (tmp_path / 'out').iterdir()] == ['b.py']


def test_a_report(tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text(CONFIG + QUESTION + "workflow = [('train', 1)]\n")
    run(tmp_path / 'a.py', '--report', tmp_path / 'r.md')
    text = (tmp_path / 'r.md').read_text()
    assert '| `optimizer` | `optim_wrapper` |\n' in text and '| `workflow` | removed |\n' in text
    assert '- [ ] `lr_config`: MMEngine has no scheduler for the policy `Inv`' in text
    run(tmp_path / 'a.py', '--report', tmp_path / 'r.html')
    assert '<tr><td><code>optimizer</code><td><code>optim_wrapper</code>\n' in (tmp_path / 'r.html').read_text()
    assert run(tmp_path / 'a.py', '--report', tmp_path / 'r.txt').exit_code == 2


def test_what_is_to_be_done_beside_the_configs_is_said_once(tmp_path: Path) -> None:
    for name in ('a', 'b'):
        (tmp_path / f'{name}.py').write_text(
            "data = dict(train=dict(type='KittiDataset'))\nrunner = dict(max_epochs=1)\n"
        )
    assert run(tmp_path).output.count('update_infos_to_v2.py') == 1
