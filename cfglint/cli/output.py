"""Where diagnostics are printed, and in which formats."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from cfglint.cli.terminal import escaped, terminal, wants_colour
from cfglint.diagnostics import Severity
from cfglint.usage import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfglint.cli.options import CheckOptions
    from cfglint.findings import Result
    from cfglint.report.sources import Sources

FORMATS = ('full', 'concise', 'json', 'github', 'sarif', 'gitlab', 'junit', 'markdown')
"""The names of the formats."""


class Output(NamedTuple):
    """A format, and the file that it is written to; the standard output if None."""

    format: str
    file: str | None = None


def outputs(options: CheckOptions, default: str) -> list[Output]:
    """Return what the options ask for; the format of the settings if they ask for none.

    Raises:
        UsageError: A format does not exist, or several would be written to the same place.
    """
    found = parsed(options.output_formats, FORMATS) or [Output(default)]
    if options.output_file is not None:
        first = next((index for index, each in enumerate(found) if each.file is None), None)
        if first is None:
            raise UsageError('--output-file has nothing to hold: each --output-format names a file of its own')
        found[first] = Output(found[first].format, options.output_file)
    require_places(found)
    return found


def parsed(texts: Sequence[str], formats: Sequence[str]) -> list[Output]:
    """Return what the values of ``--output-format`` ask for.

    Raises:
        UsageError: A format does not exist.
    """
    found = []
    for text in texts:
        name, _, file = text.partition(':')
        if name not in formats:
            raise UsageError(
                f'there is no output format `{name}`{did_you_mean(name, formats)}: there are {", ".join(formats)}'
            )
        found.append(Output(name, file or None))
    return found


def require_places(found: Sequence[Output]) -> None:
    """Require a place of its own for each output.

    Raises:
        UsageError: Several would be written to the same place.
    """
    places = [each.file and os.path.abspath(each.file) for each in found]
    if len(set(places)) < len(places):
        raise UsageError('two formats have the same place: write `--output-format FORMAT:FILE` for all but one')


def write(result: Result, sources: Sources, wanted: Sequence[Output], options: CheckOptions) -> None:
    """Print diagnostics in all formats that are wanted.

    Raises:
        UsageError: A file cannot be written.
    """
    for each in wanted:
        text = _rendered(result, sources, each, options)
        if each.file is None:
            sys.stdout.write(text)
            sys.stdout.flush()
            continue
        try:
            with open(each.file, 'w', encoding='utf-8', errors='backslashreplace', newline='\n') as file:
                file.write(escaped(text))
        except OSError as error:
            raise UsageError(
                f'cannot write `{each.file}`: {(error.strerror or type(error).__name__).lower()}'
            ) from None


def is_folded(output: Output, options: CheckOptions) -> bool:
    """Tell whether an output leaves out what is alike: what a person reads, who did not ask for just that."""
    asks = options.verbose or options.quiet or options.select or options.extend_select or options.min_severity
    return output == Output('full') and not asks


def _rendered(result: Result, sources: Sources, output: Output, options: CheckOptions) -> str:
    is_whole = output.format == 'json' or options.verbose
    least = Severity[(options.min_severity or 'info').upper()]
    diagnostics = [each for each in result.diagnostics if each.severity >= least and (is_whole or not each.is_upstream)]
    if options.statistics:
        from cfglint.report import summary

        return (summary.statistics_json if output.format == 'json' else summary.statistics)(diagnostics)
    if is_folded(output, options):
        from cfglint.report.summary import folded

        diagnostics = folded(diagnostics)
    if output.format in ('full', 'concise'):
        from cfglint.report import concise, full
        from cfglint.report.style import PLAIN, Style

        style = PLAIN
        if output.file is None:
            columns, links = terminal(sys.stdout)
            style = Style(wants_colour(options.color, sys.stdout), columns, links)
        style = style._replace(all_paths=options.verbose)
        render = concise.render if output.format == 'concise' else full.render
        return render(diagnostics, sources, style)
    if output.format in ('junit', 'markdown'):
        from cfglint.report import junit, markdown

        whole = junit.render if output.format == 'junit' else markdown.render
        return whole(diagnostics, sources, result.outcomes)
    from importlib import import_module

    module = import_module(f'cfglint.report.{"as_json" if output.format == "json" else output.format}')
    text: str = module.render(diagnostics, sources)
    return text
