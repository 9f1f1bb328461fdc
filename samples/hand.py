"""The hand that a document is written in: its habits, dates, names of colleagues, numbers, measures."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from backfile.domain.document import SightingKind
from backfile.domain.patient import PersonName
from samples.conditions import Condition, draw_condition
from samples.facilities import Facility, Provider, draw_facility, draw_provider
from samples.families import FamilySplit, part_of_pool
from samples.lab_tests import draw_quick_value
from samples.markup import Markup
from samples.names import draw_name, to_latin1
from samples.phrases import PAYERS
from samples.places import draw_address
from samples.registrar import SamplePatient
from samples.wording import LABELS, OTHER_LABELS, draw_date_format, format_date

_PHONES = ("({0}) {1}-{2}", "{0}-{1}-{2}", "{0}.{1}.{2}", "{0} {1} {2}", "({0}){1}-{2}", "1-{0}-{1}-{2}")
_NAME_ORDERS = (
    "{L}, {F} {M} {S}", "{L}, {F} {M} {S}", "{L}, {F} {M}", "{L}, {F} {I} {S}", "{L}, {F}", "{L},{F} {I}",
    "{F} {M} {L} {S}", "{F} {I} {L} {S}", "{F} {L}", "{F} {L} {S}", "{L} {S}, {F} {M}", "{F} {I}. {L}",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Habits:
    """How one document writes things."""

    date_style: tuple[str, bool]
    other_date_style: tuple[str, bool]
    """Of a stamp or printer."""
    phone_style: str
    name_order: str
    name_upper: bool
    mrn_style: str
    """``plain``, ``pairs`` (00-12-34-56), ``triples`` (012 345 678)."""
    uses_nickname: bool


class Hand:
    """Writes what any document has, whoever its patient is."""

    rng: random.Random
    person: SamplePatient
    physician: Provider
    """Who signs."""
    nurse: Provider

    def __init__(
        self,
        rng: random.Random,
        person: SamplePatient,
        *,
        families: FamilySplit,
        facility: Facility,
        date: dt.date,
        needs_tissue: bool = False,
    ) -> None:
        self.rng = rng
        self.person = person
        self.families = families
        self.facility = facility
        self.day = date
        self.markup = Markup()
        self.mrn_text = person.mrn
        self.age = max(0, (date - person.birth_date).days * 100 // 36525)
        sex = person.patient.sex or rng.choice("FM")
        self.sex = sex
        self.condition: Condition = draw_condition(rng, age=self.age, sex=sex, with_tissue=needs_tissue)
        style = draw_date_format(rng)
        self.habits = Habits(
            style,
            style if rng.random() < 0.6 else draw_date_format(rng),
            rng.choice(_PHONES),
            rng.choice(_NAME_ORDERS),
            rng.random() < 0.45,
            rng.choices(["plain", "pairs", "triples"], [82, 12, 6])[0],
            bool(person.called) and rng.random() < 0.1,
        )
        self.physician = draw_provider(rng, rng.choices(["physician", "advanced"], [85, 15])[0])
        self.nurse = draw_provider(rng, "nurse")
        self.length: float = rng.choices([1.0, 1.6, 2.4, 3.6], [36, 30, 22, 12])[0]
        """How wordy the document is, as a multiple."""
        self._labels: dict[str, str] = {}
        self._account = self._draw_account()

    def _draw_account(self) -> str:
        rng = self.rng
        form = rng.choice(["{}", "{}", "V{}", "H{}", "{}-1", "E{}"])
        return form.format(rng.randint(10**7, 10 ** rng.choice([8, 9, 10, 11])))

    # choosing words

    def pick(self, pool: Sequence[str]) -> str:
        """Choose one of the phrases that the set of layout families may use."""
        return self.rng.choice(part_of_pool(tuple(pool), self.families))

    def some(self, pool: Sequence[str], low: int, high: int) -> list[str]:
        """Choose a few different phrases; more where the document is a long one."""
        part = part_of_pool(tuple(pool), self.families)
        count = self.rng.randint(low, high)
        if high > 1:
            count = round(count * self.length)
        return self.rng.sample(part, min(len(part), count))

    def label(self, key: str) -> str:
        """Return the label of a key; the same throughout the document."""
        if key not in self._labels:
            pool = LABELS[key][self.families] if key in LABELS else OTHER_LABELS[key]
            self._labels[key] = self.rng.choice(pool)
        return self._labels[key]

    # other people, dates and numbers

    def date(
        self, date: dt.date, kind: SightingKind = SightingKind.OTHER_DATE, *, stamp: bool = False
    ) -> str:
        """Return a date; ``stamp`` in the format of a printer or stamp."""
        style, upper = self.habits.other_date_style if stamp else self.habits.date_style
        return self.markup.mark(format_date(date, style, upper=upper), kind, date.isoformat())

    def service_date(self) -> str:
        """Return the day of the service."""
        return self.date(self.day, SightingKind.SERVICE_DATE)

    def near_date(self, low: int, high: int, *, stamp: bool = False) -> str:
        """Return a date some days after (before, where negative) the service; never before birth."""
        day = self.day + dt.timedelta(days=self.rng.randint(low, high))
        return self.date(max(day, self.person.birth_date), stamp=stamp)

    def time(self) -> str:
        """Return a time of day."""
        hour, minute = self.rng.randint(0, 23), self.rng.randint(0, 59)
        return self.rng.choice(
            [
                f"{hour:02d}:{minute:02d}",
                f"{hour:02d}{minute:02d}",
                f"{(hour - 1) % 12 + 1}:{minute:02d} {'AM' if hour < 12 else 'PM'}",
            ]
        )

    def provider(self, who: Provider | None = None, *, form: str = "") -> str:
        """Return a provider's name with degrees; a new one unless given."""
        who = who or draw_provider(self.rng)
        name = replace(who.name, last=to_latin1(who.name.last), first=to_latin1(who.name.first))
        middle = f" {name.middle[:1]}." if name.middle and self.rng.random() < 0.6 else ""
        form = form or self.rng.choice(
            [
                "{F}{M} {L}, {D}",
                "{F}{M} {L}, {D}",
                "{F} {L}, {D}",
                "Dr. {F} {L}",
                "{L}, {F} {D}",
                "{L}, {F}",
                "{F} {L} {D}",
                "{L}, {F}{M}, {D}",
                "{FI}. {L}, {D}",
            ]
        )
        if form.startswith("Dr.") and who.role != "physician":
            form = "{F}{M} {L}, {D}"
        bare = form.replace("Dr. ", "").split(", {D}")[0].split(" {D}")[0]
        text = bare.format(L=name.last, F=name.first, M=middle, FI=name.first[0])
        first = name.first if "{F}" in bare else name.first[0]
        value = PersonName(name.last, first, middle.strip(" .") if "{M}" in bare else "")
        head, _, tail = form.partition(bare)
        marked = self.markup.mark(text, SightingKind.PROVIDER, str(value))
        return f"{head}{marked}{tail.format(D=who.degree)}"

    def doctor(self, who: Provider | None = None) -> str:
        """Return "Dr. Surname"."""
        name = (who or draw_provider(self.rng)).name.last
        return f"Dr. {self.markup.mark(to_latin1(name), SightingKind.PROVIDER, name)}"

    def other_number(self, text: str) -> str:
        """Return a number that identifies something else: policy, accession, licence, fax."""
        return self.markup.mark(
            text, SightingKind.OTHER_NUMBER, "".join(c for c in text if c.isalnum()).upper()
        )

    def draw_number(self, form: str) -> str:
        """Return such a number; ``#`` stands for a digit, ``@`` for a letter."""
        letters = "ABCDEFGHJKLMNPRSTUVWXYZ"
        return self.other_number(
            "".join(
                str(self.rng.randint(0, 9)) if c == "#" else self.rng.choice(letters) if c == "@" else c
                for c in form
            )
        )

    def format_phone(self, digits: str) -> str:
        """Return ten digits as the house writes telephone numbers."""
        return self.habits.phone_style.format(digits[:3], digits[3:6], digits[6:])

    def facility_name(self, name: str = "") -> str:
        """Return the name of the institution."""
        return self.markup.mark(name or self.facility.name, SightingKind.FACILITY)

    # measures

    def vitals(self) -> tuple[str, str, str, str, str]:
        """Return temperature, pulse, respirations, blood pressure, oxygen saturation."""
        rng = self.rng
        return (
            f"{rng.gauss(98.6, 0.9):.1f}",
            str(int(rng.gauss(84, 15))),
            str(rng.randint(12, 26)),
            f"{int(rng.gauss(130, 18))}/{int(rng.gauss(76, 10))}",
            f"{rng.randint(89, 100)}%",
        )

    def vitals_line(self) -> str:
        """Return the vital signs on one line."""
        temperature, pulse, breaths, pressure, oxygen = self.vitals()
        return self.rng.choice(
            [
                f"T {temperature}, P {pulse}, R {breaths}, BP {pressure}, SpO2 {oxygen} on room air.",
                f"Temp {temperature} F, HR {pulse}, RR {breaths}, BP {pressure}, O2 sat {oxygen}.",
                f"BP {pressure}  Pulse {pulse}  Temp {temperature}  Resp {breaths}  SpO2 {oxygen}",
                f"Vital signs: temperature {temperature}, heart rate {pulse}, blood pressure {pressure}.",
            ]
        )

    # small things that writers need

    def draw_values(self, low: int, high: int) -> list[str]:
        """Return laboratory values as notes quote them."""
        return [draw_quick_value(self.rng) for _ in range(self.rng.randint(low, high))]

    def draw_room(self) -> str:
        """Return a room or unit."""
        rng = self.rng
        return rng.choice(
            [
                f"{rng.randint(1, 9)}{rng.choice('NSEW')}-{rng.randint(100, 999)}",
                f"ICU {rng.randint(1, 24)}",
                f"{rng.randint(2, 6)} West, bed {rng.choice('AB')}",
                f"Rm {rng.randint(100, 720)}-{rng.randint(1, 2)}",
                "ED",
                "PACU",
                f"MS{rng.randint(1, 5)}",
                "Clinic A",
            ]
        )

    def draw_other_facility(self) -> str:
        """Return the name of another institution."""
        return self.facility_name(draw_facility(self.rng, self.families).name)

    def draw_payer(self) -> str:
        """Return an insurer."""
        return self.pick(PAYERS)

    def draw_witness(self) -> str:
        """Return the name of somebody who has nothing to do with the patient."""
        name = draw_name(self.rng, self.rng.choice("FM"))
        text = to_latin1(f"{name.first} {name.last}")
        return self.markup.mark(text, SightingKind.RELATIVE_NAME, f"{name.last}, {name.first}")

    def draw_letter_address(self) -> tuple[str, ...]:
        """Return the lines of some address."""
        address = draw_address(self.rng)
        return (to_latin1(address.street), f"{address.city}, {address.state} {address.zip}")
