"""What the lines share: a source with TPC-H data, a server, caches of its tables, and references to measure against."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from rig.client import BASE  # noqa: E402
from rig.duck import Duck  # noqa: E402
from rig.postgres import LOGICAL, Postgres  # noqa: E402
from rig.server import Server  # noqa: E402
from rig.shop import Project  # noqa: E402
from rig.waiting import free_port  # noqa: E402
from sql import tpch  # noqa: E402

CALL_SECONDS = 600
REPEATS = 3


class Bench:
    """What the lines share, made when first asked for: a source with TPC-H data, a server, caches of its tables."""

    def __init__(self, build, folder, scale):
        self.build, self.folder, self.scale = Path(build), Path(folder), scale
        self.postgres = Postgres(**LOGICAL).start()
        self.server = Server(self.build / "tarn", self.folder / "data", {"export": {"rows": 0}})
        self.server.start()
        self.client = self.server.client(timeout=CALL_SECONDS)
        self.project = Project(self.client, "Bench")
        self.caches = {}
        data = tpch.Scale(self.build / "duck", scale, folder)
        data.load(self.postgres)
        data.file.unlink()
        self.catalog = self.project.source("Shop", "POSTGRES", self.postgres.credential())
        self.prefix = f'"{self.catalog["name"]}"."public"'

    def load_mariadb(self, mariadb):
        """The same tables in MariaDB."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            tpch.Scale(self.build / "duck", self.scale, folder).load_mariadb(mariadb)

    def cached(self, table):
        """The cache of a table, complete."""
        if table not in self.caches:
            self.caches[table] = self.project.cached(self.catalog, "public", table)["id"]
        return self.caches[table]

    def execute(self, statement):
        """Milliseconds of a statement over REST with typed rows, and its answer."""
        body = {"statement": statement, "timeout": CALL_SECONDS}
        started = time.perf_counter()
        answer = self.client.send("POST", f"{BASE}{self.project.data}/queries/execute", body, {"format": "TYPED"})
        took = (time.perf_counter() - started) * 1000
        if answer.status != 200:
            raise RuntimeError(f"{answer.status} {answer.text[:300]}")
        return took, answer

    def file_of(self, table):
        """The one file that serves a cached table."""
        found = sorted((self.server.data / "cache").glob(f"*/{self.cached(table)}/*.duckdb"), key=lambda file: file.stat().st_mtime)
        return found[-1]

    def bare(self, tables):
        """The bare engine with views of the same names over the same files."""
        engine = Duck(self.build / "duck")
        for table in tables:
            engine.run(f"ATTACH '{self.file_of(table)}' AS of_{table} (READ_ONLY)")
            names = engine.rows(f"SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'of_{table}'")
            schema, name = max(names, key=lambda row: row[1] == table)
            engine.run(f'CREATE VIEW {table} AS SELECT * FROM of_{table}."{schema}"."{name}"')
        return engine

    def load(self, port, **options):
        """What the load generator measured."""
        arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        done = subprocess.run([self.build / "load", "--port", str(port), *arguments], capture_output=True, text=True,
                              timeout=CALL_SECONDS, check=False)
        return json.loads(done.stdout)

    def load_while(self, work, port, **options):
        """What the load generator measured from the beginning of `work()` to its end."""
        arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        with subprocess.Popen([self.build / "load", "--port", str(port), "--seconds", str(CALL_SECONDS), *arguments],
                              stdout=subprocess.PIPE, text=True) as process:
            try:
                work()
            finally:
                process.terminate()
            return json.loads(process.communicate(timeout=CALL_SECONDS)[0])

    def responder(self, size):
        return Responder(self.build / "responder", size)

    def close(self):
        self.server.close()
        self.postgres.close()


class Responder:
    """The bare responder as a context; its value is its port."""

    def __init__(self, program, size):
        self._command = [str(program), str(free_port()), str(os.cpu_count()), str(size)]

    def __enter__(self):
        self._process = subprocess.Popen(self._command)
        time.sleep(0.3)
        return int(self._command[1])

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait(10)


def say(what, value, goal, met, more=""):
    print(f"{what:<58}{value:>10}   goal {goal:<8}{'met' if met else 'MISSED':<8}{more}", flush=True)
    return met


class Peak(threading.Thread):
    """The largest value that `read` gave while it ran."""

    def __init__(self, read):
        super().__init__(daemon=True)
        self._read, self._done, self.value = read, threading.Event(), 0

    def run(self):
        while not self._done.wait(0.02):
            self.value = max(self.value, self._read())

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._done.set()
        self.join()
        self.value = max(self.value, self._read())
