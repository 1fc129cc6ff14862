"""From a traceback back to the config key that made the failing thing."""

from __future__ import annotations

import re
from types import FrameType
from typing import Any, Iterator, Tuple

from . import stages

Path = str
Step = Tuple[FrameType, int]
"""One frame of a traceback, and the line that it was at."""

STAGE_KEYS: dict[str, tuple[str, ...]] = {
    stages.DATASET: ('train_dataloader.dataset', 'train_dataloader'),
    stages.DATALOADER: ('train_dataloader',),
    stages.MODEL: ('model',),
    stages.DATA: ('model',),
    stages.OPTIMIZER: ('optim_wrapper',),
    stages.SCHEDULER: ('param_scheduler',),
    stages.HOOKS: ('custom_hooks', 'default_hooks'),
    stages.FORWARD: ('model',),
    stages.BACKWARD: ('model',),
    stages.STEP: ('optim_wrapper',),
    stages.VALIDATION: ('val_dataloader', 'val_cfg'),
    stages.EVALUATION: ('val_evaluator',),
    stages.CHECKPOINT: ('default_hooks.checkpoint', 'default_hooks', 'model'),
}
SECTIONS: dict[str, tuple[str, ...]] = {
    'build_train_loop': ('train_cfg',),
    'build_val_loop': ('val_cfg',),
    'build_optim_wrapper': ('optim_wrapper',),
    'build_param_scheduler': ('param_scheduler',),
    '_check_scheduler_cfg': ('param_scheduler',),  # a dict without a type, taken for several schedulers
    'build_visualizer': ('visualizer',),
    'build_logger': ('log_level',),
    'build_log_processor': ('log_processor',),
    'set_randomness': ('randomness',),
    'setup_env': ('env_cfg',),
    'scale_lr': ('auto_scale_lr',),
    'wrap_model': ('model_wrapper_cfg', 'model'),
}
WHOLE = {
    'turn_on_activation_checkpointing': 'activation_checkpointing',
    'turn_on_efficient_conv_bn_eval': 'efficient_conv_bn_eval',
}
"""What the model goes through because of one key: that is to blame for whatever fails inside."""
NOTHING = 'None is not a callable object'
OPTION = re.compile(r'(\w+) option ')
CONSTRUCTED = re.compile(r'(\w+)\.__init__\(\) ')
NO_ATTRIBUTE = re.compile(r"has no attribute '(\w+)'")
REFUSED = re.compile(r'(\w+)\(\) got an unexpected keyword')
UNEXPECTED = re.compile(r"unexpected keyword argument '(\w+)'")


