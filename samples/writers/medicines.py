# ruff: noqa: E501 - one phrase or form a line
"""What is taken and given: lists of medicines, the grid in which doses are signed for, vaccines."""

from __future__ import annotations

from samples.content import Boxes, Content, Para, Section, Table
from samples.scribe import Scribe
from samples.writers.common import initials, sign, titled


def write_medication_list(s: Scribe) -> Content:
    """Write what somebody takes."""
    rng = s.rng
    heads, widths = rng.choice(
        [
            (("Medication", "Dose", "Route", "Frequency", "Last Taken"), (2.5, 1.2, 0.8, 1.2, 1.3)),
            (("Drug", "Directions", "Prescriber", "Start Date"), (2, 2.4, 1.8, 1.3)),
            (("MEDICATION / STRENGTH", "SIG", "CONTINUE Y/N", "COMMENTS"), (2.4, 2, 1, 1.6)),
            (("Medication Name", "Sig", "Qty", "Refills", "Started"), (2.4, 2, 0.6, 0.7, 1.2)),
        ]
    )
    rows = []
    for med in s.draw_meds(5, 13):
        name, dose, rest = _split_med(med)
        cells = {
            "Dose": dose, "Route": rest.split(" ")[0], "Frequency": " ".join(rest.split(" ")[1:]), "Last Taken": s.near_date(-3, 0), "Directions": f"{dose} {rest}", "Prescriber": s.provider(form="{FI}. {L}, {D}"), "Start Date": s.near_date(-900, -10),
            "SIG": f"{dose} {rest}", "CONTINUE Y/N": rng.choice("YYYN"), "COMMENTS": rng.choice(["", "", "with food", "hold if SBP < 100"]), "Sig": f"{dose} {rest}", "Qty": str(rng.choice([30, 60, 90])), "Refills": str(rng.randint(0, 5)), "Started": s.near_date(-900, -10),
        }  # fmt: skip
        rows.append((name, *(cells[h] for h in heads[1:])))
    head = (
        (s.pick(("Date Reviewed", "As of", "Date", "Updated", "List Date")), s.service_date()),
        (s.label("pcp"), s.provider(s.physician)),
        (s.label("allergies"), s.say("{allergy}")),
    )
    sections = (
        titled(
            s,
            ("CURRENT MEDICATIONS", "Active Medications", "PRIOR TO ADMISSION MEDICATIONS", ""),
            Table(heads, tuple(rows), widths),
        ),
        Section(
            s.pick(("Pharmacy", "NOTES", "")),
            (
                Para(
                    s.tell(
                        (
                            "Reviewed with {pt} and {his} {kin}",
                            "Source: patient and pill bottles",
                            "Pharmacy called to verify {drug}",
                            "Do not take {drug} with grapefruit",
                            "Bring this list to every visit",
                            "Over the counter: vitamins, fish oil",
                        ),
                        1,
                        3,
                    )
                ),
                sign(s, nurse=rng.random() < 0.6),
            ),
        ),
    )
    return Content("medication_list", sections, head)


def _split_med(med: str) -> tuple[str, str, str]:
    """Split "furosemide 40 mg IV BID" into name, dose and the rest."""
    words = med.split(" ")
    at = next((i for i, w in enumerate(words) if w[0].isdigit()), len(words))
    if at in (0, len(words)):
        return med, "", "PO daily"
    return " ".join(words[:at]), " ".join(words[at : at + 2]), " ".join(words[at + 2 :]) or "PO daily"


def write_medication_administration(s: Scribe) -> Content:
    """Write the grid in which nurses sign for each dose."""
    rng = s.rng
    by_day = rng.random() < 0.4
    columns = (
        [s.near_date(i, i) for i in range(rng.randint(3, 6))]
        if by_day
        else list(
            rng.choice(
                [
                    ("0700-1500", "1500-2300", "2300-0700"),
                    ("0000", "0600", "0900", "1200", "1800", "2100"),
                    ("D", "E", "N"),
                ]
            )
        )
    )
    who = [initials(s), "".join(rng.choice("ABCDEFGHJKLMRST") for _ in range(2))]
    rows = []
    for med in s.draw_meds(5, 11):
        name, dose, rest = _split_med(med)
        times = rng.choice(["0900", "0900 2100", "0600 1400 2200", "PRN", "0800 2000", "2100"])
        cells = [
            rng.choice(
                ["", "", f"{rng.choice(times.split())} {rng.choice(who)}", rng.choice(who), "HELD", "X"]
            )
            for _ in columns
        ]
        rows.append((f"{name} {dose} {rest}", times, *cells))
    head = (
        (s.pick(("MAR Date", "Date", "Administration Date", "For Date", "Start Date")), s.service_date()),
        (s.label("location"), s.draw_room()),
        (s.label("allergies"), s.say("{allergy}")),
        (s.label("attending"), s.provider(s.physician)),
    )
    heads = (
        rng.choice(
            [
                "Medication / Dose / Route / Freq",
                "MEDICATION ORDER",
                "Scheduled Medications",
                "Drug-Dose-Route",
            ]
        ),
        rng.choice(["Times", "HOUR", "Sched"]),
        *columns,
    )
    keys = Table(
        (rng.choice(["Initials", "INIT"]), rng.choice(["Signature", "Signature / Title", "Full Signature"])),
        tuple(
            (x, s.provider(s.nurse if at == 0 else None, form="{F} {L}, RN" if at else "{F} {L}, {D}"))
            for at, x in enumerate(who)
        ),
        (1, 4),
    )
    sections = [
        titled(
            s,
            ("SCHEDULED MEDICATIONS", "", "Routine Medications"),
            Table(heads, tuple(rows), (3.2, 1.1, *([1.1] * len(columns))), grid=True),
        ),
        Section(
            s.pick(("PRN MEDICATIONS", "PRN / One Time", "STAT AND PRN")),
            (
                Table(
                    ("Drug", "Date/Time", "Reason", "Result", "Init"),
                    tuple(
                        (
                            med,
                            f"{s.near_date(0, 1)} {s.time()}",
                            s.say("{symptom}"),
                            rng.choice(["effective", "no relief", "sleeping"]),
                            who[0],
                        )
                        for med in s.draw_meds(1, 3)
                    ),
                    (3, 1.6, 1.6, 1.2, 0.7),
                    grid=True,
                ),
            ),
        ),
        Section(
            s.pick(("", "Nurse Signatures")),
            (
                keys,
                Para(
                    s.pick(
                        (
                            "H = held, R = refused, N = NPO, * see nurses notes",
                            "Site codes: 1 R deltoid 2 L deltoid 3 R glut 4 L glut",
                            "Verified by pharmacy",
                        )
                    )
                ),
            ),
        ),
    ]
    if rng.random() < 0.4:
        sections.pop(1)
    return Content("medication_administration", tuple(sections), head, dense=True)


