"""model_wrapper_cfg."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from cfglint.sections.models.base import (
    Flag,
    Integer,
    Model,
    Number,
    OptionalFlag,
    Words,
)


class Distributed(Model):
    """The arguments of PyTorch's wrapper.

    Source: torch.nn.parallel:DistributedDataParallel
    """

    device_ids: Any = Field(None, description='The devices of the model; the Runner passes its own.')

    output_device: Any = Field(None, description='The device of outputs.')

    dim: Annotated[Integer, Words('an integer')] = Field(0, description='The dimension of the batch.')

    broadcast_buffers: OptionalFlag = Field(True, description='Whether buffers are synchronized before each step.')

    init_sync: Flag = Field(True, description='Whether the states are compared and synchronized at the start.')

    process_group: Any = Field(None, description='The processes that take part.')

    bucket_cap_mb: Number | None = Field(None, description='The size of gradient buckets, in MB.')

    find_unused_parameters: Flag = Field(False, description='Whether parameters without gradient are looked for.')

    check_reduction: Flag = Field(False, description='Not used any more.')

    gradient_as_bucket_view: Flag = Field(False, description='Whether gradients share the memory of buckets.')

    static_graph: Flag = Field(False, description='Whether the graph is the same in each iteration.')

    delay_all_reduce_named_params: Any = Field(None, description='Parameters whose reduction is delayed.')

    param_to_hook_all_reduce: Any = Field(None, description='The parameter after which they are reduced.')

    mixed_precision: Any = Field(None, description='Mixed precision of the wrapper.')

    device_mesh: Any = Field(None, description='The mesh of devices.')

    skip_all_reduce_unused_params: Flag = Field(False, description='Whether unused parameters are not reduced.')

    bucket_cap_mb_list: Any = Field(None, description='The sizes of gradient buckets, in MB.')

    batched_grad_copy: Flag = Field(False, description='Whether gradients are copied in batches.')

    forward_sync_buffers: OptionalFlag = Field(
        None, description='Whether buffers are synchronized in the forward pass.'
    )


class MMDistributedDataParallel(Distributed):
    """Each process trains a copy of the model.

    Source: mmengine.model.wrappers.distributed:MMDistributedDataParallel
    """

    detect_anomalous_params: Flag = Field(False, description='Whether parameters outside of the graph are logged.')


class MMSeparateDistributedDataParallel(Distributed):
    """Each submodule is wrapped by itself, such as generator and discriminator.

    Source: mmengine.model.wrappers.seperate_distributed:MMSeparateDistributedDataParallel
    """

    broadcast_buffers: Flag = Field(False, description='Whether buffers are synchronized before each step.')
