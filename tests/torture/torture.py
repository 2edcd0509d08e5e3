#!/usr/bin/env python3
"""Breaks things at random while caches are refreshed and read, and counts the promises that do not hold:
no row lost or doubled, never a mix of two states, never older after newer, never empty, no job left RUNNING,
no orphan file, ready again in two seconds, and in the end every copy equals its source."""

import argparse
import math
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rig.client import BASE  # noqa: E402
from rig.postgres import Postgres  # noqa: E402
from rig.server import Server  # noqa: E402
from rig.shop import FULL, INCREMENTAL, SLOTS, Project, every  # noqa: E402
from rig.waiting import TimedOut, until  # noqa: E402
from torture import changes, matrix  # noqa: E402
from torture.disk import Disk  # noqa: E402
from torture.source import KEYED, KEYLESS, TABLES, Writer, restart  # noqa: E402
from torture.watch import ACTIONS, Background, JobWatch, Promises, Reader, Subject, Trigger  # noqa: E402

READY_SECONDS = 2
SETTLE_SECONDS = 120
CANCEL = {FULL: "cancelFullRefreshUpdate", INCREMENTAL: "cancelIncrementalUpdate"}


class World:
    """The server, the source and the two cached tables."""

    def __init__(self, tarn, folder, promises):
        self.promises = promises
        self.stopping = False
        self.disk = Disk(folder)
        self.postgres = Postgres().start()
        self.postgres.run(TABLES + "CHECKPOINT;")  # the first event may be a crash, which takes back what is not on disk
        self.settings = {"cache": {"workers": 2, "free_space_floor_bytes": 8 << 20, "quota_bytes_per_project": 0}}
        self.server = Server(tarn, self.disk.folder / "data", self.settings)
        self.server.log = folder / "server.log"
        self.server.config = folder / "server.toml"
        self.server.start()
        self.port = self.server.port
        self.project = Project(self.server.client(), "Torture")
        self.catalog = self.project.source("Bank", "POSTGRES", self.postgres.credential())
        self.subjects = [Subject(KEYED), Subject(KEYLESS)]

    def client(self):
        return self.server.client()

    def source(self, table):
        return f'"{self.catalog["name"]}"."public"."{table}"'

    def create(self, subject):
        schedules = {"fullRefreshCacheSchedule": every("PT1M")}
        if subject.table == KEYED:
            schedules["incrementalCacheSchedule"] = every("PT1M")
        subject.replace(self.project.cache(self.catalog, "public", subject.table, **schedules))

    def restart(self):
        """Start the server again and hold it to its promise to be ready soon."""
        self.server.start(self.port)
        if self.server.ready_after > READY_SECONDS:
            self.promises.breaks(f"ready only {self.server.ready_after:.1f} s after a restart")

    def files(self):
        """What is under cache/, as (cache, name)."""
        root = self.server.data / "cache" / self.project.id
        return {(entry.parent.name, entry.name) for entry in root.glob("*/*")}

    def after_a_crash(self):
        """Start the server again, and hold it to what it promises of files that the crash left behind. No name is ever used
        again, so what is new since the start is not mistaken for what was left."""
        left = self.files()
        self.restart()
        known = {item["id"] for item in self.project.statuses()}
        kept = left & self.files()
        strange = [name for cache, name in kept if cache not in known or not name.endswith(".duckdb")]
        strange += [f"{cache}: {count} copies" for cache, count in Counter(cache for cache, _ in kept).items() if count > 1]
        if strange:
            self.promises.breaks(f"orphans after a restart: {strange}")

    def running(self):
        """The ids of the executions that are said to run."""
        executions = (item.get(slot) for item in self.project.statuses() for slot in SLOTS.values())
        return {execution["id"] for execution in executions if execution and execution["status"] == "RUNNING"}

    def crash(self):
        """End the server as a power cut would, with whatever it does at that moment; what ran then."""
        ran = self.running()
        self.server.kill()
        return ran

    def close(self):
        self.stopping = True
        self.server.close()
        self.postgres.close()
        self.disk.close()