def walk(value: Any, path: Path = '') -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every dict of a config with its dotted path, the outer ones first."""
    if isinstance(value, dict):
        yield path, value
        for key in value:
            yield from walk(dict.__getitem__(value, key), f'{path}.{key}' if path else str(key))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from walk(item, f'{path}[{index}]')


def type_name(value: Any) -> str:
    """The last part of a `type`: a registered name, a dotted one, or a class."""
    return value.rpartition('.')[2] if isinstance(value, str) else getattr(value, '__name__', '')


class Blame:
    """Looks for the key of an error in one config."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.tables = [(path, table) for path, table in walk(config) if path]
        self.config = config
        self.model: Any = None
        self.stage = stages.CONFIG

    def key(self, steps: list[Step], stage: str, message: str) -> Path | None:
        """The most exact key that any frame tells, the innermost (the last) first; else the section of the stage."""
        self.stage = stage
        for frame, _ in steps:
            if frame.f_code.co_name in WHOLE:
                return WHOLE[frame.f_code.co_name]
        for frame, _ in reversed(steps):
            found = self._of_frame(frame.f_code.co_name, frame.f_locals)
            if found is not None:
                return self._argument(found, message)
        refused = REFUSED.search(message)  # by a method, which is not among the frames then
        sections = (*SECTIONS.get(refused.group(1) if refused else '', ()), *STAGE_KEYS.get(stage, ()))
        section = next((key for key in sections if self._lookup(key) is not None), None)
        return None if section is None else self._argument(section, message)

    def of_parameter(self, name: str) -> Path:
        """The key that made a parameter, a buffer or a module, as far as the names agree."""
        return self._of_module(name) or 'model'

    def of_preprocessor(self) -> Path:
        """The data preprocessor, which MMEngine also takes from the top level."""
        keys = ('model.data_preprocessor', 'data_preprocessor', 'model')
        return next(key for key in keys if self._lookup(key) is not None)

    def _of_frame(self, function: str, names: dict[str, Any]) -> Path | None:
        if 'registry' in names and isinstance(names.get('cfg'), dict):
            return self._of_built(names['cfg'])
        if names.get('optimizer_cls', names) is None and isinstance(names.get('optimizer_cfg'), dict):
            found = self._of_equal(
                names['optimizer_cfg']
            )  # MMEngine looks the type up, and does not look at what it got
            return f'{found}.type' if found else None
        if function == 'build_dataloader' and isinstance(names.get('dataloader'), dict):
            return self._of_equal(names['dataloader'])
        hook = names.get({'call_hook': 'hook', 'register_hook': 'hook_obj'}.get(function, ''))
        if hook is not None:
            return self._of_type(hook)  # MMEngine looks at its priority, or raises its TypeError anew
        owner = names.get('self')
        if owner is not None:
            if self._is_module(owner):
                if self.stage in (stages.OPTIMIZER, stages.SCHEDULER):
                    return None  # which only gives its parameters
                return self._of_module(self._name_of(owner)) or self._of_type(owner)
            found = self._of_transform(function, names) or self._of_type(owner) or self._of_section(function, names)
            # The wrapper only passes the loss on.
            return None if self.stage == stages.BACKWARD and found and found.startswith('optim_wrapper') else found
        return None

    def _of_built(self, built: dict[str, Any]) -> Path | None:
        """The dict that a registry is building: an equal one, else the likest one of the same type."""
        name = type_name(built.get('type'))
        if not name:
            return self._of_equal(built) or self._of_untyped(built)
        same_type = [(path, table) for path, table in self.tables if type_name(table.get('type')) == name]
        # What is written once and named twice is wanted where it is built, not where a variable holds it.
        same_type.sort(key=lambda item: not item[0].startswith(self._sections()))
        for path, table in same_type:
            if _equal(table, built):
                return path
        return max(same_type, key=lambda item: _likeness(item[1], built), default=(None,))[0]

    def _of_equal(self, built: dict[str, Any]) -> Path | None:
        """The dict that is the same, one in a section of the stage before others."""
        paths = [path for path, table in self.tables if _equal(table, built)]
        return min(paths, key=lambda path: not path.startswith(self._sections()), default=None)

    def _of_untyped(self, built: dict[str, Any]) -> Path | None:
        """The only dict without a type that holds all of it: MMEngine takes the priority out of a hook's, say."""
        tables = [
            (path, table) for path, table in self.tables if 'type' not in table and path.startswith(self._sections())
        ]
        found = [path for path, table in tables if built and _likeness(built, table) == len(built)]
        return found[0] if len(found) == 1 else None

    def _sections(self) -> tuple[str, ...]:
        """Where in the config the things of the current stage are."""
        return tuple(key.partition('.')[0] for key in STAGE_KEYS.get(self.stage, ()))

    def _of_type(self, owner: Any) -> Path | None:
        """The only place, or the only one in the stage's sections, that names the class of `owner`."""
        name = type(owner).__name__
        paths = [path for path, table in self.tables if type_name(table.get('type')) == name]
        if len(paths) > 1:
            paths = [path for path in paths if path.startswith(self._sections())] if self._sections() else paths
        return paths[0] if paths else None

    def _of_transform(self, function: str, names: dict[str, Any]) -> Path | None:
        """In `Compose.__call__`, the loop variable `t` is the transform that failed."""
        transforms, current = getattr(names['self'], 'transforms', None), names.get('t')
        if function != '__call__' or current is None or not isinstance(transforms, list):
            return None
        place = next((index for index, item in enumerate(transforms) if item is current), None)
        kinds = [type(item).__name__ for item in transforms]
        for path, table in self.tables:
            pipeline = table.get('pipeline')
            items = pipeline if isinstance(pipeline, (list, tuple)) else ()
            if place is not None and [type_name(item.get('type')) for item in items if isinstance(item, dict)] == kinds:
                return f'{path}.pipeline[{place}]'
        return None

    def _of_section(self, function: str, names: dict[str, Any]) -> Path | None:
        item = names.get('_param_scheduler')
        if function == '_check_scheduler_cfg' and isinstance(item, dict):
            return self._of_equal(item)
        return next((key for key in SECTIONS.get(function, ()) if self._lookup(key) is not None), None)

    @staticmethod
    def _is_module(owner: Any) -> bool:
        from torch import nn

        return isinstance(owner, nn.Module)

    def _name_of(self, owner: Any) -> str | None:
        if self.model is None:
            return None
        return next((name for name, module in self.model.named_modules() if module is owner), None)

    def _of_module(self, name: str | None) -> Path | None:
        """The longest part of a module's name that is also a path below `model`."""
        if not name:
            return None
        found, value = None, self._lookup('model')
        path = 'model'
        for part in name.split('.'):
            if part == 'module' and not (isinstance(value, dict) and part in value):
                continue  # of a wrapper for distributed training
            if isinstance(value, dict) and part in value:
                value, path = dict.__getitem__(value, part), f'{path}.{part}'
            elif isinstance(value, (list, tuple)) and part.isdigit() and int(part) < len(value):
                value, path = value[int(part)], f'{path}[{part}]'
            else:
                break
            found = path
        return found

    def missing_type(self, key: Path | None, message: str) -> str | None:
        """What to say of a type that no registry has, where all that was raised is that it got nothing for it."""
        if key is None or not key.endswith('.type') or message != NOTHING:
            return None
        return f'`{self._lookup(key)}` is in no registry: {message}'

    def _lookup(self, key: str) -> Any:
        value: Any = self.config
        for part in key.split('.'):
            if not isinstance(value, dict) or part not in value:
                return None
            value = dict.__getitem__(value, part)
        return value

    def _inside(self, path: Path, name: str) -> Path | None:
        """The first dict below `path` of a type with this name."""
        below = (candidate for candidate, table in self.tables if type_name(table.get('type')) == name)
        return next((candidate for candidate in below if candidate.startswith((path + '.', path + '['))), None)

    def _argument(self, path: Path, message: str) -> Path:
        """The one argument of `path` that the message complains about."""
        table = next((table for candidate, table in self.tables if candidate == path), {})
        unexpected = UNEXPECTED.search(message)
        option = OPTION.match(message)
        if option and option.group(1) in table:
            return f'{path}.{option.group(1)}'
        if unexpected and unexpected.group(1) in table:
            return f'{path}.{unexpected.group(1)}'
        if unexpected and not CONSTRUCTED.match(message):  # but a function, which got a part of the table
            return self._only(path, unexpected.group(1)) or path
        # What is built inside, from another registry than MMEngine's, as of albumentations.
        named = NO_ATTRIBUTE.search(message) or CONSTRUCTED.match(message)
        inner = self._inside(path, named.group(1)) if named else None
        if named and inner:
            return inner + '.type' if named.re is NO_ATTRIBUTE else self._argument(inner, message)
        unknown = [key for key, value in table.items() if isinstance(value, str) and message == repr(value)]
        if unknown:
            return f'{path}.{unknown[0]}'  # the value was looked up somewhere
        if 'is not in the' in message and 'registry' in message and type_name(table.get('type')) in message:
            return path + '.type'
        return path

    def _only(self, path: Path, name: str) -> Path | None:
        """The argument of that name in the only dict inside of `path` that has one."""
        found = [where for where, table in self.tables if where.startswith((path + '.', path + '[')) and name in table]
        return f'{found[0]}.{name}' if len(found) == 1 else None


def _equal(left: dict[str, Any], right: dict[str, Any]) -> bool:
    try:
        return bool(left == right)
    except (ValueError, TypeError, RuntimeError):  # arrays and tensors as values
        return False


def _likeness(left: dict[str, Any], right: dict[str, Any]) -> int:
    return sum(1 for key in left if key in right and _equal({'': left[key]}, {'': right[key]}))
