# ruff: noqa: E501 - one phrase a line
"""Phrases that many types of documents share."""

from __future__ import annotations

HISTORIES = (
    "hypertension", "type 2 diabetes mellitus", "hyperlipidemia", "coronary artery disease", "asthma", "GERD",
    "hypothyroidism", "osteoarthritis", "depression", "anxiety disorder", "chronic kidney disease", "COPD",
    "obstructive sleep apnea", "atrial fibrillation", "prior stroke without residual deficit", "gout", "migraine",
    "iron deficiency anemia", "obesity", "osteoporosis", "benign prostatic hypertrophy", "peripheral neuropathy",
    "seizure disorder", "hepatitis C, treated", "appendectomy in childhood", "cholecystectomy", "tonsillectomy",
    "hysterectomy", "cesarean section", "hernia repair", "right knee arthroscopy", "cataract surgery",
)  # fmt: skip
ONLY_WOMEN = ("hysterectomy", "cesarean section")
ONLY_MEN = ("benign prostatic hypertrophy",)
ALLERGIES = (
    "NKDA", "No known drug allergies", "penicillin (rash)", "sulfa (hives)", "codeine - nausea", "latex", "iodine contrast",
    "aspirin", "morphine (itching)", "shellfish", "amoxicillin", "NKA", "lisinopril (cough)", "eggs",
)  # fmt: skip
SOCIAL = (
    "lives with family", "lives alone in an apartment", "retired", "works as a teacher", "works in construction",
    "smokes half a pack a day", "never smoked", "former smoker, quit ten years ago", "drinks socially", "no alcohol",
    "denies illicit drugs", "married with two children", "widowed", "attends school", "works nights as a driver",
    "uses a walker", "independent in activities of daily living", "resides at a nursing facility",
)  # fmt: skip
PAYERS = (
    "Blue Shield of the Plains", "Medicare", "Medicaid", "United Plains Health", "Aetlantic Health", "Cignet PPO", "Humane Gold Plus",
    "Tricare Prime", "Keystone Mutual", "Great Lakes Health Plan", "Self pay", "Workers Compensation", "Pacific Crest HMO", "Evergreen Choice",
)  # fmt: skip

