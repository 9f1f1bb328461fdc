"""Institutions and the people who work there: letterheads, departments, providers with their degrees."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from backfile.domain.patient import Address, PersonName
from samples.families import FamilySplit
from samples.names import draw_name, draw_origin, split_words
from samples.places import draw_address, draw_phone, draw_town

_HEADS = {
    FamilySplit.TRAIN: split_words(
        """
        Mercy Saint_Mary's St._Luke's Good_Samaritan Holy_Cross Lakeside Riverside Northside Memorial Baptist
        Methodist Presbyterian Trinity Providence Sacred_Heart Cedar_Valley Pine_Ridge Summit Valley_View
        Mountain_View Bayfront Coastal Piedmont Blue_Ridge Heartland Prairie Great_Plains Desert_Springs
        Canyon_Creek Golden_Gate Pacific Harbor Lincoln Washington Jefferson Franklin Monroe_County
        Clark_County Union Community Metropolitan University Mid-State Tri-County Northwest Southeastern
        Evergreen Oakwood Maplewood Stonebridge Fairmount Parkview Hillcrest St._Anthony's Our_Lady_of_Grace
        Beth_Israel Mount_Carmel Shepherd_of_the_Hills Veterans Rosewood Kettle_River Twin_Lakes
        """
    ),
    FamilySplit.CALIBRATE: split_words(
        """
        St._Elizabeth Immanuel Crescent_City Granite_Falls Wolf_Creek Cape_Fear Delta Copper_Basin
        Old_Colony Whispering_Pines Eastgate Lake_Erie Santa_Rosa Bluegrass North_Fork Ozark
        """
    ),
    FamilySplit.DEMO: split_words(
        """
        Alder_Point Cathedral_Square St._Brendan's Juniper_Falls Sandhill Westbrook Elk_Horn Mission_Bay
        Tall_Timber Concordia Harmony_Grove King's_Landing Marble_Arch Redstone Sweetwater Greenleaf
        Bright_Harbor Halcyon
        """
    ),
}
_HOSPITALS = split_words(
    """
    Hospital Medical_Center Regional_Medical_Center General_Hospital Community_Hospital Memorial_Hospital
    Health_System Regional_Hospital Healthcare Hospital_&_Clinics Health_Center
    """
)
_PRACTICES = split_words(
    """
    Family_Practice Internal_Medicine_Associates Medical_Group Clinic Physicians Primary_Care
    Pediatric_Associates Cardiology_Consultants Orthopaedic_Specialists Surgical_Associates Women's_Health
    Imaging_Center Gastroenterology,_P.C. Urology_Group Eye_Institute Pain_Center Nephrology_Associates
    """
)
DEPARTMENTS = split_words(
    """
    Department_of_Medicine Department_of_Surgery Emergency_Department Health_Information_Management
    Cardiology_Service Ambulatory_Care Division_of_Gastroenterology Women_and_Infants_Pavilion
    Outpatient_Clinic Perioperative_Services Critical_Care Orthopaedics_&_Rehabilitation Medical/Surgical
    """
)

_DEGREES = {
    "physician": ("MD", "MD", "MD", "M.D.", "M.D.", "DO", "D.O.", "MD, FACP", "MD, PhD", "M.D., F.A.C.S."),
    "nurse": ("RN", "RN", "R.N.", "RN, BSN", "LPN", "LVN", "BSN RN"),
    "advanced": ("NP", "PA-C", "APRN", "ARNP", "FNP-BC", "CNM", "PA", "CRNA", "DNP"),
    "other": ("PharmD", "RPh", "LCSW", "RRT", "RD", "PT", "OTR/L", "MA", "CNA", "RHIT"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facility:
    """An institution as its letterhead shows it."""

    name: str
    short: str
    """Its initials, or its name again."""
    address: Address
    phone: str
    fax: str
    is_hospital: bool = True


@dataclass(frozen=True, slots=True)
class Provider:
    """Somebody who treats patients."""

    name: PersonName
    degree: str
    """With its comma-separated parts, e.g. ``MD, FACP``."""
    role: str
    """``physician``, ``nurse``, ``advanced`` or ``other``."""
    npi: str = ""


def draw_facility(rng: random.Random, families: FamilySplit, *, hospital: bool | None = None) -> Facility:
    """Draw an institution of a set; no two sets share one."""
    town = draw_town(rng)
    is_hospital = rng.random() < 0.65 if hospital is None else hospital
    head = rng.choice(_HEADS[families])
    name = f"{head} {rng.choice(_HOSPITALS if is_hospital else _PRACTICES)}"
    short = "".join(word[0] for word in name.split() if word[0].isupper())
    address = draw_address(rng, town=town)
    while address.street.startswith("PO Box"):
        address = draw_address(rng, town=town)
    address = replace(address, street=address.street.split(" Apt")[0].split(" Lot")[0].split(" Unit")[0])
    phone, fax = draw_phone(rng, area=town[3]), draw_phone(rng, area=town[3])
    return Facility(name, short if len(short) > 2 else name, address, phone, fax, is_hospital)


def draw_provider(rng: random.Random, role: str = "physician") -> Provider:
    """Draw a provider with degrees."""
    sex = rng.choice("FM") if role != "nurse" or rng.random() < 0.2 else "F"
    name = draw_name(rng, sex, origin=draw_origin(rng))
    if len(name.middle) > 1 and rng.random() < 0.7:
        name = replace(name, middle=name.middle[0])
    npi = f"1{rng.randint(0, 999999999):09d}"
    return Provider(name, rng.choice(_DEGREES[role]), role, npi)
