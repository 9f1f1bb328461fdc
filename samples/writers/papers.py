# ruff: noqa: E501 - one phrase or form a line
"""Papers of registration and law: face sheet, insurance card, consents, directives, releases."""

from __future__ import annotations

from samples.content import Blanks, Boxes, Content, Pairs, Para, Section, SignOff
from samples.phrases import CONSENTING, DIRECTING, RELEASING
from samples.scribe import Scribe
from samples.writers.common import titled


def write_face_sheet(s: Scribe) -> Content:
    """Write what registration asked for."""
    rng = s.rng
    kin = s.person.relatives[0]
    head = (
        (s.label("admit_date"), f"{s.service_date()} {s.time()}"),
        (s.label("attending"), s.provider(s.physician)),
        (s.label("location"), s.draw_room()),
    )
    columns = rng.choice([1, 2, 2, 3])
    patient = [
        (s.label("address"), s.address()),
        (s.label("phone"), s.phone()),
        (s.label("ssn"), s.ssn()),
        (s.pick(("Marital Status", "Marital")), s.pick(("Married", "Single", "Widowed", "Divorced"))),
        (s.pick(("Race", "Ethnicity")), s.pick(("White", "Black", "Asian", "Hispanic", "Declined", "Other"))),
        ("Religion", s.pick(("None", "Catholic", "Baptist", "Jewish", "Muslim", "Hindu"))),
        (
            s.pick(("Language", "Preferred Language")),
            s.pick(("English", "Spanish", "Vietnamese", "Arabic", "Polish")),
        ),
        (
            s.pick(("Employer", "Occupation")),
            s.pick(("Retired", "Self employed", "County schools", "Unemployed", "Midland Freight")),
        ),
    ]
    contact = [
        (s.label("contact"), s.relative(0)),
        (s.pick(("Relationship", "Relation to Patient")), kin.relation),
        (s.pick(("Contact Phone", "Phone 1", "Work Phone")), s.relative_phone(0)),
        (s.pick(("Second Contact", "Contact 2")), s.relative(1)),
    ]
    guarantor = [
        (s.label("guarantor"), s.relative(0, with_relation=False)),
        (s.pick(("Guarantor DOB", "Birthdate of Guarantor", "Resp Party DOB")), s.date(kin.birth_date)),
        (s.pick(("Guarantor Phone", "Guar Phone")), s.relative_phone(0)),
    ]
    insurance = [
        (s.label("insurance"), s.draw_payer()),
        (s.label("policy"), s.draw_number("@@@########")),
        (s.label("group"), s.draw_number("#####")),
        (
            s.pick(("Subscriber", "Insured", "Policy Holder")),
            s.relative(0, with_relation=False) if rng.random() < 0.5 else s.name(),
        ),
        (s.pick(("Authorization", "Precert #")), s.draw_number("########")),
    ]
    visit = [
        (s.pick(("Admitting Diagnosis", "Reason for Visit", "Complaint")), s.say("{dx}")),
        (s.label("pcp"), s.provider()),
        (s.label("referring"), s.provider()),
        (s.pick(("Service", "Hosp Service")), s.say("{service}")),
    ]
    sections = [
        titled(s, ("PATIENT INFORMATION", "Demographics", "PATIENT DATA"), Pairs(_present(patient), columns)),
        titled(
            s,
            ("EMERGENCY CONTACT", "NEXT OF KIN", "Notify in Case of Emergency"),
            Pairs(_present(contact), columns),
        ),
        titled(
            s,
            ("GUARANTOR", "Responsible Party", "GUARANTOR INFORMATION"),
            Pairs(_present(guarantor), columns),
        ),
        titled(s, ("INSURANCE", "Coverage", "INSURANCE INFORMATION"), Pairs(_present(insurance), columns)),
        titled(s, ("VISIT", "Encounter Information", "ADMISSION DATA"), Pairs(_present(visit), columns)),
    ]
    rest = sections[1:]
    rng.shuffle(rest)
    return Content("face_sheet", (sections[0], *rest[: rng.randint(3, 4)]), head)


