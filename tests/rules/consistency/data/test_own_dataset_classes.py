"""The classes of datasets of the user's own: `METAINFO` in their code is read, and never run."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from cfglint.catalog.run_libraries import Libraries
from cfglint.engine import check
from cfglint.language.trees import module_tree
from cfglint.rules import all_rules
from cfglint.rules.reading import own_datasets
from cfglint.workspace import Workspace
from tests.kit.complete import complete
from tests.kit.repo import diagnose

UNREAD, INVALID, MISSING = 'unread-dataset-classes', 'invalid-dataset-classes', 'missing-dataset-classes'
COUNT = 'num-classes-mismatch'
KEYPOINTS, PREDICTED = 'inconsistent-keypoints', 'keypoint-count-mismatch'
POINTS = "keypoint_info={0: dict(name='a', swap='b'), 1: dict(name='b', swap='a')}"
POSE = "dict(type='TopdownPoseEstimator', head=dict(type='HeatmapHead', in_channels=8, out_channels=17))"
TWO = "METAINFO = dict(classes=('a', 'b'))"
INIT = 'def __init__(self, **kwargs):\n        '
DETECTOR = "dict(type='RetinaNet', bbox_head=dict(type='RetinaHead', in_channels=8, num_classes=%d))"

BAD = [
    (UNREAD, 'mmdet.datasets.CocoDataset', "CLASSES = ('a', 'b')", ''),
    (UNREAD, 'mmdet.datasets.CocoDataset', "METAINFO = {'CLASSES': ('a', 'b'), 'PALETTE': [[0, 0, 0]]}", ''),
    (UNREAD, 'mmseg.datasets.BaseSegDataset', f"{INIT}super().__init__(**kwargs)\n        self.METAINFO = dict(classes=('a',))", ''),
    (UNREAD, 'mmrotate.datasets.DOTADataset', "CLASSES = ('ship', )\n    PALETTE = [(1, 2, 3)]", ''),
    (UNREAD, 'mmdet3d.datasets.KittiDataset', "CLASSES = ('Car', )", 'metainfo=dict(palette=[[1, 2, 3]])'),
    (UNREAD, 'mmpretrain.datasets.CustomDataset', "METAINFO = dict(CLASSES=('a', 'b'))", ''),
    (INVALID, 'mmdet.datasets.CocoDataset', "METAINFO = dict(classes=('scratch'))", ''),
    (INVALID, 'mmrotate.datasets.DOTADataset', "METAINFO: dict = {'classes': 'ship'}", ''),
    (INVALID, 'mmseg.datasets.BaseSegDataset', "METAINFO = dict(classes=('a', 'b'), palette=[[0, 0, 0]])", ''),
    (INVALID, 'mmseg.datasets.ADE20KDataset', 'METAINFO = dict(classes=NAMES, palette=[[0, 0, 0]])', ''),
    (MISSING, 'mmdet.datasets.BaseDetDataset', 'pass', ''),
    (MISSING, 'mmdet.datasets.XMLDataset', 'pass', ''),
    (MISSING, 'mmdet3d.datasets.Det3DDataset', 'pass', ''),
    (MISSING, 'mmpose.datasets.datasets.base.BaseCocoStyleDataset', 'pass', ''),
    (KEYPOINTS, 'mmpose.datasets.datasets.base.BaseCocoStyleDataset', f'METAINFO = dict({POINTS}, sigmas=[0.05] * 3)', ''),
    (KEYPOINTS, 'mmpose.datasets.CocoDataset', f'METAINFO = dict({POINTS}, joint_weights=[1.0])', ''),
    (PREDICTED, 'mmpose.datasets.datasets.base.BaseCocoStyleDataset', f'METAINFO = dict({POINTS})', ''),
    (PREDICTED, 'mmpose.datasets.AicDataset', 'pass', ''),
    (MISSING, 'mmseg.datasets.BaseSegDataset', 'METAINFO = dict(palette=[[0, 0, 0]])', ''),
    (MISSING, 'mmseg.datasets.BaseSegDataset', f"{INIT}super().__init__(img_suffix='.tif', **kwargs)", ''),
    (COUNT, 'mmdet.datasets.CocoDataset', TWO, ''),
    (COUNT, 'mmdet.datasets.XMLDataset', 'METAINFO = dict(classes=NAMES)', ''),
    (COUNT, 'mmdet.datasets.VOCDataset', "SUFFIX = '.jpeg'", ''),  # it has the classes of its base: 20
]  # fmt: skip
GOOD = [
    (UNREAD, 'mmdet.datasets.CocoDataset', f"CLASSES = ('a', 'b')\n    {TWO}", ''),
    (UNREAD, 'mmdet.datasets.CocoDataset', "CLASSES = ('a', 'b')", "metainfo=dict(classes=('a', 'b'))"),
    (UNREAD, 'mmdet.datasets.CocoDataset', "CLASSES = ('a', 'b')\n    METAINFO = dict(classes=CLASSES)", ''),
    (UNREAD, 'mmdet.datasets.CocoDataset', f"CLASSES = ('a',)\n    {INIT}super().__init__(metainfo=dict(classes=self.CLASSES), **kwargs)", ''),
    (UNREAD, 'mmpretrain.datasets.CustomDataset', "CLASSES = ('a', 'b')", ''),
    (UNREAD, 'torch.utils.data.Dataset', "CLASSES = ('a', 'b')", ''),
    (INVALID, 'mmdet.datasets.CocoDataset', "METAINFO = dict(classes=('scratch', ), palette=[])", ''),
    (INVALID, 'mmseg.datasets.BaseSegDataset', 'METAINFO = dict(classes=names(), palette=[[0, 0, 0]])', ''),
    (INVALID, 'mmseg.datasets.BaseSegDataset', "METAINFO = dict(classes=('a', 'b'))", 'metainfo=dict(palette=[[0] * 3] * 2)'),
    (MISSING, 'mmseg.datasets.BaseSegDataset', TWO, ''),
    (MISSING, 'mmdet.datasets.XMLDataset', 'METAINFO = dict(classes=NAMES)', ''),
    (MISSING, 'mmpose.datasets.datasets.base.BaseCocoStyleDataset', "METAINFO = dict(from_file='a.py')", ''),
    (KEYPOINTS, 'mmpose.datasets.CocoDataset', f'METAINFO = dict({POINTS}, sigmas=[0.05] * 2)', ''),
    (KEYPOINTS, 'mmpose.datasets.CocoDataset', f'METAINFO = dict({POINTS}, sigmas=sigmas_of(3))', ''),
    (PREDICTED, 'mmpose.datasets.CocoDataset', 'pass', ''),
    (PREDICTED, 'mmpose.datasets.CocoDataset', 'METAINFO = metainfo_of(3)', ''),
    (MISSING, 'mmseg.datasets.BaseSegDataset', 'METAINFO = metainfo_of(3)', ''),
    (MISSING, 'mmseg.datasets.BaseSegDataset', f"{INIT}kwargs['metainfo'] = dict(classes=('a', ))\n        super().__init__(**kwargs)", ''),
    (MISSING, 'mmseg.datasets.BaseSegDataset', 'pass', "metainfo=dict(classes=('a', ))"),
    (COUNT, 'mmdet.datasets.CocoDataset', 'pass', ''),
    (COUNT, 'mmdet.datasets.CocoDataset', TWO, 'metainfo=dict(classes=NAMES)'),
    (COUNT, 'mmdet.datasets.CocoDataset', 'METAINFO = dict(classes=names())', ''),
]  # fmt: skip


def messages(rule: str, base: str, body: str, given: str, folder: Path) -> list[str]:
    """Return what a rule says of a config with a dataset of a class that has a base and a body."""
    module, _, name = base.rpartition('.')
    scope = base.partition('.')[0].replace('torch', 'mmdet')
    (folder / 'own.py').write_text(
        f"from {module} import {name}\nfrom {scope}.registry import DATASETS\n\nNAMES = ['a', 'b', 'c']\n\n\n"
        f'@DATASETS.register_module()\nclass OwnDataset({name}):\n    {body}\n'
    )
    dataset = f"dict(batch_size=1, num_workers=0, dataset=dict(type='OwnDataset', {given}))"
    config = folder / 'config.py'
    made = DETECTOR % 80 if rule == COUNT else POSE if rule == PREDICTED else "dict(type='EncoderDecoder')"
    model = f'model = {made}\n' + (
        "val_evaluator = test_evaluator = dict(type='IoUMetric')\n" if scope == 'mmseg' else ''
    )
    config.write_text(
        complete(
            f"default_scope = '{scope}'\ncustom_imports = dict(imports=['own'])\nNAMES = ['a'] * 80\n{model}"
            f'train_dataloader = val_dataloader = {dataset}\n'
        )
    )
    result = check([str(config)], [all_rules()[rule]], workspace=Workspace(Libraries(roots=(folder,))))
    assert result.crashes == []
    return [diagnostic.message for diagnostic in result.diagnostics if diagnostic.rule == rule]


@pytest.mark.parametrize(('rule', 'base', 'body', 'given'), BAD)
def test_what_is_wrong_is_told_once(rule: str, base: str, body: str, given: str, tmp_path: Path) -> None:
    found = messages(rule, base, body, given, tmp_path)
    assert len(found) == 1
    assert len(found[0]) <= 120


@pytest.mark.parametrize(('rule', 'base', 'body', 'given'), GOOD)
def test_what_is_right_or_not_known_is_silent(rule: str, base: str, body: str, given: str, tmp_path: Path) -> None:
    assert messages(rule, base, body, given, tmp_path) == []


def test_whether_an_own_metric_asks_for_classes_is_not_known(tmp_path: Path) -> None:
    base = 'mmseg.datasets.BaseSegDataset'
    assert len(messages(MISSING, base, 'pass', '', tmp_path)) == 1
    config = tmp_path / 'config.py'
    config.write_text(config.read_text().replace("type='IoUMetric'", "type='OwnMetric'"))
    result = check([str(config)], [all_rules()[MISSING]], workspace=Workspace(Libraries(roots=(tmp_path,))))
    assert result.diagnostics == []


def test_a_base_of_the_users_own_is_followed(tmp_path: Path) -> None:
    """MMEngine takes the first `METAINFO` in the order of the bases, whole."""
    body = "pass\n\n\n@DATASETS.register_module()\nclass Other(OwnDataset):\n    METAINFO = dict(classes=('a'))"
    assert messages(INVALID, 'mmdet.datasets.CocoDataset', body, '', tmp_path) == []
    text = (tmp_path / 'config.py').read_text().replace("type='OwnDataset'", "type='Other'")
    (tmp_path / 'config.py').write_text(text)
    result = check(
        [str(tmp_path / 'config.py')], [all_rules()[INVALID]], workspace=Workspace(Libraries(roots=(tmp_path,)))
    )
    assert [each.message for each in result.diagnostics] == [
        '`classes` of `Other` is a string: each of its 1 letters is taken for a class'
    ]


def test_what_a_copy_of_a_library_has_changed(tmp_path: Path) -> None:
    """Somebody who edits `METAINFO` in their copy of mmdet has the classes that it says there."""
    datasets = tmp_path / 'mmdet' / 'datasets'
    datasets.mkdir(parents=True)
    for folder in (datasets, datasets.parent):
        (folder / '__init__.py').touch()
    (datasets / 'coco.py').write_text(
        'from mmdet.registry import DATASETS\nfrom .base_det_dataset import BaseDetDataset\n\n\n'
        "@DATASETS.register_module()\nclass CocoDataset(BaseDetDataset):\n    METAINFO = dict(classes=('a', 'b', 'c'))\n"
    )
    for count, found in ((3, []), (80, ['num-classes-mismatch'])):
        data = "train_dataloader = dict(batch_size=1, num_workers=0, dataset=dict(type='CocoDataset'))\n"
        (tmp_path / 'config.py').write_text(
            complete(
                f"default_scope = 'mmdet'\nmodel = {DETECTOR % count}\n{data}val_dataloader = test_dataloader = None\n"
            )
        )
        workspace = Workspace(Libraries(roots=(tmp_path,)))
        result = check([str(tmp_path / 'config.py')], [all_rules()[COUNT]], workspace=workspace)
        assert [each.rule for each in result.diagnostics] == found


@pytest.mark.parametrize(('name', 'is_asked'), [('CocoDataset', True), ('MOTChallengeDataset', False)])
def test_a_copy_is_asked_where_the_library_counts(
    name: str, is_asked: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Detectors of mmdet find the pedestrians of MOT alone: what its dataset lists does not count."""
    asked = []
    module = sys.modules[all_rules()[COUNT].check.__module__]
    monkeypatch.setattr(module, 'copied_dataset', lambda context, leaf, scope: asked.append(leaf))
    data = f"train_dataloader = dict(batch_size=1, num_workers=0, dataset=dict(type='{name}'))\n"
    (tmp_path / 'config.py').write_text(
        complete(f"default_scope = 'mmdet'\nmodel = {DETECTOR % 1}\n{data}val_dataloader = test_dataloader = None\n")
    )
    check([str(tmp_path / 'config.py')], [all_rules()[COUNT]], workspace=Workspace(Libraries(roots=(tmp_path,))))
    assert bool(asked) == is_asked


