"""The mirror of the site's ledger in columns follows the database."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from tests.web.test_standings_counts import LedgerCase
from wuzha.adapters.columns.ledger import make_columns
from wuzha.adapters.columns.mirror import append_records, list_parts, read_mirror
from wuzha.core.ledger.record import Record as CoreRecord
from wuzha.web.campaign.models import Record
from wuzha.web.campaign.queries.mirror import update_mirror

FIRST = CoreRecord(UUID(int=7), "V1", "talk", date(2026, 3, 1), quantity=2)


class TheMirrorFollows(LedgerCase):
    def setUp(self) -> None:
        self.folder = Path(self.enterContext(TemporaryDirectory()))

    def read(self) -> list[object]:
        columns = read_mirror(self.folder)
        return [columns.in_effect.tolist(), *columns.list_rows(range(columns.size))]

    def expect(self) -> list[object]:
        columns = make_columns(record.to_core() for record in Record.objects.all())
        return [columns.in_effect.tolist(), *columns.list_rows(range(columns.size))]

    def test_each_run_appends_what_is_new_in_one_part(self) -> None:
        self.enter([FIRST])
        assert update_mirror(self.folder) == 1
        self.enter([replace(FIRST, id=UUID(int=8), quantity=3, replaces=FIRST.id)])
        assert update_mirror(self.folder) == 1
        assert update_mirror(self.folder) == 0
        assert len(list_parts(self.folder)) == 2
        assert self.read() == self.expect() != []

    def test_a_mirror_that_holds_something_else_is_built_anew(self) -> None:
        self.enter([FIRST])
        strange = replace(FIRST, id=UUID(int=9), received_at=datetime(2027, 1, 1, tzinfo=UTC))
        append_records(self.folder, [strange, replace(strange, id=UUID(int=10))])
        assert update_mirror(self.folder) == 1
        assert self.read() == self.expect()
