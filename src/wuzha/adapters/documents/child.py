"""The process in which a hostile document is parsed: bytes on its input, the answer as JSON on its output.

``python -m wuzha.adapters.documents.child FORMAT CHARACTERS SIGNS_A_SECOND MEMORY WRITTEN CPU_S``. It knows no
settings, no database and no name of the file; when it dies, nothing else does.
"""

import json
import os
import re
import sys
from collections.abc import Callable
from importlib import import_module

from wuzha.adapters.documents.formats import READERS
from wuzha.adapters.documents.limits import limit_reading, set_limits
from wuzha.adapters.documents.model import MAX_CHARACTERS, Found, RefusedError, check_text
from wuzha.core.base.problem import Problem, make_problem

LONG_TEXT = 20_000
"""Characters from which reading the plan is rehearsed here before the site does it. Shorter texts cost two seconds at
the worst; what the rules of the core do with any text is bounded by its length alone."""

_REHEARSED = "wuzha.core.plan.read"
_UNSEEN = re.compile("[\x00-\x08\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Signs that show nothing and that no database takes."""


def read_inside(
    format_: str, content: bytes, characters: int = MAX_CHARACTERS, bind: Callable[[int], None] | None = None
) -> Found | Problem:
    """What the reader of the format gives, or the one problem; never raises for anything that the bytes may do.

    ``bind`` is told how long a long text is, before reading the plan in it is rehearsed.
    """
    try:
        found: Found = import_module(READERS[format_]).read(content)
        text = found.text if format_ == "txt" else _UNSEEN.sub("", found.text)
        check_text(text, characters)
        if len(text) > LONG_TEXT:
            if bind:
                bind(len(text))
            import_module(_REHEARSED).read_plan(text)
    except RefusedError as refused:
        return refused.problem
    except (MemoryError, RecursionError):
        return make_problem("document.too-costly")
    except Exception:  # whatever a parser trips over in bytes that somebody sent, the file is at fault
        return make_problem("document.broken")
    return Found(found.kind, text, found.told)


def render_answer(answer: Found | Problem) -> str:
    """As JSON in ASCII."""
    if isinstance(answer, Problem):
        return json.dumps({"problems": [_encode(answer)]})
    return json.dumps({"kind": answer.kind, "text": answer.text, "problems": [*map(_encode, answer.told)]})


def _encode(problem: Problem) -> dict[str, object]:
    return {"code": problem.code, "params": problem.values, "severity": problem.severity}


def main(words: list[str]) -> None:
    format_, characters, rate, memory, written, cpu_s = words
    set_limits(int(memory), int(written), int(cpu_s))
    found = read_inside(
        format_, sys.stdin.buffer.read(), int(characters), lambda signs: limit_reading(signs, int(rate), int(cpu_s))
    )
    answer = render_answer(found)
    sys.stdout.write(answer)
    sys.stdout.flush()
    os._exit(0)  # taking everything down in good order takes longer than reading a page


if __name__ == "__main__":
    main(sys.argv[1:])
