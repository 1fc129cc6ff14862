"""All rules: those that say so fix their own bad example; and all of these examples, as one tree, are fixed without harm."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from cfglint.diagnostics import Applicability, Severity
from cfglint.fixing.compare import differences
from cfglint.fixing.edits import identity
from cfglint.language.errors import ConfigError
from cfglint.language.loader import Loader
from cfglint.rules import all_rules
from tests.fixing.kit import fixed
from tests.kit.complete import complete, examples
from tests.kit.repo import write

if TYPE_CHECKING:
    from pathlib import Path

    from cfglint.findings import Result
    from cfglint.fixing.edits import Identity
    from cfglint.language.values import Table
    from cfglint.rules.declaration import Rule

RULES = all_rules()


def bad_example(rule: Rule) -> dict[str, str]:
    """Return the bad example of a rule as files."""
    files = examples(rule.doc)['bad']
    text = files.get('config.py', '_base_')
    if rule.scope == 'entry' and '_base_' not in text and 'read_base' not in text:
        files['config.py'] = complete(text)
    return files


@pytest.mark.parametrize('name', RULES)
def test_fixable_is_what_fixes_its_own_bad_example(name: str, tmp_path: Path) -> None:
    rule = RULES[name]
    rules = list(RULES.values()) if rule.scope == 'reader' else [rule]
    done = fixed(tmp_path, bad_example(rule), rules=rules).done
    assert done.result.crashes == []
    left = [each for each in done.result.diagnostics if each.rule == name]
    assert rule.fixable == (done.applied[name] > 0 and not left)


def resolved(folder: Path) -> dict[Path, Table]:
    """Return what the configs of a folder resolve to, those that can be read."""
    found, loader = {}, Loader()
    for path in folder.rglob('*.py'):
        try:
            found[path] = loader.load(str(path)).table
        except ConfigError:
            continue
    return found


@pytest.mark.parametrize('trust', [Applicability.SAFE, Applicability.UNSAFE])
def test_fixing_all_of_them_does_no_harm(trust: Applicability, tmp_path: Path) -> None:
    files = {
        f'{name}/{file}': text
        for name, rule in RULES.items()
        if rule.fixable
        for file, text in bad_example(rule).items()
    }
    done = fixed(tmp_path, files, trust).done
    assert done.result.crashes == [] and len(done.texts) > (1 if trust is Applicability.SAFE else 20)
    assert not _serious(done.result) - _serious(done.before)
    before = resolved(tmp_path)
    write(tmp_path, {path: source.text for path, source in done.texts.items()})
    after = resolved(tmp_path)
    assert after.keys() >= before.keys()
    if trust is Applicability.SAFE:
        for path, table in before.items():
            for *above, name in differences(table, after[path]):
                assert name in ('_delete_', 'grad_clip', 'clip_grad', 'last_epoch', 'last_step', 'workflow'), above


def _serious(result: Result) -> Counter[Identity]:
    return Counter(identity(each) for each in result.diagnostics if each.severity > Severity.INFO)
