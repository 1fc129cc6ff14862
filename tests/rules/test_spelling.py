"""A misspelt name is one defect: what would follow from it is not told."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import pytest

from cfglint.diagnostics import Severity
from cfglint.sections import misspelt
from cfglint.sections.table import SECTIONS
from tests.kit.complete import complete
from tests.kit.repo import diagnose

if TYPE_CHECKING:
    from pathlib import Path


def warned(folder: Path, text: str) -> list[tuple[str, str | None]]:
    return [(each.rule, each.key) for each in diagnose(folder, complete(text)) if each.severity >= Severity.WARNING]


@pytest.mark.parametrize(
    ('text', 'said'),
    [
        # A required field.
        ('train_cfg = dict(by_epoch=True, max_epoch=2)\n', ('misspelt-field', 'train_cfg.max_epoch')),
        # One whose default is not what is meant.
        (
            "param_scheduler = [dict(type='LinearLR', by_epoh=False, end=300)]\n",
            ('misspelt-field', 'param_scheduler.0.by_epoh'),
        ),
        # One that another field needs.
        (
            "optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1, momentun=0.9, nesterov=True))\n",
            ('misspelt-field', 'optim_wrapper.optimizer.momentun'),
        ),
        # An argument of a component, in a list.
        (
            "train_dataloader = dict(batch_size=1, num_workers=1, sampler=dict(type='DefaultSampler', shuffle=True),\n"
            "    dataset=dict(type='ToyDataset', pipeline=[dict(type='mmdet.RandomFlip', prb=0.5)]))\n",
            ('misspelt-argument', 'train_dataloader.dataset.pipeline.0.prb'),
        ),
        # A whole section.
        ('val_cgf = dict()\nval_cfg = None\ndel val_cfg\n', ('misspelt-section', 'val_cgf')),
    ],
)
def test_what_follows_is_not_told(text: str, said: tuple[str, str], tmp_path: Path) -> None:
    assert warned(tmp_path, text) == [said]


def test_other_defects_of_the_same_dict_are_told(tmp_path: Path) -> None:
    text = "train_cfg = dict(by_epoch=True, max_epoch='2', val_interval=0)\n"
    assert warned(tmp_path, text) == [
        ('misspelt-field', 'train_cfg.max_epoch'),
        ('wrong-type', 'train_cfg.max_epochs'),
        ('value-out-of-range', 'train_cfg.val_interval'),
    ]


def test_a_name_that_is_there_as_well_stays_as_it_is(tmp_path: Path) -> None:
    text = 'train_cfg = dict(by_epoch=True, max_epoch=9, max_epochs=2)\n'
    assert warned(tmp_path, text) == [('misspelt-field', 'train_cfg.max_epoch')]


def test_misspelt_names_within_misspelt_ones(tmp_path: Path) -> None:
    text = "default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1))\n"
    text += "optim_wraper = dict(optimizr=dict(type='SGD', lr=0.1, momentun=0.9, nesterov=True))\ndel optim_wrapper\n"
    found = warned(tmp_path, 'optim_wrapper = None\n' + text)
    assert found == [
        ('misspelt-section', 'optim_wraper'),
        ('misspelt-field', 'optim_wrapper.optimizr'),
        ('misspelt-field', 'optim_wrapper.optimizer.momentun'),
    ]


@pytest.mark.parametrize(
    'name', ['train_dataloadr', 'valevaluator', 'x', 'visualiser', 'model_wraper', 'y' * 300, 'parm_scheduler']
)
def test_sections_of_other_lengths_are_not_compared(name: str) -> None:
    near = difflib.get_close_matches(name, SECTIONS, 1, misspelt._NEAR)
    assert misspelt.nearest_section(name) == (near[0] if near else None)
    assert set(near) <= {section for section, _ in misspelt._as_long(len(name))}
    assert len(misspelt._as_long(len(name))) < len(SECTIONS)
