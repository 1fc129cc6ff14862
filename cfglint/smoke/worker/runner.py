"""The user's Runner, which tells where it is and stops once every optimizer has stepped."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from . import stages
from .distributed import unequal_shards_kept, without_sync_batchnorm
from .failure import Unsupported
from .silence import silence_backends, silence_hooks
from .weights import marking_unfilled

if TYPE_CHECKING:
    from mmengine.runner import Runner as _Runner

    from .blame import Blame
    from .observe import Observer
    from .stages import Stages
else:
    _Runner = object


STAGE_AFTER_HOOK: dict[str, str] = {
    'before_train': stages.DATASET,
    'before_train_epoch': stages.DATASET,
    'before_train_iter': stages.FORWARD,
    'after_train_iter': stages.DATASET,
    'before_val_epoch': stages.VALIDATION,
    'before_val_iter': stages.VALIDATION,
    'after_val_iter': stages.EVALUATION,
}


class Watching(_Runner):
    """Mixed into the class of a Runner. It changes nothing of what is built, only watches it."""

    _smoke_stage: Stages
    _smoke_observer: Observer
    _smoke_blame: Blame
    _kept_val_loop: Any = None

    def build_model(self, *args: Any, **kwargs: Any) -> Any:
        with self._smoke_stage.within(stages.MODEL), marking_unfilled():
            model = super().build_model(*args, **kwargs)
        self._smoke_blame.model = model
        return model

    def wrap_model(self, *args: Any, **kwargs: Any) -> Any:
        with self._smoke_stage.within(stages.MODEL):
            if self.distributed and self._smoke_observer.meter.device == 'cpu':
                without_sync_batchnorm(self._smoke_blame.model)
            return super().wrap_model(*args, **kwargs)

    def register_hooks(self, *args: Any, **kwargs: Any) -> None:
        with self._smoke_stage.within(stages.HOOKS):
            super().register_hooks(*args, **kwargs)
        silence_hooks(self.hooks)

    def build_visualizer(self, *args: Any, **kwargs: Any) -> Any:
        visualizer = super().build_visualizer(*args, **kwargs)
        silence_backends(visualizer)
        return visualizer

    def build_train_loop(self, *args: Any, **kwargs: Any) -> Any:
        with self._smoke_stage.within(stages.DATALOADER):
            return super().build_train_loop(*args, **kwargs)

    def build_optim_wrapper(self, *args: Any, **kwargs: Any) -> Any:
        with self._smoke_stage.within(stages.OPTIMIZER):
            wrapper = super().build_optim_wrapper(*args, **kwargs)
            self._smoke_observer.attach(self._smoke_blame.model, wrapper)
        return wrapper

    def build_param_scheduler(self, *args: Any, **kwargs: Any) -> Any:
        with self._smoke_stage.within(stages.SCHEDULER):
            return super().build_param_scheduler(*args, **kwargs)

    def _init_model_weights(self) -> None:
        on_cpu = self._smoke_observer.meter.device == 'cpu'
        with self._smoke_stage.within(stages.MODEL), unequal_shards_kept(self.model) if on_cpu else nullcontext():
            super()._init_model_weights()

    def train(self) -> Any:
        # Validation comes after the iteration, whatever the loop's interval is.
        self._kept_val_loop = self._val_loop
        self._val_loop: Any = None
        return super().train()

    @property
    def val_dataloader(self) -> Any:
        return self._validation('val_dataloader').dataloader

    @property
    def val_evaluator(self) -> Any:
        return self._validation('val_evaluator').evaluator

    def _validation(self, key: str) -> Any:
        """The loop that the loop of training does not get to see, while hooks may look into it.

        Raises:
            Unsupported: It was set aside.
        """
        if self._val_loop is None and self._kept_val_loop is not None:
            self._kept_val_loop = self.build_val_loop(self._kept_val_loop)
            return self._kept_val_loop
        if self._val_loop is None and self.cfg.get(key) is not None:
            raise Unsupported(f'something looks at `{key}` before the validation, which is set aside: give --val')
        return self.val_loop

    def smoke_val(self) -> Any:
        """The whole validation loop, on the one batch that the dataloader was cut to."""
        if self._kept_val_loop is None:
            return None
        loop = self._val_loop = self.build_val_loop(self._kept_val_loop)
        return loop.run()

    def dump_config(self) -> None:
        """Nothing is written."""

    def _log_env(self, env_cfg: Any) -> None:
        """Collecting the environment starts compilers."""

    def call_hook(self, fn_name: str, **kwargs: Any) -> None:
        if fn_name == 'before_train_iter':
            self._smoke_observer.before_iteration(kwargs.get('data_batch'))
        self._smoke_stage.enter(stages.HOOKS)
        super().call_hook(fn_name, **kwargs)
        self._smoke_stage.enter(STAGE_AFTER_HOOK.get(fn_name, stages.HOOKS))
        if fn_name.startswith('before_train'):
            self._smoke_observer.watch(self.optim_wrapper)
        if fn_name == 'before_train':
            self._smoke_observer.start()
        elif fn_name == 'after_train_iter':
            self._smoke_observer.after_iteration(kwargs.get('outputs'))


def smoke_runner(base: type[Any], stage: Stages, observer: Observer, blame: Blame) -> type[Any]:
    """A subclass of the config's Runner that is watched."""
    watchers = {'_smoke_stage': stage, '_smoke_observer': observer, '_smoke_blame': blame}
    return type('SmokeRunner', (Watching, base), watchers)
