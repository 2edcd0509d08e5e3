"""Real clients of the Trino protocol against a server: each prints PASS or FAIL for each of its checks."""

import os
import subprocess
import tempfile
import time
from pathlib import Path

from clients import setup
from rig.server import Server
from rig.shop import Project
from rig.waiting import until

HERE = Path(__file__).resolve().parent
CLIENT_SECONDS = 150


class World:
    """A server with a project and its key; over TLS when it is asked for."""

    def __init__(self, tarn, folder):
        self.folder = Path(folder)
        self.certificate = self.folder / "certificate.pem"
        private = self.folder / "private.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", private, "-out", self.certificate,
                        "-subj", "/CN=dbc.peaka.studio", "-addext", "subjectAltName=DNS:dbc.peaka.studio"], capture_output=True, check=True)
        # Segments and compression are for clients on other machines; here all are to show what they can do.
        self.plain = Server(tarn, self.folder / "plain", {"trino": {"spool": "all"}}).start()
        self.tls = Server(tarn, self.folder / "plain", {"trino": {"spool": "all", "compress": "all"},
                                                      "tls": {"certificate": str(self.certificate), "key": str(private)}})
        self.project = Project(self.plain.client(), "Clients")
        self.key, _ = self.project.key()

    def environment(self):
        return dict(os.environ, TARN_PORT=str(self.plain.port), TARN_KEY=self.key, TARN_PROJECT=self.project.id, PYTHONPATH=str(HERE / "python"))

    def with_tls(self):
        """The environment for clients that speak TLS only: the same data folder, served over TLS instead."""
        self.plain.stop()
        self.tls.start(wait=False)
        until("the server listens with TLS", lambda: "Tarn listens on https" in self.tls.printed(), 20)
        return dict(self.environment(), TARN_TLS_PORT=str(self.tls.port), TARN_TLS_CERTIFICATE=str(self.certificate))

    def close(self):
        self.plain.close()
        self.tls.close()


def _checks(name, command, environment, tally, cwd=None):
    """Count the lines that a client prints; its standard error is shown where something failed."""
    started = time.monotonic()
    try:
        done = subprocess.run([str(part) for part in command], env=environment, cwd=cwd, capture_output=True, text=True,
                              timeout=CLIENT_SECONDS, check=False)
        out, error, code = done.stdout, done.stderr, done.returncode
    except subprocess.TimeoutExpired as late:
        out, error, code = (late.stdout or b"").decode("utf-8", "replace"), "", "no exit in time"
    passed = [line for line in out.splitlines() if line.startswith("PASS ")]
    failed = [line for line in out.splitlines() if line.startswith("FAIL ")]
    if code or not passed + failed:
        failed.append(f"FAIL it ended with {code}: {error.strip()[-400:]}")
    tally[0] += len(passed)
    tally[1] += [f"{name}: {line[5:]}" for line in failed]
    print(f"  {name}: {len(passed)} passed, {len(failed)} failed, {time.monotonic() - started:.0f} s", flush=True)
    for line in failed:
        print(f"    {line}", flush=True)


