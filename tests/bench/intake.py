"""How many records the door takes in over HTTP on this machine, one a request and fifty a request.

Run by ``make bench``; the server is the real one in a process of its own, on SQLite unless ``WUZHA_DATABASE_URL`` names
a PostgreSQL database. The clients run on the same machine and take their share of it. What the server's own processor
time comes to is printed too: it says more than a rate where something else is running.
"""

import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import quantiles

from tests.survival.family import read_busy_s
from tests.survival.server import POSTGRESQL, Client, Site, call, make_told, run_site

CLIENTS = 8
CROWD = 50
SECONDS = float(os.environ.get("WUZHA_BENCH_S", "8"))
BATCH = 50


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, run_site(Path(folder) / "data") as site:
        print(f"\n{'PostgreSQL' if POSTGRESQL else 'SQLite':36}{'requests/s':>12}{'records/s':>12}", end="")
        print(f"{'p50 ms':>9}{'p99 ms':>9}{'server ms':>11}")
        measure(site, "warming up", 1, 2.0)
        measure(site, "one record a request", 1, SECONDS)
        measure(site, f"one a request, {CROWD} clients", 1, SECONDS, clients=CROWD)
        measure(site, f"{BATCH} records a request", BATCH, SECONDS)
        print("wanted: 400 requests/s with p99 under 250 ms; 5,000 records/s in batches of 50")


def measure(site: Site, name: str, size: int, seconds: float, clients: int = CLIENTS) -> None:
    busy_ms = read_busy_ms(site)
    with ThreadPoolExecutor(clients) as pool:
        start = time.perf_counter()
        work = [pool.submit(send_for, site, size, start + seconds) for _ in range(clients)]
        times = [taken_ms for one in work for taken_ms in one.result()]
        took_s = time.perf_counter() - start
    rate, cuts = len(times) / took_s, quantiles(times, n=100)
    busy_ms = (read_busy_ms(site) - busy_ms) / len(times)
    print(f"{name:36}{rate:12,.0f}{rate * size:12,.0f}{cuts[49]:9.1f}{cuts[98]:9.1f}{busy_ms:11.2f}")
    sys.stdout.flush()


def read_busy_ms(site: Site) -> float:
    """Processor time of the server's processes so far, in their own code and in the system's for them."""
    assert site.process is not None
    return read_busy_s(site.process.pid) * 1000


def send_for(site: Site, size: int, end: float) -> list[float]:
    """Milliseconds of each request until then. Raises for an answer that is not a success."""
    times = []
    with call(site) as client:
        while time.perf_counter() < end:
            start = time.perf_counter()
            send(client, size)
            times.append((time.perf_counter() - start) * 1000)
    return times


def send(client: Client, size: int) -> None:
    if size == 1:
        status, told = client.post("/api/v1/records/", make_told())
    else:
        status, told = client.post("/api/v1/records/batch/", {"records": [make_told() for _ in range(size)]})
    results = {answer["result"] for answer in told.get("answers", ())}
    if results != {"saved"}:
        raise RuntimeError(f"{status}: {told}")


if __name__ == "__main__":
    main()
