"""What labels on medical forms can mean: whose something is, and what it is."""

from __future__ import annotations

from enum import StrEnum


class Owner(StrEnum):
    """Whom or what a label speaks of."""

    PATIENT = "patient"
    NEWBORN = "newborn"
    """The patient of a newborn's chart, somebody else in the mother's."""
    RELATIVE = "relative"
    MOTHER = "mother"
    PROVIDER = "provider"
    FACILITY = "facility"
    OTHER = "other"
    """An insurer, employer, pharmacy: nothing that we index."""


class Attribute(StrEnum):
    """What a label says is beside it."""

    NAME = "name"
    LAST_NAME = "last_name"
    FIRST_NAME = "first_name"
    MIDDLE_NAME = "middle_name"
    SUFFIX = "suffix"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    AGE = "age"
    SSN = "ssn"
    PHONE = "phone"
    ADDRESS = "address"
    CITY = "city"
    STATE = "state"
    ZIP = "zip"
    MRN = "mrn"
    ENCOUNTER = "encounter"
    OTHER_NUMBER = "other_number"
    SERVICE_DATE = "service_date"
    OTHER_DATE = "other_date"
    ADMISSION_DATE = "admission_date"
    DISCHARGE_DATE = "discharge_date"
    DATE = "date"
    """Of what, is not said."""
    RE = "re"
    """The subject of a letter."""
    SECTION = "section"
    """The heading of a block: "Guarantor information"."""
    STOP = "stop"
    """A label that begins something else: it ends the value before it."""
