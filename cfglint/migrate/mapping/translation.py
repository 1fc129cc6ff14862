"""Models that translate images: their losses are part of the class in MMagic, and weighed in `loss_config`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.migrate.change import Computed, Dict, Kept, Todo, Tree

if TYPE_CHECKING:
    from cfglint.migrate.items import Item
    from cfglint.migrate.mapping.old import Old

Fields = dict[str, Tree]

_BUILT_IN = {'Pix2Pix': 'vanilla', 'CycleGAN': 'lsgan'}
_WEIGHTS = {
    'Pix2Pix': {'pixel_loss': 'pixel_loss_weight'},
    'CycleGAN': {'cycle_loss': 'cycle_loss_weight', 'id_loss': 'id_loss_weight'},
}
"""By model: the names of the losses of 0.x, and where their weights stand."""


def losses(old: Old, item: Item, fields: Fields) -> Fields:
    """Return the fields of a model with its losses in the form of MMagic; those of another model are as they were."""
    weights = _WEIGHTS.get(item.type)
    if weights is None:
        return fields
    found = {name: tree for name, tree in fields.items() if name not in ('gan_loss', 'gen_auxiliary_loss')}
    loss = item.get('gan_loss')
    if loss is not None and (loss.plain('gan_type') != _BUILT_IN[item.type] or loss.plain('loss_weight', 1.0) != 1):
        found['gan_loss'] = Todo(f'`{item.type}` has the loss `{_BUILT_IN[item.type]}` built in', loss)
    given = item.get('gen_auxiliary_loss')
    config = _weights(given, weights)
    if config is not None:
        found['loss_config'] = Dict(config)
    elif given is not None:
        found['gen_auxiliary_loss'] = Todo(f'write the weights as `loss_config`: {", ".join(weights.values())}', given)
    size = (old.get('train_cfg') or item).get('buffer_size')
    if size is not None and item.type == 'CycleGAN':
        found['buffer_size'] = Kept(size)
    return found


def _weights(losses: Item | None, names: dict[str, str]) -> Fields | None:
    """Return the weights by their new names; none where a loss is another one, or the same one has several weights."""
    each = [] if losses is None or losses.value is None else losses.entries() if losses.is_list else [losses]
    found: Fields = {}
    for loss in each:
        new = names.get(loss.plain('loss_name'))
        weight = loss.get('loss_weight')
        if new is None or weight is None or loss.type != 'L1Loss':
            return None
        other = found.setdefault(new, Kept(weight))
        if isinstance(other, Kept) and other.item.value != weight.value:
            return None
    return {new: found.get(new, Computed(0.0)) for new in names.values()}
