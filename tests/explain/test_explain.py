"""``cfglint explain`` answers what people type: names of all kinds, and messages as they stand in bug reports."""

from __future__ import annotations

import pytest

from cfglint.catalog.run_libraries import Libraries
from cfglint.explain import answer
from cfglint.explain.search import raised, rules
from cfglint.rules import FAMILIES, all_rules
from cfglint.sections.table import LEGACY_KEYS, SECTIONS
from cfglint.usage import UsageError

KNOWN = Libraries()

PAGES = {
    'fp16': 'removed-fp16\n',
    'lr_config': 'removed-lr-config\n',
    'removed_fp16': 'removed-fp16\n',
    'removed-fp-16': 'removed-fp16\n',
    'mispelt-field': 'misspelt-field\n',
    'retinahead': 'mmdet.RetinaHead\n',
    'RetinaHead': 'mmdet.RetinaHead\n',
    'retina_head': 'mmdet.RetinaHead\n',
    'deprecated': 'deprecated: a family of ',
    'train_cfg': 'train_cfg\n=========\n',
}


@pytest.mark.parametrize('name', PAGES)
def test_a_name_leads_to_its_page(name: str) -> None:
    assert answer(name, KNOWN).startswith(PAGES[name])


@pytest.mark.parametrize('name', [*FAMILIES, *SECTIONS, *all_rules()])
def test_all_families_sections_and_rules_have_a_page(name: str) -> None:
    assert answer(name, KNOWN).startswith(name)


@pytest.mark.parametrize('key', sorted(LEGACY_KEYS))
def test_all_keys_of_0x_lead_to_the_rule_about_them(key: str) -> None:
    assert 'Family: deprecated' in answer(key, KNOWN)


MESSAGES = {
    "KeyError: 'PackDetInput is not in the mmdet::transform registry'": (
        'did you mean `PackDetInputs`?',
        'unknown-type',
        'wrong-registry',
    ),
    "KeyError: 'Mask2Former is not in the mmengine::model registry. Please check whether the value of `Mask2Former` is correct "
    'or it was registered as expected. More details can be found at https://mmengine.readthedocs.io/en/latest/a.html#b': (
        "write `type='mmdet.Mask2Former'`",
        'missing-default-scope',
    ),
    "KeyError: 'MyYOLOV3 is not in the mmdet::model registry.'": ('unimported-type', 'missing-default-scope'),
    "TypeError: __init__() got an unexpected keyword argument 'img_scale'": (
        '`img_scale` of `Resize` is `scale` in 1.x',
        'unknown-argument',
        'renamed-argument',
    ),
    'TypeError: class `RetinaNet` in mmdet/models/detectors/retinanet.py: __init__() got an unexpected keyword argument '
    "'pretrained'": ('model-level-pretrained', 'unknown-argument'),
    'ValueError: train_dataloader, train_cfg, and optim_wrapper should be either all None or not None, but got '
    "train_dataloader=None, train_cfg={'type': 'EpochBasedTrainLoop'}, optim_wrapper={'type': 'OptimWrapper'}.": (
        'incomplete-section-group',
    ),
    'RuntimeError: `self._train_loop` should not be None when calling train method. Please provide `train_dataloader`, '
    '`train_cfg`, `optimizer` and `param_scheduler` arguments when initializing runner.': ('legacy-config',),
    "AttributeError: 'ConfigDict' object has no attribute 'test_dataloader'": ('legacy-config',),
    "AttributeError: 'ConfigDict' object has no attribute 'data'": ('config-newer-than-target', 'removed-data'),
    'optim_wrapper should be a dict': ('wrong-type',),
    'TypeError: optimizer wrapper should be an OptimWrapper object or dict, but got 3': ('wrong-type',),
    'AssertionError: only one of size and size_divisor should be valid': ('unsized-seg-preprocessor',),
    """KeyError: "Duplicate key is not allowed among bases. Duplicate keys: {'default_hooks'}\"""": (
        'duplicate-base-key',
    ),
    'RuntimeError: The size of tensor a (4) must match the size of tensor b (3) at non-singleton dimension 0': (
        'class-weight-mismatch',
        'image-channels-mismatch',
    ),
    'ValueError: persistent_workers option needs num_workers > 0': ('conflicting-fields',),
    "ModuleNotFoundError: No module named 'mmcv.runner'": ('removed-import',),
    "AttributeError: module 'mmcv' has no attribute 'Config'": ('removed-attribute',),
    "KeyError: 'data_samples'": ('unpacked-pipeline',),
    'KeyError: \'the cfg dict must contain the key "type"\'': ('typeless-component',),
    'Top-5 accuracy is unavailable since the number of categories is 4': ('topk-beyond-classes',),
    'learning rate does not change': ('removed-lr-config',),
    'mixed precision': ('removed-fp16',),
    'num_classes mismatch': ('num-classes-mismatch',),
    'samples_per_gpu': ('removed-data',),
    'flip_ratio': ('renamed-argument', '`flip_ratio` of `RandomFlip` is `prob` in 1.x'),
    'clip_grad': ('removed-optimizer-config', '`clip_grad` is a field of `optim_wrapper`'),
    'DefaultFormatBundle': ('`DefaultFormatBundle` is of 0.x; in 1.x: it is `Pack…Inputs`',),
    'EvalHook': ('in 1.x: write `val_evaluator`',),
}


@pytest.mark.parametrize('text', MESSAGES)
def test_a_message_leads_to_rules(text: str) -> None:
    found = answer(text, KNOWN)
    assert [part for part in MESSAGES[text] if part not in found] == []
    assert len(found.splitlines()) < 60


def test_a_traceback_is_read_to_its_end() -> None:
    text = (
        'Traceback (most recent call last):\n  File "tools/train.py", line 135, in <module>\n    main()\n'
        "KeyError: 'type'\n\nDuring handling of the above exception, another exception occurred:\n\n"
        'AssertionError: only one of size and size_divisor should be valid\n'
    )
    assert answer(text, KNOWN).startswith('unsized-seg-preprocessor\n')


@pytest.mark.parametrize(('text', 'hint'), [
    ('pizza delivery', '`cfglint rules` lists the rules'),
    ('RuntimeError: CUDA out of memory', '`cfglint rules` lists the rules'),
    ('wandb', 'there are `WandbVisBackend`'),
    ('CosineAnealingLr of', 'did you mean `CosineAnnealingLR`'),
    ('', '`cfglint rules` lists the rules'),
])  # fmt: skip
def test_what_is_not_known_is_said(text: str, hint: str) -> None:
    with pytest.raises(UsageError, match=r'^nothing is known about `') as caught:
        answer(text, KNOWN)
    assert hint in str(caught.value)


def test_what_is_raised_is_that_of_a_rule() -> None:
    messages = raised()
    assert messages.keys() <= all_rules().keys() and len(messages) > 100
    texts = [text for each in messages.values() for text in each]
    assert all(text.partition(': ')[0].isidentifier() for text in texts)


@pytest.mark.parametrize('name', sorted(raised()))
def test_what_a_rule_says_is_raised_leads_to_it(name: str) -> None:
    texts = raised()[name]
    missed = [text for text in texts if name not in [rule.name for rule in rules(text)]]
    assert len(missed) <= len(texts) / 4, missed
