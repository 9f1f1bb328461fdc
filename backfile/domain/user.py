"""People who use Backfile."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person may do; the rights of each stand in one table of the screens."""

    SCANNING = "scanning"
    TECHNICIAN = "technician"
    CLINICIAN = "clinician"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class User:
    """One account."""

    id: str
    name: str
    role: Role
    disabled: bool = False
