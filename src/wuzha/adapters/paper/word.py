"""The parts of a Word file that papers are made of: runs, paragraphs, rules, fields. East-Asian fonts in every run."""

import math
from dataclasses import dataclass
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from wuzha.adapters.paper.layout import FONTS, RED, Role, find_measure, find_pitch

Element = Any
"""An element of lxml, which is published without types."""
FONT_ATTRIBUTES = ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs")
LEFT, CENTER = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
RIGHT, JUSTIFY = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """How a paragraph is set. Indents in characters of the body, the rest in points."""

    align: WD_ALIGN_PARAGRAPH = JUSTIFY
    first: float = 0
    left: float = 0
    right: float = 0
    line_pt: float | None = None
    before_pt: float = 0
    after_pt: float = 0
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A line along the edge of a paragraph; ``kind`` is a word of Word."""

    size_pt: float
    gap_pt: float = 0
    kind: str = "single"
    color: str = RED


BODY = Set(first=2)
# What must stand behind these in the order of the schema; Word refuses a file that is out of order.
AFTER_GAPS = ("w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:jc", "w:outlineLvl")


def make(tag: str, **attributes: object) -> Element:
    """An element of the namespace ``w`` with attributes of the same."""
    element = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))
    return element


def add_run(paragraph: Paragraph, text: str, role: Role, size_pt: float, *, red: bool = False) -> Run:
    """Word takes the East-Asian font from an attribute of its own, which must stand in every run."""
    run = paragraph.add_run(text)
    run.font.size = Pt(size_pt)
    if size_pt == find_measure("body_pt"):
        # A twentieth closer than the pitch: LibreOffice would round the 28th character over the end of the line.
        spacing = make("spacing", val=math.floor((find_pitch() - size_pt) * 20) - 1)
        run._r.get_or_add_rPr().insert_element_before(spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs")
    run.font.color.rgb = RGBColor.from_string(RED) if red else None
    set_fonts(run._r.get_or_add_rPr().get_or_add_rFonts(), FONTS[role])
    return run


def set_fonts(fonts: Element, name: str) -> None:
    """One font for every script, and none by way of the theme, which would go before it."""
    for attribute in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[attribute]
    for attribute in FONT_ATTRIBUTES:
        fonts.set(qn(attribute), name)
    fonts.set(qn("w:hint"), "eastAsia")


def set_paragraph(paragraph: Paragraph, how: Set) -> Paragraph:
    form = paragraph.paragraph_format
    paragraph.alignment = how.align
    form.space_before, form.space_after = Pt(how.before_pt), Pt(how.after_pt)
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.line_spacing = Pt(how.line_pt or find_measure("pitch_pt"))
    form.keep_with_next = how.keep or None
    form.widow_control = False  # 22 lines fill the page
    _set_indents(paragraph, how)
    # Latin letters and digits stand without a gap beside Chinese, or lines would not hold their 28 characters. Nor are
    # characters put into the cells of the grid one by one: LibreOffice gives two cells to one that is a shade too wide.
    properties = paragraph._p.get_or_add_pPr()
    for tag in ("autoSpaceDE", "autoSpaceDN", "snapToGrid"):
        properties.insert_element_before(make(tag, val="0"), "w:bidi", "w:adjustRightInd", *AFTER_GAPS)
    return paragraph


def _set_indents(paragraph: Paragraph, how: Set) -> None:
    """In characters, as people check it in Word, and in points for programs that do not count characters."""
    values = {"firstLine": how.first, "left": how.left, "right": how.right}
    if not any(values.values()):
        return
    indents = paragraph._p.get_or_add_pPr().get_or_add_ind()
    for name, characters in values.items():
        if characters:
            indents.set(qn(f"w:{name}"), str(round(characters * find_pitch() * 20)))
            if characters > 0 and name != "right":
                indents.set(qn(f"w:{name}Chars"), str(round(characters * 100)))


def add_border(paragraph: Paragraph, edge: str, rule: Rule) -> None:
    """A rule along one edge of the paragraph. Word measures it in eighths of a point, the gap in whole points."""
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    size, space = round(rule.size_pt * 8), min(31, round(rule.gap_pt))
    line = make(edge, val=rule.kind, sz=size, space=space, color=rule.color)
    if borders is not None:
        borders.append(line)
        return
    borders = make("pBdr")
    borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:shd", "w:tabs", "w:autoSpaceDE", *AFTER_GAPS)


def add_field(paragraph: Paragraph, code: str, role: Role, size_pt: float) -> None:
    """A field that Word fills, each of its parts a run with its font."""
    for kind in ("begin", "", "separate", "1", "end"):
        run = add_run(paragraph, "1" if kind == "1" else "", role, size_pt)
        if kind == "":
            instruction = make("instrText")
            instruction.text = f" {code} "
            run._r.append(instruction)
        elif kind != "1":
            run._r.append(make("fldChar", fldCharType=kind))


def set_styles(document: WordDocument) -> None:
    """Whatever a style sets is set in the type of the body; what is typed in later looks as it should."""
    styles = document.styles.element
    for fonts in styles.iter(qn("w:rFonts")):
        set_fonts(fonts, FONTS["fang"])
    for language in styles.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    # The characters of the grid are as wide as the size that stands here.
    for size in styles.find(qn("w:docDefaults")).iter(qn("w:sz"), qn("w:szCs")):
        size.set(qn("w:val"), str(round(find_measure("body_pt") * 2)))
    normal = document.styles["Normal"]
    normal.font.size = Pt(find_measure("body_pt"))
    set_fonts(normal.element.get_or_add_rPr().get_or_add_rFonts(), FONTS["fang"])
