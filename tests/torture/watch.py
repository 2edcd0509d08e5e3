"""What watches while things break: readers that check every answer, a poller of jobs, a trigger of refreshes."""

import random
import threading
import time

from rig.client import BASE
from rig.shop import FULL, INCREMENTAL, SLOTS
from torture.source import COUNTING, KEYED, broken_invariant

RUNNING_LIMIT = 45
ACTIONS = (INCREMENTAL, FULL)


class Promises:
    """Promises kept and broken; thread-safe."""

    def __init__(self):
        self._lock = threading.Lock()
        self.broken = []
        self.kept = 0

    def keep(self):
        with self._lock:
            self.kept += 1

    def breaks(self, text):
        with self._lock:
            if len(self.broken) < 200:
                self.broken.append(text)
            print(f"  BROKEN: {text}", flush=True)


class Subject:
    """A cached table: its present cache, and the newest version that a reader saw in it."""

    def __init__(self, table):
        self.table = table
        self.lock = threading.Lock()
        self.cache = None
        self.epoch = 0          # counts the caches that the table has had
        self.complete = False   # the present cache has a first copy
        self.newest = 0

    def replace(self, cache):
        with self.lock:
            self.cache, self.complete, self.newest = cache, False, 0
            self.epoch += 1

    def present(self):
        with self.lock:
            return self.epoch, self.complete, self.newest

    def saw(self, epoch, version):
        with self.lock:
            if self.epoch == epoch and self.complete:
                self.newest = max(self.newest, version)


class Background(threading.Thread):
    """A thread that repeats a step until told to stop. A server that does not answer is no failure of the step."""

    def __init__(self, step, pause):
        super().__init__(daemon=True)
        self._step, self._pause, self._done = step, pause, threading.Event()
        self.problem = None

    def run(self):
        while not self._done.wait(self._pause):
            try:
                self._step()
            except OSError:
                continue
            except Exception as error:
                self.problem = error
                return

    def stop(self):
        self._done.set()
        self.join(60)


class Reader:
    """Reads a cached table over REST; every answer must be one state of it, none older than one seen before."""

    def __init__(self, world, subject, promises):
        self.world, self.subject, self.promises = world, subject, promises
        self.statement = COUNTING.format(world.source(subject.table))

    def step(self):
        epoch, complete, newest = self.subject.present()
        start = self.world.server.process
        answer = self.world.client().send("POST", f"{BASE}{self.world.project.data}/queries/execute",
                                          {"statement": self.statement}, {"format": "TYPED"})
        if answer.status != 200:
            # Only the copy can be promised: without one the source answers, and the source may be down.
            same = self.subject.present()[:2] == (epoch, True) and complete
            if same and self.world.server.process is start and not self.world.stopping:
                self.promises.breaks(f"a read of {self.subject.table} answers {answer.status} {answer.text[:200]}")
            return
        row = answer.json()["data"][0]
        if problem := broken_invariant(self.subject.table, row):
            self.promises.breaks(problem)
        elif complete and self.subject.present()[0] == epoch and int(row[2]) < newest:
            self.promises.breaks(f"{self.subject.table} shows version {row[2]} after {newest}")
        else:
            self.promises.keep()
            if complete:
                self.subject.saw(epoch, int(row[2]))


class JobWatch:
    """Polls the caches: notices first copies, and executions that do not end."""

    def __init__(self, world, subjects, promises):
        self.world, self.subjects, self.promises = world, subjects, promises
        self._running = {}

    def step(self):
        started = {subject.table: subject.epoch for subject in self.subjects}
        for status in self.world.client().get(f"{self.world.project.data}/cache/status"):
            subject = next((item for item in self.subjects if item.cache and item.cache["id"] == status["id"]), None)
            executions = [status[slot] for slot in SLOTS.values() if status.get(slot)]
            if subject and any(item["status"] == "COMPLETED" for item in executions):
                with subject.lock:
                    if subject.epoch == started[subject.table]:
                        subject.complete = True
            for item in executions:
                self._look(status["tableName"], item)

    def _look(self, table, execution):
        if execution["status"] != "RUNNING":
            self._running.pop(execution["id"], None)
            return
        since = self._running.setdefault(execution["id"], time.monotonic())
        if time.monotonic() - since > RUNNING_LIMIT:
            self.promises.breaks(f"a refresh of {table} has been RUNNING for {RUNNING_LIMIT} s")
            self._running[execution["id"]] = time.monotonic()


class Trigger:
    """Asks for refreshes, of either kind, of random caches."""

    def __init__(self, world, subjects, seed):
        self.world, self.subjects, self._random = world, subjects, random.Random(seed)

    def step(self):
        subject = self._random.choice(self.subjects)
        how = self._random.choice(ACTIONS) if subject.table == KEYED else FULL
        if subject.cache:
            self.world.client().send("POST", f"{BASE}{self.world.project.data}/cache/{subject.cache['id']}/{how}")
