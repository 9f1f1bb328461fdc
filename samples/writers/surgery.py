# ruff: noqa: E501 - one phrase or form a line
"""Operations, procedures, anesthesia, deliveries."""

from __future__ import annotations

from samples.content import Content, Pairs, Para, Table
from samples.phrases import OPERATIVE, PROCEDURAL
from samples.scribe import Scribe
from samples.writers.common import closing_lines, sign, titled


def write_operative_note(s: Scribe) -> Content:
    """Write the surgeon's report."""
    head = (
        (s.label("procedure_date"), s.service_date()),
        (s.label("surgeon"), s.provider(s.physician)),
        (s.pick(("Assistant", "First Assistant", "Asst")), s.provider()),
        (s.pick(("Anesthesiologist", "Anesthesia by", "Anesthetist")), s.provider()),
    )
    facts = Pairs(
        (
            (s.pick(("PREOPERATIVE DIAGNOSIS", "Preop Diagnosis", "Pre-Op Dx")), s.say("{dx}")),
            (
                s.pick(("POSTOPERATIVE DIAGNOSIS", "Postop Diagnosis", "Post-Op Dx")),
                s.pick((s.condition.name, "Same")),
            ),
            (
                s.pick(("PROCEDURE PERFORMED", "Operation", "NAME OF PROCEDURE", "Procedure")),
                s.say("{procedure}"),
            ),
            (
                s.pick(("ANESTHESIA", "Type of Anesthesia")),
                s.pick(("general endotracheal", "spinal", "MAC with local", "regional block")),
            ),
            (s.pick(("ESTIMATED BLOOD LOSS", "EBL")), f"{s.rng.randint(1, 60) * 10} mL"),
            (s.pick(("SPECIMENS", "Specimen")), s.condition.specimen or "none"),
            (s.pick(("COMPLICATIONS", "Complications")), "none"),
            (s.pick(("DRAINS", "Drains/Implants")), s.pick(("none", "JP x1", "Foley", "see implant log"))),
        )
    )
    text = s.tell(OPERATIVE, 6, 13)
    sections = (
        titled(s, ("", "SUMMARY"), facts),
        titled(
            s,
            ("INDICATIONS", "Indications for Procedure", "HISTORY", "Clinical Note"),
            Para(
                s.say(
                    "{Pt} is a {who} with {symptoms}. Risks, benefits and alternatives were explained and consent was signed."
                )
            ),
        ),
        titled(
            s,
            (
                "DESCRIPTION OF PROCEDURE",
                "PROCEDURE IN DETAIL",
                "Technique",
                "Operative Findings and Technique",
                "DETAILS OF OPERATION",
            ),
            Para(text),
            sign(s),
        ),
    )
    return Content("operative_note", sections, head, closing=closing_lines(s))


def write_procedure_note(s: Scribe) -> Content:
    """Write a note on an endoscopy or a bedside procedure."""
    endoscopy = s.rng.random() < 0.4
    name = (
        s.pick(("Colonoscopy", "Upper endoscopy with biopsy", "Flexible sigmoidoscopy"))
        if endoscopy
        else s.pick(
            (
                s.condition.procedure,
                "Lumbar puncture",
                "Thoracentesis",
                "Paracentesis",
                "Central line placement",
                "Joint injection, knee",
                "Incision and drainage of abscess",
                "Bone marrow biopsy",
            )
        )
    )
    head = (
        (s.label("procedure_date"), s.service_date()),
        (
            s.pick(("Performed by", "Endoscopist", "Operator", "Proceduralist", "Physician")),
            s.provider(s.physician),
        ),
        (s.label("referring"), s.provider()),
    )
    facts = Pairs(
        (
            (s.pick(("PROCEDURE", "Procedure", "Exam")), name),
            (s.pick(("INDICATION", "Indications", "Reason")), s.say("{symptom}; {ldx}")),
            (s.pick(("CONSENT", "Consent")), "obtained and on chart"),
            (
                s.pick(("MEDICATIONS", "Sedation", "Anesthesia")),
                s.pick(
                    ("midazolam 3 mg IV, fentanyl 75 mcg IV", "1% lidocaine local", "propofol per anesthesia")
                ),
            ),
            (s.pick(("COMPLICATIONS", "Complications")), "None"),
        )
    )
    sections = (
        titled(s, ("", "PROCEDURE DATA"), facts),
        titled(
            s,
            ("DESCRIPTION", "Procedure Details", "TECHNIQUE", "Procedure Description"),
            Para(s.tell(PROCEDURAL, 4, 9)),
        ),
        titled(
            s, ("FINDINGS", "Impression", "FINDINGS AND IMPRESSION"), Para(s.say("{impression}. {finding}."))
        ),
        titled(
            s,
            ("RECOMMENDATIONS", "Plan", "DISPOSITION"),
            Para(s.say("{plans}. Await pathology. Follow up on {ahead}.")),
            sign(s),
        ),
    )
    return Content("procedure_note", sections, head, closing=closing_lines(s))


