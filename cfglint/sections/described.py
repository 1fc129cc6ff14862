"""The models of sections, at a place in a config: which model describes a dict there, and what its fields are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.sections import slot_of
from cfglint.sections.errors import by_key, literals, metadata
from cfglint.sections.evaluators import METRIC, EvaluatorSection
from cfglint.sections.hooks import DEFAULT_SLOTS, DefaultHooks
from cfglint.sections.models.base import Words
from cfglint.sections.param_scheduler import SCHEDULER, Schedulers
from cfglint.sections.slots import Component, Many, Plain, Scalar
from cfglint.sections.table import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic.fields import FieldInfo

    from cfglint.sections.slots import Slot, Spec


Key = str | int


class Field(NamedTuple):
    """A field of a model.

    Attributes:
        name: The key that configs use.
        text: What it means.
        accepts: What its value must be, a noun phrase; empty if nothing is said.
        default: The default, as Python; none where the field is required or the default says nothing.
        required: Whether it must be given.
        choices: The only values that it takes, if there are only some.
    """

    name: str
    text: str
    accepts: str
    default: str | None
    required: bool
    choices: tuple[Any, ...]


class Described(NamedTuple):
    """A place that a model describes.

    Attributes:
        name: The class that is built, or what the dict is called.
        text: What it is, in Markdown.
        fields: What may stand in it; empty for a single value.
        types: The classes of MMEngine that may stand at its `type`.
        own: The field that describes the value itself, where it is a single value.
    """

    name: str
    text: str
    fields: tuple[Field, ...]
    types: tuple[str, ...] = ()
    own: Field | None = None


def described(path: Sequence[Key], value: Any) -> Described | None:
    """Return what describes the value at a path, None where no model does.

    Args:
        path: The keys from the config down, the section first.
        value: The value of the section, as far as it is known.
    """
    section, *keys = path
    if not isinstance(section, str) or section not in SECTIONS:
        return None
    slot: Slot | None = slot_of(section)
    for key in keys:
        slot, value = _below(slot, value, key), _value(value, key)
        if slot is None:
            return None
    return _described(slot, value)


def field_at(path: Sequence[Key], value: Any) -> Field | None:
    """Return the field of a model that describes the value at a path: that of its key in the dict around it."""
    own = described(path[:1], value) if len(path) == 1 else None
    if own is not None:
        return own.own
    holder = described(path[:-1], value) if len(path) > 1 else None
    return None if holder is None else next((each for each in holder.fields if each.name == path[-1]), None)


def fields_of(spec: Spec) -> tuple[Field, ...]:
    """Return the fields of a model."""
    return tuple(_field(name, info) for name, info in by_key(spec.model).items())


def _value(value: Any, key: Key) -> Any:
    if isinstance(value, dict):
        return value.get(key)
    return value[key] if isinstance(value, (list, tuple)) and isinstance(key, int) and key < len(value) else None


def _below(slot: Slot | None, value: Any, key: Key) -> Slot | None:
    """Return the slot of what stands at a key of a value."""
    if isinstance(slot, Schedulers):
        slot = slot.each
    if isinstance(slot, Many):
        return slot.item if isinstance(key, int) else _below(slot.item, value, key)
    if isinstance(slot, EvaluatorSection):
        if isinstance(key, int):
            return METRIC
        return _below(slot.evaluator if isinstance(value, dict) and 'metrics' in value else METRIC, value, key)
    if isinstance(slot, DefaultHooks):
        return slot.item
    spec = _spec(slot, value)
    return None if spec is None or not isinstance(key, str) else spec.slots.get(key)


def _spec(slot: Slot | None, value: Any) -> Spec | None:
    if isinstance(slot, Plain):
        return slot.spec
    if isinstance(slot, Component):
        name = slot.class_name(value if isinstance(value, dict) else {}, ())
        return None if name is None else slot.specs.get(name)
    return None


def _described(slot: Slot | None, value: Any) -> Described | None:
    if isinstance(slot, Scalar):
        own = _field(slot.field, by_key(slot.spec.model)[slot.field])
        return Described(slot.field, own.text, (), own=own)
    if isinstance(slot, Schedulers) and isinstance(value, dict):
        slot = SCHEDULER
    if isinstance(slot, Many) and isinstance(value, dict):
        slot = slot.item
    if isinstance(slot, EvaluatorSection) and isinstance(value, dict):
        slot = slot.evaluator if 'metrics' in value else METRIC
    if isinstance(slot, DefaultHooks):
        texts = {name: f'Replaces the default `{kind}`; `None` removes it.' for name, kind in DEFAULT_SLOTS.items()}
        fields = tuple(Field(name, text, 'a hook', None, False, ()) for name, text in texts.items())
        return Described('default_hooks', 'The hooks of every run, by name.', fields)
    spec = _spec(slot, value)
    names = tuple(slot.specs) if isinstance(slot, Component) else ()
    if spec is None:
        return Described(slot.what, '', (), names) if isinstance(slot, Component) else None
    model = spec.model
    return Described(model.NAME or model.__name__, _plain(model.__doc__ or ''), fields_of(spec), names)


def _field(name: str, info: FieldInfo) -> Field:
    words = metadata(info, Words)
    choices = tuple(literals(info.annotation))
    default = None if info.is_required() or info.default is None else repr(info.default)
    return Field(
        name, info.description or '', '' if words is None else words.text, default, info.is_required(), choices
    )


def _plain(text: str) -> str:
    return ' '.join(text.split('\n\n')[0].split())
