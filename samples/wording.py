# ruff: noqa: E501 - one list of wordings a line
"""How forms call things: labels by set, date formats, headings of documents.

The labels of what identifies a patient are different strings in each of the three sets of layout
families; labels of other things are common.
"""

from __future__ import annotations

import datetime as dt
import random

from samples.families import FamilySplit

_T, _C, _D = FamilySplit.TRAIN, FamilySplit.CALIBRATE, FamilySplit.DEMO

LABELS: dict[str, dict[FamilySplit, tuple[str, ...]]] = {
    "name": {
        _T: ("Patient", "Patient Name", "Name", "Pt", "Pt Name", "Patient's Name", "Name of Patient", "Last Name, First Name", "Patient/Resident", "Full Name"),
        _C: ("Pat. Name", "Name (Last, First)", "Patient (Last, First MI)", "Pat Nm", "Name of Pt."),
        _D: ("Pt. Name", "Patient Name (Last, First)", "Patient Full Name", "Client Name", "Pat Name", "Name - Last, First", "Patient Nm"),
    },
    "mrn": {
        _T: ("MRN", "MR#", "Med Rec #", "Medical Record Number", "Medical Record No.", "Chart #", "Hosp No", "Unit #", "Patient ID", "Med. Rec. No.", "MR Number", "Record No", "Hospital #", "M.R. #", "Med Rec Num", "History No."),
        _C: ("MRN #", "Medical Rec. #", "Hospital Number", "Pt ID", "Unit No.", "Chart Number", "Med Record No", "Hx No."),
        _D: ("MRN No.", "MR No.", "Med Rec No", "Chart No.", "Hosp #", "Unit Number", "Patient ID #", "Patient MRN", "Medical Record #", "Med. Record Number", "Hospital No.", "MR #"),
    },
    "birth_date": {
        _T: ("DOB", "Date of Birth", "Birthdate", "D.O.B.", "Birth Date", "Patient Birthdate", "Birth"),
        _C: ("Birth Dt", "B/D", "Date of Birth (MM/DD/YYYY)", "Birthdt", "DOB (m/d/y)"),
        _D: ("Pt DOB", "Patient DOB", "D. O. B.", "Patient Date of Birth", "Born", "Date/Birth", "DoBirth", "Birth-date"),
    },
    "sex": {
        _T: ("Sex", "Gender", "M/F"),
        _C: ("Sex (M/F)", "Patient Sex"),
        _D: ("Legal Sex", "Gender/Sex", "Sx", "Birth Sex"),
    },
    "age_sex": {
        _T: ("Age/Sex", "Age / Gender", "A/S"),
        _C: ("Age, Sex", "Sex/Age"),
        _D: ("Age & Sex", "Age-Sex", "Gender/Age"),
    },
    "age": {_T: ("Age", "Age (yrs)"), _C: ("Patient Age",), _D: ("Pt Age", "Age at Visit", "Yrs")},
    "encounter": {
        _T: ("Account #", "Acct #", "Visit #", "Encounter #", "FIN", "Acct No", "Account Number", "CSN", "Admission No.", "Billing #"),
        _C: ("Acct Num", "Visit No.", "Enc #", "Case #", "Patient Acct"),
        _D: ("Account No.", "Visit Number", "Encounter No.", "Acct. No.", "FIN #", "Visit ID", "Pt Account #", "Episode #"),
    },
    "service_date": {
        _T: ("Date of Service", "Date", "DOS", "Visit Date", "Service Date", "Date of Visit", "Encounter Date", "Exam Date"),
        _C: ("Svc Date", "Date Seen", "Date of Encounter", "Date of Exam"),
        _D: ("D.O.S.", "Seen On", "Visit Dt", "Service Dt", "Date/Service", "Date of Appt"),
    },
    "phone": {
        _T: ("Phone", "Home Phone", "Tel", "Telephone", "Phone #", "Patient Phone"),
        _C: ("Ph", "Phone No.", "Home Tel"),
        _D: ("Home Ph", "Phone Number", "Tel. No.", "Contact Phone", "Cell"),
    },
    "address": {
        _T: ("Address", "Home Address", "Patient Address", "Street Address", "Addr"),
        _C: ("Mailing Address", "Residence"),
        _D: ("Address of Patient", "Home Addr", "Pt Address", "Street / City / State"),
    },
    "ssn": {
        _T: ("SSN", "Soc Sec #", "Social Security", "SS#", "Last 4 SSN"),
        _C: ("SSN (last four)", "Soc. Sec. No."),
        _D: ("SSN #", "Social Security #", "S.S.N.", "Last 4 of Social"),
    },
}  # fmt: skip
"""By key and set. What identifies the patient or the visit."""

