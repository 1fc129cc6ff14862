"""Whether a top-level name of a file has the kind of value that MMEngine, or 0.x, reads below that name.

Values are plain Python ones; `OPAQUE` stands for what is not known, and fits no shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable


class _Opaque:
    def __repr__(self) -> str:
        return 'OPAQUE'


OPAQUE: Final = _Opaque()

_SPLITS = frozenset({'train', 'val', 'test'})
_LOADER_ARGUMENTS = frozenset({
    'samples_per_gpu', 'workers_per_gpu', 'imgs_per_gpu', 'videos_per_gpu', 'train_dataloader', 'val_dataloader',
    'test_dataloader', 'train_ratio', 'persistent_workers', 'unlabeled', 'sampler',
})  # fmt: skip
_EVALUATION_ARGUMENTS = frozenset(
    {'interval', 'start', 'metric', 'metrics', 'save_best', 'by_epoch', 'dynamic_intervals'}
)
_LOG_ARGUMENTS = frozenset({'interval', 'hooks'})


def is_mapping(value: Any) -> bool:
    """Tell whether a value is a dict."""
    return isinstance(value, Mapping)


def is_typed(value: Any) -> bool:
    """Tell whether a value is a dict with the ``type`` of a registered component, or a list with such dicts."""
    if isinstance(value, (list, tuple)):
        return any(is_mapping(item) and is_typed(item) for item in value)
    if not is_mapping(value) or 'type' not in value:
        return False
    kind = value['type']
    if isinstance(kind, str):
        # Registered names are those of classes; `type` of a JSON schema or of a request is a common word.
        return any(letter.isupper() for letter in kind) or '.' in kind
    return kind is OPAQUE or not isinstance(kind, (int, float, list, dict, type(None)))


def _is_section(value: Any) -> bool:
    return is_mapping(value) or (isinstance(value, (list, tuple)) and any(map(is_mapping, value)))


def _is_data(value: Any) -> bool:
    return is_mapping(value) and not (_SPLITS | _LOADER_ARGUMENTS).isdisjoint(value)


def has_loader_arguments(value: Any) -> bool:
    """Tell whether a ``data`` says how 0.x shall load it."""
    return is_mapping(value) and not _LOADER_ARGUMENTS.isdisjoint(value)


def _is_runner(value: Any) -> bool:
    if not is_mapping(value):
        return False
    kind = value.get('type')
    return 'max_epochs' in value or 'max_iters' in value or (isinstance(kind, str) and kind.endswith('Runner'))


def _is_evaluation(value: Any) -> bool:
    if not is_mapping(value):
        return False
    kind = value.get('type')
    return kind.endswith('Hook') if isinstance(kind, str) else not _EVALUATION_ARGUMENTS.isdisjoint(value)


def _is_workflow(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and any(
        isinstance(each, (list, tuple)) and len(each) == 2 for each in value
    )


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_log(value: Any) -> bool:
    return is_mapping(value) and not _LOG_ARGUMENTS.isdisjoint(value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


MODERN_SHAPES: Final[dict[str, Callable[[Any], bool]]] = {
    'default_scope': _is_text,
    'optim_wrapper': is_mapping,
    'train_dataloader': _is_section,
    'val_dataloader': _is_section,
    'test_dataloader': _is_section,
    'val_evaluator': _is_section,
    'test_evaluator': _is_section,
    'default_hooks': is_mapping,
    'env_cfg': is_mapping,
    'param_scheduler': _is_section,
    'log_processor': is_mapping,
    'randomness': is_mapping,
    'tta_model': is_mapping,
    'vis_backends': _is_section,
    'custom_imports': lambda value: is_mapping(value) and 'imports' in value,
}
"""Names of MMEngine that nothing else has: a file that gives one of them such a value is a config."""

LEGACY_SHAPES: Final[dict[str, Callable[[Any], bool]]] = {
    'data': has_loader_arguments,
    'runner': _is_runner,
    'lr_config': is_mapping,
    'momentum_config': is_mapping,
    'optimizer_config': is_mapping,
    'checkpoint_config': is_mapping,
    'log_config': _is_log,
    'evaluation': _is_evaluation,
    'workflow': _is_workflow,
    'dist_params': is_mapping,
    'total_epochs': _is_count,
    'total_iters': _is_count,
}
"""The same for 0.x."""

COMMON_SHAPES: Final[dict[str, Callable[[Any], bool]]] = {
    'model': is_mapping,
    'data': _is_data,
    'optimizer': is_mapping,
    'optimizers': is_mapping,
    'fp16': is_mapping,
    'train_cfg': is_mapping,
    'val_cfg': is_mapping,
    'test_cfg': is_mapping,
    'visualizer': is_typed,
    'custom_hooks': is_typed,
    'train_pipeline': _is_section,
    'val_pipeline': _is_section,
    'test_pipeline': _is_section,
}
"""Names that other programs use as well: they tell something only where nothing speaks against a config."""
