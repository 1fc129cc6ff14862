"""Collect what rules ask about the datasets and metrics of libraries, and write it into their files of facts.

    python tools/build_stock_facts.py FOLDER…

Each folder is the root of an unpacked release, such as ``mmdet-3.3.0`` with the package ``mmdet`` in it. The sources
are only parsed. In `cfglint/catalog/data/libraries/PACKAGE.json`, these sections are replaced:

- `model.dataset_classes`: how many classes a dataset has when its config gives no `metainfo`;
- `data.keypoints`: how many keypoints a dataset has, and how many the files tell that `metainfo` names as `from_file`;
- `data.prefix_dicts`: the datasets whose `data_prefix` must be a dict;
- `data.prefix_keys`: the keys that they read of it, where that is decided (bases of other packages are found in the folders
  before);
- `data.choices`: the values that a metric accepts for an argument (in `__init__`, or `OTHERWISE` where it checks them
  in another way).

Those of which nothing is found stay as they are. Of libraries that are built on others (`DERIVED`), only `prefix_keys` is written.
"""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

sys.path.insert(0, str(Path(__file__).parent.parent))

from catalog import library_files
from catalog.prefix_keys import prefix_keys

from cfglint.catalog.data_facts import DataFacts
from cfglint.catalog.model_facts import ModelFacts
from cfglint.catalog.schema import build
from cfglint.catalog.store import DATA
from cfglint.rules.reading.keypoints import keypoint_count

LIBRARIES = Path(DATA, 'libraries')

COCO_ITEMS = [
    *('mAP', 'mAP_50', 'mAP_75', 'mAP_s', 'mAP_m', 'mAP_l'),
    *('AR@100', 'AR@300', 'AR@1000', 'AR_s@1000', 'AR_m@1000', 'AR_l@1000'),
]

OTHERWISE = {
    # Checked in `total_area_to_metrics`, after a whole evaluation.
    ('mmseg', 'IoUMetric', 'iou_metrics'): ['mIoU', 'mDice', 'mFscore'],
    ('mmdet', 'SemSegMetric', 'iou_metrics'): ['mIoU', 'mDice', 'mFscore'],
    # Looked up when the results are summed up.
    ('mmdet', 'CocoMetric', 'metric_items'): COCO_ITEMS,
    ('mmdet', 'OVCocoMetric', 'metric_items'): COCO_ITEMS,
    # Compared as a set.
    ('mmocr', 'WordMetric', 'mode'): ['exact', 'ignore_case', 'ignore_case_symbol'],
}

NO_CLASSES = {
    'NYUDataset': 'it is for depth: its heads predict one number',
    'MOTChallengeDataset': 'detectors for tracking predict pedestrians only',
}

DERIVED = frozenset({'mmdet3d', 'mmrotate', 'mmyolo'})


def modules(folder: Path) -> Iterator[ast.Module]:
    """Yield the syntax trees below a folder."""
    for path in sorted(folder.rglob('*.py')):
        yield ast.parse(path.read_text(encoding='utf-8'))


def classes_of(folder: Path) -> dict[str, ast.ClassDef]:
    """Return the top-level classes below a folder by name."""
    found: dict[str, ast.ClassDef] = {}
    for tree in modules(folder):
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                found[node.name] = node
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id in found:
                found[ast.unparse(node.targets[0])] = found[node.value.id]  # a second name
    return found


def constants_of(folder: Path) -> dict[str, Any]:
    """Return the literal top-level sequences below a folder by name."""
    found = {}
    for tree in modules(folder):
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                value = literal(node.value, {})
                if isinstance(value, (list, tuple)):
                    found[node.targets[0].id] = value
    return found


