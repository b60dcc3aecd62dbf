"""JSON that somebody sent. Two signs of text become an object of sixty bytes, so their number is looked at before."""

import json
from collections.abc import Callable
from typing import Any


class TooManyPartsError(ValueError):
    """The text opens more lists and objects than anybody's file does."""


def load_bounded(text: str, most: int, parse_constant: Callable[[str], Any] | None = None) -> Any:
    """What the text says. Raises ``ValueError`` for what is no JSON, is nested too deeply, or has more than ``most``
    lists and objects; brackets within texts are counted with them."""
    if text.count("[") + text.count("{") > most:
        raise TooManyPartsError(most)
    try:
        return json.loads(text, parse_constant=parse_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
