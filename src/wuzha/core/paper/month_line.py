"""A unit's own line of the monthly table: what people did with it, and how it stands on a day.

What was done is appended and never changed. A line counts as handed in only by a named person's act; whoever says
nothing is counted by what is computed, and the table says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

# From this long before the due day on the unit is asked to check its line [practice].
READY_BEFORE = timedelta(days=2)
NOTHING: Mapping[str, str] = MappingProxyType({})


class Deed(StrEnum):
    """``typed``: kept for later, and handed in by nobody. ``returned``: by the office, with its reason."""

    TYPED = "typed"
    SUBMITTED = "submitted"
    RETURNED = "returned"


class LineState(StrEnum):
    """``early``: nobody is asked yet. ``waiting``: asked, not due. ``silent``: due, and never handed in.

    ``returned`` stays so until the line is handed in again, also after the due day.
    """

    EARLY = "early"
    WAITING = "waiting"
    RETURNED = "returned"
    SUBMITTED = "submitted"
    LATE = "late"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class LineAct:
    """One entry: who did what on which day. ``typed`` is what stands in the typed fields, by column.

    ``seen`` are the figures, as they were said, that the person had checked when they handed the line in.
    """

    deed: Deed
    on: date
    by: str
    post: str = ""
    typed: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    seen: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """``typed`` is what stands in the fields, handed in or not. ``filled_by`` and ``checked_by`` are of what was handed
    in; both are empty before. ``reason`` is why it came back, while it is back."""

    state: LineState
    typed: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    filled_by: str = ""
    checked_by: str = ""
    submitted_on: date | None = None
    seen: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    reason: str = ""

    @property
    def is_submitted(self) -> bool:
        return self.state in (LineState.SUBMITTED, LineState.LATE)


def find_ready_day(due_on: date) -> date:
    """The first day on which the line can be checked and handed in."""
    return due_on - READY_BEFORE


def read_line(acts: Iterable[LineAct], due_on: date, today: date) -> Line:
    """The line from its entries, the oldest first. The due day itself is in time."""
    line, filled_by = Line(_find_unsaid(due_on, today)), ""
    for act in acts:
        match act.deed:
            case Deed.TYPED:
                filled_by = act.by
                line = _change(line, act, line.state)
            case Deed.SUBMITTED:
                state = LineState.SUBMITTED if act.on <= due_on else LineState.LATE
                is_other = dict(act.typed) != dict(line.typed)
                filled_by = act.by if is_other or not filled_by else filled_by
                line = Line(state, act.typed, filled_by, act.by, act.on, act.seen)
            case Deed.RETURNED:
                line = Line(LineState.RETURNED, line.typed, reason=act.reason)
    return line


def _find_unsaid(due_on: date, today: date) -> LineState:
    if today > due_on:
        return LineState.SILENT
    return LineState.WAITING if today >= find_ready_day(due_on) else LineState.EARLY


def _change(line: Line, act: LineAct, state: LineState) -> Line:
    """With other words. What was handed in is no longer what stands there; such an entry is refused before."""
    return Line(state, act.typed, line.filled_by, line.checked_by, line.submitted_on, line.seen, line.reason)


def list_moved(line: Line, said: Mapping[str, str]) -> Mapping[str, tuple[str, str]]:
    """By column, what was checked and what is there now, of the figures that came out otherwise since."""
    if not line.is_submitted:
        return MappingProxyType({})
    return {code: (seen, said.get(code, "")) for code, seen in line.seen.items() if seen != said.get(code, "")}


# --- what the table takes from the lines ------------------------------------------------------------------------------

SILENT = MappingProxyType(
    {
        LineState.EARLY: "",
        LineState.WAITING: "未报送",
        LineState.RETURNED: "已退回，按自动数字计",
        LineState.SILENT: "未报送，按自动数字计",
    }
)


def say_handed_in(line: Line) -> str:
    """What stands in the table under the day."""
    if line.submitted_on is None:
        return SILENT[line.state]
    day = line.submitted_on
    return f"{day.year}-{day.month:02}-{day.day:02}{'（逾期）' if line.state is LineState.LATE else ''}"


def list_signed(line: Line) -> Mapping[str, str]:
    """By column, who filled the line in, who checked it, and when it was handed in."""
    return {"filled_by": line.filled_by, "checked_by": line.checked_by, "handed_in": say_handed_in(line)}
