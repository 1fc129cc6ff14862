"""One job: from a config file to the result of one accumulated iteration."""

from __future__ import annotations

import argparse
import contextlib
import random
import re
import time
import warnings
from typing import TYPE_CHECKING, Any, NoReturn

from torch.nn.parameter import is_lazy

from . import memory, stages, weights
from .batches import as_in_worker, check_batches, no_silent_end
from .blame import Blame
from .checkpoints import Source, check_files, local_files
from .distributed import check_ranks, is_sharded, join
from .epoch import end_epoch
from .failure import NeedsDownload, Unfit, Unhealthy, Unsupported, chain, describe
from .footprint import Footprint
from .imports import explain_missing, import_custom, import_library
from .observe import Observer, StopSmoke
from .overrides import NO_WEIGHTS, SLOW_CPU, Changes, adapt, check_fit, set_aside_run
from .own_failures import unfit_of
from .parameters import not_finite
from .small import shrink
from .stages import Stages
from .verdict import check_health, hints
from .versions import versions

if TYPE_CHECKING:
    from .guard import Walls
    from .wire import Wire


LACKING = ('KeyError', 'FileNotFoundError', 'EOFError', 'JSONDecodeError', 'UnpicklingError')
"""What a dataset raises that finds no data, or other data than it reads: the config does not decide that."""
ABSENT = re.compile(r'\b(does|do) not exist|\bnot found\b|no such file', re.I)
"""What it says, whatever it raises."""
ITERATION = (stages.DATASET, stages.FORWARD, stages.BACKWARD, stages.STEP)
DECIDED = (stages.REGISTRY, stages.IMPORT, stages.CONFIG, stages.MEMORY)
"""Stages whose failures have nothing to do with data, though a dataset was built then."""
OF_DATA = re.compile(r'\.datasets?\b')
"""In the key of a dataset: also of one that is read in another stage."""


def load_config(path: str, overrides: list[str]) -> Any:
    """MMEngine's own reading of a config, with its own reading of `--cfg-options`. Imports no custom modules."""
    from mmengine.config import Config, DictAction

    config = Config.fromfile(path, import_custom_modules=False)
    if overrides:
        parser = argparse.ArgumentParser()
        parser.add_argument('--cfg-options', nargs='+', action=DictAction)
        config.merge_from_dict(parser.parse_args(['--cfg-options', *overrides]).cfg_options)
    return config


