"""How alike a field of the page and a field of the index are, finer than agree, close and conflict."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from backfile.domain.decision import Agreement, FieldComparison


class Field(StrEnum):
    """What is compared, in the order in which a technician reads it."""

    MRN = "mrn"
    LAST_NAME = "last_name"
    FIRST_NAME = "first_name"
    MIDDLE_NAME = "middle_name"
    SUFFIX = "suffix"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    SSN_LAST4 = "ssn_last4"
    PHONE = "phone"
    ADDRESS = "address"
    SERVICE_DATE = "service_date"
    ENCOUNTER = "encounter"
    STAY = "stay"
    """The dates of service beside those of the encounter that the page names."""


class Level(StrEnum):
    """How alike two values are."""

    MISSING = "missing"
    EXACT = "exact"
    NICKNAME = "nickname"
    UNSURE = "unsure"
    """Equal, but read with doubt."""
    INITIAL = "initial"
    PART = "part"
    CLOSE = "close"
    SOUND = "sound"
    SWAPPED = "swapped"
    CONFLICT = "conflict"


_AGREEING = (Level.EXACT, Level.NICKNAME)
_AGREEMENTS = {
    Level.MISSING: Agreement.MISSING,
    Level.CONFLICT: Agreement.CONFLICT,
    **dict.fromkeys(_AGREEING, Agreement.AGREE),
}
_STRENGTH = [
    Level.MISSING, Level.SOUND, Level.SWAPPED, Level.CLOSE, Level.PART, Level.INITIAL, Level.UNSURE,
    Level.NICKNAME, Level.EXACT, Level.CONFLICT,
]  # fmt: skip
"""Which of several readings of one field speaks for all: a conflict outweighs everything, then the best."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of the page beside one person's."""

    level: Level = Level.MISSING
    note: str = ""
    """In a technician's words; holds no value."""
    is_sure: bool = False
    """The reading behind it is sure, so that a difference is one on the paper."""
    is_far: bool = False
    """More than a misreading apart from every value of the person."""

    @property
    def agreement(self) -> Agreement:
        """As people and programs outside are told."""
        return _AGREEMENTS.get(self.level, Agreement.CLOSE)

    @property
    def agrees(self) -> bool:
        """It counts as agreeing."""
        return self.level in _AGREEING

    @property
    def conflicts(self) -> bool:
        """It speaks against."""
        return self.level is Level.CONFLICT


_NOTHING = Compared()


def speak_for_all(compared: list[Compared]) -> Compared:
    """Return the comparison that speaks for several readings of one field."""
    if len(compared) < 2:
        return compared[0] if compared else _NOTHING
    return max(compared, key=lambda one: (_STRENGTH.index(one.level), one.is_sure, one.is_far))


_SELDOM = (Field.SERVICE_DATE, Field.ENCOUNTER, Field.STAY)
"""Told of only where there is something to tell."""


@cache  # of few fields, levels and notes; five candidates of every line are described
def _describe(name: Field, level: Level, note: str) -> FieldComparison | None:
    if level is Level.MISSING and name in _SELDOM:
        return None
    return FieldComparison(name.value, Compared(level).agreement, note)


_FIELDS = tuple(Field)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every field of the page beside one person's."""

    fields: dict[Field, Compared] = field(default_factory=dict)

    def __getitem__(self, name: Field) -> Compared:
        """Return one field; missing where nothing was compared."""
        return self.fields.get(name, _NOTHING)

    @property
    def name_agrees(self) -> bool:
        """Last and first name agree."""
        return self[Field.LAST_NAME].agrees and self[Field.FIRST_NAME].agrees

    @property
    def is_whole_name(self) -> bool:
        """Last and first name agree exactly: only then it matters how many people bear them."""
        return self[Field.LAST_NAME].level is self[Field.FIRST_NAME].level is Level.EXACT

    @property
    def names_the_person(self) -> bool:
        """It bears an agreeing identifier: MRN, birth date, or last and first name."""
        return self[Field.MRN].agrees or self[Field.BIRTH_DATE].agrees or self.name_agrees

    @property
    def binds_the_page(self) -> bool:
        """It bears an agreeing identifier that ties a page to the person.

        A birth date does only beside a name, be the name misread: twins share the date, and a page with
        nothing else may be the twin's. Beside a number that merely resembles the person's, name and birth
        date are both needed.
        """
        born = self[Field.BIRTH_DATE].agrees
        if self[Field.MRN].level is Level.CLOSE:
            return self.name_agrees and born
        has_name = self[Field.LAST_NAME].level is not Level.MISSING is not self[Field.FIRST_NAME].level
        is_numbered = self[Field.MRN].agrees or (born and self[Field.ENCOUNTER].agrees)
        return is_numbered or self.name_agrees or (born and has_name)

    def describe(self) -> tuple[FieldComparison, ...]:
        """Return the fields as people are shown them."""
        said = [_describe(name, (one := self[name]).level, one.note) for name in _FIELDS]
        return tuple([one for one in said if one is not None])
