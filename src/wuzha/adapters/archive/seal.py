"""Archives are sealed with age (age-encryption.org): whoever has the public key can make one, and only the owner of the
identity can open it, with ``wuzha`` or with the age program itself. So the site's machine cannot read its own backups.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import IO, Any

from pyrage import DecryptError as _DecryptError
from pyrage import IdentityError, RecipientError, decrypt_io, encrypt_io, x25519


class KeyTextError(ValueError):
    """What was given is no key of age: ``AGE-SECRET-KEY-1…`` to open with, ``age1…`` to seal for."""


class SealError(Exception):
    """The file is not sealed for this identity, was cut short, or was changed."""


def make_identity() -> tuple[str, str]:
    """A new identity and its public key."""
    identity = x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def read_recipient(text: str) -> x25519.Recipient:
    """Raises :class:`KeyTextError`."""
    try:
        return x25519.Recipient.from_str(text.strip())
    except RecipientError as error:
        raise KeyTextError(str(error)) from None


def read_identity(text: str) -> x25519.Identity:
    """The identity in a key file, whose comments begin with #. Raises :class:`KeyTextError`."""
    lines = [line.strip() for line in text.splitlines()]
    found = [line for line in lines if line and not line.startswith("#")]
    try:
        return x25519.Identity.from_str(found[0] if found else "")
    except IdentityError as error:
        raise KeyTextError(str(error)) from None


@contextmanager
def seal(path: Path, recipient: x25519.Recipient) -> Iterator[IO[bytes]]:
    """What is written comes out sealed at the path, written through to the disk; without an error only."""
    with _pipe_through(lambda pipe: _seal_into(pipe, path, recipient), "wb") as pipe:
        yield pipe


def _seal_into(pipe: IO[bytes], path: Path, recipient: x25519.Recipient) -> None:
    with path.open("wb") as file:
        encrypt_io(pipe, file, [recipient])
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def unseal(path: Path, identity: x25519.Identity) -> Iterator[IO[bytes]]:
    """What is sealed at the path. Raises :class:`SealError` where it cannot be opened, at the latest at the end."""
    with _pipe_through(lambda pipe: _unseal_from(path, pipe, identity), "rb") as pipe:
        yield pipe


def _unseal_from(path: Path, pipe: IO[bytes], identity: x25519.Identity) -> None:
    with path.open("rb") as file:
        try:
            decrypt_io(file, pipe, [identity])
        except _DecryptError as error:
            raise SealError(str(error)) from None
        except OSError as error:
            if error.errno is None:  # of the sealed stream itself and not of the machine
                raise SealError(str(error)) from None
            raise


@contextmanager
def _pipe_through(work: Any, mode: str) -> Iterator[IO[bytes]]:
    """``work`` runs beside the caller at the other end of a pipe; its error is raised when the caller is done."""
    here, there = os.pipe()[:: -1 if mode == "wb" else 1]
    errors: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(there, "rb" if mode == "wb" else "wb") as pipe:
                work(pipe)
        except BrokenPipeError:
            pass  # the caller has seen enough
        except BaseException as error:
            errors.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        with os.fdopen(here, mode) as pipe:
            yield pipe
    finally:
        thread.join()
        if errors:
            raise errors[0]
