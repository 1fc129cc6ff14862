"""Make faults happen with the real libraries, and write down what they say.

    PYTHON tools/observe_faults.py [--check]

PYTHON is an interpreter that has torch, mmengine, mmcv, mmdet, mmsegmentation, mmpretrain, mmpose and mmaction2. The faults
stand in `tests/rules/consistency/real_faults.py`, what was said in `observed_faults.json` beside it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.rules.consistency.real_faults import FAULTS  # noqa: E402

OBSERVED = ROOT / 'tests' / 'rules' / 'consistency' / 'observed_faults.json'


def observe(code: str) -> str:
    """Return the last line of what an interpreter says that runs some code: the exception; empty if there is none."""
    done = subprocess.run([sys.executable, '-W', 'ignore', '-c', code], capture_output=True, text=True, check=False)
    if not done.returncode:
        return ''
    lines = done.stderr.strip().splitlines()
    last = max((at for at, line in enumerate(lines) if line.startswith('  ')), default=-1)
    return ' '.join(line.strip() for line in lines[last + 1 :])[:300]


def main() -> int:
    found = {name: observe(code) for name, code in FAULTS.items()}
    if '--check' in sys.argv[1:]:
        known = json.loads(OBSERVED.read_text('utf-8'))
        wrong = [name for name, said in found.items() if known.get(name) != said]
        print(*(f'{name}: {found[name]}' for name in wrong), sep='\n')
        return int(bool(wrong))
    OBSERVED.write_text(json.dumps(found, indent=2) + '\n', encoding='utf-8')
    print(*(f'{name}: {said}' for name, said in found.items()), sep='\n')
    return 0


if __name__ == '__main__':
    sys.exit(main())
