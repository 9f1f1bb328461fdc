"""Whoever writes a document: knows the patient, the day, the colleagues, the habits of the house."""

from __future__ import annotations

from collections.abc import Sequence

from backfile.domain.document import SightingKind
from backfile.domain.patient import PersonName
from samples.conditions import all_conditions
from samples.families import part_of_pool
from samples.hand import Hand
from samples.names import to_latin1
from samples.phrases import HISTORIES, ONLY_MEN, ONLY_WOMEN
from samples.vocabulary import Vocabulary, finish


class Scribe(Hand):
    """Writes one document about one patient."""

    # telling

    def say(self, template: str) -> str:
        """Fill a template: ``{Pt}``, ``{symptom}``, ``{past}`` and the like."""
        return template.format_map(Vocabulary(self)) if "{" in template else template

    def tell(self, pool: Sequence[str], low: int, high: int) -> str:
        """Return a few filled templates as running text."""
        templates = self.some(pool, low, high)
        if high > 2 and self.length > 2:
            # A long text says the same kinds of things again, of other days and findings.
            part = part_of_pool(tuple(pool), self.families)
            again = [template for template in part if "{" in template]
            templates += self.rng.sample(again, min(len(again), round(high * (self.length - 2))))
        sentences = dict.fromkeys(finish(self.say(template)) for template in templates)
        return " ".join(sentences)

    # the patient

    def name(self, order: str = "", *, upper: bool | None = None) -> str:
        """Return the patient's name, in the document's order unless another is given."""
        name = self.person.name
        first = self.person.called if self.habits.uses_nickname else name.first
        shown = order or self.habits.name_order
        shows_middle = "{M}" in shown or "{I}" in shown
        middle = name.middle if "{M}" in shown else name.middle[:1]
        text = shown.format(L=name.last, F=first, M=name.middle, I=name.middle[:1], S=name.suffix)
        text = " ".join(text.replace(" .", "").replace(" ,", ",").split())
        value = PersonName(
            name.last, first, middle if shows_middle else "", name.suffix if "{S}" in shown else ""
        )
        text = text.upper() if (self.habits.name_upper if upper is None else upper) else text
        return self.markup.mark(to_latin1(text), SightingKind.PATIENT_NAME, str(value))

    def surname(self) -> str:
        """Return "Mr. Surname", the surname marked as a part of the patient's name."""
        title = (
            ("Master" if self.sex == "M" else "Miss")
            if self.age < 12
            else ("Mr." if self.sex == "M" else "Ms.")
        )
        name = to_latin1(self.person.name.last)
        return f"{title} {self.markup.mark(name, SightingKind.PATIENT_NAME, self.person.name.last)}"

    def mrn(self) -> str:
        """Return the number as the house prints it."""
        number = self.mrn_text
        digits = number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        text = number
        if self.habits.mrn_style == "pairs" and len(digits) % 2 == 0 and digits == number:
            text = "-".join(digits[i : i + 2] for i in range(0, len(digits), 2))
        elif self.habits.mrn_style == "triples" and digits == number and len(digits) > 6:
            text = f"{digits[:-6]}{' ' if digits[:-6] else ''}{digits[-6:-3]} {digits[-3:]}"
        return self.markup.mark(text, SightingKind.MRN, number)

    def birth_date(self) -> str:
        """Return the date of birth."""
        return self.date(self.person.birth_date, SightingKind.BIRTH_DATE)

    def sex_text(self) -> str:
        """Return the sex, as a letter or a word."""
        text = self.rng.choice([self.sex, self.sex, "Female" if self.sex == "F" else "Male"])
        return self.markup.mark(text, SightingKind.SEX, self.sex)

    def markup_sex(self) -> str:
        """Return the sex as a letter."""
        return self.markup.mark(self.sex, SightingKind.SEX, self.sex)

    def age_text(self) -> str:
        """Return the age, in months or days for the small."""
        days = (self.day - self.person.birth_date).days
        if days < 60:
            return f"{max(days, 0)} days"
        if self.age < 2:
            return f"{days // 30} mo"
        return self.rng.choice(["{} y", "{}", "{} yrs", "{}Y", "{} y.o.", "{} years"]).format(self.age)

    def address(self) -> str:
        """Return the patient's address on one line."""
        value = str(self.person.patient.address)
        text = value if self.rng.random() < 0.8 else value.replace(",", "")
        return self.markup.mark(to_latin1(text), SightingKind.ADDRESS, value)

    def phone(self) -> str:
        """Return the patient's telephone number."""
        digits = self.person.patient.phone
        return self.markup.mark(self.format_phone(digits), SightingKind.PHONE, digits) if digits else ""

    def ssn(self) -> str:
        """Return the social security number, masked mostly."""
        last4 = self.person.patient.ssn_last4
        if not last4:
            return ""
        form = self.rng.choice(["XXX-XX-{}", "***-**-{}", "xxx-xx-{}", "{}"])
        return self.markup.mark(form.format(last4), SightingKind.SSN_LAST4, last4)

    def account(self) -> str:
        """Return the number of the visit; the same throughout the document."""
        return self.markup.mark(
            self._account, SightingKind.ENCOUNTER, "".join(c for c in self._account if c.isalnum()).upper()
        )

    def patient_address_lines(self) -> tuple[str, ...]:
        """Return the patient's address on two lines."""
        address = self.person.patient.address
        if not address.street:
            return ()
        lines = (address.street, f"{address.city}, {address.state} {address.zip}")
        return self.markup.mark_lines(lines, SightingKind.ADDRESS, str(address))

    # people near the patient

    def relative(self, at: int = 0, *, with_relation: bool = True) -> str:
        """Return the name of somebody near the patient."""
        kin = self.person.relatives[at % len(self.person.relatives)]
        form = self.rng.choice(["{F} {L}", "{L}, {F}", "{F} {L}"])
        text = to_latin1(form.format(F=kin.name.first, L=kin.name.last))
        text = text.upper() if self.rng.random() < 0.25 else text
        marked = self.markup.mark(text, SightingKind.RELATIVE_NAME, str(kin.name))
        if not with_relation:
            return marked
        return self.rng.choice(
            [f"{marked} ({kin.relation})", f"{marked} - {kin.relation}", f"{marked}, {kin.relation}"]
        )

    def relative_phone(self, at: int = 0) -> str:
        """Return the telephone number of somebody near the patient."""
        digits = self.person.relatives[at % len(self.person.relatives)].phone
        return self.other_number(self.format_phone(digits))

    # what the patient has and takes

    def drug(self) -> str:
        """Return the name of a drug that is given."""
        return self.rng.choice(self.condition.meds).split(" ")[0]

    def some_history(self, low: int, high: int) -> list[str]:
        """Return a few conditions of the past."""
        return self.some(self.histories(), low, high)

    def histories(self) -> tuple[str, ...]:
        """Return the conditions that somebody of this sex can have had."""
        others = ONLY_MEN if self.sex == "F" else ONLY_WOMEN
        return tuple(h for h in HISTORIES if h not in others)

    def draw_meds(self, low: int, high: int) -> list[str]:
        """Return medicines: of the condition first, then others."""
        own = list(self.condition.meds)
        self.rng.shuffle(own)
        others = [med for c in self.rng.sample(all_conditions(), 8) for med in c.meds if med not in own]
        count = round(self.rng.randint(low, high) * min(self.length, 2.0))
        return (own[: max(2, count - 3)] + self.rng.sample(others, len(others)))[:count]
