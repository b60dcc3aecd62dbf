"""How long a list of 200,000 records takes as a file, and what it adds to the server's memory. Run by ``make bench``.

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
from uuid import UUID

RECORDS = int(os.environ.get("WUZHA_BENCH_EXPORT", "200000"))
PROMISE_S = 60
PROMISE_MB = 32


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WUZHA_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "wuzha.settings"
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
    print(f"\n{RECORDS:,} records as a file{'':16}{'s':>9}{'first byte s':>15}{'MB file':>10}{'MB more memory':>17}")
    for ending in ("csv", "xlsx"):
        fetch(client, f"/records/export.{ending}?kind=rally", folder / f"warm.{ending}")
        before = read_peak_mb()
        taken, first_byte = fetch(client, f"/records/export.{ending}", folder / f"all.{ending}")
        more = read_peak_mb() - before
        size = (folder / f"all.{ending}").stat().st_size / 1e6
        print(f"{ending:40}{taken:9.1f}{first_byte:15.2f}{size:10.1f}{more:17.1f}")
        if count_records(folder / f"all.{ending}") != RECORDS:
            raise SystemExit(f"the {ending} does not hold {RECORDS} records")
        if taken > PROMISE_S or more > PROMISE_MB:
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


def count_records(path: Path) -> int:
    """Lines between the heads and the sum, which has to say the same."""
    if path.suffix == ".csv":
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        told, last = len(lines) - 3, lines[-1].split(",")[0]
    else:
        with zipfile.ZipFile(path) as package:
            text = package.read("xl/worksheets/sheet1.xml").decode()
        told, last = text.count("<row ") - 3, text.rsplit("<t ", 1)[1].split(">", 1)[1].split("<")[0]
    return told if last == f"共 {told} 条" else -1


def read_peak_mb() -> float:
    """The most memory that this process ever held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


if __name__ == "__main__":
    main()
