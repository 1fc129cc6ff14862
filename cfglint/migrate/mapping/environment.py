"""The environment: processes, seeds, resuming, distribution, and keys that only the command line reads now."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from cfglint.catalog.library_facts import known, library
from cfglint.migrate.change import Change, Computed, Dict, Kept, Todo, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.migrate.mapping.old import Old

_MP = {'mp_start_method': 'mp_start_method', 'opencv_num_threads': 'opencv_num_threads'}
_RANDOM = {'seed': 'seed', 'deterministic': 'deterministic', 'diff_seed': 'diff_rank_seed'}
_COMMAND_LINE = ('gpu_ids', 'gpus', 'launcher', 'local_rank', 'USE_MMDET', 'TRAIN_REID', 'search_metrics')


def environment(old: Old) -> Iterator[Change]:
    """`env_cfg`, `randomness`, `resume` and `default_scope` (ENV, RES, SYN-01)."""
    yield from _env_cfg(old)
    yield from _randomness(old)
    yield from _resume(old)
    yield from _threads(old)
    yield from _imports(old)
    if (name := old.get('exp_name')) is not None:
        yield Change(('exp_name',), {'experiment_name': Kept(name)})
    gone = old.given(*_COMMAND_LINE)
    if gone:
        yield Change(gone)
    is_known = old.library.library != 'mmengine'
    if (
        is_known
        and 'default_scope' not in old
        and (old.is_complete or old.given('log_level', 'dist_params', 'log_config'))
    ):
        yield Change((), {'default_scope': Computed(old.library.scope)})


def _env_cfg(old: Old) -> Iterator[Change]:
    fields: dict[str, Tree] = {}
    if (benchmark := old.get('cudnn_benchmark')) is not None:
        fields['cudnn_benchmark'] = Kept(benchmark)
    processes: dict[str, Tree] = {new: Kept(item) for name, new in _MP.items() if (item := old.get(name)) is not None}
    if processes:
        fields['mp_cfg'] = Dict(processes)
    if (distribution := old.get('dist_params')) is not None:
        fields['dist_cfg'] = Kept(distribution)
    if fields:
        yield Change(old.given('dist_params', 'cudnn_benchmark', *_MP), {'env_cfg': Dict(fields)})


def _randomness(old: Old) -> Iterator[Change]:
    fields: dict[str, Tree] = {new: Kept(item) for name, new in _RANDOM.items() if (item := old.get(name)) is not None}
    if fields:
        yield Change(old.given(*_RANDOM), {'randomness': Dict(fields)})


def _resume(old: Old) -> Iterator[Change]:
    resume_from, auto = old.get('resume_from'), old.get('auto_resume')
    if resume_from is not None and resume_from.value is not None:
        yield Change(
            ('resume_from', *old.given('auto_resume')), {'load_from': Kept(resume_from), 'resume': Computed(True)}
        )
    elif auto is not None and auto.value:
        yield Change(('auto_resume', *old.given('resume_from')), {'resume': Kept(auto)})
    elif resume_from is not None or auto is not None:
        yield Change(old.given('resume_from', 'auto_resume'), {'resume': Computed(False)})


def _imports(old: Old) -> Iterator[Change]:
    """`custom_imports` of modules that are elsewhere now (INF-05), and of the plugin that training scripts import."""
    if (plugin := _plugin(old)) is not None and 'custom_imports' not in old:
        fields: dict[str, Tree] = {'imports': Computed([plugin]), 'allow_failed_imports': Computed(False)}
        yield Change(('plugin', 'plugin_dir'), {'custom_imports': Dict(fields)})
        return
    given = old.get('custom_imports')
    imports = None if given is None else given.get('imports')
    if given is None or imports is None:
        return
    names = [imports.value] if isinstance(imports.value, str) else imports.value
    if not isinstance(names, (list, tuple)) or not any(_module(old, name) != name for name in names):
        return
    new = [_module(old, name) for name in names]
    fields = {name: Kept(each) for name, each in given.fields().items()}
    fields['imports'] = Computed(new[0] if isinstance(imports.value, str) else new, imports)
    yield Change(('custom_imports',), {'custom_imports': Dict(fields, given)})


def _plugin(old: Old) -> str | None:
    """Return the package that `plugin` and `plugin_dir` ask the training script to import."""
    folder = old.plain('plugin_dir')
    if not old.plain('plugin') or not isinstance(folder, str):
        return None
    parts = folder.rpartition('/')[0].removeprefix('./').split('/')
    return '.'.join(parts) if all(map(str.isidentifier, parts)) else None


def _module(old: Old, name: Any) -> Any:
    """Return where a module is now: by its longest package that moved."""
    modules = {**_moved_modules(), **old.library.modules}
    parts = name.split('.') if isinstance(name, str) else []
    for end in range(len(parts), 0, -1):
        new = modules.get('.'.join(parts[:end]))
        if new is not None:
            return '.'.join((new, *parts[end:]))
    return name


@cache
def _moved_modules() -> dict[str, str]:
    """Return the new names of the modules of all libraries."""
    return {module: new for name in known() for module, new in library(name).modules.items()}


def _threads(old: Old) -> Iterator[Change]:
    for key, variable in (('omp_num_threads', 'OMP_NUM_THREADS'), ('mkl_num_threads', 'MKL_NUM_THREADS')):
        item = old.get(key)
        if item is not None and item.value in (None, 1):
            yield Change((key,))  # what MMEngine sets as well
        elif item is not None:
            yield Change((key,), {key: Todo(f'set the environment variable `{variable}` instead', item)}, ())
