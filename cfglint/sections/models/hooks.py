"""The hooks of default_hooks and custom_hooks."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from cfglint.sections.models.base import (
    AtLeastOne,
    AtLeastZero,
    Flag,
    Hint,
    Mapped,
    Model,
    Number,
    Positive,
    PositiveInteger,
    ProperFraction,
    Says,
    Strings,
    Text,
    Words,
)


class Hook(Model):
    """A hook."""

    priority: Any = Field(
        None, description='When it runs among the hooks: 0 (first) to 100 (last), or a name such as NORMAL.'
    )


class NoArgumentsHook(Hook):
    """A hook that does one thing, and takes no arguments.

    Source: mmengine.hooks:IterTimerHook, mmengine.hooks:ParamSchedulerHook, mmengine.hooks:RuntimeInfoHook,
    mmengine.hooks:DistSamplerSeedHook, mmengine.hooks:SyncBuffersHook
    """


class EmptyCacheHook(Hook):
    """Frees the cached memory of the device.

    Source: mmengine.hooks.empty_cache_hook:EmptyCacheHook
    """

    before_epoch: Flag = Field(False, description='Whether to do it before an epoch.')

    after_epoch: Flag = Field(True, description='Whether to do it after an epoch.')

    after_iter: Flag = Field(False, description='Whether to do it after an iteration.')


class NaiveVisualizationHook(Hook):
    """Draws inputs and predictions.

    Source: mmengine.hooks.naive_visualization_hook:NaiveVisualizationHook
    """

    interval: Annotated[Number, Words('a positive integer')] = Field(
        1, description='The number of iterations between two drawings.'
    )

    draw_gt: Flag = Field(True, description='Whether the ground truth is drawn.')

    draw_pred: Flag = Field(True, description='Whether the prediction is drawn.')


class PrepareTTAHook(Hook):
    """Wraps the model for test-time augmentation.

    Source: mmengine.hooks.test_time_aug_hook:PrepareTTAHook
    """

    tta_cfg: Mapped = Field(description='The model that merges predictions: its type and arguments.')


class LoggerHook(Hook):
    """Prints losses and metrics, and hands them to the visualizer.

    Source: mmengine.hooks.logger_hook:LoggerHook
    """

    HINTS: ClassVar[Any] = {
        'by_epoch': Hint(
            'write `log_metric_by_epoch`, and `log_processor.by_epoch` for the printed lines', 'log_metric_by_epoch'
        )
    }

    interval: Annotated[
        PositiveInteger,
        Says('ValueError: interval must be greater than 0', 'TypeError: interval must be an integer'),
    ] = Field(10, description='The number of iterations between two lines.')

    ignore_last: Annotated[bool, Words('a bool'), Says('TypeError: ignore_last must be a boolean')] = Field(
        True, description='Whether the last, incomplete interval of an epoch is not logged.'
    )

    interval_exp_name: Annotated[
        PositiveInteger,
        Says('ValueError: interval_exp_name must be greater than 0', 'TypeError: interval_exp_name must be an integer'),
    ] = Field(1000, description="The number of iterations between two lines with the experiment's name.")

    out_dir: Annotated[Text | None, Says('TypeError: out_dir must be a str or Path object')] = Field(
        None, description='The folder, or the address of a storage, to which logs are copied.'
    )

    out_suffix: Annotated[Strings, Says('TypeError: out_suffix should be a string or a sequence of string')] = Field(
        ('.json', '.log', '.py', 'yaml'), description='The ends of the names of files that are copied.'
    )

    keep_local: Annotated[bool, Words('a bool'), Says('TypeError: keep_local must be a boolean')] = Field(
        True, description='Whether the local logs stay after copying.'
    )

    file_client_args: Mapped | None = Field(None, description='The outdated name of `backend_args`.')

    log_metric_by_epoch: Flag = Field(
        True, description='Whether metrics are recorded by epoch; set it to False in an iteration-based loop.'
    )

    backend_args: Mapped | None = Field(None, description='The storage of `out_dir`: its backend and arguments.')


class CheckpointHook(Hook):
    """Saves checkpoints, in intervals and when a metric is the best so far.

    Other arguments would be forwarded to Runner.save_checkpoint, which takes no more than these.

    Source: mmengine.hooks.checkpoint_hook:CheckpointHook, mmengine.runner.runner:Runner.save_checkpoint
    """

    CALL: ClassVar[Any] = 'Runner.save_checkpoint()'

    interval: Annotated[Number, Words('an integer'), Says("TypeError: '>' not supported between instances of")] = Field(
        -1, description='The number of epochs (or iterations) between two checkpoints; -1 saves none but the last.'
    )

    by_epoch: Flag = Field(True, description='Whether the interval is in epochs; else it is in iterations.')

    save_optimizer: Flag = Field(True, description="Whether the optimizer's state is saved, which resuming needs.")

    save_param_scheduler: Flag = Field(True, description="Whether the schedulers' states are saved.")

    out_dir: Text | None = Field(None, description='The folder of checkpoints, else `work_dir`.')

    max_keep_ckpts: Annotated[
        int | bool | Annotated[float, Field(le=0)],
        Words('an integer'),
        Says('TypeError: an integer is required', "TypeError: '>' not supported between instances of"),
    ] = Field(-1, description='How many checkpoints are kept; -1 keeps all.')

    save_last: Flag = Field(True, description='Whether the last checkpoint is saved in any case.')

    save_best: Annotated[
        str | list[str] | None,
        Words('a string, a list of strings, or None'),
        Says('AssertionError: "save_best" should be a str or list of str or None'),
    ] = Field(None, description="The metrics whose best checkpoint is kept, with their prefix; 'auto' takes the first.")

    rule: Annotated[
        str | list[str] | None,
        Words('`greater`, `less`, a list of these, or None'),
        Says('AssertionError: "rule" should be a str or list of str or None'),
    ] = Field(None, description='Whether a greater or a smaller value is better; else told by the name of the metric.')

    greater_keys: Strings | None = Field(None, description='Parts of the names of metrics of which more is better.')

    less_keys: Strings | None = Field(None, description='Parts of the names of metrics of which less is better.')

    file_client_args: Mapped | None = Field(None, description='The outdated name of `backend_args`.')

    filename_tmpl: Text | None = Field(None, description='The name of the files, with `{}` for the epoch or iteration.')

    backend_args: Mapped | None = Field(None, description='The storage of `out_dir`: its backend and arguments.')

    published_keys: Annotated[
        Strings | None,
        Words('a string, a list of strings, or None'),
        Says('TypeError: "published_keys" should be a str or a sequence of str or None'),
    ] = Field(None, description='The keys that stay in the published checkpoint, which is made when training ends.')

    save_begin: Annotated[AtLeastZero, Says('ValueError: save_begin should not be less than 0')] = Field(
        0, description='The epoch (or iteration) from which on checkpoints are saved.'
    )


Begin = Annotated[AtLeastZero, Says('AssertionError: must larger than or equal to 0')]


class EMAHook(Hook):
    """Keeps an average of the weights, and validates with it.

    `momentum` and what follows it go to the class that `ema_type` names; a class of another library may take others.

    Source: mmengine.hooks.ema_hook:EMAHook, mmengine.model.averaged_model:MomentumAnnealingEMA
    """

    model_config = ConfigDict(extra='allow')

    ema_type: Any = Field('ExponentialMovingAverage', description='The kind of average.')

    strict_load: Flag = Field(False, description='Whether the keys of a loaded average must match exactly.')

    begin_iter: Begin = Field(0, description='The iteration from which on weights are averaged.')

    begin_epoch: Begin = Field(0, description='The epoch from which on weights are averaged.')

    momentum: Annotated[
        ProperFraction,
        Says('AssertionError: momentum must be in range (0.0, 1.0)'),
    ] = Field(0.0002, description='The part of the new weights in the average: a small number.')

    gamma: Annotated[Positive, Says('AssertionError: gamma must be greater than 0')] = Field(
        100, description='How slowly the momentum is annealed, of MomentumAnnealingEMA.'
    )

    interval: Annotated[Number, Words('a positive integer')] = Field(
        1, description='The number of iterations between two updates.'
    )

    device: Any = Field(None, description='The device of the averaged weights.')

    update_buffers: Flag = Field(False, description='Whether buffers are averaged too.')


class EarlyStoppingHook(Hook):
    """Ends training when a metric has stopped improving.

    Source: mmengine.hooks.early_stopping_hook:EarlyStoppingHook
    """

    monitor: Text = Field(description='The metric to watch, with its prefix.')

    rule: Annotated[
        Literal['greater', 'less'] | None, Says('ValueError: `rule` should be either "greater" or "less"')
    ] = Field(None, description='Whether a greater or a smaller value is better; else told by the name of the metric.')

    min_delta: Number = Field(0.1, description='The smallest change that counts as an improvement.')

    strict: Flag = Field(False, description='Whether a missing metric is an error.')

    check_finite: Flag = Field(True, description='Whether training ends when the metric is NaN or infinite.')

    patience: Number = Field(5, description='The number of validations without improvement before training ends.')

    stopping_threshold: Number | None = Field(None, description='The value at which training ends at once.')


Switch = Annotated[bool, Words('a bool'), Says('AssertionError: should be a boolean')]


class ProfilerHook(Hook):
    """Profiles training with torch.profiler.

    Source: mmengine.hooks.profiler_hook:ProfilerHook
    """

    by_epoch: Switch = Field(True, description='Whether `profile_times` counts epochs.')

    profile_times: Annotated[
        AtLeastOne,
        Words('an integer of at least 1'),
        Says('ValueError: profile_iters should be greater than 0'),
    ] = Field(1, description='The number of epochs (or iterations) that are profiled.')

    activity_with_cpu: Switch = Field(True, description='Whether the CPU is profiled.')

    activity_with_cuda: Switch = Field(False, description='Whether the GPU is profiled.')

    schedule: Annotated[Mapped | None, Says('AssertionError: ``schedule`` should be a dict.')] = Field(
        None, description='The arguments of torch.profiler.schedule.'
    )

    on_trace_ready: Any = Field(None, description="Where the trace goes: a dict of type 'log_trace' or 'tb_trace'.")

    record_shapes: Flag = Field(False, description='Whether the shapes of inputs are recorded.')

    profile_memory: Flag = Field(False, description='Whether memory is tracked.')

    with_stack: Flag = Field(False, description='Whether source lines are recorded.')

    with_flops: Flag = Field(False, description='Whether operations are counted.')

    json_trace_path: Text | None = Field(None, description='The file for a Chrome trace.')


class NPUProfilerHook(Hook):
    """Profiles training on an Ascend NPU.

    Source: mmengine.hooks.profiler_hook:NPUProfilerHook
    """

    begin: Number = Field(0, description='The iteration at which profiling begins.')

    end: Number = Field(1, description='The iteration at which it ends.')

    result_path: Text = Field('cann_profiling', description='The folder of the results.')

    exit_after_profiling: Flag = Field(True, description='Whether the program ends when profiling does.')

    use_e2e_profiler: Flag = Field(False, description='Whether the whole chain is profiled.')

    ge_profiling_to_std_out: Flag = Field(False, description='Whether results are printed.')
