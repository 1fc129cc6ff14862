"""What the targeted release of a library does not have any more, and where it went."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from cfglint.catalog import Component, Installation, Missing, libraries
from cfglint.catalog.library_index import taken_over
from cfglint.catalog.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.catalog.installation import Release
    from cfglint.rules.context import Context


class Home(NamedTuple):
    """Where something is today."""

    module: str
    name: str

    @property
    def statement(self) -> str:
        """What to write to have it."""
        return f'from {self.module} import {self.name}'


class Gone(NamedTuple):
    """A module, or a name of a module, that the targeted release does not have.

    Attributes:
        library: The library.
        release: Its targeted release.
        had: Another release, which has it.
        module: The module that has no such name, or that is absent itself.
        name: The name; empty for a module.
        home: Where the same is today, if that is known.
        advice: What to do where there is no such place.
    """

    library: str
    release: str
    had: str
    module: str
    name: str
    home: Home | None
    advice: str


_REGISTRIES: Final = {
    'PIPELINES': 'TRANSFORMS',
    'SAMPLERS': 'DATA_SAMPLERS',
    'MODULE_WRAPPERS': 'MODEL_WRAPPERS',
    'RUNNER_BUILDERS': 'RUNNER_CONSTRUCTORS',
    'OPTIMIZER_BUILDERS': 'OPTIM_WRAPPER_CONSTRUCTORS',
    **dict.fromkeys((
        'BBOX_ASSIGNERS', 'BBOX_SAMPLERS', 'BBOX_CODERS', 'IOU_CALCULATORS', 'ANCHOR_GENERATORS', 'PRIOR_GENERATORS',
        'MATCH_COST', 'ROTATED_BBOX_ASSIGNERS', 'ROTATED_BBOX_CODERS', 'ROTATED_IOU_CALCULATORS', 'VOXEL_GENERATORS',
    ), 'TASK_UTILS'),
    **dict.fromkeys((
        'BACKBONES', 'NECKS', 'HEADS', 'LOSSES', 'DETECTORS', 'SEGMENTORS', 'CLASSIFIERS', 'RECOGNIZERS', 'POSENETS',
        'SHARED_HEADS', 'ROI_EXTRACTORS', 'COMPONENTS', 'ALGORITHMS', 'LOCALIZERS', 'MODULES', 'ENCODERS', 'DECODERS',
        'CONVERTORS', 'ACTIVATION_LAYERS', 'CONV_LAYERS', 'NORM_LAYERS', 'PADDING_LAYERS', 'UPSAMPLE_LAYERS',
        'PLUGIN_LAYERS', 'DROPOUT_LAYERS', 'ATTENTION', 'FEEDFORWARD_NETWORK', 'POSITIONAL_ENCODING', 'TRANSFORMER',
        'TRANSFORMER_LAYER', 'TRANSFORMER_LAYER_SEQUENCE', 'LINEAR_LAYERS', 'MODELS', 'VOXEL_ENCODERS',
        'MIDDLE_ENCODERS', 'FUSION_LAYERS',
    ), 'MODELS'),
}  # fmt: skip
"""The registries of 0.x, and the root registry that took over."""

_ADVICE: Final = {
    **dict.fromkeys(
        ('auto_fp16', 'force_fp32', 'wrap_fp16_model', 'Fp16OptimizerHook'), 'drop {}: `AmpOptimWrapper` does it'
    ),
    **dict.fromkeys(
        ('OptimizerHook', 'GradientCumulativeOptimizerHook'), 'drop {}: `optim_wrapper` clips and accumulates gradients'
    ),
    **dict.fromkeys(('EvalHook', 'DistEvalHook'), 'drop {}: the validation loop calls the metrics'),
    'DataContainer': 'drop {}: what transforms pack (`PackDetInputs`, …) is collated as it is',
    **dict.fromkeys(
        ('MMDataParallel', 'MMDistributedDataParallel', 'build_dp', 'build_ddp'),
        'drop {}: the Runner wraps the model as `model_wrapper_cfg` says',
    ),
    **dict.fromkeys(
        (
            'build_backbone', 'build_neck', 'build_head', 'build_loss', 'build_detector', 'build_segmentor',
            'build_classifier', 'build_model', 'build_shared_head', 'build_roi_extractor', 'build_posenet',
            'build_transformer', 'build_component', 'build_positional_encoding', 'build_attention', 'build_module',
            'build_transformer_layer', 'build_transformer_layer_sequence', 'build_feedforward_network',
            'build_linear_layer', 'build_encoder', 'build_decoder', 'build_convertor', 'build_preprocessor',
            'build_fuser',
        ),
        'write `MODELS.build(…)` for {}',
    ),
    **dict.fromkeys(
        (
            'build_assigner', 'build_sampler', 'build_bbox_coder', 'build_iou_calculator', 'build_match_cost',
            'build_anchor_generator', 'build_prior_generator',
        ),
        'write `TASK_UTILS.build(…)` for {}',
    ),
    'build_dataset': 'write `DATASETS.build(…)` for {}',
    'build_dataloader': 'write `Runner.build_dataloader(…)` for {}',
    'build_optimizer': 'write `build_optim_wrapper(…)` of `mmengine.optim` for {}',
    'jit': 'drop {}: it did nothing but for Parrots',
    'get_root_logger': 'write `MMLogger.get_current_instance()` of `mmengine.logging` for {}',
    'is_module_wrapper': 'write `is_model_wrapper` of `mmengine.model` for {}',
    'collate': 'write `pseudo_collate` of `mmengine.dataset` for {}',
    'obj_from_dict': 'write the `build` of a registry for {}',
    'imshow_det_bboxes': 'write the `Visualizer` of the library for {}',
}  # fmt: skip
"""What to do about what has no counterpart of its name; `{}` stands for the names."""

_MODULES: Final = {
    'mmcv.runner': 'mmengine.model`, `mmengine.hooks`, `mmengine.optim` and `mmengine.runner',
    'mmcv.parallel': 'mmengine.model` and `mmengine.dataset',
    'mmcv.fileio': 'mmengine.fileio',
    'mmcv.engine': 'mmengine.runner',
}
"""Where the parts of a module are."""


def gone(context: Context, module: str, name: str = '') -> Gone | None:
    """Return what there is to say of a name that is imported from a module, None if it exists or if it is not known.

    Args:
        context: The config.
        module: The module.
        name: The name; empty where the module itself is imported.
    """
    package = module.partition('.')[0]
    library = libraries.library_of(package)
    if library is None or library in ('torch', 'torchvision') or libraries.scope_of(library) != package:
        return None
    if context.libraries.has_local_package(package):
        return None
    key = ('gone', context.scope, module, name)
    return context.shared(key, context.libraries, lambda: (_gone(context, library, module, name),))[0]


def _gone(context: Context, library: str, module: str, name: str) -> Gone | None:
    installation = context.libraries.installation(context.scope)
    release = installation.release(library)
    path = f'{module}.{name}' if name else module
    missing = installation.by_path(path)
    if release is None or not isinstance(missing, Missing) or not f'{path}.'.startswith(f'{missing.module}.'):
        return None
    old = _last_with(release, module, name)
    if old is None:
        return None  # nobody has ever had it: a fork, or a mistake of another kind
    absent = next((each for each in _prefixes(module) if not isinstance(installation.modules(each), Names)), '')
    home = _home(installation, old, library, path) if name else None
    advice = '' if home is not None else _ADVICE.get(name, '') or _parts(absent)
    where = (absent, '') if absent else (module, name)
    return Gone(library, release.version, str(old.release(library).version), *where, home, advice)  # type: ignore[union-attr]


def _parts(module: str) -> str:
    return f'see `{_MODULES[module]}` for {{}}' if module in _MODULES else ''


def _prefixes(module: str) -> Iterator[str]:
    parts = module.split('.')
    yield from ('.'.join(parts[:end]) for end in range(1, len(parts) + 1))


def _last_with(release: Release, module: str, name: str) -> Installation | None:
    """Return the newest release of a library that has a module (and, if the targeted one has that, the name)."""
    needs_name = bool(name) and release.module(module) is not None
    for version in reversed(release.catalog.releases):
        old = _alone(release.library, version)
        if isinstance(old.modules(module), Names) and not (
            needs_name and isinstance(old.by_path(f'{module}.{name}'), Missing)
        ):
            return old
    return None


@cache
def _alone(library: str, version: str) -> Installation:
    return Installation({library: version})


def _home(installation: Installation, old: Installation, library: str, path: str) -> Home | None:
    package, name = libraries.scope_of(library), path.rpartition('.')[2]
    key = old.registry_key(path)
    if key is not None or name in _REGISTRIES:
        return _registry(installation, package, name, (key or name).partition('@')[0])
    was = old.by_path(path)
    is_class = isinstance(was, Component) and was.kind == 'class'
    origin = was.path if isinstance(was, Component) else path
    for each in _packages(origin.partition('.')[0], is_class=is_class):
        found = _shallowest(installation, each, name, origin, is_class=is_class)
        if found is not None:
            return Home(found, name)
    return None


def _packages(package: str, *, is_class: bool) -> Iterator[str]:
    """Yield the packages that may have what another had; functions of mmcv that are called alike do other things."""
    if package == 'mmcv':
        yield from ('mmengine', 'mmcv')
        return
    successor = taken_over().get(package)
    yield from (package, *([successor] if successor else []), 'mmengine', *(['mmcv'] if is_class else []))


def _registry(installation: Installation, package: str, name: str, variable: str) -> Home | None:
    for scope in (package, taken_over().get(package), 'mmengine'):
        for each in (variable, _REGISTRIES.get(variable), _REGISTRIES.get(name)):
            if scope and each and isinstance(installation.by_path(f'{scope}.registry.{each}'), Component):
                return Home(f'{scope}.registry', each)
    return None


def _shallowest(installation: Installation, package: str, name: str, origin: str, *, is_class: bool) -> str | None:
    """Return the public module of a package from which to import a name that is defined in the package.

    Where there are several of that name, the one whose path is most like the `origin` is meant.
    """
    release = installation.release(libraries.library_of(package) or '')
    if release is None or release.catalog.era(release.index) != installation.era or name in _ADVICE:
        return None
    parts = set(origin.split('.'))
    found: list[tuple[int, float, str]] = []
    for module in release.catalog.modules():
        names = installation.modules(module)
        if any(part.startswith('_') for part in module.split('.')) or not isinstance(names, Names):
            continue
        if names.bound.get(name) != '':
            continue
        located = installation.by_path(f'{module}.{name}')
        if isinstance(located, Component) and (located.kind == 'class') == is_class:
            likeness = len(parts.intersection(module.split('.')))
            found += [
                (-likeness, _depth(each), each)
                for each in _prefixes(module)
                if each == module or name in installation.exported(each)
            ]
    return min(found)[2] if found else None


def _depth(module: str) -> float:
    """Order modules by how much one would write them: `mmengine.utils` goes before `mmengine`, which has it as well."""
    return module.count('.') or 1.5
