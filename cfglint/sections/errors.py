"""Pydantic's errors, told as violations. Imported only when there is something to tell."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from cfglint.diagnostics import Advice
from cfglint.language.values import Unknown
from cfglint.sections.models.base import Missing, Says, Truth, Words
from cfglint.sections.terms import quoted, undecided
from cfglint.sections.validators import call, lacking
from cfglint.sections.violations import Kind, Path, Violation
from cfglint.sections.wording import nearest, remove_or_rename, show

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic.fields import FieldInfo
    from pydantic_core import ValidationError

    from cfglint.sections.models.base import Model
    from cfglint.sections.terms import Dict

_SWITCHES = {'true': True, 'yes': True, 'on': True, '1': True, 'false': False, 'no': False, 'off': False, '0': False}
_NUMBER = re.compile(r'-?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?')
MAX_CHOICES = 4
"""Choices that stand in a message; more stand in the advice."""
MAX_UNKNOWN = 100
"""Whoever writes more has another dict in mind, and to look for the nearest name of each takes long."""
_RANGE_ERRORS = frozenset(
    {
        'greater_than',
        'greater_than_equal',
        'less_than',
        'less_than_equal',
        'multiple_of',
        'too_short',
        'too_long',
        'string_too_short',
        'string_too_long',
        'finite_number',
    }
)


def explain(
    model: type[Model], value: Dict, error: ValidationError, path: Path, name: str | None
) -> Iterator[Violation]:
    """One violation for each field that Pydantic objects to."""
    called = name or model.NAME or model.__name__
    needed = needs(model)
    fields: dict[Any, list[Any]] = {}
    for detail in error.errors(include_url=False, include_context=False):
        fields.setdefault(detail['loc'][0] if detail['loc'] else None, []).append(detail)
    explained = {hint.explains or hint.suggestion for hint in (model.HINTS.get(key) for key in fields) if hint}
    # A field under a wrong name is one mistake, not two.
    unknown = [key for key, details in fields.items() if details[0]['type'] == 'extra_forbidden']
    for key in unknown[MAX_UNKNOWN:]:
        del fields[key]
    known = by_key(model)
    explained |= {
        nearest(key, known) for key in unknown[:MAX_UNKNOWN] if key not in model.HINTS and isinstance(key, str)
    }
    certain = not any(isinstance(key, Unknown) for key in value)
    for field, details in fields.items():
        kinds = {detail['type'] for detail in details}
        if kinds == {'missing'}:
            if certain and field not in explained:
                yield lacking(needed, field, name, path)
        elif kinds == {'extra_forbidden'}:
            yield unknown_field(model, called, field, path)
        elif kinds == {'invalid_key'}:
            yield from _odd_keys(called, value, path)
        elif not any(undecided(detail['input']) for detail in details):
            yield from _bad_value(model, value, field, details, path)


def _odd_keys(called: str, value: Dict, path: Path) -> Iterator[Violation]:
    for key in value:
        if not isinstance(key, (str, Unknown)):
            yield Violation(
                path, 'unknown-field', f'{called} takes its arguments by name, but {show(key)} is not a string'
            )


def needs(model: type[Model]) -> dict[str, Any]:
    """What is said when a field is missing, as plain data: for `lacking`."""
    return {
        'name': model.NAME or model.__name__,
        'call': model.CALL,
        'fields': {key: _need(info) for key, info in by_key(model).items() if info.is_required()},
    }


def _need(info: FieldInfo) -> list[str | None]:
    raised = metadata(info, Missing)
    return [_sentence(info.description or ''), raised.text if raised else None]


def _sentence(text: str) -> str:
    return (text[:1].lower() + text[1:]).rstrip('.') if text[1:2].islower() else text.rstrip('.')


def unknown_fields(
    model: type[Model], called: str, fields: Iterable[str], path: Path, names: Iterable[str]
) -> Iterator[Violation]:
    """Yield one violation for each of some keys that are none of `names`, not of more than `MAX_UNKNOWN`."""
    for field in islice(fields, MAX_UNKNOWN):
        yield unknown_field(model, called, field, path, names)


def unknown_field(
    model: type[Model], called: str, field: str, path: Path, names: Iterable[str] | None = None
) -> Violation:
    """A key that is no field; `names` are those which are, if not all of the model's."""
    names = [key for key in (by_key(model) if names is None else names) if key not in ('type', '_scope_', '_delete_')]
    hint = model.HINTS.get(field)
    suggestion = hint.suggestion if hint else nearest(field, [*names, '_delete_', '_scope_'])
    message = f'`{called}` does not take `{field:.60}`'
    advice = None
    if hint:
        advice = Advice(hint.text)
    elif not suggestion:
        advice = remove_or_rename(field, names)
    certain = hint is not None
    if model.IGNORES_UNKNOWN:
        severity: Literal['error', 'warning'] = 'error' if suggestion else 'warning'
        return Violation(
            (*path, field), 'unknown-field', message, suggestion, severity, certain, ignored=True, advice=advice
        )
    said = hint.says if hint else None
    said = said or f"TypeError: {call(model.CALL, called)} got an unexpected keyword argument '{field:.60}'"
    return Violation((*path, field), 'unknown-field', message, suggestion, certain=certain, raises=said, advice=advice)


