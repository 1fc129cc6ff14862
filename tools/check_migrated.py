"""Migrate whole model zoos, check the result, and print what is found beside the open questions.

    python tools/check_migrated.py FOLDER… [--scope LIBRARY] [--keep DIR]

What is found at a key that a question is about, or below or above it, is answered with the question; so is all of a config
whose model is one. The rest is a defect of the migration, of a rule, or of the config as it was: which of these, a person has
to see.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import cfglint
from cfglint.diagnostics import Diagnostic, Severity
from cfglint.migrate.run import Migration
from cfglint.migrate.targets import Goal


def migrated(root: Path, scope: str | None) -> dict[str, set[str]]:
    """Migrate a folder in place.

    Args:
        root: The folder, a copy.
        scope: The library that its configs are of; found out if not given.

    Returns:
        The dotted paths of the questions about each file, and about what it inherits.
    """
    migration = Migration(sorted(str(path) for path in root.rglob('*.py')), Goal(scope))
    for result in migration.run():
        if result.changed:
            Path(result.path).write_text(result.text)
    return {path: {where for where, _ in mapped.todos()} for path, mapped in migration.mapped.items()}


def is_asked(diagnostic: Diagnostic, questions: dict[str, set[str]]) -> bool:
    """Tell whether a diagnostic is about what a question is about."""
    paths = {diagnostic.path, *diagnostic.affects}
    asked = {where for path in paths for where in questions.get(str(path), ())}
    key = diagnostic.key or ''
    return 'model' in asked or any(f'{key}.'.startswith(f'{where}.') or where.startswith(f'{key}.') for where in asked)


def main() -> None:
    """Print what is left of each folder, by rule."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('folders', nargs='+', type=Path)
    parser.add_argument('--scope')
    parser.add_argument('--keep', type=Path, help='Where to leave the migrated files.')
    options = parser.parse_args()
    for folder in options.folders:
        with tempfile.TemporaryDirectory() as temporary:
            root = Path(temporary).resolve() / folder.name
            shutil.copytree(folder, root)
            questions = migrated(root, options.scope)
            found = [each for each in cfglint.check([root]) if each.severity is not Severity.INFO]
            left = [each for each in found if not is_asked(each, questions)]
            print(f'{folder}: {len(found)} found, {len(found) - len(left)} at a question')
            for rule, count in Counter(each.rule for each in left).most_common():
                print(f'  {count:4} {rule}')
                for each in [each for each in left if each.rule == rule][:3]:
                    print(f'       {Path(each.path).relative_to(root)}: {each.key}: {each.message}')
            if options.keep:
                shutil.copytree(root, options.keep, dirs_exist_ok=True)


if __name__ == '__main__':
    main()
