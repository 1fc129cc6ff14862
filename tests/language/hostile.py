"""Files that want to hang the reader, eat the memory, crash the interpreter or run code."""

from __future__ import annotations

import os
from pathlib import Path

_NESTED_FUNCTIONS = 'def f(n):\n    return f(n + 1) + f(n + 2)\na = f(0)\n'
_ALIASES = '\n'.join(f'a{n}: &a{n} [{", ".join([f"*a{n - 1}"] * 9)}]' for n in range(1, 40))
_MERGES = '\n'.join(f'a{n}: &a{n}\n  <<: [{", ".join([f"*a{n - 1}"] * 9)}]\n  k{n}: 1' for n in range(1, 40))

ENDLESS: dict[str, str | bytes] = {
    # Size.
    'too_large.py': b'a = 1\n' * (50 * 1024 * 1024 // 6),
    'too_large.yaml': b'a: 1\n' * (50 * 1024 * 1024 // 5),
    'many_lines.py': ''.join(f'a{n} = [0, "x", dict(b={n})] * 1000\n' for n in range(8_000)),
    # Nesting.
    'brackets.py': f'a = {"[" * 10_000}{"]" * 10_000}\n',
    'brackets_that_parse.py': f'a = {"[" * 180}{"]" * 180}\n',
    'calls.py': f'a = {"dict(b=" * 10_000}1{")" * 10_000}\n',
    'sum_of_ones.py': f'a = {"+".join(["1"] * 100_000)}\n',
    'attributes.py': 'import os\na = os' + '.x' * 50_000 + '\n',
    'minus.py': f'a = {"-" * 50_000}1\n',
    'nots.py': f'a = {"not " * 50_000}1\n',
    'conditionals.py': f'a = {"1 if 0 else " * 20_000}1\n',
    'lambdas.py': f'a = {"lambda: " * 20_000}1\n',
    'ifs.py': ''.join(f'{" " * n}if 1:\n' for n in range(99)) + ' ' * 99 + 'a = 1\n' + 'b = ' + '(' * 250 + ')' * 250,
    'nested_lists.py': 'a = []\nfor i in range(100000):\n    a = [a]\n',
    'nested_dicts.py': 'a = {}\nfor i in range(100000):\n    a = dict(a=a)\n',
    'nested_tuples_as_key.py': 'a = ()\nfor i in range(100000):\n    a = (a,)\nb = {a: 1}\n',
    'itself.py': 'a = []\na.append(a)\n',
    'itself_in_a_dict.py': 'a = {}\na["a"] = a\n',
    'brackets.json': '[' * 100_000,
    'objects.json': '{"a":' * 100_000,
    'brackets.yaml': '[' * 100_000,
    'dashes.yaml': '- ' * 100_000,
    'maps.yaml': 'a: {' + 'a: {' * 100_000,
    # Growth.
    'repeated_list.py': 'a = [0] * 10**10\n',
    'repeated_text.py': 'a = "x" * 10**10\n',
    'repeated_in_place.py': 'a = [0]\na *= 10**10\n',
    'power.py': 'a = 10**10**10\n',
    'squares.py': 'a = 3\nfor i in range(100):\n    a *= a\n',
    'shift.py': 'a = 1 << 10**10\n',
    'huge_literal.py': f'a = 0x{"f" * 900_000}\nb = a % 12345678901234567890123456789\nc = a * a\n',
    'huge_literal_as_text.py': f'a = str([0x{"f" * 900_000}])\n',
    'doubled_list.py': 'a = [0]\nfor i in range(1000):\n    a = a + a\n',
    'doubled_in_place.py': 'a = [0]\nfor i in range(1000):\n    a += a\n',
    'doubled_extend.py': 'a = [0]\nfor i in range(1000):\n    a.extend(a)\n',
    'doubled_text.py': 'a = "x"\nfor i in range(1000):\n    a = a + a\n',
    'doubled_format.py': 'a = "x"\nfor i in range(1000):\n    a = f"{a}{a}"\n',
    'doubled_percent.py': 'a = "x"\nfor i in range(1000):\n    a = "%s%s" % (a, a)\n',
    'doubled_str_format.py': 'a = "x"\nfor i in range(1000):\n    a = "{0}{0}".format(a)\n',
    'shared_pairs.py': 'a = [0]\nfor i in range(1000):\n    a = [a, a]\n',
    'shared_pairs_of_dicts.py': 'a = dict(x=1)\nfor i in range(1000):\n    a = dict(x=a, y=a)\n',
    'shared_slices.py': 'a = [0]\nfor i in range(1000):\n    a[:] = [a[:], a[:]]\n',
    'many_texts.py': 'a = []\nfor i in range(1000):\n    a.append("x" * 1000000 + str(i))\n',
    'many_lists.py': 'a = []\nfor i in range(1000):\n    a.append([i] * 200000)\n',
    'many_dicts.py': 'a = []\nb = {i: i for i in range(20000)}\nfor i in range(1000):\n    a.append(dict(b=b, **{}))\n    a.append({**b})\n',
    # Work whose result is small, or none.
    'alphabetic.py': 'a = "a" * 500000\nfor i in range(100000):\n    b = a.isalpha()\n',
    'counted.py': 'a = "a" * 300000\nfor i in range(100000):\n    b = a.count("a" * 1000 + "b")\n',
    'replaced.py': 'a = "ab" * 100000\nfor i in range(100000):\n    b = a.replace("ba", "")\n',
    'ends_with_one_of_many.py': 'a = ("a",) * 100000\nfor i in range(100000):\n    b = "b".endswith(a)\n',
    'any_of_many.py': 'a = [0] * 100000\nfor i in range(100000):\n    b = any(a)\n',
    'looked_for.py': 'a = [0] * 100000\nfor i in range(100000):\n    b = a.count(1)\n',
    'enumerated.py': 'a = []\nfor i in range(100000):\n    a.append(enumerate("a" * 1000))\n',
    'zipped.py': 'a = []\nfor i in range(100000):\n    a.append(zip("a" * 1000, "b" * 1000))\n',
    'many_items.py': 'a = {}\nfor i in range(10**9):\n    a[i] = i\n',
    'text_of_texts.py': 'a = ["x" * 1000000] * 100000\nb = str(a)\n',
    'text_of_pairs.py': 'a = [0]\nfor i in range(60):\n    a = [a, a]\nb = f"{a}"\n',
    # Python's own loops.
    'range.py': 'a = list(range(10**10))\n',
    'range_sum.py': 'a = sum(range(10**10))\n',
    'range_in.py': 'a = "x" in range(10**10)\n',
    'range_max.py': 'a = max(range(10**10))\n',
    'range_star.py': 'a = [*range(10**10)]\n',
    'range_unpacked.py': 'a, *b = range(10**10)\n',
    'range_extend.py': 'a = []\na.extend(range(10**10))\n',
    'range_slice.py': 'a = []\na[:] = range(10**10)\n',
    'range_set.py': 'a = set(range(10**10))\n',
    'range_update.py': 'a = {}\na.update(zip(range(10**10), range(10**10)))\n',
    'range_join.py': 'a = "".join(map(str, range(10**10)))\n',
    'comprehensions.py': 'a = [0 for a in range(10000) for b in range(10000) for c in range(10000)]\n',
    'sum_of_many_lists.py': 'a = sum([[i] for i in range(100000)], [])\n',
    'while.py': 'while True:\n    pass\n',
    'while_compare.py': 'a = [list(range(1000)) for i in range(100)]\nb = [list(range(1000)) for i in range(100)]\nwhile a == b:\n    pass\n',
    'for_long_body.py': 'for i in range(100000):\n' + '    a = 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1\n' * 1000,
    'for_texts.py': 'a = "x" * 900000\nfor i in range(100000):\n    b = a.replace("y", "z")\n',
    'for_find.py': 'a = "x" * 900000\nfor i in range(100000):\n    b = "xxy" in a\n',
    'recursion.py': 'def f():\n    return f()\na = f()\n',
    'recursion_of_two.py': _NESTED_FUNCTIONS,
    'recursion_of_lambdas.py': 'f = lambda x: f(x + 1) + f(x + 1)\na = f(1)\n',
    'fibonacci.py': 'def f(n):\n    return n if n < 2 else f(n - 1) + f(n - 2)\na = f(40)\n',
    'map.py': 'a = list(map(lambda x: [y for y in range(10000)], range(100000)))\n',
    'sort_key.py': 'a = sorted(range(100000), key=lambda x: [y for y in range(1000)])\n',
    # Exponential comparison, hashing and searching.
    'equal_pairs.py': 'a = [0]\nb = [0]\nfor i in range(1000):\n    a = [a, a]\n    b = [b, b]\nc = a == b\n',
    'hashed_pairs.py': 'a = (0,)\nfor i in range(1000):\n    a = (a, a)\nb = {a: 1}\n',
    'hashed_pairs_get.py': 'a = (0,)\nfor i in range(1000):\n    a = (a, a)\nb = {}.get(a)\n',
    'hashed_pairs_item.py': 'a = (0,)\nfor i in range(1000):\n    a = (a, a)\nb = {}[a]\n',
    'hashed_pairs_set.py': 'a = (0,)\nfor i in range(1000):\n    a = (a, a)\nb = {a}\n',
    'hashed_pairs_set_call.py': 'a = (0,)\nfor i in range(1000):\n    a = (a, a)\nb = set([a])\n',
    'hashed_pairs_fromkeys.py': 'a = (0,)\nfor i in range(1000):\n    a = (a, a)\nb = dict.fromkeys([a])\n',
    'hashed_pairs_comprehension.py': 'a = (0,)\nfor i in range(1000):\n    a = (a, a)\nb = {x: 1 for x in [a]}\n',
    'sorted_pairs.py': 'a = [0]\nb = [0]\nfor i in range(1000):\n    a = [a, a]\n    b = [b, b]\nc = sorted([a, b])\n',
    'min_pairs.py': 'a = [0]\nb = [0]\nfor i in range(1000):\n    a = [a, a]\n    b = [b, b]\nc = min(a, b)\n',
    'index_pairs.py': 'a = [0]\nb = [0]\nfor i in range(1000):\n    a = [a, a]\n    b = [b, b]\nc = [a].index(b)\n',
    'remove_pairs.py': 'a = [0]\nb = [0]\nfor i in range(1000):\n    a = [a, a]\n    b = [b, b]\n[a].remove(b)\n',
    'in_pairs.py': 'a = [0]\nb = [0]\nfor i in range(1000):\n    a = [a, a]\n    b = [b, b]\nc = a in [b]\n',
    'copied_pairs.py': 'import copy\na = [0]\nfor i in range(1000):\n    a = [a, a]\nb = copy.deepcopy(a)\n',
    'set_of_pairs.py': 'a = frozenset([0])\nfor i in range(1000):\n    a = frozenset([a, (a, a)])\nb = {a: 1}\n',
    'base_of_pairs.py': 'a = dict(x=1)\nfor i in range(1000):\n    a = dict(x=a, y=a)\n_base_.z = a\n',
    # Formats.
    'format_width.py': 'a = "{:>999999999}".format(1)\n',
    'format_nested_width.py': 'a = "{:>{}}".format(1, 999999999)\n',
    'f_string_width.py': 'a = f"{1:>999999999}"\n',
    'f_string_computed_width.py': 'a = f"{1:>{10**9}}"\n',
    'percent_width.py': 'a = "%999999999d" % 1\n',
    'percent_star.py': 'a = "%*d" % (999999999, 1)\n',
    'percent_precision.py': 'a = "%.999999999f" % 1\n',
    'percent_names.py': 'a = "%(x)s" * 100000 % dict(x="y" * 100000)\n',
    'zfill.py': 'a = "x".zfill(10**10)\n',
    'ljust.py': 'a = "x".ljust(10**10)\n',
    'center.py': 'a = "x".center(10**10)\n',
    'expandtabs.py': 'a = "\\t".expandtabs(10**9)\n',
    'replace.py': 'a = ("x" * 10000).replace("x", "y" * 100000)\n',
    'replace_nothing.py': 'a = ("x" * 10000).replace("", "y" * 100000)\n',
    'join.py': 'a = ("x" * 100000).join(["y"] * 100000)\n',
    'round.py': 'a = round(5, -10**9)\n',
    # Templates.
    'templates.py': 'a = [' + '"{{fileBasename}}", ' * 100_000 + ']\n',
    'environment.py': '# ' + '{{$A:' + ' ' * 900_000 + '\na = 1\nwhile True: pass\n',
    'environment_many.py': '# ' + '{{$A:x' * 100_000 + '\na = 1\n',
    'environment_default.py': 'a = "{{$CFGLINT_A:(x+x+)+y}}"  # '
    + '{{$CFGLINT_A:'
    + 'x' * 100_000
    + '\nwhile True: pass\n',
    # YAML.
    'aliases.yaml': f'a0: &a0 [1, 2]\n{_ALIASES}\n',
    'merges.yaml': f'a0: &a0 {{x: 1}}\n{_MERGES}\n',
    'itself.yaml': 'a: &a [*a]\n',
    'merge_of_itself.yaml': 'a: &a\n  <<: *a\n  b: 1\n',
    'base_60.yaml': f'a: {":".join(["1"] * 400_000)}\n',
    'digits.yaml': f'a: {"1" * 900_000}\n',
}
"""Files that are refused because reading them takes too much: each name with its text."""

MALFORMED: dict[str, str | bytes] = {
    'not_utf8.py': b'a = "\xff\xfe"\n',
    'utf16.py': 'a = 1\n'.encode('utf-16'),
    'mark.py': '\ufeffa = 1\n',
    'nul.py': b'a = 1\x00\n',
    'nul.yaml': b'a: "\x00"\n',
    'nul.json': b'{"a": "\x00"}',
    'binary.py': bytes(range(256)) * 100,
    'half_a_character.json': b'{"a": "\xe4"}',
    'tabs.yaml': 'a:\n\t- 1\n',
    'digits.json': f'{{"a": {"1" * 900_000}}}',
    'digits.py': f'a = {"1" * 900_000}\n',
    'surrogate.py': 'a = "\\ud800"\n_base_ = "\\ud800.py"\n',
    'nul_in_base.py': '_base_ = "a\\0.py"\n',
    'long_base.py': f'_base_ = "{"x" * 100_000}.py"\n',
    'many_bases.py': f'_base_ = {["a.py"] * 100_000}\n',
    'base_of_zeros.py': '_base_ = "/dev/zero"\n',
    'base_of_zeros_py.py': '_base_ = "zeros.py"\n',
    'base_of_a_pipe.py': '_base_ = "pipe.py"\n',
    'base_of_a_folder.py': '_base_ = "folder.py"\n',
    'base_of_a_loop.py': '_base_ = "loop.py"\n',
    'base_of_a_broken_link.py': '_base_ = "broken.py"\n',
    'base_of_the_kernel.py': '_base_ = "/proc/kmsg"\n',
    'itself.py': '_base_ = "itself.py"\n',
    'deep.py': '_base_ = "deep/1.py"\n',
    'length.py': 'a = len(range(10**30))\n',
    'async.py': 'await x\n',
    'star.py': 'a = *b\n',
    'yield.py': 'yield 1\n',
    'import_star_as.py': 'def f():\n    from x import *\n',
    'nonlocal.py': 'nonlocal x\n',
    'decorated.py': '@undefined\ndef f():\n    pass\n',
    'unknown_tag.yaml': 'a: !nothing 1\n',
    'two_documents.yaml': 'a: 1\n---\nb: 2\n',
}
"""Files that are refused for what they say."""


def write(folder: Path) -> None:
    """Write all files, and what some of them name as their base."""
    for name, text in {**{f'endless_{name}': text for name, text in ENDLESS.items()}, **MALFORMED}.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode('utf-8', 'surrogatepass'))
    os.mkfifo(folder / 'pipe.py')
    (folder / 'folder.py').mkdir()
    (folder / 'loop.py').symlink_to('loop.py')
    (folder / 'broken.py').symlink_to('nothing.py')
    (folder / 'zeros.py').symlink_to('/dev/zero')
    (folder / 'deep').mkdir()
    for n in range(1, 3000):
        (folder / 'deep' / f'{n}.py').write_text(f'_base_ = "{n + 1}.py"\n')
