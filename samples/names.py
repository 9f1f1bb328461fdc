"""Names of people of many origins, drawn from lists and from a small grammar of their own.

The American lists are the 1990 Census frequencies; other origins have their own lists and their own
customs: double surnames, particles, hyphens, apostrophes, accents that a registrar kept or dropped.
"""

from __future__ import annotations

import random
import unicodedata
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import accumulate
from pathlib import Path
from types import MappingProxyType

from backfile.domain.patient import PersonName


def split_words(text: str) -> tuple[str, ...]:
    """Return the words of a list that is written as running text; ``_`` stands for a space."""
    return tuple(word.replace("_", " ") for word in text.split())


_DATA = Path(__file__).parent / "data"
_AMERICAN = "american"
_ORIGINS = {
    _AMERICAN: 52, "hispanic": 14, "vietnamese": 3, "chinese": 4, "indian": 5, "arabic": 4, "slavic": 4,
    "african": 4, "korean_japanese": 3, "filipino": 2, "european": 6, "pacific_native": 1,
}  # fmt: skip
"""Origins and how often they come, in percent or so."""
ORIGINS = tuple(_ORIGINS)
"""Every origin of names."""


class NamePool(StrEnum):
    """Parts of the lists of names, for sets of people whose names must not come from one list."""

    ALL = "all"
    RULES = "rules"
    CALIBRATE = "calibrate"
    TEST = "test"


_THIRDS = (NamePool.RULES, NamePool.CALIBRATE, NamePool.TEST)

NICKNAMES = {
    "Abigail": "Abby", "Alexander": "Alex", "Alfred": "Al", "Andrew": "Andy", "Anthony": "Tony",
    "Barbara": "Barb", "Benjamin": "Ben", "Carolyn": "Carol", "Catherine": "Cathy", "Charles": "Chuck",
    "Christina": "Tina", "Christine": "Chris", "Christopher": "Chris", "Cynthia": "Cindy", "Daniel": "Dan",
    "David": "Dave", "Deborah": "Debbie", "Dolores": "Lola", "Donald": "Don", "Dorothy": "Dot",
    "Edward": "Ed", "Eleanor": "Ellie", "Elizabeth": "Beth", "Eugene": "Gene", "Florence": "Flo",
    "Francis": "Frank", "Francisco": "Paco", "Frederick": "Fred", "Gerald": "Jerry", "Gregory": "Greg",
    "Guadalupe": "Lupe", "Harold": "Hal", "Henry": "Hank", "Ignacio": "Nacho", "Jacqueline": "Jackie",
    "James": "Jim", "Janet": "Jan", "Jeffrey": "Jeff", "Jennifer": "Jen", "Jessica": "Jess", "John": "Jack",
    "Jonathan": "Jon", "Joseph": "Joe", "José": "Pepe", "Joshua": "Josh", "Judith": "Judy",
    "Katherine": "Kate", "Kathleen": "Kathy", "Kenneth": "Ken", "Kimberly": "Kim", "Lawrence": "Larry",
    "Leonard": "Len", "Lillian": "Lily", "Margaret": "Peggy", "Matthew": "Matt", "Michael": "Mike",
    "Nancy": "Nan", "Nicholas": "Nick", "Pamela": "Pam", "Patricia": "Pat", "Patrick": "Pat",
    "Peter": "Pete", "Philip": "Phil", "Raymond": "Ray", "Rebecca": "Becky", "Richard": "Rick",
    "Robert": "Bob", "Ronald": "Ron", "Rosemary": "Rosie", "Samuel": "Sam", "Sandra": "Sandy",
    "Stephanie": "Steph", "Stephen": "Steve", "Steven": "Steve", "Susan": "Sue", "Theodore": "Ted",
    "Theresa": "Terry", "Thomas": "Tom", "Timothy": "Tim", "Victoria": "Vicki", "Virginia": "Ginny",
    "Walter": "Walt", "William": "Bill", "Zachary": "Zach",
}  # fmt: skip
"""What people call themselves instead of their registered first name."""

