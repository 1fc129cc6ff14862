"""Validation and testing belong together: dataloader, loop and evaluator, or none of the three."""

from tests.migrate.kit import mapped, value

MODEL = "model = dict(type='FasterRCNN')\n"
SET = "dict(type='CocoDataset', ann_file='a.json', pipeline=[])"


def test_what_is_measured_by_default() -> None:
    found = value(f'{MODEL}data = dict(train={SET}, val={SET}, test={SET})')
    assert found['val_cfg'] == {'type': 'ValLoop'}
    assert found['val_evaluator']['type'] == 'CocoMetric'
    assert found['test_evaluator']['type'] == 'CocoMetric'


def test_no_test_set_is_not_tested() -> None:
    found = value(f"{MODEL}data = dict(train={SET}, val={SET})\nevaluation = dict(metric='bbox')")
    assert 'val_evaluator' in found
    assert not found.keys() & {'test_dataloader', 'test_cfg', 'test_evaluator'}


def test_a_part_that_names_its_datasets_says_whether_there_is_a_test_set() -> None:
    evaluation = "evaluation = dict(metric='bbox')"
    whole = value(f'data = dict(train={SET}, val={SET})\n{evaluation}')
    assert 'val_evaluator' in whole and not whole.keys() & {'test_cfg', 'test_evaluator'}
    override = value(f'data = dict(samples_per_gpu=4)\n{evaluation}')
    assert {'val_evaluator', 'test_cfg', 'test_evaluator'} <= override.keys()


def test_an_unknown_default_is_a_question() -> None:
    own = SET.replace('CocoDataset', 'MyDataset')
    found = mapped(f"model = dict(type='TopDown')\ndata = dict(val={own}, test={own})", 'mmpose')
    assert [path for path, _ in found.todos()] == ['val_dataloader', 'test_dataloader']


def test_crops_of_segmentation_have_a_size() -> None:
    pipeline = (
        "[dict(type='RandomCrop', crop_size=(512, 512)), dict(type='Normalize', mean=[1.0], std=[2.0], to_rgb=True)]"
    )
    text = f"model = dict(type='EncoderDecoder')\ndata = dict(train=dict(type='ADE20KDataset', pipeline={pipeline}))"
    assert value(text, 'mmseg')['model']['data_preprocessor']['size'] == (512, 512)
