"""How long 200,000 records, and 200,000 standings of a county, take as a file, and what it adds to the server's memory.

Run by ``make bench``.

Each file is fetched through the view, piece by piece, as a browser would, and the number of records in it is counted
again. The memory is the highest of the process, less what it was when a list of a tenth had been sent already; beside
it a server holds SQLite's cache, 64 MB at most by the settings.
"""

import os
import resource
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from wuzha.web.accounts.models import User


RECORDS = int(os.environ.get("WUZHA_BENCH_EXPORT", "200000"))
TOWNS, VILLAGES, DUTIES = 50, 5000, 40
# The lines of a file that are no rows: title and heads above, what it tells of itself in a table, the sum below.
RECORD_LINES, TABLE_LINES = 3, 4
HEADS = f"{'s':>9}{'CPU s':>9}{'first byte s':>15}{'MB file':>10}{'MB more memory':>17}"
PROMISE_S = 60
PROMISE_MB = 32


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WUZHA_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "wuzha.settings"
        # What a worker would write is measured here as it is written.
        os.environ["WUZHA_EXPORT_AT_ONCE_ROWS"] = str(10 * RECORDS)
        import django

        django.setup()
        measure(Path(folder))


def measure(folder: Path) -> None:
    from django.core.management import call_command
    from django.test import Client
    from django.utils import timezone

    from wuzha.web.accounts.models import Post, Unit, User
    from wuzha.web.campaign.models import Record

    call_command("migrate", verbosity=0)
    now = timezone.now()
    today = timezone.localdate(now)
    unit = Unit.objects.create(code="SQ01", name="青石镇", kind="town", path="SQ01/")
    officer = User.objects.create(username="officer", display_name="青石镇平安办专干")
    Post.objects.create(user=officer, unit=unit, role=Post.Role.OFFICER)
    for first in range(0, RECORDS, 5000):
        Record.objects.bulk_create(
            Record(
                id=UUID(int=(7 << 76) | (2 << 62) | number),
                unit=unit,
                kind="talk" if number % 10 else "rally",
                happened_on=today,
                people=number % 500,
                place="村委会门前广场",
                audience="村民和务工返乡人员",
                note="讲刷单返利和冒充客服，发明白纸，现场下载反诈应用。",
                author=officer,
                recorded_at=now,
                received_at=now,
            )
            for number in range(first, min(first + 5000, RECORDS))
        )
    keep_cache_small()
    client = Client()
    client.force_login(officer)
    print(f"\n{RECORDS:,} records as a file{'':16}{HEADS}")
    for ending in ("csv", "xlsx"):
        fetch(client, f"/records/export.{ending}?kind=rally", folder / f"warm.{ending}")
        told = measure_file(client, f"/records/export.{ending}", folder / f"all.{ending}")
        check_promise(told, count_rows(folder / f"all.{ending}", RECORD_LINES, "共 {} 条"), RECORDS)
    measure_standings(folder)


def measure_standings(folder: Path) -> None:
    """Every unit of a county by every duty, by the way on which each table of each page goes out."""
    from django.test import Client

    client, cells = Client(), VILLAGES * DUTIES
    client.force_login(build_county())
    print(f"\n{cells:,} standings as a file{'':16}{HEADS}")
    # The page has been looked at before a table on it is taken out.
    client.get("/standings/C/")
    for ending in ("csv", "xlsx"):
        fetch(client, f"/standings/T0/?format={ending}&table=cells", folder / f"warm.{ending}")
        told = measure_file(client, f"/standings/C/?format={ending}&table=cells", folder / f"cells.{ending}")
        check_promise(told, count_rows(folder / f"cells.{ending}", TABLE_LINES, "完，共 {} 行"), cells)


