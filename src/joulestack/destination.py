"""Where results may go: to a place that lasts, over nobody's files, one writer at a time.

Every command that writes takes a `Claim` on the names it writes, before it computes anything.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import re
import socket
import tempfile
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from joulestack import __version__
from joulestack.errors import CaseError, Problem

VISIBLE = "JOULESTACK_VISIBLE"
"""Variable that docker/joulestack sets inside its environment: a JSON list of the folders that are
the machine's own. Whatever is written elsewhere vanishes with the environment."""
MARK: dict[str, Any] = {"versions": {"joulestack": __version__}}
"""What the JSON file beside written files holds among others: by it they are known as ours."""
NEW_PLACE = "choose another folder with --output"
FREE_PLACE = f"{NEW_PLACE}, or replace them with --overwrite"

log = logging.getLogger("joulestack")


def output_path(text: str | Path) -> Path:
    """The path that an output is given as.

    Raises:
        CaseError: it has no name.
    """
    if not str(text).strip() or "\0" in str(text):
        raise CaseError(Problem("--output", f"{str(text)!r} is no name", '"." is this folder'))
    return Path(text)


class Claim:
    """Names in a folder that one command writes, from its check to its last file.

    Attributes:
        folder: that the names stand in.
        made: folders that were not there before.
        died: which process held the names before and ended without giving them back; "": none.
    """

    def __init__(
        self,
        folder: Path,
        marker: str,
        own: re.Pattern[str],
        *,
        overwrite: bool = False,
        inputs: Collection[Path] = (),
        prepared: Collection[str] = (),
        subfolder: str = "",
        unfinished: str = "",
        resume: bool = False,
    ) -> None:
        """Nothing is looked at yet.

        Args:
            folder: parents are made.
            marker: the file by which what is there is known as an earlier command's: JSON with
                `MARK` in it, or a picture that names joulestack.
            own: all names that the command may write, the marker's among them, relative to the
                folder; their drafts are `.NAME.part`.
            overwrite: replace what an earlier command has written.
            inputs: files that are read; these are never replaced.
            prepared: names that are worth nothing as long as the marker says no more than `MARK`.
            subfolder: of the folder, in which some of the names stand.
            unfinished: name of a file that is there as long as a command can be gone on with.
            resume: go on with what is there.
        """
        self.folder = folder
        self.made: list[Path] = []
        self.died = ""
        self._marker = folder / marker
        self._own, self._subfolder = own, subfolder
        self._overwrite, self._inputs = overwrite, inputs
        self._prepared = {marker, *prepared}
        self._unfinished, self._resume = folder / unfinished if unfinished else None, resume
        self._lock: IO[str] | None = None

    def check(self) -> None:
        """Look, and touch nothing.

        Raises:
            CaseError: the place does not last, cannot be written, or holds files in the way.
        """
        try:
            problem = _unreachable(self.folder) or self._written_now() or self._in_the_way()
        except (OSError, ValueError) as error:
            problem = self._unwritable(error)
        if problem is not None:
            raise CaseError(problem)

    def take(self) -> None:
        """Check, make the folder, and keep others from writing the same names until `release`.

        Raises:
            CaseError: as `check`, or another process writes them now.
        """
        self.check()
        try:
            self._make()
            self._lock_up()
            self.check()  # whoever held the lock before may have written
            probe = self.folder / f".{self._marker.name}.part"
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            self.release()
            raise CaseError(self._unwritable(error)) from None
        except CaseError:
            self.release()
            raise

    def clear(self, mark: bool = True) -> None:
        """Remove what an earlier command has left; what is marked stays known if this is stopped.

        Args:
            mark: put a marker that says nothing yet.

        Raises:
            CaseError: it cannot be removed, or the marker not be written.
        """
        try:
            old = [] if self._resume else self.present()
            if mark and not self._resume:
                draft = self._marker.with_name(f".{self._marker.name}.part")
                draft.write_text(json.dumps(MARK) + "\n", "utf-8")
                draft.replace(self._marker)
                old = [f for f in old if f != self._marker]
            # An index goes before what it names, which must exist as long as it does.
            for file in sorted(old, key=lambda f: f.suffix != ".pvd"):
                file.unlink()
            for file in list(self._files(drafts=True)):
                file.unlink()
            self._remove_empty([self.folder / self._subfolder] if self._subfolder else [])
        except OSError as error:
            raise CaseError(self._unwritable(error)) from None

    def present(self) -> list[Path]:
        """What bears one of the names now."""
        return sorted(self._files())

    def void(self) -> bool:
        """Whether nothing worth keeping is there: nothing, or a marker that says nothing yet."""
        there = {f.relative_to(self.folder).as_posix() for f in self.present()}
        known = _marked(self._marker)
        return not there or (
            there <= self._prepared and known is not None and known.keys() == MARK.keys()
        )

    def release(self, discard: bool = False) -> None:
        """Let others write; may be called again.

        Args:
            discard: remove the files and folders again.
        """
        if discard:
            for file in [*self.present(), *self._files(drafts=True)]:
                file.unlink(missing_ok=True)
            self._remove_empty([self.folder / self._subfolder] if self._subfolder else [])
        if self._lock is not None:
            Path(self._lock.name).unlink(missing_ok=True)  # before it is free
            self._lock.close()
            self._lock = None
        self._remove_empty(reversed(self.made))

    def __enter__(self) -> Claim:
        self.take()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def _files(self, drafts: bool = False) -> Iterator[Path]:
        for inside in dict.fromkeys(("", self._subfolder)):
            folder = self.folder / inside
            if not folder.is_dir() or (inside and folder.is_symlink()):
                continue
            for file in folder.iterdir():
                name = file.name
                if drafts and not (name.startswith(".") and name.endswith(".part")):
                    continue
                name = name[1:-5] if drafts else name
                if self._own.fullmatch(f"{inside}/{name}" if inside else name):
                    yield file

    def _in_the_way(self) -> Problem | None:
        if self._subfolder:
            inside = self.folder / self._subfolder
            if inside.is_symlink() or (inside.exists() and not inside.is_dir()):
                return Problem(str(inside), "is no folder of its own", NEW_PLACE)
        there = self.present()
        read = [f for f in there if self._is_input(f)]
        if read:
            what = f"results would replace {_names(read)}, which this run reads"
            return Problem(str(self.folder), what, NEW_PLACE)
        if self.void():
            return None
        theirs = self._of_others(there)
        if theirs:
            what = f"holds {_names(theirs)}, which no earlier run has written"
            return Problem(str(self.folder), what, f"move it away, or {NEW_PLACE}")
        if not (self._overwrite or self._resume):
            if self._unfinished is not None and self._unfinished.is_file():
                what = "holds a run that was cut off"
                remedy = f"go on with it: --resume; or start anew: --overwrite; or {NEW_PLACE}"
                return Problem(str(self.folder), what, remedy)
            what = f"holds the results of an earlier run ({len(there)} files)"
            if len(there) <= 3:
                what = f"holds {_names(there)} of an earlier run"
            return Problem(str(self.folder), what, FREE_PLACE)
        return None

    def _is_input(self, file: Path) -> bool:
        """Whether a file is one that the command reads, by whatever name."""
        return any(file.exists() and i.exists() and file.samefile(i) for i in self._inputs)

    def _of_others(self, there: Collection[Path]) -> list[Path]:
        """Those of the files that the marker does not know as written by an earlier run."""
        known = _marked(self._marker)
        if known is None:
            return list(there)
        files = known.get("files")
        listed = files if isinstance(files, list) else [f.name for f in there]
        return [
            f
            for f in there
            if not (f.is_file() or f.is_symlink()) or (f.name not in listed and f != self._marker)
        ]

    def _make(self) -> None:
        folder = Path(os.path.realpath(self.folder))
        missing = []
        while not folder.exists():
            missing.append(folder)
            folder = folder.parent
        for folder in reversed(missing):
            folder.mkdir(exist_ok=True)
            self.made.append(folder)

    @property
    def _lock_path(self) -> Path:
        return _lock_of(self._marker)

    def _written_now(self) -> Problem | None:
        """Whether another holds the lock."""
        if self._lock is None and written_now(self._marker):
            return self._writing(self._lock_path)
        return None

    def _writing(self, path: Path) -> Problem:
        try:
            writer = path.read_text("utf-8").strip()
        except OSError:
            writer = ""
        what = f"another run writes here now{writer and f' (process {writer})'}"
        return Problem(str(self.folder), what, f"wait for it, or {NEW_PLACE}")

    def _lock_up(self) -> None:
        """Lock a file that vanishes with the lock; the kernel frees it if this process dies."""
        path = self._lock_path
        while True:
            lock = path.open("a+", encoding="utf-8")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
                raise CaseError(self._writing(path)) from None
            except OSError as error:  # a file system without locks
                log.warning("%s is not locked against other runs (%s)", self.folder, error.strerror)
            try:
                if os.path.samestat(os.stat(path), os.fstat(lock.fileno())):
                    break
            except FileNotFoundError:
                pass
            lock.close()  # its last holder has removed it
        self._lock = lock
        lock.seek(0)
        self.died = lock.read().strip()
        lock.truncate(0)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        lock.write(f"{os.getpid()} on {socket.gethostname()} since {now}\n")
        lock.flush()

    def _remove_empty(self, folders: Sequence[Path] | Iterator[Path]) -> None:
        for folder in folders:
            if folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir()):
                folder.rmdir()

    def _unwritable(self, error: OSError | ValueError) -> Problem:
        reason = getattr(error, "strerror", None) or str(error)
        return Problem(str(self.folder), f"cannot be written ({reason})", NEW_PLACE)