COPIED = """from mmengine.dataset import BaseDataset
from mmseg.registry import DATASETS


@DATASETS.register_module()
class BaseCDDataset(BaseDataset):
    METAINFO: dict = dict()

    def __init__(self, ann_file: str = '', img_suffix='.jpg', img_suffix2='.jpg', seg_map_suffix='.png',
                 metainfo: Optional[dict] = None, data_root: Optional[str] = None,
                 data_prefix: dict = dict(img_path='', img_path2='', seg_map_path=''), filter_cfg: Optional[dict] = None,
                 indices: Optional[Union[int, Sequence[int]]] = None, serialize_data: bool = True,
                 pipeline: List[Union[dict, Callable]] = [], test_mode: bool = False, lazy_init: bool = False,
                 max_refetch: int = 1000, ignore_index: int = 255, reduce_zero_label: bool = False,
                 backend_args: Optional[dict] = None) -> None:
        self._metainfo = self._load_metainfo(metainfo)


@DATASETS.register_module()
class PlotsDataset(BaseCDDataset):
    METAINFO = dict(classes=('a', 'b', 'c'))
"""


@pytest.mark.parametrize(('more', 'found'), [('', [COUNT]), (', edges=None', [])])
def test_what_a_copy_of_the_library_does_with_metainfo_is_known(more: str, found: list[str], tmp_path: Path) -> None:
    """A copied base loads `METAINFO` as the library's does; a changed one may do anything with it."""
    (tmp_path / 'mmseg' / 'datasets').mkdir(parents=True)
    changed = COPIED.replace('= None) -> None', f'= None{more}) -> None')
    (tmp_path / 'mmseg' / 'datasets' / 'basesegdataset.py').write_text(changed)
    head = "dict(type='EncoderDecoder', decode_head=dict(type='FCNHead', in_channels=8, channels=8, num_classes=19))"
    data = "train_dataloader = dict(batch_size=1, num_workers=0, dataset=dict(type='PlotsDataset'))\n"
    (tmp_path / 'config.py').write_text(complete(f"default_scope = 'mmseg'\nmodel = {head}\n{data}"))
    workspace = Workspace(Libraries(roots=(tmp_path,)))
    result = check([str(tmp_path / 'config.py')], [all_rules()[COUNT]], workspace=workspace)
    assert [each.rule for each in result.diagnostics] == found


