# ruff: noqa: E501 - one phrase or form a line
"""Letters and messages: referral, telephone, correspondence, payer."""

from __future__ import annotations

from samples.content import Boxes, Content, Pairs, Para, Section, Table
from samples.phrases import HPI, PAYER, PHONE_CALLS
from samples.scribe import Scribe
from samples.writers.common import closing_lines, sign, titled, write_allergies, write_meds


def write_referral(s: Scribe) -> Content:
    """Write a request that a specialist see somebody."""
    rng = s.rng
    head = [
        (s.pick(("Date of Referral", "Referral Date", "Date", "Requested on")), s.service_date()),
        (s.pick(("Refer To", "Referred to", "Specialist", "To")), s.provider()),
        (
            s.pick(("Referring Provider", "Referred by", "Requesting Provider", "From")),
            s.provider(s.physician),
        ),
        ("NPI", s.other_number(s.physician.npi)),
        (s.label("insurance"), s.draw_payer()),
        (s.label("policy"), s.draw_number("@@@#########")),
    ]
    urgency = Boxes(
        tuple((at == rng.randint(0, 2), x) for at, x in enumerate(("Routine", "Urgent", "STAT"))), columns=3
    )
    asked = Boxes(
        tuple(
            (rng.random() < 0.4, x)
            for x in ("Evaluate and treat", "Consultation only", "Second opinion", "Procedure", "Assume care")
        ),
        columns=2,
    )
    sections = (
        titled(s, ("PRIORITY", "Urgency"), urgency),
        titled(
            s,
            ("DIAGNOSIS", "Reason for Referral", "Diagnosis / ICD-10"),
            Para(s.say("{dx} ({icd}). {symptom}.")),
        ),
        titled(s, ("SERVICES REQUESTED", "Type of Referral"), asked),
        titled(s, ("CLINICAL SUMMARY", "Pertinent History", "Clinical Information"), Para(s.tell(HPI, 2, 4))),
        write_meds(s),
        write_allergies(s),
        titled(
            s,
            ("AUTHORIZATION", "Office Use", "Appointment"),
            Para(
                s.say(
                    "Authorization number {}; number of visits {}; valid through {{ahead}}. Appointment with {{Dr}} on {{ahead}}.".format(
                        s.draw_number("########"), rng.randint(1, 12)
                    )
                )
            ),
            sign(s),
        ),
    )
    kept = tuple(x for at, x in enumerate(sections) if at in (1, 3, 6) or rng.random() < 0.65)
    return Content("referral", kept, tuple(head[: rng.randint(3, 6)]))


def write_telephone_encounter(s: Scribe) -> Content:
    """Write down a call."""
    rng = s.rng
    caller = (
        s.relative(rng.randint(0, 2))
        if rng.random() < 0.5
        else s.pick(("self", "patient", "pharmacy", "home health nurse"))
    )
    head = (
        (
            s.pick(("Date of Call", "Call Date", "Date/Time", "Date", "Received")),
            f"{s.service_date()} {s.time()}",
        ),
        (s.pick(("Caller", "Call from", "Spoke with", "Name of Caller")), caller),
        (s.pick(("Taken by", "Message taken by", "Call taken by", "Operator")), s.provider(s.nurse)),
        (s.pick(("For", "Message for", "To", "Provider")), s.provider(s.physician)),
        (
            s.pick(("Call back number", "Return call to", "Callback #")),
            s.phone() if rng.random() < 0.5 else s.relative_phone(),
        ),
    )
    sections: tuple[Section, ...] = (
        titled(s, ("MESSAGE", "Reason for Call", "Complaint", "SUBJECT"), Para(s.tell(PHONE_CALLS, 2, 4))),
        titled(
            s,
            ("ACTION", "Advice Given", "Provider Response", "Disposition", "RESOLUTION"),
            Para(s.tell(PHONE_CALLS, 1, 3)),
            sign(s, nurse=rng.random() < 0.6),
        ),
    )
    if rng.random() < 0.4:
        ticks = Boxes(
            tuple(
                (rng.random() < 0.3, x)
                for x in (
                    "Telephoned",
                    "Please call",
                    "Will call again",
                    "Returned your call",
                    "Urgent",
                    "Refill request",
                )
            ),
            columns=3,
        )
        sections = (Section("", (ticks,)), *sections)
    return Content("telephone_encounter", sections, head[: rng.randint(3, 5)])


