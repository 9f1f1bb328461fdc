"""Judges whether pages can be PDF/A-2b as they look, and puts right what can be without a trace.

Clauses of ISO 19005-2 are named where they apply. No full validator stands behind this: where a rule
cannot be judged here the answer is no, and the document stays a plain PDF. ``./test --all`` has veraPDF
judge the judge.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import ImageCms

from ocr.pdfa_contents import Obstacle, PageParts
from ocr.pdfa_fonts import judge_font, mend_font
from ocr.pdfa_jpx import is_jpx_sound

_PAGE_UNITS = (3.0, 14400.0)
"""Least and greatest side of a page (6.1.13)."""
_BLENDS = {
    "/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten", "/ColorDodge",
    "/ColorBurn", "/HardLight", "/SoftLight", "/Difference", "/Exclusion", "/Hue", "/Saturation", "/Color",
    "/Luminosity",
}  # fmt: skip
_CMYK = {"/DeviceCMYK", "/CMYK"}
_ICC_CHANNELS = {b"GRAY": 1, b"RGB ": 3, b"Lab ": 3, b"CMYK": 4}
_ICC_CLASSES = {b"scnr", b"mntr", b"prtr", b"spac"}
_ICC_HEAD = 128
_ICC_DATE = slice(24, 36)
_FIRST_DAY = struct.pack(">6H", 2026, 1, 1, 0, 0, 0)
"""In the place of the time at which the profile was made: the same pages give the same bytes."""
_MAX_SPACES = 5
"""Depth of colour spaces within colour spaces."""
_NO_IMAGE_ENTRIES = ("/Alternates", "/OPI", "/Metadata")
_TO_RGB = b"{ 1 exch sub 4 1 roll " + 3 * b"1 exch sub 3 index mul 3 1 roll " + b"4 -1 roll pop }"
"""Cyan, magenta, yellow and black on the stack become red, green and blue: R = (1 - C)(1 - K)."""


def judge_parts(parts: PageParts, shown: Sequence[float], *, is_vouched: bool = False) -> set[Obstacle]:
    """Return why a page cannot be PDF/A as it looks; nothing where it can.

    Args:
        parts: what it draws with.
        shown: its box.
        is_vouched: the file that it came from says that it is PDF/A; that counts for what cannot be judged.
    """
    found = set(parts.obstacles)
    sides = (shown[2] - shown[0], shown[3] - shown[1])
    if min(sides) < _PAGE_UNITS[0] or max(sides) > _PAGE_UNITS[1]:
        found.add(Obstacle.CONTENT_UNSUITABLE)
    for use in parts.fonts:
        found |= judge_font(use)
    if is_vouched:
        found.discard(Obstacle.FONT_NOT_JUDGED)
    for image in parts.images:
        found |= _judge_image(image)
    for space in parts.spaces:
        if not _is_space_sound(space):
            found.add(Obstacle.COLOR_UNSUITABLE)
    for state in parts.states:
        if not _is_state_sound(state):
            found.add(Obstacle.CONTENT_UNSUITABLE)
    return found


def mend_parts(pdf: pikepdf.Pdf, parts: PageParts) -> None:
    """Put right what nobody sees: hints and copies that the standard leaves out, LZW, a default for CMYK."""
    for image in parts.images:
        for key in _NO_IMAGE_ENTRIES:
            if key in image:
                del image[key]
        if "/Interpolate" in image:  # 6.2.8
            del image["/Interpolate"]
        if "/LZWDecode" in _filters_of(image):  # 6.1.7.2
            image.write(zlib.compress(image.read_bytes(), 9), filter=Name.FlateDecode)
    for form in parts.forms:
        for key in ("/OPI", "/Metadata", "/PieceInfo", "/Subtype2"):
            if key in form:
                del form[key]
    for use in parts.fonts:
        mend_font(use.font)
    if any(_names_cmyk(space) for space in (*parts.spaces, *(i.get("/ColorSpace") for i in parts.images))):
        default = pdf.make_indirect(_default_cmyk(pdf))
        for resources in parts.resources:
            spaces = Dictionary(resources.get("/ColorSpace", Dictionary()))
            if "/DefaultCMYK" not in spaces:
                spaces.DefaultCMYK = default
                resources.ColorSpace = spaces


def add_output_intent(pdf: pikepdf.Pdf) -> None:
    """Say that colours are sRGB, with the profile that Pillow's colour library makes (6.2.3)."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profile = profile[: _ICC_DATE.start] + _FIRST_DAY + profile[_ICC_DATE.stop :]
    stream = pdf.make_stream(zlib.compress(profile, 9), Filter=Name.FlateDecode, N=3)
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name("/GTS_PDFA1"),
        OutputConditionIdentifier=pikepdf.String("sRGB"),
        Info=pikepdf.String("sRGB IEC61966-2.1"),
        DestOutputProfile=stream,
    )
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])


