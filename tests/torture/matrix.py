"""The crash matrix: at every step of a refresh the worker, the server or the source is killed, or the disk is full; afterwards the
copy equals its source. Needs `tarn_steps`, whose workers can be held at a step."""

import os
import signal
import tempfile
from pathlib import Path

from rig.client import BASE
from rig.server import Server
from rig.shop import FULL, INCREMENTAL, SLOTS, Project, every
from rig.waiting import until
from torture.changes import COLUMNS, SOURCES
from torture.disk import Disk

SECONDS = 60
STEPS = {FULL: ("attached", "snapshot", "loaded", "verified", "committed", "checkpointed", "summed", "finished"),
         INCREMENTAL: ("attached", "snapshot", "merged", "committed", "applied", "checkpointed", "summed", "finished")}
FAULTS = ("worker killed", "server killed", "source killed", "disk full")
CHANGES = ("UPDATE things SET amount = amount + 1 WHERE id % 100 = {0};", "DELETE FROM things WHERE id % 1000 = {0};",
           "INSERT INTO things (id, team, amount, note) VALUES ({0} + 1000000, 1, 1, 'new');")


class Matrix:
    def __init__(self, tarn, source, folder):
        self.source, self.folder, self.number = source, folder, 0
        self.steps = folder / "steps"
        self.steps.mkdir()
        self.disk = Disk(folder)
        os.environ["TARN_STEPS"] = str(self.steps)
        self.server = Server(tarn, self.disk.folder / "data", {"cache": {"free_space_floor_bytes": 1 << 20}})
        self.server.log, self.server.config = folder / "server.log", folder / "server.toml"
        self.server.start()
        self.project = Project(self.server.client(), "Matrix")
        catalog = self.project.source("Source", source.kind, source.server.credential())
        self.table = f'"{catalog["name"]}"."{source.schema}"."things"'
        self.cache = self.project.cached(catalog, source.schema, "things", incrementalCacheSchedule=every("PT1H"),
                                         fullRefreshCacheSchedule=every("P1D"), **source.options)["id"]

    def close(self):
        self.server.close()
        self.disk.close()

    def hold(self, step):
        (self.steps / "stopped").unlink(missing_ok=True)
        unfinished = self.steps / "stop_at.new"
        unfinished.write_text(step)
        unfinished.rename(self.steps / "stop_at")

    def release(self):
        (self.steps / "stop_at").unlink(missing_ok=True)

    def copied(self):
        return sorted("|".join(value or "" for value in row) for row in self.project.query(f"SELECT {COLUMNS} FROM {self.table}", "COMPACT"))

    def ended(self, how):
        until("the refresh ends", lambda: self.project.status(self.cache)[SLOTS[how]]["status"] != "RUNNING", SECONDS)

    def happen(self, fault, how):
        """The fault, and what undoes it; between them the server that answers shows one state of the table."""
        if fault == "worker killed":
            for pid in self.server.workers():
                os.kill(pid, signal.SIGKILL)
            self.release()  # the server tries again with another one
            self.ended(how)
        elif fault == "server killed":
            self.server.kill()
            self.server.start()
            self.project.client = self.server.client()
        elif fault == "source killed":
            self.source.server.stop(signal.SIGKILL if self.source.kind == "MARIADB" else signal.SIGQUIT)
            self.release()
            self.ended(how)
            seen = self.copied()
            self.source.server.start()
            return seen
        else:
            filler = self.disk.fill()
            self.release()
            until("the worker ends", lambda: not self.server.workers(), SECONDS)
            seen = self.copied()
            filler.unlink()
            self.ended(how)  # a full disk takes no record of an end; it comes as soon as there is room
            return seen
        self.release()
        return self.copied()

    def cell(self, how, step, fault):
        """What is wrong; empty when nothing is."""
        before = self.copied()
        self.number += 1
        self.source.server.run("".join(CHANGES).format(self.number))
        after = sorted(self.source.rows().values())
        self.hold(step)
        self.server.client().send("POST", f"{BASE}{self.project.data}/cache/{self.cache}/{how}")
        try:
            until("the step is reached", (self.steps / "stopped").exists, SECONDS)
            seen = self.happen(fault, how)
        finally:
            self.release()
        if seen not in (before, after):
            return "a mix of states"
        until("a refresh succeeds", lambda: self.project.refresh(self.cache, how)["status"] == "COMPLETED", SECONDS, 0.2)
        if self.copied() != sorted(self.source.rows().values()):
            return "copy and source differ"
        files = list((self.server.data / "cache").rglob("*.duckdb"))
        try:
            until("one file is left", lambda: len(list((self.server.data / "cache").rglob("*.duckdb"))) == 1, 20)
        except Exception:
            return f"files are left: {[file.name for file in files]}"
        return ""


def run(tarn, sources=SOURCES):
    """Passed cells, and those that failed."""
    passed, failed = 0, []
    for make in sources:
        with tempfile.TemporaryDirectory(prefix="tarn-matrix-") as folder:
            source = make()
            matrix = None
            try:
                matrix = Matrix(tarn, source, Path(folder))
                for how, steps in STEPS.items():
                    print(f"\n{source.name}, {how}\n{'step':14}" + "".join(f"{fault:16}" for fault in FAULTS), flush=True)
                    for step in steps:
                        shown = []
                        for fault in FAULTS:
                            if fault == "disk full" and not matrix.disk.small:
                                shown.append("not mounted")
                                continue
                            wrong = matrix.cell(how, step, fault)
                            shown.append(wrong or "equal")
                            if wrong:
                                failed.append(f"{source.name}, {how}, {step}, {fault}: {wrong}")
                            else:
                                passed += 1
                        print(f"{step:14}" + "".join(f"{text:16}" for text in shown), flush=True)
            except Exception as error:
                failed.append(f"{source.name}: {error!r}")
            finally:
                if matrix:
                    matrix.close()
                source.server.close()
    return passed, failed