def _present(pairs: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in pairs if pair[1])


def write_insurance_card(s: Scribe) -> Content:
    """Write both sides of an insurance card, as copied onto a sheet."""
    rng = s.rng
    plan = s.draw_payer()
    member = s.name("{F} {I} {L}") if rng.random() < 0.75 else s.relative(0, with_relation=False)
    front = [
        (s.pick(("Member", "Member Name", "Name", "Subscriber")), member),
        (s.pick(("Member ID", "ID", "Identification Number", "ID #")), s.draw_number("@@@#########")),
        (s.label("group"), s.draw_number("######")),
        (s.pick(("Plan", "Product")), s.pick(("PPO", "HMO", "EPO", "POS", "Medicare Advantage"))),
        (s.pick(("Effective Date", "Eff. Date", "Coverage Effective")), s.near_date(-600, -10)),
        ("RxBIN", s.draw_number("######")),
        ("RxPCN", s.draw_number("@@@")),
        ("RxGrp", s.draw_number("@@####")),
    ]
    if rng.random() < 0.45:
        front.append(
            (
                s.pick(("Dependent", "Dependents", "Dep 01")),
                s.name("{F} {L}") if s.age < 26 else s.relative(1, with_relation=False),
            )
        )
    copays = Pairs(
        (
            ("Office Visit", f"${rng.choice([10, 20, 25, 40])}"),
            ("Specialist", f"${rng.choice([30, 40, 60])}"),
            ("ER", f"${rng.choice([100, 150, 250])}"),
            ("Urgent Care", f"${rng.choice([35, 50, 75])}"),
        ),
        columns=2,
    )
    back = (
        "Present this card at the time of service.",
        f"Customer Service {s.other_number(s.format_phone('8005550' + str(rng.randint(100, 199))))}",
        "Submit claims to PO Box 1420",
        "In an emergency call 911 or go to the nearest hospital.",
        "Possession of this card does not guarantee eligibility.",
        "Pharmacists: call the help desk.",
        "Precertification is required for inpatient stays.",
    )
    sections = (
        Section(plan, (Pairs(tuple(front), columns=rng.choice([1, 2])), copays)),
        Section("", tuple(Para(x) for x in s.some(back, 3, 6))),
    )
    return Content("insurance_card", sections, ())


def write_consent(s: Scribe) -> Content:
    """Write a consent that somebody signs."""
    rng = s.rng
    head = (
        (s.pick(("Procedure", "Operation or Procedure", "Treatment")), s.say("{procedure}")),
        (s.pick(("Physician", "Surgeon", "Practitioner")), s.provider(s.physician)),
    )
    lines = [Para(f"{at}. {s.tell((line,), 1, 1)}") for at, line in enumerate(s.some(CONSENTING, 5, 10), 1)]
    signer = s.name("{F} {M} {L}") if s.age > 17 else s.relative(0)
    signs = SignOff(
        (
            f"{s.pick(('Signature of Patient or Representative', 'Patient / Legal Guardian', 'Signed'))}: {signer}  Date: {s.service_date()}  Time: {s.time()}",
            f"{s.pick(('Witness', 'Witness to Signature'))}: {s.provider(s.nurse)}  Date: {s.service_date()}",
            f"{s.pick(('Physician', 'Practitioner obtaining consent'))}: {s.provider(s.physician)}",
        )[: rng.randint(2, 3)]
    )
    ask = Boxes(
        tuple(
            (rng.random() < 0.5, x)
            for x in (
                "I DO consent to blood transfusion",
                "I DO NOT consent to blood transfusion",
                "Interpreter used",
            )
        )
    )
    return Content(
        "consent",
        (
            titled(s, ("CONSENT", "", "PATIENT'S STATEMENT"), *lines),
            titled(s, ("", "BLOOD PRODUCTS"), ask),
            titled(s, ("SIGNATURES", ""), signs),
        ),
        head,
    )


