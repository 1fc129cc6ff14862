"""The real MMEngine decides: it raises what a rule says, or goes wrong in silence; what is called good trains."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest
import torch

from tests.kit.complete import complete, examples
from tests.kit.oracle import build, train
from tests.rules.consistency.observations import SHORTER, SILENT
from tests.rules.consistency.recorder import Run
from tests.rules.consistency.topics import RULES

if TYPE_CHECKING:
    from pathlib import Path

    from cfglint.rules.declaration import Rule

RAISING = [rule for rule in RULES if rule.raises is not None]
pytestmark = pytest.mark.usefixtures('bare_mmengine')
TTA = ('incomplete-tta', 'tta-with-wrapped-dataset')


@pytest.fixture(scope='module', autouse=True)
def libraries() -> None:
    """Stand in for what examples name of libraries that are not installed."""
    from mmengine.hooks import Hook
    from mmengine.model import BaseTTAModel
    from mmengine.registry import HOOKS, METRICS, MODELS, Registry

    import tests.kit.toy

    pose = Registry('metric', parent=METRICS, scope='mmpose', locations=[])
    detection = Registry('hook', parent=HOOKS, scope='mmdet', locations=[])

    class PCKAccuracy(tests.kit.toy.ToyMetric):
        """A metric whose result is called as that of the real one."""

        default_prefix = None

        def compute_metrics(self, results: list[int]) -> dict[str, float]:
            return {'PCK': 0.5}

    class ToyTTAModel(BaseTTAModel):
        """Takes the first of the augmented predictions."""

        def merge_preds(self, data_samples_list: list[Any]) -> list[Any]:
            return [samples[0] for samples in data_samples_list]

    class PipelineSwitchHook(Hook):
        """When the pipeline is switched: mmdet/engine/hooks/pipeline_switch_hook.py"""

        def __init__(self, switch_epoch: int, switch_pipeline: list[Any]) -> None:
            self.switch_epoch = switch_epoch
            self.has_switched = False

        def before_train_epoch(self, runner: Any) -> None:
            self.has_switched |= runner.epoch >= self.switch_epoch

    pose.register_module(module=PCKAccuracy, force=True)
    detection.register_module(module=PipelineSwitchHook, force=True)
    MODELS.register_module(module=ToyTTAModel, force=True)


def written(rule: Rule, kind: str, folder: Path) -> Path:
    """Write an example as a whole config, in a folder whose name MMEngine's global registers do not know yet."""
    text = complete(examples(rule.doc)[kind]['config.py'])
    path = folder / f'{rule.name}-{kind}' / 'config.py'
    path.parent.mkdir()
    path.write_text(text.replace(*SHORTER.get(rule.name, ('\0', ''))), encoding='utf-8')
    return path


def run_to_end(rule: Rule, path: Path) -> bool:
    """Do with a config what its rule is about; tell whether it was done."""
    if rule.name in TTA:
        from mmengine import Config
        from mmengine.hooks.test_time_aug_hook import build_runner_with_tta

        config = Config.fromfile(str(path))
        config.update(work_dir=str(path.parent / 'work'), log_level='ERROR')
        return build_runner_with_tta(config).test_loop is not None
    if '\ntrain_cfg = None' in path.read_text():
        return bool(build(path, path.parent / 'work').test())
    return train(path, path.parent / 'work').iter > 0


def said_by(error: BaseException) -> str:
    """Return what an exception says, with its type and all that it came from."""
    words = f'{type(error).__name__}: {error}'
    cause = error.__cause__ or error.__context__
    return words if cause is None else f'{words}\n{said_by(cause)}'


@pytest.mark.parametrize('rule', RAISING, ids=lambda rule: rule.name)
def test_mmengine_raises(rule: Rule, tmp_path: Path) -> None:
    path = written(rule, 'bad', tmp_path)
    with pytest.raises(Exception) as raised:
        run_to_end(rule, path)
    assert rule.raises is not None and rule.raises in said_by(raised.value)


@pytest.mark.parametrize('rule', [rule for rule in RULES if rule.raises is None], ids=lambda rule: rule.name)
def test_mmengine_says_nothing(rule: Rule, tmp_path: Path) -> None:
    assert SILENT[rule.name](Run(written(rule, 'bad', tmp_path)))


@pytest.mark.parametrize('rule', RULES, ids=lambda rule: rule.name)
def test_good_example_runs(rule: Rule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiling = inspect.signature(torch.compile)
    monkeypatch.setattr(torch, 'compile', lambda function, **options: compiling.bind(function, **options) and function)
    assert run_to_end(rule, written(rule, 'good', tmp_path))


def test_every_silent_rule_is_observed() -> None:
    assert set(SILENT) == {rule.name for rule in RULES if rule.raises is None}
