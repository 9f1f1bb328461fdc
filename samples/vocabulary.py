"""What stands for the names in a template: ``{Pt}``, ``{symptom}``, ``{past}`` and the like."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from samples.phrases import ALLERGIES, SOCIAL

if TYPE_CHECKING:
    from samples.scribe import Scribe


class Vocabulary(dict[str, str]):
    """What stands for the names in a template; drawn anew each time."""

    def __init__(self, scribe: Scribe) -> None:
        super().__init__()
        self.scribe = scribe

    def __missing__(self, key: str) -> str:
        return _WORDS[key](self.scribe)


def _pronoun(female: str, male: str) -> Callable[[Scribe], str]:
    return lambda s: female if s.sex == "F" else male


def _describe(s: Scribe) -> str:
    word = ("girl" if s.sex == "F" else "boy") if s.age < 16 else ("woman" if s.sex == "F" else "man")
    other = s.rng.choice([word, "female" if s.sex == "F" else "male", "patient"])
    return s.rng.choice(
        [
            f"{s.age}-year-old {word}",
            f"{s.age} y/o {other}",
            f"{s.age} year old {other}",
            f"{s.age} yo {other}",
        ]
    )


_WORDS: dict[str, Callable[[Scribe], str]] = {
    "Pt": lambda s: s.rng.choice(["The patient", "Patient", "Pt", "The patient", s.surname(), s.surname()]),
    "pt": lambda s: s.rng.choice(["the patient", "patient", "pt", s.surname()]),
    "mr": lambda s: s.surname(),
    "who": _describe,
    "he": _pronoun("she", "he"),
    "He": _pronoun("She", "He"),
    "his": _pronoun("her", "his"),
    "him": _pronoun("her", "him"),
    "symptom": lambda s: s.rng.choice(s.condition.symptoms),
    "symptoms": lambda s: _join(s.rng.sample(s.condition.symptoms, min(3, len(s.condition.symptoms)))),
    "finding": lambda s: s.rng.choice(s.condition.findings),
    "findings": lambda s: _join(s.rng.sample(s.condition.findings, min(3, len(s.condition.findings)))),
    "dx": lambda s: s.condition.name,
    "ldx": lambda s: s.condition.name[0].lower() + s.condition.name[1:],
    "icd": lambda s: s.condition.icd,
    "med": lambda s: s.rng.choice(s.condition.meds),
    "drug": lambda s: s.drug(),
    "procedure": lambda s: s.condition.procedure,
    "lprocedure": lambda s: s.condition.procedure[0].lower() + s.condition.procedure[1:],
    "study": lambda s: s.condition.study.title().replace(" And ", " and ").replace(" Of ", " of "),
    "impression": lambda s: s.condition.impression,
    "service": lambda s: s.condition.service,
    "plan": lambda s: s.rng.choice(s.condition.plan),
    "plans": lambda s: _join(s.rng.sample(s.condition.plan, min(2, len(s.condition.plan)))),
    "Dr": lambda s: s.doctor(),
    "md": lambda s: s.doctor(s.physician),
    "past": lambda s: s.near_date(-400, -4),
    "ahead": lambda s: s.near_date(3, 90),
    "today": lambda s: s.service_date(),
    "n": lambda s: str(s.rng.randint(2, 9)),
    "nn": lambda s: str(s.rng.randint(10, 95)),
    "unit": lambda s: s.rng.choice(["days", "weeks", "months", "hours"]),
    "hx": lambda s: s.pick(s.histories()),
    "allergy": lambda s: s.pick(ALLERGIES),
    "social": lambda s: s.pick(SOCIAL),
    "time": lambda s: s.time(),
    "vitals": lambda s: s.vitals_line(),
    "kin": lambda s: s.person.relatives[0].relation,
    "Kin": lambda s: s.relative(s.rng.randint(0, 2)),
    "kinphone": lambda s: s.relative_phone(),
    "facility": lambda s: s.facility_name(),
    "fullname": lambda s: s.name("{F} {M} {L} {S}"),
}  # fmt: skip


def _join(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def finish(sentence: str) -> str:
    """Begin with a capital and end with a full stop."""
    text = sentence[:1].upper() + sentence[1:]
    return text if text.endswith((".", ":", "?")) else f"{text}."
