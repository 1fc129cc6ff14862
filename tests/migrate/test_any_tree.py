"""Generated trees: what the migrated files resolve to is what the mapping makes of what they resolved to."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from cfglint.catalog.library_facts import library
from cfglint.language.errors import ConfigError
from cfglint.language.loader import Loader
from cfglint.migrate.change import plain
from cfglint.migrate.mapping.whole import map_config
from cfglint.migrate.run import SECTIONS, migrate, same

NUMBERS = st.integers(1, 99)
RATES = st.sampled_from(['0.1', '1e-4', '0.01 * 8', 'rate', 'rate / 2'])
STEPS = st.lists(st.integers(2, 50), min_size=1, max_size=3, unique=True).map(sorted)

OPTIMIZERS = st.one_of(
    st.builds("optimizer = dict(type='SGD', lr={})".format, RATES),
    st.builds("optimizer = dict(type='AdamW', lr={}, paramwise_cfg=dict(norm_decay_mult={}))".format, RATES, NUMBERS),
)
CLIPPING = st.one_of(
    st.just('optimizer_config = dict(grad_clip=None)'),
    st.builds('optimizer_config = dict(grad_clip=dict(max_norm={}))'.format, NUMBERS),
    st.builds("optimizer_config = dict(type='GradientCumulativeOptimizerHook', cumulative_iters={})".format, NUMBERS),
)
SCHEDULES = st.one_of(
    st.builds("lr_config = dict(policy='step', step={})".format, STEPS),
    st.builds(
        "lr_config = dict(policy='CosineAnnealing', min_lr=0, warmup='linear', warmup_iters={})".format,
        NUMBERS,
    ),
    st.just("lr_config = dict(policy='inv', gamma=0.1)  # a question"),
)
RUNNERS = st.builds("runner = dict(type='EpochBasedRunner', max_epochs={})".format, NUMBERS)
RUNTIMES = st.one_of(
    st.builds('checkpoint_config = dict(interval={})'.format, NUMBERS),
    st.builds("log_config = dict(interval={}, hooks=[dict(type='TextLoggerHook')])".format, NUMBERS),
    st.builds(
        '# by hand\nevaluation = dict(interval={}, metric=[{!r}])'.format, NUMBERS, st.sampled_from(['bbox', 'segm'])
    ),
    st.just("fp16 = dict(loss_scale='dynamic')"),
    st.just("workflow = [('train', 1)]"),
    st.just('seed = 3'),
    st.just("load_from = 'a.pth'"),
)
OVERRIDES = st.one_of(
    st.builds('optimizer = dict(lr={})'.format, RATES),
    st.builds('lr_config = dict(step={})'.format, STEPS),
    st.builds('runner = dict(max_epochs={})'.format, NUMBERS),
    st.builds('data = dict(samples_per_gpu={})'.format, NUMBERS),
    st.builds("data = dict(train=dict(ann_file='{}.json'))".format, NUMBERS),
    st.builds('model = dict(neck=dict(out_channels={}))'.format, NUMBERS),
    st.builds('model = dict(pretrained=None, backbone=dict(depth={}))'.format, NUMBERS),
    st.builds("optimizer = dict(_delete_=True, type='Adam', lr={})".format, RATES),
    SCHEDULES.map(lambda text: text.replace('dict(', 'dict(_delete_=True, ', 1)),
    CLIPPING, RUNTIMES,
)  # fmt: skip

DATA = """\
train_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='Resize', img_scale=(1333, 800), keep_ratio=True),
    dict(type='Normalize', mean=[1., 2., 3.], std=[1., 1., 1.], to_rgb=True),
    dict(type='Pad', size_divisor=32),
    dict(type='Collect', keys=['img'])]
data = dict(
    samples_per_gpu=2,
    train=dict(type='CocoDataset', ann_file='a.json', img_prefix='a/', pipeline=train_pipeline),
    val=dict(type='CocoDataset', ann_file='b.json', img_prefix='b/', pipeline=train_pipeline))
evaluation = dict(interval=1, metric='bbox')
"""
MODEL = "model = dict(type='RPN', pretrained='a.pth', backbone=dict(type='ResNet', depth=50), neck=dict(type='FPN'))\n"


@st.composite
def trees(draw: st.DrawFn) -> dict[str, str]:
    """Return files by name: bases of one part each, a config of all of them, and children of it."""
    lines = [draw(OPTIMIZERS), draw(SCHEDULES), draw(RUNNERS), *draw(st.lists(CLIPPING, max_size=1))]
    runtime = {
        text.partition(' = ')[0]: text for text in draw(st.lists(RUNTIMES, max_size=5)) if 'evaluation' not in text
    }
    files = {
        'data.py': DATA,
        'schedule.py': 'rate = 0.02\n' + '\n'.join(draw(st.permutations(lines))) + '\n',
        'runtime.py': '\n'.join(["log_level = 'INFO'", *runtime.values()]) + '\n',
        'config.py': f"_base_ = ['data.py', 'schedule.py', 'runtime.py']\n{MODEL}",
    }
    parent = 'config.py'
    for index in range(draw(st.integers(0, 2))):
        texts = {text.partition(' = ')[0].rpartition('\n')[2]: text for text in draw(st.lists(OVERRIDES, max_size=4))}
        name = f'child{index}.py'
        files[name] = '\n'.join([f"_base_ = './{parent}'", 'rate = 0.4', *texts.values()]) + '\n'
        parent = name
    return files


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees())
def test_the_equation_holds(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, text in files.items():
            (folder / path).write_text(text)
        paths = sorted(map(str, folder.glob('*.py')))
        try:
            before = {path: Loader().load(path).table for path in paths}
        except ConfigError:
            reject()  # `grad_clip=dict(…)` over `grad_clip=None`: nobody can read the tree itself
        wanted = {
            path: map_config(table, library('mmdet')).value() for path, table in before.items() if 'model' in table
        }
        results = list(migrate(paths))
        assert [(result.path, result.refused) for result in results if result.refused] == []
        for result in results:
            Path(result.path).write_text(result.text)
        for path, value in wanted.items():
            table = plain(Loader().load(path).table)
            assert {key for key in value if not same(table.get(key), value[key])} == set()
            assert {key for key in table.keys() - value.keys() if key in SECTIONS and table[key] is not None} == set()
        again = list(migrate(paths))
        assert not any(result.changed for result in again)
