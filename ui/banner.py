"""The patient banner: on every screen that shows a patient's data, name, birth date, sex and MRN together."""

from __future__ import annotations

import datetime as dt
import html

import streamlit as st

from ui.finding.patients import PatientCard

_STYLE = (
    "display:flex;flex-wrap:wrap;gap:2px 18px;align-items:baseline;padding:7px 12px;border-radius:5px;"
    "border-left:6px solid #1971c2;background:color-mix(in srgb,#1971c2 13%,transparent);"
    "font-variant-numeric:tabular-nums"
)
_SEXES = {"F": "female", "M": "male"}


def show_banner(patient: PatientCard) -> None:
    """Show whose data this is."""
    st.html(banner_html(patient))


def banner_html(patient: PatientCard) -> str:
    """Return the banner; every text in it is escaped."""
    facts = "".join(f"<span>{html.escape(fact)}</span>" for fact in banner_facts(patient))
    name = html.escape(str(patient.name))
    return (
        f'<div role="group" aria-label="Patient" class="patient-banner" style="{_STYLE}">'
        f'<b style="font-size:17px">{name}</b>{facts}</div>'
    )


def banner_facts(patient: PatientCard) -> list[str]:
    """Return what stands beside the name."""
    birth = _write(patient.birth_date)
    facts = [f"born {birth}" if birth else "birth date not known"]
    facts.append(_SEXES.get(patient.sex, patient.sex or "sex not known"))
    facts.append(f"MRN {patient.mrn}" + (f" · {patient.facility}" if patient.facility else ""))
    if patient.death_date:
        facts.append(f"† deceased {_write(patient.death_date)}")
    return facts


def _write(date: dt.date | None) -> str:
    return f"{date:%m/%d/%Y}" if date else ""
