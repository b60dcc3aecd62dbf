"""A paper as .docx in the layout of GB/T 9704-2012: page, grid, type, heads, signature, numbers of pages, 版记.

The type that the standard names is not free; the document names it, and a machine without it shows its own nearest.
"""

import io
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time
from types import MappingProxyType

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm
from docx.text.paragraph import Paragraph as WordParagraph

from wuzha.adapters.paper.docx_picture import add_pictures
from wuzha.adapters.paper.docx_table import add_colophon, add_grid
from wuzha.adapters.paper.layout import (
    LEVEL_ROLES,
    PT_PER_MM,
    Page,
    Role,
    break_title,
    find_mark,
    find_measure,
    find_page,
    find_pitch,
    fit_mark,
    has_signature,
    list_attachments,
    list_marks,
    list_signature,
    list_under_title,
    say_addressee,
)
from wuzha.adapters.paper.picture import Print, prepare_prints, refuse_unfinished
from wuzha.adapters.paper.word import (
    BODY,
    CENTER,
    JUSTIFY,
    LEFT,
    RIGHT,
    Rule,
    Set,
    add_border,
    add_field,
    add_run,
    make,
    set_paragraph,
    set_styles,
)
from wuzha.core.paper.model import (
    Block,
    Grid,
    Heading,
    Paper,
    Paragraph,
    Picture,
    Span,
    join_spans,
    list_rows,
    number_headings,
    say_day,
)

# What stands before the mark of mirrored margins in the settings, by the schema.
BEFORE_MIRROR = frozenset(
    map(
        qn,
        (
            *("w:writeProtection", "w:view", "w:zoom", "w:removePersonalInformation", "w:removeDateAndTime"),
            *("w:doNotDisplayPageBoundaries", "w:displayBackgroundShape", "w:printPostScriptOverText"),
            *("w:printFractionalCharacterWidth", "w:printFormsData", "w:embedTrueTypeFonts", "w:embedSystemFonts"),
            *("w:saveSubsetFonts", "w:saveFormsData"),
        ),
    )
)
NO_PICTURES: Mapping[str, bytes] = MappingProxyType({})


def render_docx(paper: Paper, pictures: Mapping[str, bytes] = NO_PICTURES) -> bytes:
    """The paper as the bytes of a .docx. ``pictures`` holds the photos that it names, by their hashes.

    Raises UnfinishedPaperError where the paper has an error (``check_paper``) or a picture is missing or broken.
    """
    page = find_page(paper)
    prints, problems = prepare_prints(paper, pictures, page.area_mm)
    refuse_unfinished(problems)
    document = docx.Document()
    set_styles(document)
    _set_properties(document, paper)
    _set_page(document.sections[0], page)
    _mirror_margins(document, page)
    _add_page_numbers(document, page)
    _add_head(document, paper, page)
    _add_title(document, paper)
    _add_blocks(document, paper, page, prints)
    _add_end(document, paper)
    _add_annex(document, paper, page, prints)
    add_colophon(document, paper)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _set_properties(document: WordDocument, paper: Paper) -> None:
    """Its title and office. The day is that of the paper, so that the file names no other."""
    properties = document.core_properties
    properties.title, properties.author, properties.comments = paper.title, paper.issuer or paper.signed_by, ""
    properties.language = "zh-CN"
    if paper.signed_on:
        properties.created = properties.modified = datetime.combine(paper.signed_on, time(), UTC)


def _set_page(section: Section, page: Page) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if page.width_mm > page.height_mm else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(page.width_mm), Mm(page.height_mm)
    section.top_margin, section.bottom_margin = Mm(page.top_mm), Mm(page.bottom_mm)
    section.left_margin, section.right_margin = Mm(page.left_mm), Mm(page.right_mm)
    _set_grid(section)


def _mirror_margins(document: WordDocument, page: Page) -> None:
    """订口 is on the right of an even page (5.2.1). A sheet on its side is bound at its head."""
    if page.width_mm > page.height_mm:
        return
    settings = document.settings.element
    before = next((one for one in settings if one.tag not in BEFORE_MIRROR), None)
    mark = make("mirrorMargins")
    if before is None:
        settings.append(mark)
    else:
        before.addprevious(mark)


def _set_grid(section: Section) -> None:
    """22 lines of 28 characters: the pitch of lines in twentieths of a point, and how much each character is moved from
    its own width, in 4096ths of a point (5.2.3)."""
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)
    pitch, space = find_measure("pitch_pt"), find_pitch() - find_measure("body_pt")
    section._sectPr.append(
        make("docGrid", type="linesAndChars", linePitch=round(pitch * 20), charSpace=round(space * 4096))
    )


