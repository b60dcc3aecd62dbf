"""Every word can be read: the colours of the style sheet, by day and by night, against the grounds they stand on."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

WORDS = ("ink", "muted", "accent", "met", "open", "late-word", "missed", "unknown")
GROUNDS = ("paper", "ground", "shade")
ON_WASH = (("ink", "late-wash"), ("accent", "late-wash"), ("accent", "accent-wash"), ("missed", "missed-wash"))
TOKEN = re.compile(r"--([\w-]+): (#[0-9a-f]{3,6})\b")


def read_tokens() -> dict[str, dict[str, str]]:
    """The colours by name, for the light page and, over them, for the dark one."""
    css = Path(str(finders.find("css/wuzha.css"))).read_text(encoding="utf-8")
    day, night = css.split("@media (prefers-color-scheme: dark)")[:2]
    light = dict(TOKEN.findall(day))
    return {"light": light, "dark": light | dict(TOKEN.findall(night.split("\n}\n")[0]))}


def measure_light(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    digits = colour.lstrip("#")
    pairs = [digits[i : i + 2] for i in (0, 2, 4)] if len(digits) == 6 else [digit * 2 for digit in digits]
    parts = [int(pair, 16) / 255 for pair in pairs]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def measure_contrast(one: str, other: str) -> float:
    darker, lighter = sorted((measure_light(one), measure_light(other)))
    return (lighter + 0.05) / (darker + 0.05)


TOKENS = read_tokens()
PAIRS = [(word, ground) for word in WORDS for ground in GROUNDS] + [*ON_WASH, ("accent-ink", "accent")]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_word_stands_out_by_four_and_a_half_to_one(mode: str) -> None:
    tokens = TOKENS[mode]
    weak = {pair: ratio for pair in PAIRS if (ratio := measure_contrast(tokens[pair[0]], tokens[pair[1]])) < 4.5}

    assert weak == {}


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_mark_of_a_status_stands_out_by_three_to_one(mode: str) -> None:
    tokens = TOKENS[mode]
    marks = ("met", "open", "late", "missed", "unknown")

    assert min(measure_contrast(tokens[mark], tokens[ground]) for mark in marks for ground in GROUNDS) >= 3


def test_the_dark_page_has_its_own_colours() -> None:
    assert measure_light(TOKENS["dark"]["paper"]) < 0.05 < measure_light(TOKENS["light"]["paper"])
    assert TOKENS["light"]["ink"] == "#1f2933"
    assert TOKENS["light"]["accent"] == "#1a4b8c"