def write_anesthesia_record(s: Scribe) -> Content:
    """Write the anesthetist's grid."""
    rng = s.rng
    start = rng.randint(7, 15) * 60
    count = rng.randint(8, 13)
    times = [f"{(start + 15 * i) // 60:02d}{(start + 15 * i) % 60:02d}" for i in range(count)]
    drugs = rng.sample(["Propofol mg", "Fentanyl mcg", "Rocuronium mg", "Sevoflurane %", "Ondansetron mg", "Phenylephrine mcg", "Cefazolin g", "Midazolam mg", "O2 L/min", "N2O L/min", "Lidocaine mg"], rng.randint(4, 7))  # fmt: skip
    rows = [
        (drug, *(str(rng.randint(1, 200)) if rng.random() < 0.35 else "" for _ in times)) for drug in drugs
    ]
    rows += [
        ("NIBP", *(f"{rng.randint(90, 150)}/{rng.randint(50, 90)}" for _ in times)),
        ("HR", *(str(rng.randint(50, 105)) for _ in times)),
        ("SpO2", *(str(rng.randint(95, 100)) for _ in times)),
        ("EtCO2", *(str(rng.randint(30, 42)) for _ in times)),
        ("Temp C", *(f"{rng.uniform(35.4, 37.2):.1f}" if i % 3 == 0 else "" for i in range(count))),
    ]
    head = (
        (s.pick(("Date", "Date of Anesthesia", "Anesthesia Date", "Surgery Date")), s.service_date()),
        (s.pick(("Anesthesiologist", "Anesthesia Provider", "CRNA")), s.provider(s.physician)),
        (s.label("surgeon"), s.provider()),
        (s.pick(("Procedure", "Operation", "Proposed Procedure")), s.say("{procedure}")),
    )
    facts = Pairs(
        (
            ("ASA", s.pick(("I", "II", "III", "IIIE", "IV"))),
            ("Mallampati", s.pick(("I", "II", "III"))),
            ("NPO since", s.pick(("midnight", "2200", "0600"))),
            ("Airway", s.pick(("7.5 oral ETT, grade I view", "LMA #4", "mask", "natural airway"))),
            ("Anesthesia start", times[0]),
            ("Anesthesia end", times[-1]),
            ("Allergies", s.say("{allergy}")),
            ("Weight kg", str(rng.randint(3, 120))),
        ),
        columns=rng.choice([2, 3, 4]),
    )
    totals = Pairs(
        (
            ("Crystalloid", f"{rng.randint(5, 30)}00 mL"),
            ("EBL", f"{rng.randint(1, 40)}0 mL"),
            ("Urine", f"{rng.randint(5, 60)}0 mL"),
        ),
        columns=3,
    )
    sections = (
        titled(s, ("PRE-ANESTHESIA", "Preoperative Assessment", ""), facts),
        titled(
            s,
            ("AGENTS AND MONITORS", "Monitoring", ""),
            Table(("Time", *times), tuple(rows), (2.4, *([1.0] * count)), grid=True),
        ),
        titled(s, ("FLUIDS", "Totals"), totals),
        titled(
            s,
            ("REMARKS", "Notes", "Anesthesia Notes"),
            Para(
                s.tell(
                    (
                        "Smooth IV induction, eyes taped, pressure points padded",
                        "Extubated awake in the OR",
                        "To PACU with O2, report given to {Dr}",
                        "Standard ASA monitors",
                        "Patient identified, chart reviewed, machine checked",
                        "Neuromuscular blockade reversed with sugammadex",
                        "Spinal at L3-4 with 25 g needle",
                    ),
                    2,
                    4,
                )
            ),
            sign(s),
        ),
    )
    return Content("anesthesia_record", sections, head, dense=True)


