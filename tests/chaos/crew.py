"""The processes of a run: started, started again after they were killed, and waited for at the end.

They are forked from a process without threads and connections, so that a new life begins within milliseconds.
"""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Callable, Iterable
from multiprocessing.context import ForkProcess
from typing import TypeAlias

from tests.chaos.world import World

Job: TypeAlias = Callable[[World, str, str], None]

_FORK = multiprocessing.get_context("fork")
PAUSE_SECONDS = 0.02


class Crew:
    """Processes by name. died: those that ended otherwise than by our hand, with their exit codes."""

    def __init__(self, world: World, seed: str, jobs: Iterable[tuple[str, Job]]) -> None:
        self._world, self._seed = world, seed
        self._jobs = dict(jobs)
        self._processes = {name: self._begin(name) for name in self._jobs}
        self.died: list[str] = []

    def _begin(self, name: str) -> ForkProcess:
        process = _FORK.Process(target=_run, args=(self._jobs[name], self._world, name, self._seed), name=name, daemon=True)
        process.start()
        return process

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        """Nobody outlives the run."""
        for process in self._processes.values():
            process.kill()
            process.join()

    def kill(self, name: str) -> bool:
        """`kill -9`, and another life. False where the process had ended by itself."""
        process = self._processes[name]
        process.kill()
        process.join()
        killed = process.exitcode == -signal.SIGKILL
        if not killed:
            self._complain(process)
        self._processes[name] = self._begin(name)
        return killed

    def wait(self, seconds: float) -> list[str]:
        """Until all have ended well; returns the names of those that have not by then. They were told to stop before."""
        deadline = time.monotonic() + seconds
        while (left := [name for name, each in self._processes.items() if not self._is_over(each)]) and (
            time.monotonic() < deadline
        ):
            time.sleep(PAUSE_SECONDS)
        return left

    def _is_over(self, process: ForkProcess) -> bool:
        if process.is_alive():
            return False
        if process.exitcode:
            self._complain(process)
            self._processes[process.name] = self._begin(process.name)
        return process.exitcode == 0

    def _complain(self, process: ForkProcess) -> None:
        self.died.append(f"{process.name}: exit code {process.exitcode}")


def _run(job: Job, world: World, name: str, seed: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's; children end with it
    job(world, name, seed)
