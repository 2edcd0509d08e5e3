#!/usr/bin/env python3
"""What a real Trino answered to generated queries over the same rows: answers.jsonl, made by --record, and its check.

To record, Maven fetches an embedded Trino once (differential/trino). A query that Tarn answers otherwise, for a reason
that was looked into, stands in differences.json: its number, what it is, and the error that it is refused with."""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from differential import data, queries  # noqa: E402
from differential.differential import SCHEMA, difference, must, told_of, world  # noqa: E402
from rig.trino import TrinoClient  # noqa: E402
from rig.waiting import free_port, until  # noqa: E402

ANSWERS, DIFFERENCES = HERE / "answers.jsonl", HERE / "differences.json"
BUILD = HERE.parent.parent / "build" / "trino-embedded"
SEED, COUNT, MOST_BYTES = 483, 600, 8000
LEAST_JAVA = 25
FETCH_SECONDS, START_SECONDS = 600, 120


def java():
    """A Java that the embedded Trino runs on."""
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    for home in homes + sorted(Path("/usr/lib/jvm").glob("*")):
        release = home / "release"
        line = next((line for line in release.read_text().splitlines() if line.startswith("JAVA_VERSION=")), "") if release.is_file() else ""
        if line and int(line.split('"')[1].split(".")[0]) >= LEAST_JAVA:
            return home / "bin" / "java"
    raise RuntimeError(f"the embedded Trino needs Java {LEAST_JAVA} or newer; there is none below /usr/lib/jvm, and JAVA_HOME does not name one")


def jars():
    """The folder of its jars, fetched by Maven once."""
    if not (BUILD / "complete").exists():
        if not shutil.which("mvn"):
            raise RuntimeError("the embedded Trino is fetched with Maven, and there is no mvn")
        BUILD.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mvn", "--quiet", "--batch-mode", "-f", HERE / "trino" / "pom.xml", "dependency:copy-dependencies", "-DincludeScope=runtime",
                        f"-DoutputDirectory={BUILD / 'lib'}"], check=True, timeout=FETCH_SECONDS)
        (BUILD / "complete").touch()
    return BUILD / "lib"


@contextmanager
def real_trino():
    """A client of an embedded Trino that holds the tables."""
    port = free_port()
    command = [java(), "-Xmx3g", "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
               "-Djdk.attach.allowAttachSelf=true", "-Duser.timezone=UTC", "-cp", f"{jars()}/*", HERE / "trino" / "RealTrino.java", port]
    with open(BUILD / "log", "w+", encoding="utf-8") as log:
        process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=BUILD)
        try:
            def ready():
                if process.poll() is not None:
                    raise RuntimeError(f"the embedded Trino ended with {process.returncode}; see {BUILD / 'log'}")
                return "ready" in (BUILD / "log").read_text("utf-8")
            until("the embedded Trino is ready", ready, START_SECONDS, 0.5)
            with TrinoClient(port) as client:
                for statement in data.trino(SEED, f"memory.{SCHEMA}"):
                    must(client, statement)
                yield client
        finally:
            process.stdin.close()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def record():
    """Ask the real server; what it answers at great length, or not in JSON, or with an error of its own, is left out."""
    kept = []
    with real_trino() as client:
        for number in range(COUNT):
            query = queries.query(SEED, number)
            try:
                answer = client.run(query.text, "memory", SCHEMA)
            except json.JSONDecodeError:
                continue
            line = json.dumps({"number": number, "shape": query.shape, "sql": query.text, "ordered": query.ordered, **answer}, ensure_ascii=False)
            if len(line) <= MOST_BYTES and answer["error"] != "GENERIC_INTERNAL_ERROR":
                kept.append(line)
    ANSWERS.write_text("\n".join(kept) + "\n", "utf-8")
    print(f"{len(kept)} answers of {COUNT} queries")


def stored():
    return [json.loads(line) for line in ANSWERS.read_text("utf-8").splitlines()]


def check(client, places=("live", "cached", "memory")):
    """Passed, and what failed."""
    known = {entry["number"]: entry for entry in json.loads(DIFFERENCES.read_text("utf-8"))}
    passed, failed = 0, []
    for real in stored():
        asked = {place: client.run(real["sql"], place, SCHEMA) for place in places}
        wrong = {place: answer for place, answer in asked.items() if difference([real, answer], real["ordered"])}
        number = real["number"]
        if number in known:
            # What is refused must stay refused or become right, so that it does not become a wrong answer unseen.
            if all(answer["error"] == known[number].get("error") for answer in wrong.values()):
                passed += 1
                if len(wrong) < len(places):
                    print(f"query {number} of differences.json differs no more in {', '.join(set(places) - set(wrong))}")
            else:
                failed.append(f"query {number} is in differences.json otherwise ({known[number]}):\n" + told_of(real["sql"], {"trino": real, **asked}))
        elif wrong:
            failed.append(f"query {number} is answered otherwise by a real Trino:\n" + told_of(real["sql"], {"trino": real, **wrong}))
        else:
            passed += 1
    return passed, failed


def run(tarn):
    """Passed and failed for tests/run.py."""
    with world(tarn, SEED) as client:
        return check(client)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tarn", default="build/release/bin/tarn")
    parser.add_argument("--record", action="store_true", help="ask a real Trino again and store what it answers")
    arguments = parser.parse_args()
    started = time.monotonic()
    if arguments.record:
        record()
    passed, failed = run(arguments.tarn)
    print(*failed, sep="\n")
    print(f"{passed} of the stored answers agree, {len(failed)} differ, {time.monotonic() - started:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped
    sys.exit(main())