OTHER_LABELS: dict[str, tuple[str, ...]] = {
    "admit_date": ("Admit Date", "Date of Admission", "Admitted", "Adm Date", "Admission Date", "ADM DT"),
    "discharge_date": ("Discharge Date", "Date of Discharge", "Disch Date", "Discharged", "D/C Date", "DIS DT"),
    "procedure_date": ("Date of Procedure", "Procedure Date", "Date of Operation", "Surgery Date", "Date of Surgery", "DOS"),
    "collected": ("Collected", "Collection Date", "Date Collected", "Coll. Date/Time", "Specimen Date", "Drawn"),
    "received": ("Received", "Date Received", "Rec'd", "Recvd"),
    "reported": ("Reported", "Report Date", "Date Reported", "Final Report", "Result Date"),
    "printed": ("Printed", "Print Date", "Printed on", "Run Date", "Date Printed", "RUN DATE", "Printed at"),
    "dictated": ("Dictated", "D", "DD", "Date Dictated", "Dict"),
    "transcribed": ("Transcribed", "T", "DT", "Date Transcribed", "Trans"),
    "signed": ("Signed", "Electronically signed", "Date Signed", "E-signed", "Authenticated"),
    "attending": ("Attending", "Attending MD", "Attending Physician", "Attn Phys", "Att. Phys", "ATTENDING"),
    "ordering": ("Ordering Provider", "Ordered By", "Ordering MD", "Requesting Physician", "Ord. Phys", "Req Dr"),
    "referring": ("Referring Physician", "Referred By", "Ref MD", "Referring Provider", "Ref. Phys."),
    "pcp": ("PCP", "Primary Care", "Primary Care Provider", "Primary MD", "Family Physician"),
    "surgeon": ("Surgeon", "Primary Surgeon", "Operating Surgeon", "Performed by"),
    "provider": ("Provider", "Physician", "Doctor", "Clinician", "Seen by", "MD"),
    "author": ("Author", "Note by", "Written by", "Documented by"),
    "location": ("Location", "Unit", "Room", "Room/Bed", "Nursing Unit", "Loc", "Bed", "Svc", "Ward"),
    "accession": ("Accession #", "Accession", "Acc #", "Order #", "Specimen #", "Exam #", "Case No.", "Lab No."),
    "insurance": ("Insurance", "Payer", "Ins", "Primary Insurance", "Plan", "Financial Class"),
    "policy": ("Policy #", "Member ID", "Subscriber ID", "ID #", "Policy No.", "Cert #", "Insurance ID"),
    "group": ("Group #", "Group No.", "Grp", "Group Number"),
    "guarantor": ("Guarantor", "Guarantor Name", "Responsible Party", "Resp. Party", "Subscriber"),
    "contact": ("Emergency Contact", "Next of Kin", "Notify in Emergency", "Emerg. Contact", "NOK", "Contact"),
    "mother": ("Mother", "Mother's Name", "Maternal Name", "Parent/Guardian"),
    "mother_mrn": ("Mother's MRN", "Mom MRN", "Maternal MR#", "Mother MR #"),
    "other_mrn": ("Outside MRN", "Prev MRN", "Their MR#", "Old Chart #"),
    "race": ("Race", "Ethnicity", "Language", "Religion", "Marital Status", "Marital"),
    "allergies": ("Allergies", "Allergy", "ALLERGIES", "Drug Allergies"),
    "page": ("Page", "Pg", "Pg.", "PAGE", "Page No."),
}  # fmt: skip

