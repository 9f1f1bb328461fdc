"""Parts that several types of documents share."""

from __future__ import annotations

from samples.content import Block, Items, Para, Section, SignOff
from samples.phrases import EXAM, HPI, REVIEW
from samples.scribe import Scribe


def titled(s: Scribe, titles: tuple[str, ...], *blocks: Block) -> Section:
    """Return a section under one of several titles."""
    return Section(s.pick(titles), tuple(blocks))


def write_story(s: Scribe, low: int = 3, high: int = 6) -> Section:
    """Return the history of present illness."""
    titles = (
        "HISTORY OF PRESENT ILLNESS",
        "HPI",
        "Present Illness",
        "History",
        "SUBJECTIVE",
        "S",
        "Interval History",
    )
    return titled(s, titles, Para(s.tell(HPI, low, high)))


def write_past(s: Scribe) -> Section:
    """Return the past history."""
    items = s.some_history(2, 6)
    titles = (
        "PAST MEDICAL HISTORY",
        "PMH",
        "Past History",
        "Past Medical and Surgical History",
        "PMHx",
        "Medical History",
    )
    body: Block = Items(tuple(items), numbered=True) if s.rng.random() < 0.5 else Para(", ".join(items) + ".")
    return titled(s, titles, body)


def write_meds(
    s: Scribe,
    titles: tuple[str, ...] = (
        "MEDICATIONS",
        "Current Medications",
        "Meds",
        "Home Medications",
        "Medications on Admission",
        "Rx",
    ),
) -> Section:
    """Return a list of medications."""
    meds = s.draw_meds(3, 7)
    body: Block = Items(tuple(meds), numbered=s.rng.random() < 0.6)
    if s.rng.random() < 0.3:
        body = Para("; ".join(meds) + ".")
    return titled(s, titles, body)


def write_allergies(s: Scribe) -> Section:
    """Return the allergies."""
    return titled(s, ("ALLERGIES", "Allergies", "Drug Allergies", "Allergy"), Para(s.say("{allergy}.")))


def write_social(s: Scribe) -> Section:
    """Return social and family history."""
    text = f"{s.say('{social}')}; {s.say('{social}')}. Family history of {s.say('{hx}')}."
    return titled(
        s,
        ("SOCIAL HISTORY", "Social/Family History", "SH/FH", "Personal and Family History"),
        Para(text[0].upper() + text[1:]),
    )


def write_review(s: Scribe) -> Section:
    """Return the review of systems."""
    titles = ("REVIEW OF SYSTEMS", "ROS", "Systems Review", "System Review")
    return titled(s, titles, Para(s.tell(REVIEW, 3, 7)))


def write_exam(s: Scribe, low: int = 4, high: int = 9) -> Section:
    """Return the physical examination."""
    lines = [s.say(line) + "." for line in s.some(EXAM, low, high)]
    titles = ("PHYSICAL EXAMINATION", "PHYSICAL EXAM", "Examination", "PE", "OBJECTIVE", "O", "Exam")
    vitals = s.vitals_line()
    if s.rng.random() < 0.5:
        return titled(s, titles, Items((vitals, *lines)))
    return titled(s, titles, Para(" ".join([vitals, *lines])))


def write_results(s: Scribe) -> Section:
    """Return results that a note quotes."""
    values = ", ".join(s.draw_values(3, 7))
    text = f"{values}. " + s.say("{study}: {impression}.")
    return titled(
        s,
        ("LABORATORY DATA", "Labs", "DATA", "Diagnostic Studies", "Results Review", "Labs/Imaging"),
        Para(text),
    )


def sign(s: Scribe, *, nurse: bool = False) -> SignOff:
    """Return how a note is signed: by pen over a line, or by computer."""
    who = s.nurse if nurse else s.physician
    if s.rng.random() < 0.45:
        return SignOff((s.provider(who, form="{F}{M} {L}, {D}"),), pen=True)
    stamp = s.near_date(0, 3, stamp=True)
    name = s.provider(who, form="{F} {L}, {D}")
    line = s.pick(
        (
            "Electronically signed by {0} on {1} {2}",
            "Electronically authenticated: {0} {1} at {2}",
            "Signed: {0}  {1} {2}",
            "Authenticated by {0} {1} {2}",
            "{0} /es/ {1} {2}",
            "Verified by: {0}, {1} {2}",
        )
    )
    return SignOff((line.format(name, stamp, s.time()),), pen=False)


def closing_lines(s: Scribe) -> tuple[str, ...]:
    """Return the typist's lines: dictated, transcribed, job number, copies."""
    rng = s.rng
    initials = f"{s.physician.name.first[0]}{s.physician.name.last[0]}".upper()
    typist = "".join(rng.choice("abcdefghklmnprst") for _ in range(2))
    day = s.near_date(0, 1, stamp=True)
    later = s.near_date(1, 3, stamp=True)
    forms = [
        (
            f"{initials}/{typist}",
            f"D: {day} {s.time()}",
            f"T: {later} {s.time()}",
            f"Job #: {s.draw_number('######')}",
        ),
        (f"{s.label('dictated')}: {day}", f"{s.label('transcribed')}: {later}", f"cc: {s.provider()}"),
        (f"DD: {day}  DT: {later}", f"Doc #: {s.draw_number('#######')}"),
        (f"cc: {s.provider()}",),
        (f"Dictated but not read. {initials}:{typist}",),
        (),
        (),
    ]
    return rng.choice(forms)


def initials(s: Scribe) -> str:
    """Return the nurse's initials."""
    return s.nurse.name.first[0] + s.nurse.name.last[0]
