"""What mmcv's transforms refuse: one function a transform, from its arguments to what is wrong with them.

The libraries register subclasses of some under the same name (`Resize`, `RandomFlip`, `Pad`); these ask the base class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.rules.facts.data import is_int, is_known, is_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Arguments = dict[Any, Any]
Fault = tuple[str, str]
"""The argument (empty where it is missing), and what is wrong with it."""

DIRECTIONS: Final = ('horizontal', 'vertical', 'diagonal')
OTHERS: Final = {
    'mmpose': frozenset({'RandomFlip'}),
    'mmaction': frozenset({'Resize', 'CenterCrop'}),
    'mmagic': frozenset({'Resize', 'RandomResize'}),
    'mmrotate': frozenset({'RandomFlip'}),
    'mmdet3d': frozenset({'RandomFlip', 'Pad', 'TestTimeAug'}),
    'mmocr': frozenset({'RandomFlip', 'Resize'}),
}
"""Package → transforms of another kind that it registers under these names."""


def resize(given: Arguments) -> Iterator[Fault]:
    scale, factor = given.get('scale'), given.get('scale_factor')
    if scale is None and factor is None:
        yield (
            '',
            '`Resize` needs `scale` or `scale_factor`; mmcv raises '
            '``AssertionError: `scale` and `scale_factor` can not both be `None` ``',
        )
    if factor is not None and not isinstance(factor, (float, tuple)) and is_known(factor):
        said = 'TypeError: expect scale_factor is float or Tuple(float)'
        yield 'scale_factor', f'`scale_factor` must be a float or a tuple, got `{factor!r}`; mmcv raises `{said}`'
    if isinstance(scale, list) and given.get('keep_ratio') is True:
        said = 'TypeError: Scale must be a number or tuple of int'
        yield 'scale', f'`scale` must be a tuple with `keep_ratio=True`, got the list `{scale!r}`; mmcv raises `{said}`'


def random_flip(given: Arguments) -> Iterator[Fault]:
    prob, direction = given.get('prob'), given.get('direction', 'horizontal')
    said = 'ValueError: probs must be float or list of float'
    if prob is None:
        yield '', f'`RandomFlip` needs `prob`; mmcv raises `{said}`'
    elif is_int(prob) or isinstance(prob, (tuple, str)):
        hint = f'write `{prob}.0`' if is_int(prob) else 'write a list' if isinstance(prob, tuple) else 'it is a string'
        yield 'prob', f'`prob` must be a float or a list of floats, got `{prob!r}`: {hint}; mmcv raises `{said}`'
    elif isinstance(prob, list) and is_known(prob):
        if not all(isinstance(each, float) for each in prob):
            yield 'prob', f'`prob` must be a list of floats, got `{prob!r}`; mmcv raises `AssertionError`'
        elif not 0 <= sum(prob) <= 1:
            yield (
                'prob',
                f'the probabilities sum up to {sum(prob):g}, at most 1 is possible; mmcv raises `AssertionError`',
            )
        elif isinstance(direction, str) and len(direction) != len(prob):
            yield 'prob', 'a list of probabilities needs a list of directions; mmcv raises `AssertionError`'
        elif isinstance(direction, list) and len(direction) != len(prob):
            yield 'prob', f'{len(prob)} probabilities for {len(direction)} directions; mmcv raises `AssertionError`'
    elif is_number(prob) and not 0 <= prob <= 1:
        yield 'prob', f'`prob` must be between 0 and 1, got `{prob}`; mmcv raises `AssertionError`'
    yield from _direction(direction)


def _direction(direction: Any) -> Iterator[Fault]:
    if isinstance(direction, tuple):
        said = 'ValueError: direction must be either str or list of str'
        yield (
            'direction',
            f'`direction` must be a string or a list, got the tuple `{direction!r}`; mmcv raises `{said}`',
        )
    names = [direction] if isinstance(direction, str) else direction if isinstance(direction, list) else []
    wrong = [name for name in names if isinstance(name, str) and name not in DIRECTIONS]
    if wrong:
        yield (
            'direction',
            f'`direction` must be `horizontal`, `vertical` or `diagonal`, got `{wrong[0]}`; '
            'mmcv raises `AssertionError`',
        )


def pad(given: Arguments) -> Iterator[Fault]:
    size, divisor, square = given.get('size'), given.get('size_divisor'), given.get('pad_to_square', False)
    if square is True and size is not None:
        yield 'size', '`size` must not be given with `pad_to_square=True`; mmcv raises `AssertionError`'
    elif square is False and size is None and divisor is None:
        yield (
            '',
            '`Pad` needs `size` or `size_divisor`; mmcv raises '
            '`AssertionError: only one of size and size_divisor should be valid`',
        )
    elif size is not None and divisor is not None:
        yield 'size_divisor', '`size` and `size_divisor` exclude each other; mmcv raises `AssertionError`'
    value = given.get('pad_val', 0)
    if isinstance(value, (float, list, tuple)):
        yield (
            'pad_val',
            f'`pad_val` must be an integer or a dict, got `{value!r}`; '
            'mmcv raises `AssertionError: pad_val must be dict`',
        )
    mode = given.get('padding_mode', 'constant')
    if isinstance(mode, str) and mode not in ('constant', 'edge', 'reflect', 'symmetric'):
        accepted = '`constant`, `edge`, `reflect` or `symmetric`'
        yield 'padding_mode', f'`padding_mode` must be {accepted}, got `{mode}`; mmcv raises `AssertionError`'


def center_crop(given: Arguments) -> Iterator[Fault]:
    size = given.get('crop_size')
    if size is None:
        yield (
            '',
            '`CenterCrop` needs `crop_size`; mmcv raises '
            "`TypeError: missing 1 required positional argument: 'crop_size'`",
        )
    elif isinstance(size, (list, float)) or (isinstance(size, tuple) and len(size) != 2):
        said = 'AssertionError: The expected crop_size is an integer, or a tuple containing two intergers'
        yield 'crop_size', f'`crop_size` must be an integer or a tuple of two, got `{size!r}`; mmcv raises `{said}`'
    elif any(is_int(each) and each <= 0 for each in (size if isinstance(size, tuple) else (size,))):
        yield 'crop_size', f'`crop_size` must be positive, got `{size!r}`; mmcv raises `AssertionError`'


def random_resize(given: Arguments) -> Iterator[Fault]:
    scale, ratio = given.get('scale'), given.get('ratio_range')
    if isinstance(scale, tuple) and scale and all(is_int(each) for each in scale):
        if ratio is None:
            yield (
                'scale',
                '`RandomResize` with one `scale` needs `ratio_range`; mmcv raises `AssertionError` at the first sample',
            )
        elif (
            isinstance(ratio, (list, tuple))
            and all(is_number(each) for each in ratio)
            and (len(ratio) != 2 or ratio[0] > ratio[1])
        ):
            yield (
                'ratio_range',
                f'`ratio_range` must be a minimum and a maximum, got `{ratio!r}`; mmcv raises `AssertionError`',
            )
    elif isinstance(scale, (list, tuple)) and is_known(scale):
        if all(isinstance(each, tuple) for each in scale):
            if len(scale) != 2 or isinstance(scale, tuple):
                yield (
                    'scale',
                    f'`scale` must be one tuple, or a list of two tuples, got `{scale!r}`; '
                    'mmcv raises `AssertionError`',
                )
        else:
            said = 'NotImplementedError: Do not support sampling function'
            yield (
                'scale',
                f'`scale` must be one tuple, or a list of two tuples, got `{scale!r}`; '
                f'mmcv raises `{said}` at the first sample',
            )


def random_choice_resize(given: Arguments) -> Iterator[Fault]:
    scales = given.get('scales')
    if isinstance(scales, tuple) and any(isinstance(each, tuple) for each in scales):
        yield 'scales', f'`scales` must be a list, got a tuple of tuples, which mmcv takes for one scale: `{scales!r}`'
    elif isinstance(scales, list) and is_known(scales):
        wrong = [each for each in scales if not isinstance(each, (tuple, int))]
        if wrong:
            yield 'scales', f'`scales` must be tuples or integers, got `{wrong[0]!r}`; mmcv raises `AssertionError`'


def random_choice(given: Arguments) -> Iterator[Fault]:
    prob, transforms = given.get('prob'), given.get('transforms')
    if not isinstance(prob, (list, tuple)) or not is_known(prob):
        return
    if not all(isinstance(each, float) for each in prob):
        yield 'prob', f'`prob` must be floats, got `{prob!r}`; mmcv raises `AssertionError`'
    elif isinstance(transforms, (list, tuple)) and len(transforms) != len(prob):
        said = 'AssertionError: ``transforms`` and ``prob`` must have same lengths'
        yield 'prob', f'{len(prob)} probabilities for {len(transforms)} transforms; mmcv raises `{said}`'
    elif sum(prob) != 1:
        yield 'prob', f'the probabilities must sum up to exactly 1, got {sum(prob)!r}; mmcv raises `AssertionError`'


def random_grayscale(given: Arguments) -> Iterator[Fault]:
    prob, color = given.get('prob', 0.1), given.get('color_format', 'bgr')
    if is_number(prob) and not 0 <= prob <= 1:
        yield 'prob', f'`prob` must be between 0 and 1, got `{prob}`; mmcv raises `AssertionError`'
    if isinstance(color, str) and color not in ('bgr', 'rgb', 'hsv'):
        yield (
            'color_format',
            f'`color_format` must be `bgr`, `rgb` or `hsv`, got `{color}`; mmcv raises `AssertionError`',
        )


def multi_scale_flip(given: Arguments) -> Iterator[Fault]:
    scales = given.get('scales')
    if isinstance(scales, list) and any(isinstance(each, (list, int, float)) for each in scales):
        yield 'scales', f'`scales` must be a tuple or a list of tuples, got `{scales!r}`; mmcv raises `AssertionError`'


def test_time(given: Arguments) -> Iterator[Fault]:
    transforms = given.get('transforms')
    if isinstance(transforms, (list, tuple)) and any(isinstance(each, dict) for each in transforms):
        said = 'TypeError: transform must be callable or a dict'
        yield (
            'transforms',
            f'`TestTimeAug` takes a list of lists, each with the variants of one step; mmcv raises `{said}`',
        )


def key_mapper(given: Arguments) -> Iterator[Fault]:
    if given.get('auto_remap') is True and given.get('remapping') is not None:
        said = 'ValueError: KeyMapper: ``remapping`` must be None if `auto_remap` is set.'
        yield 'remapping', f'`remapping` must not be given with `auto_remap=True`; mmcv raises `{said}`'


def loading(given: Arguments) -> Iterator[Fault]:
    if given.get('file_client_args') is not None and given.get('backend_args') is not None:
        said = 'ValueError: "file_client_args" and "backend_args" cannot be set at the same time.'
        yield 'file_client_args', f'`file_client_args` and `backend_args` exclude each other; mmcv raises `{said}`'


FAULTS: Final[dict[str, Callable[[Arguments], Iterator[Fault]]]] = {
    'Resize': resize,
    'RandomFlip': random_flip,
    'Pad': pad,
    'CenterCrop': center_crop,
    'RandomResize': random_resize,
    'RandomChoiceResize': random_choice_resize,
    'RandomChoice': random_choice,
    'RandomGrayscale': random_grayscale,
    'MultiScaleFlipAug': multi_scale_flip,
    'TestTimeAug': test_time,
    'KeyMapper': key_mapper,
    'LoadImageFromFile': loading,
    'LoadAnnotations': loading,
}