def literal(node: ast.expr, names: dict[str, Any]) -> Any:
    """Return the value of a literal or of a known name, None for anything else."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == 'dict':
        return {item.arg: literal(item.value, names) for item in node.keywords}
    if isinstance(node, ast.Dict):
        return {
            literal(key, names): literal(value, names) for key, value in zip(node.keys, node.values, strict=True) if key
        }
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def base_names(node: ast.ClassDef) -> list[str]:
    """Return the names of the bases without their modules."""
    return [ast.unparse(base).rpartition('.')[2] for base in node.bases]


def ancestry(name: str, known: dict[str, ast.ClassDef]) -> list[ast.ClassDef | str]:
    """Return a class and its bases, nearest first; those of other packages by name only."""
    if name not in known:
        return [name]
    return [known[name], *(item for base in base_names(known[name]) if base != name for item in ancestry(base, known))]


def attribute(node: ast.ClassDef, name: str) -> ast.expr | None:
    """Return the value that a class assigns to one of its attributes."""
    for statement in node.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else ()
        if isinstance(statement, ast.AnnAssign):
            targets = (statement.target,)
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return statement.value  # type: ignore[union-attr]
    return None


def initializer(node: ast.ClassDef) -> ast.FunctionDef | None:
    """Return the constructor that a class defines itself."""
    return next((item for item in node.body if isinstance(item, ast.FunctionDef) and item.name == '__init__'), None)


def class_count(name: str, known: dict[str, ast.ClassDef], names: dict[str, Any]) -> int | None:
    """Return how many classes a dataset has by itself.

    None for panoptic ones: their heads count things only.
    """
    for item in ancestry(name, known):
        if isinstance(item, str):
            return None
        value = attribute(item, 'METAINFO')
        if value is not None:
            meta = literal(value, names)
            found = meta.get('classes') if isinstance(meta, dict) else None
            if not isinstance(found, (list, tuple)) or 'thing_classes' in meta:
                return None
            return len(found)
    return None


def keypoint_counts(package: Path, datasets: dict[str, ast.ClassDef]) -> dict[str, int]:
    """Return how many keypoints datasets have by themselves, and the files that say so, by their names."""
    counts: dict[str, int] = {}
    for path in sorted((package / '.mim' / 'configs' / '_base_' / 'datasets').glob('*.py')):
        count = keypoint_count(ast.parse(path.read_text(encoding='utf-8')))
        if count is not None:
            counts[path.name] = count
    for name, node in sorted(datasets.items()):
        value = attribute(node, 'METAINFO')
        meta = None if value is None else literal(value, {})
        file = Path(meta.get('from_file', '')).name if isinstance(meta, dict) else ''
        if file in counts:
            counts[name] = counts[file]
    return counts


def prefix_is_dict(name: str, known: dict[str, ast.ClassDef]) -> bool:
    """Tell whether `data_prefix` goes to MMEngine's BaseDataset as it is."""
    for item in ancestry(name, known):
        if isinstance(item, str):
            return item == 'BaseDataset'
        init = initializer(item)
        if init is None:
            continue
        for parameter in (*init.args.args, *init.args.kwonlyargs):
            if parameter.arg == 'data_prefix':
                return parameter.annotation is not None and 'str' not in ast.unparse(parameter.annotation).replace(
                    'Dict[str', ''
                )
        if init.args.kwarg is None:
            return False
    return False


def choices(node: ast.ClassDef) -> Iterator[tuple[str, list[Any]]]:
    """Yield the arguments that a constructor compares with literals, with these literals."""
    init = initializer(node)
    if init is None:
        return
    parameters = {item.arg for item in (*init.args.args, *init.args.kwonlyargs)} - {'self'}
    local = {ast.unparse(item.targets[0]): item.value for item in ast.walk(init) if isinstance(item, ast.Assign)}
    loops = {ast.unparse(item.target): item.iter for item in ast.walk(init) if isinstance(item, ast.For)}
    for test in (item for item in ast.walk(init) if isinstance(item, ast.Compare)):
        if not isinstance(test.ops[0], (ast.In, ast.NotIn)) or not isinstance(test.left, ast.Name):
            continue
        allowed = _allowed(test.comparators[0], node, local)
        argument = _argument(test.left.id, parameters, local, loops)
        folded = argument in local and ast.unparse(local[argument]).endswith(('.lower()', '.upper()'))
        if allowed and argument and not folded and _refuses(init, test):
            yield argument, allowed


def _refuses(init: ast.FunctionDef, test: ast.Compare) -> bool:
    for item in ast.walk(init):
        if isinstance(item, ast.Assert) and test in ast.walk(item.test):
            return True
        if isinstance(item, ast.If) and item.test is test:
            return any(isinstance(inner, ast.Raise) for inner in item.body)
    return False


