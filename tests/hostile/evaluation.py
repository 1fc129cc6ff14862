"""Configs that compute: each operation over operands as large as they may be, again and again, kept or thrown away."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile.kit import Case

OPERANDS = {
    's': '"ab" * 200_000',
    'p': '"a" * 300_000',
    'n': '"a" * 500 + "b" + "a" * 500',
    't': '("zz",) * 90_000',
    'l': '[0] * 90_000',
    'm': '[str(i) for i in range(9_000)]',
    'd': 'dict(zip(range(9_000), range(9_000)))',
    'k': 'dict(zip(map(str, range(9_000)), range(9_000)))',
    'e': 'set(range(9_000))',
    'f': 'set(range(1, 9_000))',
    'g': 'frozenset(range(9_000))',
    'h': 'tuple(range(90_000))',
    'u': 'tuple(range(90_000))',
    'v': 'list(range(90_000))',
    'i': '(1 << 4_000) - 1',
    'r': 'range(190_000)',
    'w': '[list(range(90)) for j in range(900)]',
}
"""Large values, by the names that expressions give them."""

EXPRESSIONS = r"""
s.rfind(n); s.find(n); p.rfind('a' * 50 + 'b' + 'a' * 500); p.rindex('b'); p.count('a' * 500 + 'b'); p.count('a'); s.replace('ba', '')
s.replace('q', 'z'); s.split('q'); s.split('a'); s.split(); s.rsplit('a'); s.rsplit('b' + 'a' * 500); s.splitlines(); p.isalpha()
p.isdigit(); p.isupper(); p.islower(); p.isspace(); p.isidentifier(); p.istitle(); p.isascii(); p.isnumeric(); p.isdecimal()
p.isalnum(); p.lower(); p.upper(); p.title(); p.swapcase(); p.casefold(); p.capitalize(); p.strip('a'); p.lstrip('a'); p.rstrip('a')
p.startswith(t); p.endswith(t); p.startswith(p); p.partition('b'); p.rpartition('b' + 'a' * 500); p.expandtabs(); p.zfill(99)
p.center(400_000); p.ljust(400_000); p.rjust(400_000); p.removeprefix('b'); p.removesuffix('b'); ''.join(m); ','.join(t); p.index('a')
p.format(); '{}'.format(p); '{0[0]}'.format(l); '{:>99999}'.format(1); '%s' % p; '%s' % (l,); '%*d' % (99_999, 1); '%(a)99999d' % {'a': 1}
('%d' * 100) % ((1,) * 100); '%d' % i; f'{p}'; f'{l}'; f'{1:99999}'; f'{p:>300001}'; f'{i}'; p == s; p < s; p + 'a'; 'a' + p; p * 2; p[::-1]; p[1:]
p[0]; 'b' in p; n[:500] in p; 'q' not in p; e & f; e | f; e - f; e ^ f; e < f; e == f; e.union(f); e.difference(f); e.intersection(f)
e.symmetric_difference(f); e.isdisjoint(f); e.issubset(e); e.issuperset(e); e.copy(); g & g; g | g; g - g; len(g); e.update(f)
e.intersection_update(e); e.difference_update(()); e.discard(0); e.add(1); e.remove(0); e.union(*[e] * 99); any(l); all(v[1:])
any(d.values()); all(d.items()); len(d.items()); sum(l); sum(v); min(v); max(v); min(d.keys()); sorted(v); sorted(l, key=str); sorted(d)
list(r); tuple(r); set(r); frozenset(v); dict(d); dict(d.items()); dict(zip(v, v)); list(d.items()); list(d); tuple(d.values())
list(zip(v, v)); list(enumerate(v)); enumerate(v); zip(v, v); reversed(v); list(reversed(v)); map(str, m); list(map(str, m))
filter(None, v); list(filter(None, v)); iter(v); next(iter(v)); 0 in l; 1 in l; 'q' in m; -1 in d.values(); (1, 2) in d.items(); 1 in r
'q' in r; l == v; v == v; v < v; l + l; v * 2; v[::2]; v[1:]; [*v]; (*v,); {*v}; {**d}; {**d, 'a': 1}; d | d; d == d; d.copy(); d.keys()
d.items(); d.values(); d.get(0); d.get(h); d.update(d); d.update({}); d.setdefault(0); d.setdefault(h); d.get('q'); dict.fromkeys(v)
dict(**k); {h: 1}; {(h, h): 1}; {h} | {u}; (h,) == (u,); h == u; l.count(0); l.index(0); v.index(89_999); v.count(h); h.index(89_999)
h.count(1); l.copy(); l.reverse(); l.sort(); v.sort(reverse=True); l.append(1); l.extend(()); l.insert(0, 0); l.pop(); l.pop(0); l.remove(0)
l.clear(); str(l); str(d); str(p); repr(l); repr(p); str(i); repr(i); hex(i); bin(i); oct(i); int('1' * 4_000); int(p); float('1' * 400)
float(p); complex(p); i * i; i + i; i % 7; i // 3; i ** 1; i - i; ~i; -i; i & i; i | i; i ^ i; i >> 1; i << 1; round(i); round(1.5, 4_000)
divmod(i, 12345678901234567890); abs(i); pow(2, 4_000); pow(i, 1); chr(97); bool(l); bool(p); slice(h); range(len(v)); isinstance(p, str)
isinstance(l, (int,) * 9_000); getattr(l, 'append'); hasattr(d, 'q'); print(l); format(p); format(1, '>99999'); format(i, 'd'); dir()
eval('l'); eval('[1, 2, 3]'); copy.deepcopy(l); copy.deepcopy(w); copy.copy(l); copy.copy(d); osp.join(p, p); osp.normpath(p)
osp.splitext(p); osp.dirname(p); osp.basename(p); osp.split(p); osp.isabs(p); math.prod(v); math.gcd(i, i - 1); math.log(i); math.hypot(*v)
math.ceil(1e300); math.gcd(*v); itertools.chain(v, v); list(itertools.chain(v, v)); itertools.product(m, repeat=1)
list(itertools.product([0, 1], repeat=12)); itertools.chain.from_iterable(w); functools.reduce(lambda a, b: a, m); os.getenv(p, 'a')
collections.OrderedDict(d); [x for x in m]; {x: 1 for x in m}; {x for x in m}; sum(w, []); max(m, key=len); min(w); sorted(w); w == w
copy.deepcopy(d); [*d.items()]; 'a'.join(p); (p,) * 9; [p] * 9; lambda: p; (lambda *a: 1)(*v); (lambda **a: 1)(**k); [a for a, b in d.items()]
d.popitem(); d.clear(); e.pop(); e.clear()
e.symmetric_difference_update(f); vars(); globals(); locals(); math.copysign(1, i); math.atan2(1, i); math.isclose(i, i); math.fabs(i)
math.floor(i); math.sqrt(i); math.log2(i); math.log10(i); math.exp(-i); math.sin(i); math.cos(i); math.tan(i); math.trunc(i); math.radians(i)
math.degrees(i); math.isnan(i); math.isinf(i); math.atan(i); math.pow(i, 1); os.environ.get(p, 'a'); ord(p); itertools.chain.from_iterable(m)
str(w); repr(w); '{0[0]}'.format(w); '{0[0]}'.format([p]); f'{w!r}'; list(zip(*w)); len(*v); print(*v); (lambda *a: 1)(*v, *v)
l.undefined; d['nothing']; p.index('q'); v.index('q'); int('x' * 9_000); sum(m); m + 1; undefined; k.undefined; [][99]; (0)(1)
"""
"""What is done with them, often."""

SETUP = (
    'train_cfg = dict(max_epochs=1)\nimport collections, copy, functools, itertools, math, os\nimport os.path as osp\n'
)
LOOPS = {
    'again and again': 'for _ in range(100_000):\n    z = {0}\n',
    'and kept': 'z = []\nfor _ in range(100_000):\n    z.append({0})\n',
    'and forgiven': 'for _ in range(100_000):\n    try:\n        z = {0}\n    except Exception:\n        pass\n',
}


def expressions() -> list[str]:
    """Return the expressions."""
    return [each for line in EXPRESSIONS.splitlines() for each in line.split('; ') if each]


def text_of(expression: str, loop: str) -> str:
    """Return a config that evaluates an expression again and again."""
    names = [name for name in OPERANDS if any(word == name for word in _words(expression))]
    return SETUP + ''.join(f'{name} = {OPERANDS[name]}\n' for name in names) + LOOPS[loop].format(expression)


def _words(expression: str) -> list[str]:
    return ''.join(char if char.isalnum() or char == '_' else ' ' for char in expression).split()


def cases() -> Iterator[Case]:
    """Yield all."""
    for expression in expressions():
        for loop in LOOPS:
            name = f'{expression} {loop}'
            yield Case(
                'evaluation', name, lambda expression=expression, loop=loop: {'configs/a.py': text_of(expression, loop)}
            )
