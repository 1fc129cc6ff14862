"""Arguments that a config does not have to give, because MMEngine or the object around passes them.

A class does not tell what its builder adds: `build_norm_layer` passes `num_features` and takes `requires_grad` away.
The tables hold what MMEngine does, and what the parts of each library do to their own parts; they were completed until
every component of the official zoos was accepted, real defects aside.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from cfglint.catalog.installation import Installation
    from cfglint.catalog.model import Component


class Framework(NamedTuple):
    """What happens to the arguments of a component before it is built."""

    given: frozenset[str] = frozenset()
    """Passed by whoever builds it."""
    extra: frozenset[str] = frozenset()
    """Taken out of the config before it is built: they are no arguments of the component."""
    elsewhere: bool = False
    """Whoever builds it may pass more: what is missing cannot be judged."""


def _rule(given: str = '', extra: str = '', elsewhere: bool = False) -> Framework:
    return Framework(frozenset(given.split()), frozenset(extra.split()), elsewhere)


_BY_REGISTRY: Final = {
    'LOOPS': _rule('runner dataloader evaluator'),
    'DATA_SAMPLERS': _rule('dataset seed sampler batch_size'),
    'PARAM_SCHEDULERS': _rule('optimizer', 'convert_to_iter_based epoch_length'),
    'OPTIMIZERS': _rule('params model', 'batch_size_per_gpu'),
    'OPTIM_WRAPPERS': _rule('optimizer', 'constructor paramwise_cfg'),
    'OPTIM_WRAPPER_CONSTRUCTORS': _rule('optim_wrapper_cfg paramwise_cfg'),
    'MODEL_WRAPPERS': _rule('module device_ids'),
    'HOOKS': _rule('', 'priority'),
    'VISBACKENDS': _rule('save_dir', 'name'),
    'FUNCTIONS': _rule(elsewhere=True),
}
_BY_LEGACY_REGISTRY: Final = {
    **_BY_REGISTRY,
    'OPTIMIZERS': _rule('params', 'constructor paramwise_cfg paramwise_options'),  # the last is mmselfsup's
    'OPTIMIZER_BUILDERS': _rule('optimizer_cfg paramwise_cfg'),
    'RUNNERS': _rule(
        'model optimizer work_dir logger meta batch_processor', 'ipu_model_cfg options_cfg'
    ),  # of mmcls, on an IPU
}
"""The same in 0.x, of mmcv 1.x."""

_BY_BASE: Final = {
    'mmengine.model.BaseTTAModel': _rule('module'),
    'mmengine.model.BaseAveragedModel': _rule('model', 'start_iter'),
}

_BY_SLOT: Final = (
    # Layers: mmcv's `build_…_layer` and `build_plugin_layer` pass channels and sizes.
    (re.compile(r'(?:.*_)?norm(?:_cfg|_layer)?'), _rule(extra='requires_grad', elsewhere=True)),
    (re.compile(r'dcn|dcn_cfg|sac|rfp|conv_cfg|.*_conv_cfg'), _rule(extra='fallback_on_stride', elsewhere=True)),
    (re.compile(r'upsample_cfg'), _rule(extra='scale_factor upsample_kernel', elsewhere=True)),
    # mmrazor: a mutator hands on what stands beside the unit's type; a mutable gives its channels to its candidates.
    (re.compile(r'channel_unit_cfg'), _rule(extra='default_args units', elsewhere=True)),
    (re.compile(r'candidates'), _rule(elsewhere=True)),
    (re.compile(r'(?:.*_)?cfgs?|(?:.*_)?config'), _rule(elsewhere=True)),
    # mmdet: heads and detectors hand channels, numbers and themselves to their parts.
    (re.compile(r'(?:pos_|neg_)?sampler'), _rule('num pos_fraction context')),
    (re.compile(r'pixel_decoder'), _rule('in_channels feat_channels out_channels')),
    (re.compile(r'rpn_head'), _rule('num_classes train_cfg test_cfg')),
    (re.compile(r'stages'), _rule('train_cfg test_cfg', 'sampling')),
    (re.compile(r'(?:.*_)?roi_extractor'), _rule('out_channels featmap_strides')),
    (re.compile(r'loss_cls|loss_mask|loss_dice'), _rule('', 'bg_cls_weight')),
    # mmdet3d
    (re.compile(r'separate_head'), _rule(elsewhere=True)),
    (re.compile(r'roi_head'), _rule('train_cfg test_cfg')),
    # mmocr: a head or decoder hands its dictionary to its parts.
    (re.compile(r'postprocessor|module_loss|(?:.*_)?decoder|kie_head'), _rule('dictionary fourier_degree in_channels')),
    # mmpretrain, mmaction2
    (re.compile(r'policies|.*_policies'), _rule('', 'magnitude_key magnitude_range')),
    (
        re.compile(r'vision_encoder|text_backbone|vision_backbone|q_former_model|lang_encoder'),
        _rule('', 'pretrained encoder_width add_ln', elsewhere=True),
    ),
    # mmagic
    (re.compile(r'degradations'), _rule('keys')),
    (re.compile(r'generator|discriminator'), _rule('noise_size num_classes')),
    (re.compile(r'collate_fn|worker_init_fn'), _rule(elsewhere=True)),
)

DEMANDED: Final = {'torch.nn.modules.normalization.GroupNorm': frozenset({'num_groups'})}
"""Class → what has to be in its dict although others add to it: `build_norm_layer` knows no number of groups."""

NAMED_PARTS: Final = frozenset({'candidates'})
"""Keys of dicts without a `type` whose values are components under names of the user's: they stand at this key."""