def _allowed(node: ast.expr, owner: ast.ClassDef, local: dict[str, ast.expr]) -> list[Any] | None:
    text = ast.unparse(node)
    if isinstance(node, ast.Name) and text in local:
        return _allowed(local[text], owner, local)
    if text.endswith('.keys()'):
        text = text.removesuffix('.keys()')
    if text.startswith('self.'):
        value = attribute(owner, text.removeprefix('self.'))
        if isinstance(value, ast.Dict):
            return [literal(key, {}) for key in value.keys if key]
        node = value if value is not None else node
    found = literal(node, {})
    return list(found) if isinstance(found, (list, tuple)) else None


def _argument(name: str, parameters: set[str], local: dict[str, ast.expr], loops: dict[str, ast.expr]) -> str | None:
    """Follow a local name back to the parameter that it comes from."""
    seen: set[str] = set()
    while name not in parameters and name not in seen:
        seen.add(name)
        value = loops.get(name, local.get(name))
        if value is None:
            return None
        names = [ast.unparse(item) for item in ast.walk(value) if isinstance(item, (ast.Name, ast.Attribute))]
        name = next((item for item in names if item in parameters or (item in local and item not in seen)), name)
    return name if name in parameters else None


Classes = dict[str, ast.ClassDef]


def imported(folder: Path) -> dict[str, str]:
    """Return the packages from which the modules below a folder import names."""
    nodes = (node for tree in modules(folder) for node in ast.walk(tree))
    return {
        alias.asname or alias.name: (node.module or '').partition('.')[0]
        for node in nodes
        if isinstance(node, ast.ImportFrom) and not node.level
        for alias in node.names
    }


def with_foreign(package: Path, datasets: Classes, others: dict[str, Classes]) -> Classes:
    """Return the classes of a package with those of other packages that it imports, and their bases."""
    known: Classes = {}
    for name, source in imported(package / 'datasets').items():
        if name in others.get(source, {}):
            known.update({each: node for each, node in others[source].items() if each != 'BaseDataset'})
    return known | datasets


def collect(package: Path, others: dict[str, Classes]) -> dict[str, dict[str, Any]]:
    """Return the sections of one package, by the part of the file in which they stand."""
    datasets = classes_of(package / 'datasets')
    every = with_foreign(package, datasets, others)
    others[package.name] = every
    names = constants_of(package / 'datasets')
    counts = {
        name: count
        for name in sorted(datasets.keys() - NO_CLASSES)
        if (count := class_count(name, datasets, names)) is not None
    }
    keys = {
        name: found
        for name in sorted(datasets)
        if name != 'BaseDataset' and (found := prefix_keys(ancestry(name, every))) is not None
    }
    if package.name in DERIVED:
        return {'data': {'prefix_keys': keys}}
    data = {
        'choices': accepted(package),
        'keypoints': keypoint_counts(package, datasets),
        'prefix_dicts': [name for name in sorted(datasets) if name != 'BaseDataset' and prefix_is_dict(name, datasets)],
        'prefix_keys': keys,
    }
    return {'model': {'dataset_classes': counts}, 'data': data}


def accepted(package: Path) -> dict[str, dict[str, list[Any]]]:
    """Return the values that arguments accept, by the metric and the argument."""
    metrics = classes_of(package / 'evaluation')
    found: dict[str, dict[str, list[Any]]] = {}
    for name in sorted(metrics):
        for item in ancestry(name, metrics):
            for argument, allowed in choices(item) if isinstance(item, ast.ClassDef) else ():
                found.setdefault(name, {}).setdefault(argument, allowed)
    for (library, metric, argument), allowed in OTHERWISE.items():
        if library == package.name:
            found.setdefault(metric, {})[argument] = allowed
    return found


def write(path: Path, parts: dict[str, dict[str, Any]]) -> None:
    """Replace sections of a file of facts.

    Raises:
        ValueError: They do not follow the schema.
    """
    facts = json.loads(path.read_text(encoding='utf-8'))
    for part, sections in parts.items():
        facts.setdefault(part, {}).update({name: found for name, found in sections.items() if found})
    build(ModelFacts, facts.get('model', {}), path.name)
    build(DataFacts, facts['data'], path.name)
    path.write_text(library_files.text(facts), encoding='utf-8')


def main(roots: list[str]) -> None:
    """Write what is found in unpacked releases."""
    others: dict[str, Classes] = {}
    for root in roots:
        package = next(path.parent for path in sorted(Path(root).glob('*/version.py')))
        write(LIBRARIES / f'{package.name}.json', collect(package, others))


if __name__ == '__main__':
    main(sys.argv[1:])
