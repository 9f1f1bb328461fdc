# ruff: noqa: E501 - one phrase or form a line
"""What nurses and pharmacists keep: notes, grids, orders, medicines, vaccines."""

from __future__ import annotations

from samples.content import Blanks, Boxes, Content, Items, Pairs, Para, Section, Table
from samples.phrases import NURSING
from samples.scribe import Scribe
from samples.writers.common import sign, titled

_HOURS = ("0000", "0400", "0800", "1200", "1600", "2000")


def write_nursing_note(s: Scribe) -> Content:
    """Write timed entries or a narrative."""
    rng = s.rng
    head = [(s.label("service_date"), s.service_date()), (s.label("location"), s.draw_room())]
    if rng.random() < 0.5:
        head.append((s.label("attending"), s.provider(s.physician)))
    if rng.random() < 0.65:
        initials = s.nurse.name.first[0] + s.nurse.name.last[0]
        rows = []
        for at in range(round(rng.randint(4, 9) * s.length)):
            day = s.service_date() if at == 0 else ""
            text = s.tell(NURSING, 1, 3)
            rows.append(
                (
                    day,
                    s.time(),
                    f"{text} {rng.choice([initials + ' RN', s.provider(s.nurse, form='{FI}. {L}, {D}') if at % 4 == 3 else initials])}",
                )
            )
        heads = rng.choice(
            [
                ("Date", "Time", "Notes"),
                ("DATE", "HOUR", "NURSING OBSERVATIONS"),
                ("Date", "Time", "Focus / Narrative"),
                ("Date", "Time", "Problem, Intervention, Response"),
            ]
        )
        table = Table(heads, tuple(rows), (1.3, 0.8, 6), grid=rng.random() < 0.5)
        return Content("nursing_note", (Section("", (table, sign(s, nurse=True))),), tuple(head))
    sections = (
        titled(s, ("SHIFT ASSESSMENT", "Nursing Assessment", "D", "DATA"), Para(s.tell(NURSING, 3, 6))),
        titled(s, ("INTERVENTIONS", "A", "ACTION", "Care Provided"), Para(s.tell(NURSING, 2, 5))),
        titled(
            s,
            ("EVALUATION", "R", "RESPONSE", "Plan of Care"),
            Para(s.tell(NURSING, 1, 4)),
            sign(s, nurse=True),
        ),
    )
    return Content("nursing_note", sections, tuple(head))


def write_flowsheet(s: Scribe) -> Content:
    """Write a grid of vital signs, intake and output."""
    rng = s.rng
    hours = rng.choice(
        [
            _HOURS,
            tuple(f"{h:02d}00" for h in range(7, 19)),
            tuple(f"{h:02d}" for h in range(0, 24, 2)),
            ("0700-1500", "1500-2300", "2300-0700", "24 HR"),
        ]
    )
    vitals = [
        ("Temp", *(f"{rng.gauss(98.7, 0.8):.1f}" for _ in hours)),
        ("Pulse", *(str(rng.randint(55, 125)) for _ in hours)),
        ("Resp", *(str(rng.randint(12, 28)) for _ in hours)),
        ("B/P", *(f"{rng.randint(88, 170)}/{rng.randint(45, 98)}" for _ in hours)),
        ("SpO2 %", *(str(rng.randint(88, 100)) for _ in hours)),
        ("Pain 0-10", *(str(rng.randint(0, 8)) for _ in hours)),
    ]
    fluids = [
        (name, *(str(rng.randint(0, 60) * 10) if rng.random() < 0.7 else "" for _ in hours))
        for name in rng.sample(
            [
                "PO Intake",
                "IV",
                "IVPB",
                "Tube Feed",
                "TOTAL IN",
                "Urine",
                "Emesis",
                "Stool",
                "Drain",
                "TOTAL OUT",
                "Blood",
            ],
            rng.randint(5, 9),
        )
    ]
    other = [
        (name, *(rng.choice(["", "x", "RN", "Y", "N/A", "WNL"]) for _ in hours))
        for name in rng.sample(
            [
                "Turned",
                "Bath",
                "Oral care",
                "Activity",
                "Diet",
                "IV site check",
                "Restraint",
                "Fall risk",
                "Neuro checks",
                "Pupils",
                "GCS",
            ],
            5,
        )
    ]
    head = (
        (s.label("service_date"), s.service_date()),
        (s.label("location"), s.draw_room()),
        (s.label("attending"), s.provider(s.physician)),
    )
    widths = (2.0, *([1.0] * len(hours)))
    sections = [
        titled(
            s,
            ("VITAL SIGNS", "Vital Signs", ""),
            Table((rng.choice(["Time", "HOUR", "Date/Time"]), *hours), tuple(vitals), widths, grid=True),
        ),
        titled(
            s,
            ("INTAKE AND OUTPUT", "I & O", "Fluid Balance"),
            Table(("mL", *hours), tuple(fluids), widths, grid=True),
        ),
        titled(
            s,
            ("CARE", "Nursing Care", "Safety/Activity"),
            Table(("Item", *hours), tuple(other), widths, grid=True),
        ),
        Section(
            "",
            (
                Pairs(
                    (
                        ("Weight", f"{rng.randint(40, 130)} kg"),
                        ("Diet", s.pick(("NPO", "clear liquids", "regular", "ADA 1800"))),
                        ("Initials / Signature", s.provider(s.nurse, form="{F} {L}, {D}")),
                    ),
                    columns=3,
                ),
            ),
        ),
    ]
    if rng.random() < 0.4:
        sections.pop(rng.choice([1, 2]))
    return Content("flowsheet", tuple(sections), head, dense=True)


