"""What one accumulated iteration is, and what the report says about it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import torch
from mmengine.config import Config

from cfglint.smoke.report import as_json
from cfglint.smoke.results import Report, Result, Status
from cfglint.smoke.worker.probe import signature
from tests.smoke.conftest import run_batch

if TYPE_CHECKING:
    from collections.abc import Callable

GAN = """
model = dict(type='Gan'{model})
optim_wrapper = dict(
    constructor='OnePerPart',
    generator=dict(type='OptimWrapper', optimizer=dict(type='Adam', lr=0.01){generator}),
    discriminator=dict(type='OptimWrapper', optimizer=dict(type='Adam', lr=0.02){discriminator}))
"""
AMP = """
optim_wrapper = dict(type='AmpOptimWrapper', optimizer=dict(type='SGD', lr=0.1), {extra})
"""
CONFIGS = {
    'plain': '',
    **{f'accumulate_{count}': f"optim_wrapper['accumulative_counts'] = {count}\n" for count in (2, 4)},
    'gan': GAN.format(model='', generator='', discriminator=''),
    'gan_steps': GAN.format(model=', discriminator_steps=3', generator='', discriminator=', accumulative_counts=2'),
    'amp_bf16': AMP.format(extra="dtype='bfloat16'"),
    'amp_fp16': AMP.format(extra=''),
    'ema': "custom_hooks = [dict(type='EMAHook')]\n",
    'hooks': "custom_hooks = [dict(type='Counting'), dict(type='ProfilerHook')]\n",
    'collate': "train_dataloader['collate_fn'] = dict(type='halves')\n",
    'clip': "optim_wrapper['clip_grad'] = dict(max_norm=0.001)\n",
    'schedule': "param_scheduler = [dict(type='LinearLR', start_factor=0.5, by_epoch=False, begin=0, end=10)]\n",
    'iterations': 'train_cfg = dict(by_epoch=False, max_iters=500)\n',
    'short': "train_cfg = dict(by_epoch=False, max_iters=3)\noptim_wrapper['accumulative_counts'] = 4\n",
    'unused': "model['unused'] = True\n",
    'frozen': "model['frozen'] = True\n",
    'still': "optim_wrapper['optimizer'] = dict(type='SGD', lr=0.0)\n",
    'big_batch': "train_dataloader['batch_size'] = 16\n",
    'checkpoint': "load_from = 'https://weights.example.com/no.pth'\ndefault_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1))\n",
    'hand_loading': "model = dict(type='HandLoading')\n",
    'fragment': 'del model, train_dataloader, train_cfg, optim_wrapper\n',
    'testing': 'del train_dataloader, train_cfg, optim_wrapper\n',
}


@pytest.fixture(scope='module')
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    return run_batch(tmp_path_factory.mktemp('semantics'), CONFIGS)


def steps(result: Result, optimizer: int = 0) -> list[dict[str, Any]]:
    return list(result.details['optimizers'][optimizer]['steps'])


def changed(result: Result) -> dict[str, Any]:
    return {change['key']: change['new'] for change in result.details['changes']}


def hints(result: Result) -> set[str]:
    return {hint['kind'] for hint in result.details['hints']}


@pytest.mark.parametrize(('name', 'count'), [('plain', 1), ('accumulate_2', 2), ('accumulate_4', 4)])
def test_the_step_comes_after_the_configured_micro_batches(results: dict[str, Result], name: str, count: int) -> None:
    result = results[name]
    assert result.status is Status.OK, result.failure
    assert [step['micro_batch'] for step in steps(result)] == [count, 2 * count]
    assert [batch['stepped'] for batch in result.details['micro_batches'][:count]] == [[]] * (count - 1) + [
        ['optim_wrapper']
    ]
    assert steps(result)[0]['moved_before'] == []
    assert steps(result)[0]['moved'] == 6


def test_the_loss_of_a_micro_batch_is_divided(results: dict[str, Result]) -> None:
    first = results['accumulate_4'].details['micro_batches'][0]
    assert first['backward'][0][1] == pytest.approx(first['losses']['loss'] / 4)


def test_both_optimizers_of_a_gan_step(results: dict[str, Result]) -> None:
    result = results['gan']
    assert result.status is Status.OK, result.failure
    assert {optimizer['key'] for optimizer in result.details['optimizers']} == {
        'optim_wrapper.generator',
        'optim_wrapper.discriminator',
    }
    assert all(optimizer['steps'][0]['moved'] == 2 for optimizer in result.details['optimizers'])
    assert all(optimizer['trainable'] == 2 for optimizer in result.details['optimizers'])


def test_a_gan_runs_until_each_optimizer_has_stepped(results: dict[str, Result]) -> None:
    result = results['gan_steps']
    assert result.status is Status.OK, result.failure
    generator, discriminator = steps(result, 0), steps(result, 1)
    assert [step['micro_batch'] for step in generator] == [3, 6]
    assert [step['micro_batch'] for step in discriminator] == [2, 4, 6]


def test_bf16_is_emulated_on_a_cpu(results: dict[str, Result]) -> None:
    result = results['amp_bf16']
    assert result.status is Status.OK, result.failure
    assert changed(result)['optim_wrapper.type'] == 'mmengine.CpuAmpOptimWrapper'
    assert steps(result)[-1]['scale_before'] == 65536.0


def test_fp16_is_left_out_on_a_cpu_and_said_so(results: dict[str, Result]) -> None:
    result = results['amp_fp16']
    assert result.status is Status.OK, result.failure
    assert changed(result)['optim_wrapper.type'] == 'mmengine.OptimWrapper'
    assert steps(result)[0]['scale_before'] is None


@pytest.mark.parametrize('name', ['ema', 'hooks', 'collate', 'clip', 'iterations', 'checkpoint'])
def test_what_the_user_wrote_is_kept(results: dict[str, Result], name: str) -> None:
    assert results[name].status is Status.OK, results[name].failure


def test_hooks_that_write_are_left_out(results: dict[str, Result]) -> None:
    changes = changed(results['hooks'])
    assert changes['custom_hooks[1]'] == changes['default_hooks.checkpoint'] == '(silent)'
    assert 'custom_hooks[0]' not in changes
    assert changed(results['checkpoint'])['load_from'] is None


def test_weights_are_skipped_even_where_a_model_copies_them_itself(results: dict[str, Result]) -> None:
    result = results['hand_loading']
    assert result.status is Status.OK, result.failure
    assert result.details['skipped_weights'] == ['https://weights.example.com/classifier.pth']


def test_the_learning_rate_is_the_schedulers(results: dict[str, Result]) -> None:
    assert [step['lr'] for step in steps(results['schedule'])] == [[0.05], [pytest.approx(0.5 / 9)]]


def test_the_estimate_uses_the_configured_length(results: dict[str, Result]) -> None:
    assert results['iterations'].details['estimate']['iterations'] == 500
    assert results['plain'].details['estimate']['iterations'] == 96


def test_smaller_batches_than_the_real_ones_foretell_nothing(results: dict[str, Result]) -> None:
    assert results['big_batch'].status is Status.OK and results['big_batch'].details['estimate'] is None


def test_the_remainder_of_a_short_run_steps_early(results: dict[str, Result]) -> None:
    result = results['short']
    assert [step['micro_batch'] for step in steps(result)] == [3]
    assert 'accumulation' in hints(result)


def test_an_unused_parameter_is_a_hint(results: dict[str, Result]) -> None:
    result = results['unused']
    assert result.status is Status.OK
    assert steps(result)[-1]['no_gradient'] == ['unused.weight', 'unused.bias']
    assert 'unused parameters' in hints(result)
    assert hints(results['plain']) == set()


def test_frozen_parameters_are_counted(results: dict[str, Result]) -> None:
    result = results['frozen']
    assert result.details['parameters']['frozen'] == 2
    assert steps(result)[0]['moved'] == 4
    assert 'unused parameters' not in hints(result)


def test_a_step_that_moves_nothing_fails(results: dict[str, Result]) -> None:
    failure = results['still'].failure
    assert failure is not None
    assert (failure.stage, failure.key) == ('step', 'optim_wrapper')


def test_a_cpu_takes_a_small_batch_and_says_so(results: dict[str, Result]) -> None:
    assert changed(results['big_batch'])['train_dataloader.batch_size'] == 2


def test_what_cannot_train_is_skipped_with_a_reason(results: dict[str, Result]) -> None:
    assert results['fragment'].status is Status.UNFIT
    assert results['testing'].status is Status.UNFIT
    assert 'not a training config' in (results['testing'].reason or '')


@pytest.fixture(scope='module')
def dumps(tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[dict[str, torch.Tensor]]]:
    """The parameters after each micro-batch: four of 2 samples accumulated, and one of 8."""
    found = {}
    for count, size in ((4, 2), (1, 8)):
        folder = tmp_path_factory.mktemp(f'dump_{count}')
        text = f"""
