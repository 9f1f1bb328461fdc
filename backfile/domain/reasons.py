"""Why a file, page or document is where it is: a stable code for programs, a sentence for people."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Stable codes; the sentences in ``REASON_TEXTS`` may be reworded, a code never changes."""

    # files
    DUPLICATE_FILE = "duplicate_file"
    EMPTY_FILE = "empty_file"
    NOT_A_DOCUMENT = "not_a_document"
    ENCRYPTED = "encrypted"
    BROKEN_FILE = "broken_file"
    INCOMPLETE_FILE = "incomplete_file"
    FILE_TOO_LARGE = "file_too_large"
    TOO_MANY_PAGES = "too_many_pages"
    PAGE_TOO_LARGE = "page_too_large"
    UNSUPPORTED_IMAGE = "unsupported_image"
    NO_PAGES = "no_pages"
    TOOK_TOO_LONG = "took_too_long"
    # pages
    PAGE_UNREADABLE = "page_unreadable"
    BLANK_PAGE = "blank_page"
    SEPARATOR_SHEET = "separator_sheet"
    # documents filed
    MRN_AND_BIRTH_DATE = "mrn_and_birth_date"
    MRN_AND_NAME = "mrn_and_name"
    ENCOUNTER_AND_BIRTH_DATE = "encounter_and_birth_date"
    ENCOUNTER_AND_NAME = "encounter_and_name"
    NAME_BIRTH_DATE_AND_THIRD = "name_birth_date_and_third"
    RARE_NAME_AND_BIRTH_DATE = "rare_name_and_birth_date"
    HEADER_SHEET = "header_sheet"
    CONFIRMED_BY_PERSON = "confirmed_by_person"
    # documents for a person
    NO_IDENTIFIERS = "no_identifiers"
    NOT_IN_INDEX = "not_in_index"
    TOO_FEW_IDENTIFIERS = "too_few_identifiers"
    PAGE_UNBOUND = "page_unbound"
    PAGES_DISAGREE = "pages_disagree"
    CONFLICT_BIRTH_DATE = "conflict_birth_date"
    CONFLICT_MRN = "conflict_mrn"
    CONFLICT_ENCOUNTER = "conflict_encounter"
    CONFLICT_FIRST_NAME = "conflict_first_name"
    CONFLICT_LAST_NAME = "conflict_last_name"
    CONFLICT_SUFFIX = "conflict_suffix"
    CONFLICT_SSN = "conflict_ssn"
    CONFLICT_SEX = "conflict_sex"
    SERVICE_BEFORE_BIRTH = "service_before_birth"
    SERVICE_OUTSIDE_ENCOUNTER = "service_outside_encounter"
    SEVERAL_CANDIDATES = "several_candidates"
    TWIN_OR_NAMESAKE = "twin_or_namesake"
    NEWBORN = "newborn"
    PLACEHOLDER_NAME = "placeholder_name"
    FOREIGN_NUMBER = "foreign_number"
    NUMBER_NOT_EXACT = "number_not_exact"
    REVIEW_ONLY_PATIENT = "review_only_patient"
    NUMBER_SUSPECT = "number_suspect"
    SUSPECTED_DUPLICATE = "suspected_duplicate"
    STRATUM_STOPPED = "stratum_stopped"
    NOT_SHOWN_YET = "not_shown_yet"
    CHECK_DIFFERS = "check_differs"
    INDEX_CHANGED = "index_changed"
    LOW_PROBABILITY = "low_probability"
    DOUBTFUL_BOUNDARY = "doubtful_boundary"
    STRAY_PAGE = "stray_page"
    EXTENDS_EARLIER_FILE = "extends_earlier_file"
    HEADER_SHEET_REUSED = "header_sheet_reused"
    HEADER_SHEET_UNKNOWN = "header_sheet_unknown"
    HEADER_SHEET_CHANGED = "header_sheet_changed"
    HEADER_SHEET_UNCLEAR = "header_sheet_unclear"
    HEADER_SHEET_ORDER = "header_sheet_order"
    SPLIT_BY_PERSON = "split_by_person"
    NOW_REGISTERED = "now_registered"
    UNDONE = "undone"
    # documents that a person set aside or removed
    SCAN_REQUESTED = "scan_requested"
    NOT_REGISTERED = "not_registered"
    REMOVED_NOT_A_RECORD = "removed_not_a_record"
    REMOVED_DUPLICATE = "removed_duplicate"
    REMOVED_SUPERSEDED = "removed_superseded"
    REMOVED_BY_PERSON = "removed_by_person"
    SPLIT_UNDONE = "split_undone"
    READ_AGAIN = "read_again"
    STEP_FAILED = "step_failed"


