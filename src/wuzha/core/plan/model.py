"""A plan: a document with a validity, phases and duties. An issued version never changes."""

from dataclasses import dataclass

from wuzha.core.base.interval import Interval
from wuzha.core.duty.model import Duty


@dataclass(frozen=True, slots=True)
class Phase:
    """A dated part of the plan's validity that duties may be tied to with ``during``."""

    id: str
    name: str
    interval: Interval


@dataclass(frozen=True, slots=True)
class Plan:
    """What the YAML text of a plan says. ``valid`` is half-open although the file names its last day."""

    title: str
    issuer: str
    valid: Interval
    phases: tuple[Phase, ...] = ()
    duties: tuple[Duty, ...] = ()

    def find_duty(self, duty_id: str) -> Duty | None:
        return next((duty for duty in self.duties if duty.id == duty_id), None)
