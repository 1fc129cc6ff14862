"""Write the JSON Schema of every section to a folder: ``python -m cfglint.schemas.export schemas``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cfglint.schemas import SECTIONS, json_schema


def render(section: str) -> str:
    """The JSON Schema of a section, as it stands in its file."""
    return json.dumps(json_schema(section), indent=2, ensure_ascii=False) + '\n'


def export(folder: Path) -> None:
    """Write one file for each section, and remove the files of sections that are no more."""
    folder.mkdir(parents=True, exist_ok=True)
    for section in SECTIONS:
        (folder / f'{section}.json').write_text(render(section), encoding='utf-8')
    for file in folder.glob('*.json'):
        if file.stem not in SECTIONS:
            file.unlink()


if __name__ == '__main__':
    export(Path(sys.argv[1] if len(sys.argv) > 1 else 'schemas'))
