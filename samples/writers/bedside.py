# ruff: noqa: E501 - one phrase or form a line
"""What is kept at the bedside: nurses' notes, grids, orders."""

from __future__ import annotations

from samples.content import Blanks, Boxes, Content, Items, Pairs, Para, Section, Table
from samples.phrases import NURSING
from samples.scribe import Scribe
from samples.writers.common import initials, sign, titled

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
