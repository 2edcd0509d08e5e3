"""A real Trino 476 as a child process, and the lines that run the same work on both servers."""

import json
import math
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from rig.trino import TrinoClient
from rig.waiting import free_port, until
from sql import tpch

from trino_lines import jdbc, python, rate, raw
from world import CALL_SECONDS, REPEATS, say

VERSION = "476"
PLACE = Path(__file__).resolve().parent.parent / "build" / f"trino-{VERSION}"
PLUGINS = ("memory", "tpch")
LEAST_JAVA = 24
START_SECONDS = 180
HEAP = "8g"


class Unavailable(Exception):
    """Why a real Trino cannot be run here."""


def _java():
    """A Java that is new enough."""
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    homes += sorted(Path("/usr/lib/jvm").glob("*"), reverse=True) if Path("/usr/lib/jvm").is_dir() else []
    for home in homes:
        release = home / "release"
        if not release.is_file():
            continue
        version = next((line for line in release.read_text().splitlines() if line.startswith("JAVA_VERSION=")), "").split('"')[1:2]
        if version and int(version[0].split(".")[0]) >= LEAST_JAVA:
            return home / "bin" / "java"
    raise Unavailable(f"Trino {VERSION} needs Java {LEAST_JAVA} or newer; there is none below /usr/lib/jvm, and JAVA_HOME does not name one")


def _unpacked():
    """The server's folder, fetched by Maven once, without the plugins that are not needed."""
    if (PLACE / "complete").exists():
        return PLACE
    if not shutil.which("mvn"):
        raise Unavailable(f"Trino {VERSION} is fetched with Maven, and there is no mvn")
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=PLACE.parent) as folder:
        done = subprocess.run(["mvn", "--quiet", "--batch-mode", "dependency:copy", f"-Dartifact=io.trino:trino-server:{VERSION}:tar.gz",
                               f"-DoutputDirectory={folder}"], capture_output=True, text=True, timeout=CALL_SECONDS, check=False)
        packed = next(Path(folder).glob("*.tar.gz"), None)
        if done.returncode or not packed:
            raise Unavailable(f"Maven does not give io.trino:trino-server:{VERSION}:tar.gz: {done.stdout[-400:].strip()}")
        subprocess.run(["tar", "xzf", packed, "--strip-components=1", "-C", PLACE], check=True, timeout=CALL_SECONDS)
    for plugin in (PLACE / "plugin").iterdir():
        if plugin.name not in PLUGINS:
            shutil.rmtree(plugin)
    (PLACE / "complete").touch()
    return PLACE


class RealTrino:
    """Ready when entered; its tables of TPC-H are in memory.tpch. Unavailable where it cannot be had."""

    def __init__(self, scale):
        self._java, self._place, self._scale = _java(), _unpacked(), scale
        self._folder = Path(tempfile.mkdtemp(prefix="tarn-real-trino-"))
        self.port = free_port()

    def __enter__(self):
        etc = self._folder / "etc"
        (etc / "catalog").mkdir(parents=True)
        (etc / "catalog" / "memory.properties").write_text("connector.name=memory\nmemory.max-data-per-node=5GB\n")
        (etc / "catalog" / "tpch.properties").write_text("connector.name=tpch\ntpch.column-naming=STANDARD\n")
        (etc / "config.properties").write_text(
            f"coordinator=true\nnode-scheduler.include-coordinator=true\nhttp-server.http.port={self.port}\ndiscovery.uri=http://127.0.0.1:{self.port}\n"
            f"catalog.config-dir={etc}/catalog\nplugin.dir={self._place}/plugin\n")
        (etc / "log.properties").write_text("io.trino=WARN\n")
        command = [self._java, f"-Xmx{HEAP}", "-cp", f"{self._place}/lib/*", "-XX:+UseG1GC", "--add-modules=jdk.incubator.vector",
                   "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Djdk.attach.allowAttachSelf=true",
                   f"-Dconfig={etc}/config.properties", f"-Dlog.levels-file={etc}/log.properties", "-Duser.timezone=UTC", "-Dnode.environment=bench",
                   "-Dnode.id=bench", f"-Dnode.data-dir={self._folder}/data", "-Dnode.bind-ip=127.0.0.1", "-Dnode.internal-address=127.0.0.1",
                   "io.trino.server.TrinoServer"]
        with open(self._folder / "log", "wb") as log:
            self.process = subprocess.Popen([str(part) for part in command], stdout=log, stderr=log, cwd=self._folder)
        try:
            until("the real Trino is ready", self._ready, START_SECONDS, 0.5)
            self._load()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _ready(self):
        if self.process.poll() is not None:
            raise Unavailable(f"Trino ended with {self.process.returncode}: {(self._folder / 'log').read_text('utf-8', 'replace')[-800:]}")
        try:
            with TrinoClient(self.port) as client:
                return client.run("SELECT count(*) FROM tpch.tiny.nation")["error"] is None
        except (OSError, json.JSONDecodeError):
            return False

    def _load(self):
        with TrinoClient(self.port) as client:
            for statement in ("CREATE SCHEMA memory.tpch", *(f"CREATE TABLE memory.tpch.{table} AS SELECT * FROM tpch.\"{tpch.SAMPLE_SCHEMAS[self._scale]}\".{table}"
                                                             for table in tpch.TABLES)):
                if (answer := client.run(statement))["error"]:
                    raise Unavailable(f"Trino does not load its tables: {answer['message'][:300]}")

    def resident_bytes(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1]) * 1024

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


