# ruff: noqa: E501 - one phrase or form a line
"""Notes of physicians: admission, progress, consultation, discharge, transfer, emergency."""

from __future__ import annotations

from samples.content import Content, Items, Pairs, Para, Section, Table
from samples.phrases import ASSESSMENT, COURSE, DISPOSITION, EXAM, HPI
from samples.scribe import Scribe
from samples.writers.common import (
    closing_lines,
    sign,
    titled,
    write_allergies,
    write_exam,
    write_meds,
    write_past,
    write_results,
    write_review,
    write_social,
    write_story,
)


def _assess(s: Scribe, low: int = 3, high: int = 6) -> Section:
    lines = [s.say(line) for line in s.some(ASSESSMENT, low, high)]
    lines = [line[:1].upper() + line[1:] + "." for line in lines]
    titles = (
        "ASSESSMENT AND PLAN",
        "IMPRESSION AND PLAN",
        "A/P",
        "Assessment/Plan",
        "IMPRESSION",
        "Plan",
        "A&P",
    )
    return titled(s, titles, Items(tuple(lines), numbered=s.rng.random() < 0.7), sign(s))


def write_discharge_summary(s: Scribe) -> Content:
    """Write the summary of a hospital stay."""
    stay = s.rng.randint(1, 14)
    head = (
        (s.label("admit_date"), s.near_date(-stay, -stay)),
        (s.label("discharge_date"), s.service_date()),
        (s.label("attending"), s.provider(s.physician)),
    )
    diagnoses = [s.condition.name, *s.some_history(1, 4)]
    sections = [
        titled(
            s, ("ADMITTING DIAGNOSIS", "Admission Diagnosis", "Reason for Admission"), Para(s.say("{dx}."))
        ),
        titled(
            s,
            ("DISCHARGE DIAGNOSES", "Final Diagnosis", "Discharge Diagnosis", "PRINCIPAL DIAGNOSIS"),
            Items(tuple(diagnoses), numbered=True),
        ),
        titled(
            s, ("PROCEDURES", "Procedures Performed", "Operations"), Para(s.say("{procedure} on {past}."))
        ),
        titled(s, ("CONSULTATIONS", "Consultants"), Para(s.say("{Dr}, {service}."))),
        titled(
            s,
            ("BRIEF HISTORY", "History", "HISTORY OF PRESENT ILLNESS", "Presentation"),
            Para(s.tell(HPI, 2, 4)),
        ),
        titled(
            s,
            ("HOSPITAL COURSE", "Course in Hospital", "HOSPITAL COURSE BY PROBLEM", "Summary of Stay"),
            Para(s.tell(COURSE, 4, 9)),
        ),
        write_meds(
            s,
            (
                "DISCHARGE MEDICATIONS",
                "Medications at Discharge",
                "Discharge Meds",
                "MEDICATIONS ON DISCHARGE",
            ),
        ),
        titled(
            s,
            ("DISPOSITION AND FOLLOW-UP", "Discharge Instructions", "FOLLOW UP", "Condition and Disposition"),
            Para(s.tell(DISPOSITION, 3, 6)),
            sign(s),
        ),
    ]
    return Content(
        "discharge_summary", tuple(_drop_some(s, sections, keep=(1, 5, 7))), head, closing=closing_lines(s)
    )


