from tests.migrate.kit import value

PIPELINE = """
test_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(
        type='MultiScaleFlipAug',
        img_scale=(2048, 512),
        %s
        transforms=[
            dict(type='Resize', keep_ratio=True),
            dict(type='RandomFlip'),
            dict(type='ImageToTensor', keys=['img']),
            dict(type='Collect', keys=['img']),
        ])
]
"""
PLAIN = [
    {'type': 'LoadImageFromFile'},
    {'type': 'Resize', 'scale': (2048, 512), 'keep_ratio': True},
    {'type': 'LoadAnnotations'},
    {'type': 'PackSegInputs'},
]


def test_one_scale_is_a_plain_pipeline() -> None:
    found = value(PIPELINE % 'flip=False,', 'mmseg')
    assert found['test_pipeline'] == PLAIN
    assert 'tta_pipeline' not in found


def test_ratios_and_flips_are_a_pipeline_of_their_own() -> None:
    found = value(PIPELINE % 'img_ratios=[0.5, 1.0], flip=True,' + "model = dict(type='EncoderDecoder')", 'mmseg')
    assert found['test_pipeline'] == PLAIN
    assert found['tta_model'] == {'type': 'SegTTAModel'}
    assert found['tta_pipeline'] == [
        {'type': 'LoadImageFromFile'},
        {
            'type': 'TestTimeAug',
            'transforms': [
                [
                    {'type': 'Resize', 'scale': (1024, 256), 'keep_ratio': True},
                    {'type': 'Resize', 'scale': (2048, 512), 'keep_ratio': True},
                ],
                [
                    {'type': 'RandomFlip', 'prob': 0.0, 'direction': 'horizontal'},
                    {'type': 'RandomFlip', 'prob': 1.0, 'direction': 'horizontal'},
                ],
                [{'type': 'LoadAnnotations'}],
                [{'type': 'PackSegInputs'}],
            ],
        },
    ]