def _best(client, statement):
    """Milliseconds of the best of some runs."""
    took = []
    for _ in range(REPEATS + 1):
        started = time.perf_counter()
        if (answer := client.run(statement))["error"]:
            raise RuntimeError(answer["message"][:300])
        took.append((time.perf_counter() - started) * 1000)
    return min(took[1:])


def with_trino(bench):
    """The same work on a real Trino 476: SELECT 1, the 22 TPC-H queries, SELECT * through three readers, idle memory."""
    for table in tpch.TABLES:
        bench.cached(table)
    key, _ = bench.project.key()
    mine, met = bench.server.port, True
    with RealTrino(bench.scale) as real:
        theirs = real.port
        table, other = f"{bench.prefix}.lineitem", "memory.tpch.lineitem"
        ones = [statistics.median(run["ms"] for run in raw(bench, port, proof, "SELECT 1", 200)[20:]) for port, proof in ((mine, key), (theirs, ""))]
        met &= say("with Trino: SELECT 1, Tarn / Trino", f"{ones[0] / ones[1]:.3f}", "≤ 0.2", ones[0] / ones[1] <= 0.2, f"{ones[0]:.2f} and {ones[1]:.2f} ms")
        with TrinoClient(mine, key) as tarn_client, TrinoClient(theirs) as real_client:
            pairs = [(_best(tarn_client, tpch.statement(number, bench.prefix)), _best(real_client, tpch.statement(number, "memory.tpch"))) for number in tpch.QUERIES]
        mean = math.exp(statistics.fmean(math.log(one / two) for one, two in pairs))
        met &= say(f"with Trino: TPC-H, scale {bench.scale}, geometric mean", f"{mean:.3f}", "≤ 0.5", mean <= 0.5,
                   f"sums {sum(one for one, _ in pairs) / 1000:.1f} s and {sum(two for _, two in pairs) / 1000:.1f} s")
        small = [f"SELECT * FROM {name} WHERE l_orderkey % 10 = 0" for name in (table, other)]
        for name, goal, rates in (("the raw reader", 2, [rate(raw(bench, mine, key, f"SELECT * FROM {table}", 2)), rate(raw(bench, theirs, "", f"SELECT * FROM {other}", 2))]),
                                  ("PyPI trino", 1, [rate(python(mine, key, small[0], 2)), rate(python(theirs, "", small[1], 2))]),
                                  ("Trino JDBC", 1, [rate(jdbc(mine, key, small[0], 2)), rate(jdbc(theirs, "", small[1], 2))])):
            ratio = rates[0] / rates[1]
            met &= say(f"with Trino: SELECT * through {name}, Tarn / Trino", f"{ratio:.2f}", f"≥ {goal}", ratio >= goal, f"{rates[0] / 1e3:.0f} k and {rates[1] / 1e3:.0f} k rows/s")
        memory = bench.server.resident_bytes(), real.resident_bytes()
        met &= say("with Trino: resident memory afterwards, Tarn / Trino", f"{memory[0] / memory[1]:.2f}", "≤ 0.5", memory[0] / memory[1] <= 0.5,
                   f"{memory[0] / 1e6:.0f} and {memory[1] / 1e6:.0f} MB, Trino's with the tables in it")
    return met
