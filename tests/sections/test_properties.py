"""Whatever the value: an answer, soon; and nothing is said of what is not known."""

from __future__ import annotations

import copy
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cfglint.language.values import Array, Lazy, Opaque, Row, Table, Unknown
from cfglint.sections import SECTIONS, validate
from cfglint.sections.violations import Violation
from tests.sections.cases import CASES, Case

UNKNOWN = Unknown('a reason')
NAMES = sorted(
    {key for case in CASES if isinstance(case.bad, dict) for key in case.bad}
    | {'type', '_scope_', '_delete_', 'optimizer', 'dataset', 'datasets', 'metrics', 'init_cfg', 'override'}
)
TYPES = [
    'CheckpointHook',
    'mmengine.EMAHook',
    'StepLR',
    'OneCycleLR',
    'SGD',
    'OptimWrapper',
    'AmpOptimWrapper',
    'Other',
]
TYPES += [
    'ConcatDataset',
    'RepeatDataset',
    'DefaultSampler',
    'ValLoop',
    'Visualizer',
    'LocalVisBackend',
    'ProfilerHook',
]
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(5000, 5001).map(lambda digits: 10**digits),  # too long to be printed
    st.sampled_from([-1, 0, 1, float('inf'), float('nan')]),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(TYPES),
    st.sampled_from(
        [UNKNOWN, Lazy('a.B'), Lazy('mmengine.hooks.CheckpointHook'), Opaque('function', 'f'), Opaque('PosixPath')]
    ),
    st.binary(max_size=3),
    st.just(1j),
)
keys = st.one_of(st.sampled_from(NAMES), st.text(max_size=4), st.integers(0, 3), st.just(UNKNOWN), st.just(('a', 1)))
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.lists(inner, max_size=3).map(Array),
        st.lists(inner, max_size=3).map(Row),
        st.dictionaries(keys, inner, max_size=5),
        st.dictionaries(keys, inner, max_size=5).map(Table),
    ),
    max_leaves=20,
)


@given(section=st.sampled_from(sorted(SECTIONS)), value=values)
@settings(max_examples=300, deadline=1000)
def test_any_value_gets_an_answer(section: str, value: Any) -> None:
    for violation in validate(section, value):
        assert isinstance(violation, Violation)
        assert len(violation.message) < 2000


@pytest.mark.parametrize('case', [case for case in CASES if case.path], ids=lambda case: f'{case.section}-{case.name}')
def test_nothing_is_said_of_what_is_not_known(case: Case) -> None:
    for depth in range(len(case.path) + 1):
        value = blur(case.bad, case.path[:depth])
        for violation in validate(case.section, value):
            if violation.kind != 'unknown-field':  # the name is known, whatever its value
                assert not is_unknown(value, violation.path), violation


def blur(value: Any, path: tuple[str | int, ...]) -> Any:
    """Replace the value at the path."""
    if not path or (isinstance(value, dict) and path[0] not in value):
        return UNKNOWN
    changed = list(value) if isinstance(value, tuple) else copy.copy(value)
    changed[path[0]] = blur(value[path[0]], path[1:])
    return tuple(changed) if isinstance(value, tuple) else changed


def is_unknown(value: Any, path: tuple[str | int, ...]) -> bool:
    for part in path:
        if value is UNKNOWN:
            return True
        if not isinstance(value, (list, tuple)) and part not in value:
            return False
        value = value[part]
    return value is UNKNOWN


def test_an_unknown_key_may_be_any_key() -> None:
    for case in CASES:
        if case.kind == 'missing-field' and not case.path and isinstance(case.bad, dict):
            assert validate(case.section, {**case.bad, UNKNOWN: UNKNOWN}) == [], case.name


@pytest.mark.parametrize('section', SECTIONS)
def test_unknown_sections_are_accepted(section: str) -> None:
    assert validate(section, UNKNOWN) == []
    assert validate(section, Lazy('my.package.NAME')) == []