_HEADS = split_words(
    "Ash Bar Black Brad Brock Cal Clay Colt Crow Dal Dray Eck Ell Fair Fen Gar Glad Hal Hart Hazel Holt "
    "Ing Kirk Lang Lock Mar Mill New Nor Oak Pem Quin Rad Red Ross Sel Shel Stan Thorn Tre Ul Vance Wade "
    "Wal Wes Whit Win Wood Yar Zell"
)
_TAILS = split_words(
    "berry bridge brook burn by combe cote den dale field ford gate grove ham hurst land ley low man mead "
    "mere more ner nell ridge rick sell shaw smith son stead stock ston ter thorpe ton wald wall ward well "
    "wick win worth yard er ens inger ski ova enko ian ez"
)


@dataclass(frozen=True, slots=True)
class NameStock:
    """The names of one origin, commonest first where ``weighted``."""

    last: tuple[str, ...]
    female: tuple[str, ...]
    male: tuple[str, ...]
    weighted: bool = False


@cache
def name_stocks(pool: NamePool = NamePool.ALL) -> dict[str, NameStock]:
    """Return the names of every origin, or those that one pool may use."""
    if pool is not NamePool.ALL:
        return {origin: _part_of_stock(origin, pool) for origin in ORIGINS}
    american = NameStock(
        _read_words("us_surnames.txt"),
        _read_words("us_female_names.txt"),
        _read_words("us_male_names.txt"),
        weighted=True,
    )
    return {_AMERICAN: american, **_read_stocks("world_names.txt")}


@cache
def _read_stocks(name: str) -> dict[str, NameStock]:
    stocks: dict[str, NameStock] = {}
    origin, parts = "", dict[str, tuple[str, ...]]()
    for line in [*(_DATA / name).read_text(encoding="utf-8").splitlines(), "[]"]:
        if line.startswith("["):
            if parts:
                stocks[origin] = NameStock(parts["last"], parts["female"], parts["male"])
            origin, parts = line.strip("[]"), {}
        elif not line.startswith("#") and line:
            key, _, words = line.partition(":")
            parts[key] = split_words(words)
    return stocks


def _part_of_stock(origin: str, pool: NamePool) -> NameStock:
    """Return the names of an origin that a pool may use.

    The American lists are long enough to be cut in three. Of the other origins, whatever is chosen uses
    one half or the other of the samples' lists, and the test has lists that nothing else ever draws from.
    """
    stock = name_stocks()[origin]
    pools = _THIRDS if origin == _AMERICAN else _THIRDS[:2]
    if origin == _AMERICAN or pool is not NamePool.TEST:
        return NameStock(
            _share(stock.last, pool, pools),
            _share(stock.female, pool, pools),
            _share(stock.male, pool, pools),
            stock.weighted,
        )
    more = _read_stocks("world_names_held_out.txt")[origin]
    known = {_plain(name) for names in (stock.last, stock.female, stock.male) for name in names}
    return NameStock(
        tuple(name for name in more.last if _plain(name) not in known),
        tuple(name for name in more.female if _plain(name) not in known),
        tuple(name for name in more.male if _plain(name) not in known),
    )


def _share(names: tuple[str, ...], pool: NamePool, pools: tuple[NamePool, ...]) -> tuple[str, ...]:
    """Return a pool's share of names; a name is always in the same one, however its accents are written."""
    return tuple(n for n in names if pools[zlib.crc32(_plain(n).encode()) % len(pools)] is pool)


def _plain(name: str) -> str:
    return _drop_accents(name).upper()


def draw_origin(rng: random.Random, *, shares: Mapping[str, float] = MappingProxyType(_ORIGINS)) -> str:
    """Draw where somebody's name comes from."""
    return rng.choices(list(shares), list(shares.values()))[0]