HPI = (
    "{Pt} is a {who} with a history of {hx} who presents with {symptoms} for {n} {unit}",
    "This {who} presented to the emergency room with {symptoms}",
    "{Pt} reports {symptom} which began {n} {unit} ago and has been getting worse",
    "{He} also notes {symptom} but denies fever or weight loss",
    "{He} was last seen on {past} by {Dr} for {hx}",
    "Symptoms are made worse by activity and partly relieved by rest",
    "{Pt} tried {drug} at home with little benefit",
    "{He} denies chest pain, syncope, or change in bowel habits",
    "On {past} {he} had a {study} that showed {impression}",
    "There has been no recent travel and there are no sick contacts",
    "{Pt} was brought in by {his} {kin} because of {symptom}",
    "{He} rates the discomfort {n} out of 10 at its worst",
    "Past workup by {Dr} was unrevealing",
    "The family states that {he} has been in {his} usual health until {past}",
    "{Pt} complains of {symptom}, {symptom} and generalized weakness",
)
REVIEW = (
    "Constitutional: no fever, chills or night sweats", "Eyes: no visual change", "Cardiovascular: no chest pain or palpitations",
    "Respiratory: {symptom}", "Gastrointestinal: no nausea, vomiting or diarrhea", "Genitourinary: no dysuria or hematuria",
    "Musculoskeletal: no joint swelling", "Skin: no rash", "Neurologic: no headache, numbness or weakness",
    "Psychiatric: mood is good", "All other systems reviewed and are negative", "Endocrine: no heat or cold intolerance",
)  # fmt: skip
EXAM = (
    "General: well developed, well nourished, in no acute distress", "GENERAL: alert and oriented times three",
    "HEENT: normocephalic, pupils equal and reactive, oropharynx clear", "Neck: supple, no lymphadenopathy or thyromegaly",
    "Lungs: clear to auscultation bilaterally", "Heart: regular rate and rhythm, no murmurs", "Abdomen: soft, nontender, bowel sounds present",
    "Extremities: no clubbing, cyanosis or edema", "Neuro: cranial nerves II through XII grossly intact", "Skin: warm and dry without lesions",
    "Pertinent findings: {finding} and {finding}", "Exam is notable for {finding}", "Chest: {finding}", "Back: no costovertebral angle tenderness",
    "Psych: appropriate mood and affect", "Rectal: deferred", "Vascular: pulses 2+ and symmetric",
)  # fmt: skip
ASSESSMENT = (
    "{dx}. Will {plans}", "{dx}, improving on {drug}", "{hx}, stable on current regimen", "Continue {med}",
    "Start {med}", "Discussed risks and benefits with {pt}, who agrees", "Discontinue {drug} if symptoms resolve",
    "Follow up with {Dr} on {ahead}", "Return sooner for {symptom}", "Labs reviewed; repeat on {ahead}", "{plans}",
    "Prognosis is good", "Will obtain {study}", "Consult {service}", "Counseled on diet and exercise", "Case discussed with {Dr}",
    "Total time spent {nn} minutes",
)  # fmt: skip
COURSE = (
    "{Pt} was admitted to the {service} service and started on {med}", "{He} was seen in consultation by {Dr}, who advised to {plan}",
    "{study} showed {impression}", "The hospital course was complicated by {hx}", "{He} underwent {lprocedure} on {past} without complication",
    "By hospital day {n} {his} {symptom} had resolved", "Diet was advanced and was well tolerated", "{Pt} remained afebrile with stable vital signs",
    "Physical therapy evaluated {him} and cleared {him} for home", "Home medications were resumed", "{Pt} was transitioned from intravenous to oral {drug}",
    "Cultures remained negative at the time of discharge", "Pain was controlled with oral medication", "The remainder of the stay was uneventful",
    "Case management arranged follow up and home health services", "{mr} was counseled at length together with {Kin}",
)  # fmt: skip
DISPOSITION = (
    "Discharged home in stable condition", "Discharged to skilled nursing facility", "Home with home health", "Activity as tolerated",
    "Regular diet", "Low sodium diet", "Follow up with {Dr} in {n} days", "Follow up with primary care on {ahead}",
    "Return to the emergency department for {symptom}", "Call the office for fever above 101", "{plans}", "Condition at discharge: good",
    "Wound care as instructed", "No driving while taking narcotics",
)  # fmt: skip
NURSING = (
    "Pt resting quietly in bed, call light within reach", "Assessment completed, see flowsheet", "C/O {symptom}, medicated with {med}",
    "MD notified of {symptom}, orders received", "{Dr} at bedside", "IV site clean, dry and intact, no redness", "Ambulated in hall with one assist",
    "Tolerated diet well, ate {nn}% of meal", "Voided {nn}0 mL clear yellow urine", "Dressing changed, incision without drainage",
    "{vitals}", "Family at bedside, {Kin} updated on plan of care", "Turned and repositioned, skin intact", "Pain {n}/10, relief after medication",
    "Report given to oncoming shift", "Side rails up x2, bed in low position", "O2 at 2 L per nasal cannula", "Teaching done regarding {drug}, verbalized understanding",
    "Received from recovery room, alert and oriented", "Foley draining to gravity", "Lungs with {finding}", "Denies pain or nausea at this time",
    "Patient identified with two identifiers prior to medication", "Sleeping, respirations even and unlabored",
)  # fmt: skip
OPERATIVE = (
    "{Pt} was brought to the operating room and placed in the supine position", "After adequate general anesthesia was obtained, the area was prepped and draped in sterile fashion",
    "A time out was performed to confirm patient, site and procedure", "A skin incision was made with a #15 blade and carried down through the subcutaneous tissue",
    "Hemostasis was obtained with electrocautery", "The specimen was removed and passed off the field", "The wound was irrigated with warm saline",
    "Findings included {finding}", "The fascia was closed with interrupted 0 Vicryl sutures", "Skin was closed with staples and a sterile dressing was applied",
    "Sponge, needle and instrument counts were correct times two", "{Pt} tolerated the procedure well and was taken to recovery in stable condition",
    "Ports were placed under direct vision", "The structure was identified, clipped and divided", "A drain was left in place and brought out through a separate stab incision",
    "{Dr} assisted throughout the case", "Fluoroscopy confirmed good position", "The tourniquet was released after {nn} minutes",
    "Prophylactic antibiotics were given within one hour of incision", "The implant was seated and found to be stable through full range of motion",
)  # fmt: skip
PROCEDURAL = (
    "Informed consent was obtained and a time out was held", "{Pt} was placed in the left lateral position", "Sedation with midazolam 3 mg and fentanyl 75 mcg was given in divided doses",
    "The scope was advanced under direct vision without difficulty", "The site was prepped with chlorhexidine and infiltrated with 1% lidocaine",
    "A needle was advanced with ultrasound guidance and fluid was aspirated", "Biopsies were taken with cold forceps", "The mucosa appeared normal in the remaining segments",
    "The prep was adequate", "There was minimal blood loss", "The patient tolerated the procedure well", "A sterile dressing was placed",
    "Post procedure film showed no pneumothorax", "Withdrawal time was {n} minutes", "A 6 mm sessile lesion was removed with a snare", "{Pt} was monitored for {nn} minutes and then sent home with {his} {kin}",
)  # fmt: skip
LETTER = (
    "Thank you for asking me to see {mr}, a {who} with {ldx}", "I had the pleasure of seeing {mr} in my office on {today}",
    "As you know, {he} has a history of {hx} and {hx}", "On examination I found {findings}", "{study} showed {impression}",
    "I have recommended {lprocedure} and {he} wishes to think it over", "I started {him} on {med}", "My plan is to {plans}",
    "I will see {him} again on {ahead}", "Please call me if you have any questions", "I appreciate the opportunity to take part in {his} care",
    "{He} should continue {drug} under your supervision", "I reviewed the outside films that {he} brought along",
    "In summary, {ldx} that is doing well on present treatment", "A copy of the report of {past} is enclosed",
)  # fmt: skip
PHONE_CALLS = (
    "Caller states {symptom} since yesterday", "Requests refill of {drug}", "Asks about the results of {study}", "Advised to {plan}",
    "Wants an appointment with {md}", "Instructed to go to the ED if {symptom} gets worse", "Pharmacy called for clarification of {med}",
    "{Kin} called, concerned about {symptom}", "Message left on voice mail to call back", "Per {md} increase {drug} and recheck in {n} days",
    "Patient verbalized understanding", "Return call placed at {time}", "Appointment given for {ahead}", "OK to refill x {n}",
    "School note requested", "Prior authorization needed for {drug}",
)  # fmt: skip
PAYER = (
    "We have reviewed the request for {lprocedure} submitted by {Dr}", "Based on the information received, the service is approved from {today} to {ahead}",
    "The requested service does not meet the criteria for medical necessity", "You have the right to appeal this decision within 180 days",
    "This is not a bill", "The amount that you may owe is shown above", "This approval is not a guarantee of payment and depends on eligibility at the time of service",
    "Please have your provider send the clinical records, including imaging and office notes", "If you have questions call Member Services at the number on your card",
    "Benefits are payable according to the terms of your plan", "The claim was processed under your out of network benefit", "A copy of this notice was sent to your provider",
    "Your deductible for the year has been applied", "The diagnosis submitted was {icd}",
)  # fmt: skip
CONSENTING = (
    "I authorize {md} and such assistants as may be selected to perform {lprocedure}", "The nature and purpose of the procedure, possible alternatives, and the risks have been explained to me",
    "I understand that no guarantee has been made as to the results", "I consent to the administration of anesthesia as deemed advisable",
    "I consent to the transfusion of blood and blood products if needed", "I consent to the disposal of any tissue that may be removed",
    "I have had the opportunity to ask questions and they were answered", "Risks include bleeding, infection, injury to nearby structures, and death",
    "Photographs may be taken for medical purposes", "I understand that medical students or residents may take part", "I certify that I have read and understand this form",
    "I may withdraw this consent at any time before the procedure",
)  # fmt: skip
DIRECTING = (
    "I, {fullname}, being of sound mind, make this declaration of my own free will", "I appoint {Kin} as my agent to make health care decisions for me",
    "If my agent cannot serve, I name {Kin} as alternate agent", "If I am in a terminal condition I do not want my dying to be artificially prolonged",
    "I do want medication for comfort and relief of pain", "I do not want cardiopulmonary resuscitation", "I want artificial nutrition and hydration to be withheld",
    "This power shall not be affected by my later incapacity", "I direct that my organs may be donated", "This document revokes any earlier directive",
    "My agent may obtain my medical records", "The witnesses are not related to me by blood or marriage and are not named in this document",
)  # fmt: skip
RELEASING = (
    "I hereby authorize {facility} to disclose the health information described below", "This authorization expires on {ahead} or one year from the date signed",
    "I may revoke this authorization in writing at any time", "Information disclosed may no longer be protected by federal privacy rules",
    "I understand that treatment will not be conditioned on signing", "Records of mental health, HIV and substance abuse treatment are included only if initialed",
    "A copying fee may be charged", "I release the facility from liability for this disclosure", "A photocopy of this form is as valid as the original",
    "The purpose of the disclosure is continuing care",
)  # fmt: skip
