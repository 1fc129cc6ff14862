"""Write what is derived from the models: ``python -m cfglint.sections.export``, in the top folder of the repository.

That is the JSON Schema of every section, in ``schemas/``, and the validators of all models, beside this module.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from cfglint.sections import SECTIONS, json_schema, models
from cfglint.sections.models.base import Model
from cfglint.sections.validators import COMPILED, compiled


def render(section: str) -> str:
    """The JSON Schema of a section, as it stands in its file."""
    return json.dumps(json_schema(section), indent=2, ensure_ascii=False) + '\n'


def render_validators() -> str:
    """The validators of all models, as they stand in their file: one on each line."""
    lines = (f'{json.dumps(where)}: {json.dumps(compiled(where))}' for where in _models())
    return '{\n' + ',\n'.join(lines) + '\n}\n'


def export(folder: Path) -> None:
    """Write one file for each section, and remove the files of sections that are no more."""
    folder.mkdir(parents=True, exist_ok=True)
    for section in SECTIONS:
        (folder / f'{section}.json').write_text(render(section), encoding='utf-8')
    for file in folder.glob('*.json'):
        if file.stem not in SECTIONS:
            file.unlink()


def _models() -> list[str]:
    found = []
    for info in iter_modules(models.__path__):
        module = import_module(f'{models.__name__}.{info.name}')
        names = (name for name, value in vars(module).items() if isinstance(value, type) and issubclass(value, Model))
        found += [f'{info.name}:{name}' for name in names if getattr(module, name).__module__ == module.__name__]
    return sorted(set(found) - {'base:Model'})


if __name__ == '__main__':
    Path(COMPILED).write_text(render_validators(), encoding='utf-8')
    export(Path('schemas'))
