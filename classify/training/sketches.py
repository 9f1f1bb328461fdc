# ruff: noqa: E501 - wordings in rows
"""Pages sketched for breadth: every order of fields, every way to set a label, much that is somebody else's.

The generator of charts prints forms as houses do, with care; a sketch only has a head, a few sentences and a
foot, but no two are alike: labels put together from parts, values beside, under or over them, stickers,
blocks of guarantors and contacts, lines of dates and numbers that are not the patient's. People,
institutions and dates come from the generator's train sets.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from backfile.domain.page import Word
from backfile.domain.patient import PersonName
from backfile.domain.reading_order import order_words
from classify.training.augment import draw_label, draw_number
from classify.training.noise import LabelledWords

_PROVIDER_LABELS = (
    "Attending", "Attending Physician", "Attending MD", "Provider", "Physician", "Ordering Provider", "Ordered By", "Ref. Physician",
    "Referring MD", "Referred By", "PCP", "Primary Care Provider", "Surgeon", "Assistant", "Anesthesiologist", "Radiologist",
    "Pathologist", "Consultant", "Admitting", "Admitting MD", "Dictated By", "Signed By", "Nurse", "RN", "Technologist", "Seen By",
    "Requesting Physician", "Resident", "Interpreted By", "Performed By", "Author", "Doctor", "cc", "Clinician", "Treating Physician",
)  # fmt: skip
_KIN_LABELS = (
    "Guarantor", "Guarantor Name", "Responsible Party", "Emergency Contact", "Next of Kin", "NOK", "Contact", "Contact Person",
    "Mother", "Mother's Name", "Father", "Spouse", "Spouse Name", "Parent/Guardian", "Guardian", "Subscriber", "Subscriber Name",
    "Insured", "Insured's Name", "Policy Holder", "Health Care Agent", "Proxy", "Witness", "Notify", "Person to Notify", "Caller",
    "Informant", "Representative", "Accompanied By", "Emerg. Contact", "Husband", "Wife", "Daughter", "Son",
)  # fmt: skip
_KIN_BLOCKS = (
    "GUARANTOR", "GUARANTOR INFORMATION", "EMERGENCY CONTACT", "EMERGENCY CONTACT INFORMATION", "NEXT OF KIN", "Responsible Party",
    "SUBSCRIBER INFORMATION", "INSURED", "Mother Information", "PARENT / GUARDIAN", "Spouse Information", "Policy Holder",
)  # fmt: skip
_PATIENT_BLOCKS = (
    "PATIENT",
    "PATIENT INFORMATION",
    "Patient Data",
    "DEMOGRAPHICS",
    "Patient Demographics",
    "PATIENT IDENTIFICATION",
)
_DATE_LABELS = (
    "Printed", "Print Date", "Date Printed", "Run Date", "Signed", "Date Signed", "Report Date", "Reported", "Received", "Date Received",
    "Dictated", "Transcribed", "D", "T", "Faxed", "Fax Date", "Expires", "Exp. Date", "Effective", "Eff Date", "Ordered", "Order Date",
    "LMP", "EDD", "Next Appt", "Follow-up", "Date of Injury", "Onset", "Verified", "Entered", "Filed", "Last Updated", "Due",
)  # fmt: skip
_NUMBER_LABELS = (
    "Accession #", "Accession No.", "Specimen #", "Specimen ID", "Policy #", "Policy No.", "Group #", "Group No.", "Member ID", "Subscriber ID",
    "Claim #", "Auth #", "Authorization No.", "Reference #", "NPI", "DEA #", "License #", "Tax ID", "Order #", "Lot #", "Case No.", "Job #",
    "Doc #", "Requisition", "Outside MRN", "Previous MRN", "Mother's MRN", "Form #", "Serial No.", "Exam #", "Lab No.", "Cert #",
)  # fmt: skip
_OTHER_LABELS = (
    ("Room", "412-B"), ("Bed", "3"), ("Unit", "ICU"), ("Allergies", "NKDA"), ("Allergies", "Penicillin"), ("Insurance", "Medicare"),
    ("Plan", "PPO"), ("Diagnosis", "Pneumonia"), ("Service", "Medicine"), ("Location", "4 West"), ("Weight", "82 kg"), ("Height", "5 ft 8 in"),
    ("Race", "White"), ("Language", "English"), ("Marital Status", "Married"), ("Religion", "Baptist"), ("Status", "Final"),
    ("Code Status", "Full"), ("Diet", "Regular"), ("Isolation", "None"), ("Procedure", "Colonoscopy"), ("Exam", "Chest 2 views"),
    ("Reason", "Cough"), ("Type", "Inpatient"), ("Class", "Outpatient"), ("Age", "47"), ("Age", "47 y"), ("Relationship", "Wife"),
    ("Occupation", "Retired"), ("Employer", "Acme Supply"), ("Pharmacy", "Main Street Drug"), ("Priority", "Routine"),
)  # fmt: skip
_TITLES = (
    "PROGRESS NOTE", "Discharge Summary", "CONSULTATION", "OPERATIVE REPORT", "Radiology Report", "LABORATORY RESULTS", "Nursing Notes",
    "MEDICATION LIST", "REFERRAL", "Face Sheet", "CONSENT FORM", "HISTORY & PHYSICAL", "Emergency Record", "Physician Orders", "",
)  # fmt: skip
_SENTENCES = (
    "The patient was seen and examined today and is doing well.", "No acute distress. Lungs are clear to auscultation.",
    "{P} is a 63 year old {s} who presents with cough and fever.", "{P} was admitted on {d} for chest pain.", "I saw {P} in the office on {d}.",
    "{p} reports no new complaints.", "Discussed with Dr. {V1} by telephone.", "Case reviewed with {V}, MD on {d}.", "Seen by {V}, RN at bedside.",
    "Accompanied by {k} {K}.", "Family contact: {K}, {k}.", "The {k}, {K}, was updated on the plan.", "Call {K} ({k}) at {f} with results.",
    "Follow up on {d} with {V}, MD.", "Labs of {d} were reviewed.", "CT of {d} shows no change.", "Continue current medications.",
    "Authorization number {n} valid through {d}.", "Return to clinic in two weeks or sooner if worse.", "Dear Dr. {V1}:",
    "Thank you for referring {P} to our practice.", "I, {P}, consent to the procedure.", "I appoint {K} as my agent.",
    "Blood pressure 128/76, pulse 72, temperature 98.6.", "Hemoglobin 13.2, WBC 7.4, platelets 210.", "Heart Rate 72 regular.",
    "Electronically signed by {V}, MD on {d} 14:02", "Dictated by: {V}, DO  D: {d}  T: {d}", "Date of last visit {d}.", "Past history is unremarkable.",
)  # fmt: skip
_KIN_WORDS = ("wife", "husband", "daughter", "son", "mother", "father", "sister", "brother", "friend")
_DEGREES = ("MD", "M.D.", "DO", "MD, FACP", "NP", "PA-C", "MD, PhD", "RN")
_WIDTH = 96
"""Characters across a page."""
_LAST_DAY = dt.date(2024, 9, 1)

Part = tuple[str, str]
"""Text and its kind, "" for none."""
Field = tuple[str, list[Part]]
"""Label and value."""


@dataclass
class _Line:
    """Text at columns."""

    cells: list[tuple[int, Sequence[Part]]] = field(default_factory=list)
    size: float = 1.0


class _Sketcher:
    """Draws one page."""

    def __init__(self, rng: random.Random) -> None:
        from samples.facilities import draw_facility
        from samples.families import FamilySplit
        from samples.names import draw_name, draw_origin
        from samples.places import draw_address, draw_phone
        from samples.wording import draw_date_format, format_date

        self.rng = rng
        self._draw_name, self._origin = draw_name, draw_origin(rng)
        self._draw_phone, self._format = draw_phone, format_date
        self.facility = draw_facility(rng, FamilySplit.TRAIN).name
        self.sex = rng.choice("FM")
        self.birth = _LAST_DAY - dt.timedelta(days=rng.randint(3, 34000))
        self.day = min(_LAST_DAY, self.birth + dt.timedelta(days=rng.randint(1, 34000)))
        self.person = draw_name(rng, self.sex, origin=self._origin)
        self.address = draw_address(rng)
        self.numbers = {kind: draw_number(rng) for kind in ("mrn", "encounter")}
        self.style = draw_date_format(rng)
        self.upper = rng.random() < 0.4
        self.order = rng.choice(
            ("{L}, {F} {M}", "{L}, {F} {M}", "{L}, {F}", "{F} {M} {L}", "{F} {L}", "{L},{F} {M}")
        )
        self.mark = rng.choice((": ", ": ", ": ", ":", "  ", " ", " - ", "# ", ":  "))
        self.label_upper = rng.random() < 0.35
        self.lines: list[_Line] = []
        keys = ("name", "birth_date", "mrn", "encounter", "sex", "service_date", "phone", "address", "ssn")
        self.labels = {key: draw_label(key, rng) for key in keys}

    # values

    def name(self, name: PersonName, kind: str, *, order: str = "") -> list[Part]:
        """Return a name as printed."""
        text = " ".join((order or self.order).format(L=name.last, F=name.first, M=name.middle).split())
        return [(text.upper() if self.upper else text, kind)]

    def date(self, date: dt.date, kind: str) -> list[Part]:
        """Return a date as printed, sometimes with a time of day."""
        text = self._format(date, self.style[0], upper=self.style[1])
        if kind != "birth_date" and self.rng.random() < 0.12:
            return [(text, kind), (f"{self.rng.randint(0, 23):02d}:{self.rng.randint(0, 59):02d}", "")]
        return [(text, kind)]

    def other_date(self) -> list[Part]:
        """Return a date that is neither birth nor service."""
        return self.date(self.day + dt.timedelta(days=self.rng.randint(-900, 900)), "other_date")

    def kin(self) -> list[Part]:
        """Return a relative's name, mostly of the patient's family."""
        name = self._draw_name(self.rng, self.rng.choice("FM"), origin=self._origin)
        if self.rng.random() < 0.6:
            name = PersonName(self.person.last, name.first, name.middle)
        order = self.rng.choice(("{F} {L}", "{L}, {F}", "{F} {M} {L}"))
        return self.name(name, "relative_name", order=order)

    def provider(self, *, degree: bool = True) -> list[Part]:
        """Return a provider's name with a degree or title."""
        name = self._draw_name(self.rng, self.rng.choice("FM"))
        form = self.rng.random()
        order = self.rng.choice(("{F} {L}", "{F} {M} {L}", "{L}, {F}"))
        printed = self.name(name, "provider", order=order)
        if not degree or form < 0.15:
            return printed
        if form < 0.3:
            return [("Dr.", ""), *printed]
        return [(f"{printed[0][0]},", "provider"), (self.rng.choice(_DEGREES), "")]

    def phone(self, kind: str) -> list[Part]:
        """Return a telephone number."""
        digits = self._draw_phone(self.rng)
        form = self.rng.choice(("({}) {}-{}", "{}-{}-{}", "{}.{}.{}", "({}){}-{}", "{} {} {}"))
        return [(form.format(digits[:3], digits[3:6], digits[6:]), kind)]

    def number(self) -> list[Part]:
        """Return a number of something else."""
        return [(draw_number(self.rng), "other_number")]

    # fields

    def own(self, key: str) -> Field:
        """Return a field of the patient or visit."""
        ssn = self.rng.choice(("XXX-XX-{}", "***-**-{}")).format(self.rng.randint(1000, 9999))
        sex = self.rng.choice((self.sex, "Female" if self.sex == "F" else "Male"))
        values: dict[str, list[Part]] = {
            "name": self.name(self.person, "patient_name"),
            "birth_date": self.date(self.birth, "birth_date"),
            "mrn": [(self.numbers["mrn"], "mrn")],
            "encounter": [(self.numbers["encounter"], "encounter")],
            "sex": [(sex, "sex")],
            "service_date": self.date(self.day, "service_date"),
            "phone": self.phone("phone"),
            "address": [(str(self.address), "address")],
            "ssn": [(ssn, "ssn_last4")],
        }
        return self.labels[key], values[key]

    def foreign(self) -> Field:
        """Return a field of somebody or something else."""
        rng = self.rng
        chance = rng.random()
        if chance < 0.28:
            return rng.choice(_PROVIDER_LABELS), self.provider()
        if chance < 0.42:
            return rng.choice(_KIN_LABELS), self.kin()
        if chance < 0.6:
            return rng.choice(_DATE_LABELS), self.other_date()
        if chance < 0.76:
            return rng.choice(_NUMBER_LABELS), self.number()
        label, value = rng.choice(_OTHER_LABELS)
        return label, [(value, "")]

    def text_label(self, label: str) -> str:
        """Return a label as this page prints labels."""
        return label.upper() if self.label_upper else label

    # lines

    def put(self, *cells: tuple[int, Sequence[Part]], size: float = 1.0) -> None:
        """Add a line."""
        self.lines.append(_Line([cell for cell in cells if cell[1]], size))

    def rows(self, fields: Sequence[Field]) -> None:
        """Set fields in rows, label before value."""
        per_row = self.rng.choice((1, 2, 2, 3, 4))
        step = _WIDTH // per_row
        for at in range(0, len(fields), per_row):
            cells: list[tuple[int, Sequence[Part]]] = []
            column = 0
            for label, value in fields[at : at + per_row]:
                parts = [(f"{self.text_label(label)}{self.mark}", ""), *value]
                cells.append((column, parts))
                length = sum(len(text) + 1 for text, _ in parts)
                column += length + 2 if self.rng.random() < 0.3 else max(step, length + 2)
            self.put(*cells)

    def grid(self, fields: Sequence[Field], *, captions: bool) -> None:
        """Set fields in a grid: labels over values, or under them."""
        per_row = self.rng.choice((2, 3, 3, 4))
        for at in range(0, len(fields), per_row):
            row = fields[at : at + per_row]
            starts, column = [], 0
            for label, value in row:
                starts.append(column)
                column += max(len(label), sum(len(t) + 1 for t, _ in value)) + self.rng.randint(3, 9)
            heads = [
                (start, [(self.text_label(label), "")]) for start, (label, _) in zip(starts, row, strict=True)
            ]
            values = [(start, value) for start, (_, value) in zip(starts, row, strict=True)]
            for cells in (values, heads) if captions else (heads, values):
                self.put(*cells)

    def sticker(self) -> None:
        """Set a label without labels."""
        column = self.rng.choice((0, 0, 58))
        age = [(f"{self.rng.randint(1, 97)}{self.rng.choice(('Y', ' Y', 'yo', ' yrs'))}", "")]
        number: list[Part] = [(self.numbers["mrn"], "mrn")]
        if self.rng.random() < 0.5:
            number = [("MR", ""), *number, ("ACCT", ""), (self.numbers["encounter"], "encounter")]
        birth = [*self.own("birth_date")[1], (self.sex, "sex"), *(age if self.rng.random() < 0.5 else [])]
        name = self.name(self.person, "patient_name", order="{L}, {F} {M}")
        for parts in [name, *([birth, number] if self.rng.random() < 0.6 else [number, birth])]:
            self.put((column, parts))
        if self.rng.random() < 0.4:
            self.put((column, [("Dr.", ""), *self.provider(degree=False)]))

    def kin_block(self) -> None:
        """Set a block about somebody else, with labels like the patient's own."""
        self.put((0, [(self.rng.choice(_KIN_BLOCKS), "")]))
        fields: list[Field] = [(self.rng.choice(("Name", "Full Name", "Name")), self.kin())]
        if self.rng.random() < 0.6:
            fields.append((self.labels["birth_date"], self.other_date()))
        if self.rng.random() < 0.7:
            fields.append((self.rng.choice(("Phone", "Home Phone", "Telephone")), self.phone("other_number")))
        fields.append(("Relationship", [(self.rng.choice(_KIN_WORDS).title(), "")]))
        self.rows(fields)

    def sentence(self) -> list[Part]:
        """Return a sentence with its names and dates."""
        parts: list[Part] = []
        for piece in self.rng.choice(_SENTENCES).replace("{", "\0{").replace("}", "}\0").split("\0"):
            parts += self._fill(piece)
        return [(text, kind) for text, kind in parts if text.strip()]

    def _fill(self, piece: str) -> list[Part]:
        match piece:
            case "{P}":
                return self.name(self.person, "patient_name", order="{F} {M} {L}")
            case "{p}":
                return [(f"{'Ms.' if self.sex == 'F' else 'Mr.'} {self.person.last}", "")]
            case "{V}":
                return self.name(self._draw_name(self.rng, "M"), "provider", order="{F} {L}")
            case "{V1}":
                return [(self._draw_name(self.rng, "M").last, "provider")]
            case "{K}":
                return self.kin()
            case "{k}":
                return [(self.rng.choice(_KIN_WORDS), "")]
            case "{d}":
                return self.other_date()[:1]
            case "{n}":
                return self.number()
            case "{f}":
                return self.phone("other_number")
            case "{s}":
                return [("woman" if self.sex == "F" else "man", "")]
        return [(piece, "")]


