"""Two letters for each document type, as technicians type them; those of shipped types never change."""

from __future__ import annotations

from dataclasses import dataclass

from backfile.domain.document_types import DOCUMENT_TYPES, site_types
from backfile.domain.type_codes import TYPE_CODES

__all__ = ["TYPE_CODES", "TypeChoice", "code_of", "list_types"]


@dataclass(frozen=True, slots=True)
class TypeChoice:
    """One type that can be chosen."""

    name: str
    label: str
    code: str


def list_types() -> list[TypeChoice]:
    """Return every type with its code, by label, the site's own among them."""
    choices = [TypeChoice(name, DOCUMENT_TYPES[name].title, code) for name, code in TYPE_CODES.items()]
    choices += [TypeChoice(type_.name, type_.title, type_.letters) for type_ in site_types().values()]
    return sorted(choices, key=lambda choice: choice.label)


def code_of(name: str) -> str:
    """Return the two letters of a type; "" of one that was taken away."""
    own = site_types().get(name)
    return own.letters if own else TYPE_CODES.get(name, "")
