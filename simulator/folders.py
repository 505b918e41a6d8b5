"""A container's folder as this side sees it: code that is not trusted writes there, so no link in it is ever followed.

Each step of a path is opened by itself, from the folder down, and a link or anything that is no plain file ends the
way. Where the system cannot do that (Windows), a path is resolved and compared instead.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

MOST_FILES = 20_000  # that are looked at
_BY_STEPS = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_LONGEST = 255  # bytes of a name, on most systems


def read(root: Path, name: str) -> bytes:
    """Return the bytes of a plain file; raises FileNotFoundError for anything else."""
    with _parent(root, name) as (folder, last):
        try:
            opened = os.open(last, os.O_RDONLY | _NO_LINK, dir_fd=folder)
        except OSError as error:  # a link, a folder, or not to be read
            raise FileNotFoundError(name) from error
    with os.fdopen(opened, "rb") as file:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise FileNotFoundError(name)
        return file.read()


def holds(root: Path, name: str) -> bool:
    """Whether there is a plain file of that name."""
    with contextlib.suppress(OSError), _parent(root, name) as (folder, last):
        return stat.S_ISREG(os.stat(last, dir_fd=folder, follow_symlinks=False).st_mode)
    return False


def write(root: Path, name: str, content: bytes) -> None:
    """Make a file, in place of whatever has that name; raises FileNotFoundError where that is a folder."""
    with _parent(root, name) as (folder, last):
        try:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(last, dir_fd=folder)
            opened = os.open(last, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK, 0o644, dir_fd=folder)
        except OSError as error:
            raise FileNotFoundError(name) from error
    with os.fdopen(opened, "wb") as file:
        file.write(content)


def remove(root: Path, name: str) -> None:
    """Remove a file, or a link itself; nothing where there is none."""
    with contextlib.suppress(OSError), _parent(root, name) as (folder, last):
        os.unlink(last, dir_fd=folder)


def walk(root: Path) -> Iterator[tuple[str, int, int]]:
    """Yield (name below the folder, bytes, time of change in nanoseconds) of every plain file, in no order.

    Not those with names that are no text, and at most MOST_FILES.
    """
    with contextlib.suppress(OSError):
        root.chmod(0o700)  # the code may have closed it
    found = 0
    for folder, status in _files(root):
        name = Path(folder).relative_to(root).as_posix()
        if not _is_text(name):
            continue
        yield name, status.st_size, status.st_mtime_ns
        found += 1
        if found >= MOST_FILES:
            return


def short(name: str) -> str:
    """Return a name that file systems take: cut in the middle, so that its suffix stays."""
    raw = name.encode("utf-8", "replace")
    if len(raw) <= _LONGEST:
        return raw.decode("utf-8")
    return raw[: _LONGEST - 40].decode("utf-8", "ignore") + raw[-40:].decode("utf-8", "ignore")


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _files(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    if not hasattr(os, "fwalk"):
        for folder, _, names in os.walk(root):
            for name in names:
                path = os.path.join(folder, name)  # noqa: PTH118 - many files: no object for each
                with contextlib.suppress(OSError):
                    status = os.lstat(path)
                    if stat.S_ISREG(status.st_mode):
                        yield path, status
        return
    for folder, _, names, descriptor in os.fwalk(root):
        for name in names:
            with contextlib.suppress(OSError):
                status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                if stat.S_ISREG(status.st_mode):
                    yield os.path.join(folder, name), status  # noqa: PTH118


@contextlib.contextmanager
def _parent(root: Path, name: str) -> Iterator[tuple[int | None, str]]:
    """Give the folder that a name is in, opened step by step, and the name's last part."""
    *folders, last = name.split("/")
    if any(part in ("", ".", "..") for part in (*folders, last)) or "\0" in name:
        raise FileNotFoundError(name)
    if not _BY_STEPS:
        parent = root.joinpath(*folders)
        if not parent.resolve().is_relative_to(root.resolve()) or (parent / last).is_symlink():
            raise FileNotFoundError(name)
        yield None, str(parent / last)
        return
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    opened = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in folders:
            try:
                below = os.open(part, flags, dir_fd=opened)
            except OSError as error:
                raise FileNotFoundError(name) from error
            os.close(opened)
            opened = below
        yield opened, last
    finally:
        os.close(opened)
