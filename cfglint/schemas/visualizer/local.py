"""The visualizer, and the backends that write files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from cfglint.schemas.base import Dict, Mapped, Model, Says, Text, Words, decided_keys, found
from cfglint.schemas.visualizer import VIS_BACKENDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.schemas import Violation


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

    SLOTS: ClassVar = {'vis_backends': VIS_BACKENDS}

    name: Text = Field('visualizer', description='The name of the instance; else that of the experiment.')
    image: Any = Field(None, description='The image to draw on.')
    vis_backends: Any = Field(None, description='The backends: the type and arguments of each.')
    save_dir: Text | None = Field(None, description='The folder of all backends; else that of the run.')
    fig_save_cfg: Mapped = Field({'frameon': False}, description='The arguments of the figure that is saved.')
    fig_show_cfg: Mapped = Field({'frameon': False}, description='The arguments of the figure that is shown.')

    @classmethod
    def relations(cls, given: Dict, name: str) -> Iterator[Violation]:
        backends = given.get('vis_backends')
        names: list[str] = []
        for index, backend in enumerate(backends if isinstance(backends, (list, tuple)) else ()):
            if not isinstance(backend, dict) or not decided_keys(backend):
                continue
            called = backend.get('name') or backend.get('type')
            if isinstance(called, str):
                if called in names:
                    message = f'two backends are called `{called:.60}`: give each a `name`'
                    said = f'RuntimeError: vis_backend name {called:.60} already exists'
                    yield found('conflict', message, 'vis_backends', index, says=said)
                names.append(called)
