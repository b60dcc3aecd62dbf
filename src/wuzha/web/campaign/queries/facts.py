"""The facts that duties are counted from, out of the ledger that this process keeps. Reads only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from wuzha.adapters.columns.daily import add_up_days, adds_up
from wuzha.adapters.columns.ledger import Columns, count_microseconds
from wuzha.adapters.columns.live import Rows
from wuzha.core.base.unit import Tree
from wuzha.core.duty.model import Duty
from wuzha.core.duty.who import trace_bearers
from wuzha.core.ledger.credit import list_feeding_kinds, trace_nearest
from wuzha.core.ledger.record import Kinds, find_limit
from wuzha.core.ledger.row import Row
from wuzha.web.campaign.queries.arriving import Look
from wuzha.web.campaign.queries.ground import Ground

# Facts of so many units are added up day by day, where the tally allows that.
FEW = 20


@dataclass(frozen=True)
class Facts:
    """What was recorded up to a day and was in effect, of units with all that stand or ever stood below them.

    With ``known_by`` only what had been received by the end of
    that day is there, and what was in effect then.
    """

    look: Look
    ground: Ground
    tree: Tree
    kinds: Kinds
    as_of: date
    known_by: date | None = None
    _listed: dict[object, list[Row]] = field(default_factory=dict)
    _numbers: dict[frozenset[str], Sequence[int]] = field(default_factory=dict)

    def list_rows(self, units: Iterable[str], kinds: Iterable[str]) -> list[Row]:
        """Every fact of these kinds, under its own unit's code, in the order in which facts hold."""
        asked = frozenset(units), frozenset(kinds)
        if asked not in self._listed:
            columns = self.take(self.find_rows(*asked))
            self._listed[asked] = list(columns.list_rows(range(columns.size)))
        return self._listed[asked]

    def list_tallied(self, units: Iterable[str], duty: Duty) -> Sequence[Row]:
        """Facts with the tallies of all that feed the duty; those of many units are added up day by day.

        The tallies are the same. Those of facts that were added up do not name the records.
        """
        codes, feeding = frozenset(units), list_feeding_kinds(duty, self.kinds)
        sets = set(trace_bearers(duty.who, self.tree))
        if not adds_up(duty) or len(sets) != 1 or len(self._number(codes)) < FEW:
            return self.list_rows(codes, feeding)
        (bearers,) = sets
        # Duties that count alike share what they count.
        asked = codes, feeding, bearers, duty.verb, duty.measure, duty.narrow, duty.verb == "cover" and duty.valid.opens
        if asked not in self._listed:
            self._listed[asked] = self._add_up(codes, bearers, duty)
        return self._listed[asked]

    def _add_up(self, codes: frozenset[str], bearers: frozenset[str], duty: Duty) -> list[Row]:
        rows = self.find_rows(codes, list_feeding_kinds(duty, self.kinds))
        if duty.verb == "cover":
            rows = rows[self.look.columns.read("happened_on", rows) >= duty.valid.opens.toordinal()]
        nearest = trace_nearest(self.tree, bearers).nearest
        return add_up_days(duty, self.take(rows), {unit: self.tree.by_code[code] for unit, code in nearest.items()})

    def find_rows(self, units: frozenset[str] | None, kinds: Iterable[str]) -> Rows:
        """Where they stand in the ledger; of all units where none are named."""
        last, known = self.as_of.toordinal(), self.known_by
        limit = None if known is None else count_microseconds(find_limit(known))
        return self.look.columns.find_rows(kinds, last, None if units is None else self._number(units), limit)

    def _number(self, units: frozenset[str]) -> Sequence[int]:
        """The database's numbers of all that stand or ever stood there."""
        if units not in self._numbers:
            below = frozenset[str]().union(*(self.tree.list_ever_below(code) for code in units))
            self._numbers[units] = [self.ground.numbers[code] for code in below]
        return self._numbers[units]

    def take(self, rows: Rows) -> Columns:
        return self.look.columns.take(rows, self.ground.codes)
