"""Which config of 1.x is the one of 0.x, by their paths: upstream renamed most files, and kept the words in their names."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORDS = {'mstrain': 'ms', 'fp16': 'amp', 'imagenet': 'in1k', 'max': 'maxpool'}
_BATCH = re.compile(r'\d{1,3}xb?\d{1,3}|b\d+x\d+|(lr\d?e?)?\d+(\.\d+)?x?b')
"""GPUs by samples, which 1.x writes into names where 0.x did not."""

_POSES = re.compile(r'^(\w+)/(2d|3d)_kpt_sview_rgb_(?:img|vid)/')
_OF_POSES = re.compile(rf'{_BATCH.pattern}|td|hm|ae|\d+e')
"""What mmpose 1.x writes into names besides: the method and the epochs."""


def words(path: str) -> str:
    """Return a name that is the same in both eras, for a path below ``configs``."""
    parts = re.split('[_-]', PurePosixPath(path).stem.lower())
    folder = _POSES.sub(r'\1_\2_keypoint/', PurePosixPath(path).parent.as_posix())
    said = _OF_POSES if '_keypoint/' in folder else _BATCH
    known = sorted(_WORDS.get(each, each) for each in parts if each and not said.fullmatch(each))
    folder = re.sub('[_-]', '', folder)
    return f'{folder}/{" ".join(known)}'


def renamed(old: Iterable[str], new: Iterable[str]) -> dict[str, str]:
    """Return the new path of each old one that is not among the new ones; none where it is not the only one of its words."""
    new = set(new)
    olds, news = defaultdict(list), defaultdict(list)
    for path in old:
        olds[words(path)].append(path)
    for path in new:
        news[words(path)].append(path)
    return {
        paths[0]: news[key][0]
        for key, paths in sorted(olds.items())
        if len(paths) == len(news[key]) == 1 and paths[0] not in new
    }