def draw_last_name(rng: random.Random, origin: str, *, pool: NamePool = NamePool.ALL) -> str:
    """Draw a family name of the origin, with its customs."""
    stock = name_stocks(pool)[origin]
    chance = rng.random()
    if origin == _AMERICAN and chance < 0.06:
        return rng.choice(_HEADS if pool is NamePool.ALL else _share(_HEADS, pool, _THIRDS)) + rng.choice(
            _TAILS
        )
    name = _draw(rng, stock.last, weighted=stock.weighted)
    if origin in {"hispanic", "filipino"} and chance < (0.45 if origin == "hispanic" else 0.1):
        other = _draw(rng, stock.last, weighted=False)
        if other != name:
            name = f"{name}{'-' if chance < 0.12 else ' '}{other}"
    elif origin not in {"vietnamese", "chinese", "korean_japanese"} and chance > 0.965:
        other = draw_last_name(rng, draw_origin(rng), pool=pool)
        if " " not in f"{name}{other}" and "-" not in f"{name}{other}":
            name = f"{name}-{other}"
    return _drop_accents(name) if rng.random() < 0.6 else name


def draw_first_name(
    rng: random.Random, origin: str, sex: str, *, birth_year: int = 1960, pool: NamePool = NamePool.ALL
) -> str:
    """Draw a given name; children of immigrants often have an American one."""
    stock = name_stocks(pool)[origin]
    if origin != _AMERICAN and rng.random() < (0.45 if birth_year > 1985 else 0.2):
        stock = name_stocks(pool)[_AMERICAN]
    name = _draw(rng, stock.female if sex == "F" else stock.male, weighted=stock.weighted)
    if stock.weighted and rng.random() < 0.02:
        name = f"{name}-{_draw(rng, stock.female if sex == 'F' else stock.male, weighted=True)}"
    return _drop_accents(name) if rng.random() < 0.6 else name


def draw_name(
    rng: random.Random, sex: str, *, origin: str = "", birth_year: int = 1960, pool: NamePool = NamePool.ALL
) -> PersonName:
    """Draw a whole name: last, first, often a middle name or initial."""
    origin = origin or draw_origin(rng)
    last = draw_last_name(rng, origin, pool=pool)
    first = draw_first_name(rng, origin, sex, birth_year=birth_year, pool=pool)
    return PersonName(last, first, draw_middle_name(rng, origin, sex, first=first, pool=pool))


def draw_middle_name(
    rng: random.Random, origin: str, sex: str, *, first: str, pool: NamePool = NamePool.ALL
) -> str:
    """Draw a middle name, an initial or none."""
    chance = rng.random()
    if chance < 0.28:
        return ""
    if origin == "vietnamese":
        middle = "Thi" if sex == "F" and chance < 0.7 else rng.choice(["Van", "Ngoc", "Thanh", "Minh", "Kim"])
    else:
        middle = draw_first_name(rng, origin, sex, pool=pool)
    if middle == first:
        return ""
    return middle[0] if chance < 0.62 else middle


def _draw(rng: random.Random, names: tuple[str, ...], *, weighted: bool) -> str:
    if not weighted:
        return rng.choice(names)
    return rng.choices(names, cum_weights=_rank_weights(len(names)))[0]


@cache
def _rank_weights(count: int) -> tuple[float, ...]:
    """Frequencies by rank as in the Census, roughly (Zipf, flattened at the head), summed up."""
    return tuple(accumulate((rank + 12) ** -0.9 for rank in range(count)))


@cache
def _read_words(name: str) -> tuple[str, ...]:
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return tuple(word for line in lines if not line.startswith("#") for word in line.split())


_UNDECOMPOSED = str.maketrans("łŁøØđĐßæÆ", "lLoOdDsaA")


def _drop_accents(name: str) -> str:
    """Return the name as a registration system without accents has it."""
    decomposed = unicodedata.normalize("NFKD", name.translate(_UNDECOMPOSED))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def to_latin1(text: str) -> str:
    """Return the text with the letters that printers of forms lack (beyond Latin-1) stripped of accents."""
    return "".join(char if ord(char) < 256 else _drop_accents(char) for char in text)
