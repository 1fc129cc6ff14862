"""Measure how far off the estimates of `cfglint smoke --max-memory` are: larger batches, foretold and run.

    python tools/measure_fit.py --python ENV/bin/python mmpretrain=…/mmpretrain/.mim/configs

For each config of `tools/smoke_zoo.py`, the memory of a batch of 8 (or `--batch-size`) is foretold from batches of 2 and 4,
and compared with what that batch really takes, on a CPU.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cfglint.smoke.fit import CONTEXT, fit
from cfglint.smoke.options import Options
from cfglint.smoke.pool import Pool
from cfglint.smoke.quantities import in_gib
from cfglint.smoke.run import Smoke
from tools.smoke_zoo import CONFIGS

NO_LIMIT = 1 << 60


def error_of(smoke: Smoke, pool: Pool, config: Path, batch: int) -> tuple[float | None, str]:
    """Return by which part the estimate for a config is too large, None where there is none; and a line about it."""
    trial = partial(smoke.footprint, pool, str(config))
    foretold, measured = fit(trial, NO_LIMIT, batch), trial(batch)
    peak = max(((measured.details.get('memory') or {}).get('peak_live') or {'': 0}).values())
    if 'fit' not in foretold.details or not measured.passed or not peak:
        failure = foretold.failure or measured.failure
        return None, f'{config.stem}: not measured ({failure.stage if failure else foretold.reason or measured.reason})'
    needed = foretold.details['fit']['needed'] - CONTEXT
    error = needed / peak - 1
    return error, f'{config.stem}: foretold {in_gib(needed)}, measured {in_gib(peak)}: {error:+.1%}'


def main() -> None:
    """Print a line for each config, and what the errors are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('libraries', nargs='+', metavar='LIBRARY=CONFIGS')
    parser.add_argument('--python', required=True)
    parser.add_argument('--batch-size', type=int, default=8)
    parser.add_argument('--threads', type=int)
    parser.add_argument('--small', action='store_true', help='shrink the images, to be done sooner')
    parser.add_argument(
        '--only', action='append', metavar='WORD', help='only configs with such a name; may be repeated'
    )
    parser.add_argument('--timeout', type=float, default=600.0)
    arguments = parser.parse_args()
    options = Options(
        device='cpu',
        python=arguments.python,
        synthetic=True,
        threads=arguments.threads,
        timeout=arguments.timeout,
        small=arguments.small,
    )
    errors = []
    with Pool(options) as pool:
        smoke = Smoke(options, pool=pool)
        for item in arguments.libraries:
            library, _, folder = item.partition('=')
            for name in (name for name in CONFIGS[library] if any(word in name for word in arguments.only or [''])):
                error, line = error_of(smoke, pool, Path(folder) / f'{name}.py', arguments.batch_size)
                print(line, flush=True)
                errors += [] if error is None else [abs(error)]
    if errors:
        print(f'{len(errors)} configs: median {statistics.median(errors):.1%}, largest {max(errors):.1%}')


if __name__ == '__main__':
    main()
