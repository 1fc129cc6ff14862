"""`--meta`: parameters and memory of models that no machine holds."""

from __future__ import annotations

from typing import Any

import pytest

from cfglint.smoke.report.text import one
from cfglint.smoke.results import Result, Status
from tests.smoke.conftest import run_batch

FLOAT = 4
ADAM = "optim_wrapper['optimizer'] = dict(type='Adam', lr=0.1)\n"
CONFIGS = {
    'sgd': '',
    'momentum': "optim_wrapper['optimizer']['momentum'] = 0.9\n",
    'adam': ADAM,
    # 4 TiB of parameters.
    'vast': "model = dict(type='Wide', features=1 << 40)\n" + ADAM,
    'tied': "model = dict(type='Tied')\n" + ADAM,
    'amp': "optim_wrapper = dict(type='AmpOptimWrapper', dtype='float16', optimizer=dict(type='SGD', lr=0.1))\n",
    'gan': """
model = dict(type='Gan')
optim_wrapper = dict(
    constructor='OnePerPart',
    generator=dict(type='OptimWrapper', optimizer=dict(type='Adam', lr=0.01)))
""",
    'no_training': 'del train_dataloader, train_cfg, optim_wrapper\n',
    'curious': "model = dict(type='Curious')\n",
    'picky': "optim_wrapper['optimizer'] = dict(type='Picky', lr=0.1, momentum=0.9)\n",
    'registry': "model['neck'] = dict(type='Nekc')\n",
    'optimizer': "optim_wrapper['optimizer'] = dict(type='SGD', lr=-1.0)\n",
    'fragment': 'del model\n',
}


@pytest.fixture(scope='module')
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    return run_batch(tmp_path_factory.mktemp('meta'), CONFIGS, meta=True, memory_limit=4 << 30)


def model(result: Result) -> dict[str, Any]:
    assert result.status is Status.OK, result.failure
    return dict(result.details['model'])


def part(result: Result, name: str) -> dict[str, Any]:
    return next(part for part in model(result)['parts'] if part['name'] == name)


# Backbone 8 × 16 + 16, neck 16 × 16 + 16, head 16 × 2 + 2.
SIZE = 144 + 272 + 34


def test_parameters_and_gradients_are_counted_by_part(results: dict[str, Result]) -> None:
    parts = {part['name']: (part['tensors'], part['parameters']) for part in model(results['sgd'])['parts']}
    assert parts == {'backbone': (2, 144), 'neck': (2, 272), 'head': (2, 34)}
    total = model(results['sgd'])['total']
    assert (total['parameters'], total['parameter_bytes'], total['gradient_bytes']) == (
        SIZE,
        FLOAT * SIZE,
        FLOAT * SIZE,
    )


@pytest.mark.parametrize(
    # Adam keeps two moments of each parameter, and counts the steps for each tensor.
    ('name', 'size'),
    [('sgd', 0), ('momentum', FLOAT * SIZE), ('adam', 2 * FLOAT * SIZE + 6 * FLOAT)],
)
def test_the_state_is_that_which_the_optimizer_makes(results: dict[str, Result], name: str, size: int) -> None:
    assert model(results[name])['total']['state_bytes'] == size
    (optimizer,) = model(results[name])['optimizers']
    assert (optimizer['key'], optimizer['state_bytes'], optimizer['lr']) == ('optim_wrapper', size, [0.1])


def test_nothing_is_allocated(results: dict[str, Result]) -> None:
    total = model(results['vast'])['total']
    assert (total['parameter_bytes'], total['state_bytes']) == (FLOAT << 40, (2 * FLOAT << 40) + FLOAT)
    assert results['vast'].details['memory']['peak_rss'] < 2 << 30
    assert '1,099,511,627,776 parameters' in one(results['vast'], details=True)
    assert 'largest: weight (1099511627776,) float32' in one(results['vast'], details=True)


def test_what_parts_share_counts_once_and_what_is_frozen_has_no_gradient(results: dict[str, Result]) -> None:
    assert part(results['tied'], 'backbone')['parameters'] == 8 * 64
    assert part(results['tied'], 'head')['parameters'] == 8
    assert part(results['tied'], '(own)')['buffer_bytes'] == FLOAT * 64
    frozen = part(results['tied'], 'frozen')
    assert (frozen['parameters'], frozen['gradient_bytes'], frozen['state_bytes']) == (64 * 65, 0, 0)
    shapes = {tensor['name']: tensor['shape'] for tensor in model(results['tied'])['tensors']}
    assert shapes['scale'] == [64] and shapes['backbone.embed.weight'] == [8, 64]


def test_each_optimizer_is_named_and_what_none_holds(results: dict[str, Result]) -> None:
    found = model(results['gan'])
    assert [optimizer['key'] for optimizer in found['optimizers']] == ['optim_wrapper.generator']
    assert found['without_optimizer'] == ['discriminator.weight', 'discriminator.bias']
    assert part(results['gan'], 'generator')['state_bytes'] > 0 == part(results['gan'], 'discriminator')['state_bytes']
    assert 'trainable, but in no optimizer: discriminator.weight' in one(results['gan'], details=True)


def test_mixed_precision_needs_no_gpu_here(results: dict[str, Result]) -> None:
    assert model(results['amp'])['optimizers'][0]['wrapper'] == 'OptimWrapper'
    assert 'optim_wrapper.type' in {change['key'] for change in results['amp'].details['changes']}


def test_a_model_is_enough(results: dict[str, Result]) -> None:
    found = model(results['no_training'])
    assert (found['optimizers'], found['without_optimizer'], found['total']['parameters']) == ([], [], SIZE)
    assert results['fragment'].status is Status.UNFIT


def test_a_model_that_needs_its_data_is_a_failure_of_its_own_kind(results: dict[str, Result]) -> None:
    failure = results['curious'].failure
    assert failure is not None
    assert (failure.stage, failure.key) == ('needs data', 'model')
    assert failure.remedy is not None and 'without --meta' in failure.remedy
    assert [frame.text for frame in failure.frames if frame.user][-1] == (
        'self.largest = self.head.weight.max().item()'
    )


def test_an_optimizer_that_needs_data_leaves_its_state_open(results: dict[str, Result]) -> None:
    (optimizer,) = model(results['picky'])['optimizers']
    assert optimizer['state_bytes'] is None and 'meta' in optimizer['state_unknown']
    assert 'at least' in one(results['picky']) and 'its state: unknown' in one(results['picky'], details=True)


def test_other_failures_keep_their_stages(results: dict[str, Result]) -> None:
    found = {name: results[name].failure for name in ('registry', 'optimizer')}
    assert {name: (failure.stage, failure.key) for name, failure in found.items() if failure} == {
        'registry': ('registry', 'model.neck.type'),
        'optimizer': ('optimizer', 'optim_wrapper.optimizer'),
    }
