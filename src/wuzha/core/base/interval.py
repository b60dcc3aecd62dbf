"""Half-open stretches of days: ``[opens, closes)``. The closing day is not inside."""

from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    opens: date
    closes: date

    def __contains__(self, day: date) -> bool:
        return self.opens <= day < self.closes

    @property
    def days(self) -> int:
        """Length in days; an interval that closes before it opens has none."""
        return max(0, (self.closes - self.opens).days)

    @property
    def last_day(self) -> date:
        return self.closes - DAY

    def overlap(self, other: "Interval") -> "Interval":
        return Interval(max(self.opens, other.opens), min(self.closes, other.closes))


def make_inclusive(first: date, last: date) -> Interval:
    """The interval a document means by "from … to …": both days inside."""
    return Interval(first, last + DAY)
