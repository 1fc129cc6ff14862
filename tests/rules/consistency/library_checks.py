"""What the libraries do with a config, copied from their sources in as few lines as possible.

mmcv 2.1.0, mmdet 3.3.0 and mmsegmentation 1.2.2 are not installed where the tests run.
"""

from __future__ import annotations

from typing import Any


def coco_metric(metric: Any) -> None:
    """mmdet/evaluation/metrics/coco_metric.py: CocoMetric.__init__"""
    allowed_metrics = ['bbox', 'segm', 'proposal', 'proposal_fast']
    for each in metric if isinstance(metric, list) else [metric]:
        if each not in allowed_metrics:
            raise KeyError(f"metric should be one of 'bbox', 'segm', 'proposal', 'proposal_fast', but got {each}.")


def coco_results(metric: Any, result_files: dict[str, str]) -> None:
    """mmdet/evaluation/metrics/coco_metric.py: CocoMetric.compute_metrics"""
    for each in metric if isinstance(metric, list) else [metric]:
        if each not in result_files:
            raise KeyError(f'{each} is not in results')


def stack_batch(size: Any, size_divisor: Any) -> None:
    """mmseg/utils/misc.py: stack_batch"""
    assert (size is not None) ^ (size_divisor is not None), 'only one of size and size_divisor should be valid'


def padded(shape: tuple[int, int], size: tuple[int, int]) -> tuple[int, int]:
    """mmseg/utils/misc.py: stack_batch; the shape of an image in the batch"""
    height, width = max(size[-2] - shape[-2], 0), max(size[-1] - shape[-1], 0)
    return shape[0] + height, shape[1] + width


def random_flip(prob: Any = None, direction: Any = 'horizontal') -> None:
    """mmcv/transforms/processing.py: RandomFlip.__init__"""
    valid_directions = ['horizontal', 'vertical', 'diagonal']
    if isinstance(prob, list):
        assert all(isinstance(each, float) for each in prob)
        assert 0 <= sum(prob) <= 1
    elif isinstance(prob, float):
        assert 0 <= prob <= 1
    else:
        raise ValueError(f'probs must be float or list of float, but got `{type(prob)}`.')
    if isinstance(direction, str):
        assert direction in valid_directions
    elif isinstance(direction, list):
        assert all(isinstance(each, str) for each in direction)
        assert set(direction).issubset(set(valid_directions))
    else:
        raise ValueError(f'direction must be either str or list of str, but got `{type(direction)}`.')
    if isinstance(prob, list):
        assert len(prob) == len(direction)


def resize(scale: Any = None, scale_factor: Any = None, keep_ratio: bool = False) -> None:
    """mmcv/transforms/processing.py: Resize.__init__, and mmcv/image/geometric.py: rescale_size"""
    assert scale is not None or scale_factor is not None, '`scale` and `scale_factor` can not both be `None`'
    if scale_factor is not None and not isinstance(scale_factor, (float, tuple)):
        raise TypeError(f'expect scale_factor is float or Tuple(float), butget {type(scale_factor)}')
    scale = (scale, scale) if isinstance(scale, int) else scale
    if keep_ratio and scale is not None and not isinstance(scale, (int, float, tuple)):
        raise TypeError(f'Scale must be a number or tuple of int, but got {type(scale)}')


def pad(
    size: Any = None,
    size_divisor: Any = None,
    pad_to_square: bool = False,
    pad_val: Any = 0,
    padding_mode: Any = 'constant',
) -> None:
    """mmcv/transforms/processing.py: Pad.__init__"""
    if isinstance(pad_val, int):
        pad_val = {'img': pad_val, 'seg': 255}
    assert isinstance(pad_val, dict), 'pad_val '
    if pad_to_square:
        assert size is None
    else:
        assert size is not None or size_divisor is not None, 'only one of size and size_divisor should be valid'
        assert size is None or size_divisor is None
    assert padding_mode in ['constant', 'edge', 'reflect', 'symmetric']


def center_crop(crop_size: Any) -> None:
    """mmcv/transforms/processing.py: CenterCrop.__init__"""
    assert isinstance(crop_size, int) or (isinstance(crop_size, tuple) and len(crop_size) == 2)
    crop_size = (crop_size, crop_size) if isinstance(crop_size, int) else crop_size
    assert crop_size[0] > 0 and crop_size[1] > 0


def random_resize(scale: Any, ratio_range: Any = None) -> None:
    """mmcv/transforms/processing.py: RandomResize._random_scale and what it calls"""
    if isinstance(scale, tuple) and all(isinstance(each, int) for each in scale):
        assert ratio_range is not None and len(ratio_range) == 2
        assert ratio_range[0] <= ratio_range[1]
    elif all(isinstance(each, tuple) for each in scale):
        assert isinstance(scale, list) and len(scale) == 2
    else:
        raise NotImplementedError(f'Do not support sampling function for "{scale}"')


def random_choice(transforms: list[Any], prob: Any = None) -> None:
    """mmcv/transforms/wrappers.py: RandomChoice.__init__"""
    if prob is not None:
        assert all(isinstance(each, float) for each in prob)
        assert len(transforms) == len(prob)
        assert sum(prob) == 1


def join_path(data_root: str, path: str) -> str:
    """mmengine/dataset/base_dataset.py: BaseDataset._join_prefix"""
    return path if path.startswith('/') or not data_root else f'{data_root.rstrip("/")}/{path}'


def image_to_tensor(results: dict[str, Any], keys: list[str]) -> dict[str, Any]:
    """mmdet/datasets/transforms/formatting.py: ImageToTensor.transform"""
    import torch

    return {**results, **{key: torch.from_numpy(results[key]).permute(2, 0, 1).contiguous() for key in keys}}


def pack_inputs(results: dict[str, Any]) -> Any:
    """mmdet, mmseg/datasets/transforms/formatting.py: PackDetInputs.transform, PackSegInputs.transform"""
    import numpy
    import torch

    image = results['img']
    if len(image.shape) < 3:
        image = numpy.expand_dims(image, -1)
    if not image.flags.c_contiguous:
        return torch.from_numpy(numpy.ascontiguousarray(image.transpose(2, 0, 1)))
    return torch.from_numpy(image).permute(2, 0, 1).contiguous()


def keypoint_loss(predicted: int, keypoints: int) -> None:
    """mmpose/models/losses/heatmap_loss.py: KeypointMSELoss.forward"""
    import torch

    output, target = torch.zeros(2, predicted, 8, 6), torch.zeros(2, keypoints, 8, 6)
    weights = torch.ones(2, keypoints)
    (torch.nn.functional.mse_loss(output, target, reduction='none') * weights[..., None, None]).mean()


def heatmap_loss(predicted: tuple[int, int], wanted: tuple[int, int]) -> None:
    """mmpose/models/losses/heatmap_loss.py: KeypointMSELoss.forward, with heatmaps of some (width, height)"""
    import torch

    output, target = (torch.zeros(2, 17, height, width) for width, height in (predicted, wanted))
    torch.nn.functional.mse_loss(output, target)