def build_county() -> "User":
    """A county of 50 towns and 5,000 villages with a plan of forty duties; its officer."""
    import yaml
    from django.utils import timezone

    from wuzha.web.accounts.models import Post, Unit, User
    from wuzha.web.campaign.models import PlanVersion

    today = timezone.localdate()
    county = Unit.objects.create(code="C", name="石桥县", kind="county", path="C/")
    towns = [Unit(code=f"T{n}", name=f"镇{n}", kind="town", parent=county, path=f"C/T{n}/") for n in range(TOWNS)]
    Unit.objects.bulk_create(towns)
    Unit.objects.bulk_create(
        Unit(code=f"V{n}", name=f"村{n}", kind="village", parent=town, path=f"{town.path}V{n}/")
        for n in range(VILLAGES)
        for town in (towns[n % TOWNS],)
    )
    kinds, rhythms = ("rally", "talk", "showing", "training", "broadcast"), ("month", "quarter")
    duties = [
        {"id": f"d{n}", "who": {"kind": "village"}, "do": kinds[n % 5], "at_least": n + 1, "every": rhythms[n % 2]}
        for n in range(DUTIES)
    ]
    days = {"from": today.replace(month=1, day=1), "to": today.replace(month=12, day=31)}
    plan = {"title": "石桥县方案", "issuer": "县联席办", "valid": days, "duties": duties}
    officer = User.objects.create(username="county", display_name="县联席办专干")
    Post.objects.create(user=officer, unit=county, role=Post.Role.OFFICER)
    acts = {"created_by": officer, "created_at": timezone.now(), "issued_by": officer, "issued_at": timezone.now()}
    text = yaml.safe_dump(plan, allow_unicode=True, sort_keys=False)
    shared = {"valid_from": days["from"], "valid_to": days["to"], "state": PlanVersion.State.ISSUED, "text": text}
    PlanVersion.objects.create(unit=county, title="石桥县方案", **shared, **acts)
    return officer


Told = tuple[float, float]


def measure_file(client: object, address: str, target: Path) -> Told:
    """Prints a line of the table; the seconds that the file took and the memory that it took more."""
    before, processor = read_peak_mb(), time.process_time()
    taken, first_byte = fetch(client, address, target)
    more, used = read_peak_mb() - before, time.process_time() - processor
    size = target.stat().st_size / 1e6
    print(f"{target.suffix[1:]:40}{taken:9.1f}{used:9.1f}{first_byte:15.2f}{size:10.1f}{more:17.1f}")
    return taken, more


def check_promise(told: Told, found: int, wanted: int) -> None:
    if found != wanted:
        raise SystemExit(f"the file holds {found} rows and not {wanted}, or says so of itself wrongly")
    if told[0] > PROMISE_S or told[1] > PROMISE_MB:
        raise SystemExit(f"promised: {PROMISE_S} s and {PROMISE_MB} MB more memory")


def keep_cache_small() -> None:
    """SQLite sorts and caches within the 64 MB of the settings, whatever comes; 2 MB let the server's own be seen."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size=-2048")


def fetch(client: object, path: str, target: Path) -> tuple[float, float]:
    """Seconds until the last piece and until the first; the pieces go to the disk, not into memory."""
    started = time.perf_counter()
    answer = client.get(path)  # type: ignore[attr-defined]  # Django may be imported only after the data folder is set
    first_byte = 0.0
    with target.open("wb") as file:
        for piece in answer.streaming_content:
            first_byte = first_byte or time.perf_counter() - started
            file.write(piece)
    return time.perf_counter() - started, first_byte


def count_rows(path: Path, others: int, says: str) -> int:
    """Lines but for the ``others`` above and below, the last of which has to say the same."""
    if path.suffix == ".csv":
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        told, last = len(lines) - others, lines[-1].split(",")[0]
    else:
        with zipfile.ZipFile(path) as package:
            text = package.read("xl/worksheets/sheet1.xml").decode()
        told, last = text.count("<row ") - others, text.rsplit("<t ", 1)[1].split(">", 1)[1].split("<")[0]
    return told if last == says.format(told) else -1


def read_peak_mb() -> float:
    """The most memory that this process ever held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


if __name__ == "__main__":
    main()