optim_wrapper['accumulative_counts'] = {count}
train_dataloader['batch_size'] = {size}
custom_hooks = [dict(type='Dumping', path={str(folder / 'dump')!r})]
"""
        (result,) = run_batch(folder, {'config': text}, steps=1, batch_size=size, allow_writes=True).values()
        assert result.status is Status.OK, result.failure
        found[count] = [torch.load(folder / f'dump-{number}.pth') for number in range(count + 1)]
    return found


def test_parameters_are_bit_equal_until_the_last_micro_batch(dumps: dict[int, list[dict[str, torch.Tensor]]]) -> None:
    first, *between, last = dumps[4]
    for state in between:
        assert all(torch.equal(state[name], first[name]) for name in first)
    assert all(not torch.equal(last[name], first[name]) for name in first)


def test_micro_batches_add_up_to_one_large_batch(dumps: dict[int, list[dict[str, torch.Tensor]]]) -> None:
    for name, value in dumps[1][-1].items():
        torch.testing.assert_close(dumps[4][-1][name], value)
        assert not torch.equal(value, dumps[1][0][name])


def test_steps_that_the_loss_scaler_skips_are_no_failure_until_all_are(tmp_path: Path) -> None:
    configs = {'some': "model['factor'] = 8.0\n", 'all': "model['factor'] = 1e6\n"}
    results = run_batch(tmp_path, configs, amp=True, cfg_options=('optim_wrapper.dtype=float16',))
    some, all_of_them = results['some'], results['all']
    assert some.status is Status.OK, some.failure
    assert steps(some)[0]['skipped'] and steps(some)[0]['moved'] == 0 and steps(some)[0]['gradient_not_finite']
    assert not steps(some)[-1]['skipped'] and steps(some)[-1]['moved'] == 6
    assert 'skipped steps' in hints(some)
    assert all_of_them.failure is not None and all_of_them.failure.stage == 'backward'
    assert 'loss scaler skipped' in all_of_them.failure.message


def test_options_override_the_config(tmp_path: Path) -> None:
    options = {'accumulate': 3, 'batch_size': 5, 'cfg_options': ('optim_wrapper.optimizer.lr=0.5',), 'steps': 1}
    (result,) = run_batch(tmp_path, {'config': ''}, **options).values()
    assert [(step['micro_batch'], step['lr']) for step in steps(result)] == [(3, [0.5])]
    assert changed(result)['train_dataloader.batch_size'] == 5
    assert changed(result)['optim_wrapper.accumulative_counts'] == 3


def test_validation_runs_one_batch_and_the_evaluator(tmp_path: Path) -> None:
    text = """