def write_immunization_record(s: Scribe) -> Content:
    """Write vaccines with dates, lots and sites."""
    rng = s.rng
    vaccines = [
        "DTaP",
        "Tdap",
        "IPV (polio)",
        "MMR",
        "Varicella",
        "Hepatitis B",
        "Hepatitis A",
        "Hib",
        "PCV13",
        "Rotavirus",
        "Influenza (IIV4)",
        "HPV9",
        "MenACWY",
        "Td",
        "PPSV23",
        "Zoster (RZV)",
        "COVID-19 mRNA",
        "Pneumococcal PCV20",
    ]
    heads, widths = rng.choice(
        [
            (("Vaccine", "Date Given", "Lot #", "Mfr", "Site", "Given By"), (1.8, 1.4, 1.1, 1, 0.8, 1.6)),
            (("VACCINE", "1st", "2nd", "3rd", "4th"), (1.8, 1.4, 1.4, 1.4, 1.4)),
            (("Date", "Vaccine", "Dose", "Lot", "VIS Date", "Administered by"), (1.4, 1.8, 0.7, 1, 1.3, 1.6)),
        ]
    )
    rows = []
    for at, vaccine in enumerate(rng.sample(vaccines, rng.randint(5, 12))):
        given = s.service_date() if at == 0 else s.near_date(-3000, -1)
        cells = {
            "Vaccine": vaccine, "VACCINE": vaccine, "Date Given": given, "Date": given, "Lot #": s.draw_number("@@####"), "Lot": s.draw_number("@####@"), "Mfr": rng.choice(["PMC", "MSD", "GSK", "PFR", "SEQ"]), "Site": rng.choice(["LD", "RD", "LT", "RT", "R deltoid"]), "Given By": rng.choice([initials(s), s.provider(s.nurse, form="{FI}. {L}, {D}")]),
            "1st": given, "2nd": s.near_date(-2500, -1) if rng.random() < 0.8 else "", "3rd": s.near_date(-2000, -1) if rng.random() < 0.6 else "", "4th": s.near_date(-1500, -1) if rng.random() < 0.3 else "", "Dose": rng.choice(["0.5 mL", "1", "2", "3"]), "VIS Date": s.near_date(-900, -300, stamp=True), "Administered by": s.provider(s.nurse, form="{FI}. {L}, {D}"),
        }  # fmt: skip
        rows.append(tuple(cells[h] for h in heads))
    head = [
        (s.pick(("Date of Visit", "Record Date", "Date Printed", "Date")), s.service_date()),
        (s.label("pcp"), s.provider(s.physician)),
    ]
    if s.age < 19:
        head.append((s.label("mother"), s.relative(0, with_relation=False)))
    sections = (
        titled(
            s,
            ("VACCINES GIVEN", "Immunizations", "VACCINE HISTORY", ""),
            Table(heads, tuple(rows), widths, grid=rng.random() < 0.5),
        ),
        titled(
            s,
            ("SCREENING", "Screening Questions", "Comments"),
            Boxes(
                tuple(
                    (rng.random() < 0.2, x)
                    for x in (
                        "Ill today with fever",
                        "Allergy to vaccine component",
                        "Prior serious reaction",
                        "Pregnant or planning pregnancy",
                    )
                )
            ),
            Para(
                s.tell(
                    (
                        "VIS given and questions answered",
                        "Parent or guardian consent on file",
                        "Next dose due {ahead}",
                        "TB skin test placed {past}, read 0 mm",
                        "Certificate valid for school entry",
                    ),
                    1,
                    3,
                )
            ),
            sign(s, nurse=True),
        ),
    )
    return Content("immunization_record", sections, tuple(head))
