# ruff: noqa: E501 - a form a line
"""Decides what stands at the head of a document: which identifiers, under which labels, in which order."""

from __future__ import annotations

from collections.abc import Sequence

from samples.content import Content
from samples.designs import Entry, Head
from samples.facilities import DEPARTMENTS
from samples.families import part_of_pool
from samples.scribe import Scribe
from samples.wording import HEADINGS

_OUTSIDE = {
    "payer_letter": 0.75,
    "insurance_card": 0.9,
    "correspondence": 0.55,
    "referral": 0.4,
    "advance_directive": 0.55,
    "release_authorization": 0.4,
    "immunization_record": 0.3,
    "telephone_encounter": 0.3,
}
"""How often documents of a type bear no MRN, where that is often."""


def make_head(s: Scribe, content: Content, *, has_letterhead: bool, is_foreign: bool) -> Head:
    """Draw the head of a document."""
    rng = s.rng
    keys = _draw_identifiers(s, content.type, is_foreign=is_foreign)
    entries = [*_identify(s, keys), *_describe(s, keys)]
    if rng.random() < 0.25:
        tail = entries[1:]
        rng.shuffle(tail)
        entries[1:] = tail
    own = [
        Entry("service_date" if label == s.label("service_date") else "other", label, value)
        for label, value in content.head
    ]
    entries = [*entries, *own] if rng.random() < 0.8 else [*own, *entries]
    facility = s.facility
    # An insurer writes on its own paper.
    letterhead = s.draw_payer() if content.type == "payer_letter" else s.facility_name(_letterhead(s))
    title = content.title or _draw_title(s, content.type)
    return Head(
        title=title,
        facility=letterhead if has_letterhead else "",
        department=s.pick(DEPARTMENTS) if has_letterhead and rng.random() < 0.4 else "",
        address=f"{facility.address.street}, {facility.address.city}, {facility.address.state} {facility.address.zip}"
        if rng.random() < 0.6
        else "",
        phones=_draw_phones(s) if rng.random() < 0.5 else "",
        entries=tuple(e for e in entries if e.value),
        short=_draw_short(s, keys),
        sticker=draw_sticker(s, keys),
        form=rng.choice(
            [
                "",
                "",
                "",
                f"Form {rng.randint(100, 9999)}",
                f"MR-{rng.randint(10, 999)}",
                "CONFIDENTIAL",
                f"{rng.randint(10, 99)}-{rng.randint(1000, 9999)}-{rng.choice('ABC')}",
                "Permanent part of the medical record",
                "CHART COPY",
            ]
        ),
        printed=_draw_printed(s) if rng.random() < 0.55 else "",
        has_page_numbers=rng.random() < 0.6,
        page_word=s.label("page"),
        opening=content.opening or _draw_opening(s),
    )


def _draw_identifiers(s: Scribe, type_name: str, *, is_foreign: bool) -> set[str]:
    """Draw which of name, MRN and date of birth stand at the head."""
    chance = s.rng.random()
    if chance < 0.025:
        return set()
    if chance < 0.055:
        return {"name"}
    without = _OUTSIDE.get(type_name, 0.06)
    if is_foreign:
        without = max(without, 0.35)
    if s.rng.random() < without:
        return (
            {"name", "birth_date"}
            | ({"address"} if s.rng.random() < 0.4 else set())
            | ({"phone"} if s.rng.random() < 0.4 else set())
        )
    return {"name", "mrn"} if s.rng.random() < 0.07 else {"name", "mrn", "birth_date"}


def _identify(s: Scribe, keys: set[str]) -> list[Entry]:
    """Return the patient's identifiers with their labels."""
    makers = {
        "name": s.name,
        "mrn": s.mrn,
        "birth_date": s.birth_date,
        "address": s.address,
        "phone": s.phone,
    }
    order = (
        ["name", "mrn", "birth_date", "address", "phone"]
        if s.rng.random() < 0.65
        else ["name", "birth_date", "mrn", "phone", "address"]
    )
    if s.rng.random() < 0.12:
        order.insert(0, order.pop(order.index("mrn")))
    return [Entry(key, s.label(key), makers[key]()) for key in order if key in keys]


def _describe(s: Scribe, keys: set[str]) -> list[Entry]:
    """Return what else the head says of the patient and the visit."""
    rng, found = s.rng, list[Entry]()
    if keys:
        chance = rng.random()
        if chance < 0.4:
            found.append(Entry("sex", s.label("sex"), s.sex_text()))
            if rng.random() < 0.5:
                found.append(Entry("age", s.label("age"), s.age_text()))
        elif chance < 0.65:
            sex = s.sex_text()
            text = rng.choice([f"{s.age_text()} / {sex}", f"{s.age_text()} {sex}", f"{sex}, {s.age_text()}"])
            found.append(Entry("age_sex", s.label("age_sex"), text))
        if rng.random() < 0.08:
            found.append(Entry("ssn", s.label("ssn"), s.ssn()))
        if rng.random() < 0.1 and "phone" not in keys:
            found.append(Entry("phone", s.label("phone"), s.phone()))
        mother = s.person.patient.mother_mrn
        if mother and rng.random() < 0.6:
            found.append(Entry("mother", s.label("mother"), s.relative(0, with_relation=False)))
            if rng.random() < 0.4:
                found.append(Entry("mother_mrn", s.label("mother_mrn"), s.other_number(mother)))
    if rng.random() < 0.45:
        found.append(Entry("encounter", s.label("encounter"), s.account()))
    if rng.random() < 0.14:
        found.append(Entry("insurance", s.label("insurance"), s.draw_payer()))
    if rng.random() < 0.1:
        found.append(Entry("policy", s.label("policy"), s.draw_number("@@@########")))
    if rng.random() < 0.1:
        found.append(Entry("pcp", s.label("pcp"), s.provider()))
    if rng.random() < 0.05:
        found.append(Entry("contact", s.label("contact"), f"{s.relative(0)} {s.relative_phone(0)}"))
    return found


