"""Folders of saved queries: many at once, moves of all within, odd names."""

import tempfile
import threading
import time
import unittest
from pathlib import Path

from api.world import PROGRAM, world
from rig.client import BASE
from rig.server import Server
from rig.shop import Project

ODD = ("'; DROP TABLE queries; --", "a\"b\\c", "çok güzel 🐟", "x" * 255, "..", " leading and trailing ")


class QueryFoldersTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.project = Project(world().client, "Folders")
        cls.client = world().client
        cls.queries = f"{cls.project.data}/queries"

    def save(self, name, **more):
        return self.client.post(self.queries, {"displayName": name, "inputQuery": "SELECT 1", **more})

    def folder(self, name):
        return self.client.api("POST", f"{self.queries}/folders", {"folderName": name}, expect=201)

    def folders(self):
        return {item["path"]: item for item in self.client.get(f"{self.queries}/folders")["items"]}

    def test_many_at_once_make_each_folder_once(self):
        paths = [f"/shared/{n % 3}/deep" for n in range(12)]
        made, failed = [], []

        def make(number, path):
            client = world().server.client()
            answer = client.send("POST", f"{BASE}{self.queries}", {"displayName": f"at once {number}", "inputQuery": "SELECT 1", "path": path})
            (made if answer.status == 200 else failed).append(answer.text)

        threads = [threading.Thread(target=make, args=pair) for pair in enumerate(paths)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failed, [])
        listed = [path for path in (item["path"] for item in self.client.get(f"{self.queries}/folders")["items"]) if path.startswith("/shared")]
        self.assertEqual(sorted(listed), sorted({"/shared", *(f"/shared/{n}" for n in range(3)), *(f"/shared/{n}/deep" for n in range(3))}))

    def test_a_move_takes_a_thousand_queries_along(self):
        for number in range(1000):
            self.save(f"moved {number}", path="/before/inner")
        folder = self.folders()["/before"]
        moved = self.client.api("PATCH", f"{self.queries}/folders/{folder['id']}/path", {"path": "/after/here"})
        self.assertEqual(moved["path"], "/after/here")
        inner = self.folders()["/after/here/inner"]
        inside = self.client.get(f"{self.queries}/folders/{inner['id']}")["queries"]
        self.assertEqual({query["path"] for query in inside}, {"/after/here/inner"})
        self.assertEqual(len(inside), 1000)
        self.assertNotIn("/before", self.folders())
        self.client.api("DELETE", f"{self.queries}/folders/{self.folders()['/after']['id']}", query={"force": "true"}, expect=204)
        self.assertFalse([query for query in self.client.get(self.queries) if query["displayName"].startswith("moved")])

    def test_odd_names_come_back_as_they_were(self):
        for name in ODD:
            made = self.folder(f"odd/{name}")
            self.assertEqual((made["name"], made["path"]), (name, f"/odd/{name}"))
            self.assertEqual(self.client.get(f"{self.queries}/folders/{made['id']}")["name"], name)

    def test_bad_paths_name_the_field_and_leave_nothing(self):
        for path in ("/bad//inner", "/bad/" + "x" * 256, "/bad" + "/deep" * 70, "/bad/ "):
            answer = self.client.send("POST", f"{BASE}{self.queries}", {"displayName": "bad", "inputQuery": "SELECT 1", "path": path})
            self.assertEqual((answer.status, answer.json().get("field")), (400, "path"), answer.text)
        self.assertNotIn("/bad", self.folders())

    def test_a_folder_is_not_moved_into_itself(self):
        made = self.folder("whole")
        answer = self.client.send("PATCH", f"{BASE}{self.queries}/folders/{made['id']}/path", {"path": "/whole/new/whole"})
        self.assertEqual(answer.status, 409, answer.text)
        self.assertNotIn("/whole/new", self.folders())


class KilledTest(unittest.TestCase):
    def test_a_thousand_queries_change_folders_at_once(self):
        """A server that is killed while it moves them has moved all or none."""
        with tempfile.TemporaryDirectory(prefix="tarn-folders-") as folder, Server(PROGRAM, Path(folder) / "data") as server:
            project = Project(server.client(), "Moving")
            queries = f"{project.data}/queries"
            ids = [server.client().post(queries, {"displayName": f"q {n}", "inputQuery": "SELECT 1"})["id"] for n in range(1000)]
            target = server.client().api("POST", f"{queries}/folders", {"folderName": "target"}, expect=201)["id"]
            inside = 0
            for step in range(6):
                body = {"queryIdsRemoved": ids} if inside else {"queryIdsAdded": ids}
                client = server.client()

                def move():
                    try:
                        client.send("PUT", f"{BASE}{queries}/folders/{target}", body)
                    except OSError:
                        pass  # the server is killed meanwhile

                mover = threading.Thread(target=move)
                mover.start()
                time.sleep(0.004 * step)
                server.kill()
                mover.join()
                server.start()
                inside = len(server.client().get(f"{queries}/folders/{target}")["queries"])
                self.assertIn(inside, (0, 1000), step)


if __name__ == "__main__":
    unittest.main()
