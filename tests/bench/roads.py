"""How long the audit of 100,000 km of road with 100,000 adverts takes. Prints one table; the promise is 3 s.

The roads are made: 20,000 of 5 km, bending every 50 m, in 400 towns of a province; an advert every kilometre on the
average, up to 12 m beside the road. Building the index is inside the time, making the roads is not.
"""

import time

import numpy as np

from wuzha.adapters.roads.audit import Lines, Places, audit_roads, scale_degrees

ROADS, STEPS, STEP_M, ADVERTS, TOWNS = 20_000, 100, 50.0, 100_000, 400
ROUNDS = 5
PROMISE_S = 3.0


def make_province() -> tuple[Lines, Places]:
    chance = np.random.default_rng(20261122)
    town = np.repeat(np.arange(TOWNS), ROADS // TOWNS)
    lon0 = 115.0 + (town % 20) * 0.3 + chance.uniform(0, 0.3, ROADS)
    lat0 = 33.0 + (town // 20) * 0.25 + chance.uniform(0, 0.25, ROADS)
    turn = chance.normal(0, 0.12, (ROADS, STEPS)).cumsum(axis=1) + chance.uniform(0, 2 * np.pi, (ROADS, 1))
    east_m, north_m = scale_degrees(lat0)
    lon = lon0[:, None] + np.cumsum(np.cos(turn), axis=1) * STEP_M / east_m[:, None]
    lat = lat0[:, None] + np.cumsum(np.sin(turn), axis=1) * STEP_M / north_m[:, None]
    lon, lat = np.column_stack((lon0, lon)), np.column_stack((lat0, lat))
    lines = Lines(lon.ravel(), lat.ravel(), np.arange(ROADS) * (STEPS + 1), town)
    return lines, _hang_adverts(chance, lines)


def _hang_adverts(chance: np.random.Generator, lines: Lines) -> Places:
    road, step = chance.integers(0, ROADS, ADVERTS), chance.integers(0, STEPS, ADVERTS)
    at, share = road * (STEPS + 1) + step, chance.uniform(0, 1, ADVERTS)
    beside = chance.uniform(-12, 12, (2, ADVERTS)) / 111_000
    lon = lines.lon[at] + share * (lines.lon[at + 1] - lines.lon[at]) + beside[0]
    lat = lines.lat[at] + share * (lines.lat[at + 1] - lines.lat[at]) + beside[1]
    return Places(lon, lat, lines.owners[road])


def measure() -> float:
    """The seconds of the median round."""
    took = []
    for _ in range(ROUNDS):
        lines, places = make_province()
        begun = time.perf_counter()
        gaps = audit_roads(lines, places, limit_m=200, reach_m=100)
        took.append(time.perf_counter() - begun)
    km = lines.lengths_m.sum() / 1000
    print(f"\n{km:,.0f} km of road, {len(places.lon):,} adverts: {len(gaps.line):,} gaps over 200 m, ", end="")
    print(f"{gaps.needed.sum():,} adverts would close them; median {sorted(took)[ROUNDS // 2]:.2f} s, ", end="")
    print(f"slowest {max(took):.2f} s of {ROUNDS}; promised {PROMISE_S:.0f} s")
    return sorted(took)[ROUNDS // 2]
