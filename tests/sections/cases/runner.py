"""The scalars at the top level, env_cfg, randomness, and what is left."""

from __future__ import annotations

from tests.sections.cases.case import (
    Case,
    W,
)

RUNNER = [
    Case('R002 number', 'work_dir', 3, 'wrong-type', oracle=False),  # the oracle needs a folder
    Case('R002 list', 'model', [1], 'wrong-type', good={'type': 'ToyModel'}),
    Case('R002 type', 'model', {'num_classes': 2}, 'missing-field', good={'type': 'ToyModel'}),
    Case('T002', 'model', {'type': None}, 'wrong-type', ('type',), good={'type': 'ToyModel'}),
    Case('comma', 'model', ({'type': 'ToyModel'},), 'wrong-type', good={'type': 'ToyModel'}),
    Case('R009 env_cfg', 'env_cfg', None, 'wrong-type', good={}),
    Case('R009 randomness', 'randomness', None, 'wrong-type', good={'seed': None}),
    Case('R009 launcher', 'launcher', True, 'invalid-choice', good='none'),
    Case('R009 log_level', 'log_level', None, 'wrong-type', good='ERROR'),
    Case(
        'R010 seed', 'randomness', {'deterministic': False}, 'missing-field', good={'seed': 0, 'deterministic': False}
    ),
    Case('R010 key', 'randomness', {'seed': 0, 'sed': 1}, 'unknown-field', ('sed',), {'seed': 0}, suggestion='seed'),
    Case('R010 int', 'randomness', 3, 'wrong-type', good={'seed': 3}),
    Case('R011 negative', 'randomness', {'seed': -1}, 'out-of-range', ('seed',), {'seed': 0}),
    Case('R011 large', 'randomness', {'seed': 2**32}, 'out-of-range', ('seed',), {'seed': 2**32 - 1}),
    Case('R011 string', 'randomness', {'seed': '3'}, 'wrong-type', ('seed',), {'seed': 3}),
    Case('R013', 'launcher', 'pytorh', 'invalid-choice', good='none', suggestion='pytorch'),
    Case('R014 case', 'log_level', 'info', 'invalid-choice', good='ERROR', suggestion='INFO'),
    Case('R015 mp_cfg', 'env_cfg', {'mp_cfg': None}, 'wrong-type', ('mp_cfg',), {'mp_cfg': {}}),
    Case(
        'R015 key',
        'env_cfg',
        {'mp_cfg': {'start_method': 'fork'}},
        'unknown-field',
        ('mp_cfg', 'start_method'),
        {'mp_cfg': {}},
        suggestion='mp_start_method',
    ),
    Case('R015 distributed', 'env_cfg', {'mp_cfg': {'distributed': True}}, 'unknown-field', ('mp_cfg', 'distributed')),
    Case(
        'R015 method',
        'env_cfg',
        {'mp_cfg': {'mp_start_method': 'frok'}},
        'invalid-choice',
        ('mp_cfg', 'mp_start_method'),
        {'mp_cfg': {'mp_start_method': 'fork'}},
        suggestion='fork',
    ),
    Case(
        'R015 threads',
        'env_cfg',
        {'mp_cfg': {'opencv_num_threads': '1'}},
        'wrong-type',
        ('mp_cfg', 'opencv_num_threads'),
        {'mp_cfg': {'opencv_num_threads': 1}},
    ),
    Case(
        'R015 limit', 'env_cfg', {'resource_limit': '4096'}, 'wrong-type', ('resource_limit',), {'resource_limit': 4096}
    ),
    Case(
        'R016',
        'env_cfg',
        {'cudnn_benchmak': True},
        'unknown-field',
        ('cudnn_benchmak',),
        {'cudnn_benchmark': True},
        suggestion='cudnn_benchmark',
        oracle=False,
    ),
    Case('R016 other', 'env_cfg', {'omp': 1}, 'unknown-field', ('omp',), severity=W, oracle=False),
    Case('R017', 'env_cfg', {'cudnn_benchmark': 'False'}, 'wrong-type', ('cudnn_benchmark',), severity=W, oracle=False),
    Case('dist_cfg', 'env_cfg', {'dist_cfg': None}, 'wrong-type', ('dist_cfg',), oracle=False),  # distributed runs only
    Case(
        'dist_cfg timeout',
        'env_cfg',
        {'dist_cfg': {'timeout': '9'}},
        'wrong-type',
        ('dist_cfg', 'timeout'),
        oracle=False,
    ),
    Case('R018 type', 'default_scope', 3, 'wrong-type', good='mmengine'),
    Case('R018 empty', 'default_scope', '', 'out-of-range', good='mmengine'),
    Case('R020', 'resume', 'work/epoch_1.pth', 'wrong-type', good=False, severity=W, oracle=False),
    Case('R022 type', 'load_from', 3, 'wrong-type', good=None),
    Case('R022 empty', 'load_from', '', 'out-of-range', good=None),
    Case('R025 type', 'auto_scale_lr', True, 'wrong-type', good={'enable': False}),
    Case(
        'R025 missing', 'auto_scale_lr', {'enable': True}, 'missing-field', good={'enable': True, 'base_batch_size': 4}
    ),
    Case(
        'R025 zero',
        'auto_scale_lr',
        {'enable': True, 'base_batch_size': 0},
        'out-of-range',
        ('base_batch_size',),
        {'enable': True, 'base_batch_size': 4},
    ),
    Case('R025 none', 'auto_scale_lr', {'enable': True, 'base_batch_size': None}, 'wrong-type', ('base_batch_size',)),
    Case('R028', 'compile', 'yes', 'wrong-type', good=False),
    Case('R032 bool', 'activation_checkpointing', False, 'wrong-type', good=[], quotes=False),
    Case('R032 dict', 'efficient_conv_bn_eval', {'backbone': True}, 'wrong-type', good=[], quotes=False),
    Case('R035', 'sync_bn', 'apex', 'invalid-choice', good='torch', oracle=False),  # distributed runs only
    Case(
        'wrapper',
        'model_wrapper_cfg',
        {'find_unused': True},
        'unknown-field',
        ('find_unused',),
        suggestion='find_unused_parameters',
        oracle=False,
    ),  # likewise
    Case(
        'tta', 'tta_model', {'type': 'BaseTTAModel'}, 'invalid-choice', ('type',), oracle=False
    ),  # used by scripts only
    Case('pipeline', 'tta_pipeline', ['Resize'], 'wrong-type', (0,), oracle=False),  # likewise
    Case('strategy', 'strategy', {}, 'missing-field', oracle=False),  # FlexibleRunner only
]