def written_now(marker: Path) -> bool:
    """Whether a command holds the names of a marker now: the kernel knows, whatever has died."""
    try:
        with _lock_of(marker).open(encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # no such file, or a file system without locks
        return False
    return False


def _lock_of(marker: Path) -> Path:
    return marker.with_name(f".{marker.name}.lock")


def _unreachable(path: Path) -> Problem | None:
    """Why a folder cannot be had, or would be lost."""
    real = Path(os.path.realpath(path))
    told = os.environ.get(VISIBLE, "")
    if told:
        seen = [Path(os.path.realpath(folder)) for folder in json.loads(told)]
        if not any(real.is_relative_to(folder) for folder in seen):
            scratch = tempfile.gettempdir()
            shown = ", ".join(str(folder) for folder in seen if str(folder) != scratch)
            where = f" (it is {real})" if real != Path(os.path.abspath(path)) else ""
            return Problem(
                str(path),
                f"would be lost{where}: of this machine's folders the environment sees {shown}",
                f"docker/joulestack --mount {real} ..., or choose a folder below these",
            )
    above = real
    while not os.path.lexists(above):
        above = above.parent
    if not above.is_dir():
        return Problem(str(path), f"cannot be written: {above} is a file", NEW_PLACE)
    if not os.access(above, os.W_OK | os.X_OK):
        return Problem(str(path), f"cannot be written: no permission in {above}", NEW_PLACE)
    return None


def _marked(marker: Path) -> dict[str, Any] | None:
    """What a marker says, if joulestack has written it."""
    try:
        data = marker.read_bytes()
        if marker.suffix != ".json":
            return {} if b"joulestack" in data else None
        table = json.loads(data)
    except (OSError, ValueError, RecursionError):
        return None
    versions = table.get("versions") if isinstance(table, dict) else None
    return table if isinstance(versions, dict) and "joulestack" in versions else None


def _names(files: Sequence[Path]) -> str:
    shown = ", ".join(f.name for f in files[:5])
    return shown if len(files) <= 5 else f"{shown} and {len(files) - 5} more"
