"""The statements of `statements.jsonl`, in their order and in one session, over the Trino protocol.

Each line has a statement with the columns, update type, headers and error that a real Trino 483 gave. Items that
Tarn answers otherwise by design are listed in DIFFERENT with the reason; one that answers alike all the same is told,
so that the list stays true. Usage: run.py [--tarn PROGRAM] [--show]"""

import argparse
import http.client
import json
import sys
import tempfile
import urllib.parse
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from statements import memory  # noqa: E402
from rig.server import Server  # noqa: E402
from rig.shop import Project  # noqa: E402

CHANGES = "Tarn changes rows of tables in memory, Trino's memory does not"
PLAN = "a plan is Tarn's own"
DIFFERENT = {
    22: "Tarn lists the functions it has, without descriptions", 23: "descriptions are Tarn's own",
    47: CHANGES, 48: CHANGES, 49: CHANGES, 54: CHANGES, 57: "Tarn drops columns",
    63: "a view's text is shown as it was written",
    72: PLAN, 74: PLAN, 75: PLAN, 76: PLAN,
    69: "functions of one's own are not supported",
    97: "catalogs are created through the REST API", 98: "catalogs are deleted through the REST API",
}

# What the query language does not do as Trino does; each is refused or fails under another name or place.
NOT_YET = {
    116: "another place", 120: "a place where none is given",
    141: "weeks are refused as syntax",
    159: "fields of a row behind a table's name are refused",
}


class Session:
    """A client that keeps what answers change in its session, as every client of the protocol does."""

    def __init__(self, port, key):
        self.port = port
        self.headers = {"X-Trino-User": "alice", "X-Trino-Extra-Credential": f"peakaKey={key}",
                        "X-Trino-Client-Capabilities": "PATH,PARAMETRIC_DATETIME,NUMBER,VARIANT,SESSION_AUTHORIZATION"}
        self.catalog = self.schema = None
        self.properties, self.prepared = {}, {}

    def send(self, method, path, body=None):
        headers = dict(self.headers)
        if self.catalog:
            headers["X-Trino-Catalog"] = self.catalog
        if self.schema:
            headers["X-Trino-Schema"] = self.schema
        properties = {"query_max_run_time": "5s"} | self.properties  # so that nothing runs for ever
        headers["X-Trino-Session"] = ",".join(f"{k}={v}" for k, v in properties.items())
        if self.prepared:
            headers["X-Trino-Prepared-Statement"] = ",".join(f"{k}={v}" for k, v in self.prepared.items())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def run(self, sql):
        status, headers, content = self.send("POST", "/v1/statement", sql.encode())
        if status != 200:
            return {"http": status, "text": content.decode()}
        result = {"columns": None, "rows": [], "headers": set(), "error": None, "updateType": None}
        page = json.loads(content)
        while True:
            self.keep(headers, result["headers"])
            if page.get("columns"):
                result["columns"] = [[c["name"], c["type"]] for c in page["columns"]]
            result["rows"] += page.get("data") or []
            for name in ("error", "updateType", "updateCount"):
                if page.get(name) is not None:
                    result[name] = page[name]
            if not page.get("nextUri"):
                return result
            status, headers, content = self.send("GET", urllib.parse.urlsplit(page["nextUri"]).path)
            page = json.loads(content)

    def keep(self, headers, seen):
        for name, value in headers:
            name = name.lower()
            if not name.startswith("x-trino-"):
                continue
            seen.add((name, value))
            key, _, rest = value.partition("=")
            if name == "x-trino-set-catalog":
                self.catalog = value
            elif name == "x-trino-set-schema":
                self.schema = value
            elif name == "x-trino-set-session":
                self.properties[key] = rest
            elif name == "x-trino-clear-session":
                self.properties.pop(value, None)
            elif name == "x-trino-added-prepare":
                self.prepared[key] = rest
            elif name == "x-trino-deallocated-prepare":
                self.prepared.pop(value, None)


def shown(headers):
    """Headers as a set; a prepared statement's text without the blanks that a printer puts around it."""
    return {(name.lower(), urllib.parse.unquote_plus(value).strip()) for name, value in headers}


def differences(item, found):
    if "http" in item:
        return [] if found.get("http") == item["http"] else [f"status {found.get('http', 200)}"]
    if "http" in found:
        return [f"status {found['http']}: {found['text'][:100]}"]
    wrong = []
    expected_error, error = item.get("error"), found["error"]
    if expected_error:
        if not error:
            return ["no error"]
        # A wrapped exception of the recorded server's own has no meaning of its own.
        for name, theirs, ours in (("error", expected_error["name"], error["errorName"]), ("code", expected_error["code"], error["errorCode"]),
                                   ("place", expected_error.get("location"), error.get("errorLocation"))):
            if theirs != ours:
                wrong.append(f"{name}: {ours} instead of {theirs} ({error['message'][:120]})")
        return wrong
    if error:
        return [f"error: {error['errorName']}: {error['message'][:160]}"]
    for name in ("columns", "updateType", "updateCount"):
        if item.get(name) != found.get(name):
            wrong.append(f"{name}: {found.get(name)} instead of {item.get(name)}")
    if shown(item["headers"]) != shown(found["headers"]):
        wrong.append(f"headers: {sorted(found['headers'])} instead of {item['headers']}")
    return wrong


def run(program, show=False):
    """The number of items that passed, and the texts of those that failed."""
    items = [json.loads(line) for line in (HERE / "statements.jsonl").read_text("utf-8").splitlines()]
    equal, excused, failed = 0, 0, []
    with tempfile.TemporaryDirectory(prefix="tarn-statements-") as folder:
        server = Server(program, Path(folder) / "data").start()
        try:
            project = Project(server.client(), "Statements")
            session = Session(server.port, project.key()[0])
            for number, item in enumerate(items):
                wrong = differences(item, session.run(item["sql"]))
                reason = DIFFERENT.get(number) or NOT_YET.get(number)
                text = f"{number}: {item['sql'][:100]}: {'; '.join(wrong)}"
                if not wrong:
                    equal += 1
                    if reason:
                        failed.append(f"{number}: {item['sql'][:80]}: is alike, though listed: {reason}")
                elif reason:
                    excused += 1
                    if show:
                        print(f"{text} ({reason})")
                else:
                    failed.append(text)
            wrong = memory.check(Session(server.port, project.key()[0]), memory.OWN)
            wrong += memory.check(Session(server.port, Project(server.client(), "Other").key()[0]), memory.OTHER)
            failed += wrong
            equal += len(memory.OWN) + len(memory.OTHER) - len(wrong)
        finally:
            server.close()
    print(f"{len(items)} recorded statements and {len(memory.OWN) + len(memory.OTHER)} of tables in memory: {equal} equal, {excused} different for a listed reason, {len(failed)} wrong")
    return equal + excused, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tarn", default="build/release/bin/tarn")
    parser.add_argument("--show", action="store_true", help="also what differs for a listed reason")
    options = parser.parse_args()
    _, failed = run(options.tarn, options.show)
    print("\n".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
