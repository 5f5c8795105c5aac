"""Pictures and the page of a run, once its files are written."""

from __future__ import annotations

import logging
from typing import Any

from joulestack.outputs.folder import ResultFolder
from joulestack.outputs.plots import write_all
from joulestack.outputs.report import write

log = logging.getLogger("joulestack")


def draw(comm: Any, folder: ResultFolder, title: str) -> None:
    """Draw all pictures of a run on rank 0; collective. Results outlive a failing picture.

    A page of the result is written too, where it is a matter of a moment.

    Args:
        comm: ranks of the run.
        folder: of the run, its files written.
        title: shown in the pictures.
    """
    comm.barrier()
    if comm.rank == 0:
        try:
            write_all(folder.path, title)
            write.beside(folder.path)
        except Exception as error:  # a picture must not cost a run
            log.warning("pictures left out: %s: %s", type(error).__name__, error)
            log.debug("while drawing", exc_info=True)
    comm.barrier()
