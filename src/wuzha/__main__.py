"""``python -m wuzha`` is the same as ``wuzha``."""

from wuzha.cli import main

if __name__ == "__main__":
    main()