val_dataloader = dict(train_dataloader, sampler=dict(type='DefaultSampler', shuffle=False))
val_cfg = dict()
val_evaluator = dict(type='RightShare')
test_dataloader, test_cfg, test_evaluator = val_dataloader, val_cfg, val_evaluator
"""
    with_val, without = (run_batch(tmp_path, {'config': text}, val=val)['config'] for val in (True, False))
    assert with_val.status is Status.OK, with_val.failure
    assert with_val.details['metrics']['toy/count'] == 2
    assert changed(without)['val_cfg'] is None and 'metrics' not in without.details


def test_a_loop_without_an_iteration_is_no_success(smoke: Callable[..., Result]) -> None:
    result = smoke('train_cfg = dict(by_epoch=True, max_epochs=0)\n')
    assert (result.status, result.failure and result.failure.key) == (Status.FAILED, 'train_cfg'), result
    assert result.failure is not None and 'the training loop ended without an iteration' in result.failure.message


def test_what_is_measured_follows_the_schema(results: dict[str, Result]) -> None:
    schema = json.loads(Path('schemas/output/smoke.json').read_text(encoding='utf-8'))
    found = json.loads(as_json.render(Report(tuple(results.values()))))
    jsonschema.validate(found, schema)
    for result in found['results']:
        assert result['details'].keys() <= schema['$defs']['Details']['properties'].keys()
    found['results'][0]['details']['optimizers'][0]['steps'][0]['moved'] = ['all']
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(found, schema)


class Plain(dict[str, Any]):
    """A config, as far as its signature asks."""

    @property
    def _cfg_dict(self) -> Plain:
        return self


@pytest.mark.parametrize(
    ('other', 'is_same'),
    [
        ({'work_dir': 'x', 'test_pipeline': []}, True),
        ({'val_pipeline': [{'type': 'Pack'}]}, True),
        ({'val_cfg': {'fp16': True}}, False),
        ({'param_scheduler': {'type': 'MultiStepLR'}}, False),
        ({'train_cfg': {'max_epochs': 9}}, False),
        ({'visualizer': {'type': 'Visualizer'}}, False),
    ],
    ids=lambda value: '-'.join(value) if isinstance(value, dict) else None,
)
def test_configs_are_the_same_only_if_nothing_differs_that_may_matter(other: dict[str, Any], is_same: bool) -> None:
    plain, changed = (Plain({'model': {'type': 'Toy'}, **more}) for more in ({}, other))
    assert (signature(plain, {}) == signature(changed, {})) == is_same


def test_what_is_imported_later_is_told_apart_by_its_module(tmp_path: Path) -> None:
    text = 'from mmengine.config import read_base\nfrom {} import Net\n\nmodel = dict(parts=[dict(type=Net)])\n'
    configs = [Plain(model={'type': 'Toy'})]
    for name in ('a', 'b'):
        path = tmp_path / f'{name}.py'
        path.write_text(text.format(f'shop.{name}'), encoding='utf-8')
        configs.append(Config.fromfile(path, lazy_import=True))
    assert len({signature(config, {}) for config in configs}) == 3
