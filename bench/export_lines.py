"""Lines about exports."""

from rig.waiting import until

from world import CALL_SECONDS, Peak, say

GOAL = 0.7
TIMES = 2


def _export(bench, path, body):
    """Milliseconds of an export, its size, and the most memory that the server had."""
    with Peak(bench.server.resident_bytes) as peak:
        created = bench.client.api("POST", path, body, expect=202)["id"]
        where = f"{bench.project.data}/exports/{created}"
        job = until("the export ends", lambda: (lambda found: found if found["status"] not in ("PENDING", "RUNNING") else None)(bench.client.get(where)),
                    CALL_SECONDS)
    if job["status"] != "SUCCEEDED":
        raise RuntimeError(f"the export is {job['status']}: {job.get('error')}")
    return job["durationMs"], job["bytes"], peak.value


def export(bench):
    """Exports of a cached lineitem to CSV and Parquet against COPY by the bare engine on the same file."""
    bench.cached("lineitem")
    path = f"{bench.project.data}/catalogs/{bench.catalog['id']}/schemas/public/tables/lineitem/exports"
    for form, options in (("CSV", "FORMAT csv, HEADER"), ("PARQUET", "FORMAT parquet")):
        with bench.bare(["lineitem"]) as engine:
            target = bench.folder / "bare.out"
            alone = min(engine.run(f"COPY lineitem TO '{target}' ({options})", repeat=TIMES)["ms"])
            target.unlink()
        runs = [_export(bench, path, {"format": form}) for _ in range(TIMES)]
        mine, size, memory = min(runs)
        ratio = alone / mine
        say(f"export of lineitem to {form}, bare engine's time / ours, scale {bench.scale}", f"{ratio:.2f}", f"≥ {GOAL}", ratio >= GOAL,
            f"{mine / 1000:.1f} s against {alone / 1000:.1f} s, {size >> 20} MiB, at most {memory >> 20} MiB resident")
