"""What a project that adopts cfglint leaves aside for now: severities of its own, and a baseline of known findings."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cfglint.severities import as_settings_say
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from cfglint.cli.options import CheckOptions
    from cfglint.findings import Result
    from cfglint.report.sources import Sources
    from cfglint.settings import Project

DEFAULT_BASELINE = '.cfglint-baseline.json'


def adopt(result: Result, sources: Sources, where: Project, options: CheckOptions) -> str:
    """Give findings the severities of the settings, and leave out those of the baseline.

    Returns:
        What is to be said of the baseline, in a line; empty if there is none.

    Raises:
        UsageError: A name in the settings is none of a rule, or the baseline cannot be read or written.
    """
    result.diagnostics = as_settings_say(result.diagnostics, where.settings, where.folder)
    path = _baseline(where, options)
    if path is None:
        return ''
    from cfglint import baseline  # few runs have one, and hashing takes long to import

    folder = os.path.dirname(path)
    if options.write_baseline:
        entries = baseline.entries_of(result.diagnostics, sources, folder)
        _write(path, baseline.dump(entries))
        count = len(result.diagnostics)
        result.diagnostics = []
        words = f'wrote {count} finding{"s" * (count != 1)} to the baseline `{os.path.relpath(path)}`'
        if where.settings.baseline is not None:
            return words
        name = os.path.relpath(path, where.folder).replace(os.sep, '/')
        return f'{words}: runs with `baseline = "{name}"` in the settings, or with --baseline, leave them out'
    checked = [each.path for each in result.outcomes if each.status == 'checked']
    compared = baseline.compare(baseline.load(path), result.diagnostics, sources, folder, checked)
    result.diagnostics = compared.new
    if options.prune_baseline:
        _write(path, baseline.dump(compared.left))
        return f'removed {compared.removable} entr{"y" if compared.removable == 1 else "ies"} from the baseline'
    more = f'{compared.removable} {"is" if compared.removable == 1 else "are"} of no use any more: --prune-baseline removes'
    told = [f'left out {compared.known} finding{"s" * (compared.known != 1)} of the baseline'] if compared.known else []
    told += [f'{more} {"it" if compared.removable == 1 else "them"}'] if compared.removable else []
    return '; '.join(told)


def _baseline(where: Project, options: CheckOptions) -> str | None:
    """Return the absolute path of the baseline, None if there is none."""
    if options.baseline is not None:
        return os.path.abspath(options.baseline)
    if where.settings.baseline is not None:
        return os.path.join(where.folder, where.settings.baseline)
    if options.write_baseline:
        return os.path.join(where.folder, DEFAULT_BASELINE)
    if options.prune_baseline:
        raise UsageError('--prune-baseline needs a baseline: name it with --baseline or in the settings')
    return None


def _write(path: str, text: str) -> None:
    try:
        with open(path, 'w', encoding='utf-8', newline='\n') as file:
            file.write(text)
    except OSError as error:
        raise UsageError(f'cannot write the baseline `{path}`: {(error.strerror or "").lower()}') from None
