"""Rules declare what they read and need: otherwise they would be skipped where they have something to say."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from cfglint.era import era_of, is_entry
from cfglint.language.values import Table
from cfglint.rules import all_rules
from cfglint.rules.context import Context
from cfglint.rules.plan import Index
from cfglint.workspace import Workspace
from tests.kit.complete import example_files
from tests.kit.repo import write
from tests.kit.sample import sample

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cfglint.language.config import Config
    from cfglint.rules.declaration import Rule

WORKSPACE = Workspace()
EVERYTHING = '*'
ANYBODY = {'default_scope', 'custom_imports'}
"""What any rule may read without declaring it: where they are others, all rules are asked anew."""


class RecordedTable(Table):
    """The sections of a config, with a record of those that are read."""

    reads: set[str]

    def __getitem__(self, name: str) -> Any:
        self.reads.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.reads.add(str(name))
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.reads.add(name)
        return super().get(name, default)

    def __iter__(self) -> Iterator[str]:
        self.reads.add(EVERYTHING)
        return super().__iter__()

    def keys(self) -> Any:
        self.reads.add(EVERYTHING)
        return super().keys()

    def items(self) -> Any:
        self.reads.add(EVERYTHING)
        return super().items()

    def values(self) -> Any:
        self.reads.add(EVERYTHING)
        return super().values()


class RecordedContext(Context):
    """A context that records the sections that are read, and whether more is read than sections."""

    def __init__(self, config: Config) -> None:
        table = RecordedTable(config.table, config.table.origins)
        table.reads = set()
        super().__init__(config.with_table(table), era_of(config), is_entry=is_entry(config), workspace=WORKSPACE)
        self.reads = table.reads
        assert self.own_imports is not None  # a rule is asked anew where they are others, or the scope is
        assert self.scope
        self.reads.clear()

    @property  # type: ignore[override]
    def config(self) -> Config:
        if hasattr(self, 'reads'):
            self.reads.add(EVERYTHING)
        return self._config

    @config.setter
    def config(self, config: Config) -> None:
        self._config = config


def configs(folder: Path) -> Iterator[Config]:
    """Yield the configs of all examples."""
    loader = WORKSPACE.loader
    for rule in all_rules().values():
        for kind in ('bad', 'good') if rule.scope != 'reader' else ():
            write(folder / rule.name / kind, example_files(rule, kind))
            yield loader.load(str(next((folder / rule.name / kind).glob('config.*'))))


def undeclared(rule: Rule, config: Config) -> set[str]:
    """Return what a rule reads of a config without declaring it, and without finding something."""
    context = RecordedContext(config)
    context.rule = rule
    found = list(rule.check(context))
    return set() if found else context.reads - ANYBODY - (rule.reads or set())


@pytest.fixture(scope='module')
def every_config(tmp_path_factory: pytest.TempPathFactory) -> list[Config]:
    return list(configs(tmp_path_factory.mktemp('examples')))


DECLARING = [rule.name for rule in all_rules().values() if rule.reads is not None]


@pytest.mark.parametrize('name', DECLARING)
def test_silent_rules_have_read_what_they_declare(name: str, every_config: list[Config]) -> None:
    rule = all_rules()[name]
    own = [config for config in every_config if f'{os.sep}{name}{os.sep}' in config.path]
    assert own
    looked_at = [*own, *sample(every_config, DECLARING.index(name), 3)]
    assert {each for config in looked_at for each in undeclared(rule, config)} == set()


class OnlyText:
    """A config of which nothing but its text can be looked at."""

    def __init__(self, config: Config) -> None:
        self.path, self.source, self.tree, self.style = config.path, config.source, config.tree, config.style


@pytest.mark.parametrize('name', [rule.name for rule in all_rules().values() if rule.scope == 'text'])
def test_rules_about_texts_look_at_nothing_else(name: str, every_config: list[Config]) -> None:
    rule = all_rules()[name]
    for config in every_config:
        context = RecordedContext(config)
        context._config = OnlyText(config)  # type: ignore[assignment]
        context.rule = rule
        list(rule.check(context))
        assert context.reads <= {EVERYTHING}


def test_rules_say_nothing_where_they_are_not_asked(every_config: list[Config]) -> None:
    conditional = [
        rule for rule in all_rules().values() if (rule.needs or rule.words or rule.tells) and rule.scope != 'reader'
    ]
    index = Index(conditional)
    for config in every_config:
        context = Context(config, era_of(config), is_entry=is_entry(config), workspace=WORKSPACE)
        found = index.found_in(context, -1)
        for number, rule in enumerate(conditional):
            context.rule = rule
            assert found >> number & 1 or not list(rule.check(context)), (rule.name, config.path)