_ON_STICKER = {"patient_name", "birth_date", "mrn", "sex", "encounter"}


def sketch_page(rng: random.Random) -> LabelledWords:
    """Return a page with the meaning of its words."""
    s = _Sketcher(rng)
    if rng.random() < 0.7:
        facility = s.facility.upper() if rng.random() < 0.4 else s.facility
        s.put((rng.choice((0, 30)), [(facility, "facility")]), size=1.4)
        if rng.random() < 0.4:
            s.put((0, [("Phone", ""), *s.phone("other_number"), ("Fax", ""), *s.phone("other_number")]))
    if title := rng.choice(_TITLES):
        s.put((rng.choice((0, 38)), [(title, "")]), size=1.3)
    fields = _draw_fields(s)
    chance = rng.random()
    if chance < 0.14:
        s.sticker()
        fields = [f for f in fields if not {kind for _, kind in f[1]} & _ON_STICKER]
    if rng.random() < 0.25:
        s.put((0, [(rng.choice(_PATIENT_BLOCKS), "")]))
    if chance < 0.55:
        s.rows(fields)
    elif chance < 0.85:
        s.grid(fields, captions=rng.random() < 0.2)
    else:
        listed = [part for label, value in fields for part in [(f"{label}:", ""), *value, (",", "")]]
        s.put((0, [("RE:", ""), *listed[1:]]))
    if rng.random() < 0.3:
        s.kin_block()
    for _ in range(rng.randint(1, 9)):
        s.put((0, s.sentence()))
    if rng.random() < 0.4:
        name, number = s.own("name")[1], (s.numbers["mrn"], "mrn")
        s.put((0, [("Patient:", ""), *name, ("MRN:", ""), number, ("Page 1 of 2", "")]))
    if rng.random() < 0.3:
        s.put((0, [("Printed:", ""), *s.other_date()]))
    return _set_page(s.lines, rng)


