"""What stands on a form that nobody filled in."""

from __future__ import annotations

from backfile.domain.document import SightingKind
from samples.scribe import Scribe


class EmptyHand(Scribe):
    """Writes nothing but what the printer of the form did: rules stand where answers go."""

    def name(self, order: str = "", *, upper: bool | None = None) -> str:
        """Return a rule."""
        return "_" * 24

    def surname(self) -> str:
        """Return a rule."""
        return "_" * 16

    def mrn(self) -> str:
        """Return a rule."""
        return "_" * 12

    def date(self, date: object, kind: SightingKind = SightingKind.OTHER_DATE, *, stamp: bool = False) -> str:
        """Return the rules of a date."""
        return "___/___/_____"

    def time(self) -> str:
        """Return a rule."""
        return "____"

    def sex_text(self) -> str:
        """Return both letters to circle."""
        return "M   F"

    def markup_sex(self) -> str:
        """Return both letters to circle."""
        return "M   F"

    def age_text(self) -> str:
        """Return a rule."""
        return "____"

    def address(self) -> str:
        """Return a rule."""
        return "_" * 30

    def phone(self) -> str:
        """Return the rules of a telephone number."""
        return "(___) ___-____"

    def ssn(self) -> str:
        """Return the rules of a number."""
        return "___-__-____"

    def account(self) -> str:
        """Return a rule."""
        return "_" * 12

    def patient_address_lines(self) -> tuple[str, ...]:
        """Return two rules."""
        return ("_" * 26, "_" * 26)

    def relative(self, at: int = 0, *, with_relation: bool = True) -> str:
        """Return a rule."""
        return "_" * 22

    def relative_phone(self, at: int = 0) -> str:
        """Return the rules of a telephone number."""
        return "(___) ___-____"

    def provider(self, who: object = None, *, form: str = "") -> str:
        """Return a rule."""
        return "_" * 22

    def doctor(self, who: object = None) -> str:
        """Return a rule after the title."""
        return "Dr. " + "_" * 14

    def draw_number(self, form: str) -> str:
        """Return a rule."""
        return "_" * 10

    def draw_witness(self) -> str:
        """Return a rule."""
        return "_" * 22
