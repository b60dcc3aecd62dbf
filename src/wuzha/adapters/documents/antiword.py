"""What antiword writes, as the text of a document: its tables drawn with bars become rows again.

antiword does not know Chinese automatic numbers. They are missing from its text, and a person is told.
"""

import re
from itertools import groupby

from wuzha.adapters.documents.model import Found
from wuzha.adapters.documents.txt import decode
from wuzha.core.base.problem import make_problem

_ROW = re.compile(r"\|.*\|")


def read(content: bytes) -> Found:
    lines: list[str] = []
    for is_row, run in groupby(decode(content).splitlines(), key=lambda line: bool(_ROW.fullmatch(line.rstrip()))):
        held = [line.rstrip() for line in run]
        lines += _join_rows(held) if is_row else held
    return Found("doc", "\n".join(lines), (make_problem("document.numbers-lost", severity="warning"),))


def _join_rows(drawn: list[str]) -> list[str]:
    """A line without a first cell goes on with the row before; no blank stands where only the cell was too narrow."""
    rows: list[list[str]] = []
    for line in drawn:
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if rows and not cells[0] and len(cells) == len(rows[-1]):
            rows[-1] = [before + more for before, more in zip(rows[-1], cells, strict=True)]
        else:
            rows.append(cells)
    return ["\t".join(row) for row in rows if any(row)]
