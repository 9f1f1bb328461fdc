# ruff: noqa: E501 - a type a paragraph
"""What stands on papers of each type, in the words of many houses: section heads, labels, set phrases.

Written from knowledge of American forms and notes, apart from the generator of charts, so that the model of
types does not only know the phrases of one generator. Parted by bars.
"""

from __future__ import annotations

import random

from classify.titles import TITLES
from classify.word_lists import split_phrases

_PHRASES: dict[str, str] = {
    "discharge_summary": "Date of Admission|Date of Discharge|Admitting Diagnosis|Discharge Diagnosis|Principal diagnosis|Secondary diagnoses|Hospital Course|Brief history|Consults obtained|Procedures performed during admission|Condition at discharge: stable|Discharge Medications|Discharged to home|Disposition: home with services|Follow-up appointments|Activity as tolerated|Diet on discharge|Pending results at discharge|The patient was admitted to the medicine service|Patient tolerated the stay well and was discharged in stable condition|Length of stay|Discharge instructions were given|Return to the emergency department for worsening symptoms",
    "transfer_summary": "Reason for transfer|Transferring facility|Receiving facility|Accepting physician|Mode of transport|Report called to|Condition at transfer|Risks and benefits of transfer|Physician certification|Transferred by ambulance|Level of care required not available|Records sent with patient|Lines and drains in place|Higher level of care|Vital signs at time of transfer|Bed assigned at receiving hospital|EMTALA|Transfer accepted by|Belongings sent|Sending physician",
    "progress_note": "Subjective|Objective|Assessment|Plan|Interval history|Chief complaint|Review of systems|Doing well today|No new complaints|Continue current management|Follow up in three months|Patient seen and examined|Overnight events|Medications reviewed|Exam unchanged|Return visit|Vitals today|Labs reviewed|Here for follow-up|Counselled on diet and exercise|Will recheck next visit|Progress toward goals|Hospital day",
    "history_physical": "Chief Complaint|History of Present Illness|Past Medical History|Past Surgical History|Family History|Social History|Review of Systems|Physical Examination|General appearance|HEENT|Neck supple|Lungs clear|Heart regular rate and rhythm|Abdomen soft|Extremities no edema|Neurologic grossly intact|Impression|Plan of care|Admit to|Allergies|Immunizations up to date|Code status|Tobacco and alcohol use|Medications on admission",
    "consultation": "Reason for consultation|Requesting physician|Thank you for asking me to see this patient|Thank you for this consultation|Recommendations|Consulting service|I was asked to evaluate|Impression and recommendations|We will follow with you|Date of consultation|Consultant|History obtained from chart|Opinion|In summary this is a|I had the pleasure of seeing|Please call with questions|Findings were discussed with the referring physician",
    "operative_note": "Preoperative Diagnosis|Postoperative Diagnosis|Procedure Performed|Surgeon|Assistant|Anesthesia: general endotracheal|Estimated blood loss|Specimens|Complications: none|Drains|Findings|Description of procedure|Indications for procedure|The patient was taken to the operating room|prepped and draped in the usual sterile fashion|An incision was made|Hemostasis was achieved|The wound was closed in layers|sponge and needle counts were correct|taken to the recovery room in stable condition|Time out was performed|Implants|Tourniquet time|Fluids given|Wound class",
    "procedure_note": "Procedure|Indication|Consent obtained|Sedation|The scope was advanced to the cecum|Informed consent was obtained|Sterile technique|Local anesthesia with lidocaine|The patient tolerated the procedure well|Findings|Polyp removed|Biopsies taken|Withdrawal time|Bowel preparation was good|Endoscopist|Instrument|Post procedure instructions|Ultrasound guidance|Needle was inserted|Catheter placed|No immediate complications|Fluid sent for analysis|Complications none|Estimated blood loss minimal",
    "anesthesia_record": "Anesthesiologist|CRNA|ASA class|Airway|Mallampati|Induction|Propofol|Fentanyl|Sevoflurane|Rocuronium|Intubation|ETT size|Anesthesia start|Anesthesia end|Surgery start|Surgery end|SpO2|EtCO2|Fluids crystalloid|EBL|Urine output|Monitors|Position supine|Pre-induction check|Regional block|Extubated|To PACU|NPO since|Last oral intake|Technique general|Reversal|MAC|N2O|Temp probe",
    "radiology_report": "Exam|Clinical indication|Comparison|Technique|Findings|Impression|Views of the chest|No acute cardiopulmonary process|No evidence of fracture|Contrast|CT of the abdomen and pelvis|MRI|Ultrasound|Radiologist|Lungs are clear|The heart is normal in size|Unremarkable|Axial images were obtained|Accession|Mammogram|BI-RADS|Ordering provider|Modality|No pleural effusion|Degenerative changes|Electronically signed by radiologist|Dose length product|Soft tissues",
    "laboratory_report": "Test|Result|Flag|Reference range|Units|Collected|Received|Reported|Specimen|Glucose|Sodium|Potassium|Creatinine|BUN|Hemoglobin|Hematocrit|WBC|Platelets|Abnormal|High|Low|Final report|Laboratory director|CLIA|Cholesterol|HDL|TSH|Urinalysis|Culture|Sensitivity|Fasting|Requisition|mg/dL|mmol/L|Hemoglobin A1c|Performing lab|ALT|AST|Bilirubin|eGFR",
    "pathology_report": "Specimen submitted|Gross description|Microscopic description|Final diagnosis|Clinical history|Pathologist|Tissue|Margins|Biopsy|Received in formalin|Sections show|Malignant|Benign|Adenocarcinoma|Cassette|Specimen labeled|Pap smear|Cytology|Immunohistochemistry|Tumor size|Lymph nodes|Stage|Hematoxylin|Case number|Diagnosis comment|Negative for malignancy|Entirely submitted|Polyp tubular adenoma",
    "ecg_report": "Ventricular rate|Vent. rate|PR interval|QRS duration|QT/QTc|P-R-T axes|Normal sinus rhythm|Sinus bradycardia|Sinus tachycardia|Nonspecific ST abnormality|Left axis deviation|Right bundle branch block|Atrial fibrillation|Normal ECG|Abnormal ECG|Confirmed by|Unconfirmed|12 lead|25 mm/s|10 mm/mV|BPM|ms|Septal infarct age undetermined|LVH|No previous ECGs available|Referred by",
    "emergency_note": "Time of arrival|Mode of arrival|Triage level|Chief complaint|ED course|Medical decision making|Differential diagnosis|Clinical impression|Disposition|Patient was given|Arrived by ambulance|Time seen by provider|Acuity|Re-evaluation|Discharged from the ED|Admitted from the ED|Emergency physician|Procedures in the ED|Pain scale|Nursing notes reviewed|Critical care time|Left without being seen|EKG interpreted by me|Return precautions",
    "nursing_note": "Patient resting comfortably|Call light within reach|Side rails up|Alert and oriented times three|Pain level|Repositioned|Voided|Assisted to bathroom|IV site clean dry and intact|Report given to oncoming nurse|Skin warm and dry|Ambulated in hall|MD notified|Will continue to monitor|Shift assessment|Fall precautions|Family at bedside|Dressing changed|Tolerating diet|Bed in low position|RN|LPN|0700|1900|Focus|Data Action Response",
    "flowsheet": "Time|Temp|Pulse|Resp|BP|SpO2|Pain|Intake|Output|Total|Urine|Oral|IV|Emesis|Drain|Balance|0700|0800|0900|1000|1100|1200|Shift total|24 hour total|Weight|MAP|CVP|Heart rate|Glasgow|Pupils|Ventilator|FiO2|Blood glucose|Initials|Stool|Vital signs|Nurse initials",
    "physician_orders": "Admit to|Diagnosis|Condition|Vital signs every 4 hours|Activity|Diet|IV fluids|Labs in the morning|Nursing|Call MD if|Notify physician|Allergies|Medications|DVT prophylaxis|Code status|Consult|Order date|Noted by|Verbal order read back|Telephone order|Bed rest|NPO after midnight|Foley catheter|Oxygen|PRN|STAT|CBC BMP|Discharge patient|Start|Discontinue|Physician signature",
    "medication_list": "Medication|Dose|Route|Frequency|Indication|Start date|Last taken|Prescriber|Home medications|Over the counter|Continue|Stop|Changed|Reconciled by|Pharmacy|Allergies|tablet by mouth daily|twice a day|as needed|Lisinopril|Metformin|Atorvastatin|Aspirin|Omeprazole|Refills|Supplements|Prescribed by|Active medications|Reviewed with patient",
    "medication_administration": "Scheduled|PRN|Dose|Route|Frequency|Time given|Initials|0600|0900|1200|1800|2100|Site|Nurse signature|Held|Refused|Given|Not given|IV push|IVPB|SubQ|Start|Stop|Order date|Injection site code|One time orders|Pain scale before|Pain scale after|Heparin|Insulin sliding scale|Administered by|Allergies|Medication dose route",
    "immunization_record": "Vaccine|Date given|Lot number|Manufacturer|Site|Route|VIS date|Administered by|DTaP|MMR|Hepatitis B|Hepatitis A|Varicella|Polio IPV|Hib|PCV13|Influenza|Tdap|HPV|Meningococcal|Rotavirus|COVID-19|Dose 1|Dose 2|Dose 3|Booster|Next due|Left deltoid|Clinic|School entry|Immune|TB skin test|PPD|Zoster|Pneumococcal",
    "labor_delivery": "Gravida|Para|EDC|Gestational age|Membranes ruptured|Dilation|Effacement|Station|Contractions|Fetal heart rate|Delivery time|Apgar|Birth weight|Placenta|Episiotomy|Laceration|Spontaneous vaginal delivery|Cesarean section|Epidural|Oxytocin|Cord|Nuchal cord|Infant sex|Live born|First stage|Second stage|Third stage|Estimated blood loss|Amniotic fluid|Attended by|Mother|Newborn|Presentation vertex|Cervix",
    "referral": "Referred to|Referred by|Reason for referral|Specialty|Urgency|Routine|Urgent|Diagnosis code|ICD-10|Number of visits|Authorization|Evaluate and treat|Consult only|Appointment date|Insurance|Referring provider|NPI|Please evaluate|Clinical information|Records enclosed|Fax report to|Thank you for seeing|Referral valid|Preferred provider|Scheduling|Phone|Services requested",
    "consent": "I hereby authorize|I consent to|I understand that|risks, benefits and alternatives|have been explained to me|The nature and purpose of the operation|Signature of patient|Witness|Date and time|Relationship to patient|Interpreter|blood transfusion|I have read this form|no guarantee has been made|anesthesia|photographs|disposal of tissue|I certify|physician's statement|legally authorized representative|my questions have been answered|withdraw consent|assistants",
    "advance_directive": "health care agent|I appoint|alternate agent|my agent|life-sustaining treatment|artificial nutrition and hydration|terminal condition|persistent vegetative state|living will|being of sound mind|declarant|witnesses|notary|comfort care|do not resuscitate|I direct that|power of attorney|end of life|organ donation|CPR|revoke|full treatment|limited interventions|signature of principal|healthcare decisions|my wishes",
    "telephone_encounter": "Caller|Call back number|Time of call|Message taken by|Returned call|Left message|Patient called|Advice given|Reason for call|Please call|Wants to see you|Will call again|Urgent|Phone|Spoke with|Voicemail|Refill request|Triage protocol|Instructed to|Verbalizes understanding|Call routed to|Action taken|Telephone|Nurse advice|Disposition of call|Pharmacy called|Phoned",
    "correspondence": "Dear|Sincerely|To whom it may concern|Please excuse|was seen in our office|may return to work|This letter|Enclosed|Yours truly|Re:|Thank you|Please do not hesitate to contact|under my care|Regards|appointment|our office|was seen today|restrictions|balance on your account|please call our office|We have been unable to reach you|your recent test results|cc|has been my patient|letterhead",
    "payer_letter": "Member|Claim number|Date of service|Amount billed|Allowed|Deductible|Coinsurance|You may owe|This is not a bill|appeal|denied|approved|authorization number|medical necessity|coverage|your plan|benefit|Explanation|provider|health plan|determination|prior authorization|grievance|independent review|Member services|group number|Copay|Not covered|Paid|utilization review|criteria|effective through|request for services",
    "insurance_card": "Member ID|Group|RxBIN|RxPCN|RxGrp|Copay|Office visit|Specialist|ER|Urgent care|PCP|Plan|PPO|HMO|Subscriber|Effective date|Customer service|Claims address|Payer ID|Deductible|Dependents|Members: call|Providers: call|Not a guarantee of coverage|Prior authorization required|Blue Cross|Aetna|Cigna|United|Medicare|Part A|Part B|Coverage|Pharmacy help desk|Network",
    "face_sheet": "Patient information|Guarantor|Emergency contact|Next of kin|Insurance|Primary insurance|Secondary insurance|Policy number|Group number|Employer|Occupation|Marital status|Religion|Race|Language|Home phone|Address|City|State|Zip|Admit date|Admitting diagnosis|Room|Financial class|Relationship|Subscriber|Accident|Referring physician|Attending physician|Patient type|County|Birthplace|Advance directive on file|Social security",
    "release_authorization": "I authorize|to release|to disclose|protected health information|records to be released|purpose of disclosure|expires|revoke this authorization|redisclosure|recipient|dates of service|signature of patient or representative|HIPAA|sensitive information|HIV|substance abuse|psychotherapy notes|copy fee|Release to|Obtain from|continuing care|legal|personal use|entire record|valid for one year|not condition treatment|photocopy|relationship to patient",
}
_FILLER = sorted(
    split_phrases(
        """
        Patient Name|DOB|MRN|Date|Page 1 of 2|Phone|Fax|Signature|Sex|Age|Account number|Provider|Printed|Time|Room
        Allergies|Confidential|Medical record|Department|Hospital|Clinic|Copy|Attending|Insurance|Form|Chart|Signed
        Dr.|MD|RN|Yes|No|Date of service
        """
    )
)


def type_names() -> tuple[str, ...]:
    """Return the types that phrases are known of."""
    return tuple(_PHRASES)


def sketch_type_words(name: str, rng: random.Random) -> list[tuple[str, bool]]:
    """Return lines of a made-up document of a type, each with whether it is its title.

    Seven in ten have one of the titles of the type; some phrases of forms in general stand among them, and
    one of another type.
    """
    phrases = _PHRASES[name].split("|")
    chosen = rng.sample(phrases, min(len(phrases), rng.randint(4, 16)))
    chosen += rng.sample(_FILLER, rng.randint(2, 10))
    if rng.random() < 0.5:
        chosen.append(rng.choice(_PHRASES[rng.choice(list(_PHRASES))].split("|")))
    rng.shuffle(chosen)
    lines = [(phrase, False) for phrase in chosen]
    titles = [title for title, (named, strength) in TITLES.items() if named == name and strength == 1.0]
    if rng.random() < 0.7:
        lines.insert(0, (rng.choice(titles), True))
    return lines
