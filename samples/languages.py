# ruff: noqa: E501 - a wording a line
"""Papers in other languages than English: what a Spanish, German or French house writes.

No model is trained on them. They show that a paper that cannot be understood is called so, and that nothing
is made up from it.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from backfile.domain.document import SightingKind
from samples.content import Content, Para, Section, SignOff
from samples.facilities import Facility
from samples.families import FamilySplit
from samples.registrar import SamplePatient
from samples.scribe import Scribe


class Language(StrEnum):
    """In which language a paper is."""

    SPANISH = "es"
    GERMAN = "de"
    FRENCH = "fr"


@dataclass(frozen=True, slots=True)
class _Wording:
    labels: dict[str, str]
    months: tuple[str, ...]
    dates: tuple[str, ...]
    """``{d}``, ``{m}``, ``{y}`` numbers, ``{month}`` the month's name."""
    sexes: dict[str, str]
    years: str
    consent: tuple[str, ...]
    """Title, then paragraphs."""
    letter: tuple[str, ...]
    """Title, salutation, then paragraphs."""
    signature: str
    farewell: str


_WORDINGS = {
    Language.SPANISH: _Wording(
        {
            "name": "Nombre del paciente", "mrn": "N.º de historia clínica", "birth_date": "Fecha de nacimiento", "sex": "Sexo",
            "age": "Edad", "age_sex": "Edad/Sexo", "encounter": "N.º de episodio", "service_date": "Fecha", "phone": "Teléfono",
            "address": "Domicilio", "page": "Página", "insurance": "Aseguradora", "policy": "N.º de póliza", "pcp": "Médico de cabecera",
            "contact": "Contacto de emergencia", "ssn": "Seguro social", "mother": "Madre", "mother_mrn": "Historia de la madre",
        },
        ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
        ("{d} de {month} de {y}", "{d} {month} {y}"),
        {"F": "Mujer", "M": "Hombre"},
        "{} años",
        (
            "CONSENTIMIENTO INFORMADO",
            "Declaro que el médico me ha explicado la naturaleza y el propósito de la intervención, sus riesgos y las alternativas.",
            "Autorizo al equipo quirúrgico a realizar el procedimiento y cualquier medida necesaria durante el mismo.",
            "He podido hacer preguntas y todas han sido contestadas de manera satisfactoria.",
            "Puedo retirar este consentimiento en cualquier momento antes de la intervención.",
            "Autorizo la administración de anestesia y de hemoderivados si fuera necesario.",
        ),
        (
            "INFORME MÉDICO",
            "Estimado colega:",
            "Le remito a este paciente, seguido en nuestra consulta desde hace varios meses.",
            "La exploración física no mostró hallazgos de interés y la analítica fue normal.",
            "Se recomienda continuar con el tratamiento habitual y control en tres meses.",
            "La radiografía de tórax no mostró condensaciones ni derrame pleural.",
        ),
        "Firma del paciente o representante",
        "Reciba un cordial saludo",
    ),
    Language.GERMAN: _Wording(
        {
            "name": "Name des Patienten", "mrn": "Patientennummer", "birth_date": "geboren am", "sex": "Geschlecht", "age": "Alter",
            "age_sex": "Alter/Geschlecht", "encounter": "Fallnummer", "service_date": "Datum", "phone": "Telefon", "address": "Anschrift",
            "page": "Seite", "insurance": "Krankenkasse", "policy": "Versichertennummer", "pcp": "Hausarzt", "contact": "Notfallkontakt",
            "ssn": "Sozialversicherung", "mother": "Mutter", "mother_mrn": "Patientennummer der Mutter",
        },
        ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"),
        ("{d:02d}.{m:02d}.{y}", "{d}. {month} {y}"),
        {"F": "weiblich", "M": "männlich"},
        "{} Jahre",
        (
            "EINVERSTÄNDNISERKLÄRUNG",
            "Ich bin über Art und Zweck des Eingriffs, seine Risiken und mögliche Alternativen aufgeklärt worden.",
            "Ich willige in den vorgeschlagenen Eingriff und in notwendige Erweiterungen ein.",
            "Meine Fragen wurden verständlich und vollständig beantwortet.",
            "Ich kann diese Einwilligung jederzeit vor dem Eingriff widerrufen.",
            "Mit der Narkose und der Gabe von Blutprodukten bin ich einverstanden.",
        ),
        (
            "ARZTBRIEF",
            "Sehr geehrte Frau Kollegin, sehr geehrter Herr Kollege,",
            "wir berichten über den Patienten, der sich in unserer Ambulanz vorstellte.",
            "Die körperliche Untersuchung war unauffällig, die Laborwerte lagen im Normbereich.",
            "Wir empfehlen die Fortführung der bisherigen Behandlung und eine Kontrolle in drei Monaten.",
            "Im Röntgenbild der Lunge zeigten sich keine Infiltrate und kein Erguss.",
        ),
        "Unterschrift des Patienten oder gesetzlichen Vertreters",
        "Mit freundlichen kollegialen Grüßen",
    ),
    Language.FRENCH: _Wording(
        {
            "name": "Nom du patient", "mrn": "N° de dossier", "birth_date": "Date de naissance", "sex": "Sexe", "age": "Âge",
            "age_sex": "Âge/Sexe", "encounter": "N° de séjour", "service_date": "Date", "phone": "Téléphone", "address": "Adresse du patient",
            "page": "Feuille", "insurance": "Mutuelle", "policy": "N° d'assuré", "pcp": "Médecin traitant", "contact": "Personne à prévenir",
            "ssn": "Sécurité sociale", "mother": "Mère", "mother_mrn": "Dossier de la mère",
        },
        ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"),
        ("{d} {month} {y}", "{d:02d}.{m:02d}.{y}"),
        {"F": "Féminin", "M": "Masculin"},
        "{} ans",
        (
            "CONSENTEMENT ÉCLAIRÉ",
            "Je reconnais avoir été informé de la nature et du but de l'intervention, de ses risques et des autres possibilités.",
            "J'autorise l'équipe à pratiquer l'acte proposé et toute mesure qui deviendrait nécessaire.",
            "J'ai pu poser toutes mes questions et j'ai reçu des réponses claires.",
            "Je peux retirer mon accord à tout moment avant l'intervention.",
            "J'accepte l'anesthésie et la transfusion de produits sanguins en cas de besoin.",
        ),
        (
            "COMPTE RENDU DE CONSULTATION",
            "Cher confrère, chère consœur,",
            "J'ai reçu votre patient que nous suivons depuis plusieurs mois.",
            "L'examen clinique est sans particularité et le bilan biologique est normal.",
            "Je propose de poursuivre le traitement et de le revoir dans trois mois.",
            "La radiographie du thorax ne montre ni foyer ni épanchement.",
        ),
        "Signature du patient ou de son représentant",
        "Bien confraternellement",
    ),
}  # fmt: skip


