"""Work given out to processes, few at a time; one that dies takes one piece of work with it."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from typing import Any, TypeVar

from joulestack._needs import needed
from joulestack.errors import CaseError, EnvironmentMissing, Problem
from joulestack.studies.work import begin

Item = TypeVar("Item")
Answer = TypeVar("Answer")

HOPELESS = 3
"""Processes that may die before any has answered."""


class Processes:
    """Processes of this machine. Use it as a context.

    Attributes:
        size: how many.
    """

    def __init__(self, size: int) -> None:
        """Nothing is started yet."""
        self.size = size
        self._executor: Executor | None = None
        self._others = set(multiprocessing.active_children())

    def submit(self, function: Callable[[Item], Answer], item: Item) -> Future[Answer]:
        """Have an item computed."""
        if self._executor is None:
            # Not forked: MPI and PETSc of this process would be in the way.
            context = multiprocessing.get_context("spawn")
            self._executor = ProcessPoolExecutor(self.size, context, begin)
        return self._executor.submit(function, item)

    def renew(self) -> None:
        """Take fresh processes from now on."""
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
        self._executor = None

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if self._executor is None:
            return
        if kind is None:
            self._executor.shutdown()
            return
        mine = set(multiprocessing.active_children()) - self._others
        self._executor.shutdown(wait=False, cancel_futures=True)
        for process in mine:
            process.terminate()


class Cluster:
    """Workers of a cluster of dask.distributed, which see the same files. Use it as a context.

    Attributes:
        size: how many.
    """

    def __init__(self, address: str) -> None:
        """Join.

        Args:
            address: of the scheduler, "tcp://host:8786", or its file (--scheduler-file).

        Raises:
            EnvironmentMissing: dask.distributed is not installed, or nobody answers.
            CaseError: workers have several threads, or there are none.
        """
        with needed("--scheduler"):
            from distributed import Client
        file = os.path.isfile(address)
        try:
            made = Client(scheduler_file=address) if file else Client(address, timeout=10)
        except (OSError, ValueError, TimeoutError) as error:
            raise EnvironmentMissing(f"--scheduler {address}: nobody answers ({error})") from None
        self._client: Any = made
        threads = made.nthreads()
        several = [name for name, count in threads.items() if count != 1]
        if several or not threads:
            made.close()
            what = f"worker {several[0]} has several threads" if several else "has no workers"
            remedy = "dask worker ADDRESS --nthreads 1 --nworkers N, for each core one"
            raise CaseError(Problem(f"--scheduler {address}", what, remedy))
        self.size = len(threads)

    def submit(self, function: Callable[[Item], Answer], item: Item) -> Future[Answer]:
        """Have an item computed."""
        found: Future[Answer] = self._executor.submit(function, item)
        return found

    def renew(self) -> None:
        """Dask sees to its workers itself."""

    def __enter__(self) -> Cluster:
        self._executor = self._client.get_executor(pure=False, retries=0)
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        self._executor.shutdown(wait=kind is None)
        self._client.close()


def each(
    function: Callable[[Item], Answer],
    items: Sequence[Item],
    pool: Processes | Cluster,
    died: Callable[[str], Answer],
) -> Iterator[tuple[Item, Answer]]:
    """What a function says of each item, as they get ready.

    A process that dies (no memory, a fault in a library) breaks all that is under way: these
    are then computed one at a time, so that the one it is due to is known.

    Args:
        function: importable by others.
        items: any number; no more than the pool's size are under way.
        pool: processes.
        died: the answer for an item whose process died, by a word on how.

    Raises:
        EnvironmentMissing: processes die before any has answered.
    """
    waiting, suspects = deque(items), deque[Item]()
    running: dict[Future[Answer], Item] = {}
    deaths, answered, alone = 0, False, False
    while waiting or suspects or running:
        if not running:
            alone = bool(suspects)
        source, most = (suspects, 1) if alone else (waiting, pool.size)
        while source and len(running) < most:
            item = source.popleft()
            running[pool.submit(function, item)] = item
        ready, _ = wait(running, return_when=FIRST_COMPLETED)
        lost = []
        for future in ready:
            item = running.pop(future)
            try:
                answer = future.result()
            except BrokenExecutor:
                lost.append(item)
                continue
            except Exception as error:
                # The function answers whatever happens to it: this is of who was to call it.
                answer = died(f"{type(error).__name__}: {error}")
            else:
                answered = True
            yield item, answer
        if not lost:
            continue
        lost += running.values()
        running.clear()
        pool.renew()
        deaths += 1
        if deaths >= HOPELESS and not answered:
            raise EnvironmentMissing(
                f"{deaths} processes ended before they computed anything; a script that starts a "
                'study does so below `if __name__ == "__main__":`'
            )
        if len(lost) == 1:
            yield lost[0], died("it ended without a word: killed, or out of memory")
        else:
            suspects.extend(lost)


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