def _bad_value(model: type[Model], value: Dict, field: str, details: list[Any], path: Path) -> Iterator[Violation]:
    info = by_key(model).get(field)
    given = value.get(field)
    if info is None:  # pragma: no cover - Pydantic reports values of declared fields only
        return
    if metadata(info, Truth) is not None:
        # Numbers and None say by their truth what they mean.
        if given is not None and not isinstance(given, (int, float)):
            message = f'`{field}` must be a bool, got {show(given)}, which counts as {bool(given)}'
            text = metadata(info, Truth).advice
            word = given.lower() if isinstance(given, str) else ''
            write = Advice(text) if text and word not in _SWITCHES else Advice('write', str(_SWITCHES.get(word, True)))
            yield Violation((*path, field), 'wrong-type', message, severity='warning', advice=write)
        return
    details = [d for d in details if _place(value, d['loc']) == _deepest(value, details)]
    place = _deepest(value, details)
    kind, choices = _kind(details, info.annotation)
    if len(place) > 1 and kind == 'invalid-choice':
        given = details[0]['input']
    words = metadata(info, Words)
    expected = words.text if words else _listed(choices) if choices else _words(details)
    message = f'`{field}` must be {expected}, got {show(given)}'
    if len(place) > 1 and details[0]['input'] is not given:
        message += f', with {show(details[0]["input"])} at {_dotted(place)}'
    said = metadata(info, Says)
    raises = ((kind == 'wrong-type' and said.of_type) or said.text) if said else None
    bad = details[0]['input']
    suggestion = nearest(bad, choices) if isinstance(bad, str) else None
    advice: Advice | None = None
    if suggestion is None and len(choices) > MAX_CHOICES:
        advice = Advice(f'write one of {quoted(map(repr, choices))}')
    elif (
        kind == 'wrong-type'
        and isinstance(bad, str)
        and _NUMBER.fullmatch(bad)
        and ('number' in expected or 'integer' in expected)
    ):
        advice = Advice('write', bad)
    yield Violation(path + place, kind, message, suggestion, raises=raises, advice=advice)


def _listed(choices: list[Any]) -> str:
    """Return the choices as they stand in a message, if they are few."""
    return f'one of {quoted(map(repr, choices))}' if len(choices) <= MAX_CHOICES else 'a value that it knows'


def _kind(details: list[Any], annotation: Any) -> tuple[Kind, list[Any]]:
    kinds = {detail['type'] for detail in details}
    choices = literals(annotation)
    if kinds == {'string_pattern_mismatch'}:
        return 'invalid-choice', []
    if 'literal_error' in kinds:
        bad = details[0]['input']
        if kinds == {'literal_error'} or any(type(choice) is type(bad) for choice in choices):
            return 'invalid-choice', choices
    return ('out-of-range' if kinds & _RANGE_ERRORS else 'wrong-type'), choices


def _deepest(value: Dict, details: list[Any]) -> Path:
    """The most precise place: in a union, the member that came furthest."""
    return max((_place(value, detail['loc']) for detail in details), key=len)


def _place(value: Any, location: tuple[Any, ...]) -> Path:
    """The part of Pydantic's location that is in the value; the rest names members of unions."""
    place: list[str | int] = []
    for part in location:
        if (isinstance(value, dict) and part in value) or (
            isinstance(value, (list, tuple)) and isinstance(part, int) and part < len(value)
        ):
            value = value[part]
        else:
            continue
        place.append(part)
    return tuple(place)


def _words(details: list[Any]) -> str:
    return ' or '.join(dict.fromkeys(detail['msg'].removeprefix('Input should be ').lower() for detail in details))


def _dotted(place: Path) -> str:
    return '`' + '.'.join(map(str, place)) + '`'


def by_key(model: type[Model]) -> dict[str, FieldInfo]:
    """A model's fields by the key that configs use."""
    own = [name for name in model.model_fields if name in model.own_fields()]
    names = [*own, *(name for name in model.model_fields if name not in own)]
    return {model.model_fields[name].alias or name: model.model_fields[name] for name in names}


def metadata(info: FieldInfo, kind: type[Any]) -> Any:
    """What a field's annotation says of this kind; the outermost wins."""
    return next((item for item in reversed(info.metadata) if isinstance(item, kind)), None)


def literals(annotation: Any) -> list[Any]:
    """All values that a type lists, in their order."""
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return [choice for part in get_args(annotation) if not isinstance(part, str) for choice in literals(part)]
