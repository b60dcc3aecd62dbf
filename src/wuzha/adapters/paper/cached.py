"""What formulas come to, written into a workbook beside them: for programs that compute nothing when they open it."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

Value = int | float | str
# As openpyxl writes a formula: a cell without a type, and the place for its value left empty.
_FORMULA = re.compile(rb'<c r="([A-Z]+\d+)"((?: s="\d+")?)(?: t="\w+")?><f>(.*?)</f><v ?(?:/>|></v>)</c>', re.DOTALL)


def fill_values(content: bytes, part: str, values: Sequence[Value]) -> bytes:
    """The workbook with the value of each formula of the part ``xl/worksheets/sheet1.xml``, in the order of its cells.

    Raises ValueError where there are more or fewer formulas than values.
    """
    filled = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(filled, "w", zipfile.ZIP_DEFLATED) as after:
        for item in before.infolist():
            text = before.read(item)
            after.writestr(item, _fill(text, values) if item.filename == part else text)
    return filled.getvalue()


def _fill(text: bytes, values: Sequence[Value]) -> bytes:
    left = iter(values)
    made, count = _FORMULA.subn(lambda found: _write_cell(found, left), text)
    if count != len(values) or text.count(b"<f>") != count:
        raise ValueError(count, len(values))
    return made


def _write_cell(found: re.Match[bytes], left: Iterator[Value]) -> bytes:
    value = next(left, "")
    kind = b' t="str"' if isinstance(value, str) else b""
    shown = escape(value) if isinstance(value, str) else repr(value)
    return b'<c r="%b"%b%b><f>%b</f><v>%b</v></c>' % (found[1], found[2], kind, found[3], shown.encode())
