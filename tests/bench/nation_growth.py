"""How the time grows with the records, 1e5 to 1e8: a table on the screen and ``docs/nation.svg``. By hand:

``python -m tests.bench.nation_growth [100000 1000000 …]``. DuckDB and Polars take minutes for a hundred million.
"""

import os
import sys
import tempfile
from collections.abc import Iterable, Mapping
from math import log10
from pathlib import Path

from tests.bench.nation import Measured, make_nation, make_records, measure

SIZES = (100_000, 1_000_000, 10_000_000, 100_000_000)
ASKED = (("scan", "arrived"), ("dense", "arrived"), ("dense", "by-unit"), ("DuckDB", "arrived"), ("Polars", "arrived"))
COLOURS = ("#6c757d", "#0d6efd", "#6610f2", "#fd7e14", "#198754")
SVG = Path(__file__).parents[2] / "docs" / "nation.svg"
WIDTH, HEIGHT, EDGE = 640, 400, 60
LOWEST_S, HIGHEST_S = 0.01, 1000.0

Curves = Mapping[str, Mapping[int, Measured]]


def main() -> None:
    sizes = tuple(int(float(word)) for word in sys.argv[1:]) or SIZES
    folder = Path(tempfile.gettempdir()) / "wuzha-bench-nation"
    curves: dict[str, dict[int, Measured]] = {f"{name}, {order}": {} for name, order in ASKED}
    for size in sizes:
        paths = make_records(size, make_nation(), folder)
        print(f"\n{size:,} records, load {os.getloadavg()[0]:.1f}")
        for name, order in ASKED:
            one = curves[f"{name}, {order}"][size] = measure(name, order, paths[order])
            print(f"{name:8}{order:10}{one.seconds:9.2f} s{one.cpu_s:9.2f} s cpu{one.peak_mb:8.0f} MB", flush=True)
    SVG.write_text(draw(curves, sizes), encoding="utf-8")


def draw(curves: Curves, sizes: tuple[int, ...]) -> str:
    """Processor seconds, which a busy machine changes least, over records; both axes by tens."""
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH + 160} {HEIGHT}" font-family="sans-serif">']
    parts.append(f'<rect width="{WIDTH + 160}" height="{HEIGHT}" fill="#fff"/>')
    parts += _draw_axes(sizes)
    for (name, measured), colour in zip(curves.items(), COLOURS, strict=True):
        parts += _draw_curve(name, {size: one.cpu_s for size, one in measured.items()}, colour, sizes)
    return "\n".join([*parts, "</svg>", ""])


def _draw_axes(sizes: tuple[int, ...]) -> Iterable[str]:
    for size in sizes:
        x = _place_x(size, sizes)
        yield f'<line x1="{x:.1f}" x2="{x:.1f}" y1="20" y2="{HEIGHT - EDGE}" stroke="#dee2e6"/>'
        yield _write(x, HEIGHT - EDGE + 18, f"1e{log10(size):.0f}", anchor="middle")
    for power in range(round(log10(LOWEST_S)), round(log10(HIGHEST_S)) + 1):
        y = _place_y(10.0**power)
        yield f'<line x1="{EDGE}" x2="{WIDTH - 20}" y1="{y:.1f}" y2="{y:.1f}" stroke="#dee2e6"/>'
        yield _write(EDGE - 8, y + 4, f"{10.0**power:g}", anchor="end")
    yield _write(WIDTH / 2, HEIGHT - 14, "records", anchor="middle")
    yield _write(8, 14, "processor seconds")


def _draw_curve(name: str, seconds: Mapping[int, float], colour: str, sizes: tuple[int, ...]) -> Iterable[str]:
    points = [(_place_x(size, sizes), _place_y(taken)) for size, taken in seconds.items()]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    yield f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>'
    yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points)
    yield _write(points[-1][0] + 8, points[-1][1] + 4, name, colour=colour)


def _write(x: float, y: float, text: str, *, anchor: str = "start", colour: str = "#212529") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="12" fill="{colour}" text-anchor="{anchor}">{text}</text>'


def _place_x(size: int, sizes: tuple[int, ...]) -> float:
    low, high = log10(sizes[0]), log10(sizes[-1])
    return EDGE + (WIDTH - EDGE - 40) * (log10(size) - low) / max(high - low, 1)


def _place_y(seconds: float) -> float:
    low, high = log10(LOWEST_S), log10(HIGHEST_S)
    return HEIGHT - EDGE - (HEIGHT - EDGE - 20) * (log10(max(seconds, LOWEST_S)) - low) / (high - low)


if __name__ == "__main__":
    main()
