"""Writes docs/rules/lint.md from the rules of the check against higher rules."""

from pathlib import Path

from wuzha.adapters.lint_rules import load_rules
from wuzha.adapters.wording.lint import render_page

PAGE = Path(__file__).resolve().parent.parent / "docs/rules/lint.md"

if __name__ == "__main__":
    PAGE.write_text(render_page(load_rules()), encoding="utf-8")
