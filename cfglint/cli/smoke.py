"""``cfglint smoke``."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated, List, Optional  # noqa: UP035 (read by older versions of Typer)

import typer

from cfglint.cli.guard import Guard


class SmokeFormat(str, Enum):
    """How results are printed."""

    text = 'text'
    json = 'json'


def smoke(
    paths: Annotated[List[str], typer.Argument(help='Configs, or folders of them.')],
    device: Annotated[str, typer.Option(help='`cuda`, `cuda:N`, `cpu`, or `auto`: CUDA where there is one.')] = 'cuda',
    python: Annotated[
        Optional[str],
        typer.Option(metavar='PATH', help='The interpreter of the training environment.  [default: that of cfglint]'),
    ] = None,
    synthetic: Annotated[
        bool, typer.Option('--synthetic', help='Make up the data; the dataset is not needed.')
    ] = False,
    data_root: Annotated[
        Optional[str], typer.Option(metavar='DIR', help='Where the data is, for every dataset.')
    ] = None,
    val: Annotated[bool, typer.Option('--val', help='Add one validation batch and the evaluator.')] = False,
    meta: Annotated[
        bool,
        typer.Option('--meta', help='Run nothing: count parameters, and the memory to train them, without allocating.'),
    ] = False,
    batch_size: Annotated[
        Optional[int],
        typer.Option(min=1, metavar='N', help="Of a micro-batch.  [default: the config's; at most 2 on a CPU]"),
    ] = None,
    accumulate: Annotated[Optional[int], typer.Option(min=1, metavar='N', help='Micro-batches for each step.')] = None,
    amp: Annotated[
        Optional[bool],
        typer.Option('--amp/--no-amp', help='With or without mixed precision, whatever the config says.'),
    ] = None,
    cfg_options: Annotated[
        Optional[List[str]], typer.Option(metavar='KEY=VALUE', help='Change a value of the config; may be repeated.')
    ] = None,
    steps: Annotated[int, typer.Option(min=1, metavar='N', help='Accumulated iterations to run.')] = 2,
    timeout: Annotated[float, typer.Option(min=1, metavar='SECONDS', help='For each config.')] = 600.0,
    memory_limit: Annotated[
        Optional[float],
        typer.Option(min=0.1, metavar='GIB', help='For each config.  [default: what the machine has left]'),
    ] = None,
    allow_downloads: Annotated[
        bool, typer.Option('--allow-downloads', help='Allow the network, and load pretrained weights.')
    ] = False,
    allow_writes: Annotated[
        bool, typer.Option('--allow-writes', help='Allow writing outside of the temporary work_dir.')
    ] = False,
    jobs: Annotated[
        int, typer.Option('--jobs', '-j', min=1, metavar='N', help='Configs to run at a time, one a GPU.')
    ] = 1,
    nproc: Annotated[
        int,
        typer.Option(min=1, metavar='N', help='Run the distributed path: N processes on this machine, by torchrun.'),
    ] = 1,
    find_batch_size: Annotated[
        bool, typer.Option('--find-batch-size', help='Find the largest power of two that fits the memory.')
    ] = False,
    executor: Annotated[
        str, typer.Option(metavar='local|ray[://ADDRESS]', help='Where configs run: here, or on a Ray cluster.')
    ] = 'local',
    dedupe: Annotated[
        bool,
        typer.Option('--dedupe/--no-dedupe', help='Run configs that differ in nothing that has an effect only once.'),
    ] = True,
    resume: Annotated[
        Optional[Path],
        typer.Option(metavar='FILE', help='Keep the results in this file; repeat those of which nothing has changed.'),
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option('--retry-failed', help='With --resume: run again what had failed.')
    ] = False,
    force: Annotated[
        bool, typer.Option('--force', help='Run also configs in which `cfglint check` finds what would end the run.')
    ] = False,
    strict: Annotated[
        bool, typer.Option('--strict', help='Fail also for configs that were skipped, or of which only a part ran.')
    ] = False,
    output_format: Annotated[SmokeFormat, typer.Option(help='How results are printed.')] = SmokeFormat.text,
    output: Annotated[
        Optional[Path], typer.Option('--output', '-o', metavar='FILE', help='Write the results as JSON.')
    ] = None,
    junit: Annotated[Optional[Path], typer.Option(metavar='FILE', help='Write the results as JUnit XML.')] = None,
    traceback: Annotated[bool, typer.Option('--traceback', help='Print whole tracebacks.')] = False,
    details: Annotated[
        bool, typer.Option('--details', help='Print every number.  [default: for a single config]')
    ] = False,
    verbose: Annotated[bool, typer.Option('--verbose', '-v', help='Show tracebacks of cfglint itself.')] = False,
) -> None:
    """Build the real Runner of configs and run one accumulated iteration, in a process of its own."""
    with Guard(verbose=verbose):
        import sys

        from cfglint.smoke.command import Request, run
        from cfglint.smoke.options import GIB, Options
        from cfglint.usage import UsageError

        if meta and (val or find_batch_size or nproc > 1):
            raise UsageError('--meta runs nothing: it goes with none of --val, --find-batch-size, --nproc')
        options = Options(
            device='cpu' if meta else device,
            python=python or sys.executable,
            batch_size=batch_size,
            accumulate=accumulate,
            amp=amp,
            cfg_options=tuple(cfg_options or ()),
            steps=steps,
            synthetic=synthetic,
            data_root=data_root,
            val=val,
            meta=meta,
            allow_downloads=allow_downloads,
            allow_writes=allow_writes,
            timeout=timeout,
            memory_limit=None if memory_limit is None else int(memory_limit * GIB),
            jobs=jobs,
            nproc=nproc,
            find_batch_size=find_batch_size,
            executor=executor,
            dedupe=dedupe,
        )
        code = run(
            Request(
                paths=tuple(paths),
                options=options,
                format=output_format.value,
                output=output,
                junit=junit,
                resume=resume,
                force=force,
                strict=strict,
                retry_failed=retry_failed,
                traceback=traceback,
                details=details,
            )
        )
    if code:
        raise typer.Exit(code)


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(smoke)
