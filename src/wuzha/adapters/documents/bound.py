"""``python -m wuzha.adapters.documents.bound MEMORY WRITTEN CPU_S COMMAND …``: becomes the command, under limits."""

import os
import sys

from wuzha.adapters.documents.limits import set_limits


def main(words: list[str]) -> None:
    memory, written, cpu_s, *command = words
    set_limits(int(memory), int(written), int(cpu_s))
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
