"""The models as JSON Schema (draft 2020-12)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cfglint.sections.errors import by_key
from cfglint.sections.evaluators import METRIC, EvaluatorSection
from cfglint.sections.hooks import DEFAULT_SLOTS, DefaultHooks
from cfglint.sections.param_scheduler import Schedulers
from cfglint.sections.slots import Component, Many, Plain, Scalar

if TYPE_CHECKING:
    from cfglint.sections.slots import Slot, Spec

DIALECT = 'https://json-schema.org/draft/2020-12/schema'
Json = dict[str, Any]
_NULL: Json = {'type': 'null'}


def document(section: str, slot: Slot) -> Json:
    """A whole document for one section."""
    definitions = Definitions()
    shape = definitions.shape(slot)
    shape.pop('title', None)
    whole = {'$schema': DIALECT, 'title': section, **shape}
    if definitions.all:
        whole['$defs'] = dict(sorted(definitions.all.items()))
    return whole


class Definitions:
    """The shapes that a document refers to, each described once."""

    def __init__(self) -> None:
        self.all: dict[str, Json] = {}

    def shape(self, slot: Slot) -> Json:
        """The shape of what a slot accepts."""
        if isinstance(slot, Component):
            return _or_null(self._component(slot), slot.optional)
        if isinstance(slot, Plain):
            return _or_null(self._model(slot.spec), slot.optional)
        if isinstance(slot, Scalar):
            field: Json = self._properties(slot.spec)[slot.field]
            return field
        if isinstance(slot, Many):
            return self._many(slot)
        if isinstance(slot, DefaultHooks):
            return self._default_hooks(slot)
        if isinstance(slot, Schedulers):
            each = self.shape(slot.each)
            by_optimizer = {'type': 'object', 'not': {'required': ['type']}, 'additionalProperties': each}
            return {'anyOf': [*each['anyOf'], by_optimizer]}
        assert isinstance(slot, EvaluatorSection)
        return {
            'if': {'type': 'object', 'required': ['metrics']},
            'then': self.shape(slot.evaluator),
            'else': {'anyOf': [self.shape(METRIC), {'type': 'array', 'items': self.shape(METRIC)}, _NULL]},
        }

    def _many(self, slot: Many) -> Json:
        item = self.shape(slot.item)
        shapes: list[Json] = [{'type': 'array', 'items': item}]
        if slot.single:
            shapes.append(item)
        if slot.optional:
            shapes.append(_NULL)
        return {'anyOf': shapes} if len(shapes) > 1 else shapes[0]

    def _default_hooks(self, slot: DefaultHooks) -> Json:
        hook = self.shape(slot.item)
        properties = {
            name: {**_or_null(hook, True), 'description': f'Replaces the default {kind}; null removes it.'}
            for name, kind in DEFAULT_SLOTS.items()
        }
        return {'type': ['object', 'null'], 'properties': properties, 'additionalProperties': hook}

    def _component(self, slot: Component) -> Json:
        name = _slug(slot.what)
        if name not in self.all:
            shape = self.all[name] = {'type': 'object'}  # before its parts, which may contain it again
            shape['properties'] = {
                'type': {
                    'description': 'The class to build: its registered name or a dotted path.',
                    'anyOf': [{'enum': list(slot.specs)}, {'type': 'string'}] if slot.specs else [{'type': 'string'}],
                }
            }
            if slot.requires_type:
                shape['required'] = ['type']
            branches = [{'if': when, 'then': self._model(slot.specs[kind])} for when, kind in slot.branches()]
            if branches:
                shape['allOf'] = branches
        return {'$ref': f'#/$defs/{name}'}

    def _model(self, spec: Spec) -> Json:
        model = spec.model
        name = model.__name__
        if name not in self.all:
            shape = self.all[name] = {'type': 'object'}
            shape['description'] = (model.__doc__ or '').split('\n')[0]
            shape['properties'] = self._properties(spec)
            required = [key for key, field in by_key(model).items() if field.is_required()]
            if required:
                shape['required'] = required
            if model.model_config.get('extra') == 'forbid':
                shape['additionalProperties'] = False
        return {'$ref': f'#/$defs/{name}'}

    def _properties(self, spec: Spec) -> Json:
        model = spec.model
        properties = model.model_json_schema(by_alias=True)['properties']
        shapes: Json = {}
        for key, field in by_key(model).items():
            if key in spec.slots:
                shapes[key] = {'description': field.description, **self.shape(spec.slots[key])}
            else:
                shapes[key] = {name: part for name, part in properties[key].items() if name != 'title'}
        return shapes


def _or_null(shape: Json, optional: bool) -> Json:
    return {'anyOf': [shape, _NULL]} if optional else dict(shape)


def _slug(what: str) -> str:
    return re.sub(r'^an? |`', '', what).replace(' ', '_')
