"""Holds what was understood of a document against what is printed on it.

A value is right if it is one of those that stand on the document's pages in that role (a name may stand there
in full and with an initial; both are right); wrong if another is given; missed if none is; invented if one is
given and none stands there. Names are compared by folded last and first name and suffix, a middle name by its
initial where either is one; addresses by their normal form; all else letter by letter.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from backfile.domain.document import FieldName, FieldValue, SightingKind, TypeGuess
from backfile.domain.document_types import UNKNOWN
from backfile.domain.names import fold_name, parse_name
from backfile.domain.normalize import normalize_address
from classify.matching.facts import EXACT_FLOOR
from samples.truth import TrueChart, TrueDocument, TruePage, TrueSighting
from samples.wording import HEADINGS

IDENTITY = (FieldName.PATIENT_NAME, FieldName.BIRTH_DATE, FieldName.MRN)
SURE = EXACT_FLOOR
"""Confidence from which the filing rules take a reading as exact."""
_NAMES = {FieldName.PATIENT_NAME, FieldName.PROVIDER}


class Verdict(StrEnum):
    """What became of one field of one document."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSED = "missed"
    INVENTED = "invented"
    ABSENT = "absent"
    """None printed, none given."""


class Trap(StrEnum):
    """What may be taken for the patient's, by what else is printed on the same document."""

    PROVIDER = "provider for patient"
    RELATIVE = "relative or guarantor for patient"
    OTHER_DATE = "other date for birth date"
    OTHER_NUMBER = "account, accession, NPI or policy for MRN"


_TRAPS: dict[Trap, tuple[FieldName, frozenset[SightingKind]]] = {
    Trap.PROVIDER: (FieldName.PATIENT_NAME, frozenset({SightingKind.PROVIDER})),
    Trap.RELATIVE: (FieldName.PATIENT_NAME, frozenset({SightingKind.RELATIVE_NAME})),
    Trap.OTHER_DATE: (FieldName.BIRTH_DATE, frozenset({SightingKind.OTHER_DATE, SightingKind.SERVICE_DATE})),
    Trap.OTHER_NUMBER: (FieldName.MRN, frozenset({SightingKind.OTHER_NUMBER, SightingKind.ENCOUNTER})),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """One document with the verdict on each of its fields."""

    chart: str
    document: TrueDocument
    grade: str
    """The worst of its pages'."""
    has_title: bool
    type: str
    """As guessed."""
    probability: float
    verdicts: Mapping[FieldName, Verdict]
    sure_wrong: frozenset[FieldName]
    """Wrong or invented with a confidence at which filing would rely on it."""
    traps: Mapping[Trap, bool]
    """For each trap that stands on the document, whether it was stepped into."""
    given: Mapping[FieldName, str]

    @property
    def all_three(self) -> bool:
        """Name, birth date and MRN are right, or rightly absent."""
        return all(self.verdicts[name] in (Verdict.RIGHT, Verdict.ABSENT) for name in IDENTITY)

    @property
    def bears_all_three(self) -> bool:
        """Name, birth date and MRN are printed on it."""
        return all(self.verdicts[n] not in (Verdict.ABSENT, Verdict.INVENTED) for n in IDENTITY)


def judge_document(
    chart: TrueChart,
    document: TrueDocument,
    fields: Sequence[FieldValue],
    guess: TypeGuess = TypeGuess(UNKNOWN, 0.0),  # noqa: B008 - a frozen value
) -> Judged:
    """Hold what was understood of a document against its pages as printed."""
    pages = [chart.pages[number - 1] for number in document.pages]
    verdicts, sure, traps = judge_fields(pages, fields)
    return Judged(
        chart=chart.name,
        document=document,
        grade=worst_grade(pages),
        has_title=bears_title(chart, document),
        type=guess.name,
        probability=guess.probability,
        verdicts=verdicts,
        sure_wrong=sure,
        traps=traps,
        given={field.name: field.value for field in fields},
    )


def judge_fields(
    pages: Sequence[TruePage], given: Sequence[FieldValue]
) -> tuple[dict[FieldName, Verdict], frozenset[FieldName], dict[Trap, bool]]:
    """Return the verdict on each field, which wrong ones looked sure, and the traps.

    Args:
        pages: of one document, as printed.
        given: what was understood of them.
    """
    printed = [sighting for page in pages for sighting in page.sightings]
    values = {field.name: field for field in given}
    verdicts: dict[FieldName, Verdict] = {}
    sure: set[FieldName] = set()
    for name in FieldName:
        truths = [s.value for s in printed if s.kind.value == name.value]
        field = values.get(name)
        verdicts[name] = _judge(name, truths, field.value if field else "")
        bad = verdicts[name] in (Verdict.WRONG, Verdict.INVENTED)
        if bad and field is not None and field.confidence >= SURE:
            sure.add(name)
    traps = {
        trap: bool(
            (field := values.get(name))
            and verdicts[name] in (Verdict.WRONG, Verdict.INVENTED)
            and _equals_any(name, field.value, [s for s in printed if s.kind in kinds])
        )
        for trap, (name, kinds) in _TRAPS.items()
        if any(s.kind in kinds for s in printed)
    }
    return verdicts, frozenset(sure), traps


def _judge(name: FieldName, truths: Collection[str], value: str) -> Verdict:
    if not truths:
        return Verdict.INVENTED if value else Verdict.ABSENT
    if not value:
        return Verdict.MISSED
    return Verdict.RIGHT if any(is_same(name, value, truth) for truth in truths) else Verdict.WRONG


def _equals_any(name: FieldName, value: str, sightings: Sequence[TrueSighting]) -> bool:
    return any(is_same(name, value, sighting.value) for sighting in sightings)


def is_same(name: FieldName, value: str, truth: str) -> bool:
    """Say whether a value is what is printed."""
    if name in _NAMES:
        return _is_same_name(value, truth)
    if name is FieldName.ADDRESS:
        return normalize_address(value) == normalize_address(truth)
    if name is FieldName.FACILITY:
        return fold_name(value) == fold_name(truth)
    return value.upper() == truth.upper()


def _is_same_name(value: str, truth: str) -> bool:
    a, b = parse_name(value), parse_name(truth)
    if a is None or b is None:
        return False
    if (fold_name(a.last), fold_name(a.first), a.suffix) != (fold_name(b.last), fold_name(b.first), b.suffix):
        return False
    one, other = sorted((fold_name(a.middle), fold_name(b.middle)), key=len)
    return one == other or (len(one) == 1 and other.startswith(one))


_UPPER = 0.5
_GRADES = ("born_digital", "clean", "fair", "poor")


def bears_title(chart: TrueChart, document: TrueDocument) -> bool:
    """Say whether one of the type's titles stands on the upper half of the first page, set as a title."""
    page = chart.pages[document.pages[0] - 1]
    lines: dict[int, list[str]] = {}
    for word in page.words:
        if word.box[1] < _UPPER:
            lines.setdefault(word.line, []).append(word.text)
    text = "\n".join(" ".join(words) for words in lines.values())
    return any(title in text for title in _titles(document.type))


def _titles(type_name: str) -> set[str]:
    headings = HEADINGS.get(type_name, ())
    return {*headings, *(heading.upper() for heading in headings)}


def worst_grade(pages: Sequence[TruePage]) -> str:
    """Return the grade of the worst page."""
    return max((page.grade for page in pages), key=_GRADES.index)
