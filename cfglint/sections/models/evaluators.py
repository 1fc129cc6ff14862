"""The evaluator and MMEngine's own metric."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from cfglint.sections.models.base import (
    Model,
    Says,
    Text,
    Words,
)


class Evaluator(Model):
    """Computes several metrics.

    Source: mmengine.evaluator.evaluator:Evaluator
    """

    metrics: Any = Field(description='The metrics: the type and arguments of each.')


class DumpResults(Model):
    """Writes the predictions to a file.

    Source: mmengine.evaluator.metric:DumpResults
    """

    out_file_path: Annotated[
        str,
        Field(pattern=r'\.(pkl|pickle)$'),
        Words('the path of a file `.pkl` or `.pickle`'),
        Says('ValueError: The output file must be a pkl file.'),
    ] = Field(description='The file to write.')

    collect_device: Text = Field('cpu', description='Where results of all ranks are collected: cpu, gpu or npu.')

    collect_dir: Text | None = Field(None, description='The folder through which ranks collect their results.')