class ForeignHand(Scribe):
    """Writes in another language; names, numbers and addresses stay what they are."""

    def __init__(
        self,
        rng: random.Random,
        person: SamplePatient,
        *,
        families: FamilySplit,
        facility: Facility,
        date: dt.date,
        needs_tissue: bool = False,
    ) -> None:
        super().__init__(
            rng, person, families=families, facility=facility, date=date, needs_tissue=needs_tissue
        )
        self.language = rng.choice(list(Language))
        self.words = _WORDINGS[self.language]
        self._dates = rng.choice(self.words.dates)

    def label(self, key: str) -> str:
        """Return the label of a key in the language."""
        return self.words.labels.get(key) or self.words.labels["service_date"]

    def date(
        self, date: dt.date, kind: SightingKind = SightingKind.OTHER_DATE, *, stamp: bool = False
    ) -> str:
        """Return a date as the language writes it: the day before the month."""
        text = self._dates.format(
            d=date.day, m=date.month, y=date.year, month=self.words.months[date.month - 1]
        )
        return self.markup.mark(text, kind, date.isoformat())

    def sex_text(self) -> str:
        """Return the sex in a word."""
        return self.markup.mark(self.words.sexes[self.sex], SightingKind.SEX, self.sex)

    def age_text(self) -> str:
        """Return the age in years."""
        return self.words.years.format(self.age)


def _write_consent(s: Scribe) -> Content:
    """Write a consent that somebody signs."""
    words = _words_of(s)
    title, *lines = words.consent
    chosen = s.rng.sample(lines, s.rng.randint(3, 5))
    paras = tuple(Para(f"{at}. {line}") for at, line in enumerate(chosen, 1))
    sign = SignOff((f"{words.signature}: {s.name('{F} {M} {L}')}", s.service_date()))
    return Content("consent", (Section("", (*paras, sign)),), _date_head(s), title=title)


def _write_letter(s: Scribe) -> Content:
    """Write a letter to a colleague."""
    words = _words_of(s)
    title, greeting, *lines = words.letter
    body = Para(" ".join(s.rng.sample(lines, s.rng.randint(2, 4))))
    sign = SignOff((words.farewell, s.provider(s.physician, form="{F} {L}")))
    sections = (Section("", (body, sign)),)
    return Content("correspondence", sections, _date_head(s), letter=True, opening=(greeting,), title=title)


FOREIGN_WRITERS: dict[str, Callable[[Scribe], Content]] = {
    "consent": _write_consent,
    "correspondence": _write_letter,
}
"""Writers for a ``ForeignHand``, by the type of the document."""


def _words_of(s: Scribe) -> _Wording:
    assert isinstance(s, ForeignHand)
    return s.words


def _date_head(s: Scribe) -> tuple[tuple[str, str], ...]:
    return ((s.label("service_date"), s.service_date()),)