def write_labor_delivery(s: Scribe) -> Content:
    """Write the record of a birth, in the mother's chart."""
    rng = s.rng
    head = (
        (s.pick(("Date of Delivery", "Delivery Date", "Delivered")), f"{s.service_date()} {s.time()}"),
        (
            s.pick(("Delivering Provider", "Obstetrician", "Attendant", "Delivered by")),
            s.provider(s.physician),
        ),
        (s.pick(("EDC", "EDD", "Due Date")), s.near_date(-9, 12)),
    )
    mother = Pairs(
        (
            ("Gravida/Para", f"G{rng.randint(1, 6)} P{rng.randint(0, 4)}"),
            ("Gestational age", f"{rng.randint(34, 41)} weeks {rng.randint(0, 6)} days"),
            ("Blood type", s.pick(("O positive", "A positive", "B negative", "AB positive", "O negative"))),
            ("GBS", s.pick(("negative", "positive, treated"))),
            ("Membranes ruptured", f"{s.near_date(-1, 0)} {s.time()}, clear"),
            ("Anesthesia", s.pick(("epidural", "none", "spinal", "local"))),
            (
                "Type of delivery",
                s.pick(("spontaneous vaginal", "low transverse cesarean", "vacuum assisted", "VBAC")),
            ),
            ("Placenta", f"{s.time()}, spontaneous, intact"),
            ("Laceration", s.pick(("none", "second degree, repaired", "first degree", "midline episiotomy"))),
            ("EBL", f"{rng.randint(15, 90)}0 mL"),
        ),
        columns=rng.choice([1, 2]),
    )
    infant = Pairs(
        (
            ("Sex of infant", s.pick(("female", "male", "boy", "girl"))),
            ("Birth weight", f"{rng.randint(2100, 4300)} g"),
            ("Apgar 1 min / 5 min", f"{rng.randint(6, 9)} / {rng.randint(8, 10)}"),
            ("Length", f"{rng.randint(45, 55)} cm"),
            ("Cord", "three vessels"),
            ("Band number", s.draw_number("#####")),
        ),
        columns=rng.choice([1, 2, 3]),
    )
    stages = Table(
        ("Stage", "Began", "Ended", "Length"),
        tuple(
            (name, s.time(), s.time(), f"{rng.randint(0, 14)} h {rng.randint(0, 59)} min")
            for name in ("First", "Second", "Third")
        ),
    )
    text = s.tell(
        (
            "Cervix complete at {time}, pushed with good effort",
            "Vertex delivered over an intact perineum",
            "Nuchal cord times one reduced",
            "Infant placed skin to skin with mother",
            "Fundus firm, lochia moderate",
            "Oxytocin 20 units in 1 liter after the placenta",
            "Fetal heart tones reassuring throughout",
            "{Kin} present at bedside for the birth",
            "Breast fed within the first hour",
            "Cord blood collected",
        ),
        3,
        6,
    )
    sections = (
        titled(s, ("LABOR", "Maternal Data", "MOTHER"), mother),
        titled(s, ("STAGES OF LABOR", "Labor Summary"), stages),
        titled(s, ("INFANT", "Newborn Data", "INFANT DATA"), infant),
        titled(s, ("DELIVERY NOTE", "Narrative", "Comments"), Para(text), sign(s)),
    )
    return Content("labor_delivery", sections if rng.random() < 0.7 else (sections[0], *sections[2:]), head)