class Events:
    """The things that go wrong. Each leaves a world that is whole again."""

    def __init__(self, world, generator):
        self.world = world
        self.random = generator

    def names(self):
        return ["kill_server"] * 4 + ["kill_server_on_a_full_disk", "lock_source"] + ["kill_worker"] * 4 + ["stop_source"] * 2 + ["fill_disk"] * 2 + ["cancel"] * 4 + \
            ["recreate"] * 2 + ["reschedule"] * 2 + ["stop_server"]

    def pause(self, longest=1.0):
        time.sleep(self.random.uniform(0, longest))

    def kill_server(self):
        self.pause(0.3)
        ran = self.world.crash()
        self.pause(0.5)
        self.world.after_a_crash()
        if self.world.running() & ran:
            self.world.promises.breaks("what ran before a crash is RUNNING after it")

    def kill_server_on_a_full_disk(self):
        if not self.world.disk.small:
            return self.kill_server()
        filler = self.world.disk.fill()
        self.pause(0.5)
        ran = self.world.crash()
        self.world.after_a_crash()
        self.pause(0.5)
        filler.unlink()
        # A full disk takes no record of an end; it must come as soon as there is room.
        try:
            until("what ran before a crash on a full disk is ended", lambda: not self.world.running() & ran, 20)
        except TimedOut as error:
            self.world.promises.breaks(str(error))
        return None

    def stop_server(self):
        took = self.world.server.stop()
        if took > 10:
            self.world.promises.breaks(f"SIGTERM took {took:.1f} s")
        done = subprocess.run([self.world.server.program, "check", str(self.world.server.data)], capture_output=True, text=True,
                              timeout=60, check=False)
        if done.returncode:
            self.world.promises.breaks(f"tarn check: {done.stdout[-300:]}{done.stderr[-300:]}")
        self.world.restart()

    def kill_worker(self):
        try:
            worker = self.random.choice(until("a worker runs", self.world.server.workers, 3, 0.01))
            self.pause(0.4)  # to reach its later steps too
            os.kill(worker, signal.SIGKILL)
        except (TimedOut, ProcessLookupError):
            pass  # none was there to be killed

    def stop_source(self):
        restart(self.world.postgres, self.random.choice(("fast", "crash")), self.pause)

    def lock_source(self):
        """A refresh that waits for a lock at the source goes on waiting, can be cancelled, and ends as soon as it is told."""
        subject = self.world.subjects[0]
        path = f"{self.world.project.data}/cache/{subject.cache['id']}"
        with self.world.postgres.locked(subject.table):
            self.world.client().send("POST", f"{BASE}{path}/{FULL}")
            self.pause(1.5)
            self.world.client().send("POST", f"{BASE}{path}/{CANCEL[FULL]}")

            def quiet():
                execution = self.world.project.status(subject.cache["id"])[SLOTS[FULL]]
                return execution["status"] != "RUNNING" or self.world.client().send("POST", f"{BASE}{path}/{CANCEL[FULL]}").status == 404
            try:
                until("a refresh that waits for a lock is cancelled", quiet, 20)
            except TimedOut as error:
                self.world.promises.breaks(str(error))

    def fill_disk(self):
        if self.world.disk.small:
            filler = self.world.disk.fill()
            self.pause(2)
            filler.unlink()
            return
        # Without a disk of its own the quota stands in: every refresh is refused, the copies are served.
        for quota in (1, 0):
            self.world.server.stop()
            self.world.settings["cache"]["quota_bytes_per_project"] = quota
            self.world.restart()
            self.pause(2)

    def cancel(self):
        subject, how = self.random.choice(self.world.subjects), self.random.choice(ACTIONS)
        path = f"{BASE}{self.world.project.data}/cache/{subject.cache['id']}"
        if self.random.random() < 0.7:
            self.world.client().send("POST", f"{path}/{how}")
            self.pause(0.3)
        answer = self.world.client().send("POST", f"{path}/{CANCEL[how]}")
        if answer.status not in (200, 404):
            self.world.promises.breaks(f"cancelling answers {answer.status} {answer.text[:200]}")

    def recreate(self):
        subject = self.random.choice(self.world.subjects)
        self.world.project.client.api("DELETE", f"{self.world.project.data}/cache/{subject.cache['id']}")
        with subject.lock:
            subject.complete, subject.newest = False, 0
            subject.epoch += 1
        self.pause(0.3)
        self.world.create(subject)
        self.pause(0.5)

    def reschedule(self):
        subject = self.random.choice(self.world.subjects)
        body = {name: self.random.choice((every("PT1M"), every("PT2M"), {"type": "NONE"}))
                for name in ("incrementalCacheSchedule", "fullRefreshCacheSchedule")}
        self.world.client().api("PUT", f"{self.world.project.data}/cache/{subject.cache['id']}", body)


def settle(world):
    """Refresh until nothing fails, then compare every copy with its source, row by row."""
    for subject in world.subjects:
        def refreshed(cache=subject.cache["id"], how=INCREMENTAL if subject.table == KEYED else FULL):
            return world.project.refresh(cache, how)["status"] == "COMPLETED"
        until(f"{subject.table} is refreshed", refreshed, SETTLE_SECONDS)
        listed = "id, balance, version, people" if subject.table == KEYLESS else "id, balance, version, people, filling"
        rows = world.project.query(f"SELECT {listed} FROM {world.source(subject.table)} ORDER BY id", "COMPACT")
        if rows != world.postgres.rows(f"SELECT {listed} FROM {subject.table} ORDER BY id"):
            world.promises.breaks(f"in the end the copy of {subject.table} is not its source")


