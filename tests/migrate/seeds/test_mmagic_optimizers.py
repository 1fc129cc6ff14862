"""The tables of MMagic's "Migration of Optimizers" (the document that stands twice among the guides)."""

from tests.migrate.kit import value
from tests.migrate.seeds.test_mmgeneration import BIGGAN, NETWORKS

ADAM = {'type': 'Adam', 'betas': (0.0, 0.999), 'eps': 1e-6}


def test_optimizer() -> None:
    text = """
optimizer = dict(
    generator=dict(type='Adam', lr=0.0001, betas=(0.0, 0.999), eps=1e-6),
    discriminator=dict(type='Adam', lr=0.0004, betas=(0.0, 0.999), eps=1e-6))
"""
    # Slips: the generator's lr is 0.0002 in the right column; the text says `MultiOptimWrapperContructor`.
    assert value(text, 'mmgen')['optim_wrapper'] == {
        'constructor': 'MultiOptimWrapperConstructor',
        'generator': {'optimizer': {**ADAM, 'lr': 0.0001}},
        'discriminator': {'optimizer': {**ADAM, 'lr': 0.0004}},
    }


def test_biggan() -> None:
    found = value(BIGGAN, 'mmgen')
    # A slip: the networks of MMagic take `init_cfg=dict(type='ortho')`, no `init_type='ortho'`.
    networks = eval(f'dict({NETWORKS})')
    for network in networks.values():
        network['init_cfg'] = {'type': network.pop('init_type')}
    assert found['model'] == {
        'type': 'BigGAN',
        'num_classes': 1000,
        'data_preprocessor': {'type': 'DataPreprocessor'},
        **networks,
        'generator_steps': 1,
        'discriminator_steps': 1,
    }
    assert found['optim_wrapper'] == {
        'constructor': 'MultiOptimWrapperConstructor',
        'generator': {'accumulative_counts': 8, 'optimizer': {**ADAM, 'lr': 0.0001}},
        'discriminator': {'accumulative_counts': 8, 'optimizer': {**ADAM, 'lr': 0.0004}},
    }
