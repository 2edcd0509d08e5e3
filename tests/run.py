#!/usr/bin/env python3
"""Runs the tests, part by part, and ends with one line: N passed, N failed."""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import unittest
from pathlib import Path

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
sys.path.insert(0, str(TESTS))

UNIT_SECONDS = 900


class Tally:
    """What passed and what failed, and why."""

    def __init__(self):
        self.passed = 0
        self.failed = []

    def add(self, passed, failed):
        self.passed += passed
        self.failed += failed


def unit(arguments, tally):
    """Every GoogleTest program of the build."""
    listed = subprocess.run(["ctest", "--test-dir", str(Path(arguments.tarn).resolve().parent.parent), "--show-only=json-v1"],
                            capture_output=True, check=True)
    for test in json.loads(listed.stdout)["tests"]:
        tally.add(*_google_test(test["name"], test["command"]))


def _google_test(name, command):
    with tempfile.TemporaryDirectory(prefix="tarn-unit-") as folder:
        outcome = Path(folder) / "outcome.json"
        environment = dict(os.environ, GTEST_OUTPUT=f"json:{outcome}", GTEST_COLOR="no")
        done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, timeout=UNIT_SECONDS, check=False)
        report = json.loads(outcome.read_text()) if outcome.exists() else {"testsuites": []}
    cases = [case for suite in report["testsuites"] for case in suite["testsuite"]]
    failed = [f"{name} {case['classname']}.{case['name']}: {case['failures'][0]['failure'][:600]}"
              for case in cases if case.get("failures")]
    if done.returncode and not failed:
        failed = [f"{name} ended with {done.returncode}: {done.stdout.decode('utf-8', 'replace')[-600:]}"
                  f"{done.stderr.decode('utf-8', 'replace')[-600:]}"]
    return len(cases) - len([case for case in cases if case.get("failures")]), failed


def layers(_, tally):
    """Includes point only upwards in the order of the folders."""
    import layers as check
    files, broken = check.check(ROOT / "src")
    tally.add(files - len({text.split(":")[0] for text in broken}), broken)


def api(arguments, tally):
    """A running server, from outside: first start, hostile requests, isolation, secrets, many connections."""
    _unittest("api", arguments, tally)


def _unittest(folder, arguments, tally):
    os.environ["TARN_PROGRAM"] = str(Path(arguments.tarn).resolve())
    suite = unittest.defaultTestLoader.discover(str(TESTS / folder), pattern=arguments.pattern, top_level_dir=str(TESTS))
    result = unittest.TextTestRunner(verbosity=2, stream=sys.stdout).run(suite)
    failed = [f"{case.id()}: {text.strip().splitlines()[-1]}" for case, text in result.failures + result.errors]
    failed += [f"{case.id()}: did not fail as expected" for case in result.unexpectedSuccesses]
    tally.add(result.testsRun - len(result.failures) - len(result.errors), failed)


def sql(arguments, tally):
    """The files tests/sql/<area>/*.test, live and cached."""
    from sql import files
    tally.add(*files.run(arguments.tarn))


def golden(arguments, tally):
    """What a real Trino answered: every area within the limits of tests/golden/limits.json."""
    from golden import golden as check
    tally.add(*check.run(arguments.tarn))


def statements(arguments, tally):
    """The statements that a real Trino answered, in their order: columns, update types, headers and errors."""
    from statements import run
    tally.add(*run.run(arguments.tarn))


def tpch(arguments, tally):
    """The 22 TPC-H queries five ways at two small scales."""
    from sql import tpch as check
    for scale in ("0.01", "0.1"):
        tally.add(*check.run(arguments.tarn, arguments.duck, scale))


def tpcds(arguments, tally):
    """The 99 TPC-DS queries, live on the built-in sample and on cached tables, against the bare library."""
    from sql import tpcds as check
    tally.add(*check.run(arguments.tarn, arguments.duck))


def contract(arguments, tally):
    """The contract checker on every operation that is built."""
    from contract import run
    tally.add(*run.built(arguments.tarn))


def clients(arguments, tally):
    """Real clients of the Trino protocol: Python, Node, Java, Go, the command line, dbt."""
    from clients import run
    tally.add(*run.run(arguments.tarn))


def generated(arguments, tally):
    """Clients generated from the OpenAPI document, in Python and TypeScript: built, and a scenario of 40 calls."""
    from generated import run
    tally.add(*run.run(arguments.tarn))


def model(arguments, tally):
    """A small real model behind an endpoint proposes descriptions and questions; only with --with-model, which fetches it."""
    from model import run
    tally.add(*run.run(arguments.tarn))


def differential(arguments, tally):
    """Generated queries live, cached and in memory, with a new seed; and the stored answers of a real Trino."""
    from differential import answers, differential as check
    tally.add(*check.run(arguments.tarn, count=300, seconds=60))
    tally.add(*answers.run(arguments.tarn))


def torture(arguments, tally):
    """A short torture run with a new seed."""
    from torture import torture as check
    tally.add(*check.run(arguments.tarn, events=25, seed=None, seconds=45))


def changes(arguments, tally):
    """Writers that change tables of PostgreSQL (by numbers and by its log) and MariaDB in every way for a minute each, and comparisons."""
    from torture import changes as check
    tally.add(*check.run(arguments.tarn, seconds=180))


def matrix(arguments, tally):
    """Every fault at every step of a refresh, on PostgreSQL and MariaDB, as a table."""
    from torture import matrix as check
    tally.add(*check.run(arguments.steps))


PARTS = {part.__name__: part for part in (unit, layers, api, sql, golden, statements, tpch, tpcds, contract, clients, generated, differential, torture, changes, matrix)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--list", action="store_true", help="list the parts and stop")
    parser.add_argument("--tarn", default="build/release/bin/tarn")
    parser.add_argument("--steps", default="build/release/bin/tarn_steps", help="the server whose refreshes can be held at a step")
    parser.add_argument("--duck", default="build/release/bin/duck", help="the bare library's runner")
    parser.add_argument("--with-model", action="store_true", help=model.__doc__)
    parser.add_argument("--pattern", default="test_*.py", help="which files of the API tests")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(f"{name:10}{part.__doc__}" for name, part in PARTS.items()))
        return 0
    if arguments.with_model:
        PARTS[model.__name__] = model
    if unknown := set(arguments.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    tally = Tally()
    for name in arguments.parts or PARTS:
        started = time.monotonic()
        print(f"\n== {name}: {PARTS[name].__doc__}", flush=True)
        before = tally.passed, len(tally.failed)
        try:
            PARTS[name](arguments, tally)
        except Exception as error:  # a part that breaks is a failure, the others still run
            traceback.print_exc(file=sys.stdout)
            tally.failed.append(f"{name}: {error!r}")
        print(f"== {name}: {tally.passed - before[0]} passed, {len(tally.failed) - before[1]} failed, "
              f"{time.monotonic() - started:.0f} s", flush=True)
    if tally.failed:
        print("\nFailed:", *(f"  {text}" for text in tally.failed), sep="\n")
    print(f"{tally.passed} passed, {len(tally.failed)} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped
    sys.exit(main())
