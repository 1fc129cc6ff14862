"""Where the rules about a run must keep silent, and where they point when a config inherits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cfglint.diagnostics import Diagnostic, Severity
from tests.kit import repo
from tests.kit.complete import complete, examples
from tests.rules.consistency.topics import RULES

if TYPE_CHECKING:
    from cfglint.rules.declaration import Rule

WHOLE = 'train_cfg = dict(by_epoch=True, max_epochs=4)\n'
ITERATIONS = """
train_cfg = dict(by_epoch=False, max_iters=40)
log_processor = dict(by_epoch=False)
default_hooks = dict(
    logger=dict(type='LoggerHook', interval=5, log_metric_by_epoch=False),
    checkpoint=dict(type='CheckpointHook', by_epoch=False, interval=20))
"""


def diagnose(folder: Path, text: str, **bases: str) -> list[Diagnostic]:
    """Return what the rules about a run say of a config with some bases; one without is completed."""
    files = {f'{name}.py': base for name, base in bases.items()}
    return repo.diagnose(folder, {**files, 'config.py': text if bases else complete(text)}, 'config.py', rules=RULES)


def warned(found: list[Diagnostic]) -> list[tuple[str, str | None]]:
    return [(each.rule, each.key) for each in found if each.severity >= Severity.WARNING]


@pytest.mark.parametrize(
    'text',
    [
        WHOLE,
        ITERATIONS,
        # What a refused loop counts, no one knows: without `by_epoch`, MMEngine does not take `max_epochs`.
        "train_cfg = dict(max_epochs=8)\nparam_scheduler = dict(type='PolyLR', end=8)\n",
        # What a custom loop counts, only its class knows.
        "train_cfg = dict(type='MyLoop', max_iters=8)\nparam_scheduler = dict(type='PolyLR', end=9000)\n",
        "train_cfg = dict(type='mmagic.MultiLoop', max_epochs=2, val_begin=9)\n",
        # A warm-up in iterations beside a schedule in epochs, with a plateau between them.
        WHOLE + "param_scheduler = [dict(type='LinearLR', by_epoch=False, end=300),\n"
        "    dict(type='CosineAnnealingLR', begin=2, end=4, T_max=2, convert_to_iter_based=True)]\n",
        # An epoch-based scheduler that is converted steps in iterations.
        ITERATIONS + "param_scheduler = dict(type='CosineAnnealingLR', T_max=3, end=3, convert_to_iter_based=True)\n",
        # A cycle: up to the peak, then down.
        WHOLE + "param_scheduler = [dict(type='CosineAnnealingLR', T_max=2, end=2, eta_min=10.),\n"
        "    dict(type='CosineAnnealingLR', T_max=2, begin=2, end=4, eta_min=1e-5)]\n",
        # Custom schedulers may do what follows.
        WHOLE + "param_scheduler = [dict(type='CosineAnnealingLR', T_max=2, end=2), dict(type='MyTail')]\n",
        # ConstantLR says that the value shall stand still.
        WHOLE + "param_scheduler = [dict(type='CosineAnnealingLR', T_max=2, end=2),\n"
        "    dict(type='ConstantLR', factor=1, begin=2, end=4)]\n",
        # Each of several optimizers has its own schedulers.
        "optim_wrapper = dict(constructor='MultiOptimWrapperConstructor', a=dict(optimizer=dict(type='SGD', lr=1)))\n"
        "param_scheduler = dict(a=[dict(type='StepLR', step_size=1, end=2)])\n",
        # Loops of libraries take several dataloaders and evaluators.
        "val_dataloader = [dict(batch_size=1, dataset=dict(type='ToyDataset'))]\nval_cfg = dict(type='MultiValLoop')\n"
        "val_evaluator = [dict(type='ToyMetric', prefix='a')]\n"
        "default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1, save_best='b/acc'))\n",
        # Nothing is known of what only code can tell.
        "import os\nlength = len(os.listdir('.'))\ntrain_cfg = dict(by_epoch=True, max_epochs=length, val_begin=9)\n"
        "param_scheduler = dict(type='PolyLR', begin=length, end=900)\n",
        # A metric of unknown class may publish anything.
        WHOLE + "default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1, save_best='acc'))\n",
        "data_preprocessor = dict(type='A')\nif input():\n    data_preprocessor = None\n"
        "model = dict(type='ToyModel', data_preprocessor=None)\n",
        # `vis_backends` is a helper variable.
        "vis_backends = [dict(type='LocalVisBackend')]\n"
        "visualizer = dict(type='Visualizer', vis_backends=vis_backends)\n",
        # An epoch that is cut has an end.
        WHOLE + "train_dataloader = dict(batch_size=1, num_batch_per_epoch=4, dataset=dict(type='ToyDataset'),\n"
        "    sampler=dict(type='InfiniteSampler'))\n",
    ],
)
def test_keeps_silent(text: str, tmp_path: Path) -> None:
    assert warned(diagnose(tmp_path, text)) == []


def test_config_without_its_base_is_not_judged(tmp_path: Path) -> None:
    text = "_base_ = 'mmnothing::a/b.py'\ntrain_cfg = dict(by_epoch=False, max_iters=8)\nval_evaluator = None\n"
    assert diagnose(tmp_path, text, other='') == []


def test_0x_keys_explain_what_is_missing(tmp_path: Path) -> None:
    whole = complete('data = dict(samples_per_gpu=2)\ntrain_dataloader = None\n')
    assert warned(diagnose(tmp_path, whole.replace('train_dataloader = None\n', ''), other='')) == []


OPTIMIZER = "optimizer = dict(type='SGD', lr=0.1)\noptim_wrapper = None\n"
TRAINING = "train_cfg = dict(by_epoch=True, max_epochs=1)\noptim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))\n"


@pytest.mark.parametrize(
    ('text', 'key'),
    [
        # Who writes None knows what MMEngine reads: no key of 0.x is the reason.
        (OPTIMIZER, 'optim_wrapper'),
        # Other files may add the data to a model with its schedule, but not where it says that there are none.
        ("model = dict(type='ToyModel')\ntrain_dataloader = None\n" + TRAINING, 'train_dataloader'),
    ],
)
def test_none_is_reported_where_it_is_written(text: str, key: str, tmp_path: Path) -> None:
    config = complete(text) if text is OPTIMIZER else text
    assert warned(diagnose(tmp_path, config, other='')) == [('incomplete-section-group', key)]


@pytest.mark.parametrize(
    ('scheduler', 'key'),
    [
        ("dict(type='CosineAnnealingLR', by_epoch=False, T_max=4)", 'T_max'),
        ("dict(type='StepLR', by_epoch=False, step_size=3)", 'step_size'),
        ("dict(type='ConstantLR', by_epoch=False, factor=0.1, begin=2, end=4)", 'end'),
    ],
)
def test_epochs_in_a_scheduler_of_iterations(scheduler: str, key: str, tmp_path: Path) -> None:
    found = warned(diagnose(tmp_path, f'{WHOLE}param_scheduler = [{scheduler}]\n'))
    assert found == [('epoch-numbers-in-iter-scheduler', f'param_scheduler.0.{key}')]


@pytest.mark.parametrize(
    ('decay', 'key'),
    [
        ("type='CosineAnnealingLR', by_epoch=False, begin=2", 'param_scheduler.1.begin'),
        ("type='CosineAnnealingLR', T_max=2, begin=2, end=4", None),
    ],
)
def test_a_scheduler_takes_over_in_the_same_unit(decay: str, key: str | None, tmp_path: Path) -> None:
    text = f"{WHOLE}param_scheduler = [dict(type='LinearLR', start_factor=0.1, end=2), dict({decay})]\n"
    assert warned(diagnose(tmp_path, text)) == ([] if key is None else [('epoch-numbers-in-iter-scheduler', key)])


@pytest.mark.parametrize(
    ('scheduler', 'key'),
    [
        ("type='mmseg.PolyLRRatio', end=40", 'param_scheduler.0'),
        ("type='mmseg.PolyLRRatio', end=40, by_epoch=True", 'param_scheduler.0.by_epoch'),
        ("type='mmseg.PolyLRRatio', end=40, by_epoch=False", None),
        ("type='MyScheduler', end=40", None),
    ],
)
def test_schedulers_of_libraries_count_epochs_too(scheduler: str, key: str | None, tmp_path: Path) -> None:
    found = warned(diagnose(tmp_path, f'{ITERATIONS}param_scheduler = [dict({scheduler})]\n'))
    assert found == ([] if key is None else [('epoch-scheduler-in-iter-loop', key)])


def test_a_scheduler_that_holds_in_the_wrong_unit_is_one_defect(tmp_path: Path) -> None:
    text = (
        f"{WHOLE}param_scheduler = [dict(type='CosineAnnealingLR', T_max=3, end=3),\n"
        "    dict(type='ConstantLR', factor=0.1, by_epoch=False, begin=3, end=4)]\n"
    )
    assert warned(diagnose(tmp_path, text)) == [('epoch-numbers-in-iter-scheduler', 'param_scheduler.1.end')]


@pytest.mark.parametrize(
    'scheduler',
    [
        "dict(type='CosineAnnealingLR', by_epoch=False)",  # MMEngine fills in its length, in iterations
        "dict(type='StepLR', by_epoch=False, step_size=1, gamma=0.999)",
        "dict(type='LinearLR', by_epoch=False, end=2), dict(type='CosineAnnealingLR', by_epoch=False, begin=2)",
    ],
)
def test_schedulers_may_count_iterations(scheduler: str, tmp_path: Path) -> None:
    assert warned(diagnose(tmp_path, f'{WHOLE}param_scheduler = [{scheduler}]\n')) == []


def test_a_model_with_its_schedule_lacks_nothing(tmp_path: Path) -> None:
    assert warned(diagnose(tmp_path, "model = dict(type='ToyModel')\n" + TRAINING, other='')) == []


def test_points_to_the_child_that_changes_the_loop(tmp_path: Path) -> None:
    base = complete("default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1))\n")
    child = (
        "_base_ = 'base.py'\nlog_processor = dict(by_epoch=False)\nval_evaluator = dict()\n"
        'train_cfg = dict(_delete_=True, by_epoch=False, max_iters=400)\n'
    )
    found = [each for each in diagnose(tmp_path, child, base=base) if each.rule == 'epoch-checkpoint-in-iter-loop']
    assert [(Path(each.path).name, each.key) for each in found] == [('config.py', 'default_hooks.checkpoint')]
    assert found[0].span is not None and found[0].span.path.endswith('config.py')


def test_points_to_where_bases_come_together(tmp_path: Path) -> None:
    text = "_base_ = ['loop.py', 'rest.py']\nparam_scheduler = []\n"
    loop = 'train_cfg = dict(by_epoch=False, max_iters=8)\nlog_processor = dict(by_epoch=False)\n'
    found = diagnose(tmp_path, text, loop=loop, rest=complete(WHOLE).replace(WHOLE, ''))
    hooks = [each for each in found if each.rule == 'epoch-checkpoint-in-iter-loop']
    assert [(Path(each.path).name, each.key) for each in hooks] == [('config.py', 'default_hooks.checkpoint')]


def test_missing_loop_can_be_added(tmp_path: Path) -> None:
    found = diagnose(tmp_path, complete('val_cfg = None\n').replace('val_cfg = None\n', ''), other='')
    assert [each.key for each in found] == ['val_cfg'] and found[0].fix is not None


@pytest.mark.parametrize('rule', [rule for rule in RULES if rule.fixable], ids=lambda rule: rule.name)
def test_fix_leaves_nothing_to_report(rule: Rule, tmp_path: Path) -> None:
    text = complete(examples(rule.doc)['bad']['config.py'])
    if rule.name == 'incomplete-section-group':  # only a loop can be added
        text = complete('val_cfg = None\n').replace('val_cfg = None\n', '')
    for _ in range(3):
        found = repo.diagnose(tmp_path, text, rules=[rule])
        if not found:
            return
        fixes = [each.fix for each in found if each.fix is not None]
        assert fixes, found[0].message
        for edit in sorted(fixes[0].edits, reverse=True):
            text = text[: edit.span.start] + edit.content + text[edit.span.end :]
    raise AssertionError('the fix does not help')


@pytest.mark.parametrize(
    ('model', 'base', 'keys'),
    [
        ("dict(type='ToyModel', data_preprocessor=dict(type='A'))", '', []),
        ("dict(type='ToyModel', data_preprocessor=None)", '', []),
        ('dict(data_preprocessor=dict(std=[1]))', "model = dict(type='ToyModel', data_preprocessor=dict(type='A'))", ['data_preprocessor']),
    ],
)  # fmt: skip
def test_a_data_preprocessor_that_a_child_chooses(model: str, base: str, keys: list[str], tmp_path: Path) -> None:
    bases = {'data': "data_preprocessor = dict(type='B')\n", 'model': base + '\n'}
    text = f"_base_ = ['data.py', 'model.py']\nmodel = {model}\ntest_cfg = dict()\n"
    found = diagnose(tmp_path, text, **bases)
    assert [each.key for each in found if each.rule == 'ignored-data-preprocessor'] == keys


@pytest.mark.parametrize(
    ('best', 'severity', 'saved'),
    [
        ('', Severity.WARNING, 'the last checkpoint is'),
        (", save_best='auto'", Severity.INFO, 'the best and the last checkpoint are'),
    ],
)
def test_a_checkpoint_after_training_where_the_best_is_kept(
    tmp_path: Path, best: str, severity: Severity, saved: str
) -> None:
    text = f"""train_cfg = dict(by_epoch=True, max_epochs=1)
default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=5{best}))
"""
    found = [each for each in diagnose(tmp_path, text) if each.rule == 'checkpoint-after-training']
    assert [each.severity for each in found] == [severity]
    assert f'training has 1 epoch: only {saved} saved' in found[0].message