def write_correspondence(s: Scribe) -> Content:
    """Write a letter that is no report: to the patient, an employer, a lawyer, another office."""
    rng = s.rng
    kind = rng.random()
    if kind < 0.35:
        opening = (s.name("{F} {M} {L} {S}", upper=False), *s.patient_address_lines(), f"Dear {s.surname()}:")
        pool: tuple[str, ...] = (
            "Your recent test results were within normal limits",
            "Please call the office to schedule your next appointment",
            "Our records show that you are due for {lprocedure}",
            "You missed your appointment on {past}",
            "Enclosed please find the forms that you asked for",
            "We have tried to reach you by telephone without success",
            "Please continue {med} as directed",
            "Our office will be moving to a new location on {ahead}",
            "If you have already taken care of this, please disregard this letter",
            "It is important that you follow up regarding {ldx}",
            "A balance remains on your account",
        )
    elif kind < 0.7:
        opening = ("To Whom It May Concern:",)
        pool = (
            "{mr} was seen in our office on {today}",
            "Please excuse {him} from work or school from {today} through {ahead}",
            "{He} may return with the following limits: no lifting over {nn} pounds",
            "{He} is under my care for {ldx}",
            "{He} should not travel by air at this time",
            "Please allow {him} to carry {his} medication at school",
            "This letter is written at the request of {pt}",
            "Should you need further information, please call my office",
            "{He} is able to take part in sports without restriction",
            "{He} has been a patient of this practice since {past}",
        )
    else:
        opening = (
            s.pick(
                (
                    "Law Offices of Brandt & Keel",
                    "Human Resources",
                    "Disability Determination Services",
                    "School Nurse",
                    "Medical Records Department",
                )
            ),
            *s.draw_letter_address(),
            "Dear Sir or Madam:",
        )
        pool = (
            "This is in response to your letter of {past}",
            "{mr} has been treated here for {ldx} since {past}",
            "In my opinion {he} is unable to return to {his} usual work",
            "Copies of the records you requested are enclosed",
            "{He} reached maximum medical improvement on {past}",
            "A fee for copying is due within thirty days",
            "Please find attached the completed form",
            "I remain available for a telephone conference",
            "{study} of {past} showed {impression}",
            "We require a signed authorization before records can be sent",
        )
    body = [Para(s.tell(pool, 2, 4)), Para(s.tell(pool, 1, 3))]
    return Content(
        "correspondence",
        (Section("", (*body, sign(s))),),
        ((s.label("service_date"), s.service_date()),),
        letter=True,
        opening=opening,
        closing=closing_lines(s),
    )


def write_payer_letter(s: Scribe) -> Content:
    """Write an insurer's decision or statement; the letterhead is the insurer's."""
    rng = s.rng
    kin = s.relative(0, with_relation=False)
    head = [
        (s.pick(("Date of Notice", "Notice Date", "Date", "Statement Date")), s.near_date(2, 20)),
        (s.pick(("Member ID", "Subscriber ID", "ID Number")), s.draw_number("@@@#########")),
        (
            s.pick(("Reference #", "Claim Number", "Case Number", "Authorization #")),
            s.draw_number("############"),
        ),
        (s.label("group"), s.draw_number("######-##")),
        (s.pick(("Provider of Service", "Requesting Provider", "Provider")), s.provider(s.physician)),
        (s.pick(("Service Date", "Date(s) of Service", "DOS")), s.service_date()),
    ]
    if rng.random() < 0.4:
        head.insert(1, (s.pick(("Subscriber", "Insured", "Policy Holder")), kin))
    blocks: list[Para | Table] = [Para(s.tell(PAYER, 2, 4))]
    if rng.random() < 0.6:
        rows = tuple(
            (
                s.service_date() if at == 0 else s.near_date(0, 3),
                s.say(x),
                str(rng.randint(10000, 99999)),
                *(f"{rng.uniform(20, 2400):.2f}" for _ in range(3)),
            )
            for at, x in enumerate(["{procedure}", "Office visit", "Laboratory"][: rng.randint(1, 3)])
        )
        blocks.append(
            Table(
                ("Date", "Service", "Code", "Billed", "Allowed", "You Owe"),
                rows,
                (1.3, 2.4, 0.8, 0.9, 0.9, 0.9),
                grid=rng.random() < 0.5,
            )
        )
    blocks.append(Para(s.tell(PAYER, 2, 4)))
    opening = (
        s.name("{F} {M} {L}", upper=rng.random() < 0.5),
        *s.patient_address_lines(),
        f"Dear {s.pick(('Member', s.surname(), 'Valued Member'))}:",
    )
    letter = rng.random() < 0.7
    return Content(
        "payer_letter",
        (
            Section(
                "",
                (
                    *blocks,
                    Pairs(
                        (
                            (
                                s.pick(("Decision", "Status", "Determination")),
                                s.pick(
                                    ("Approved", "Denied", "Partially approved", "Pended for information")
                                ),
                            ),
                        )
                    ),
                ),
            ),
        ),
        tuple(head[: rng.randint(3, 7)]),
        letter=letter,
        opening=opening if letter else (),
    )
