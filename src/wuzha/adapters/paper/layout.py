"""The measures of an official paper as data, and the few that follow from them: one table for Word and for PDF."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

import yaml

from wuzha.core.paper.model import Grid, Paper, say_day

Strength = Literal["规定", "推荐", "实务"]
Role = Literal["song", "hei", "kai", "fang", "number"]
PT_PER_MM = 72 / 25.4

FONTS: Mapping[Role, str] = MappingProxyType(
    {
        "song": "方正小标宋简体",  # 7.2.4, 7.3.1: titles and marks
        "hei": "黑体",  # 7.3.3: headings of the first level
        "kai": "楷体_GB2312",  # 7.3.3: of the second
        "fang": "仿宋_GB2312",  # 5.2.2: everything else
        "number": "宋体",  # 7.5: numbers of pages
    }
)
LEVEL_ROLES: tuple[Role, ...] = ("hei", "kai", "fang", "fang")
RED = "FF0000"


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: its value in the unit that its name ends with, and how binding it is."""

    value: float
    strength: Strength
    clause: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page and its type area in millimetres; ``left`` and ``right`` are those of an odd page."""

    width_mm: float
    height_mm: float
    top_mm: float
    bottom_mm: float
    left_mm: float
    right_mm: float

    @property
    def area_mm(self) -> float:
        return self.width_mm - self.left_mm - self.right_mm


@dataclass(frozen=True, slots=True)
class Signature:
    """How far signature and date stand from the right edge of the type area, in characters."""

    signed_by: float
    signed_on: float


@cache
def load_measures() -> Mapping[str, Measure]:
    """Every measure by its name."""
    text = files("wuzha.adapters.paper").joinpath("layout.yaml").read_text(encoding="utf-8")
    return MappingProxyType({name: Measure(**words) for name, words in yaml.safe_load(text).items()})


def find_measure(name: str) -> float:
    """The value of a measure of ``layout.yaml``. Raises KeyError where there is none of that name."""
    return load_measures()[name].value


def find_page(paper: Paper) -> Page:
    """A4 upright; the monthly table lies on its side, its head at the binding (7.3.6)."""
    width, height = find_measure("paper_width_mm"), find_measure("paper_height_mm")
    top, left = find_measure("top_mm"), find_measure("binding_mm")
    bottom = height - top - find_measure("area_height_mm")
    right = width - left - find_measure("area_width_mm")
    if paper.form == "monthly-table":
        return Page(height, width, left, right, bottom, top)
    return Page(width, height, top, bottom, left, right)


def find_pitch() -> float:
    """Points from character to character: 28 of them fill the width of the type area."""
    return find_measure("area_width_mm") * PT_PER_MM / find_measure("characters")


def find_mark(paper: Paper) -> str:
    """发文机关标志: the issuer with 文件 behind it on a red head, alone on a letter; the name of a briefing."""
    if paper.masthead:
        return paper.masthead
    if paper.worn_head == "briefing":
        return "工作简报"
    return f"{paper.issuer}文件" if paper.worn_head == "red" and paper.issuer else paper.issuer


def fit_mark(text: str, size_pt: float) -> tuple[float, int]:
    """Size and width in per cent of the type of a mark that has to fit one line; below the least size it narrows."""
    room_pt = find_measure("area_width_mm") * PT_PER_MM
    least_pt = min(size_pt, find_measure("mark_least_pt"))
    size_pt = max(least_pt, min(size_pt, math.floor(room_pt / max(1.0, measure_text(text)))))
    return size_pt, min(100, math.floor(100 * room_pt / max(1.0, measure_text(text) * size_pt)))


def measure_text(text: str) -> float:
    """The length in characters of full width; Latin letters and digits are half of one."""
    return sum(0.5 if ord(sign) < 0x2E80 and sign not in "〔〕“”—" else 1 for sign in text)


# A line of a title ends behind these or before those, sooner than in the middle of a word.
_END = re.compile(r"(?<=[、，的和与及》”])|(?=关于|开展|加强|进一步|工作|情况|的通知|的通报|《|“)")


def break_title(title: str) -> tuple[str, ...]:
    """The lines of a title: as even as whole words allow (7.3.1: 词意完整、排列对称、长短适宜)."""
    room = math.floor(find_measure("area_width_mm") * PT_PER_MM / find_measure("title_pt"))
    lines = math.ceil(measure_text(title) / room)
    if lines < 2:
        return (title,)
    ends = [found.start() for found in _END.finditer(title) if 0 < found.start() < len(title)]
    first = _choose_end(title, ends, room, lines)
    return (title[:first], *break_title(title[first:]))


def _choose_end(title: str, ends: list[int], room: int, lines: int) -> int:
    """Where the first of so many lines ends: near its even share, between words where one of them is near."""
    share = measure_text(title) / lines
    fits = [end for end in range(1, len(title)) if measure_text(title[:end]) <= room]
    natural = [end for end in ends if end in fits and abs(measure_text(title[:end]) - share) <= room / 4]
    left = [end for end in natural if measure_text(title[end:]) <= room * (lines - 1)]
    return min(left or natural or fits or [1], key=lambda end: abs(measure_text(title[:end]) - share))


def place_signature(paper: Paper) -> Signature:
    """7.3.5.1 with a seal: the date four characters in, the signature centred above it.

    7.3.5.2 without: the signature two characters in, the date beginning two to the right of it; never nearer to the
    edge than two, for which a short signature goes to the left.
    """
    by = measure_text(paper.signed_by)
    on = measure_text(say_day(paper.signed_on)) if paper.signed_on else 0
    if not paper.signed_by or not paper.signed_on:
        return Signature(4, 4) if paper.sealed else Signature(2, 2)
    if paper.sealed:
        signed_by = max(4 + (on - by) / 2, 0)
        return Signature(signed_by, signed_by + (by - on) / 2)
    signed_by = max(2, 4 + on - by)
    return Signature(signed_by, signed_by + by - 2 - on)


def size_table(grid: Grid, area_mm: float) -> float:
    """The size of type in points by which the columns still hold a few characters each."""
    most, least = find_measure("table_pt"), find_measure("table_least_pt")
    narrowest_pt = min(scale_widths(grid, area_mm)) * PT_PER_MM
    return max(least, min(most, math.floor(narrowest_pt / 3 * 2) / 2))


def scale_widths(grid: Grid, area_mm: float) -> list[float]:
    """The widths of the columns in millimetres, together as wide as the type area."""
    return [width * area_mm / sum(grid.widths_mm) for width in grid.widths_mm]


def say_addressee(paper: Paper) -> str:
    """主送 ends with a full-width colon (7.3.2)."""
    return f"{paper.addressee.rstrip(':：')}：" if paper.addressee else ""


def list_attachments(paper: Paper) -> list[str]:
    """附件说明 (7.3.4): one is named alone, several are numbered."""
    if len(paper.attachments) < 2:
        return list(paper.attachments)
    return [f"{number}.{text}" for number, text in enumerate(paper.attachments, start=1)]


def say_copied(copied_to: str) -> str:
    """抄送 with the full stop that ends it (7.4.2); what says of itself whom it goes to (报：…… 送：……) is left so."""
    if not copied_to:
        return ""
    named = "：" in copied_to[:4]
    return f"{'' if named else '抄送：'}{copied_to.rstrip('。')}。"


def list_colophon(paper: Paper) -> list[tuple[str, str]]:
    """The lines of the 版记, what stands left and right in each. A letter names no printer (10.1)."""
    end = paper.colophon
    if end is None:
        return []
    lines = [(say_copied(end.copied_to), "")]
    if paper.worn_head != "letter":
        printed_on = f"{say_day(end.printed_on)}印发" if end.printed_on else ""
        lines.append((end.printed_by, printed_on))
    lines.append(("", f"共印{end.copies}份" if end.copies else ""))
    return [line for line in lines if any(line)]


def list_marks(paper: Paper) -> list[tuple[str, Role]]:
    """份号, 密级, 紧急程度 from the top left of the type area (7.2.1 to 7.2.3); a paper without a head bears none."""
    if paper.worn_head not in ("red", "letter"):
        return []
    marks = paper.marks
    listed: list[tuple[str, Role]] = [(marks.copy_number, "fang"), (marks.secrecy, "hei"), (marks.urgency, "hei")]
    return [(text, role) for text, role in listed if text]


def list_under_title(paper: Paper) -> list[str]:
    """Office and number, where no head names them. A policy note is a reading of another paper and shows no number."""
    if paper.worn_head != "plain":
        return []
    return [text for text in (paper.issuer, paper.number if paper.form != "policy-note" else "") if text]


def has_signature(paper: Paper) -> bool:
    """The head of a briefing names office and day already; the record of a talk is signed by hand."""
    return bool(paper.signed_by) or _prints_day(paper)


def _prints_day(paper: Paper) -> bool:
    return (
        paper.signed_on is not None
        and paper.worn_head != "briefing"
        and (paper.form != "talk" or bool(paper.signed_by))
    )


def list_signature(paper: Paper) -> list[tuple[str, float]]:
    """The lines that close the paper, each with its distance from the right edge in characters."""
    where = place_signature(paper)
    lines = [(paper.signed_by, where.signed_by)] if paper.signed_by else []
    if paper.signed_on and _prints_day(paper):
        lines.append((say_day(paper.signed_on), where.signed_on))
    return lines