def _draw_short(s: Scribe, keys: set[str]) -> tuple[Entry, ...]:
    """Return what identifies the patient on the following pages; every tenth has nothing."""
    chance = s.rng.random()
    if not keys or chance < 0.1:
        return ()
    wanted = keys & (
        {"name"} if chance < 0.2 else {"mrn"} if chance < 0.26 else {"name", "mrn", "birth_date"}
    )
    if chance > 0.6:
        wanted -= {"birth_date"}
    return tuple(_identify(s, wanted))


def draw_sticker(s: Scribe, keys: set[str]) -> tuple[str, ...]:
    """Return the lines of the patient's label."""
    rng = s.rng
    if not keys:
        return (
            s.pick(("ADDRESSOGRAPH", "Patient Identification", "PATIENT LABEL", "Affix patient label here")),
        )
    with_labels = rng.random() < 0.65
    gap = rng.choice([": ", " ", ":", "# "])

    def show(key: str, value: str) -> str:
        label = s.label(key)
        return f"{label}{' ' if label[-1] in '#:.' else gap}{value}" if with_labels else value

    lines = [
        s.name(
            rng.choice(["{L}, {F} {M} {S}", "{L}, {F} {I} {S}", "{L}, {F}", "{L},{F} {I}"]),
            upper=rng.random() < 0.75,
        )
    ]
    number = show("mrn", s.mrn()) if "mrn" in keys else ""
    birth = show("birth_date", s.birth_date()) if "birth_date" in keys else ""
    sex = s.markup_sex()
    account = show("encounter", s.account()) if rng.random() < 0.6 else ""
    first = " ".join(x for x in (number, account) if x)
    second = " ".join(x for x in (birth, sex, s.age_text() if rng.random() < 0.4 else "") if x)
    middle = [first, second] if len(first) < 70 else [number, account, second]
    if rng.random() < 0.3:
        middle.reverse()
    lines += middle
    chance = rng.random()
    if chance < 0.5:
        lines.append(
            f"{rng.choice(['ADM', 'Adm', 'ADMIT', 'DOS'])} {s.near_date(-3, 0, stamp=True)} {s.doctor(s.physician)}"
        )
    elif chance < 0.75:
        lines.append(s.provider(s.physician, form="{L}, {F} {D}"))
    if rng.random() < 0.15:
        lines += [x for x in (s.address(), s.phone()) if x]
    return tuple(line for line in lines if line)


def _draw_title(s: Scribe, type_name: str) -> str:
    """Draw a title; every twentieth document has none."""
    if s.rng.random() < 0.05:
        return ""
    title = s.rng.choice(part_of_pool(HEADINGS[type_name], s.families))
    if type_name in {"progress_note", "consultation"} and s.rng.random() < 0.2:
        title = s.pick((f"{s.condition.service} {title}", f"{title} - {s.condition.service}", title.upper()))
    return title.upper() if s.rng.random() < 0.3 else title


def _letterhead(s: Scribe) -> str:
    name = s.facility.name
    return name.upper() if s.rng.random() < 0.35 else name


def _draw_phones(s: Scribe) -> str:
    phone, fax = (s.other_number(s.format_phone(n)) for n in (s.facility.phone, s.facility.fax))
    return s.rng.choice(
        [
            f"Phone {phone}  Fax {fax}",
            f"Tel: {phone}",
            f"Phone: {phone}  Fax: {fax}",
            f"Ph {phone} / Fx {fax}",
            f"{phone}",
        ]
    )


def _draw_printed(s: Scribe) -> str:
    user = s.rng.choice(["JSMITH", "kmt04", "LAB01", "HIMUSER", "rnfloat", "MRPRT2"])
    stamp = s.near_date(0, 900, stamp=True)
    return s.rng.choice(
        [
            f"{s.label('printed')}: {stamp} {s.time()}",
            f"{s.label('printed')} {stamp} {s.time()} by {user}",
            f"{stamp} {s.time()} {user}",
            f"User: {user} {stamp}",
        ]
    )


def _draw_opening(s: Scribe) -> tuple[str, ...]:
    """Return an addressee and a salutation, or lines of a memorandum, for what is no letter of itself."""
    lines: Sequence[str]
    if s.rng.random() < 0.5:
        to = s.provider(form="{F} {L}, {D}")
        lines = (to, *s.draw_letter_address(), f"Dear {s.doctor()}:")
    else:
        lines = (f"TO: {s.provider()}", f"FROM: {s.provider(s.physician)}", "")
    return tuple(lines)