def write_transfer_summary(s: Scribe) -> Content:
    """Write the summary that goes with a patient to another institution."""
    head = (
        (
            s.pick(("Transferring Facility", "From", "Sending Facility", "Referring Facility")),
            s.facility_name(),
        ),
        (s.pick(("Receiving Facility", "To", "Accepting Facility", "Transfer To")), s.draw_other_facility()),
        (s.pick(("Date of Transfer", "Transfer Date", "Transferred")), s.service_date()),
        (s.pick(("Accepting Physician", "Accepting MD")), s.provider()),
    )
    status = Pairs(
        (
            ("Code Status", s.pick(("Full code", "DNR", "DNR/DNI", "Full"))),
            ("Mode of Transport", s.pick(("ground ambulance ALS", "air", "BLS", "critical care team"))),
            ("Isolation", s.pick(("none", "contact", "droplet"))),
            ("Report given to", s.provider(s.nurse)),
            ("Mental Status", s.pick(("alert and oriented", "confused", "sedated"))),
        ),
        columns=s.rng.choice([1, 2]),
    )
    sections = [
        titled(
            s,
            ("REASON FOR TRANSFER", "Indication for Transfer", "Reason"),
            Para(s.say("Higher level of care for {ldx}; {service} not available here.")),
        ),
        titled(
            s,
            ("SUMMARY OF CARE", "Course to Date", "Brief Hospital Course", "Clinical Summary"),
            Para(s.tell(COURSE, 3, 6)),
        ),
        titled(
            s,
            ("STATUS AT TRANSFER", "Condition at Transfer", "Patient Status"),
            status,
            Para(s.vitals_line()),
        ),
        write_meds(s),
        write_allergies(s),
        titled(
            s,
            ("LINES AND DRAINS", "Equipment", "Treatments"),
            Para(s.say("Peripheral IV left forearm placed {past}; Foley catheter; oxygen at 2 liters.")),
        ),
        titled(
            s,
            ("CERTIFICATION", "Physician Certification", "Risks and Benefits"),
            Para(
                s.say(
                    "The benefits of transfer outweigh the risks. {Pt} or {his} representative consents to transfer."
                )
            ),
            sign(s),
        ),
    ]
    return Content(
        "transfer_summary", tuple(_drop_some(s, sections, keep=(0, 1, 2, 6))), head, closing=closing_lines(s)
    )


def write_progress_note(s: Scribe) -> Content:
    """Write a visit or daily note."""
    head = [(s.label("service_date"), s.service_date()), (s.label("provider"), s.provider(s.physician))]
    if s.rng.random() < 0.4:
        head.append((s.label("location"), s.draw_room()))
    if s.rng.random() < 0.2:
        plain = Para(
            " ".join([s.tell(HPI, 1, 3), s.vitals_line(), s.tell(EXAM, 2, 4), s.tell(ASSESSMENT, 2, 4)])
        )
        return Content("progress_note", (Section("", (plain, sign(s))),), tuple(head))
    sections = [
        titled(s, ("CHIEF COMPLAINT", "CC", "Reason for Visit", "Complaint"), Para(s.say("{symptom}."))),
        titled(s, ("SUBJECTIVE", "S", "Interval History", "HPI", "24 Hour Events"), Para(s.tell(HPI, 2, 5))),
        write_meds(s),
        write_exam(s, 3, 6),
        write_results(s),
        _assess(s),
    ]
    return Content("progress_note", tuple(_drop_some(s, sections, keep=(1, 3, 5))), tuple(head), columns=1)


def write_history_physical(s: Scribe) -> Content:
    """Write the history and physical on admission."""
    head = ((s.label("admit_date"), s.service_date()), (s.label("attending"), s.provider(s.physician)))
    sections = [
        titled(s, ("CHIEF COMPLAINT", "CC", "Reason for Admission"), Para(s.say("{symptom}."))),
        write_story(s, 4, 7),
        write_past(s),
        titled(s, ("PAST SURGICAL HISTORY", "PSH", "Surgeries"), Para(", ".join(s.some_history(1, 3)) + ".")),
        write_meds(s),
        write_allergies(s),
        write_social(s),
        write_review(s),
        write_exam(s, 6, 11),
        write_results(s),
        _assess(s, 4, 7),
    ]
    return Content(
        "history_physical", tuple(_drop_some(s, sections, keep=(1, 2, 8, 10))), head, closing=closing_lines(s)
    )


def write_consultation(s: Scribe) -> Content:
    """Write a consultant's report, as a note or as a letter."""
    if s.rng.random() < 0.25:
        return _write_consult_letter(s)
    head = (
        (s.pick(("Consultation Date", "Date of Consultation", "Consult Date", "Date")), s.service_date()),
        (
            s.pick(("Requesting Physician", "Requested by", "Consult requested by", "Referring MD")),
            s.provider(),
        ),
        (s.pick(("Consultant", "Consulting Physician", "Consulting Service")), s.provider(s.physician)),
    )
    sections = [
        titled(
            s,
            ("REASON FOR CONSULTATION", "Reason for Consult", "Consult Question", "Indication"),
            Para(s.say("{ldx}, {symptom}.")),
        ),
        write_story(s, 3, 6),
        write_past(s),
        write_meds(s),
        write_allergies(s),
        write_review(s),
        write_exam(s),
        write_results(s),
        titled(
            s,
            ("RECOMMENDATIONS", "Impression and Recommendations", "IMPRESSION", "Suggestions"),
            Items(
                tuple(x[:1].upper() + x[1:] + "." for x in map(s.say, s.some(ASSESSMENT, 3, 6))),
                numbered=True,
            ),
            Para(
                s.pick(
                    (
                        "Thank you for this consultation. We will follow along with you.",
                        "Thank you for asking us to see this patient.",
                        "Will follow.",
                    )
                ),
            ),
            sign(s),
        ),
    ]
    return Content(
        "consultation", tuple(_drop_some(s, sections, keep=(0, 1, 6, 8))), head, closing=closing_lines(s)
    )


