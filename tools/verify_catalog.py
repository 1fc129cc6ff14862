"""Compare the catalogs with the real classes, through `inspect.signature`.

    python tools/verify_catalog.py mmengine mmcv mmdet … [--verbose]

Run it in an environment where the libraries import; each one is compared with the catalog's data for the version that
is installed. Compared are every registered class and function, and every other public class: parameters, their order,
defaults (evaluated where they were written), `*args`, `**kwargs`, and the order in which methods are resolved.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.abc
import importlib.machinery
import importlib.metadata
import inspect
import sys
import types
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cfglint.catalog import libraries
from cfglint.catalog.installation import Installation
from cfglint.catalog.model import Component

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_STUBBED = (
    'mmcv._ext',
    'ftfy',
    'facexlib',
    'lpips',
    'open_clip',
    'resize_right',
    'lmdb',
    'av',
    'face_alignment',
    'controlnet_aux',
    'mediapipe',
    'clip',
)
"""Modules that are not needed to read a signature: compiled operators, and optional dependencies."""

_PLAIN = ('object', 'abc.ABC', 'ABC', 'typing.Generic', 'Generic')


class _Stub(types.ModuleType):
    """A module that has every attribute."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith('__'):
            raise AttributeError(name)
        return type(name, (), {'__module__': self.__name__})


