"""Faults of components: types and arguments."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cfglint.catalog import Extra
from cfglint.language.values import Lazy, Table
from cfglint.rules.reading.lookup import installation_of
from tools.mutations.mutation import Kind, Mutation, Subject, dicts, misspelt, remove

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator


def misspelt_type(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """A letter of a `type` is wrong."""
    installation = installation_of(subject.context)
    for use, _ in subject.uses:
        origin = use.type.origin
        if origin is None or not isinstance(use.type.value, str) or not isinstance(origin.value, ast.Constant):
            continue
        prefix, dot, name = use.type.value.rpartition('.')
        wrong = f'{prefix}{dot}{misspelt(name, chance)}'
        if len(name) < 4 or installation.find(wrong, use.registry, use.scope) is not None:
            continue
        span = origin.source.span(origin.value)
        keys = (use.type.key, use.item.key)
        yield Mutation(
            origin.source, span.start, span.end, repr(wrong), keys, f'{use.type.key}: {use.type.value} → {wrong}'
        )


def misspelt_argument(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """A letter of an argument's name is wrong, and the class refuses what it does not know."""
    for use, resolved in subject.uses:
        if resolved.extra is not Extra.REFUSED:
            continue
        for item in use.item.items():
            origin, span = item.origin, subject.context.key_span(item)
            if origin is None or span is None or item.name not in resolved.signature.parameters or len(item.name) < 4:
                continue
            if not isinstance(origin.key, (ast.keyword, ast.Constant)) or origin.overrides is not None:
                continue
            wrong = misspelt(item.name, chance)
            if wrong in resolved.taken or wrong in use.item.value:
                continue
            old = origin.source.text[span.start : span.end]
            text = old.replace(item.name, wrong)
            key = f'{use.item.key}.{wrong}'
            yield Mutation(origin.source, span.start, span.end, text, (key, item.key), f'{item.key} → {wrong}')


def removed_required_argument(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """An argument without a default is gone."""
    for use, resolved in subject.uses:
        for item in use.item.items():
            if item.name in resolved.needed and resolved.component.kind in ('class', 'function'):
                mutation = remove(item, use.item.key)
                if mutation is not None:
                    yield mutation


def wrong_level(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """An argument is given to the component around the one that takes it."""
    by_item = {id(use.item.value): (use, resolved) for use, resolved in subject.uses}
    for use, resolved in subject.uses:
        outer = use.item.parent
        while outer is not None and not isinstance(outer.value, Table):
            outer = outer.parent
        around = None if outer is None else by_item.get(id(outer.value))
        if around is None or around[1].extra is not Extra.REFUSED:
            continue
        kind = around[0].type.origin
        if kind is None or (isinstance(around[0].type.value, Lazy) and kind.key is None):
            continue
        for item in use.item.items():
            if item.name in around[1].taken or item.name not in resolved.signature.parameters:
                continue
            if (
                not isinstance(kind.key, ast.keyword)
                or not item.name.isidentifier()
                or item.name in around[0].item.value
            ):
                continue
            at = kind.source.span(kind.value).end
            text = (
                f', {item.name}={item.value!r}'
                if isinstance(item.value, (str, int, float, bool))
                else f', {item.name}=None'
            )
            key = f'{around[0].item.key}.{item.name}'
            yield Mutation(
                kind.source, at, at, text, (key, around[0].item.key), f'{item.key} given to {around[0].item.key}'
            )


def misspelt_setting(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """A letter is wrong of a key of a part that has no `type`: the class around it reads it, or hands it on."""
    owners = {id(use.item.value) for use, _ in subject.uses}
    for part in dicts(subject.context.root.get('model')):
        if 'type' in part.value or id(part.value) in owners or part.name in _FREE:
            continue
        for item in part.items():
            origin, span = item.origin, subject.context.key_span(item)
            if (
                origin is None
                or span is None
                or len(item.name) < 4
                or not isinstance(origin.key, (ast.keyword, ast.Constant))
            ):
                continue
            if origin.overrides is None:
                wrong = misspelt(item.name, chance)
                text = origin.source.text[span.start : span.end].replace(item.name, wrong)
                key = f'{part.key}.{wrong}'
                yield Mutation(
                    origin.source, span.start, span.end, text, (key, item.key, part.key), f'{item.key} → {wrong}'
                )


_FREE = ('common_heads', 'momentums', 'layer_weights')
"""Parts whose keys are names that the user chooses."""

KINDS: dict[str, Kind] = {
    'misspelt-type': misspelt_type,
    'misspelt-argument': misspelt_argument,
    'removed-required-argument': removed_required_argument,
    'wrong-level': wrong_level,
    'misspelt-setting': misspelt_setting,
}