def test_a_module_of_datasets_is_parsed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def parse(text: str) -> ast.Module:
        parsed.append(text)
        return module_tree(text)

    monkeypatch.setattr(own_datasets, 'module_tree', parse)
    module = f'from mmdet.datasets import CocoDataset\nfrom mmdet.registry import DATASETS\n\n\n@DATASETS.register_module()\nclass Parsed(CocoDataset):\n    {TWO}\n'
    config = "default_scope = 'mmdet'\ncustom_imports = dict(imports=['own'])\nmodel = " + DETECTOR % 2
    loader = "\ntrain_dataloader = dict(batch_size=%d, dataset=dict(type='Parsed', ann_file='a.json', pipeline=[]))\n"
    files = {'own.py': module, **{f'{size}.py': config + loader % size for size in (1, 2, 3)}}
    diagnose(tmp_path, files, '1.py', '2.py', '3.py')
    assert parsed == [module]


@pytest.mark.parametrize(('count', 'found'), [(9_000, 1), (30_000, 0)])
def test_a_module_that_is_too_long_is_not_looked_at(count: int, found: int, tmp_path: Path) -> None:
    module = f'from mmdet.datasets import CocoDataset\nfrom mmdet.registry import DATASETS\n\n\n@DATASETS.register_module()\nclass Long(CocoDataset):\n    {TWO}\n    x = [{"[1], " * count}]\n'
    config = "default_scope = 'mmdet'\ncustom_imports = dict(imports=['own'])\nmodel = " + DETECTOR % 3
    loader = "\ntrain_dataloader = dict(batch_size=1, dataset=dict(type='Long', ann_file='a.json', pipeline=[]))\n"
    told = diagnose(tmp_path, {'own.py': module, 'config.py': config + loader}, 'config.py')
    assert len([each for each in told if each.rule == 'num-classes-mismatch']) == found