class Session:
    """Runs one job and fills its result as it goes, so that a failure keeps what was learnt before it."""

    def __init__(self, job: dict[str, Any], wire: Wire, walls: Walls | None = None) -> None:
        self.job = job
        self.walls = walls
        self.options: dict[str, Any] = job['options']
        self.wire = wire
        self.stages = Stages(wire)
        self.changes = Changes()
        self.blame: Blame | None = None
        footprint = Footprint(self.stages) if self.options.get('footprint') else None
        self.meter = memory.Meter(self.options['device'], footprint)
        self.observer = Observer(self.stages, self.meter, int(self.options.get('steps') or 1))
        self.runner: Any = None
        self.wrapper: Any = None
        """The part of the config that makes the optimizers, where it is built on its own."""
        self.weights: list[Source] = []
        self.missing: str | None = None
        """The default scope, where no library of that name is installed."""
        self.result: dict[str, Any] = {
            'status': 'failed',
            'failure': None,
            'hints': [],
            'synthetic': [],
            'library': None,
        }

    def run(self) -> dict[str, Any]:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter('default')
            try:
                self._run()
                idle = self.observer.micro_batches and self.observer.idle()
                self.result['status'] = 'partial' if idle else 'ok'
            except Unfit as error:
                self.result.update(status=error.status, reason=str(error))
            except BaseException as error:  # sys.exit() and Ctrl-C in user code are failures like any other
                self._fail(error)
        self._finish(caught)
        return self.result

    def _fail(self, error: BaseException) -> None:
        failure = describe(error, self.stages.current, self.blame)
        found = unfit_of(error, failure['key'], self.walls, self.options['device'] == 'cpu')
        if found is None and (unfilled := self._unfilled()):
            text = f'`{unfilled[0]}` is left for weights to fill, which were not loaded; --allow-downloads loads them'
            found = NeedsDownload(text)
        if found is None and self._lacks_data(failure):
            names = ', '.join(dict.fromkeys(self.result['synthetic'])) or 'this dataset'
            wants = 'wants' if failure['type'] == 'KeyError' else 'stopped at'
            found = Unsupported(
                f'cannot synthesise data for {names}: `{failure["key"]}` {wants} {failure["message"]}; give --data-root'
            )
        if found is not None:
            self.result.update(status=found.status, reason=str(found))
        else:
            explain_missing(failure, self.missing)
            self.result['failure'] = failure

    def _unfilled(self) -> list[str]:
        """The parameters that had no values when the first iteration began, because weights were skipped."""
        skipped = weights.SKIPPED or any(change['why'] == NO_WEIGHTS for change in self.changes.listed)
        if not skipped or self.blame is None or self.blame.model is None or self.stages.current not in ITERATION:
            return []
        if any(record.steps for record in self.observer.records):
            return [name for record in self.observer.records for name in record.broken_before]
        return not_finite(self.blame.model.named_parameters())

    def _lacks_data(self, failure: dict[str, Any]) -> bool:
        """Whether made-up data are what failed."""
        if not self.options.get('synthetic') or failure['stage'] in DECIDED:
            return False
        key, message = failure['key'] or '', failure['message']
        # A `KeyError` that is a sentence is somebody's verdict: of a registry, of a constructor.
        lacking = failure['type'] in LACKING and not (failure['type'] == 'KeyError' and ' ' in message)
        if key.startswith('val_evaluator'):  # it read what stands for the annotations, if that is what it misses
            return lacking
        if failure['stage'] != stages.DATASET and not OF_DATA.search(key):
            return False
        return lacking or ('.pipeline' not in key and bool(ABSENT.search(message)))

    def _run(self) -> None:
        config = self._prepare()
        if self.options.get('meta'):
            self._measure(config)
            return
        no_silent_end()
        if any(change['key'] == 'train_dataloader.num_workers' for change in self.changes.listed):
            as_in_worker()
        with self.meter.watching(), contextlib.suppress(StopSmoke):
            self._train(self._build(config))
        self.observer.finish()
        self._judge()
        if self.options.get('until') == 'checkpoint':
            self.result['checkpoint'] = end_epoch(self.runner, self.stages)
        if self.options.get('val'):
            self._validate()

    @staticmethod
    def _train(runner: Any) -> None:
        """Train until the observer stops it.

        Raises:
            Unhealthy: A loop that goes round the data for ever got none.
        """
        try:
            runner.train()
        except StopIteration as error:
            text = 'the loop asks for a batch, and the data has none'
            raise Unhealthy(text, stages.DATALOADER, 'train_dataloader') from error

    def _prepare(self) -> Any:
        self.stages.enter(stages.CONFIG)
        config = load_config(self.job['config'], self.options.get('cfg_options') or [])
        self.blame = Blame(config._cfg_dict)
        check_fit(config, bool(self.options.get('meta')))
        self.stages.enter(stages.ENVIRONMENT)
        memory.select_device(self.options['device'], self.options.get('max_memory'))
        if self.job.get('distributed'):
            join(self.options)
        self.stages.enter(stages.IMPORT)
        import_custom(config.get('custom_imports'))
        self._seed()
        scope = config.get('default_scope')
        self.result['library'] = import_library(scope)
        self.missing = scope if self.result['library'] is None else None
        self.stages.enter(stages.CONFIG)
        self.weights = local_files(config._cfg_dict)
        if self.options.get('meta'):
            self.wrapper = set_aside_run(config, self.changes)
        self.result['batch_size'] = (config.get('train_dataloader') or {}).get('batch_size')
        adapt(config, self.job, self.changes)
        if self.options.get('small'):
            self.result['small'] = shrink(config._cfg_dict, self.changes)
        if self.options.get('synthetic'):
            self._synthesise(config)
        # For the blame, what is built on its own is in the config all the same.
        table = dict(dict.items(config._cfg_dict))
        self.blame = Blame({**table, 'optim_wrapper': self.wrapper} if self.wrapper else table)
        return config

    def _synthesise(self, config: Any) -> None:
        from .synthetic import synthesise

        with self.stages.within(stages.DATASET):
            self.result['synthetic'] = synthesise(config, self.job, self.changes)

    def _seed(self) -> None:
        import numpy
        import torch

        random.seed(0)
        numpy.random.seed(0)
        torch.manual_seed(0)
        if self.options.get('threads'):
            torch.set_num_threads(int(self.options['threads']))

    def _measure(self, config: Any) -> None:
        """`--meta`: build the model without its data, and measure it."""
        from .meta import measure, meta_runner, needs_data

        try:
            runner = meta_runner(self._runner_class(config)).from_cfg(config)
            self._check_weights()
            self.result['model'] = measure(runner, self.wrapper, self.stages)
        except Exception as error:
            if needs_data(chain(error)[0]):
                self.stages.enter(stages.DATA)
            raise

    def _build(self, config: Any) -> Any:
        from . import emulate  # noqa: F401 (registers the AMP wrapper for CPUs)

        self.runner = self._runner_class(config).from_cfg(config)
        # Nothing builds them any more, and hooks may look into them.
        dict.update(self.runner.cfg._cfg_dict, self.changes.set_aside)
        self._check_weights()
        return self.runner

    def _check_weights(self) -> None:
        assert self.blame is not None
        with self.stages.within(stages.WEIGHTS):
            absent_is_fine = bool(self.options.get('synthetic') or self.options.get('meta'))
            self.result['hints'] += check_files(self.weights, self.blame.model, absent_is_fine)

    def _runner_class(self, config: Any) -> type[Any]:
        from mmengine.registry import RUNNERS
        from mmengine.runner import Runner

        from .runner import smoke_runner

        assert self.blame is not None
        kind = config.get('runner_type')
        base = (RUNNERS.get(kind) if isinstance(kind, str) else kind) or Runner
        self.stages.enter(stages.CONFIG)
        return smoke_runner(base, self.stages, self.observer, self.blame)

    def _judge(self) -> None:
        assert self.blame is not None
        if not self.options.get('fake_ranks'):  # nothing that was exchanged means anything then
            check_health(self.observer, self.blame)
            if self.job.get('distributed'):
                check_ranks(self.observer, self.runner.model)
        if not self.options.get('synthetic'):
            check_batches(self.runner, self.changes)
        if not self.observer.micro_batches:
            self._nothing_ran()
        wrapper = self.runner.cfg.get('model_wrapper_cfg') or {}
        find_unused = bool(self.runner.cfg.get('find_unused_parameters') or wrapper.get('find_unused_parameters'))
        if not is_sharded(self.runner.model):  # a rank with a part of each parameter sees a part of what happens
            self.result['hints'] += hints(self.observer, find_unused)

    def _nothing_ran(self) -> NoReturn:
        """Say that there was no iteration.

        Raises:
            Unsupported: The data are made up: they may be too few.
            Unhealthy: The data are the config's own.
        """
        text = 'the training loop ended without an iteration'
        if self.options.get('synthetic'):
            raise Unsupported(text)
        is_cut = self._samples() and self.runner.train_loop.max_iters == 0
        raise Unhealthy(text, stages.DATALOADER, 'train_cfg' if is_cut else 'train_dataloader')

    def _validate(self) -> None:
        self.stages.enter(stages.VALIDATION)
        self.result['metrics'] = self.runner.smoke_val()

    def _finish(self, caught: list[Any]) -> None:
        self.stages.enter('done')
        total = getattr(getattr(self.runner, '_train_loop', None), 'max_iters', None)
        self.result.update(
            changes=self.changes.listed,
            skipped_weights=list(weights.SKIPPED),
            micro_batches=self.observer.micro_batches,
            optimizers=[record.summary() for record in self.observer.records],
            parameters=self._parameters(),
            samples=self._samples(),
            memory=self.meter.peak(),
            seconds={name: round(value, 4) for name, value in self.stages.seconds.items()},
            estimate=self._estimate(total),
            warnings=_distinct(caught),
            versions=versions(),
        )

    def _parameters(self) -> dict[str, int] | None:
        if self.blame is None or self.blame.model is None:
            return None
        # Those of lazy modules have no size before their first batch.
        parameters = [each for each in self.blame.model.parameters() if not is_lazy(each)]
        frozen = sum(1 for parameter in parameters if not parameter.requires_grad)
        return {'count': len(parameters), 'frozen': frozen, 'elements': sum(p.numel() for p in parameters)}

    def _samples(self) -> int | None:
        """The length of the training dataset, where it has one."""
        dataset: Any = getattr(getattr(getattr(self.runner, '_train_loop', None), 'dataloader', None), 'dataset', None)
        return len(dataset) if hasattr(dataset, '__len__') else None

    def _estimate(self, total: Any) -> dict[str, Any] | None:
        """The full run: iterations × time of a steady micro-batch, the data read in the same process.

        None where it is told in epochs of made-up data, the real ones are of another length, and where the images or the
        batch were made smaller, or all tensors were counted: what ran is no iteration of the real run.
        """
        batches = self.observer.micro_batches
        if (
            self.options.get('footprint')
            or self.result.get('small', {}).get('factor')
            or any(change['why'] == SLOW_CPU for change in self.changes.listed)
        ):
            return None
        loop = getattr(self.runner, '_train_loop', None)
        made_up = bool(self.options.get('synthetic')) and not hasattr(loop, 'dataloader_iterator')
        if not batches or not isinstance(total, int) or made_up:
            return None
        steady = batches[1:] or batches
        seconds = sum(batch['seconds'] for batch in steady) / len(steady)
        data = sum(batch['data_seconds'] for batch in steady) / len(steady)
        return {'iterations': total, 'first': batches[0]['seconds'], 'steady': seconds, 'data': data,
                'seconds': total * (seconds + data), 'only_first': len(batches) == 1}  # fmt: skip


def _distinct(caught: list[Any]) -> list[str]:
    seen: dict[str, None] = {}
    for warning in caught:
        text = '{}: {}'.format(warning.category.__name__, str(warning.message).strip().split('\n')[0])
        seen.setdefault(text[:300])
    return list(seen)[:50]


def run_job(job: dict[str, Any], wire: Wire, walls: Walls | None = None) -> bool:
    """Run `job` in this process, within `walls`, and send its result; True if the iteration ran."""
    result = Session(job, wire, walls).run()
    result['ended'] = time.time()
    wire.send('result', **result)
    return result['status'] == 'ok'
