"""What datasets and transforms of 0.x had, which those of 1.x do not read."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from cfglint.code.classes import interfaces_of, kinds
from cfglint.code.edits import is_alone, replaced, without_statement
from cfglint.code.models import own_methods
from cfglint.code.walking import below
from cfglint.diagnostics import Advice, Applicability, Edit, Fix, Severity
from cfglint.rules.code.finding import Finding
from cfglint.rules.code.module_rule import module_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.code.module import Code
    from cfglint.code.successors import Releases

_META: Final = {'CLASSES': 'classes', 'PALETTE': 'palette'}
_STILL: Final = frozenset({'mmpretrain.BaseDataset', 'mmcls.BaseDataset', 'mmagic.BasicConditionalDataset'})
"""Datasets of 1.x that still have `self.CLASSES`."""
_KEYS: Final = {
    'img_prefix': '`results["img_path"]` has the whole path',
    'seg_prefix': '`results["seg_map_path"]` has the whole path',
    'ann_info': 'the dataset gives `instances`, `LoadAnnotations` makes `gt_bboxes` and others of them',
    'img_info': 'its keys are in `results` themselves: `img_path`, `img_id`, `height`, `width`',
    'img_fields': 'the picture is `results["img"]`',
    'bbox_fields': 'the boxes are `results["gt_bboxes"]`',
    'mask_fields': 'the masks are `results["gt_masks"]`',
    'gt_semantic_seg': 'the map is `results["gt_seg_map"]`',
    'img_norm_cfg': 'the data preprocessor of the model normalises',
}


@module_rule(severity=Severity.WARNING, fixable=True)
def outdated_metainfo(code: Code, releases: Releases) -> Iterator[Finding]:
    """A dataset of your own with `CLASSES` or `PALETTE`: datasets of 1.x have `METAINFO`.

    Nothing reads the old attributes; metrics and visualizers would know of no classes.

    ```py title="bad/config.py"
    default_scope = 'mmdet'
    custom_imports = dict(imports=['birds'])
    ```

    ```py title="bad/birds.py"
    from mmdet.datasets import CocoDataset
    from mmdet.registry import DATASETS


    @DATASETS.register_module()
    class Birds(CocoDataset):
        CLASSES = ('robin', 'wren')
    ```

    ```py title="good/config.py"
    default_scope = 'mmdet'
    custom_imports = dict(imports=['birds'])
    ```

    ```py title="good/birds.py"
    from mmdet.datasets import CocoDataset
    from mmdet.registry import DATASETS


    @DATASETS.register_module()
    class Birds(CocoDataset):
        METAINFO = dict(classes=('robin', 'wren'))
    ```
    """
    for node in code.classes:
        names = kinds(code, releases, node)
        if node in code.guarded or not any(each.of == 'datasets' for each in interfaces_of(names)):
            continue
        assigned = [each for each in node.body if isinstance(each, ast.Assign)]
        given = {name: each for each in assigned for name in _assigned(each)}
        old = {name: each for name, each in given.items() if name in _META}
        if old and 'METAINFO' not in given:
            named = ' and '.join(f'`{name}`' for name in old)
            message = f'nothing reads {named} of datasets any more'
            fields = [f'{_META[name]}={code.written(each.value)}' for name, each in old.items()]
            line = f'METAINFO = dict({", ".join(fields)})'
            code_line = line if '\n' not in line and len(line) < 100 else None
            fields = [f'`{_META[name]}`' for name in old]
            words = 'write' if code_line else f'give {" and ".join(fields)} in `METAINFO`'
            yield Finding(code.span(next(iter(old.values()))), message, None, Advice(words, code_line), _fix(code, old))
        if names.isdisjoint(_STILL):
            yield from _read(code, node)


def _assigned(node: ast.Assign) -> list[str]:
    return [each.id for each in node.targets if isinstance(each, ast.Name)]


def _fix(code: Code, old: dict[str, ast.Assign]) -> Fix | None:
    """Return what makes one `METAINFO` of the old attributes."""
    first, *others = old.values()
    if not all(is_alone(code, each) and len(each.targets) == 1 for each in old.values()):
        return None
    parts = ',\n        '.join(f'{_META[name]}={code.written(each.value)}' for name, each in old.items())
    lead = '' if len(old) == 1 else '\n        '
    edits = [replaced(code, first, f'METAINFO = dict({lead}{parts})')]
    edits += [without_statement(code, each) for each in others]
    return Fix('Give `METAINFO`', tuple(edits), Applicability.UNSAFE)


def _read(code: Code, node: ast.ClassDef) -> Iterator[Finding]:
    """Yield where the old attributes are read: `self.CLASSES`, unless the class has them itself."""
    asked = [one for one in below(node) if isinstance(one, ast.Attribute) and _is_self(one.value)]
    own = {each.name for each in own_methods(node)} | {one.attr for one in asked if isinstance(one.ctx, ast.Store)}
    for each in asked:
        if each.attr in _META.keys() - own and isinstance(each.ctx, ast.Load):
            new = f"self.metainfo['{_META[each.attr]}']"
            fix = Fix(f'Read `{new}`', (Edit(code.span(each), new),), Applicability.UNSAFE)
            mends = fix if isinstance(each.value, ast.Name) and each.value.id == 'self' else None
            yield Finding(code.span(each), f'datasets have no `{each.attr}` any more', None, Advice('read', new), mends)


def _is_self(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and value.id in ('self', 'cls')


@module_rule(severity=Severity.WARNING)
def outdated_results(code: Code, releases: Releases) -> Iterator[Finding]:
    """A transform of your own that reads a key of `results` which datasets and transforms of 1.x do not write.

    Paths are whole (`img_path`), the fields are known by name (`img`, `gt_bboxes`, `gt_masks`, `gt_seg_map`), and what an
    annotation says stands in `instances`.

    ```py title="bad/config.py"
    default_scope = 'mmdet'
    custom_imports = dict(imports=['flips'])
    ```

    ```py title="bad/flips.py"
    from mmcv.transforms import BaseTransform
    from mmdet.registry import TRANSFORMS


    @TRANSFORMS.register_module()
    class UpsideDown(BaseTransform):
        def transform(self, results):
            for key in results['img_fields']:
                results[key] = results[key][::-1]
            return results
    ```

    ```py title="good/config.py"
    default_scope = 'mmdet'
    custom_imports = dict(imports=['flips'])
    ```

    ```py title="good/flips.py"
    from mmcv.transforms import BaseTransform
    from mmdet.registry import TRANSFORMS


    @TRANSFORMS.register_module()
    class UpsideDown(BaseTransform):
        def transform(self, results):
            results['img'] = results['img'][::-1]
            return results
    ```
    """
    written = {key for node in code.nodes for key in _written_keys(node)}
    for node in code.classes:
        if node in code.guarded or not _is_transform(code, node):
            continue
        for function in own_methods(node):
            for each in (one for one in below(function) if isinstance(one, ast.Subscript)):
                key = each.slice.value if isinstance(each.slice, ast.Constant) else None
                is_results = isinstance(each.value, ast.Name) and each.value.id in ('results', 'result', 'res')
                if is_results and isinstance(each.ctx, ast.Load) and key in _KEYS and key not in written:
                    raises = f"KeyError: '{key}'"
                    yield Finding(code.span(each), f'nothing writes `{key}` any more', raises, Advice(_KEYS[str(key)]))


def _is_transform(code: Code, node: ast.ClassDef) -> bool:
    """Tell whether a class is registered as a transform, or is one of the libraries'."""
    decorators = (each.func if isinstance(each, ast.Call) else each for each in node.decorator_list)
    names = (code.scopes.path(each.value) or '' for each in decorators if isinstance(each, ast.Attribute))
    return any(name.rpartition('.')[2] in ('PIPELINES', 'TRANSFORMS') for name in names)


def _written_keys(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and isinstance(node.slice, ast.Constant):
        return [str(node.slice.value)]
    return []