@pytest.mark.parametrize(
    ('imported', 'metainfo', 'told'),
    [
        ('from .names import NAMES', 'dict(classes=NAMES)', True),
        ('from shop.names import NAMES as KINDS', 'dict(classes=KINDS)', True),
        ('from .names import WHOLE', 'WHOLE', True),
        ('from .names import FOUR', 'dict(classes=FOUR)', False),
        ('from .names import MADE', 'dict(classes=MADE)', False),
        ('from elsewhere import NAMES', 'dict(classes=NAMES)', False),
    ],
)
def test_names_of_another_module(imported: str, metainfo: str, told: bool, tmp_path: Path) -> None:
    (tmp_path / '.git').mkdir()
    (tmp_path / 'shop').mkdir()
    (tmp_path / 'shop' / '__init__.py').write_text('')
    (tmp_path / 'shop' / 'names.py').write_text(
        "NAMES = ('a', 'b')\nWHOLE = dict(classes=('a', 'b', 'c'))\nFOUR = ['a', 'b', 'c', 'd']\nMADE = tuple('ab')\n"
    )
    (tmp_path / 'shop' / 'data.py').write_text(
        'from mmdet.datasets import CocoDataset\nfrom mmdet.registry import DATASETS\n'
        f'{imported}\n\n\n@DATASETS.register_module()\nclass Shop(CocoDataset):\n    METAINFO = {metainfo}\n'
    )
    (tmp_path / 'config.py').write_text(
        "default_scope = 'mmdet'\ncustom_imports = dict(imports=['shop.data'])\n"
        "model = dict(type='FCOS', bbox_head=dict(type='FCOSHead', num_classes=4, in_channels=8))\n"
        "train_dataloader = dict(batch_size=2, num_workers=0, dataset=dict(type='Shop'))\n"
    )
    libraries = Libraries(roots=(str(tmp_path),))
    rule = all_rules()['num-classes-mismatch']
    found = check([str(tmp_path / 'config.py')], [rule], Workspace(libraries)).diagnostics
    assert [each.key for each in found] == (['model.bbox_head.num_classes'] if told else [])