_PLAIN_SLOTS: Final = re.compile(
    # mmdet: operators of mmcv, and names that the class around looks up itself
    r'nms|nms_cfg|dqs_cfg|roi_layer|adapt_cfg|align_cfgs|(?:same|across|output)_.*trans|'
    # mmaction2, mmocr, mmpretrain, mmagic
    r'consensus|slow_pathway|fast_pathway|fbo_cfg|block_cfgs|targets|adapter|vis_kwargs_list|ensemble|'
    r'dream_booth_lora_cfg|quantizer'
)
_PLAIN_PARENTS: Final = frozenset({'ImgAug', 'Imgaug', 'Albu', 'Albumentations', 'Albumentation'})
_PLAIN_INITIALIZERS: Final = frozenset(
    {
        'studio',
        'ortho',
        'N02',
        'BigGAN',
        'normal',
        'xavier',
        'kaiming',
        'orthogonal',
        'init_from_unet',
        'convert_from_unet',
    }
)
_PLAIN_TYPES: Final = frozenset(
    {
        # mmrazor appends `Recorder` before it looks them up.
        'ModuleInputs',
        'ModuleOutputs',
        'MethodInputs',
        'MethodOutputs',
        'FunctionInputs',
        'FunctionOutputs',
    }
)


_TAKEN_FROM_OPTIMIZERS: Final = {
    ('mmselfsup', 'LearningRateDecayOptimWrapperConstructor'): frozenset({'model_type', 'layer_decay_rate'}),
}
"""What constructors of optimizer wrappers that build on MMEngine's take out of the optimizer's dict."""


def taken_from_optimizer(constructor: Component) -> frozenset[str]:
    """The keys of an optimizer that the constructor of its wrapper takes away before it is built."""
    return _TAKEN_FROM_OPTIMIZERS.get((constructor.library, constructor.name), frozenset())


def injected(component: Component, installation: Installation, slot: str = '') -> Framework:
    """What is added to, or taken from, the arguments of a component that stands at the key `slot` of its parent."""
    by_registry = (_BY_REGISTRY if installation.era else _BY_LEGACY_REGISTRY).get(component.registry)
    if by_registry is not None:
        return by_registry
    for base, rule in _BY_BASE.items():
        if installation.derives(component.path, base):
            return rule
    return _at_slot(slot)


@lru_cache(maxsize=1024)
def _at_slot(slot: str) -> Framework:
    return next((rule for pattern, rule in _BY_SLOT if pattern.fullmatch(slot)), Framework())


@lru_cache(maxsize=4096)
def plain(type_: object, slot: str, parents: tuple[str, ...] = ()) -> bool:
    """Whether a dict with this `type` is read by the class around, and not built from a registry.

    `slot` is its key (or that of the list it is in), `parents` are the types of the components around it.
    """
    if _PLAIN_SLOTS.fullmatch(slot) is not None or any(holds_plain(parent) for parent in parents):
        return True
    if not isinstance(type_, str):
        return False
    return type_ in _PLAIN_TYPES or (slot == 'init_cfg' and type_ in _PLAIN_INITIALIZERS)


@lru_cache(maxsize=4096)
def holds_plain(type_: str) -> bool:
    """Whether no dict below a component of this `type` is built from a registry."""
    return type_.rpartition('.')[2] in _PLAIN_PARENTS
