"""The folder of a study: rows are on disk as soon as they are known, so that it can go on."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from joulestack.destination import FREE_PLACE, NEW_PLACE, Claim, output_path
from joulestack.errors import CaseError, Problem
from joulestack.outputs import origin
from joulestack.outputs.folder import PREPARED as PREPARED_RUN
from joulestack.outputs.folder import RUN as RUN_FILES
from joulestack.outputs.summary import plain, versions, write_json
from joulestack.studies.work import FAILED, Row

MARKER, ROWS, CSV, NETCDF, PICTURE = (
    *("study.json", "rows.jsonl", "study.csv", "study.nc"),
    "study.png",
)
RUNS = "runs"
"""Folder of the folders of results."""

_OWN = re.compile("|".join(map(re.escape, (MARKER, ROWS, CSV, NETCDF, PICTURE))))


class Journal:
    """Rows of a study by the digest of their case. Use it as a context.

    Attributes:
        path: of the folder.
        rows: digest -> (name of the folder of results, row).
    """

    def __init__(
        self,
        path: str | Path,
        digests: Collection[str],
        overwrite: bool = False,
        retry: bool = False,
        inputs: Collection[Path] = (),
    ) -> None:
        """Look what is there, and take the folder.

        Args:
            path: of the folder; parents are made.
            digests: of the cases of the study. A study whose runs are all among them goes on.
            overwrite: replace what is there instead.
            retry: forget runs that failed.
            inputs: files that are read.

        Raises:
            CaseError: the folder holds another study, or files of others, or cannot be written.
        """
        self.path = output_path(path)
        goes_on = not overwrite and (self.path / ROWS).is_file() and self._check(digests)
        replaced = overwrite or goes_on
        self._claim = Claim(self.path, MARKER, _OWN, overwrite=replaced, inputs=inputs)
        self._claim.take()
        self.rows = self._read() if goes_on else {}
        if retry:
            self.rows = {k: v for k, v in self.rows.items() if v[1].status != FAILED}
        if not goes_on:
            self._claim.clear()
            self._clear_runs()

    def _check(self, digests: Collection[str]) -> bool:
        """Whether what is there is a part of this study."""
        there = self._read()
        told = _table(self.path / MARKER)
        if "versions" not in told:
            return False  # the claim says whose it is
        what = ""
        if told.get("code_digest") not in (None, origin.code_digest()):
            what = "holds a study of another version of joulestack"
        elif not there.keys() <= set(digests):
            what = "holds a study with other runs"
        if what:
            raise CaseError(Problem(str(self.path), what, FREE_PLACE))
        return True

    def _read(self) -> dict[str, tuple[str, Row]]:
        found = {}
        lines = (self.path / ROWS).read_text("utf-8", errors="replace").splitlines()
        for line in lines:
            try:
                table = json.loads(line)
                found[table["digest"]] = table["run"], Row(**table["row"])
            except (ValueError, KeyError, TypeError):
                continue  # the line that an interruption cut
        return found

    def _clear_runs(self) -> None:
        """Remove the folders of an earlier study, but what others have put there."""
        for folder in sorted((self.path / RUNS).glob("[0-9]*")):
            if (folder / "manifest.json").is_file():
                claim = Claim(
                    folder, "manifest.json", RUN_FILES, overwrite=True,
                    prepared=PREPARED_RUN, subfolder="fields",
                )  # fmt: skip
                with claim:
                    claim.clear(mark=False)
                if not any(folder.iterdir()):
                    folder.rmdir()

    def begin(self, table: Mapping[str, Any]) -> None:
        """Write what the study is, and the rows that stand."""
        told = {"versions": versions(), "date": origin.now(), "code_digest": origin.code_digest()}
        write_json(self.path / MARKER, {**told, **table})
        draft = self.path / f".{ROWS}.part"
        draft.write_text("".join(_line(k, *v) for k, v in self.rows.items()), encoding="utf-8")
        draft.replace(self.path / ROWS)

    def note(self, digest: str, run: str, row: Row) -> None:
        """Keep a row."""
        self.rows[digest] = run, row
        with (self.path / ROWS).open("a", encoding="utf-8") as file:
            file.write(_line(digest, run, row))

    def free_names(self, count: int, total: int) -> list[str]:
        """Names for folders of results that no row has."""
        taken = {name for name, _ in self.rows.values()}
        width = max(3, len(str(total)))
        names = (f"{i:0{width}d}" for i in range(1, total + len(taken) + 1))
        return [name for name in names if name not in taken][:count]

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._claim.release(discard=not self.rows and error is not None)


def _line(digest: str, run: str, row: Row) -> str:
    return json.dumps(plain({"digest": digest, "run": run, "row": asdict(row)})) + "\n"


def _table(path: Path) -> dict[str, Any]:
    try:
        table = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return table if isinstance(table, dict) else {}


__all__ = ["CSV", "MARKER", "NETCDF", "NEW_PLACE", "PICTURE", "ROWS", "RUNS", "Journal"]
