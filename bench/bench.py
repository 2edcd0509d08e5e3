#!/usr/bin/env python3
"""Benchmarks. Each line is a ratio against a reference measured in the same run, with its goal beside it."""

import argparse
import os
import re
import signal
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from cache_lines import copy, incremental, mariadb, reading, start  # noqa: E402
from export_lines import export  # noqa: E402
from query_lines import lists, metadata, point, queries, settings  # noqa: E402
from real_trino import with_trino  # noqa: E402
from table_lines import imports  # noqa: E402
from trino_lines import clients, translate, trino  # noqa: E402
from world import Bench  # noqa: E402

LINES = {line.__name__: line for line in (copy, mariadb, incremental, queries, point, settings, reading, start, trino, clients, translate, metadata, lists, export, imports)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lines", nargs="*", metavar="LINE", help=", ".join(LINES))
    parser.add_argument("--list", action="store_true", help="list the lines and stop")
    parser.add_argument("--build", default="build/release/bin", help="where the programs are")
    parser.add_argument("--scale", default="1", choices=("0.01", "0.1", "1"), help="of TPC-H; the goals are for 1")
    parser.add_argument("--with-trino", action="store_true", help="run the same work on a real Trino 476 too, which Maven fetches")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(f"{name:10}{line.__doc__}" for name, line in LINES.items()))
        print(f"{'--with-trino':13}{with_trino.__doc__}")
        return 0
    if unknown := set(arguments.lines) - set(LINES):
        parser.error(f"there is no line {', '.join(sorted(unknown))}")
    chosen = [LINES[name] for name in arguments.lines] or ([] if arguments.with_trino else list(LINES.values()))
    if arguments.with_trino:
        chosen.append(with_trino)
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    print(f"{os.cpu_count()} cores, {model[1] if model else 'unknown processor'}", flush=True)
    broken = 0
    with tempfile.TemporaryDirectory(prefix="tarn-bench-") as folder:
        bench = Bench(arguments.build, folder, arguments.scale)
        try:
            for line in chosen:
                try:
                    line(bench)
                except Exception as error:  # one line that breaks does not take the others with it
                    broken += 1
                    print(f"{line.__name__}: {type(error).__name__}: {error}", flush=True)
        finally:
            bench.close()
    return 1 if broken else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped
    sys.exit(main())
