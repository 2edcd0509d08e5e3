"""The log: what the server does, and one line per request, as text or as JSON."""

import json
import os
import tempfile
import unittest
from pathlib import Path

from api.world import PROGRAM
from rig.client import BASE
from rig.server import Server
from rig.shop import Project
from rig.waiting import until


class LogTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tarn-log-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def start(self, settings):
        server = Server(os.environ.get("TARN_PROGRAM", PROGRAM), self.folder / "data", settings)
        self.addCleanup(server.close)
        return server.start()

    def events(self, server):
        return [json.loads(line) for line in server.printed().splitlines() if line.startswith("{")]

    def test_a_line_per_request(self):
        server = self.start({"log": {"format": "json"}})
        project = Project(server.client(), "Logged")
        key, key_id = project.key()
        secret = "SELECT 'a secret of the statement'"
        answer = server.client(key).send("POST", f"{BASE}{project.data}/queries/execute", {"statement": secret},
                                         {"format": "TYPED"}, {"X-Request-Id": "my-request-1"})
        self.assertEqual(answer.headers["X-Request-Id"], "my-request-1")
        server.client(key).send("GET", f"{BASE}/no/such/path?key=hidden", headers={"X-Request-Id": "my-request-2"})
        lines = until("both lines are written",
                      lambda: (found := [event for event in self.events(server) if str(event.get("request")).startswith("my-request")])
                      and len(found) == 2 and found, 5)
        # Each line is written when its answer has gone, and these two went by two connections: either may be first.
        lines.sort(key=lambda line: line["request"])
        took = lines[0].pop("ms")
        self.assertGreater(took, 0)
        self.assertEqual({name: value for name, value in lines[0].items() if name != "time"},
                         {"level": "info", "event": "request", "request": "my-request-1", "method": "POST", "operation": "executeQuery",
                          "path": f"{BASE}{project.data}/queries/execute", "status": 200, "project": project.id, "key": key_id})
        self.assertEqual((lines[1]["operation"], lines[1]["status"], lines[1]["path"]), ("none", 404, f"{BASE}/no/such/path"))
        server.stop()
        names = [event["event"] for event in self.events(server)]
        self.assertEqual([name for name in names if name in ("starting", "listening", "stopping", "stopped")],
                         ["starting", "listening", "stopping", "stopped"])
        for hidden in (key, server.key, "a secret of the statement", "hidden"):
            self.assertNotIn(hidden, server.printed())

    def test_levels(self):
        server = self.start({"log": {"level": "error"}})
        self.assertEqual(server.client().send("GET", f"{BASE}/info").status, 200)
        server.stop()
        self.assertNotIn("request", server.printed())
        server.arguments = ["--log-level", "debug"]
        server.start()
        until("probes are logged at debug", lambda: "operation=readyz" in server.printed(), 5)

    def test_ready_soon(self):
        self.assertLess(self.start({}).ready_after, 1)
