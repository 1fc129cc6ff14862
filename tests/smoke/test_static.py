"""What `cfglint check` finds, and whether it would end the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cfglint.smoke.static import StaticReader

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
model = dict(type='Toy')
train_dataloader = dict(batch_size=2, dataset=dict(type='ToyData'), sampler=dict(type='DefaultSampler'))
train_cfg = dict(by_epoch=True, max_epochs=3, max_iters=9)
optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))
"""


@pytest.mark.parametrize(
    ('cfg_options', 'ends'),
    [
        ((), True),
        (('optim_wrapper.optimizer.lr=0.5',), True),
        (('train_cfg.type=IterBasedTrainLoop',), False),
        (('custom_imports.imports=[own]',), False),
    ],
)
def test_what_an_option_changes_does_not_end_the_run_before_it(
    tmp_path: Path, cfg_options: tuple[str, ...], ends: bool
) -> None:
    path = tmp_path / 'config.py'
    path.write_text(CONFIG, encoding='utf-8')
    assert bool(StaticReader().broken([str(path)], cfg_options=cfg_options)) is ends