def _judge_image(image: Any) -> set[Obstacle]:
    found: set[Obstacle] = set()
    filters = _filters_of(image)
    if "/F" in image or "/Crypt" in filters:
        found.add(Obstacle.CONTENT_UNSUITABLE)
    is_jpx = filters == {"/JPXDecode"}
    if "/JPXDecode" in filters and not (is_jpx and is_jpx_sound(image.read_raw_bytes())):
        found.add(Obstacle.CONTENT_UNSUITABLE)
    says_color = "/ColorSpace" in image or not is_jpx  # JPEG 2000 may say it itself
    if says_color and not image.get("/ImageMask") and not _is_space_sound(image.get("/ColorSpace")):
        found.add(Obstacle.COLOR_UNSUITABLE)
    return found


def _filters_of(stream: Any) -> set[str]:
    found = stream.get("/Filter")
    if isinstance(found, Array):
        return {str(name) for name in found}
    return {str(found)} if found is not None else set()


def _is_space_sound(space: Any, depth: int = 0) -> bool:
    """Say whether a colour space is one that PDF/A-2 has, its profile whole (6.2.4)."""
    if isinstance(space, Name):
        # A name that is no device's is that of a resource, which is judged where it stands.
        return True
    if not isinstance(space, Array) or len(space) < 1 or depth > _MAX_SPACES:
        return False
    match str(space[0]):
        case "/DeviceGray" | "/DeviceRGB" | "/DeviceCMYK" | "/CalGray" | "/CalRGB" | "/Lab":
            return True
        case "/ICCBased":
            return len(space) == 2 and _is_profile_sound(space[1])
        case "/Indexed" | "/I" | "/Pattern":
            return len(space) == 1 or _is_space_sound(space[1], depth + 1)
        case "/Separation":
            return len(space) == 4 and _is_space_sound(space[2], depth + 1)
        case _:
            return False


def _is_profile_sound(stream: Any) -> bool:
    """Look at the head of an ICC profile (ICC.1:2010, 7.2): class, colours, version 2 to 4."""
    if not isinstance(stream, pikepdf.Stream):
        return False
    try:
        head = stream.read_bytes()
    except pikepdf.PdfError:
        return False
    return (
        len(head) > _ICC_HEAD
        and int.from_bytes(head[:4], "big") == len(head)
        and 2 <= head[8] <= 4
        and head[12:16] in _ICC_CLASSES
        and _ICC_CHANNELS.get(head[16:20]) == stream.get("/N")
        and head[36:40] == b"acsp"
    )


def _names_cmyk(space: Any, depth: int = 0) -> bool:
    if isinstance(space, Name):
        return str(space) in _CMYK
    if isinstance(space, Array) and depth <= _MAX_SPACES:
        return any(_names_cmyk(part, depth + 1) for part in space if isinstance(part, Name | Array))
    return False


def _default_cmyk(pdf: pikepdf.Pdf) -> Array:
    """Return what CMYK means on a screen, as a colour space (6.2.4.3): each ink takes its share of light."""
    function = pdf.make_stream(_TO_RGB, FunctionType=4, Domain=Array([0, 1] * 4), Range=Array([0, 1] * 3))
    inks = Array([Name.Cyan, Name.Magenta, Name.Yellow, Name.Black])
    return Array([Name.DeviceN, inks, Name.DeviceRGB, function])


def _is_state_sound(state: Any) -> bool:
    """Say whether a graphics state has only what 6.2.5 and 6.2.10 allow."""
    if "/TR" in state or "/HTP" in state or "/HTO" in state:
        return False
    if "/TR2" in state and Name.Default != state.TR2:
        return False
    halftone = state.get("/HT")
    if halftone is not None and halftone != Name.Default:
        return False
    blend = state.get("/BM")
    blends = list(blend) if isinstance(blend, Array) else [blend]
    return all(one is None or str(one) in _BLENDS for one in blends)
