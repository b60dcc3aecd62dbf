"""Many writers, one turn after the other: whoever comes while another writes waits, and the next turn takes them all.

One transaction writes through to the disk once, however many records it holds. While one is on its way, those who come
meanwhile gather, and the first of them then does the work of all. Nobody waits longer than for the turn under way and
their own; the busier the door, the more each turn holds.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Generic, TypeVar

Job = TypeVar("Job")
Answer = TypeVar("Answer")
# So many are done in one turn; more in one transaction gain nothing, and make those who come later wait.
MOST = 64


@dataclass(eq=False, slots=True)
class _Place(Generic[Job, Answer]):
    """One who waits. Called when the answer is there, or when it is theirs to lead the next turn."""

    job: Job
    called: Event = field(default_factory=Event)
    leads: bool = False
    answer: Answer | None = None
    error: Exception | None = None


class Turns(Generic[Job, Answer]):
    """``work`` answers jobs in their order, all in one transaction, or raises and has then done nothing.

    An error of ``common`` says something of the database and goes to everybody in the turn. Any other may be the doing
    of a single job: then each is done alone, and only that one meets it.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Job]], Sequence[Answer]],
        *,
        common: tuple[type[Exception], ...] = (),
    ) -> None:
        self._work = work
        self._common = common
        self._lock = Lock()
        self._waiting: list[_Place[Job, Answer]] = []
        self._is_led = False

    def take(self, job: Job) -> Answer:
        """The answer to the job. Raises what the work raised."""
        own: _Place[Job, Answer] = _Place(job)
        with self._lock:
            own.leads = not self._is_led
            if own.leads:
                self._is_led = True
            else:
                self._waiting.append(own)
        if not own.leads:
            own.called.wait()
        if own.leads:
            self._lead(own)
        if own.error is not None:
            raise own.error
        return own.answer  # type: ignore[return-value]  # whoever is called without an error has an answer

    def _lead(self, own: _Place[Job, Answer]) -> None:
        with self._lock:
            others, self._waiting = self._waiting[: MOST - 1], self._waiting[MOST - 1 :]
        try:
            self._do([own, *others])
        finally:
            self._hand_on()
            for place in others:
                if place.answer is None and place.error is None:
                    place.error = RuntimeError("whoever led this turn was stopped in the middle of it")
                place.called.set()

    def _hand_on(self) -> None:
        """The one who has waited longest leads next."""
        with self._lock:
            if self._waiting:
                heir = self._waiting.pop(0)
                heir.leads = True
                heir.called.set()
            else:
                self._is_led = False

    def _do(self, group: Sequence[_Place[Job, Answer]]) -> None:
        try:
            for place, answer in zip(group, self._work([place.job for place in group]), strict=True):
                place.answer = answer
        except Exception as error:  # whatever it is: it is raised again in the thread that the job came from
            if len(group) == 1 or isinstance(error, self._common):
                self._tell(group, error)
            else:
                for place in group:
                    self._do([place])

    def _tell(self, group: Sequence[_Place[Job, Answer]], error: Exception) -> None:
        """Each gets an error of their own: two threads that raise the same one would mix its traces."""
        for place in group[1:]:
            place.error = type(error)(*error.args).with_traceback(error.__traceback__)
        group[0].error = error
