"""Examples as whole configs: what a snippet leaves out is filled in, so that MMEngine can build it and train."""

from __future__ import annotations

import ast
import re

from cfglint.rules.declaration import Rule

SECTIONS = {
    'default_scope': "'mmengine'",
    'model': "dict(type='ToyModel')",
    'train_dataloader': """dict(
    batch_size=2,
    num_workers=0,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')]))""",
    'val_dataloader': """dict(
    batch_size=2,
    num_workers=0,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')]))""",
    'test_dataloader': 'val_dataloader',
    'val_evaluator': "dict(type='ToyMetric')",
    'test_evaluator': 'val_evaluator',
    'optim_wrapper': "dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.01, momentum=0.9))",
    'train_cfg': "dict(type='EpochBasedTrainLoop', max_epochs=2)",
    'val_cfg': 'dict()',
    'test_cfg': 'dict()',
}
"""A complete config, section by section, in the order in which they are written."""

_FENCE = re.compile(r'```py title="(bad|good)(?:/([^"]+))?"\n(.*?)```', re.DOTALL)


def examples(doc: str) -> dict[str, dict[str, str]]:
    """Return the ``bad`` and ``good`` example of a rule's documentation: file names with their texts.

    An example of one file is called ``config.py``; where there are several, ``config.py`` is the one to check.
    """
    found: dict[str, dict[str, str]] = {}
    for kind, name, text in _FENCE.findall(doc):
        found.setdefault(kind, {})[name or 'config.py'] = text
    return found


def example_files(rule: Rule, kind: str, *, runnable: bool = False) -> dict[str, str]:
    """Return the files of a rule's ``bad`` or ``good`` example.

    ``config.py`` is completed if it has no bases and the rule is about entries, or if it is to be `runnable`.
    """
    files = examples(rule.doc)[kind]
    text = files.get('config.py', '')
    is_whole = (runnable or rule.scope == 'entry') and text and '_base_' not in text and 'read_base' not in text
    return {**files, 'config.py': complete(text)} if is_whole else files


def complete(text: str) -> str:
    """Return a snippet with every section of a runnable config that it does not set itself."""
    names = {
        target.id
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    added = []
    for name, value in SECTIONS.items():
        if name in names:
            continue
        if value in SECTIONS and value in names:  # the snippet sets what this one would repeat
            value = SECTIONS[value] if SECTIONS[value] not in SECTIONS else SECTIONS[SECTIONS[value]]
        added.append(f'{name} = {value}\n')
    return text + ''.join(added)
