#!/usr/bin/env python3
"""What `cfglint smoke` says of seeded faults: how many have the right stage, key and line.

Each fault is put into a copy of one of the configs, written out with one key a line, so that the line is known:

    tools/inject_smoke_faults.py CONFIG… --faults 100 --seed 1 --python PATH --synthetic
"""

from __future__ import annotations

import argparse
import math
import os
import random
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.language.loader import Loader
from cfglint.smoke.options import Options
from cfglint.smoke.run import Smoke
from cfglint.smoke.static import StaticReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cfglint.smoke.results import Result

Key = tuple[str | int, ...]
STAGES = {
    ('model',): 'model',
    ('train_dataloader', 'dataset'): 'dataset',
    ('train_dataloader', 'sampler'): 'dataloader',
    ('optim_wrapper', 'optimizer'): 'optimizer',
    ('param_scheduler',): 'scheduler',
    ('custom_hooks',): 'hooks',
}
"""At which stage something is built that stands below a key."""


class Fault(NamedTuple):
    """A config that is wrong, and what has to be said of it."""

    kind: str
    table: dict[str, Any]
    stages: tuple[str, ...]
    key: Key
    """The key to name. One below it is right as well, where a part of a model fails in what it contains."""
    exact: bool = True


def name_of(key: Key) -> str:
    return ''.join(f'[{part}]' if isinstance(part, int) else f'.{part}' for part in key).lstrip('.')


def built(value: Any, key: Key = ()) -> Iterator[tuple[Key, dict[str, Any]]]:
    """Yield all that is built from a dict with a `type`, with its key."""
    if isinstance(value, dict):
        if isinstance(value.get('type'), str):
            yield key, value
        for name, item in value.items():
            yield from built(item, (*key, name))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from built(item, (*key, index))


def stage_of(key: Key) -> str | None:
    if 'test_cfg' in key or (key[0] == 'custom_hooks' and len(key) > 2):
        return None  # is built later: what a hook holds may be switched to after many epochs
    return next((stage for start, stage in STAGES.items() if key[: len(start)] == start), None)


