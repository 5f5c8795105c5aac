"""A cache that was cut off heals: it is made anew, and the process lives."""

from __future__ import annotations

from pathlib import Path

import pytest

from joulestack._compat import DIGESTS, is_whole, note_whole


@pytest.mark.parametrize("harm", ["truncated", "emptied", "removed", "overwritten", "unreadable"])
def test_harm_is_seen(harm: str, tmp_path: Path) -> None:
    library = tmp_path / "libffcx_forms_1.cpython-313-x86_64-linux-gnu.so"
    library.write_bytes(bytes(range(256)))
    (tmp_path / "libffcx_forms_1.c.cached").write_text("")
    assert is_whole(tmp_path)
    note_whole(tmp_path)
    assert is_whole(tmp_path)
    if harm == "removed":
        library.unlink()
    elif harm == "unreadable":
        (tmp_path / DIGESTS).write_text("{")
    else:
        library.write_bytes({"truncated": bytes(range(99)), "emptied": b""}.get(harm, bytes(256)))
    assert not is_whole(tmp_path)


@pytest.mark.parametrize("harm", ["emptied", "removed"])
def test_harm_is_seen_where_nothing_was_noted(harm: str, tmp_path: Path) -> None:
    """Kernels of an earlier version."""
    library = tmp_path / "libffcx_forms_1.cpython-313-x86_64-linux-gnu.so"
    (tmp_path / "libffcx_forms_1.c.cached").write_text("")
    if harm == "emptied":
        library.write_bytes(b"")
    assert not is_whole(tmp_path)