def _add_page_numbers(document: WordDocument, page: Page) -> None:
    """— 1 — below the type area: on odd pages a character in from the right, on even ones from the left (7.5)."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    bottom = find_measure("letter_rule_bottom_mm")
    section.footer_distance, section.header_distance = Mm(bottom), Mm(min(find_measure("letter_mark_top_mm"), 20))
    size_pt = find_measure("page_number_pt")
    # The dash is in the middle of the line.
    lift_pt = (page.bottom_mm - find_measure("page_number_gap_mm") - bottom) * PT_PER_MM - size_pt / 2
    for footer, align in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        how = Set(align=align, left=align == LEFT, right=align == RIGHT, line_pt=size_pt, after_pt=max(0, lift_pt))
        paragraph = set_paragraph(footer.paragraphs[0], how)
        add_run(paragraph, "— ", "number", size_pt)
        add_field(paragraph, "PAGE", "number", size_pt)
        add_run(paragraph, " —", "number", size_pt)


def _add_line(
    document: WordDocument, text: str, how: Set = BODY, role: Role = "fang", size: str = "body_pt"
) -> WordParagraph:
    paragraph = set_paragraph(document.add_paragraph(), how)
    if text:
        add_run(paragraph, text, role, find_measure(size))
    return paragraph


def _add_blank(document: WordDocument, lines: int = 1) -> None:
    for _ in range(lines):
        _add_line(document, "", Set())


def _add_gap(document: WordDocument, height_pt: float) -> None:
    """An empty line of that height: Word leaves out space before a paragraph at the top of a page."""
    _add_line(document, "", Set(line_pt=height_pt))


def _add_head(document: WordDocument, paper: Paper, page: Page) -> None:
    match paper.worn_head:
        case "red":
            _add_red_head(document, paper)
        case "letter":
            _add_letter_head(document, paper, page)
        case "briefing":
            _add_briefing_head(document, paper)


def _add_mark(paragraph: WordParagraph, paper: Paper, name: str) -> None:
    """发文机关标志 in one line; a long name is narrowed."""
    text = find_mark(paper)
    size_pt, width = fit_mark(text, find_measure(name))
    set_paragraph(paragraph, Set(align=CENTER, line_pt=size_pt * 1.1))
    run = add_run(paragraph, text, "song", size_pt, red=True)
    if width < 100:
        run._r.get_or_add_rPr().insert_element_before(make("w", val=width), "w:kern", "w:position", "w:sz", "w:szCs")


def _add_red_head(document: WordDocument, paper: Paper) -> None:
    """7.2.1 to 7.2.7."""
    marks = list_marks(paper)
    for text, role in marks:
        _add_line(document, text, Set(align=LEFT), role)
    _add_gap(document, find_measure("mark_top_mm") * PT_PER_MM - len(marks) * find_measure("pitch_pt"))
    _add_mark(document.add_paragraph(), paper, "mark_pt")
    _add_blank(document, 2)
    number = _add_number(document, paper)
    add_border(number, "bottom", Rule(find_measure("rule_pt"), find_measure("rule_gap_mm") * PT_PER_MM))
    _add_blank(document, 2)


def _add_number(document: WordDocument, paper: Paper) -> WordParagraph:
    """In the middle; of a paper that goes upwards a character in from the left, with who signed it (7.2.5, 7.2.6)."""
    if not paper.marks.approved_by:
        return _add_line(document, paper.number, Set(align=CENTER))
    line = _add_line(document, f"　{paper.number}\t签发人：", Set(align=LEFT))
    add_run(line, f"{paper.marks.approved_by}　", "kai", find_measure("body_pt"))
    line.paragraph_format.tab_stops.add_tab_stop(Mm(find_measure("area_width_mm")), WD_TAB_ALIGNMENT.RIGHT)
    return line


def _add_letter_head(document: WordDocument, paper: Paper, page: Page) -> None:
    """10.1: the mark 30 mm below the edge, a double rule below it and one at the foot, no number on this page."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.header_distance = Mm(find_measure("letter_mark_top_mm"))
    header, footer = section.first_page_header, section.first_page_footer
    _add_mark(header.paragraphs[0], paper, "letter_mark_pt")
    gap_pt = find_measure("letter_rule_gap_mm") * PT_PER_MM
    _add_double_rule(header.add_paragraph(), page, "thickThinSmallGap", before_pt=gap_pt)
    _add_double_rule(footer.paragraphs[0], page, "thinThickSmallGap")
    # A line of the body has this much air above its characters already.
    air_pt = (find_measure("pitch_pt") - find_measure("body_pt")) / 2
    _add_gap(document, find_measure("letter_number_gap_pt") - air_pt)
    _add_letter_number(document, paper)
    _add_blank(document, 2)


def _add_letter_number(document: WordDocument, paper: Paper) -> None:
    """The number at the right; the first of the marks stands in its line."""
    marks = list_marks(paper)
    if marks:
        line = _add_line(document, marks[0][0], Set(align=LEFT), marks[0][1])
        add_run(line, f"\t{paper.number}", "fang", find_measure("body_pt"))
        line.paragraph_format.tab_stops.add_tab_stop(Mm(find_measure("area_width_mm")), WD_TAB_ALIGNMENT.RIGHT)
    elif paper.number:
        _add_line(document, paper.number, Set(align=RIGHT))
    for text, role in marks[1:]:
        _add_line(document, text, Set(align=LEFT), role)


