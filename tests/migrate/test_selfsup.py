"""Self-supervised learning: what mmselfsup had becomes what mmpretrain has."""

from tests.migrate.kit import mapped, value

VIEWS = """
view_pipeline = [
    dict(type='RandomResizedCrop', size=224, scale=(0.2, 1.)),
    dict(type='RandomAppliedTrans', transforms=[dict(type='ColorJitter', hue=0.1)], p=0.8),
    dict(type='GaussianBlur', sigma_min=0.1, sigma_max=2.0, p=0.5),
    dict(type='Solarization', p=0.),
    dict(type='RandomHorizontalFlip'),
    dict(type='ToTensor'),
    dict(type='Normalize', mean=[0.5], std=[0.5])]
data = dict(samples_per_gpu=4, train=dict(
    type='MultiViewDataset', data_source=dict(type='ImageNet', data_prefix='a', ann_file='b'), num_views=[2],
    pipelines=[view_pipeline]))
"""


def test_views_are_a_transform() -> None:
    dataset = value(VIEWS, 'mmselfsup')['train_dataloader']['dataset']
    assert dataset == {
        'type': 'ImageNet',
        'data_prefix': 'a',
        'ann_file': 'b',
        'pipeline': [
            {'type': 'LoadImageFromFile'},
            {'type': 'MultiView', 'num_views': [2], 'transforms': [value(VIEWS, 'mmselfsup')['view_pipeline']]},
            {'type': 'PackInputs'},
        ],
    }
    assert dataset['pipeline'][1]['transforms'][0] == [
        {'type': 'RandomResizedCrop', 'scale': 224, 'crop_ratio_range': (0.2, 1.0)},
        {'type': 'RandomApply', 'transforms': [{'type': 'ColorJitter', 'hue': 0.1}], 'prob': 0.8},
        {'type': 'GaussianBlur', 'magnitude_range': (0.1, 2.0), 'prob': 0.5, 'magnitude_std': 'inf'},
        {'type': 'Solarize', 'prob': 0.0, 'thr': 128},
        {'type': 'RandomFlip', 'prob': 0.5},
    ]


def test_a_data_source_of_ones_own_is_a_question() -> None:
    found = mapped(VIEWS.replace("'ImageNet'", "'MySource'"), 'mmselfsup')
    assert any('data_source' in path for path, _ in found.todos())


def test_momentum_is_the_weight_of_the_new_values() -> None:
    text = (
        "model = dict(type='MoCo', momentum=0.999, backbone=dict(type='ResNet', depth=50, out_indices=[4]), "
        "head=dict(type='ContrastiveHead', temperature=0.2))"
    )
    assert value(text, 'mmselfsup')['model'] == {
        'type': 'MoCo',
        'momentum': 0.001,
        'backbone': {'type': 'ResNet', 'depth': 50, 'out_indices': [3], 'zero_init_residual': False},
        'head': {'type': 'ContrastiveHead', 'temperature': 0.2, 'loss': {'type': 'CrossEntropyLoss'}},
    }


def test_pooling_is_a_neck() -> None:
    text = "model = dict(type='Classification', head=dict(type='ClsHead', with_avg_pool=True, num_classes=9))"
    assert value(text, 'mmselfsup')['model'] == {
        'type': 'ImageClassifier',
        'neck': {'type': 'GlobalAveragePooling'},
        'head': {'type': 'LinearClsHead', 'num_classes': 9},
    }


def test_regular_expressions_of_numbered_layers() -> None:
    text = r"optimizer = dict(type='LARS', lr=1, paramwise_options={'(bn|gn)(\\d+)?.(weight|bias)': dict(weight_decay=0.)})"
    keys = value(text, 'mmselfsup')['optim_wrapper']['paramwise_cfg']['custom_keys']
    assert keys == {'bn': {'decay_mult': 0.0}, 'gn': {'decay_mult': 0.0}}


PARAMWISE = "optimizer = dict(type='SGD', lr=1, weight_decay=1e-4, layer_decay=0.9, paramwise_options=dict(%s))"


def test_options_of_a_part_of_the_model() -> None:
    text = PARAMWISE.replace('dict(%s)', r"{'\\Ahead.': dict(lr_mult=100, weight_decay=5e-4)}")
    assert value(text, 'mmselfsup')['optim_wrapper']['paramwise_cfg'] == {
        'layer_decay_rate': 0.9,
        'custom_keys': {'head.': {'lr_mult': 100, 'decay_mult': 5.0}},
    }


def test_what_custom_keys_do_not_change_is_a_question() -> None:
    (question,) = mapped(PARAMWISE % 'head=dict(momentum=0.)', 'mmselfsup').todos()
    assert question[0] == 'optim_wrapper.paramwise_cfg.custom_keys' and 'write a constructor of your own' in question[1]