def _command_line(jar, world, tally):
    """The Trino CLI, as a person would type it."""
    base = ["java", "-jar", jar, "--server", f"http://127.0.0.1:{world.plain.port}", "--user", "tester", "--extra-credential",
            f"peakaKey={world.key}", "--catalog", "tpch", "--schema", "tiny"]
    million = ("SELECT count(*), sum(n) FROM (SELECT a * 1000 + b AS n FROM UNNEST(sequence(0, 999)) t(a) "
               "CROSS JOIN UNNEST(sequence(0, 999)) u(b))")
    cases = {
        "a query": ("SELECT nationkey, name FROM nation WHERE nationkey < 2 ORDER BY 1", '"0","ALGERIA"\n"1","ARGENTINA"\n', ""),
        "types": ("SELECT DECIMAL '1.50', DATE '2020-02-29', ARRAY[1, NULL], X'41', TIMESTAMP '2020-02-29 01:02:03.1', NULL",
                  '"1.50","2020-02-29","[1, NULL]","41","2020-02-29 01:02:03.1",""\n', ""),
        "several statements": ("USE tpch.sf1; SELECT current_schema", 'USE\n"sf1"\n', ""),
        "tables": ("SHOW TABLES LIKE 'na%'", '"nation"\n', ""),
        "parameters": ("PREPARE mine FROM SELECT ? + 1; EXECUTE mine USING 41", 'PREPARE\n"42"\n', ""),
        "sums of a million rows": (million, '"1000000","499999500000"\n', ""),
        "an error": ("SELECT nosuch FROM nation", "", "line 1:8: Column 'nosuch' cannot be resolved"),
    }
    for name, (statement, wanted, wanted_error) in cases.items():
        done = subprocess.run([*base, "--execute", statement], capture_output=True, text=True, timeout=CLIENT_SECONDS, check=False)
        if done.stdout == wanted and wanted_error in done.stderr and bool(done.returncode) == bool(wanted_error):
            tally[0] += 1
        else:
            tally[1].append(f"trino-cli: {name}: {done.stdout[:200]!r} {done.stderr.strip()[-200:]!r}")
            print(f"    FAIL {tally[1][-1]}", flush=True)
    done = subprocess.run([*base, "--execute", "SELECT a * 1000 + b FROM UNNEST(sequence(0, 999)) t(a) CROSS JOIN UNNEST(sequence(0, 999)) u(b)"],
                          capture_output=True, text=True, timeout=CLIENT_SECONDS, check=False)
    lines = len(done.stdout.splitlines())
    if lines == 1000000:
        tally[0] += 1
    else:
        tally[1].append(f"trino-cli: a million rows: {lines} lines {done.stderr.strip()[-200:]!r}")
    print(f"  trino-cli: {tally[0]} passed so far", flush=True)


def _dbt(program, world, tally):
    """A project of dbt: seed, run, test and docs on the catalog `memory`."""
    target = world.folder / "dbt"
    target.mkdir()
    environment = dict(world.environment(), DBT_PROFILES_DIR=str(HERE / "dbt"), DBT_TARGET_PATH=str(target / "target"),
                       DBT_LOG_PATH=str(target / "logs"), DBT_SEND_ANONYMOUS_USAGE_STATS="false")
    for step in (["debug"], ["seed"], ["run"], ["test"], ["docs", "generate"]):
        started = time.monotonic()
        done = subprocess.run([str(program), *step, "--project-dir", str(HERE / "dbt")], env=environment, capture_output=True, text=True,
                              timeout=CLIENT_SECONDS, check=False)
        if done.returncode == 0:
            tally[0] += 1
        else:
            tally[1].append(f"dbt {' '.join(step)}: {done.stdout.strip()[-500:]}")
            print(f"    FAIL dbt {' '.join(step)}: {done.stdout.strip()[-300:]}", flush=True)
        print(f"  dbt {' '.join(step)}: {time.monotonic() - started:.0f} s", flush=True)


def run(tarn):
    """How many checks passed, and which failed."""
    tally = [0, []]
    python, node, jars, go, dbt = setup.python(), setup.node(), setup.jars(), setup.go(), setup.dbt()
    with tempfile.TemporaryDirectory(prefix="tarn-clients-") as folder:
        world = World(tarn, folder)
        try:
            environment = world.environment()
            for name in ("dbapi", "alchemy", "frames", "ibis_tables"):
                _checks(f"python {name}", [python, HERE / "python" / f"{name}.py"], environment, tally)
            for name in ("trino_client", "presto_client", "peaka_client"):
                _checks(f"node {name}", ["node", node / f"{name}.js"], environment, tally)
            driver = next(jars.glob("trino-jdbc-*.jar"))
            _checks("jdbc", ["java", "-cp", driver, HERE / "java" / "Jdbc.java"], environment, tally)
            _checks("go", [go], environment, tally)
            _command_line(next(jars.glob("trino-cli-*.jar")), world, tally)
            _dbt(dbt, world, tally)
            _checks("python peaka_driver", [python, HERE / "python" / "peaka_driver.py"], world.with_tls(), tally)
        finally:
            world.close()
    return tally[0], tally[1]
