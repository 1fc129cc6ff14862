"""The rules about the run as a whole: the Runner, loops, optimizers, schedulers, hooks, logging."""

from __future__ import annotations

from cfglint.rules import family

TOPICS = (
    'section_groups', 'runner', 'flexible_runner', 'units', 'sampling', 'schedule_windows', 'schedule_steps',
    'schedule_values', 'validation', 'accumulation', 'checkpoints', 'training_hooks', 'metric_names', 'logging', 'tta',
    'optimizer',
)  # fmt: skip
RULES = [rule for rule in family('consistency') if rule.check.__module__.rpartition('.')[2] in TOPICS]
