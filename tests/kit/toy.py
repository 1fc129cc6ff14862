"""A model, a dataset and a metric, registered in MMEngine's own registries: the smallest config that really trains."""

from __future__ import annotations

from typing import Any

import torch
from mmengine.dataset import BaseDataset
from mmengine.evaluator import BaseMetric
from mmengine.model import BaseModel
from mmengine.registry import DATASETS, METRICS, MODELS, TRANSFORMS
from torch import nn

NUM_SAMPLES = 8


@MODELS.register_module(force=True)
class ToyModel(BaseModel):
    """A linear layer, a convolution without use, and a batch norm."""

    def __init__(self, num_classes: int = 2, data_preprocessor: Any = None, init_cfg: Any = None) -> None:
        super().__init__(data_preprocessor=data_preprocessor, init_cfg=init_cfg)
        self.linear = nn.Linear(4, num_classes)
        self.norm = nn.BatchNorm1d(num_classes)

    def forward(self, inputs: Any, label: Any = None, mode: str = 'tensor') -> Any:
        stacked = torch.stack(list(inputs)) if isinstance(inputs, (list, tuple)) else inputs
        outputs = self.norm(self.linear(stacked))
        if mode == 'loss':
            return {'loss': nn.functional.cross_entropy(outputs, torch.as_tensor(label).to(outputs.device))}
        return list(outputs.argmax(1)) if mode == 'predict' else outputs


@DATASETS.register_module(force=True)
class ToyDataset(BaseDataset):
    """Eight samples of four numbers, in two classes."""

    METAINFO = {'classes': ('a', 'b')}

    def load_data_list(self) -> list[dict[str, Any]]:
        return [{'inputs': torch.full((4,), float(index)), 'label': index % 2} for index in range(NUM_SAMPLES)]


@TRANSFORMS.register_module(force=True)
class ToyTransform:
    """Passes samples through."""

    def __call__(self, results: dict[str, Any]) -> dict[str, Any]:
        results.pop('sample_idx', None)
        return results


@METRICS.register_module(force=True)
class ToyMetric(BaseMetric):
    """The share of predictions that are class 0."""

    default_prefix = 'toy'

    def process(self, data_batch: Any, data_samples: Any) -> None:
        self.results.extend(int(sample) for sample in data_samples)

    def compute_metrics(self, results: list[int]) -> dict[str, float]:
        return {'zeros': results.count(0) / max(len(results), 1)}
