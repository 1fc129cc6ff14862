"""Environments that are known to break training, by what they say when they do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cfglint.smoke.options import Options
    from cfglint.smoke.results import Failure


class Remedy(NamedTuple):
    pattern: re.Pattern[str]
    text: str


def _remedy(pattern: str, text: str) -> Remedy:
    return Remedy(re.compile(pattern, re.DOTALL), text)


# Searched in "Type: message" and then in the traceback; the first that fits counts.
REMEDIES = (
    _remedy(
        # Without its operators it computes them in Python, with all of a layer's values at once.
        r'operator torchvision::nms does not exist|torchvision\S+, line \d+, in _roi_align.*DefaultCPUAllocator',
        'torchvision was built for another torch: install both from the same index (for the CPU, '
        'https://download.pytorch.org/whl/cpu)',
    ),
    _remedy(
        r'mmcv\S* is used but incompatible|MMCV==\S+ is used but',
        'this release of the library refuses the installed mmcv: mmdet 3.3, mmseg 1.2 and mmagic 1.2 need '
        'mmcv 2.0 or 2.1',
    ),
    _remedy(
        r"No module named 'mmcv\._ext'",
        'mmcv-lite has no compiled operators: install mmcv (`mim install "mmcv>=2,<2.2"`)',
    ),
    _remedy(
        r'\.pict_type = .*an integer is required',
        'PyAV >= 14 wants a number where mmagic gives the name of a type of picture: `pip install "av<14"`',
    ),
    _remedy(
        r'Weights only load failed',
        'torch >= 2.6 refuses to unpickle MMEngine checkpoints: set TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD=1 if you'
        ' trust the file',
    ),
    _remedy(
        r"No module named 'pkg_resources'",
        'MMEngine needs pkg_resources for mmpose, and for bases such as `mmdet::…`: install "setuptools<81"',
    ),
    _remedy(
        r"No module named 'distutils'",
        'MMEngine needs distutils: install setuptools (Python >= 3.12 has none of its own)',
    ),
    _remedy(
        r"No module named 'packaging'",
        'MMEngine needs packaging, and mmengine-lite does not install it: `pip install packaging`',
    ),
    _remedy(
        r"module 'pkgutil' has no attribute 'find_loader'",
        'MMEngine 0.10 does not run on Python >= 3.14 together with mmcv',
    ),
    _remedy(
        r'Adafactor is already registered',
        'mmengine <= 0.10.5 does not import with torch >= 2.5 and transformers: upgrade mmengine to 0.10.6 or newer',
    ),
    _remedy(
        r'(\w+) is already registered in optimizer',
        'an optimizer package registers a name that torch has by now: remove the package, or upgrade mmengine',
    ),
    _remedy(
        r"FormatCode\(\) got an unexpected keyword argument 'verify'",
        'mmengine < 0.8.5 needs "yapf<0.40.2"',
    ),
    _remedy(
        r'OverflowError.*(uint8|unsigned).*adjust_hue|OverflowError.*out of bounds for uint8|adjust_hue.*OverflowError',
        'mmcv 2 shifts hues in a way that numpy >= 2 refuses: install "numpy<2", or set the jitter of hue to 0',
    ),
    _remedy(
        r"module 'numpy' has no attribute 'bool8'|`np\.bool8`",
        'the library needs "numpy<2"',
    ),
    _remedy(
        r"module 'numpy' has no attribute '(float|int|bool|object|long)'",
        'the library needs "numpy<1.24"',
    ),
    _remedy(
        r'compiled using NumPy 1\.x cannot be run|numpy\.dtype size changed',
        'a compiled package was built for another numpy: reinstall it, or install "numpy<2"',
    ),
    _remedy(
        r'betas must be either both floats or both Tensors',
        'torch >= 2.6 wants both betas to be floats: write `betas=(0., 0.99)`',
    ),
    _remedy(
        r'UnboundLocalError.*init_info',
        'a defect of mmagic 1.2.0 (open-mmlab/mmagic#2109), whatever the config says',
    ),
    _remedy(
        r'AmpOptim\w*`* is only available',
        'mixed precision needs a GPU: use --no-amp, or --amp to emulate it on the CPU',
    ),
    _remedy(
        r'Expected more than 1 value per channel',
        'batch normalisation cannot train on one value: use a batch size of 2 or more, or SyncBN on several GPUs',
    ),
    _remedy(
        r'device-side assert triggered',
        'an index is out of range on the device, most often a label of more classes than the head has; --device cpu '
        'says which',
    ),
    _remedy(
        r'no kernel image is available',
        'this torch or mmcv was not built for this GPU: install a build for its compute capability',
    ),
    _remedy(
        r'CUDA driver version is insufficient|driver on your system is too old',
        'update the NVIDIA driver, or install an older torch',
    ),
    _remedy(
        r"No module named 'mmaction\.models\.localizers\.drn'",
        'the wheel of mmaction2 1.2.0 lacks a folder (open-mmlab/mmaction2#2714): install it from its repository',
    ),
    _remedy(
        r"No module named 'torch'",
        "this Python has no torch: name the training environment with --python, or `pip install 'mmcfglint[smoke]'`",
    ),
    _remedy(
        r"No module named 'mmengine'",
        "this Python has no mmengine: name the training environment with --python, or `pip install 'mmcfglint[smoke]'`",
    ),
    _remedy(
        r"No module named 'mmcv'",
        'install mmcv with its operators, in a release that has them built for your torch: `mim install "mmcv>=2,<2.2"`',
    ),
    _remedy(
        r"No module named 'torchvision'",
        'install torchvision from the index that torch is from (for the CPU, https://download.pytorch.org/whl/cpu)',
    ),
    _remedy(
        r'^\w*:? ?`\w+` is not installed in ',
        'install the library there (`mim install LIBRARY`), or name the training environment with --python',
    ),
    _remedy(
        r"No module named 'cv2'",
        'OpenCV is not installed: `pip install opencv-python-headless`',
    ),
    _remedy(
        r'Numpy is not available',
        'this torch was built for numpy 1: install "numpy<2"',
    ),
    _remedy(
        r"cannot import name '\w+' from 'transformers\.|has no attribute .*transformers\.modeling_utils",
        'the library was written for an older transformers: install "transformers<4.50"',
    ),
    _remedy(
        r"module 'albumentations[\w.]*' has no attribute|cannot import name '\w+' from 'albumentations",
        'the library was written for an older albumentations: install "albumentations<1.4"',
    ),
    _remedy(
        r"cannot import name '\w+' from 'huggingface_hub|module 'diffusers[\w.]*' has no attribute"
        r"|No module named 'diffusers\.",
        'mmagic was written for an older diffusers: install "diffusers<0.29" "huggingface_hub<0.26" "transformers<4.49"',
    ),
    _remedy(
        r'huggingface-hub>=[\d.,<]+ is required for a normal functioning .* but found huggingface-hub==0\.',
        'this transformers wants a newer huggingface_hub than diffusers does: install "transformers<4.49"',
    ),
    _remedy(
        r'Please upgrade numpy to >= 2[\d.]* to use this pandas',
        'pandas 3 was built for numpy 2: install "pandas<3"',
    ),
)
SYNTHETIC = 'the data is not here: --synthetic makes it up, --data-root says where it is'
NOT_SYNTHETIC = '--synthetic does not make up this file: --data-root says where the data is'

COMMAND = re.compile(r"""\b((?:pip|mim) install (?:-[rU] )?["'`]?[^\s"'`),]*[^\s"'`),.])""", re.IGNORECASE)
"""What a library tells to type, where an optional package is missing."""
MODULE = re.compile(r"No module named '((\w+)[\w.]*)'")
DATALESS = 'with --meta, parameters have no values to compute with: measure this one by running it, without --meta'


def remedy(failure: Failure, options: Options) -> str | None:
    """What to do about a known breakage, of a run with these options."""
    if failure.stage == 'needs data':
        return DATALESS
    if failure.stage == 'timeout':
        return _faster(options)
    if failure.stage in ('dataset', 'dataloader') and failure.type in (
        'FileNotFoundError',
        'NotADirectoryError',
        'ForbiddenNetwork',
    ):
        return NOT_SYNTHETIC if options.synthetic else SYNTHETIC
    for text in (f'{failure.type}: {failure.message}', failure.traceback):
        for known in REMEDIES:
            if known.pattern.search(text):
                return known.text
    return _absent(failure)


def _absent(failure: Failure) -> str | None:
    """Say which package the training environment lacks, unless it is a module of the user's own."""
    if failure.stage != 'import' or (failure.key or '').startswith('custom_imports'):
        return None
    told, module = COMMAND.search(failure.message), MODULE.search(failure.message)
    if told:
        return f'the training environment lacks an optional package: `{told.group(1)}`'
    if module is None:
        return None
    if '.' in module.group(1):  # Python names no more than what is missing
        return f'the `{module.group(2)}` that is installed has no `{module.group(1)}`: another release of it has'
    return f'nothing in the training environment has `{module.group(1)}`: install its package'


def _faster(options: Options) -> str:
    """What would make a run shorter, of all that has not been asked for yet."""
    ways = [f'--timeout {options.timeout * 3:g} waits longer']
    if options.steps > 1:
        ways.insert(0, '--steps 1 runs one accumulated iteration')
    if options.device == 'cpu' and options.batch_size is None:
        ways.insert(0, '--batch-size 1 computes half')
    if not options.small:
        ways.insert(0, '--small shrinks the images')
    return '; '.join(ways)
