"""A real kernel that runs a lesson's cells, as JupyterLab would: nbclient, which knows update_display, clear_output and
Output widgets. The same engine writes the committed outputs (execute.py) and makes those they are compared with."""

import asyncio
import copy
import os
import tempfile
from collections.abc import Mapping

from nbclient import NotebookClient
from nbformat import NotebookNode
from traitlets.config import Config

from tests.notebooks.lesson import Lesson

CELL_SECONDS = 180  # far above what any cell takes: it only ends a hang
NUDGE_SECONDS = 15  # after so long a kernel is asked something else, see _execute
_loop = asyncio.new_event_loop()


class LessonKernel:
    """One kernel for one lesson, started in the notebook's folder. Sees no keys and no settings of the machine."""

    def __init__(self, lesson: Lesson, mode: str, environment: Mapping[str, str] = {}):
        self.notebook: NotebookNode = copy.deepcopy(lesson.notebook)
        self._scratch = tempfile.TemporaryDirectory(prefix="kernel-")
        self._client = NotebookClient(
            self.notebook,
            kernel_name="python3",
            timeout=CELL_SECONDS,
            allow_errors=True,
            record_timing=False,
            config=socket_files(self._scratch.name),
        )
        self._environment = lesson_environment(mode) | {"IPYTHONDIR": self._scratch.name} | dict(environment)
        self._folder = str(lesson.path.parent)
        self._start()

    def run(self, index: int) -> list[NotebookNode]:
        """Run the cell at this index of the notebook; its outputs as they stand when it has finished."""
        return run_at_once([self], index)[0]

    def restart(self) -> None:
        _loop.run_until_complete(self._client._async_cleanup_kernel())
        self._start()

    def stop(self) -> None:
        _loop.run_until_complete(self._stop())
        self._scratch.cleanup()

    def finish(self) -> NotebookNode:
        """The whole notebook with its outputs, widget state included."""
        self._client.set_widgets_metadata()
        for cell in self.notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = joined(cell.outputs)
        return self.notebook

    def _start(self) -> None:
        self._client.reset_execution_trackers()
        self._client.create_kernel_manager()
        start = self._client.async_start_new_kernel(env=self._environment, cwd=self._folder)
        _loop.run_until_complete(start)
        _loop.run_until_complete(self._client.async_start_new_kernel_client())

    async def _stop(self) -> None:
        interrupted = asyncio.all_tasks() - {asyncio.current_task()}  # by Ctrl-C in the middle of a cell
        for task in interrupted:
            task.cancel()
        await asyncio.gather(*interrupted, return_exceptions=True)
        if interrupted:
            self._client.shutdown_kernel = "immediate"  # it would complain that nobody takes the cell's outputs
        await self._client._async_cleanup_kernel()

    async def _execute(self, index: int) -> list[NotebookNode]:
        running = asyncio.ensure_future(self._client.async_execute_cell(self.notebook.cells[index], index))
        while not (await asyncio.wait({running}, timeout=NUDGE_SECONDS))[0]:
            # Seen once: kernel and client idle, each waiting for the other, as when a socket's wake-up is lost
            # (ipykernel issue 1554 is one way). Any message wakes both; the answer to this one is ignored.
            self._client.kc.kernel_info()
        return joined(copy.deepcopy(running.result().outputs))


def run_at_once(kernels: list[LessonKernel], index: int) -> list[list[NotebookNode]]:
    """Run the same cell in several kernels at the same time."""

    async def all_of_them() -> list[list[NotebookNode]]:
        return await asyncio.gather(*(kernel._execute(index) for kernel in kernels))

    return _loop.run_until_complete(all_of_them())


def joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """The outputs with neighbouring pieces of one stream as one: a kernel sends them in as many as time has it.

    And with the set-up's line as readers have it, offline: lessons are written and compared in replay mode.
    """
    whole: list[NotebookNode] = []
    for output in outputs:
        if whole and output.output_type == whole[-1].output_type == "stream" and output.name == whole[-1].name:
            whole[-1].text += output.text
        else:
            whole.append(output)
    for output in whole:
        if output.output_type == "stream":
            output.text = output.text.replace(" (replay only).\n", " (offline).\n")
    return whole


def socket_files(folder: str) -> Config:
    """Sockets as files where there are such: kernels that start together race for TCP ports."""
    return Config({"KernelManager": {"transport": "ipc", "ip": f"{folder}/socket"}}) if os.name == "posix" else Config()


def lesson_environment(mode: str) -> dict[str, str]:
    """This process's environment in the given LAB_MODE, without waits, and without keys unless they are needed."""
    needs_keys = mode in ("live", "record")
    kept = {
        name: value
        for name, value in os.environ.items()
        if needs_keys or not name.startswith(("AZURE_", "OPENAI_", "LAB_"))
    }
    return kept | {"LAB_MODE": mode, "LAB_PACE": "none"}
