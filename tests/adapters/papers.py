"""Papers for the tests of documents: Word files from their XML, PDF files by hand, both without any program."""

import io
import zipfile
from collections.abc import Mapping, Sequence

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
NAMES = (
    f'{W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
    f'<Override PartName="/word/numbering.xml" ContentType="{_WORD}.numbering+xml"/></Types>'
)
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'

PLAN = (
    "石桥县2027年全民反诈宣传工作方案",
    "为减少电信网络诈骗给群众造成的损失，把防骗知识送进家庭、校园和网点，结合我县实际，制定本方案。",
    "一、工作目标",
    "全县群众反诈知晓率12月31日前达到90%以上，发案数同比下降20%以上。",
    "二、重点任务",
    "（一）村（社区）宣传",
    "1.各村、社区每月至少组织1次集中宣传活动，可以同赶集、文艺演出、志愿服务一起办，讲身边的事，用本地的话，让老人听得懂、记得住。",
    "2.各村、社区悬挂反诈横幅不少于5条，优先挂在路口、集市和公交站点，内容过时或者破损的要及时换新。",
    "（二）校园宣传",
    "各学校每学期召开反诈主题班会不少于2次，覆盖100%的在校学生，并由学生把防骗知识带回家里讲给父母听。",
    "三、工作要求",
    "各乡镇（街道）每月20日前报送工作进展情况表，表中数字由台账生成，各单位核对即可，不另行填写。",
)
"""A plan of the invented county, a paragraph each."""


def pack(parts: Mapping[str, bytes | str]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return written.getvalue()


def relate(targets: Mapping[str, str], mode: str = "") -> str:
    told = f' TargetMode="{mode}"' if mode else ""
    items = (
        f'<Relationship Id="{kind}" Type="{OFFICE}/{kind}" Target="{name}"{told}/>' for kind, name in targets.items()
    )
    return RELATIONS.format("".join(items))


def make_word(body: str, **parts: str) -> bytes:
    """A Word file with this body; further parts by their kind: numbering, styles, footnotes, endnotes."""
    return pack(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": relate({"officeDocument": "word/document.xml"}),
            "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": relate({kind: f"{kind}.xml" for kind in parts}),
            **{f"word/{kind}.xml": f"<w:{kind} {NAMES}>{xml}</w:{kind}>" for kind, xml in parts.items()},
        }
    )


def p(text: str, properties: str = "") -> str:
    told = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{told}{r(text)}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def numbered(text: str, list_id: int = 1, level: int = 0) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def level(at: int, style: str, text: str, more: str = "") -> str:
    start = "" if "<w:start " in more else '<w:start w:val="1"/>'
    return f'<w:lvl w:ilvl="{at}">{start}<w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/>{more}</w:lvl>'


def abstract(name: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{name}">{"".join(levels)}</w:abstractNum>'


def instance(name: int, of: int, more: str = "") -> str:
    return f'<w:num w:numId="{name}"><w:abstractNumId w:val="{of}"/>{more}</w:num>'


def table(*rows: str) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def cell(content: str, properties: str = "") -> str:
    inner = content if content.startswith("<w:") else p(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


A4 = (595, 842)


def make_pdf(
    pages: Sequence[str], encoding: str = "UniGB-UCS2-H", more: Sequence[bytes] = (), resources: str = ""
) -> bytes:
    """A PDF with these content streams and one Chinese font outside the file; ``more`` are objects from number 5 on."""
    font = (
        f"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-{encoding} /Encoding /{encoding} "
        "/DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor 4 0 R >>] >>"
    )
    descriptor = (
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
        "/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
    )
    first = 5 + len(more)
    kids = " ".join(f"{first + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        font.encode(),
        descriptor.encode(),
        *more,
    ]
    for at, content in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {A4[0]} {A4[1]}] /Contents {first + 2 * at + 1} 0 R "
            f"/Resources << /Font << /F1 3 0 R >> {resources} >> >>".encode()
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream".encode())
    return join_pdf(objects)


def join_pdf(objects: Sequence[bytes]) -> bytes:
    """The objects numbered from 1 on with their table; the first is the catalogue."""
    written, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(written)


def show(text: str, left: float, bottom: float, size: float = 16, codec: str = "utf-16-be") -> str:
    """One line of text at its place."""
    return f"BT /F1 {size} Tf {left} {bottom} Td <{text.encode(codec).hex()}> Tj ET\n"


def rule(across: float, height: float, to_across: float, to_height: float) -> str:
    """One drawn line."""
    return f"{across} {height} m {to_across} {to_height} l S\n"


def draw_grid(columns: Sequence[float], rows: Sequence[float]) -> str:
    """The lines around every cell, as whole lines."""
    upright = "".join(rule(at, rows[0], at, rows[-1]) for at in columns)
    return upright + "".join(rule(columns[0], at, columns[-1], at) for at in rows)


def print_plan(paragraphs: Sequence[str] = PLAN, columns: int = 28, size: float = 16, head: str = "") -> bytes:
    """The paragraphs set as offices do: a centred title, two signs of indent, page numbers, 28 signs a line."""
    left, step = 72.0, size * 1.75
    pages, place = [""], 760.0
    for at, paragraph in enumerate(paragraphs):
        for line_at, line in enumerate(_break(paragraph, columns, 0 if at == 0 else 2)):
            if place < 96:
                pages.append("")
                place = 760.0
            big = 22 if at == 0 else size
            start = left + (2 * size if line_at == 0 else 0)
            pages[-1] += show(line, (A4[0] - len(line) * big) / 2 if at == 0 else start, place, big)
            place -= step
    numbered_pages = (
        (show(head, 72, 800, 10) if head else "") + page + show(f"— {number} —", 276, 50, 12)
        for number, page in enumerate(pages, 1)
    )
    return make_pdf(list(numbered_pages))


def _break(text: str, columns: int, indent: int) -> list[str]:
    """Lines of so many signs, all as wide as an ideograph; closing punctuation hangs rather than begins a line."""
    lines = [text[: columns - indent]]
    rest = text[columns - indent :]
    while rest:
        if rest[0] in "，。、；：）":
            lines[-1] += rest[0]
            rest = rest[1:]
            continue
        lines.append(rest[:columns])
        rest = rest[columns:]
    return lines
