# ruff: noqa: E501 - a design a line
"""Page designs: how documents of a family look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from samples.designs import calibrate, cards, demo, train
from samples.designs.columns import Frame
from samples.designs.draft import Draft, Entry, Head
from samples.designs.flow import Flow
from samples.designs.style import Faces, SectionStyle, Style, draw_style
from samples.families import FamilySplit
from samples.sheet import Sheet

__all__ = [
    "DESIGNS",
    "Design",
    "Draft",
    "Entry",
    "Flow",
    "Frame",
    "Head",
    "Style",
    "designs_for",
    "draw_style",
]

_S = SectionStyle
_ALL = tuple(SectionStyle)
_PROPORTIONAL = (Faces.SANS, Faces.SANS, Faces.SERIF, Faces.WIDE)
_MONO = (Faces.MONO,)


@dataclass(frozen=True, slots=True)
class Design:
    """One way to lay a page out."""

    name: str
    families: FamilySplit
    open_page: Callable[[Draft, Sheet, int], list[Frame]]
    """Prints the head of a page (numbered from 1) and returns where text may stand."""
    faces: tuple[Faces, ...] = _PROPORTIONAL
    sections: tuple[SectionStyle, ...] = _ALL
    close_page: Callable[[Draft, Sheet, int, int], None] | None = None
    """Prints the foot once the number of pages is known."""
    narrow: bool = False
    """Has no room for grids."""
    is_letter: bool = False
    is_card: bool = False
    foot_has_patient: bool = False


_T, _C, _D = FamilySplit.TRAIN, FamilySplit.CALIBRATE, FamilySplit.DEMO
_LETTER = (_S.BOLD, _S.PLAIN, _S.UNDERLINED, _S.INLINE)

DESIGNS: dict[str, Design] = {
    design.name: design
    for design in (
        Design("boxed_form", _T, train.open_boxed_form, sections=(_S.BOXED, _S.BAR, _S.BOLD)),
        Design("header_band", _T, train.open_header_band, foot_has_patient=True),
        Design("dictated_letter", _T, train.open_dictated_letter, (Faces.SERIF, Faces.SANS, Faces.MONO), _LETTER, is_letter=True, narrow=True),
        Design("typewriter", _T, train.open_typewriter, _MONO, (_S.PLAIN, _S.UNDERLINED, _S.INLINE, _S.BOLD)),
        Design("sticker_right", _T, train.open_sticker_right),
        Design("lab_print", _T, train.open_lab_print, (Faces.SANS, Faces.MONO, Faces.WIDE)),
        Design("two_column", _T, train.open_two_column, sections=(_S.BOLD, _S.RULED, _S.INLINE), narrow=True),
        Design("footer_ids", _T, train.open_footer_ids, close_page=train.close_footer_ids),
        Design("emr_print", _T, train.open_emr_print, (Faces.SANS, Faces.WIDE), (_S.BOLD, _S.RULED, _S.BAR)),
        Design("plain_note", _T, train.open_plain_note, (Faces.SERIF, Faces.SANS, Faces.MONO)),
        Design("shaded_strip", _C, calibrate.open_shaded_strip, sections=(_S.RULED, _S.BAR, _S.BOLD)),
        Design("memo_sheet", _C, calibrate.open_memo_sheet, (Faces.SERIF, Faces.SANS), _LETTER, is_letter=True),
        Design("imprint_card", _C, calibrate.open_imprint_card),
        Design("side_panel", _C, calibrate.open_side_panel, sections=(_S.BOLD, _S.RULED, _S.UNDERLINED), narrow=True),
        Design("corner_table", _D, demo.open_corner_table, foot_has_patient=True),
        Design("dot_matrix", _D, demo.open_dot_matrix, _MONO, (_S.PLAIN, _S.INLINE, _S.BOLD)),
        Design("fill_in_form", _D, demo.open_fill_in_form, close_page=demo.close_fill_in_form),
        Design("sticker_left", _D, demo.open_sticker_left),
        Design("title_bar", _D, demo.open_title_bar, (Faces.SANS, Faces.WIDE), (_S.BOLD, _S.RULED, _S.MARGIN)),
        Design("ruled_letter", _D, demo.open_ruled_letter, (Faces.SERIF, Faces.SANS), _LETTER, is_letter=True, narrow=True),
        Design("card_top", _T, cards.open_card_top, is_card=True, narrow=True),
        Design("card_side_by_side", _T, cards.open_card_side_by_side, is_card=True, narrow=True),
        Design("card_corner", _T, cards.open_card_corner, is_card=True, narrow=True),
        Design("card_enlarged", _T, cards.open_card_enlarged, is_card=True, narrow=True),
        Design("card_sticker", _C, cards.open_card_sticker, is_card=True, narrow=True),
        Design("card_low", _C, cards.open_card_low, is_card=True, narrow=True),
        Design("card_between_rules", _C, cards.open_card_between_rules, is_card=True, narrow=True),
        Design("card_stacked", _D, cards.open_card_stacked, is_card=True, narrow=True),
        Design("card_alone", _D, cards.open_card_alone, is_card=True, narrow=True),
        Design("card_check_sheet", _D, cards.open_card_check_sheet, is_card=True, narrow=True),
        Design("card_true_size", _D, cards.open_card_true_size, is_card=True, narrow=True),
        Design("card_page_foot", _D, cards.open_card_page_foot, is_card=True, narrow=True),
    )
}  # fmt: skip
"""Every page design by its name."""

_GRIDS = {"anesthesia_record", "flowsheet", "medication_administration"}


def designs_for(type_name: str, families: FamilySplit) -> tuple[Design, ...]:
    """Return the designs of a set in which documents of a type come."""
    return tuple(
        d
        for d in DESIGNS.values()
        if d.families is families
        and d.is_card == (type_name == "insurance_card")
        and not (d.narrow and type_name in _GRIDS)
        and not (d.is_letter and type_name in _GRIDS | {"face_sheet", "consent", "ecg_report"})
    )
