"""The visualizer and its backends."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from cfglint.sections.models.base import (
    Mapped,
    Model,
    OptionalFlag,
    Says,
    Sequence,
    Text,
    Words,
)


class VisBackend(Model):
    """What all backends have in common."""

    name: Any = Field(None, description='Its name, if there are several of a kind; the visualizer reads it.')


class LocalVisBackend(VisBackend):
    """Writes images, the config and scalars to a folder.

    Source: mmengine.visualization.vis_backend:LocalVisBackend
    """

    save_dir: Text | None = Field(None, description='The folder; the visualizer passes its own.')

    img_save_dir: Text = Field('vis_image', description='The folder of images, below `save_dir`.')

    config_save_file: Annotated[
        str, Field(pattern=r'(^|\.)py$'), Words('the name of a file `.py`'), Says('AssertionError')
    ] = Field('config.py', description='The file for the config.')

    scalar_save_file: Annotated[
        str, Field(pattern=r'(^|\.)json$'), Words('the name of a file `.json`'), Says('AssertionError')
    ] = Field('scalars.json', description='The file for scalars.')


class TensorboardVisBackend(VisBackend):
    """Writes for TensorBoard.

    Source: mmengine.visualization.vis_backend:TensorboardVisBackend
    """

    save_dir: Text | None = Field(None, description='The folder; the visualizer passes its own.')


class Visualizer(Model):
    """Draws, and hands drawings and scalars to its backends.

    Source: mmengine.visualization.visualizer:Visualizer
    """

    name: Text = Field('visualizer', description='The name of the instance; else that of the experiment.')

    image: Any = Field(None, description='The image to draw on.')

    vis_backends: Any = Field(None, description='The backends: the type and arguments of each.')

    save_dir: Text | None = Field(None, description='The folder of all backends; else that of the run.')

    fig_save_cfg: Mapped = Field({'frameon': False}, description='The arguments of the figure that is saved.')

    fig_show_cfg: Mapped = Field({'frameon': False}, description='The arguments of the figure that is shown.')


Suffixes = Annotated[str | Sequence[str], Words('a string, or a list of strings')]


class WandbVisBackend(VisBackend):
    """Writes to Weights & Biases.

    Source: mmengine.visualization.vis_backend:WandbVisBackend
    """

    save_dir: Text | None = Field(None, description='The folder; the visualizer passes its own.')

    init_kwargs: Mapped | None = Field(None, description='The arguments of wandb.init.')

    define_metric_cfg: Annotated[
        Mapped | list[Any] | None,
        Words('a dict or a list'),
        Says('ValueError: define_metric_cfg should be dict or list'),
    ] = Field(None, description='The arguments of wandb.define_metric.')

    commit: OptionalFlag = Field(True, description='Whether each call is sent at once.')

    log_code_name: Text | None = Field(None, description='The name under which the code is stored.')

    watch_kwargs: Mapped | None = Field(None, description='The arguments of wandb.watch.')


class MLflowVisBackend(VisBackend):
    """Writes to MLflow.

    Source: mmengine.visualization.vis_backend:MLflowVisBackend
    """

    save_dir: Text | None = Field(None, description='The folder; the visualizer passes its own.')

    exp_name: Text | None = Field(None, description='The name of the experiment.')

    run_name: Text | None = Field(None, description='The name of the run.')

    tags: Mapped | None = Field(None, description='The tags of the run.')

    params: Mapped | None = Field(None, description='The parameters of the run.')

    tracking_uri: Text | None = Field(None, description='The address of the server.')

    artifact_suffix: Suffixes = Field(('.json', '.log', '.py', 'yaml'), description='The files that are uploaded.')

    tracked_config_keys: Annotated[Mapped | list[Any] | None, Words('a list of strings')] = Field(
        None, description='The top-level keys of the config that are logged.'
    )

    artifact_location: Text | None = Field(None, description='Where the server stores files.')


class ClearMLVisBackend(VisBackend):
    """Writes to ClearML.

    Source: mmengine.visualization.vis_backend:ClearMLVisBackend
    """

    save_dir: Text | None = Field(None, description='Not used.')

    init_kwargs: Mapped | None = Field(None, description='The arguments of clearml.Task.init.')

    artifact_suffix: Suffixes = Field(('.py', '.pth'), description='The files that are uploaded.')


class NeptuneVisBackend(VisBackend):
    """Writes to Neptune.

    Source: mmengine.visualization.vis_backend:NeptuneVisBackend
    """

    save_dir: Text | None = Field(None, description='The folder; the visualizer passes its own.')

    init_kwargs: Mapped | None = Field(None, description='The arguments of neptune.init_run.')


class DVCLiveVisBackend(VisBackend):
    """Writes for DVCLive.

    Source: mmengine.visualization.vis_backend:DVCLiveVisBackend
    """

    save_dir: Text | None = Field(None, description='The folder; the visualizer passes its own.')

    artifact_suffix: Suffixes = Field(('.json', '.py', 'yaml'), description='The files that are stored.')

    init_kwargs: Mapped | None = Field(None, description='The arguments of dvclive.Live.')


class AimVisBackend(VisBackend):
    """Writes to Aim.

    Source: mmengine.visualization.vis_backend:AimVisBackend
    """

    save_dir: Text | None = Field(None, description='The folder; the visualizer passes its own.')

    init_kwargs: Mapped | None = Field(None, description='The arguments of aim.Run.')
