"""For each check of the contract about data, evaluators and models: configs that break it."""

from __future__ import annotations

DATASET = "dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')])"
SAMPLER = "sampler=dict(type='DefaultSampler', shuffle=True)"
USUAL = f'batch_size=2, num_workers=0, {SAMPLER}'


def loader(text: str) -> str:
    return f'train_dataloader = dict({text}, {DATASET})'


def dataset(text: str) -> str:
    return f'train_dataloader = dict({USUAL}, dataset=dict({text}))'


def transform(text: str) -> str:
    return dataset(f"type='ToyDataset', pipeline=[dict(type={text})]")


def preprocessor(text: str) -> str:
    return f"model = dict(type='ToyModel', data_preprocessor=dict(type='ImgDataPreprocessor', {text}))"


def initializer(text: str) -> str:
    return f"model = dict(type='ToyModel', init_cfg=dict({text}))"


FAULTS = {
    'D001': ['train_dataloader = [1]'],
    'D002': [f'train_dataloader = dict({USUAL})', f'train_dataloader = dict({USUAL}, dataset=[1])'],
    'D003': [loader('batch_size=2, num_workers=0')],
    'D004': [loader(f'num_workers=0, {SAMPLER}')],
    'D005': [loader(f'batch_size=2, {SAMPLER}')],
    'D006': [loader(f'{USUAL}, samples_per_gpu=2'), loader(f'{USUAL}, workers_per_gpu=2')],
    'D007': [
        loader("batch_size=2, num_workers=0, sampler='DefaultSampler'"),
        loader('batch_size=2, num_workers=0, sampler=dict(shuffle=True)'),
        loader("batch_size=2, num_workers=0, sampler=dict(type='DefaultSampler', foo=1)"),
    ],
    'D008': [loader(f'{USUAL}, shuffle=True')],
    'D009': [
        loader(f"num_workers=0, {SAMPLER}, batch_sampler=dict(type='X')"),
        loader(f"{USUAL}, drop_last=True, batch_sampler=dict(type='X')"),
        loader("batch_size=2, num_workers=0, batch_sampler=dict(type='X')"),
        loader(f"{USUAL}, batch_sampler='X'"),
    ],
    'D010': [loader(f"{USUAL}, batch_sampler=dict(type='X', batch_size=4)")],
    'D011': [loader(f'batch_size={size}, num_workers=0, {SAMPLER}') for size in ('0', '-1', 'True', 'None', '2.0', "'2'")],
    'D012': [loader(f'batch_size=2, num_workers={count}, {SAMPLER}') for count in ('-1', 'None', '1.5', "'2'")],
    'D013': [loader(f'{USUAL}, persistent_workers=True')],
    'D014': [loader(f'{USUAL}, {each}') for each in ('prefetch_factor=2', 'timeout=1', "multiprocessing_context='fork'")],
    'D015': [
        f"train_dataloader = dict({USUAL}, drop_last=True, dataset=dict(type='ToyDataset', indices=1))",
        f"""train_dataloader = dict({USUAL}, drop_last=True, dataset=dict(
            type='RepeatDataset', times=1, dataset=dict(type='ToyDataset', indices=[0])))""",
    ],
    'D016': [
        f"""train_cfg = dict(type='IterBasedTrainLoop', max_iters=2)
train_dataloader = dict({USUAL}, drop_last=True, dataset=dict(type='ToyDataset', indices=1))"""
    ],
    'D017': [loader(f'{USUAL}, collate_fn={each}') for each in ("'pseudo_collate'", 'None', 'dict(a=1)')],
    'D018': [loader(f"{USUAL}, worker_init_fn='x'"), loader(f'{USUAL}, worker_init_fn=None')],
    'D019': [loader(f'{USUAL}, disable_subprocess_warning=1')],
    'D020': [loader(f'{USUAL}, num_batch_per_epoch=0'), loader(f'num_workers=0, {SAMPLER}, num_batch_per_epoch=2')],
    'D021': [f"train_dataloader = dict({USUAL}, num_batch_per_epoch=2, dataset=dict(type='ToyDataset', indices=3))"],
    'D022': [loader("batch_size=2, num_workers=0, sampler=dict(type='DefaultSampler', shuffle=False)")],
    'D023': [f"val_dataloader = dict(batch_size=2, num_workers=0, sampler=dict(type='DefaultSampler'), {DATASET})"],
    'D024': ['default_hooks = dict(sampler_seed=None)'],
    'D025': [dataset('pipeline=[]')],
    'D026': [
        dataset("type='ToyDataset', indices=0"),
        dataset("type='ToyDataset', indices=1.5"),
        dataset("type='ToyDataset', pipeline=dict(type='ToyTransform')"),
        dataset("type='ToyDataset', pipeline=[[dict(type='ToyTransform')]]"),
        dataset("type='mmdet.CocoDataset', data_prefix='train/'"),
        dataset("type='mmdet.CocoDataset', data_prefix=dict(img=None)"),
    ],
    'D027': [dataset("type='ToyDataset', metainfo=dict(classes=('x'))")],
    'D028': [
        dataset("type='RepeatDataset', dataset=dict(type='ToyDataset')"),
        dataset("type='RepeatDataset', times=1.5, dataset=dict(type='ToyDataset')"),
        dataset("type='RepeatDataset', times=0, dataset=dict(type='ToyDataset')"),
        dataset("type='ClassBalancedDataset', dataset=dict(type='ToyDataset')"),
    ],
    'D029': [dataset("type='RepeatDataset', times=2, pipeline=[], dataset=dict(type='ToyDataset')")],
    'D030': [
        dataset("type='ConcatDataset', datasets=[]"),
        dataset("type='ConcatDataset', datasets=dict(type='ToyDataset')"),
        dataset("type='ConcatDataset', datasets=[[dict(type='ToyDataset')]]"),
        dataset("type='ConcatDataset', ignore_keys=('a',), datasets=[dict(type='ToyDataset')]"),
    ],
    'D031': [
        dataset(f"type='ConcatDataset', datasets=[dict(type='A', metainfo=dict(n={a})), dict(type='A', metainfo=dict(n={b}))]")
        for a, b in (("('a',)", "('b',)"), ("('a',)", "['a']"), ('1', '2'))
    ],
    'D032': [dataset("type='RepeatDataset', times=2, metainfo=dict(n=1), dataset=dict(type='ToyDataset')")],
    'D034': [transform("'Resize'"), transform("'Resize', scale=[4, 4], keep_ratio=True"), transform("'Resize', scale_factor=2")],
    'D035': [transform("'RandomFlip'"), transform("'RandomFlip', prob=1"), transform("'RandomFlip', prob=0.5, direction='up'")],
    'D036': [transform("'Pad'"), transform("'Pad', size=(4, 4), size_divisor=2"), transform("'Pad', size=(4, 4), pad_val=0.5")],
    'D037': [transform("'CenterCrop'"), transform("'CenterCrop', crop_size=[4, 4]"), transform("'CenterCrop', crop_size=0")],
    'D038': [transform("'RandomResize', scale=(4, 4)"), transform("'RandomResize', scale=[[4, 4], [8, 8]]")],
    'D039': [
        transform("'RandomChoiceResize', scales=[[4, 4]]"),
        transform("'RandomChoice', transforms=[[], []], prob=[0.1, 0.8]"),
        transform("'RandomChoice', transforms=[[], []], prob=[1, 0]"),
    ],
    'D040': [
        transform("'TestTimeAug', transforms=[dict(type='ToyTransform')]"),
        transform("'MultiScaleFlipAug', scales=[[4, 4]], transforms=[]"),
        transform("'RandomGrayscale', prob=2"),
        transform("'KeyMapper', auto_remap=True, remapping=dict(a='b')"),
        transform("'LoadImageFromFile', file_client_args=dict(), backend_args=dict()"),
    ],
    'D041': [loader(f"batch_size='4', num_workers=0, {SAMPLER}")],
    'V009': [f'val_evaluator = {each}' for each in ('()', "'x'", '{}', "['ToyMetric']")],
    'V010': ["val_evaluator = dict(type='Evaluator')"],
    'V011': ['val_evaluator = []'],
    'V012': ["val_evaluator = [dict(type='ToyMetric'), dict(type='ToyMetric')]"],
    'V013': [
        "val_evaluator = dict(type='ToyMetric', collect_device='gpu', collect_dir='x')",
        "val_evaluator = dict(type='ToyMetric', collect_device='tpu')",
    ],
    'V014': [
        "val_evaluator = dict(type='DumpResults')",
        "val_evaluator = dict(type='DumpResults', out_file_path='a.json')",
    ],
    'V015': [
        preprocessor(each)
        for each in ('mean=[1.0]', 'mean=[1, 1], std=[1, 1]', 'mean=1, std=1', 'bgr_to_rgb=True, rgb_to_bgr=True', 'to_rgb=True')
    ],
    'V016': [preprocessor('mean=[1.0], std=[0]')],
    'V017': [preprocessor('mean=[1.0], std=[1.0]') + '\n' + transform("'Normalize', mean=[1.0], std=[1.0]")],
    'V018': [
        initializer("type='Xavier', distribution='gauss'"),
        initializer("type='Constant', val=1, override=dict(val=2)"),
        initializer("type='Normal', foo=1"),
        initializer("type='Constant', val=1, layer=1"),
    ],
    'V020': [preprocessor('pad_size_divisor=0')],
}  # fmt: skip