def test_cross_checks_need_both_sides() -> None:
    assert validate('param_scheduler', {'type': 'LinearLR', 'begin': 5, 'end': UNKNOWN}) == []
    assert validate('train_dataloader', {'dataset': UNKNOWN, 'num_workers': UNKNOWN, 'persistent_workers': True}) == []
    assert validate('custom_hooks', [{'type': 'EMAHook', 'begin_iter': UNKNOWN, 'begin_epoch': 1}]) == []
    wrapper = {'optimizer': {'type': 'SGD', 'lr': 1, UNKNOWN: 1}, 'paramwise_cfg': {'norm_decay_mult': 0}}
    assert validate('optim_wrapper', wrapper) == []


def test_whose_class_a_type_names() -> None:
    bad = {'type': 'CheckpointHook', 'intervall': 1}
    assert [v.suggestion for v in validate('custom_hooks', [bad])] == ['interval']
    for kind in ('mmengine.CheckpointHook', 'mmengine.hooks.CheckpointHook', Lazy('mmengine.hooks.CheckpointHook')):
        assert len(validate('custom_hooks', [{**bad, 'type': kind}])) == 1, kind
    for kind in ('mmdet.CheckpointHook', 'MyHook', Lazy('mmdet.hooks.CheckpointHook'), Opaque('type'), UNKNOWN):
        assert validate('custom_hooks', [{**bad, 'type': kind}]) == [], kind
    # MMEngine writes the scope of a package into what comes from there, and falls back to its own class.
    assert len(validate('custom_hooks', [{**bad, '_scope_': 'mmdet'}])) == 1
    assert validate('custom_hooks', [{**bad, '_scope_': 'mmdet'}], shadowed=frozenset({'CheckpointHook'})) == []
    assert validate('custom_hooks', [{**bad, '_scope_': 'elsewhere'}]) == []
    assert validate('custom_hooks', [bad], shadowed={'CheckpointHook'}) == []
    assert len(validate('custom_hooks', [{**bad, 'type': 'mmengine.CheckpointHook'}], shadowed={'CheckpointHook'})) == 1


def test_keys_that_may_stand_anywhere() -> None:
    hook = {'type': 'CheckpointHook', '_scope_': 'mmengine', '_delete_': True, 'priority': 'LOW'}
    assert validate('default_hooks', {'checkpoint': hook, '_delete_': True}) == []


def test_python_objects_pass_where_objects_may_be() -> None:
    function, built = Opaque('function', 'collate'), Opaque('ToyDataset')
    assert validate('train_dataloader', {'dataset': built, 'collate_fn': function}) == []
    assert validate('train_dataloader', {'dataset': built, 'collate_fn': Lazy('my.collate')}) == []
    assert validate('custom_hooks', [built, Lazy('my.HOOK')]) == []
    assert [v.kind for v in validate('train_cfg', {'by_epoch': True, 'max_epochs': function})] == ['wrong-type']


def test_a_class_is_no_name_of_a_model_wrapper() -> None:
    found = validate('model_wrapper_cfg', {'type': Lazy('mmengine.model.MMDistributedDataParallel')})
    assert [(v.path, v.kind) for v in found] == [(('type',), 'wrong-type')]


def test_deep_and_large_values_take_bounded_time() -> None:
    deep: Any = {'type': 'ToyDataset'}
    for _ in range(5000):
        deep = {'type': 'RepeatDataset', 'times': 1, 'dataset': deep}
    model: Any = {}
    for _ in range(5000):
        model = {'type': 'A', 'layers': [model]}
    start = time.process_time()
    validate('train_dataloader', {'dataset': deep})
    validate('model', model | {'type': 'A'})
    validate('custom_hooks', [{'type': 'CheckpointHook', 'x' * 10**6: 1}] * 1000)
    validate('param_scheduler', {'type': 'MultiStepLR', 'milestones': list(range(10**5))})
    assert time.process_time() - start < 5