REASON_TEXTS: dict[Reason, str] = {
    Reason.DUPLICATE_FILE: "The same file was received before; this copy was linked to it and not processed again.",
    Reason.EMPTY_FILE: "The file is empty (0 bytes). Scan the pages again.",
    Reason.NOT_A_DOCUMENT: "This is not a PDF, TIFF, JPEG, PNG, WebP or HEIC file. Save the scan as one of these and drop it again.",
    Reason.ENCRYPTED: "The file is locked with a password. Remove the password and drop it again.",
    Reason.BROKEN_FILE: "The file is damaged and none of its pages can be opened. Scan the pages again.",
    Reason.INCOMPLETE_FILE: "The file stayed incomplete: its end is missing. Check that the scanner finished, and scan again.",
    Reason.FILE_TOO_LARGE: "The file is larger than the limit. Scan the chart in smaller parts.",
    Reason.TOO_MANY_PAGES: "The file has more pages than the limit. Scan the chart in smaller parts.",
    Reason.PAGE_TOO_LARGE: "A page of the file is larger than any paper. Check the scanner's page size and scan again.",
    Reason.UNSUPPORTED_IMAGE: "The image is stored in a way that is not read (such as 12 bits a colour). Save it as an ordinary TIFF, JPEG or PNG, and drop it again.",
    Reason.NO_PAGES: "The file has no pages. Scan the pages again.",
    Reason.TOOK_TOO_LONG: "Opening the file took longer than the limit, so it was stopped. Scan the pages again.",
    Reason.PAGE_UNREADABLE: "This page could not be read. Look at the page, or scan it again.",
    Reason.BLANK_PAGE: "Nothing is printed or written on this page; it was set aside and can be viewed.",
    Reason.SEPARATOR_SHEET: "This is a separator sheet; it parts the documents before and after it.",
    Reason.MRN_AND_BIRTH_DATE: "MRN and birth date agree with exactly one patient.",
    Reason.MRN_AND_NAME: "MRN and name agree with exactly one patient.",
    Reason.ENCOUNTER_AND_BIRTH_DATE: "The encounter number and birth date agree with exactly one patient.",
    Reason.ENCOUNTER_AND_NAME: "The encounter number and name agree with exactly one patient.",
    Reason.NAME_BIRTH_DATE_AND_THIRD: "Name, birth date and a third fact agree with exactly one patient.",
    Reason.RARE_NAME_AND_BIRTH_DATE: "A rare name and the birth date agree with exactly one patient.",
    Reason.HEADER_SHEET: "The pages lie under this patient's chart header sheet, and an identifier agrees.",
    Reason.CONFIRMED_BY_PERSON: "A technician confirmed the patient.",
    Reason.NO_IDENTIFIERS: "No patient identifier was found on the pages.",
    Reason.NOT_IN_INDEX: "No patient of the index fits what is on the pages.",
    Reason.TOO_FEW_IDENTIFIERS: "Too few identifiers agree to be sure of the patient.",
    Reason.PAGE_UNBOUND: "A page bears nothing that ties it to the patient of the other pages.",
    Reason.PAGES_DISAGREE: "The pages bear identifiers of more than one person.",
    Reason.CONFLICT_BIRTH_DATE: "The birth date differs from the patient's.",
    Reason.CONFLICT_MRN: "The MRN differs from the patient's.",
    Reason.CONFLICT_ENCOUNTER: "The account or encounter number was given to another patient.",
    Reason.CONFLICT_FIRST_NAME: "The first name differs from the patient's.",
    Reason.CONFLICT_LAST_NAME: "The last name differs from the patient's, and no other name is recorded.",
    Reason.CONFLICT_SUFFIX: "The suffix (Jr, Sr, II) differs from the patient's.",
    Reason.CONFLICT_SSN: "The last four digits of the SSN differ from the patient's.",
    Reason.CONFLICT_SEX: "Sex and first name differ from the patient's.",
    Reason.SERVICE_BEFORE_BIRTH: "The service date lies before the patient's birth.",
    Reason.SERVICE_OUTSIDE_ENCOUNTER: "The service date lies outside the dates of the encounter whose number the page bears.",
    Reason.SEVERAL_CANDIDATES: "More than one patient fits.",
    Reason.TWIN_OR_NAMESAKE: "A twin, a Jr/Sr or a namesake of the patient could also be meant.",
    Reason.NEWBORN: "Newborn: the infant's own MRN and birth date are needed, with no identifier of the mother.",
    Reason.PLACEHOLDER_NAME: "The name is a placeholder (such as Baby Boy or Doe), not a person's name.",
    Reason.FOREIGN_NUMBER: "The number belongs to another institution, so it does not identify a patient here.",
    Reason.NUMBER_NOT_EXACT: "The MRN could not be read for certain.",
    Reason.REVIEW_ONLY_PATIENT: "The patient's index entry has no birth date, so a person must decide.",
    Reason.NUMBER_SUSPECT: "Two index entries claim this MRN, so it identifies nobody.",
    Reason.SUSPECTED_DUPLICATE: "The index has this person probably twice; until the records are merged, a person must say which is meant.",
    Reason.STRATUM_STOPPED: "A document of this kind was filed under a wrong patient, so a person decides until an administrator lifts the stop.",
    Reason.NOT_SHOWN_YET: "This home's checked documents do not show yet that such a document may be filed unaided.",
    Reason.CHECK_DIFFERS: "A quality check found another patient than the one it was filed under.",
    Reason.INDEX_CHANGED: "The patient's entry in the index was changed, merged or parted since it was filed; a person must look again.",
    Reason.LOW_PROBABILITY: "The best candidate is not certain enough.",
    Reason.DOUBTFUL_BOUNDARY: "It is not certain where the document begins or ends.",
    Reason.STRAY_PAGE: "It lay in the middle of another patient's document and bears somebody else's identifiers; it was split off.",
    Reason.EXTENDS_EARLIER_FILE: "A file of the same name came minutes before with fewer pages; some pages may be there twice.",
    Reason.UNDONE: "A decision was undone; the document waits for a new one.",
    Reason.HEADER_SHEET_REUSED: "The chart header sheet over these pages was scanned before, or is a copy: it identifies nobody.",
    Reason.HEADER_SHEET_UNKNOWN: "The chart header sheet over these pages was not printed here, or its patient is no longer in the index.",
    Reason.HEADER_SHEET_CHANGED: "The patient's index entry was changed since the chart header sheet over these pages was printed.",
    Reason.HEADER_SHEET_UNCLEAR: "The sheet over these pages cannot be relied on: its barcodes are not one sheet's, or could not be read.",
    Reason.HEADER_SHEET_ORDER: "Chart header sheets lie on each other or at the end of the file: sheets and pages may be in the wrong order.",
    Reason.SPLIT_BY_PERSON: "A technician split it from other pages; each part is decided on its own.",
    Reason.NOW_REGISTERED: "A technician found the patient not registered; one who fits was registered since.",
    Reason.SCAN_REQUESTED: "A technician asks for a new scan of these pages. Scan them again, and drop the new file.",
    Reason.NOT_REGISTERED: "A technician says the patient is not in the index; it is matched again when patients are imported.",
    Reason.REMOVED_NOT_A_RECORD: "A technician says it is no part of a medical record; it is kept and can be viewed.",
    Reason.REMOVED_DUPLICATE: "A technician says the same pages are in the chart already; it is kept and can be viewed.",
    Reason.REMOVED_SUPERSEDED: "A technician says a better scan took its place; it is kept and can be viewed.",
    Reason.SPLIT_UNDONE: "Its split was undone; its pages are back in the document that they came from.",
    Reason.REMOVED_BY_PERSON: "A person removed it from the chart; it is kept and can be viewed.",
    Reason.READ_AGAIN: "Its pages were read again; a newer document holds them.",
    Reason.STEP_FAILED: "A step failed three times. Use retry, or look at the pages.",
}


SET_ASIDE = frozenset({Reason.SCAN_REQUESTED, Reason.NOT_REGISTERED})
"""Why a document waits that no technician can settle: for the scanner, or for the registration."""


def reason_text(reason: Reason | str | None) -> str | None:
    """Return the sentence for a code; None for none."""
    return None if reason is None else REASON_TEXTS[Reason(reason)]
