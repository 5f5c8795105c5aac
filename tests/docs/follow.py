"""Type what a page says, in order, where a reader would: in a fresh clone, without a screen.

usage: docker/joulestack python -m tests.docs.follow [--short] [PAGE ...]

All pages, as they are: half an hour. `--short` makes cases short, as the suite does
(`clone.SHORTER`).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

from tests.docs.clone import REPOSITORY, clone
from tests.docs.snippets import RUN, Snippet, snippets

PAGES = ["README.md", *sorted(f"docs/{p.name}" for p in (REPOSITORY / "docs").glob("*.md"))]


def runs(page: str) -> list[Snippet]:
    """What of a page is run or written."""
    found = snippets((REPOSITORY / page).read_text(encoding="utf-8"))
    return [s for s in found if not s.reason and (s.file or s.language in RUN)]


def environment(home: Path, shorter: bool) -> dict[str, str]:
    """Variables of a shell without a screen that finds the command `joulestack`.

    The suite gives every run one rank: two that wait for each other beside another test take
    minutes for seconds. Tests of their own compare ranks.
    """
    command = home / "bin" / "joulestack"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m joulestack "$@"\n')
    command.chmod(0o755)
    launcher = shutil.which("mpirun")
    if shorter and launcher:
        alone = command.with_name("mpirun")
        alone.write_text(f'#!/bin/sh\nshift 2\nexec {launcher} -n 1 "$@"\n')
        alone.chmod(0o755)
    kept = {k: v for k, v in os.environ.items()
            if k not in ("DISPLAY", "WAYLAND_DISPLAY", "MPLBACKEND")}  # fmt: skip
    return kept | {
        "PATH": f"{command.parent}:{kept['PATH']}",
        "PYTHONPATH": f"{REPOSITORY / 'src'}:{REPOSITORY}",
    }


def _follow_here(page: str, snippets: list[Snippet]) -> int:
    """Run snippets in this process and this folder; the number of the line that failed, or 0."""
    outside = dict(os.environ)  # MPI, once started here, marks the environment
    names: dict[str, Any] = {"__name__": "__main__"}
    for snippet in snippets:
        started = time.perf_counter()
        print(f"--- {page}:{snippet.line} ({snippet.language})", flush=True)
        if snippet.file:
            Path(snippet.file).write_text(snippet.text, encoding="utf-8")
        elif snippet.language == "sh":
            shell = ["bash", "-euxo", "pipefail", "-c", snippet.text]
            if subprocess.run(shell, env=outside, stdin=subprocess.DEVNULL, check=False).returncode:
                return snippet.line
        else:
            try:
                exec(compile(snippet.text, f"{page}:{snippet.line}", "exec"), names)
            except Exception:
                traceback.print_exc()
                return snippet.line
        print(f"    {time.perf_counter() - started:.1f} s", flush=True)
    return 0


def follow(page: str, folder: Path, shorter: bool) -> subprocess.CompletedProcess[str]:
    """Follow a page in a fresh clone below a folder, in a process of its own."""
    place = clone(folder, shorter)
    variables = environment(folder, shorter)
    return subprocess.run(
        [sys.executable, "-m", "tests.docs.follow", "--here", page],
        cwd=place, env=variables, stdin=subprocess.DEVNULL, text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def main(words: list[str]) -> int:
    """The command."""
    if words[:1] == ["--here"]:
        failed = _follow_here(words[1], runs(words[1]))
        if failed:
            print(f"FAILED: {words[1]}:{failed}")
        return bool(failed)
    shorter = "--short" in words
    bad = []
    for page in [w for w in words if w != "--short"] or [p for p in PAGES if runs(p)]:
        with tempfile.TemporaryDirectory() as folder:
            started = time.perf_counter()
            done = follow(page, Path(folder), shorter)
        print(done.stdout)
        print(f"=== {page}: {done.returncode}, {time.perf_counter() - started:.0f} s", flush=True)
        bad += [page] if done.returncode else []
    print(f"failed: {', '.join(bad)}" if bad else "all pages hold")
    return len(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
