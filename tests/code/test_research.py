"""Small research models of 0.x: checked, migrated, mended by hand as the messages say, and trained for one iteration."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.code.kit import diagnose, migrated
from tests.kit.repo import write

FOLDER = Path(__file__).parent / 'research'
ROOT = Path(__file__).parents[2]


def files(name: str) -> dict[str, str]:
    return {f'{path.stem}.py': path.read_text(encoding='utf-8') for path in (FOLDER / name).glob('*.txt')}


def cfglint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, 'PYTHONPATH': str(ROOT), 'OMP_NUM_THREADS': '1'}
    command = [sys.executable, '-W', 'ignore', '-m', 'cfglint', *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def by_hand(name: str, text: str) -> str:
    """Do what the messages say of a model."""
    if name == 'classifier':  # drop `train_step`
        return text[: text.index('    def train_step')].rstrip() + '\n'
    if name == 'gan':
        for loss in ('loss_disc', 'loss_gen'):
            old = f'optimizer.zero_grad()\n        {loss}.backward()\n        optimizer.step()'
            assert old in text
            text = text.replace(old, f'optimizer.update_params({loss})')
        text = text.replace('import torch.nn as nn\n', 'import torch.nn as nn\nfrom mmengine.model import BaseModel\n')
        text = text.replace(
            '(nn.Module):\n', '(BaseModel):\n\n    def forward(self, noise):\n        return self.generator(noise)\n'
        )
        text = text.replace('        real = ', '        data = self.data_preprocessor(data, True)\n        real = ')
        return text.replace('return dict(log_vars=log_vars, num_samples=len(real))', 'return log_vars')
    return text


@pytest.mark.parametrize('name', ['classifier', 'gan', 'detector'])
def test_from_0x_to_one_iteration(name: str, tmp_path: Path) -> None:
    given = files(name)
    write(tmp_path, given)
    assert {'removed-import'} < {each.rule for each in diagnose(tmp_path / 'before', given['model.py'])}
    result = migrated(tmp_path, given['model.py'], name='model.py')
    assert result.todos
    (tmp_path / 'model.py').write_text(by_hand(name, result.text), encoding='utf-8')
    after = diagnose(tmp_path / 'after', by_hand(name, result.text))
    assert [each.message for each in after if each.severity > 1] == []
    if name == 'detector' and importlib.util.find_spec('mmdet') is None:
        return  # what trains it is not installed; it is read as mmdet's registries would
    smoke = cfglint(tmp_path, 'smoke', 'config.py', '--device', 'cpu', *(['--synthetic'] if name == 'detector' else []))
    assert smoke.returncode == 0, smoke.stdout + smoke.stderr
