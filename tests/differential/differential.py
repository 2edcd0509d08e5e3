#!/usr/bin/env python3
"""Generated queries, each run live on PostgreSQL, on cached copies, and on the same rows in `memory`: the three must
give equal rows, types and names, or the same error.

Queries and data come from a seed, which is printed; `--only N` runs one query again and shows its answers. Rows count
in order where the query orders them by a key without ties. Before the queries, planted differences must be seen."""

import argparse
import collections
import json
import random
import signal
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from differential import data, queries  # noqa: E402
from rig.postgres import Postgres  # noqa: E402
from rig.server import Server  # noqa: E402
from rig.shop import Project  # noqa: E402
from rig.trino import TrinoClient  # noqa: E402

SCHEMA = "rows"
PLACES = ("live", "cached", "memory")
# So many of the queries must give rows: a test whose queries all fail alike proves nothing.
LEAST_ANSWERED = 0.75
# Tables that are not the same in every place.
PLANTED = {"value": ("1", "2"), "type": ("1", "BIGINT '1'"), "name": ("1 AS x", "1 AS y"), "missing": ("1", None), "less": ("x FROM UNNEST(ARRAY[1, 1]) t(x)", "1 AS x")}


@contextmanager
def world(tarn, seed):
    """A client whose catalogs live, cached and memory hold the tables of the seed."""
    with tempfile.TemporaryDirectory(prefix="tarn-differential-") as folder, Postgres() as postgres, Server(tarn, Path(folder) / "data") as server:
        postgres.run(data.postgres(seed, SCHEMA))
        project = Project(server.client(), "Differential")
        connection = project.connect("Rows", "POSTGRES", postgres.credential())
        project.catalog("live", connection)
        copied = project.catalog("cached", connection)
        for table in data.TABLES:
            project.cached(copied, SCHEMA, table)
        with TrinoClient(server.port, project.key()[0]) as client:
            for statement in data.trino(seed, f"memory.{SCHEMA}"):
                must(client, statement)
            yield client


def must(client, statement):
    answer = client.run(statement)
    if answer["error"]:
        raise RuntimeError(f"{answer['error']}: {answer['message']}: {statement[:300]}")
    return answer


def plain(answer, ordered):
    """What is compared of an answer: maps have no order, and neither have rows unless the query gives them one."""
    if answer["error"]:
        return {"error": answer["error"]}
    rows = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in answer["rows"]]
    return {"columns": answer["columns"], "rows": rows if ordered else sorted(rows)}


def difference(answers, ordered):
    """In what the answers differ; empty when they do not."""
    first, *others = [plain(answer, ordered) for answer in answers]
    for other in others:
        if first.get("error") != other.get("error"):
            return "error"
        for part in ("columns", "rows"):
            if first.get(part) != other.get(part):
                return part
    return ""


def everywhere(client, query):
    return [client.run(query.text, place, SCHEMA) for place in PLACES]


def unseen(client):
    """Planted differences that the comparison does not see."""
    must(client, f"CREATE SCHEMA memory.planted")
    missed = []
    for name, (one, other) in PLANTED.items():
        answers = []
        for side, columns in (("a", one), ("b", other)):
            if columns:
                must(client, f"CREATE TABLE memory.planted.{name}_{side} AS SELECT {columns}" + (" AS x" if " AS " not in columns and "FROM" not in columns else ""))
            answers.append(client.run(f"SELECT * FROM memory.planted.{name}_{side}"))
        if not difference(answers, False):
            missed.append(f"the planted difference {name!r} is not seen")
    for ordered, expected in ((True, "rows"), (False, "")):
        answers = [client.run(f"SELECT * FROM (VALUES 1, 2) t(x) ORDER BY x {way}") for way in ("ASC", "DESC")]
        if difference(answers, ordered) != expected:
            missed.append(f"rows in another order, where the order {'counts' if ordered else 'does not count'}, are not taken for what they are")
    return missed


def told(number, query, answers):
    """A difference in a few lines."""
    lines = [f"query {number}, {query.shape}: {query.text}"]
    for place, answer in zip(PLACES, answers):
        lines.append(f"  {place:7} " + (f"{answer['error']}: {answer['message'][:200]}" if answer["error"] else
                                        f"{answer['columns']} {len(answer['rows'])} rows {json.dumps(answer['rows'], ensure_ascii=False)[:300]}"))
    return "\n".join(lines)


def compare(client, seed, numbers, seconds=None):
    """The number that agreed, what did not, and the counts of answers, errors and refusals by their names."""
    agreed, failed, kinds = 0, [], collections.Counter()
    end = time.monotonic() + seconds if seconds else None
    for number in numbers:
        if end and time.monotonic() > end:
            break
        query = queries.query(seed, number)
        answers = everywhere(client, query)
        kinds[answers[0]["error"] or ("rows" if answers[0]["rows"] else "no rows")] += 1
        if difference(answers, query.ordered):
            failed.append(told(number, query, answers))
        else:
            agreed += 1
    total = sum(kinds.values())
    if total >= 100 and kinds["rows"] + kinds["no rows"] < LEAST_ANSWERED * total:
        failed.append(f"only {kinds['rows'] + kinds['no rows']} of {total} queries gave an answer: {dict(kinds)}")
    return agreed, failed, kinds


def run(tarn, count=300, seed=None, seconds=60):
    """Passed and failed for tests/run.py."""
    seed = seed if seed is not None else random.randrange(10**6)
    print(f"seed {seed}", flush=True)
    with world(tarn, seed) as client:
        missed = unseen(client)
        agreed, failed, kinds = compare(client, seed, range(count), seconds)
    print(f"{sum(kinds.values())} queries: {dict(kinds.most_common())}")
    return agreed + len(PLANTED) + 2 - len(missed), missed + failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tarn", default="build/release/bin/tarn")
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--only", type=int, metavar="N", help="run one query and show its three answers")
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.randrange(10**6)
    print(f"seed {seed}", flush=True)
    started = time.monotonic()
    with world(arguments.tarn, seed) as client:
        if arguments.only is not None:
            query = queries.query(seed, arguments.only)
            print(told(arguments.only, query, everywhere(client, query)))
            return 0
        missed = unseen(client)
        agreed, failed, kinds = compare(client, seed, range(arguments.queries))
    print(*missed, *failed, sep="\n")
    print(f"{dict(kinds.most_common())}")
    print(f"{agreed} queries agree, {len(failed)} differ, seed {seed}, {time.monotonic() - started:.0f} s")
    return 1 if missed or failed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped
    sys.exit(main())
