"""The options of `cfglint smoke`, in one table."""

from __future__ import annotations

from cfglint.cli.options import Option

PATHS_HELP = 'Configs, or folders of them.'

_WHERE = (
    Option(
        '--device',
        'device',
        '`cuda`, `cuda:N`, `mps`, `cpu`, or `auto`: what there is.  [default: cuda]',
        metavar='DEVICE',
    ),
    Option(
        '--python',
        'python',
        'The interpreter of the training environment, or its folder.  [default: that of cfglint]',
        metavar='PATH',
    ),
    Option('--jobs', 'jobs', 'Configs to run at a time, one a GPU.', 'number', '-j', 'N', least=1),
    Option(
        '--nproc',
        'nproc',
        'Run the distributed path: N processes on each machine, by torchrun.',
        'number',
        metavar='N',
        least=1,
    ),
    Option(
        '--nnodes',
        'nnodes',
        'With --nproc and --rendezvous: how many machines run this command.',
        'number',
        None,
        'N',
        least=1,
    ),
    Option(
        '--rendezvous', 'rendezvous', 'With --nnodes: where the machines meet; the first of them.', metavar='HOST:PORT'
    ),
    Option('--fake', 'fake', 'With --nproc: pretend the ranks, in one process that exchanges nothing.', 'flag'),
    Option(
        '--executor',
        'executor',
        'Where configs run: here, or on a Ray cluster.  [default: local]',
        metavar='local|ray[://ADDRESS]',
    ),
)
_WHAT = (
    Option(
        '--since',
        'since',
        'Run only configs that changed since the branch left this revision, or depend on what did.',
        metavar='REV',
    ),
    Option(
        '--changed', 'changed', 'Run only configs that changed since the last commit, or depend on what did.', 'flag'
    ),
    Option('--synthetic', 'synthetic', 'Make up the data; the dataset is not needed.', 'flag'),
    Option('--data-root', 'data_root', 'Where the data is, for every dataset.', metavar='DIR'),
    Option('--val', 'val', 'Add one validation batch and the evaluator.', 'flag'),
    Option(
        '--until',
        'until',
        'Where to stop: `checkpoint` adds the end of an epoch: hooks, validation, save and reload.  [default: iteration]',
        choices=('iteration', 'checkpoint'),
    ),
    Option('--small', 'small', 'Shrink the images where pipelines, preprocessor and model agree on sizes.', 'flag'),
    Option(
        '--meta',
        'meta',
        'Run nothing: count parameters, and the memory to train them, without allocating.',
        'flag',
    ),
    Option(
        '--batch-size',
        'batch_size',
        "Of a micro-batch.  [default: the config's; at most 2 on a CPU]",
        'number',
        metavar='N',
        least=1,
    ),
    Option('--accumulate', 'accumulate', 'Micro-batches for each step.', 'number', metavar='N', least=1),
    Option('--amp', 'amp', 'With or without mixed precision, whatever the config says.', 'switch'),
    Option('--cfg-options', 'cfg_options', 'Change a value of the config; may be repeated.', 'list', None, 'KEY=VALUE'),
    Option('--steps', 'steps', 'Accumulated iterations to run.  [default: 2]', 'number', metavar='N', least=1),
    Option('--find-batch-size', 'find_batch_size', 'Find the largest power of two that fits the memory.', 'flag'),
    Option(
        '--dedupe',
        'dedupe',
        'Run configs that differ in nothing that has an effect only once.  [default: on]',
        'switch',
    ),
    Option('--force', 'force', 'Run also configs in which `cfglint check` finds what would end the run.', 'flag'),
)
_LIMITS = (
    Option('--timeout', 'timeout', 'For each config.  [default: 600]', 'real', metavar='SECONDS', least=1),
    Option(
        '--time-budget',
        'time_budget',
        'For all configs together, such as 10m; what is not done by then is left out, and told.',
        metavar='TIME',
    ),
    Option('--threads', 'threads', 'Threads that each run computes with on a CPU.', 'number', metavar='N', least=1),
    Option(
        '--memory-limit',
        'memory_limit',
        'For each config, on the host.  [default: what the machine has left]',
        'real',
        metavar='GIB',
        least=0.1,
    ),
    Option(
        '--max-memory',
        'max_memory',
        'Say whether the real run fits a device of this memory, and the largest batch that does.',
        metavar='SIZE',
    ),
    Option('--gpu', 'gpu', 'The same as --max-memory with what this device has, such as a100-40.', metavar='NAME'),
    Option('--allow-downloads', 'allow_downloads', 'Allow the network, and load pretrained weights.', 'flag'),
    Option('--allow-writes', 'allow_writes', 'Allow writing outside of the temporary work_dir.', 'flag'),
)
_RESULTS = (
    Option(
        '--resume',
        'resume',
        'Keep the results in this file; repeat those of which nothing has changed.',
        metavar='FILE',
    ),
    Option('--retry-failed', 'retry_failed', 'With --resume: run again what had failed.', 'flag'),
    Option('--strict', 'strict', 'Fail also for configs that were skipped, or of which only a part ran.', 'flag'),
    Option(
        '--output-format',
        'output_formats',
        'How results are printed: text, json, github, junit or markdown; with a file, they are written there; may be '
        'repeated.  [default: text]',
        'list',
        metavar='FORMAT[:FILE]',
    ),
    Option('--traceback', 'traceback', 'Print whole tracebacks.', 'flag'),
    Option('--details', 'details', 'Print every number.  [default: for a single config]', 'flag'),
    Option('--verbose', 'verbose', 'Show tracebacks of cfglint itself.', 'flag', '-v'),
)
SMOKE_OPTIONS = (*_WHERE, *_WHAT, *_LIMITS, *_RESULTS)
