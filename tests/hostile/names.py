"""Names, keys and values with characters that steer a terminal, break a line, or are commands to a CI system."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile.kit import Case, Files

MARKS = {
    'escape': '\x1b[31mred',
    'hyperlink': '\x1b]8;;https://evil\x07',
    'C1': '\x9b31m',
    'line': 'a\nb = evil',
    'return': 'a\rb',
    'bell': '\x07',
    'back': 'abc\x08\x08',
    'separator': 'a\u2028b',
    'next line': 'a\x85b',
    'right to left': '\u202eevil\u202c',
    'isolate': '\u2067evil\u2069',
    'command': '\n::error file=x::evil',
    'command of old': '##[error]evil',
    'percent': '%0A::error::evil',
    'markup': '<img src=x onerror=alert(1)>|`*_[x](y)',
    'XML': ']]>&"\'<x/>\x0b',
    'surrogate': '\ud800',
    'zero width': 'a\u200bb\ufeff',
    'tag characters': 'a\U000e0041',
}


def _config(mark: str) -> str:
    return (
        f"default_scope = 'mmdet'\nmodel = dict(type={mark!a}, **{{{mark!a}: 1}})\n"
        f'train_cfg = dict(type={"EpochBasedTrainLoop" + mark!a}, max_epochs=1, **{{{"max_epoch" + mark!a}: 1}})\n'
        f'globals()[{mark!a}] = dict(type="X")\nload_from = {mark!a}\ncustom_imports = dict(imports=[{mark!a}])\n'
        f'val_evaluator = dict(type="CocoMetric", metric={mark!a})\n'
    )


def _as_json(mark: str) -> str:
    import json

    return json.dumps({mark: {'type': mark, mark: mark}, 'model': {'type': mark, mark: 1}, 'train_cfg': {mark: 1}})


def _places(mark: str) -> dict[str, Files]:
    is_name = '\0' not in mark and '/' not in mark and '\ud800' not in mark
    places: dict[str, Files] = {
        'in values': {'configs/a.py': _config(mark)},
        'in data': {'configs/a.json': _as_json(mark)},
        'in a base': {'configs/a.py': f'_base_ = {mark + ".py"!a}\ntrain_cfg = dict(max_epoch=1)\n'},
        'in a failing line': {'configs/a.py': f'a = {{}}[{mark!a}]\nb = int({mark!a})\nc = getattr(1, {mark!a})\nassert 0, {mark!a}\n'},
        'of 0.x': {'configs/a.py': f'optimizer = dict(type={mark!a})\nlr_config = dict(policy={mark!a})\ndata = dict(train=dict(type={mark!a}))\nrunner = dict(type={mark!a})\n'},
        'in settings': {'configs/a.py': 'train_cfg = dict(max_epoch=1)\n', 'cfglint.toml': f'"{_toml(mark)}" = 1\n'},
        'in the name of a rule': {'configs/a.py': 'train_cfg = dict(max_epoch=1)\n', 'cfglint.toml': f'select = ["{_toml(mark)}"]\n'},
        'in targets': {'configs/a.py': 'train_cfg = dict(max_epoch=1)\n', 'cfglint.toml': f'targets = {{mmdet = "{_toml(mark)}"}}\n'},
    }  # fmt: skip
    if is_name:
        places['in the name of a file'] = {f'configs/{mark}.py': 'train_cfg = dict(max_epoch=1)\nx = y\n'}
        places['in the name of a folder'] = {
            f'configs/{mark}/a.py': '_base_ = "b.py"\ntrain_cfg = dict(max_epoch=1)\n',
            f'configs/{mark}/b.py': 'train_cfg = dict(max_epochs=1, a=1)\n',
        }
    if '\n' not in mark and '\r' not in mark:
        text = mark.encode('utf-8', 'surrogatepass').decode('utf-8', 'replace')
        places['in the text'] = {
            'configs/a.py': f'# {text}\ntrain_cfg = dict(max_epoch=1)  # {text}\nmodel = dict(type="X{text}")\n'.replace(
                '\ufffd', '?'
            )
        }
        places['in requirements'] = {
            'configs/a.py': 'train_cfg = dict(max_epoch=1)\n',
            'requirements.txt': f'mmdet=={text}3.0\nmmdet>={text}\n',
        }
    return places


def _toml(mark: str) -> str:
    return ''.join(f'\\U{ord(char):08x}' if ord(char) != 0xD800 else '?' for char in mark)


def cases() -> Iterator[Case]:
    """Yield all."""
    for name, mark in MARKS.items():
        for place, files in _places(mark).items():
            yield Case('names', f'{name} {place}', lambda files=files: files)
