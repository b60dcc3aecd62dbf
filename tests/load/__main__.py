"""Plays a county's day against a running ``wuzha serve`` and tells what it took. Run by ``make load``.

``python -m tests.load --minutes 10 --users 2000 --report build/load``; with ``WUZHA_DATABASE_URL`` set, as
``scripts/postgresql --durable`` sets it, on a PostgreSQL database of its own, else on SQLite. Ends with 1 when anything
was lost or went wrong.
"""

import sys
import tempfile
from pathlib import Path

import click

from tests.load.run import run_load


@click.command()
@click.option("--minutes", type=float, default=10.0, show_default=True)
@click.option("--users", type=int, default=2000, show_default=True)
@click.option("--records", type=int, default=50_000, show_default=True, help="Records of the year before the day.")
@click.option("--seed", type=int, default=20, show_default=True)
@click.option("--report", "folder", type=click.Path(path_type=Path), default=Path("build/load"), show_default=True)
def main(minutes: float, users: int, records: int, seed: int, folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="wuzha-load-") as data:
        report, files = run_load(Path(data), minutes=minutes, users=users, records=records, seed=seed, folder=folder)
    click.echo(files[1].read_text())
    click.echo(f"{files[0]}  {files[1]}")
    sys.exit(0 if report.is_good else 1)


if __name__ == "__main__":
    main()