def write_advance_directive(s: Scribe) -> Content:
    """Write a living will or the appointment of an agent."""
    rng = s.rng
    paragraphs = [
        Para(s.tell((DIRECTING[0],), 1, 1)),
        *(Para(s.tell((line,), 1, 1)) for line in s.some(DIRECTING[1:], 4, 8)),
    ]
    agent = Pairs(
        (
            ("Agent", s.relative(0)),
            ("Agent phone", s.relative_phone(0)),
            ("Alternate agent", s.relative(1)),
            ("Phone", s.relative_phone(1)),
        ),
        columns=rng.choice([1, 2]),
    )
    signs = SignOff(
        (
            f"Signature: {s.name('{F} {M} {L}')}  Date: {s.service_date()}",
            f"Witness 1: {s.draw_witness()}  Date: {s.service_date()}",
            f"Witness 2: {s.draw_witness()}",
            s.say("Notary public, my commission expires {ahead}"),
        )[: rng.randint(2, 4)]
    )
    sections = [
        titled(s, ("DECLARATION", "Part 1: Instructions", "STATEMENT OF DESIRES"), *paragraphs),
        titled(s, ("DESIGNATION OF AGENT", "Part 2: Health Care Agent", "Health Care Representative"), agent),
        titled(
            s,
            ("CHOICES", "Life Sustaining Treatment"),
            Boxes(
                tuple(
                    (rng.random() < 0.5, x)
                    for x in (
                        "Attempt resuscitation (CPR)",
                        "Do not attempt resuscitation",
                        "Comfort measures only",
                        "Limited interventions",
                        "Full treatment",
                        "No artificial nutrition",
                    )
                )
            ),
        ),
        titled(s, ("SIGNATURE AND WITNESSES", "Execution"), signs),
    ]
    if rng.random() < 0.5:
        sections.pop(rng.choice([1, 2]))
    return Content(
        "advance_directive",
        tuple(sections),
        ((s.pick(("Date", "Date signed", "Executed")), s.service_date()),) if rng.random() < 0.5 else (),
    )


def write_release_authorization(s: Scribe) -> Content:
    """Write a permission to send records."""
    rng = s.rng
    parties = Pairs(
        (
            (s.pick(("Release from", "I authorize", "Disclosing facility")), s.facility_name()),
            (
                s.pick(("Release to", "Disclose to", "Recipient")),
                s.pick((s.draw_other_facility(), s.provider(), "Attorney at law", "self")),
            ),
            (
                s.pick(("Purpose", "Purpose of disclosure")),
                s.pick(("continuing care", "insurance", "legal", "personal use", "disability")),
            ),
            (
                s.pick(("Dates of service", "Treatment dates", "For dates")),
                f"{s.near_date(-900, -400)} to {s.near_date(-300, -1)}",
            ),
        )
    )
    what = Boxes(
        tuple(
            (rng.random() < 0.4, x)
            for x in (
                "Discharge summary",
                "History and physical",
                "Operative report",
                "Laboratory results",
                "Radiology reports",
                "Progress notes",
                "Immunization record",
                "Entire record",
                "Billing records",
            )
        ),
        columns=rng.choice([1, 2, 3]),
    )
    lines = [Para(s.tell((line,), 1, 1)) for line in s.some(RELEASING, 4, 8)]
    signs = SignOff(
        (
            f"Signature of patient: {s.name('{F} {L}')}  Date: {s.service_date()}",
            f"If signed by representative, relationship: {s.relative(0)}",
            f"Witness: {s.draw_witness()}",
            f"ID verified by: {s.provider(s.nurse)}",
        )[: rng.randint(1, 4)]
    )
    sections = (
        titled(s, ("PARTIES", "Disclosure", ""), parties),
        titled(s, ("INFORMATION TO BE RELEASED", "Records Requested", "Description of Information"), what),
        titled(s, ("TERMS", "Your Rights", "I UNDERSTAND THAT"), *lines),
        titled(s, ("SIGNATURE", ""), signs, *((Blanks(1),) if rng.random() < 0.2 else ())),
    )
    extra = ((s.label("address"), s.address()), (s.label("phone"), s.phone()))
    return Content(
        "release_authorization", sections, tuple(p for p in extra if p[1]) if rng.random() < 0.7 else ()
    )
