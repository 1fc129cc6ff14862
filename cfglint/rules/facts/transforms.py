"""What transforms of mmcv and mmdet3d refuse: one function a transform, from its arguments to what is wrong with them.

The libraries register subclasses of some under the same name (`Resize`, `RandomFlip`, `Pad`); these ask the base class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cfglint.diagnostics import Advice
from cfglint.language.numbers import are_ints, is_int, is_number
from cfglint.language.values import is_known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Arguments = dict[Any, Any]


class Fault(NamedTuple):
    """What a transform refuses.

    Attributes:
        argument: The argument, empty where it is missing.
        message: What is wrong with it.
        raises: What mmcv raises, if that is known.
        advice: What to write.
    """

    argument: str
    message: str
    raises: str | None
    advice: Advice


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


ASSERTION: Final = 'AssertionError'


def _write(name: str, value: object, how: str = '') -> Advice:
    return Advice(f'write a value, {how}' if how else 'write', f'{name}={value!r}')


def _shown(value: object) -> str:
    """Return a value as it stands in messages: long ones are cut."""
    text = repr(value)
    return f'`{text}`' if len(text) <= 40 else f'`{text[:36]}…`'


def resize(given: Arguments) -> Iterator[Fault]:
    scale, factor = given.get('scale'), given.get('scale_factor')
    if scale is None and factor is None:
        raises = 'AssertionError: `scale` and `scale_factor` can not both be `None`'
        yield Fault('', '`Resize` needs `scale` or `scale_factor`', raises, _write('scale', (1333, 800), 'such as'))
    if factor is not None and not isinstance(factor, (float, tuple)) and is_known(factor):
        raises = 'TypeError: expect scale_factor is float or Tuple(float)'
        advice = _write('scale_factor', float(factor) if is_int(factor) else 1.0)
        yield Fault('scale_factor', f'`scale_factor` must be a float or a tuple, got {_shown(factor)}', raises, advice)
    if isinstance(scale, list) and given.get('keep_ratio') is True:
        raises = 'TypeError: Scale must be a number or tuple of int'
        message = f'`scale` must be a tuple with `keep_ratio=True`, got the list {_shown(scale)}'
        yield Fault('scale', message, raises, _write('scale', tuple(scale)))


def random_flip(given: Arguments) -> Iterator[Fault]:
    prob, direction = given.get('prob'), given.get('direction', 'horizontal')
    raises = 'ValueError: probs must be float or list of float'
    if prob is None:
        yield Fault('', '`RandomFlip` needs `prob`', raises, _write('prob', 0.5, 'such as'))
    elif is_int(prob) or isinstance(prob, (tuple, str)):
        advice = _write('prob', float(prob) if is_int(prob) else list(prob) if isinstance(prob, tuple) else 0.5)
        yield Fault('prob', f'`prob` must be a float or a list of floats, got {_shown(prob)}', raises, advice)
    elif isinstance(prob, list) and is_known(prob):
        yield from _probabilities(prob, direction)
    elif is_number(prob) and not 0 <= prob <= 1:
        message = f'`prob` must be between 0 and 1, got `{prob}`'
        yield Fault('prob', message, ASSERTION, _write('prob', 0.5, 'such as'))
    yield from _direction(direction)


def _probabilities(prob: list[Any], direction: Any) -> Iterator[Fault]:
    if not all(isinstance(each, float) for each in prob):
        floats = [float(each) if is_number(each) else 0.5 for each in prob]
        yield Fault('prob', f'`prob` must be a list of floats, got {_shown(prob)}', ASSERTION, _write('prob', floats))
    elif not 0 <= sum(prob) <= 1:
        message = f'the probabilities sum up to {sum(prob):g}, at most 1 is possible'
        yield Fault('prob', message, ASSERTION, _write('prob', [round(1 / len(prob), 2)] * len(prob), 'such as'))
    elif isinstance(direction, str) and len(direction) != len(prob):
        message = 'a list of probabilities needs a list of directions'
        yield Fault('prob', message, ASSERTION, Advice('give a direction for each, or a single number'))
    elif isinstance(direction, list) and len(direction) != len(prob):
        message = f'there are {len(prob)} probabilities for {len(direction)} directions'
        yield Fault('prob', message, ASSERTION, Advice('give as many of one as of the other'))


def _direction(direction: Any) -> Iterator[Fault]:
    if isinstance(direction, tuple):
        raises = 'ValueError: direction must be either str or list of str'
        message = f'`direction` must be a string or a list, got the tuple {_shown(direction)}'
        yield Fault('direction', message, raises, _write('direction', list(direction)))
    names = [direction] if isinstance(direction, str) else direction if isinstance(direction, list) else []
    wrong = [name for name in names if isinstance(name, str) and name not in DIRECTIONS]
    if wrong:
        message = f'`direction` must be `horizontal`, `vertical` or `diagonal`, got `{wrong[0]}`'
        yield Fault('direction', message, ASSERTION, _write('direction', 'horizontal', 'such as'))


def pad(given: Arguments) -> Iterator[Fault]:
    size, divisor, square = given.get('size'), given.get('size_divisor'), given.get('pad_to_square', False)
    if square is True and size is not None:
        message = '`size` must not be given with `pad_to_square=True`'
        yield Fault('size', message, ASSERTION, _write('size', None))
    elif square is False and size is None and divisor is None:
        raises = 'AssertionError: only one of size and size_divisor should be valid'
        yield Fault('', '`Pad` needs `size` or `size_divisor`', raises, _write('size_divisor', 32, 'such as'))
    elif size is not None and divisor is not None:
        message = '`Pad` takes only one of `size` and `size_divisor`'
        yield Fault('size_divisor', message, ASSERTION, _write('size_divisor', None))
    value = given.get('pad_val', 0)
    if isinstance(value, (float, list, tuple)):
        colour = {'img': tuple(value) if isinstance(value, (list, tuple)) else int(value)}
        advice = Advice('write', f'pad_val=dict(img={colour["img"]!r})')
        message = f'`pad_val` must be an integer or a dict, got {_shown(value)}'
        yield Fault('pad_val', message, 'AssertionError: pad_val must be dict', advice)
    mode = given.get('padding_mode', 'constant')
    if isinstance(mode, str) and mode not in ('constant', 'edge', 'reflect', 'symmetric'):
        message = f'`padding_mode` must be `constant`, `edge`, `reflect` or `symmetric`, got `{mode}`'
        yield Fault('padding_mode', message, ASSERTION, _write('padding_mode', 'constant', 'such as'))


def center_crop(given: Arguments) -> Iterator[Fault]:
    size = given.get('crop_size')
    if size is None:
        raises = "TypeError: missing 1 required positional argument: 'crop_size'"
        yield Fault('', '`CenterCrop` needs `crop_size`', raises, _write('crop_size', 224, 'such as'))
    elif isinstance(size, (list, float)) or (isinstance(size, tuple) and len(size) != 2):
        raises = 'AssertionError: The expected crop_size is an integer, or a tuple containing two intergers'
        right = (
            tuple(size) if isinstance(size, list) and len(size) == 2 else int(size) if isinstance(size, float) else 224
        )
        message = f'`crop_size` must be an integer or a tuple of two, got {_shown(size)}'
        yield Fault('crop_size', message, raises, _write('crop_size', right))
    elif any(is_int(each) and each <= 0 for each in (size if isinstance(size, tuple) else (size,))):
        message = f'`crop_size` must be positive, got {_shown(size)}'
        yield Fault('crop_size', message, ASSERTION, _write('crop_size', 224, 'such as'))


def random_resize(given: Arguments) -> Iterator[Fault]:
    scale, ratio = given.get('scale'), given.get('ratio_range')
    if isinstance(scale, tuple) and scale and all(is_int(each) for each in scale):
        if ratio is None:
            advice = _write('ratio_range', (0.5, 2.0), 'such as')
            yield Fault('scale', '`RandomResize` with one `scale` needs `ratio_range`', ASSERTION, advice)
        elif (
            isinstance(ratio, (list, tuple))
            and all(is_number(each) for each in ratio)
            and (len(ratio) != 2 or ratio[0] > ratio[1])
        ):
            message = f'`ratio_range` must be a minimum and a maximum, got {_shown(ratio)}'
            yield Fault('ratio_range', message, ASSERTION, _write('ratio_range', (0.5, 2.0), 'such as'))
    elif isinstance(scale, (list, tuple)) and is_known(scale):
        message = f'`scale` must be one tuple, or a list of two tuples, got {_shown(scale)}'
        if all(isinstance(each, tuple) for each in scale):
            if len(scale) != 2 or isinstance(scale, tuple):
                advice = Advice('write the smallest and the largest size', f'scale={[*scale[:1], *scale[-1:]]}')
                yield Fault('scale', message, ASSERTION, advice)
        else:
            raises = 'NotImplementedError: Do not support sampling function'
            right = [tuple(each) if isinstance(each, list) else each for each in scale]
            advice = Advice('write a tuple')
            if len(right) == 2 and all(isinstance(each, tuple) for each in right):
                advice = _write('scale', right)
            yield Fault('scale', message, raises, advice)
    elif is_number(scale):
        raises, advice = 'NotImplementedError: Do not support sampling function', _write('scale', (scale, scale))
        yield Fault('scale', f'`scale` must be a tuple, (width, height), got {_shown(scale)}', raises, advice)


def random_choice_resize(given: Arguments) -> Iterator[Fault]:
    scales = given.get('scales')
    if isinstance(scales, tuple) and any(isinstance(each, tuple) for each in scales):
        message = f'`scales` must be a list, got a tuple of tuples: {_shown(scales)}'
        yield Fault('scales', message, None, _write('scales', list(scales)))
    elif isinstance(scales, list) and is_known(scales):
        wrong = [each for each in scales if not isinstance(each, (tuple, int))]
        if wrong:
            right = [tuple(each) if isinstance(each, list) else each for each in scales]
            message = f'each of `scales` must be a tuple or an integer, got {_shown(wrong[0])}'
            yield Fault('scales', message, ASSERTION, _write('scales', right))


def random_choice(given: Arguments) -> Iterator[Fault]:
    prob, transforms = given.get('prob'), given.get('transforms')
    if not isinstance(prob, (list, tuple)) or not is_known(prob):
        return
    if not all(isinstance(each, float) for each in prob):
        floats = [float(each) if is_number(each) else 0.5 for each in prob]
        yield Fault('prob', f'`prob` must be floats, got {_shown(prob)}', ASSERTION, _write('prob', floats))
    elif isinstance(transforms, (list, tuple)) and len(transforms) != len(prob):
        raises = 'AssertionError: ``transforms`` and ``prob`` must have same lengths'
        message = f'there are {len(prob)} probabilities for {len(transforms)} transforms'
        yield Fault('prob', message, raises, Advice('give a probability for each list of transforms'))
    elif sum(prob) != 1:
        message = f'the probabilities must sum up to exactly 1, got {sum(prob)!r}'
        yield Fault('prob', message, ASSERTION, Advice('for equal ones, leave `prob` out; else make the sum exactly 1'))


def random_grayscale(given: Arguments) -> Iterator[Fault]:
    prob, color = given.get('prob', 0.1), given.get('color_format', 'bgr')
    if is_number(prob) and not 0 <= prob <= 1:
        message = f'`prob` must be between 0 and 1, got `{prob}`'
        yield Fault('prob', message, ASSERTION, _write('prob', 0.5, 'such as'))
    if isinstance(color, str) and color not in ('bgr', 'rgb', 'hsv'):
        message = f'`color_format` must be `bgr`, `rgb` or `hsv`, got `{color}`'
        yield Fault('color_format', message, ASSERTION, _write('color_format', 'bgr', 'such as'))


def multi_scale_flip(given: Arguments) -> Iterator[Fault]:
    scales = given.get('scales')
    if isinstance(scales, list) and any(isinstance(each, (list, int, float)) for each in scales):
        message = f'`scales` must be a tuple or a list of tuples, got {_shown(scales)}'
        advice = Advice('write tuples')
        if are_ints(scales):
            advice = _write('scales', tuple(scales))
        yield Fault('scales', message, ASSERTION, advice)


def test_time(given: Arguments) -> Iterator[Fault]:
    transforms = given.get('transforms')
    if isinstance(transforms, (list, tuple)) and any(isinstance(each, dict) for each in transforms):
        message = '`TestTimeAug` takes a list of lists, each with the variants of one step'
        advice = Advice('write `[` and `]` around the variants of each step')
        yield Fault('transforms', message, 'TypeError: transform must be callable or a dict', advice)


def key_mapper(given: Arguments) -> Iterator[Fault]:
    if given.get('auto_remap') is True and given.get('remapping') is not None:
        raises = 'ValueError: KeyMapper: ``remapping`` must be None if `auto_remap` is set.'
        message = '`remapping` must not be given with `auto_remap=True`'
        yield Fault('remapping', message, raises, _write('remapping', None))


def loading(given: Arguments) -> Iterator[Fault]:
    if given.get('file_client_args') is not None and given.get('backend_args') is not None:
        raises = 'ValueError: "file_client_args" and "backend_args" cannot be set at the same time.'
        message = '`file_client_args` and `backend_args` must not both be given'
        yield Fault('file_client_args', message, raises, _write('file_client_args', None))


def load_points(given: Arguments) -> Iterator[Fault]:
    """Of mmdet3d: the columns of points that are used have to be among those that are loaded."""
    loaded, used = given.get('load_dim', 6), given.get('use_dim', [0, 1, 2])
    columns = [used - 1] if is_int(used) else list(used) if isinstance(used, (list, tuple)) else []
    if is_int(loaded) and columns and are_ints(columns) and max(columns) >= loaded:
        message = f'`use_dim` takes column {max(columns)}, but `load_dim` says that there are {loaded}'
        raises = f'AssertionError: Expect all used dimensions < {loaded}'
        yield Fault('use_dim', message, raises, Advice('use what is there, such as', f'use_dim={loaded}'))


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
    'LoadPointsFromFile': load_points,
}
