"""Results as text, JSON and JUnit."""

from __future__ import annotations

import json
import xml.etree.ElementTree as etree
from pathlib import Path

import jsonschema
import pytest

from cfglint.smoke.options import Options
from cfglint.smoke.remedies import REMEDIES, remedy
from cfglint.smoke.report import as_json, render
from cfglint.smoke.report.text import one, summary
from cfglint.smoke.results import Failure, Frame, Report, Result, Status
from cfglint.smoke.worker.failure import describe

FRAMES = (
    Frame('/home/me/train.py', 5, 'main', 'run()', True),
    Frame('/home/me/neck.py', 41, 'forward', 'return self.linear(x)', True),
    Frame('/lib/torch/linear.py', 99, 'forward', 'F.linear(…)'),
)
FAILED = Result(
    'configs/x.py', Status.FAILED,
    Failure('forward', 'mat1 and mat2 shapes\nsecond line \x00', 'RuntimeError', 'forward', 'model.neck',
            'configs/base.py:41', FRAMES, 'Traceback: all of it', 'buy a bigger GPU'),
    seconds=1.5,
)  # fmt: skip
SKIPPED = Result('configs/part.py', Status.UNFIT, reason='it has no model')
TWIN = Result('configs/y.py', Status.SAME, reason='configs/x.py')
PEAKS = dict.fromkeys(('peak_rss', 'peak_allocated', 'peak_reserved'), 1 << 30)
USED = {'memory': {**PEAKS, 'peak_live': None, 'name': 'NVIDIA H200', 'total': 150 << 30}}
FINE = Result('configs/z.py', Status.OK, device='cuda', details={'optimizers': [], **USED})
REPORT = Report((FINE, FAILED, SKIPPED, TWIN), {'torch': '2.13.0', 'mmcv': None})


def test_a_failure_reads_as_one_sentence() -> None:
    text = one(FAILED)
    assert 'forward: `model.neck`, configs/base.py:41: RuntimeError: mat1 and mat2 shapes' in text
    assert '/home/me/neck.py:41 in forward: return self.linear(x)' in text
    assert 'linear.py:99' not in text, 'the frames of libraries are left out when the user has some'
    assert 'remedy: buy a bigger GPU' in text
    assert 'Traceback' not in text and 'Traceback' in one(FAILED, traceback=True)


def test_the_summary_counts() -> None:
    assert summary([FAILED, FAILED, SKIPPED, TWIN]) == '2 failed, 1 skipped, 1 same'


def test_json_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / 'results.json'
    as_json.write(REPORT, path)
    assert as_json.read(path) == REPORT
    assert list(tmp_path.iterdir()) == [path]


def test_json_follows_its_schema() -> None:
    schema = json.loads(Path('schemas/output/smoke.json').read_text(encoding='utf-8'))
    jsonschema.validate(json.loads(as_json.render(REPORT)), schema)
    wrong = json.loads(as_json.render(REPORT)) | {'results': [{'config': 'a.py', 'status': 'fine'}]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema)


def test_junit_has_a_case_for_each_config() -> None:
    text = render(REPORT, 'junit')
    suite = etree.fromstring(text.encode())[0]
    assert (suite.get('tests'), suite.get('failures'), suite.get('skipped')) == ('4', '1', '2')
    failure = suite[1][0]
    assert (failure.get('type'), failure.get('message')) == ('forward', 'mat1 and mat2 shapes')
    assert '\x00' not in text


def test_github_shows_a_failure_at_its_line() -> None:
    error, notice = render(REPORT, 'github').splitlines()
    assert error.startswith('::error title=cfglint smoke (forward),file=configs/base.py,line=41::configs/x.py: forward')
    assert '%0A' in error and 'remedy: buy a bigger GPU' in error
    assert notice == '::notice title=cfglint smoke (unfit),file=configs/part.py::configs/part.py: it has no model'


def test_markdown_has_failures_first_and_what_was_used() -> None:
    lines = render(REPORT, 'markdown').splitlines()
    assert lines[2] == '1 ok, 1 failed, 1 skipped, 1 same'
    assert lines[4] == 'torch 2.13.0, NVIDIA H200'
    first, *_, last = [line for line in lines if line.startswith('| configs')]
    assert first.startswith('| configs/x.py | FAILED | forward: <code>model.neck</code>'), first
    assert last.startswith(('| configs/z.py | ok |', '| configs/y.py | same |')), last


