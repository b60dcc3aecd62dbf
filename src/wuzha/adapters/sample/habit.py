"""How the units of the sample county work: most keep up, some are behind, some do the work and record it late."""

from dataclasses import dataclass
from random import Random

from wuzha.adapters.sample.county import SEED
from wuzha.core.base.unit import Unit


@dataclass(frozen=True, slots=True)
class Habit:
    """``keeps`` is the chance that work owed in a window is done in it; ``reach`` the share of households reached by
    the middle and by the end of the year; ``lags_days`` how late work is written down at most; ``rests_days`` how long
    before the year's end the last household is reached.
    """

    keeps: float
    reach: tuple[float, float]
    lags_days: int = 1
    rests_days: int = 8


GOOD = Habit(0.995, (0.56, 1.0), rests_days=60)
STEADY = Habit(0.95, (0.53, 0.92))
BEHIND = Habit(0.62, (0.30, 0.58))
LATE = Habit(0.93, (0.47, 0.9), lags_days=9)

MIXES: tuple[tuple[Habit, ...], ...] = (
    (GOOD, GOOD, GOOD, STEADY, STEADY, LATE),
    (GOOD, GOOD, STEADY, STEADY, LATE, BEHIND),
    (STEADY, STEADY, LATE, BEHIND, BEHIND, GOOD),
)
"""What the units of a town are drawn from: a good town, an ordinary one, and one that is behind."""

TOWN_MIX = (0, 1, 0, 2, 1, 0, 1, 1, 2, 0, 1, 1)

SHOWN_VILLAGE = "SQ0302"
"""The village of the sample log-in: nearly there, with something left to do on any day."""

SHOWN = Habit(0.93, (0.49, 0.86))


def find_habit(unit: Unit) -> Habit:
    """The unit's habit, the same on every day and in every run. A grid works as its village does."""
    code = unit.parent if unit.kind == "grid" else unit.code
    if code == SHOWN_VILLAGE:
        return SHOWN
    town = code[2:4]
    mix = MIXES[TOWN_MIX[int(town) - 1]] if town.isdigit() else MIXES[0]
    return Random(f"{SEED}/habit/{code}").choice(mix)
