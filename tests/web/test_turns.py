"""Many who write at once: one turn after the other, and everybody gets their own answer."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from wuzha.web.campaign.actions.turns import MOST, Turns

CLIENTS = 24


class LockedError(Exception):
    """Says something of the database, and so to everybody."""


class Work:
    """Answers each number with its square; can be held up, and remembers how many jobs each turn had."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.open = threading.Event()
        self.open.set()
        self.counting = threading.Lock()
        self.at_once = 0
        self.most_at_once = 0

    def __call__(self, jobs: Sequence[int]) -> list[int]:
        with self.counting:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            self.sizes.append(len(jobs))
            self.open.wait(10)
            if -1 in jobs:
                raise LockedError("locked")
            if -2 in jobs:
                raise ValueError("this one cannot be done")
            return [job * job for job in jobs]
        finally:
            with self.counting:
                self.at_once -= 1


def send_together(turns: "Turns[int, int]", work: Work, jobs: Sequence[int]) -> "list[int | Exception]":
    """Sends the first job, and the others while its turn is under way; the answer or the error of each."""

    def send(job: int) -> int | Exception:
        try:
            return turns.take(job)
        except (LockedError, ValueError) as error:
            return error

    work.open.clear()
    with ThreadPoolExecutor(len(jobs)) as pool:
        first = pool.submit(send, jobs[0])
        while not work.sizes:
            time.sleep(0.001)
        others = [pool.submit(send, job) for job in jobs[1:]]
        while len(turns._waiting) < len(others):
            time.sleep(0.001)
        work.open.set()
        return [one.result(10) for one in [first, *others]]


def test_everybody_gets_the_answer_to_their_own_job() -> None:
    work = Work()
    turns = Turns(work)
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(turns.take, range(2000)))

    assert answers == [job * job for job in range(2000)]
    assert sum(work.sizes) == 2000
    assert work.most_at_once == 1


def test_those_who_come_while_another_works_share_the_next_turn() -> None:
    work = Work()

    assert send_together(Turns(work), work, range(10)) == [job * job for job in range(10)]
    assert work.sizes == [1, 9]


def test_a_turn_takes_no_more_than_its_fill_and_the_rest_has_the_next() -> None:
    work = Work()
    jobs = range(1 + MOST + 5)

    assert send_together(Turns(work), work, jobs) == [job * job for job in jobs]
    assert work.sizes == [1, MOST, 5]


def test_an_error_of_the_database_goes_to_everybody_in_the_turn_and_the_next_turn_is_free() -> None:
    work = Work()
    turns = Turns(work, common=(LockedError,))

    answers = send_together(turns, work, [3, 4, -1, 5])

    assert answers[0] == 9
    assert [str(answer) for answer in answers[1:]] == ["locked"] * 3
    assert len({id(answer) for answer in answers[1:]}) == 3, "each raises an error of their own"
    assert turns.take(6) == 36


def test_a_job_that_cannot_be_done_spoils_it_for_nobody_else() -> None:
    work = Work()

    answers = send_together(Turns(work, common=(LockedError,)), work, [3, 4, -2, 5])

    assert [answers[0], answers[1], answers[3]] == [9, 16, 25]
    assert isinstance(answers[2], ValueError)


def test_when_the_one_who_leads_is_stopped_the_others_are_told_and_the_next_turn_is_free() -> None:
    begun, go_on = threading.Event(), threading.Event()
    told: list[int | type[BaseException]] = []

    def work(jobs: Sequence[int]) -> Sequence[int]:
        begun.set()
        go_on.wait(10)
        if len(jobs) > 1:
            raise SystemExit
        return jobs

    def send(job: int) -> None:
        try:
            told.append(turns.take(job))
        except (SystemExit, RuntimeError) as error:
            told.append(type(error))

    turns = Turns(work)
    threads = [threading.Thread(target=send, args=(job,)) for job in range(4)]
    threads[0].start()
    begun.wait(10)
    for thread in threads[1:]:
        thread.start()
    while len(turns._waiting) < len(threads) - 1:
        time.sleep(0.001)
    go_on.set()
    for thread in threads:
        thread.join(10)

    assert sorted(map(str, told)) == sorted(map(str, [0, SystemExit, RuntimeError, RuntimeError]))
    assert turns.take(9) == 9


def test_whoever_leads_is_answered_after_their_own_turn_and_does_not_work_for_ever() -> None:
    work = Work()
    turns = Turns(work)
    stop = threading.Event()

    def crowd() -> None:
        while not stop.is_set():
            turns.take(2)

    threads = [threading.Thread(target=crowd, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        with ThreadPoolExecutor(1) as pool:
            assert [pool.submit(turns.take, job).result(10) for job in range(50)] == [job * job for job in range(50)]
    finally:
        stop.set()
        for thread in threads:
            thread.join(10)


@pytest.mark.parametrize("job", [-1, -2])
def test_alone_the_error_is_the_very_one_that_was_raised(job: int) -> None:
    with pytest.raises((LockedError, ValueError), match=r"locked|cannot be done"):
        Turns(Work(), common=(LockedError,)).take(job)