def unshared(value: Any) -> Any:
    """Return a copy in which nothing is in two places: a fault shall be in one."""
    if isinstance(value, dict):
        return {name: unshared(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return (tuple if isinstance(value, tuple) else list)(map(unshared, value))
    return value


def changed(table: dict[str, Any], key: Key, change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    table = unshared(table)
    value: Any = table
    for part in key:
        value = value[part]
    change(value)
    return table


def misspelt(table: dict[str, Any], chance: random.Random) -> Fault:
    key, part = chance.choice([(key, part) for key, part in built(table) if stage_of(key)])
    place = chance.randrange(1, len(part['type']))
    wrong = part['type'][:place] + 'x' + part['type'][place:]
    table = changed(table, key, lambda part: part.update(type=wrong))
    return Fault('misspelt type', table, ('registry',), (*key, 'type'))


def unexpected(table: dict[str, Any], chance: random.Random) -> Fault:
    key = chance.choice([key for key, _ in built(table) if stage_of(key)])
    table = changed(table, key, lambda part: part.update(odd_argument=chance.randrange(9)))
    return Fault('unexpected argument', table, (str(stage_of(key)),), (*key, 'odd_argument'))


def untyped(table: dict[str, Any], chance: random.Random) -> Fault:
    """What is always built: MMEngine takes many other dicts without a type for plain arguments."""
    keys = [key for key, _ in built(table) if stage_of(key) in ('scheduler', 'hooks', 'dataset')]
    key = chance.choice(keys)
    return Fault('type left out', changed(table, key, lambda part: part.pop('type')), ('registry', 'config'), key)


def garbage(table: dict[str, Any], chance: random.Random) -> Fault:
    """Text where a transform or a part of the model wants a number."""
    numbers = [
        (key, name) for key, part in built(table) if stage_of(key) in ('dataset', 'model') and key[0] != 'data_preprocessor'
        for name, value in part.items() if isinstance(value, int) and not isinstance(value, bool)
    ]  # fmt: skip
    key, name = chance.choice(numbers)
    stages = ('model', 'forward') if key[0] == 'model' else ('dataset',)
    return Fault('text for a number', changed(table, key, lambda part: part.update({name: 'many'})), stages, key, False)


def channels(table: dict[str, Any], chance: random.Random) -> Fault:
    parts = [
        (key, name)
        for key, part in built(table['model'], ('model',))
        for name in ['in_channels' if 'in_channels' in part else 'channels']
        if isinstance(part.get(name), int)
    ]
    key, name = chance.choice(parts)
    table = changed(table, key, lambda part: part.update({name: part[name] + chance.randrange(1, 9)}))
    return Fault('channels that do not fit', table, ('forward',), key, False)


def learning_rate(table: dict[str, Any], chance: random.Random) -> Fault:
    key: Key = ('optim_wrapper', 'optimizer')
    rate = chance.choice([-1.0, -1e-9, float('nan'), float('inf')])
    table = changed(table, key, lambda part: part.update(lr=rate))
    if math.isfinite(rate):
        return Fault('negative learning rate', table, ('optimizer',), key)
    # Adam refuses it, SGD takes it.
    return Fault('learning rate that is no number', table, ('optimizer', 'step'), ('optim_wrapper',), False)


def momentum(table: dict[str, Any], chance: random.Random) -> Fault:
    key: Key = ('optim_wrapper', 'optimizer')
    name, value = chance.choice([('momentum', -0.9), ('weight_decay', -1e-4)])
    # Adam takes no momentum, which is told of the argument itself.
    table = changed(table, key, lambda part: part.update({name: value}))
    return Fault('negative ' + name, table, ('optimizer',), key, False)


def lengths(table: dict[str, Any], chance: random.Random) -> Fault:
    table = changed(
        table,
        (),
        lambda table: table.update(train_cfg={'by_epoch': True, 'max_epochs': 5, 'max_iters': chance.randrange(1, 99)}),
    )
    return Fault('epochs and iterations', table, ('config',), ('train_cfg', 'max_iters'))


def modules(table: dict[str, Any], chance: random.Random) -> Fault:
    names = [*(table.get('custom_imports') or {}).get('imports', ()), f'absent_{chance.randrange(999)}']
    table = changed(table, (), lambda table: table.update(custom_imports={'imports': names}))
    return Fault('module that is not there', table, ('import',), ('custom_imports', 'imports', len(names) - 1))


def workers(table: dict[str, Any], chance: random.Random) -> Fault:
    change = chance.choice([{'persistent_workers': True}, {'prefetch_factor': 4}])
    loader = {
        key: value
        for key, value in table['train_dataloader'].items()
        if key not in ('persistent_workers', 'prefetch_factor')
    }
    table = {**table, 'train_dataloader': {**loader, 'num_workers': 0, **change}}
    return Fault('workers that are not there', table, ('dataloader',), ('train_dataloader',), False)


KINDS = (misspelt, unexpected, untyped, garbage, channels, learning_rate, momentum, lengths, modules, workers)


def inject(table: dict[str, Any], chance: random.Random) -> Fault:
    """Return a fault of a random kind, of those for which the config has a place."""
    while True:
        try:
            return chance.choice(KINDS)(table, chance)
        except (IndexError, KeyError):
            continue


def write(value: Any, key: Key, rows: dict[Key, int], lines: list[str]) -> None:
    """Append the lines of one value, an item a line, and note where each key stands."""
    indent, name = '    ' * (len(key) - 1), key[-1]
    start = f'{name} = ' if len(key) == 1 else '' if isinstance(name, int) else f'{name!r}: '
    rows[key] = len(lines) + 1
    end = '' if len(key) == 1 else ','
    if isinstance(value, (dict, list, tuple)) and value:
        first, last = '{}' if isinstance(value, dict) else '[]' if isinstance(value, list) else '()'
        lines.append(indent + start + first)
        for part, item in value.items() if isinstance(value, dict) else enumerate(value):
            write(item, (*key, part), rows, lines)
        lines.append(indent + last + end)
    else:
        text = f"float('{value}')" if isinstance(value, float) and not math.isfinite(value) else repr(value)
        lines.append(indent + start + text + end)


def verdict(fault: Fault, rows: dict[Key, int], result: Result) -> str:
    """Return what is wrong with what was said; nothing if all is right."""
    failure = result.failure
    if failure is None:
        return f'{result.status.value}: {result.reason or ""}'
    wanted, key = name_of(fault.key), failure.key or ''
    fits = key == wanted or (not fault.exact and key.startswith(wanted))
    row = next((row for each, row in rows.items() if name_of(each) == key), None)
    if failure.stage in fault.stages and fits and (failure.place or '').endswith(f':{row}'):
        return ''
    return f'{failure.stage}, `{key}`, {failure.place}: {failure.message.splitlines()[0][:150]}'


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('configs', nargs='+')
    parser.add_argument('--faults', type=int, default=100)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--least', type=float, default=0.95, help='the share that has to be right')
    parser.add_argument('--python', default=Options.python)
    parser.add_argument('--synthetic', action='store_true')
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    tables = [dict(Loader().load(os.path.abspath(path)).table) for path in arguments.configs]
    faults, rows = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(arguments.faults):
            path = str(Path(folder, f'fault_{number}.py'))
            fault = faults[path] = inject(tables[number % len(tables)], chance)
            lines: list[str] = []
            rows[path] = {}
            for name, value in fault.table.items():
                write(value, (name,), rows[path], lines)
            Path(path).write_text('\n'.join(lines) + '\n', encoding='utf-8')
        options = Options(
            device='cpu', python=arguments.python, synthetic=arguments.synthetic, steps=1, threads=1, dedupe=False
        )
        results = Smoke(options, StaticReader().locate).run(list(faults))
    wrong: Counter[str] = Counter()
    for result in results:
        fault = faults[result.config]
        if found := verdict(fault, rows[result.config], result):
            wrong[fault.kind] += 1
            print(f'{fault.kind}: wanted {"/".join(fault.stages)}, `{name_of(fault.key)}`; {found}')
    for kind, count in Counter(fault.kind for fault in faults.values()).items():
        print(f'{kind}: {count - wrong[kind]} of {count}')
    right = len(results) - wrong.total()
    print(f'{right} of {len(results)} with the right stage, key and line')
    return 0 if right >= arguments.least * len(results) else 1


if __name__ == '__main__':
    raise SystemExit(main())
