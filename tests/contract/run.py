#!/usr/bin/env python3
"""Runs the contract checker against a server and a PostgreSQL of its own; its options are passed on to check.py.

Without --area the operations that Tarn has are checked. The others of the contract answer 501; the checker
calls that MISSING and counts it as failed, this program does not."""

import argparse
import json
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rig.postgres import Postgres  # noqa: E402
from rig.server import Server  # noqa: E402
from rig.waiting import free_port  # noqa: E402

# What is built: whole areas, and single operations of further ones. Extended by the change that builds more.
AREAS = ("Organization: Organizations", "Organization: Workspaces", "Organization: Projects", "Projects (Deprecated)",
         "Projects: Api Key", "Connections", "Data: Catalogs", "Data: Internal Tables", "Data: Cache", "Data: Queries", "Data: Query Folders",
         "Data: Materialized Queries", "Data: Semantic Catalogs",
         "Data: Parametric Tables", "Data: Metadata", "Data: SQL", "Data: Exports", "Supported Drivers", "Key introspection")
SINGLE = {}
SECONDS = 900


def check(tarn, options, outcomes):
    """The checker's exit status; its outcomes go to the file `outcomes`."""
    model = free_port()
    settings = {"ai": {"base_url": f"http://127.0.0.1:{model}/v1", "model": "contract-stub"}}
    with tempfile.TemporaryDirectory(prefix="tarn-contract-") as folder, Postgres() as postgres, \
            Server(tarn, Path(folder) / "data", settings) as server:
        command = [sys.executable, str(Path(__file__).with_name("check.py")), "--base-url",
                   f"http://127.0.0.1:{server.port}/api/v1", "--partner-key", server.key, "--openai-stub", str(model),
                   "--json", str(outcomes), *options]
        return subprocess.run(command, env=postgres.environment(), timeout=SECONDS + 120, check=False).returncode


def built(tarn):
    """Check what is built: the numbers of passed and failed operations, and the failed ones' reasons."""
    with tempfile.TemporaryDirectory(prefix="tarn-contract-") as folder:
        outcomes = Path(folder) / "outcomes.json"
        check(tarn, ["--time-limit", str(SECONDS), "--area", *AREAS, *sorted(set(SINGLE.values()))], outcomes)
        operations = json.loads(outcomes.read_text())["operations"]
    counted = [item for item in operations if item["area"] in AREAS or item["id"] in SINGLE]
    failed = [f"{item['id']}: {'; '.join(item['reasons'])}" for item in counted if item["verdict"] not in ("PASS", "SKIP")]
    return len(counted) - len(failed), failed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tarn", default="build/release/bin/tarn")
    arguments, options = parser.parse_known_args()
    if options:
        with tempfile.TemporaryDirectory(prefix="tarn-contract-") as folder:
            return check(arguments.tarn, options, Path(folder) / "outcomes.json")
    passed, failed = built(arguments.tarn)
    print(f"of what is built: {passed} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped
    sys.exit(main())
