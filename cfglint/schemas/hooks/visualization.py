"""Hooks that draw, or prepare test-time augmentation."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cfglint.schemas.base import Flag, Mapped, Number, Words
from cfglint.schemas.hooks.common import Hook


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