def _write_consult_letter(s: Scribe) -> Content:
    from samples.phrases import LETTER

    to = s.provider(form="{F} {L}, {D}")
    paragraphs = [
        Para(s.tell(LETTER, 2, 4)),
        Para(s.tell(EXAM, 2, 5)),
        Para(s.tell(ASSESSMENT, 2, 4)),
        Para(s.tell(LETTER, 1, 2)),
    ]
    opening = (to, *s.draw_letter_address(), f"Dear {s.doctor()}:")
    return Content(
        "consultation",
        (Section("", (*paragraphs, sign(s))),),
        ((s.label("service_date"), s.service_date()),),
        letter=True,
        opening=opening,
        closing=closing_lines(s),
    )


def write_emergency_note(s: Scribe) -> Content:
    """Write the emergency physician's record."""
    head = (
        (
            s.pick(("Date of Visit", "ED Arrival", "Arrival Date", "Date", "Time Seen")),
            f"{s.service_date()} {s.time()}",
        ),
        (s.pick(("ED Physician", "Emergency Physician", "Treating Provider")), s.provider(s.physician)),
        (
            s.pick(("Mode of Arrival", "Arrived by", "Arrival Mode")),
            s.pick(("ambulance", "walk-in", "private vehicle", "EMS", "police")),
        ),
    )
    triage = Table(
        ("Time", "Temp", "Pulse", "Resp", "BP", "SpO2", "Pain"),
        tuple(
            (s.time(), *s.vitals()[0:3], s.vitals()[3], s.vitals()[4], f"{s.rng.randint(0, 10)}/10")
            for _ in range(s.rng.randint(1, 3))
        ),
    )
    sections = [
        titled(
            s,
            ("CHIEF COMPLAINT", "Triage Complaint", "Presenting Complaint"),
            Para(s.say("{symptom}. Triage level {n}.")),
        ),
        titled(s, ("TRIAGE VITALS", "Vital Signs"), triage),
        write_story(s, 2, 5),
        write_past(s),
        write_allergies(s),
        write_exam(s, 4, 8),
        write_results(s),
        titled(
            s,
            ("ED COURSE", "Emergency Department Course", "Medical Decision Making", "MDM"),
            Para(
                s.tell(
                    (
                        "{Pt} was given {med} with improvement",
                        "{study} was read as {impression}",
                        "Reevaluated at {time}, {symptom} improved",
                        "Case discussed with {Dr}, who will see {pt} in follow up",
                        "{Dr} of {service} was called at {time}",
                        "IV access was obtained and labs were sent",
                        "Differential included {hx} and {ldx}",
                        "{Pt} was monitored for {n} hours",
                    ),
                    3,
                    6,
                )
            ),
        ),
        titled(
            s, ("DIAGNOSIS", "Clinical Impression", "ED Diagnosis", "Final Impression"), Para(s.say("{dx}."))
        ),
        titled(
            s,
            ("DISPOSITION", "Disposition", "Discharge Plan"),
            Para(
                s.tell(
                    (
                        "Admitted to {service}",
                        "Discharged home with {his} {kin}",
                        "Prescription for {med}",
                        "Return for {symptom}",
                        "Follow up with {Dr} in {n} days",
                        "Condition stable at {time}",
                    ),
                    2,
                    4,
                )
            ),
            sign(s),
        ),
    ]
    return Content(
        "emergency_note",
        tuple(_drop_some(s, sections, keep=(0, 2, 5, 7, 8, 9))),
        head,
        closing=closing_lines(s),
    )


def _drop_some(s: Scribe, sections: list[Section], *, keep: tuple[int, ...]) -> list[Section]:
    """Leave out some of the sections that a note can do without."""
    share = s.rng.choice([0.1, 0.3, 0.5])
    return [section for at, section in enumerate(sections) if at in keep or s.rng.random() > share]