@pytest.mark.parametrize(
    ('kind', 'message', 'words'),
    [
        ('RuntimeError', 'operator torchvision::nms does not exist', 'torchvision'),
        (
            'RuntimeError',
            'File "torchvision/ops/roi_align.py", line 9, in _roi_align\nDefaultCPUAllocator: can\'t allocate memory',
            'torchvision was built for another torch',
        ),
        ('AssertionError', 'MMCV==2.2.0 is used but incompatible. Please install mmcv>=2.0.0rc4.', 'mmcv 2.0 or 2.1'),
        ('ModuleNotFoundError', "No module named 'mmcv._ext'", 'mmcv-lite'),
        ('ModuleNotFoundError', "No module named 'pkg_resources'", 'setuptools<81'),
        ('ModuleNotFoundError', "No module named 'distutils'", 'setuptools'),
        (
            'UnpicklingError',
            'Weights only load failed. In PyTorch 2.6, we changed…',
            'TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD',
        ),
        ('ModuleNotFoundError', "No module named 'torch'", "pip install 'mmcfglint[smoke]'"),
        ('ModuleNotFoundError', "No module named 'mmcv'", 'mim install "mmcv>=2,<2.2"'),
        ('ModuleNotFoundError', "No module named 'torchvision'", 'whl/cpu'),
        ('KeyError', '`mmpretrain` is not installed in /env/bin/python', 'mim install'),
        ('RuntimeError', 'Numpy is not available', 'numpy<2'),
        (
            'ImportError',
            "cannot import name 'GenerationMixin' from 'transformers.modeling_utils'",
            'transformers<4.50',
        ),
        ('AttributeError', "module 'albumentations' has no attribute 'Cutout'", 'albumentations<1.4'),
        ('TypeError', "frame.pict_type = 'NONE'\nTypeError: an integer is required", 'av<14'),
        ('ImportError', "cannot import name 'cached_download' from 'huggingface_hub'", 'huggingface_hub<0.26'),
        (
            'ImportError',
            'huggingface-hub>=0.26.0,<1.0 is required for a normal functioning of this module, but found huggingface-hub==0.25.2.',
            'transformers<4.49',
        ),
        ('ImportError', 'Please upgrade numpy to >= 2.0.2 to use this pandas version.', 'pandas<3'),
        ('KeyError', 'Adafactor is already registered in optimizer at torch.optim', 'transformers'),
        ('AttributeError', "module 'pkgutil' has no attribute 'find_loader'", '3.14'),
        ('ValueError', 'betas must be either both floats or both Tensors', 'floats'),
        ('OverflowError', 'Python integer -12 out of bounds for uint8', 'numpy<2'),
        ('ValueError', 'Expected more than 1 value per channel when training, got…', 'batch size of 2'),
        ('TypeError', "FormatCode() got an unexpected keyword argument 'verify'", 'yapf'),
        ('RuntimeError', 'CUDA error: device-side assert triggered', '--device cpu says which'),
    ],
)
def test_known_breakages_have_a_remedy(kind: str, message: str, words: str) -> None:
    assert words in (remedy(Failure('forward', message, kind), Options()) or '')


def test_advice_when_time_runs_out_is_what_was_not_tried() -> None:
    late = Failure('timeout', 'not done after 60 s')
    words = remedy(late, Options(device='cpu', timeout=60)) or ''
    assert words.split('; ')[0] == '--small shrinks the images' and words.endswith('--timeout 180 waits longer')
    tried = Options(device='cpu', timeout=60, small=True, steps=1, batch_size=1)
    assert remedy(late, tried) == '--timeout 180 waits longer'


def test_an_unknown_breakage_has_none() -> None:
    assert remedy(Failure('forward', 'mat1 and mat2 shapes', 'RuntimeError'), Options()) is None
    assert len({known.text for known in REMEDIES}) >= 20


@pytest.mark.parametrize(
    ('message', 'key', 'words'),
    [
        ('Package dsdl is not installed. Please run "pip install dsdl".', 'model', '`pip install dsdl`'),
        ('try `pip install git+https://github.com/a/b.git`.', None, '`pip install git+https://github.com/a/b.git`'),
        ("No module named 'lvis'", 'val_evaluator', 'nothing in the training environment has `lvis`'),
        ("No module named 'lvis.eval'", None, 'the `lvis` that is installed has no `lvis.eval`'),
        ("No module named 'diffusers.models.unet_2d_condition'", None, 'diffusers<0.29'),
        ("No module named 'own'", 'custom_imports.imports[0]', None),
        ('cannot import name', None, None),
    ],
)
def test_a_missing_package_is_named(message: str, key: str | None, words: str | None) -> None:
    found = remedy(Failure('import', message, 'ImportError', key=key), Options())
    assert (words in found) if words and found else words is found


def test_a_package_that_is_asked_for_is_an_import_that_fails() -> None:
    error = RuntimeError('Package dsdl is not installed. Please run "pip install dsdl".')
    assert describe(error, 'dataset', None)['stage'] == 'import'
    assert describe(RuntimeError('3 labels are not in range'), 'dataset', None)['stage'] == 'dataset'
