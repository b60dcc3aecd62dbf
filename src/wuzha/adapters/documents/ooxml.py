"""Walking through WordprocessingML: names, attributes, and which wrappers are opened, which are passed over."""

from collections.abc import Iterator
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_OPENED = frozenset(
    {
        *("sdt", "sdtContent", "customXml", "smartTag", "hyperlink", "fldSimple", "dir", "bdo", "ruby", "rubyBase"),
        *("ins", "moveTo", "oMath", "oMathPara"),
    }
)
"""What only wraps; inserted text counts."""
_DROPPED = frozenset({"del", "moveFrom", "rt", "sdtPr", "sdtEndPr", "delText", "instrText", "delInstrText"})
"""Deleted text, readings above signs, what a field is told to do."""
MAX_NUMBER = 32_767


def name_tag(element: Any) -> str:
    """The local name; empty for what is no element (comments, instructions)."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def list_children(element: Any) -> Iterator[tuple[str, Any]]:
    """The children as they are shown, with their names: wrappers opened, of alternatives one chosen."""
    for child in element:
        name = name_tag(child)
        if name == "AlternateContent":
            chosen = choose_alternative(child)
            if chosen is not None:
                yield from list_children(chosen)
        elif name in _OPENED:
            yield from list_children(child)
        elif name and name not in _DROPPED:
            yield name, child


def choose_alternative(element: Any) -> Any:
    """The first choice that holds words, else the fallback: the same text box is written in both."""
    choices = [child for child in element if name_tag(child) == "Choice"]
    fallbacks = [child for child in element if name_tag(child) == "Fallback"]
    return next((choice for choice in (*choices, *fallbacks) if _has_words(choice)), None)


def _has_words(element: Any) -> bool:
    """Words, or a mark that stands for some: a tab, a break, a note, a field's border."""
    return any(name_tag(item) in ("t", "tab", "br", "fldChar", "sym", "textpath") for item in element.iter())


def get_value(element: Any, path: str, default: str = "") -> str:
    """``w:val`` of the element at the path of local names below; the default if there is none."""
    for name in path.split("/") if path else ():
        if element is None:
            return default
        element = element.find(W + name)
    return default if element is None else str(element.get(f"{W}val", default))


def read_number(text: str, default: int) -> int:
    """A whole number as files write it, kept within what Word itself allows."""
    try:
        return max(-MAX_NUMBER, min(int(text[:12]), MAX_NUMBER))
    except ValueError:
        return default


def is_on(element: Any, path: str) -> bool:
    """A switch such as ``w:vanish``: on by being there, off by ``w:val``."""
    return get_value(element, path, "on" if _find(element, path) is not None else "off") not in ("0", "false", "off")


def _find(element: Any, path: str) -> Any:
    return element.find("/".join(W + name for name in path.split("/")))