def _draw_fields(s: _Sketcher) -> list[Field]:
    """Draw the fields of a head: the patient's, and others among them."""
    rng = s.rng
    more = ("sex", "encounter", "service_date", "phone", "address", "ssn")
    keys = ["name", "birth_date", "mrn", *(key for key in more if rng.random() < 0.35)]
    keys = [key for key in keys if rng.random() < 0.93]
    if rng.random() < 0.6:
        rng.shuffle(keys)
    fields = [s.own(key) for key in keys]
    for _ in range(rng.randint(0, 7)):
        fields.insert(rng.randint(0, len(fields)), s.foreign())
    return fields


def _set_page(lines: Sequence[_Line], rng: random.Random) -> LabelledWords:
    """Return the words of lines at their places, wrapped where a line is too long."""
    width, height = rng.uniform(0.0088, 0.0098), rng.uniform(0.009, 0.013)
    leading = height * rng.uniform(1.35, 2.1)
    left, y = rng.uniform(0.03, 0.09), rng.uniform(0.02, 0.08)
    placed: list[tuple[Word, str, int]] = []
    group = 0
    for line in lines:
        for column, parts in line.cells:
            x = left + column * width
            for text, kind in parts:
                group += 1
                for word in text.split():
                    length = len(word) * width * line.size
                    if x + length > 0.98:
                        x, y = left + column * width * (column < 40), y + leading * line.size
                    box = (x, y, min(x + length, 1.0), y + height * line.size)
                    placed.append((Word(word, box, 1.0), kind, group))
                    x += length + width * line.size
        y += leading * line.size
    return _order([item for item in placed if item[0].box[3] < 0.99])


def _order(placed: Sequence[tuple[Word, str, int]]) -> LabelledWords:
    """Return placed words in reading order; what a line's end parts is a span of its own."""
    by_place = {(word.text, word.box): (kind, group) for word, kind, group in placed}
    ordered = order_words(word for word, _, _ in placed)
    spans: list[int] = []
    kinds: list[str] = []
    last: tuple[str, int] = ("", -1)
    for word in ordered:
        kind, group = by_place[word.text, word.box]
        if kind and (kind, group) != last:
            kinds.append(kind)
        spans.append(len(kinds) - 1 if kind else -1)
        last = (kind, group) if kind else ("", -1)
    return LabelledWords(ordered, tuple(spans), tuple(kinds))
