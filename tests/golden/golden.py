#!/usr/bin/env python3
"""The items of golden.jsonl and corpus.jsonl against a server of its own: what a real Trino answered, and what Tarn answers.

Prints the verdicts of every area and the silently wrong items, each with its reason from reasons.json. `--check` compares
with limits.json: an area fails when fewer items are equal than its floor, or more are wrong than its ceiling.
`--record` writes limits.json anew from this run; it must only ever get stricter."""

import argparse
import collections
import json
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

GOLDEN = Path(__file__).resolve().parent
sys.path.insert(0, str(GOLDEN.parent))

from rig.server import Server  # noqa: E402
from rig.shop import Project  # noqa: E402

FILES = ("golden", "corpus")
VERDICTS = ("equal", "refused", "wrong", "other error")
RUN_SECONDS = 300


def judged(tarn, options=()):
    """Every item of both files with its verdict, from one server."""
    items = []
    with tempfile.TemporaryDirectory(prefix="tarn-golden-") as folder, Server(tarn, Path(folder) / "data") as server:
        key, _ = Project(server.client(), "Golden").key("golden")
        for name in FILES:
            out = Path(folder) / f"{name}.json"
            command = [sys.executable, str(GOLDEN / "run_golden.py"), f"http://127.0.0.1:{server.port}", str(GOLDEN / f"{name}.jsonl"),
                       "--user", "alice", "--credential", f"peakaKey={key}", "--json", str(out), *options]
            done = subprocess.run(command, capture_output=True, text=True, timeout=RUN_SECONDS, check=False)
            if not out.exists():
                raise RuntimeError(f"run_golden.py ended with {done.returncode}: {done.stderr[-1500:]}")
            for item in json.loads(out.read_text("utf-8"))["items"]:
                area = item["area"] if name == "golden" else f"{name}.{item['area']}"
                items.append(item | {"area": area, "id": item["id"] if name == "golden" else f"{name}.{item['id']}"})
    return items


def counted(items):
    """Verdicts by area, in the order of their names."""
    table = collections.defaultdict(collections.Counter)
    for item in items:
        table[item["area"]][item["verdict"]] += 1
    return dict(sorted(table.items()))


def limits():
    return json.loads((GOLDEN / "limits.json").read_text("utf-8"))


def reasons():
    return json.loads((GOLDEN / "reasons.json").read_text("utf-8"))


def failures(table, floors):
    """One text for every area outside its limits."""
    failed = []
    for area, limit in floors.items():
        counts = table.get(area, {})
        equal, wrong = counts.get("equal", 0), counts.get("wrong", 0)
        if equal < limit["equal"] or wrong > limit["wrong"]:
            failed.append(f"golden {area}: {equal} equal, {wrong} wrong; at least {limit['equal']} equal and at most {limit['wrong']} wrong")
    failed += [f"golden {area}: has no limits" for area in table if area not in floors]
    return failed


def run(tarn):
    """Passed and failed checks for tests/run.py: one an area."""
    table = counted(judged(tarn))
    failed = failures(table, limits())
    return len(table) - len(failed), failed


def shown(table):
    lines = ["%-22s %7s %7s %8s %7s %12s %8s" % (("area", "items") + VERDICTS + ("equal %",))]
    total = collections.Counter()
    for counts in table.values():
        total.update(counts)
    for area, counts in [*table.items(), ("total", total)]:
        items = sum(counts.values())
        lines.append("%-22s %7d %7d %8d %7d %12d %7.1f%%" % ((area, items) + tuple(counts[v] for v in VERDICTS)
                     + (100.0 * counts["equal"] / max(items, 1),)))
    return "\n".join(lines)


def brief(item):
    """A difference in four lines."""
    got, want = item["got"], item["want"]
    have = got.get("failure") or got.get("error") or [got["columns"], got["rows"]]
    wanted = want.get("error") or [want["columns"], want["rows"]]
    return (f"{item['id']} {item['verdict']}: {item['detail']}\n  {item['sql']}\n  want {json.dumps(wanted)[:400]}\n"
            f"  got  {json.dumps(have)[:400]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tarn", default="build/release/bin/tarn")
    parser.add_argument("--area", action="append", default=[], help="only items of this area; may be repeated")
    parser.add_argument("--id", action="append", default=[], help="only items whose id starts with this")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the first N differences")
    parser.add_argument("--json", metavar="OUT", help="every item with its verdict and both answers")
    parser.add_argument("--check", action="store_true", help="fail where an area is outside limits.json")
    parser.add_argument("--record", action="store_true", help="write limits.json anew")
    arguments = parser.parse_args()
    options = [text for area in arguments.area for text in ("--area", area)] + [text for one in arguments.id for text in ("--id", one)]
    items = judged(arguments.tarn, options)
    table = counted(items)
    for item in [item for item in items if item["verdict"] != "equal"][:arguments.show]:
        print(brief(item))
    print(shown(table))
    known = reasons()
    wrong = [item for item in items if item["verdict"] == "wrong"]
    print(f"\nsilently wrong: {len(wrong)}, {sum(item['id'] in known for item in wrong)} of them with a reason")
    for item in wrong:
        print(f"  {item['id']:18} {item['detail']}: {known.get(item['id'], 'no reason known')}")
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(items, ensure_ascii=False), "utf-8")
    if arguments.record and not options:
        rows = [f"  {json.dumps(area)}: {{\"equal\": {counts['equal']}, \"wrong\": {counts['wrong']}}}" for area, counts in table.items()]
        (GOLDEN / "limits.json").write_text("{\n" + ",\n".join(rows) + "\n}\n", "utf-8")
    failed = failures(table, {area: limit for area, limit in limits().items() if not options or area in table}) if arguments.check else []
    print(*failed, sep="\n")
    return 1 if failed else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped
    sys.exit(main())