def _add_double_rule(paragraph: WordParagraph, page: Page, kind: str, before_pt: float = 0) -> None:
    """170 mm in the middle of the sheet, which is wider than the type area."""
    set_paragraph(paragraph, Set(line_pt=1, before_pt=before_pt))
    side_mm = (page.width_mm - find_measure("letter_rule_length_mm")) / 2
    form = paragraph.paragraph_format
    form.left_indent, form.right_indent = Mm(side_mm - page.left_mm), Mm(side_mm - page.right_mm)
    add_border(paragraph, "top", Rule(find_measure("thick_pt") + find_measure("thin_pt"), kind=kind))


def _add_briefing_head(document: WordDocument, paper: Paper) -> None:
    """报头, as offices print it: name, number, who made it and when, a red rule."""
    _add_gap(document, find_measure("pitch_pt"))
    _add_mark(document.add_paragraph(), paper, "briefing_mark_pt")
    _add_gap(document, find_measure("body_pt"))
    _add_line(document, paper.number, Set(align=CENTER))
    _add_gap(document, find_measure("body_pt"))
    line = _add_line(
        document, f"{paper.issuer}\t{say_day(paper.signed_on) if paper.signed_on else ''}", Set(align=LEFT)
    )
    line.paragraph_format.tab_stops.add_tab_stop(Mm(find_measure("area_width_mm")), WD_TAB_ALIGNMENT.RIGHT)
    add_border(line, "bottom", Rule(find_measure("briefing_rule_pt"), 4))
    _add_blank(document)


def _add_title(document: WordDocument, paper: Paper) -> None:
    for line in break_title(paper.title):
        how = Set(align=CENTER, line_pt=find_measure("title_pitch_pt"), keep=True)
        _add_line(document, line, how, "song", "title_pt")
    for text in list_under_title(paper):
        _add_line(document, text, Set(align=CENTER), "kai")
    _add_blank(document)
    if paper.addressee:
        _add_line(document, say_addressee(paper), Set(align=JUSTIFY))


def _add_blocks(document: WordDocument, paper: Paper, page: Page, prints: Mapping[str, Print]) -> None:
    rows = list(list_rows(number_headings(paper.blocks)))
    for number, (label, row) in enumerate(rows):
        # What closes the paper never stands on a page alone.
        keep = number == len(rows) - 1 and bool(paper.attachments or has_signature(paper))
        _add_row(document, (label, row), page, prints, keep=keep)


def _add_row(
    document: WordDocument,
    labelled: tuple[str, tuple[Block, ...]],
    page: Page,
    prints: Mapping[str, Print],
    *,
    keep: bool = False,
) -> None:
    label, row = labelled
    match row[0]:
        case Heading() as block:
            _add_heading(document, label, block)
        case Paragraph() as block:
            _add_line(document, join_spans(block.spans), Set(first=2, keep=keep))
        case Grid() as block:
            add_grid(document, block, page.area_mm)
        case Picture():
            pictures = [block for block in row if isinstance(block, Picture)]
            add_pictures(document, pictures, prints, page.area_mm)


def _add_heading(document: WordDocument, label: str, heading: Heading) -> None:
    role = LEVEL_ROLES[heading.level - 1]
    paragraph = _add_line(document, f"{label}{heading.text}", Set(first=2, keep=not heading.run_on), role)
    _add_spans(paragraph, heading.run_on)
    paragraph._p.get_or_add_pPr().append(make("outlineLvl", val=heading.level - 1))


def _add_spans(paragraph: WordParagraph, spans: Iterable[Span]) -> None:
    if text := join_spans(spans):
        add_run(paragraph, text, "fang", find_measure("body_pt"))


def _add_end(document: WordDocument, paper: Paper) -> None:
    for number, text in enumerate(list_attachments(paper)):
        if number == 0:
            _add_line(document, "", Set(keep=True))
        _add_line(document, text if number else f"附件：{text}", _set_attachment(number, paper))
    if has_signature(paper):
        _add_signature(document, paper)


def _add_annex(document: WordDocument, paper: Paper, page: Page, prints: Mapping[str, Print]) -> None:
    """7.3.6: on a page of its own, 附件 at the top left, its title in the third line."""
    if not paper.annex:
        return
    mark = _add_line(document, "附件", Set(align=LEFT), "hei")
    mark.paragraph_format.page_break_before = True
    _add_blank(document)
    for row in list_rows(("", block) for block in paper.annex):
        _add_row(document, row, page, prints)


def _set_attachment(number: int, paper: Paper) -> Set:
    """What goes over a line begins below the first character of the name, not below 附件."""
    own = 1 if len(paper.attachments) > 1 else 0
    return Set(left=5 + own, first=-own if number else -3 - own, align=LEFT, keep=has_signature(paper))


def _add_signature(document: WordDocument, paper: Paper) -> None:
    for _ in range(2 if paper.sealed else 1):
        _add_line(document, "", Set(keep=True))
    for text, right in list_signature(paper):
        _add_line(document, text, Set(align=RIGHT, right=right, keep=text == paper.signed_by))