def write_physician_orders(s: Scribe) -> Content:
    """Write orders, by hand or by computer."""
    rng = s.rng
    orders = [
        "Admit to {service} under {md}",
        "Diagnosis: {dx}",
        "Condition: stable",
        "Vital signs every {n} hours",
        "Activity: bed rest with bathroom privileges",
        "Diet: NPO after midnight",
        "Diet: 2 g sodium",
        "IV: D5 1/2 NS with 20 mEq KCl at 75 mL/h",
        "{med}",
        "{med}",
        "{med}",
        "CBC and BMP in AM",
        "{study} - reason: {symptom}",
        "Consult {Dr} for {symptom}",
        "Call MD for temp over 101.5 or SBP under 90",
        "Foley to gravity, strict I&O",
        "Incentive spirometer every hour while awake",
        "DVT prophylaxis: sequential compression devices",
        "Code status: full",
        "Discontinue {drug}",
        "PT/OT evaluate and treat",
        "O2 to keep saturation above 92%",
        "Accucheck AC and HS",
        "Discharge home when stable, follow up {ahead}",
        "Wound care BID",
    ]
    chosen = [s.say(o) for o in s.some(orders, 7, 16)]
    head = (
        (s.pick(("Date Ordered", "Order Date", "Date/Time", "Date")), f"{s.service_date()} {s.time()}"),
        (s.pick(("Ordering Physician", "Ordered by", "Physician")), s.provider(s.physician)),
        (s.label("allergies"), s.say("{allergy}")),
    )
    noted = s.say(f"Noted by {s.provider(s.nurse, form='{F} {L}, {D}')} {s.near_date(0, 1)} {s.time()}")
    form = rng.random()
    if form < 0.35:
        rows = tuple(
            (s.service_date() if at == 0 else "", s.time(), order, rng.choice(["", "noted", initials(s)]))
            for at, order in enumerate(chosen)
        )
        body: tuple[Section, ...] = (
            Section(
                "",
                (
                    Table(
                        rng.choice(
                            [
                                ("Date", "Time", "Orders", "Noted"),
                                ("DATE", "HOUR", "PHYSICIAN'S ORDERS AND SIGNATURE", "RN"),
                            ]
                        ),
                        rows,
                        (1.2, 0.8, 5.5, 0.9),
                        grid=True,
                    ),
                    Para(noted),
                    sign(s),
                ),
            ),
        )
    elif form < 0.6:
        body = (
            titled(
                s,
                ("ORDERS", "CHECK ALL THAT APPLY", "Admission Order Set"),
                Boxes(tuple((rng.random() < 0.6, o) for o in chosen)),
                Para(noted),
                sign(s),
            ),
        )
    else:
        body = (
            titled(s, ("ORDERS", "", "Orders"), Items(tuple(chosen), numbered=True), Para(noted), sign(s)),
            Section("", (Blanks(rng.randint(1, 5), scribbled=rng.random() < 0.5),)),
        )
    return Content("physician_orders", body, head)


def initials(s: Scribe) -> str:
    """Return the nurse's initials."""
    return s.nurse.name.first[0] + s.nurse.name.last[0]


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
