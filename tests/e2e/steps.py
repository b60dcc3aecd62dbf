"""What several journeys do on their way."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page

from wuzha.adapters.sample.habit import SHOWN_VILLAGE
from wuzha.adapters.sample.people import TOWN

VILLAGE = SHOWN_VILLAGE
COUNTY = VILLAGE[:2]
TALLY = re.compile(r"([\d,，]+)\s*/\s*([\d,，]+)")

__all__ = ["COUNTY", "TOWN", "VILLAGE", "Tally", "Task", "find_link", "read_tally", "record_visit"]


@dataclass(frozen=True, slots=True)
class Tally:
    """Done and wanted, as a page writes them: 237 / 299."""

    done: int
    wanted: int

    @property
    def missing(self) -> int:
        return self.wanted - self.done


@dataclass(frozen=True, slots=True)
class Task:
    """One card of 我的任务: the duty in one window, with the address of its figure and of its record form."""

    plan: str
    duty: str
    window: str
    tally: Tally


def read_tally(text: str) -> Tally:
    found = TALLY.search(text)
    assert found, f"no figure over its base in: {text}"
    done, wanted = (int(re.sub(r"\D", "", number)) for number in found.groups())
    return Tally(done, wanted)


def find_link(page: Page, path: str) -> Locator:
    """The first link in sight that leads to this path, whatever its query says."""
    return page.locator(f'main a[href="{path}"]:visible, main a[href^="{path}?"]:visible').first


def list_open_tasks(page: Page) -> list[Task]:
    """The cards of 我的任务 that can still be met and offer to record something."""
    return [read_task(card) for card in page.locator(".task:not(.task-overdue):has(.actions a)").all()]


def read_task(card: Locator) -> Task:
    query = parse_qs(urlsplit(card.locator(".actions a").get_attribute("href") or "").query)
    return Task(
        query["plan"][0], query["duty"][0], query["window"][0], read_tally(card.locator(".figure").inner_text())
    )


def find_longest_task(page: Page) -> Task:
    """The card that lacks most, so that one more record does not finish it. In the sample county, the households."""
    task = max(list_open_tasks(page), key=lambda task: task.tally.missing)
    assert task.tally.missing >= 2, "the sample village should always owe something"
    return task


def find_card(page: Page, task: Task) -> Locator:
    duty, window = (f'[href*="{key}={value}"]' for key, value in (("duty", task.duty), ("window", task.window)))
    return page.locator(f".task:has(.actions a{duty}{window})")


def record_visit(page: Page, quantity: int) -> tuple[Task, str]:
    """As the village: records so many for the longest task. Gives the task as it was, and the record's address."""
    page.goto("/today/work/")
    task = find_longest_task(page)
    find_card(page, task).locator(".actions a").click()
    page.locator("[name=quantity]").fill(str(quantity))
    page.locator(".save-bar button").click()
    page.wait_for_url("**/records/*/?saved=1")
    return task, urlsplit(page.url).path