def files_match(world):
    """With nothing at work, every cache has one file, and `tarn check` finds all in order."""
    def quiet():
        return all(item["status"] not in ("RUNNING", "NOT_INITIALIZED") for item in world.project.statuses())
    until("nothing is at work", quiet, SETTLE_SECONDS)
    world.server.stop()
    world.restart()
    until("nothing is at work after a start", quiet, SETTLE_SECONDS)
    try:
        until("every cache has one file", lambda: len(list((world.server.data / "cache").rglob("*.duckdb"))) == len(world.subjects), 20)
    except TimedOut:
        files = [str(file.relative_to(world.server.data)) for file in (world.server.data / "cache").rglob("*") if file.is_file()]
        world.promises.breaks(f"orphan files in the end: {files}")
    Events(world, random.Random(0)).stop_server()


def torture(world, events, seed, seconds):
    generator = random.Random(seed)
    happening = Events(world, generator)
    for subject in world.subjects:
        world.create(subject)
    writers = [Writer(world.postgres) for _ in range(2)]
    watch = [Background(Reader(world, subject, world.promises).step, 0.03) for subject in world.subjects for _ in range(2)]
    watch += [Background(JobWatch(world, world.subjects, world.promises).step, 0.2),
              Background(Trigger(world, world.subjects, seed).step, 0.3)]
    for thread in [*writers, *watch]:
        thread.start()
    enough = time.monotonic() + seconds
    done = 0
    try:
        for number in range(1, events + 1):
            if time.monotonic() > enough:
                break
            name = generator.choice(happening.names())
            print(f"  {number:4} {name}", flush=True)
            getattr(happening, name)()
            time.sleep(generator.uniform(0.1, 0.8))
            if not world.server.running():
                world.promises.breaks(f"the server ended by itself with {world.server.process.returncode}: {world.server.printed()[-300:]}")
                world.restart()
            done = number
        # The source is whole now; on a slow machine a writer may still wait for its first turn.
        try:
            until("each writer gets through", lambda: all(writer.bursts for writer in writers), SETTLE_SECONDS)
        except TimedOut as error:
            at_work = world.postgres.run("SELECT pid, state, wait_event, now() - xact_start, left(query, 60) FROM pg_stat_activity WHERE datname IS NOT NULL")
            raise RuntimeError(f"{error}; {[(writer.bursts, writer.problem) for writer in writers]}; at work: {at_work}") from error
    finally:
        for thread in [*watch, *writers]:
            thread.stop()
    for thread in watch:
        if thread.problem:
            world.promises.breaks(f"a watcher gave up: {thread.problem!r}")
    if not all(writer.bursts for writer in writers):
        world.promises.breaks("a writer never got through")
    settle(world)
    files_match(world)
    return done


def run(tarn, events, seed=None, keep=False, seconds=math.inf):
    """The number of events, as many as fit into the seconds, and the broken promises."""
    seed = random.SystemRandom().randrange(1 << 32) if seed is None else seed
    print(f"torture: {events} events, seed {seed}", flush=True)
    promises = Promises()
    folder = Path(tempfile.mkdtemp(prefix="tarn-torture-"))
    world = None
    done = 0
    try:
        world = World(tarn, folder, promises)
        done = torture(world, events, seed, seconds)
    except Exception as error:
        promises.breaks(f"the torture ended early: {error!r}")
        if world:
            print(world.server.printed()[-3000:])
    finally:
        if world:
            world.close()
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"torture: {done} events, {promises.kept} answers held, {len(promises.broken)} promises broken, seed {seed}", flush=True)
    return done, [f"torture, seed {seed}: {text}" for text in promises.broken]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tarn", default="build/release/bin/tarn")
    parser.add_argument("--events", type=int, default=300)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--minutes", type=float, help="instead: writers that change tables in every way, on PostgreSQL and MariaDB, and comparisons, for so long")
    parser.add_argument("--on", choices=[source.name for source in changes.SOURCES], help="of --minutes and --matrix: this database alone")
    parser.add_argument("--matrix", metavar="TARN_STEPS", help="instead: every fault at every step of a refresh, with this program")
    parser.add_argument("--keep", action="store_true", help="keep the folder with the server's log")
    arguments = parser.parse_args()
    sources = [source for source in changes.SOURCES if arguments.on in (None, source.name)]
    if arguments.minutes or arguments.matrix:
        passed, broken = matrix.run(arguments.matrix, sources) if arguments.matrix else changes.run(arguments.tarn, arguments.minutes * 60, arguments.seed, sources)
        print("\n".join(broken + [f"{passed} passed, {len(broken)} failed"]))
        return 1 if broken else 0
    _, broken = run(arguments.tarn, arguments.events, arguments.seed, arguments.keep)
    return 1 if broken else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    threading.excepthook = lambda info: print(f"a thread failed: {info.exc_value!r}", flush=True)
    sys.exit(main())
