"""What is special about GANs: several optimizers that take turns, wrappers, metrics of distributions (GEN, DDP-03)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.migrate.change import Change, Computed, Dict, Kept, List, Todo, Tree, merged, value_of
from cfglint.migrate.items import Item
from cfglint.migrate.mapping import translation
from cfglint.migrate.mapping.leftovers import takes
from cfglint.migrate.mapping.transforms import kept, swapped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cfglint.migrate.mapping.old import Old

_EVAL_HOOKS = ('GenerativeEvalHook', 'TranslationEvalHook')
EMA_HOOK = 'ExponentialMovingAverageHook'


def wrappers(old: Old) -> Iterator[Change]:
    """`model_wrapper_cfg` of models whose modules are trained in turn (DDP-03, DDP-04)."""
    runner = old.get('runner') or Item({})
    if 'use_ddp_wrapper' not in old and 'is_dynamic_ddp' not in runner:
        return
    find = old.get('find_unused_parameters')
    is_dynamic = bool(runner.plain('is_dynamic_ddp', False))
    unused = Computed(is_dynamic) if find is None or (is_dynamic and not find.value) else Kept(find)
    fields: dict[str, Tree] = {
        'type': Computed('MMSeparateDistributedDataParallel'),
        'broadcast_buffers': Computed(False),
        'find_unused_parameters': unused,
    }
    reads = old.given('use_ddp_wrapper', 'find_unused_parameters')
    yield Change(reads, {'model_wrapper_cfg': Dict(fields)})


# Metrics


def is_generative(old: Old) -> bool:
    """Tell whether `evaluation` measures what a GAN generates."""
    evaluation = old.get('evaluation')
    return evaluation is not None and evaluation.type in _EVAL_HOOKS


def evaluator(old: Old, evaluation: Item) -> Tree:
    """Return the evaluator of a GAN (EVL-18, EVL-19, GEN-30, GEN-31)."""
    metrics = evaluation.get('metrics') or evaluation.get('metric') or Item([])
    entries = metrics.entries() if metrics.is_list else [metrics]
    sampled = evaluation.get('sample_kwargs')
    model = None if sampled is None else sampled.get('sample_model')
    trees = tuple(_metric(old, each, model) for each in entries)
    return Dict({'type': Computed(old.library.evaluator), 'metrics': List(trees)})


def _metric(old: Old, item: Item, model: Item | None) -> Tree:
    facts = old.library.generative_metrics.get(item.type)
    if facts is None:
        return Todo(f'1.x has no metric `{item.type}`', item)
    fields: dict[str, Tree] = {'type': Computed(facts.type, item.get('type')), 'prefix': Computed(prefix(old, item))}
    for name, each in item.fields().items():
        if name in facts.arguments and (new := facts.arguments[name]) is not None:
            fields[new] = Kept(each)
        elif name not in facts.arguments and name not in ('type', 'inception_args'):
            fields[name] = Kept(each)
    inception = item.get('inception_args') or Item({})
    for name, new in (('type', 'inception_style'), ('inception_path', 'inception_path')):
        if (given := inception.get(name)) is not None:
            fields[new] = Kept(given)
    fields['sample_model'] = Computed('ema') if model is None else Kept(model)
    return Dict(fields)


def prefix(old: Old, item: Item) -> str:
    """Return what stands before the slash in what a metric reports: `FID-Full-50k`."""
    facts = old.library.generative_metrics[item.type]
    count = item.plain('num_images')
    return f'{facts.prefix}-{count // 1000}k' if isinstance(count, int) and count >= 1000 else str(facts.prefix)


def best(old: Old, evaluation: Item) -> dict[str, Tree]:
    """Return the fields of the checkpoint hook for `best_metric` (EVL-21, EVL-22)."""
    wanted = evaluation.get('best_metric')
    names = [] if wanted is None else [wanted.value] if isinstance(wanted.value, str) else list(wanted.value)
    metrics = evaluation.get('metrics') or Item([])
    found = {}
    for each in metrics.entries() if metrics.is_list else [metrics]:
        facts = old.library.generative_metrics.get(each.type)
        if facts is not None and facts.key in names:
            found[facts.key] = (f'{prefix(old, each)}/{facts.key}', 'greater' if facts.greater else 'less')
    pairs = [found[name] for name in names if name in found]
    if not pairs:
        return {}
    keys = {
        f'{rule}_keys': Computed([key for key, each in pairs if each == rule])
        for rule in ('less', 'greater')
        if any(each == rule for _, each in pairs)
    }
    if len(pairs) == 1:
        return {'save_best': Computed(pairs[0][0]), 'rule': Computed(pairs[0][1])}
    return {**keys, 'save_best': Computed([key for key, _ in pairs]), 'rule': Computed([rule for _, rule in pairs])}


# The model


def model(old: Old, item: Item, fields: dict[str, Tree]) -> dict[str, Tree]:
    """Return the fields of the model of a GAN (GEN-01 to GEN-17, HOOK-16)."""
    generator = item.get('generator') or Item({})
    new = old.library.gan_models.get(generator.type)
    if item.type in ('StaticUnconditionalGAN', 'BasiccGAN', 'BasicConditionalGAN') and new is not None:
        fields = {**fields, 'type': Computed(new.type, item.get('type'))}
        fields = _loss(item, fields, new.loss, new.type)
    classes = next(
        (each for part in (generator, item.get('discriminator') or Item({})) if (each := part.get('num_classes'))), None
    )
    if classes is not None and 'num_classes' not in fields and item.type in ('BasiccGAN', 'BasicConditionalGAN'):
        fields['num_classes'] = Kept(classes)
    preprocessor = Dict({'type': Computed(old.library.preprocessor.type)})
    fields['data_preprocessor'] = (
        merged(preprocessor, fields['data_preprocessor']) if 'data_preprocessor' in fields else preprocessor
    )
    fields.update(_steps(old))
    fields.update(_arguments(old, fields))
    if old.library.scope == 'mmagic':
        fields = translation.losses(old, item, fields)
        fields.update(
            {
                name: _initialized(each)
                for name in ('generator', 'discriminator')
                if (each := item.get(name)) and 'init_type' in each
            }
        )
    if (ema := _ema(old)) is not None:
        fields['ema_config'] = ema
    return fields


def _initialized(network: Item) -> Tree:
    """`init_type='ortho'` is a dict in MMagic (MDL-06)."""
    fields: dict[str, Tree] = {}
    for name, each in network.fields().items():
        if name == 'init_type':
            fields['init_cfg'] = Dict({'type': Kept(each)})
        else:
            fields[name] = Kept(each)
    return Dict(fields, network)


def _loss(item: Item, fields: dict[str, Tree], built_in: str, kind: str) -> dict[str, Tree]:
    """The loss is part of the class now; what asks for another one is a question."""
    loss = item.get('gan_loss')
    if loss is not None:
        if loss.plain('gan_type') == built_in:
            del fields['gan_loss']
        else:
            fields['gan_loss'] = Todo(f'`{kind}` has the loss `{built_in}` built in', loss)
    for name in ('disc_auxiliary_loss', 'gen_auxiliary_loss'):
        if (loss := item.get(name)) is not None and loss.value is not None:
            fields[name] = Todo('write its weights and intervals as fields of `loss_config`', loss)
        elif loss is not None:
            del fields[name]
    return fields


def _steps(old: Old) -> dict[str, Tree]:
    """0.x counted batches, 1.x counts updates (GEN-01, GEN-02)."""
    settings = old.get('train_cfg')
    if settings is None or not settings.is_dict:
        return {}
    found: dict[str, Tree] = {}
    if (steps := settings.get('gen_steps')) is not None:
        found['generator_steps'] = Kept(steps)
    steps, accumulated = settings.get('disc_steps'), settings.plain('batch_accumulation_steps', 1)
    if steps is None:
        return found
    if accumulated == 1:
        found['discriminator_steps'] = Kept(steps)
    elif steps.value % accumulated == 0:
        found['discriminator_steps'] = Computed(steps.value // accumulated)
    else:
        found['disc_steps'] = Todo('write `discriminator_steps`: it counts updates, not batches', steps)
    return found


_COUNTED = frozenset({'disc_steps', 'gen_steps', 'batch_accumulation_steps', 'use_ema', 'disc_init_steps'})
"""What other concerns make something of."""


def _arguments(old: Old, fields: dict[str, Tree]) -> dict[str, Tree]:
    """What models read from `train_cfg` and `test_cfg` are arguments of their own."""
    kind = fields.get('type')
    name = value_of(kind) if kind is not None else ''
    found: dict[str, Tree] = {}
    for section in ('train_cfg', 'test_cfg'):
        settings = old.get(section) or Item({})
        for key, each in settings.fields().items():
            new = 'test_pkl_data' if key == 'pkl_data' else key
            if key not in _COUNTED and new not in fields:
                is_taken = takes(old.library.library, old.library.scope, name, new)
                found[new] = Kept(each) if is_taken else Todo(f'`{name}` has no argument `{new}`', each)
    return found


def _ema(old: Old) -> Tree | None:
    hooks = old.get('custom_hooks')
    hook = next((each for each in (hooks.entries() if hooks is not None else ()) if each.type == EMA_HOOK), None)
    if hook is None:
        return None
    policy = hook.plain('momentum_policy', 'fixed')
    settings = hook.get('interp_cfg') or Item({})
    momentum = settings.get('momentum')
    fields: dict[str, Tree] = {'type': Computed('RampUpEMA' if policy == 'rampup' else 'ExponentialMovingAverage')}
    fields.update({name: Kept(each) for name in ('interval', 'start_iter') if (each := hook.get(name)) is not None})
    if policy != 'rampup':
        # 0.x: the weight of the old value; 1.x: that of the new one.
        old_weight = 0.999 if momentum is None else momentum.value
        fields['momentum'] = Computed(round(1 - old_weight, 12), momentum)
        fields['update_buffers'] = Computed(True)
    return Dict(fields)


# Pictures


def visualization(old: Old, hook: Item) -> Tree:
    """`VisualizeUnconditionalSamples` and `MMGenVisualizationHook` (HOOK-15)."""
    names = hook.get('res_name_list')
    kinds: Tree
    if names is not None and names.is_list:
        kinds = Computed([{'type': 'Translation', 'name': name} for name in names.value])
    else:
        kinds = Computed({'type': 'GAN', 'name': 'fake_img'})
    fields: dict[str, Tree] = {'type': Computed(old.library.picture_hook, hook.get('type'))}
    fields.update({name: Kept(each) for name in ('interval',) if (each := hook.get(name)) is not None})
    fields['fixed_input'] = Computed(True)
    fields['vis_kwargs_list'] = kinds
    for name, new in (('n_samples', 'n_samples'), ('nrow', 'n_row')):
        if (each := hook.get(name)) is not None:
            fields[new] = Kept(each)
    return Dict(fields, hook)


PICTURE_HOOKS = ('VisualizeUnconditionalSamples', 'MMGenVisualizationHook')


# Pictures

_PICTURE = 'gt'


def are_packed(old: Old, keys: object) -> bool:
    """Tell whether the packer of MMagic packs what is named anyway: pictures that are aimed at, and their labels."""
    names = [keys] if isinstance(keys, str) else keys
    return (
        _is_magic(old)
        and isinstance(names, (list, tuple))
        and all(isinstance(name, str) and name.startswith(_PICTURE) for name in names)
    )


def _is_magic(old: Old) -> bool:
    return old.library.scope == 'mmagic'


def _flip(old: Old, step: Item) -> list[Tree]:
    """Pipelines of classification flip by a transform that MMagic has under another name."""
    if not _is_magic(old):
        return [Kept(step)]
    fields: dict[str, Tree] = {'type': Computed('Flip', step.get('type')), 'keys': Computed([_PICTURE])}
    if (ratio := step.get('flip_prob')) is not None:
        fields['flip_ratio'] = Kept(ratio)
    return [Dict({**fields, **kept(step, 'direction')}, step)]


def _resize(old: Old, step: Item) -> list[Tree]:
    """Those of classification say (height, width), and mean the picture."""
    size = step.get('size')
    if size is None or not _is_magic(old):
        return [Kept(step)]
    fields: dict[str, Tree] = {'keys': Computed([_PICTURE]), 'scale': swapped(size) if size.is_list else Kept(size)}
    return [Dict({**kept(step, 'type'), **fields, **kept(step, 'backend', 'interpolation')}, step)]


TRANSFORMS: dict[tuple[str, str], Callable[[Old, Item], list[Tree]]] = {
    ('mmgen', 'RandomFlip'): _flip,
    ('mmgen', 'Resize'): _resize,
}