class _Stubs(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the stubbed modules when nothing else does."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:
        if any(name == stub or name.startswith(stub + '.') for stub in _STUBBED):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: Any) -> types.ModuleType:
        return _Stub(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        module.__path__ = []  # type: ignore[attr-defined]


def prepare() -> None:
    """Let torchvision and mmcv import where their compiled parts do not fit."""
    sys.meta_path.append(_Stubs())
    warnings.simplefilter('ignore')
    import numpy

    if not hasattr(numpy, 'bool8'):
        # numpy 2 dropped it, mmagic mentions it in its annotations.
        numpy.bool8 = numpy.bool_  # type: ignore[attr-defined]
    # A torchvision for CUDA has no operators beside a torch for CPU; they are not needed to read a signature.
    sys.modules['torchvision._meta_registrations'] = _Stub('torchvision._meta_registrations')


def components(installation: Installation, library: str) -> Iterator[Component]:
    """Everything that the library registers, then its other public classes."""
    seen: set[str] = set()
    for scope in installation.scopes:
        for registry in installation.registries(scope):
            for name, (_, code) in installation.names(registry, scope).items():
                component = installation.find(name, registry, scope) if code.library == library else None
                if component is not None and component.path not in seen:
                    seen.add(component.path)
                    yield component
    release = installation.release(library)
    assert release is not None
    for module in release.catalog.modules():
        names = release.module(module)
        for name in names.bound if names is not None else ():
            path = f'{module}.{name}'
            if not name.startswith('_') and path not in seen and release.object(path) is not None:
                component = installation.by_path(path)
                if isinstance(component, Component) and component.kind == 'class':
                    yield component


def real(component: Component) -> Any:
    """The object, imported; the import error if that fails."""
    module, _, name = component.path.rpartition('.')
    try:
        return getattr(importlib.import_module(module), name)
    except Exception as error:
        return error


def declared(installation: Installation, path: str) -> tuple[list[list[Any]] | None, str]:
    """The parameters of the constructor that a class has or inherits, and the path of the class that has it."""
    for each in installation.mro(path):
        stored = installation.object(each)
        if stored is None:
            if each in _PLAIN:
                continue
            return None, each
        if stored.body['kind'] == 'function':
            return stored.body['params'], each
        if stored.body.get('dataclass'):
            fields = installation.signature_at(each).parameters.values()
            return [[field.name, None if field.required else field.default] for field in fields], each
        if 'init' in stored.body:
            return stored.body['init']['params'], each
    return [], path


def differences(component: Component, installation: Installation, target: Any) -> list[str]:
    """What is not equal."""
    params, owner = declared(installation, component.path)
    if params is None:
        return []
    try:
        signature = inspect.signature(target)
    except (TypeError, ValueError) as error:
        return [f'no signature: {error}']
    expected = list(signature.parameters.values())
    if inspect.isclass(target) and target.__init__ is object.__init__ and target.__new__ is object.__new__:
        expected = []
    found: list[str] = []
    names = [_written(parameter) for parameter in expected]
    ours = [item[0] for item in params if item[0] != '*']
    if names != ours:
        found.append(f'parameters {ours} are {names}')
        return found
    values = {parameter.name: parameter.default for parameter in expected}
    for name, *rest in params:
        if name.startswith('*'):
            continue
        default = rest[0] if rest else None
        if not _same(default, values[name], owner):
            found.append(f'{name}={default} is {values[name]!r}')
    return found


def _written(parameter: inspect.Parameter) -> str:
    stars = {inspect.Parameter.VAR_POSITIONAL: '*', inspect.Parameter.VAR_KEYWORD: '**'}
    return stars.get(parameter.kind, '') + parameter.name


def _same(text: str | None, value: Any, owner: str) -> bool:
    if text is None:
        return value is inspect.Parameter.empty
    if value is inspect.Parameter.empty:
        return False
    if text.endswith('…'):
        return True
    module = sys.modules.get(owner.rpartition('.')[0])
    try:
        evaluated = eval(text, dict(vars(module)) if module else {})
    except Exception:
        return True
    return evaluated == value or repr(evaluated) == repr(value) or type(evaluated) is type(value) is object


def order(component: Component, installation: Installation, target: Any) -> list[str]:
    """Differences in the order of bases, as far as every base is known."""
    if not inspect.isclass(target):
        return []
    order_ = installation.mro(component.path)
    known = [path for path in order_ if installation.object(path) is not None]
    if any(path not in known and path not in _PLAIN for path in order_):
        # What an unknown base inherits from is not known either.
        return []
    ours = list(dict.fromkeys(real(installation.by_path(path)) for path in known))
    theirs = [
        base
        for base in target.__mro__
        if base in ours or installation.object(f'{base.__module__}.{base.__qualname__}') is not None
    ]
    return [] if ours == theirs else [f'bases {ours} are {theirs}']


def registered(installation: Installation, library: str) -> list[str]:
    """Differences between what is registered at run time and the catalog, in the scope of the library."""
    release = installation.release(library)
    assert release is not None
    found: list[str] = []
    for path, key in sorted(release.catalog.registries(release.index).items()):
        registry = real(installation.by_path(path)) if isinstance(installation.by_path(path), Component) else None
        if not hasattr(registry, 'module_dict') or not key.endswith('@' + registry.scope):
            continue
        if hasattr(registry, 'import_from_location'):
            registry.import_from_location()
        name, _, scope = key.partition('@')
        ours = {each: code for each, (_, code) in installation.names(name, scope).items()}
        optional = {each for each in ours if real_of(installation, each, name, scope) is None}
        missing = sorted(set(registry.module_dict) - set(ours))
        extra = sorted(set(ours) - set(registry.module_dict) - optional)
        found += [f'{path}: not in the catalog: {", ".join(missing)}'] if missing else []
        found += [f'{path}: only in the catalog: {", ".join(extra)}'] if extra else []
        found += [
            f'{path}: {each} is {actual!r}'
            for each, actual in registry.module_dict.items()
            if each in ours and not _stands_for(actual, real_of(installation, each, name, scope))
        ]
    return found


def _stands_for(actual: Any, ours: Any) -> bool:
    """Whether they are the same; mmagic makes a subclass of its wrapper for each class of diffusers."""
    if ours is None or not inspect.isclass(actual):
        return True
    return actual is ours or (inspect.isclass(ours) and issubclass(actual, ours))


def real_of(installation: Installation, name: str, registry: str, scope: str) -> Any:
    """The class that the catalog has for a name, imported; None when it does not import here."""
    component = installation.find(name, registry, scope)
    target = real(component) if component is not None and component.kind != 'unknown' else None
    return None if isinstance(target, Exception) else target


def verify(library: str, verbose: bool) -> tuple[int, int, int]:
    """Equal, unequal, and not compared (the module does not import here)."""
    version = importlib.metadata.version('mmcv-lite' if library == 'mmcv' else library)
    torch = importlib.metadata.version('torch').split('+')[0]
    installed = {'torch': torch, library: version}
    for name in libraries.libraries():
        try:
            installed.setdefault(name, importlib.metadata.version('mmcv-lite' if name == 'mmcv' else name))
        except importlib.metadata.PackageNotFoundError:
            continue
    installation = Installation(installed)
    equal = unequal = skipped = 0
    for component in components(installation, library):
        target = real(component) if component.kind != 'unknown' else None
        if target is None or isinstance(target, Exception):
            skipped += 1
            if verbose:
                print(f'  not compared: {component.path}: {target!r}'[:200])
            continue
        found = differences(component, installation, target) + order(component, installation, target)
        equal, unequal = (equal, unequal + 1) if found else (equal + 1, unequal)
        for line in found:
            print(f'  {component.path}: {line}')
    found = registered(installation, library)
    for line in found:
        print(f'  {line}')
    unequal += len(found)
    print(f'{library} {version}: {equal} equal, {unequal} unequal, {skipped} not compared')
    return equal, unequal, skipped


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('libraries', nargs='+')
    parser.add_argument('--verbose', action='store_true')
    options = parser.parse_args(arguments)
    prepare()
    unequal = [verify(library, options.verbose)[1] for library in options.libraries]
    return 1 if any(unequal) else 0


if __name__ == '__main__':
    sys.exit(main())
