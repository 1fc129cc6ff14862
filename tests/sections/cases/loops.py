"""train_cfg, val_cfg and test_cfg."""

from __future__ import annotations

from tests.sections.cases.case import (
    EPOCHS,
    ITERATIONS,
    Case,
    W,
)

LOOPS = [
    Case('L001', 'train_cfg', {'type': 'EpochBasedTrainLoop', **EPOCHS}, 'conflict', ('by_epoch',), EPOCHS),
    Case('L002', 'train_cfg', {'max_epochs': 2}, 'unknown-field', ('max_epochs',), EPOCHS),
    Case('L002 type', 'train_cfg', {'type': 'IterBasedTrainLoop', 'max_epochs': 2}, 'unknown-field', ('max_epochs',)),
    Case('L004 iters', 'train_cfg', {'by_epoch': True, 'max_iters': 4}, 'unknown-field', ('max_iters',)),
    Case('L004 missing', 'train_cfg', {'by_epoch': True}, 'missing-field', good=EPOCHS),
    Case('L004 empty', 'train_cfg', {}, 'missing-field', good=ITERATIONS),
    Case(
        'L004 key',
        'train_cfg',
        {**EPOCHS, 'val_intervl': 1},
        'unknown-field',
        ('val_intervl',),
        suggestion='val_interval',
    ),
    Case(
        'L005',
        'train_cfg',
        {'by_epoch': 'False', 'max_epochs': 2},
        'wrong-type',
        ('by_epoch',),
        severity=W,
        oracle=False,
    ),
    Case(
        'L006 fraction',
        'train_cfg',
        {**EPOCHS, 'max_epochs': 1.5},
        'out-of-range',
        ('max_epochs',),
        {**EPOCHS, 'max_epochs': 2.0},
    ),
    Case(
        'L006 string',
        'train_cfg',
        {**EPOCHS, 'max_epochs': '2'},
        'wrong-type',
        ('max_epochs',),
        {**EPOCHS, 'max_epochs': True},
    ),
    Case(
        'L006 none',
        'train_cfg',
        {**ITERATIONS, 'max_iters': None},
        'wrong-type',
        ('max_iters',),
        ITERATIONS,
        quotes=False,
    ),
    Case('L007', 'train_cfg', {**ITERATIONS, 'max_iters': 0}, 'out-of-range', ('max_iters',), severity=W, oracle=False),
    Case(
        'L008 zero',
        'train_cfg',
        {**EPOCHS, 'val_interval': 0},
        'out-of-range',
        ('val_interval',),
        {**EPOCHS, 'val_interval': 2},
    ),
    Case('L008 none', 'train_cfg', {**EPOCHS, 'val_interval': None}, 'wrong-type', ('val_interval',)),
    Case(
        'L009', 'train_cfg', {**EPOCHS, 'val_interval': -1}, 'out-of-range', ('val_interval',), severity=W, oracle=False
    ),
    Case(
        'L009 part',
        'train_cfg',
        {**EPOCHS, 'val_interval': 0.7},
        'out-of-range',
        ('val_interval',),
        severity=W,
        oracle=False,
    ),
    Case('L012', 'train_cfg', {**EPOCHS, 'val_begin': None}, 'wrong-type', ('val_begin',), {**EPOCHS, 'val_begin': 2}),
    Case(
        'L014 lists',
        'train_cfg',
        {**EPOCHS, 'dynamic_intervals': [[1, 2]]},
        'wrong-type',
        ('dynamic_intervals', 0),
        {**EPOCHS, 'dynamic_intervals': [(1, 2)]},
    ),
    Case('L014 tuple', 'train_cfg', {**EPOCHS, 'dynamic_intervals': ((1, 2),)}, 'wrong-type', ('dynamic_intervals',)),
    Case('L014 short', 'train_cfg', {**EPOCHS, 'dynamic_intervals': [(1,)]}, 'out-of-range', ('dynamic_intervals', 0)),
    Case(
        'L014 zero', 'train_cfg', {**EPOCHS, 'dynamic_intervals': [(1, 0)]}, 'out-of-range', ('dynamic_intervals', 0, 1)
    ),
    Case(
        'L015',
        'train_cfg',
        {**EPOCHS, 'dynamic_intervals': [(2, 1), (1, 2)]},
        'out-of-range',
        ('dynamic_intervals',),
        severity=W,
        oracle=False,
    ),
    Case('L016 key', 'val_cfg', {'interval': 1}, 'unknown-field', ('interval',), {'fp16': False}),
    Case(
        'L016 test',
        'test_cfg',
        {'type': 'TestLoop', 'fp61': True},
        'unknown-field',
        ('fp61',),
        {'type': 'TestLoop'},
        suggestion='fp16',
    ),
    Case('L016 type', 'val_cfg', False, 'wrong-type', good={}),
    Case('train_cfg type', 'train_cfg', [EPOCHS], 'wrong-type', good=EPOCHS),
]