DATE_FORMATS = (
    "%m/%d/%Y", "%m/%d/%Y", "%m/%d/%Y", "{m}/{d}/%Y", "{m}/{d}/%y", "%m/%d/%y", "%m-%d-%Y", "%d-%b-%Y", "%d %b %Y",
    "{d}-%b-%y", "%B {d}, %Y", "%b {d}, %Y", "%Y-%m-%d", "%m.%d.%Y", "{d} %B %Y", "%b-%d-%Y",
)  # fmt: skip
"""``strftime`` formats; ``{m}`` and ``{d}`` without a leading zero."""


def format_date(date: dt.date, style: str, *, upper: bool = False) -> str:
    """Write a date in one of ``DATE_FORMATS``."""
    text = date.strftime(style.replace("{m}", str(date.month)).replace("{d}", str(date.day)))
    return text.upper() if upper else text


def draw_date_format(rng: random.Random) -> tuple[str, bool]:
    """Draw a format and whether its letters are capitals."""
    return rng.choice(DATE_FORMATS), rng.random() < 0.35


HEADINGS: dict[str, tuple[str, ...]] = {
    "discharge_summary": ("DISCHARGE SUMMARY", "Discharge Summary", "D/C SUMMARY", "Hospital Discharge Summary", "Summary of Hospitalization", "Inpatient Discharge Summary", "DC Summary", "Final Summary", "Physician Discharge Summary"),
    "transfer_summary": ("TRANSFER SUMMARY", "Interfacility Transfer Summary", "Transfer Note", "Patient Transfer Form", "Inter-Facility Transfer Record", "Physician Transfer Summary", "Transfer of Care Summary"),
    "progress_note": ("PROGRESS NOTE", "Progress Notes", "Daily Progress Note", "Office Visit", "SOAP Note", "Clinic Note", "Physician Progress Note", "Follow-up Visit", "PROGRESS RECORD"),
    "history_physical": ("HISTORY AND PHYSICAL", "H&P", "History & Physical", "Admission History and Physical", "HISTORY AND PHYSICAL EXAMINATION", "Admission H&P", "H & P", "Initial History and Physical Exam"),
    "consultation": ("CONSULTATION", "Consultation Report", "CONSULT NOTE", "Consultation Note", "Inpatient Consultation", "Report of Consultation", "Specialty Consultation", "CONSULTATION RECORD"),
    "operative_note": ("OPERATIVE REPORT", "OP NOTE", "Operative Note", "Report of Operation", "Operation Report", "OPERATIVE RECORD", "Surgical Report", "Brief Operative Note"),
    "procedure_note": ("PROCEDURE NOTE", "Procedure Report", "Endoscopy Report", "Bedside Procedure Note", "REPORT OF PROCEDURE", "Colonoscopy Report", "Special Procedure Report", "Procedural Record"),
    "anesthesia_record": ("ANESTHESIA RECORD", "Anesthesia Record", "Anesthetic Record", "Intraoperative Anesthesia Record", "ANESTHESIA FLOW RECORD", "Anesthesia Care Record", "Anesthesiology Record"),
    "radiology_report": ("RADIOLOGY REPORT", "Diagnostic Imaging Report", "Imaging Report", "X-RAY REPORT", "DEPARTMENT OF RADIOLOGY", "Radiology Consultation", "Diagnostic Radiology", "CT REPORT", "Medical Imaging Final Report"),
    "laboratory_report": ("LABORATORY REPORT", "Lab Results", "Clinical Laboratory Report", "CUMULATIVE LABORATORY SUMMARY", "Laboratory Results", "LAB REPORT - FINAL", "Pathology & Laboratory: Chemistry", "Clinical Lab Results"),
    "pathology_report": ("SURGICAL PATHOLOGY REPORT", "Pathology Report", "Anatomic Pathology", "CYTOPATHOLOGY REPORT", "Tissue Examination Report", "Surgical Pathology Consultation", "Histopathology Report"),
    "ecg_report": ("ELECTROCARDIOGRAM", "ECG REPORT", "12-Lead ECG", "EKG Report", "Electrocardiogram Report", "EKG INTERPRETATION", "Resting 12 Lead Electrocardiogram"),
    "emergency_note": ("EMERGENCY DEPARTMENT NOTE", "ED Physician Record", "Emergency Department Record", "ER REPORT", "Emergency Room Note", "ED Provider Note", "EMERGENCY PHYSICIAN RECORD", "Emergency Dept Chart"),
    "nursing_note": ("NURSING NOTES", "Nurses Notes", "Nursing Progress Note", "NURSE'S NOTE", "Nursing Narrative", "Nursing Documentation", "NURSES' RECORD", "Shift Note"),
    "flowsheet": ("VITAL SIGNS FLOWSHEET", "Graphic Record", "Intake and Output Record", "GRAPHIC FLOW SHEET", "Vital Signs Record", "I & O Flowsheet", "24 Hour Flow Sheet", "Critical Care Flowsheet"),
    "physician_orders": ("PHYSICIAN ORDERS", "Physician's Orders", "Doctor's Order Sheet", "ADMISSION ORDERS", "Order Sheet", "Standing Orders", "Provider Orders", "POST-OP ORDERS", "Physician Order Form"),
    "medication_list": ("MEDICATION LIST", "Home Medication List", "Medication Reconciliation", "CURRENT MEDICATIONS", "Medication Profile", "Medication History", "Outpatient Medication List", "MEDICATION SUMMARY"),
    "medication_administration": ("MEDICATION ADMINISTRATION RECORD", "MAR", "Medication Administration Record (MAR)", "24 HR MAR", "Medication Admin Record", "MEDICATION RECORD - SCHEDULED", "Scheduled Medications - MAR"),
    "immunization_record": ("IMMUNIZATION RECORD", "Vaccine Administration Record", "Certificate of Immunization", "Immunization History", "VACCINATION RECORD", "Immunization Summary", "Childhood Immunization Record"),
    "labor_delivery": ("LABOR AND DELIVERY RECORD", "Labor & Delivery Summary", "Delivery Note", "OBSTETRICAL DELIVERY RECORD", "L&D Record", "Delivery Summary", "Obstetric Record - Delivery"),
    "referral": ("REFERRAL FORM", "Referral Request", "Specialist Referral", "REFERRAL", "Consultation Request / Referral", "Outpatient Referral", "Physician Referral Form"),
    "consent": ("CONSENT FOR TREATMENT", "Informed Consent", "CONSENT TO OPERATION", "Consent for Surgery or Procedure", "Authorization for and Consent to Surgery", "CONSENT FORM", "Patient Consent", "Consent for Anesthesia"),
    "advance_directive": ("ADVANCE DIRECTIVE", "Living Will", "Durable Power of Attorney for Health Care", "ADVANCE HEALTH CARE DIRECTIVE", "Health Care Proxy", "Declaration to Physicians", "Medical Power of Attorney"),
    "telephone_encounter": ("TELEPHONE ENCOUNTER", "Telephone Message", "Phone Note", "PHONE MESSAGE", "Telephone Call Record", "Telephone Triage Note", "Patient Call", "While You Were Out"),
    "correspondence": ("CORRESPONDENCE", "", "", "To Whom It May Concern", "Letter", "", "Patient Letter", "Work / School Excuse"),
    "payer_letter": ("NOTICE OF COVERAGE DETERMINATION", "Prior Authorization Determination", "EXPLANATION OF BENEFITS", "Notice of Adverse Benefit Determination", "Utilization Review Decision", "Authorization Approval", "Claim Denial Notice", "Precertification Notice"),
    "insurance_card": ("", "HEALTH PLAN", "Member Identification Card", "PPO", "Insurance Card Copy", "", "INSURANCE ID CARD", "Copy of Insurance Card"),
    "face_sheet": ("FACE SHEET", "Admission Record", "Patient Registration", "Patient Demographics", "INPATIENT FACE SHEET", "REGISTRATION FORM", "Admission Face Sheet", "Patient Information Sheet"),
    "release_authorization": ("AUTHORIZATION FOR RELEASE OF INFORMATION", "Release of Information", "Authorization to Disclose Health Information", "HIPAA Authorization", "RELEASE OF MEDICAL RECORDS", "Authorization for Use and Disclosure of Protected Health Information", "Medical Records Request"),
}  # fmt: skip
"""Titles of each type of document; "" where the paper has none."""
