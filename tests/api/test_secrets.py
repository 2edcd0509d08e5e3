"""No secret appears in logs, errors, metrics, command lines, or in clear anywhere in the data folder."""

import base64
import unittest
from pathlib import Path

from api.world import world
from rig.client import BASE
from rig.server import new_key

WRONG_PASSWORD = "wrong-but-still-secret-7f3a"


class SecretsTest(unittest.TestCase):
    def setUp(self):
        self.world = world()

    def secrets(self):
        """What must not be found: whole keys' secret halves and passwords, plain and in base64."""
        plain = [self.world.postgres.password, WRONG_PASSWORD] + [
            key.split(".")[1] for key in (self.world.server.key, self.world.first_key, self.world.second_key, self.wrong_key)]
        return [text.encode() for text in plain] + [base64.b64encode(text.encode()).rstrip(b"=") for text in plain]

    def expose(self):
        """Every kind of failure that could put a secret somewhere; the texts of the answers."""
        first, client, good = self.world.first, self.world.client, self.world.postgres.credential()
        self.wrong_key = new_key()
        answers = []
        for wrong in ({"password": WRONG_PASSWORD}, {"port": 1}, {"url": "256.1.1.1"}, {"databaseName": "nowhere"}, {"useSsl": True},
                      {"user": "nobody", "password": WRONG_PASSWORD}, {"port": "x"}, {"password": [WRONG_PASSWORD]}):
            answers.append(client.send("POST", f"{BASE}/connections/{first.id}",
                                       {"name": "wrong", "type": "POSTGRES", "credential": good | wrong}))
        answers.append(client.send("POST", f"{BASE}/connections/{first.id}", {"name": "x", "type": "nothing", "credential": good}))
        made = first.connect("to be read back", "POSTGRES", good)
        for suffix in ("", "/detail"):
            answers.append(client.send("GET", f"{BASE}/connections/{first.id}/{made['id']}{suffix}"))
        answers.append(client.send("GET", f"{BASE}/connections/{first.id}"))
        answers.append(client.with_key(self.wrong_key).send("GET", f"{BASE}/info"))
        answers.append(client.with_key(self.world.first_key).send("GET", f"{BASE}/organizations"))
        table = self.world.source("customers")
        for statement in (f"SELECT no_such FROM {table}", f"SELECT 1 / (id - id) FROM {table}", f"SELECT CAST(name AS bigint) FROM {table}",
                          f"SELECT * FROM {table} WHERE", "SELECT * FROM nowhere.x.y"):
            answers.append(client.send("POST", f"{BASE}{first.data}/queries/execute", {"statement": statement}))
        answers.append(client.send("GET", f"{BASE}/projects/{first.id}/apiKeys"))
        answers += [client.send("GET", path) for path in ("/metrics", "/healthz", "/readyz", "/v3/api-docs")]
        return answers

    def test_no_secret_is_anywhere(self):
        answers = self.expose()
        secrets = self.secrets()
        for answer in answers:
            self.assertNotEqual(answer.status, 500, answer.text[:200])
            self.assert_clean("an answer", answer.content, secrets)
        self.assert_clean("the log", self.world.server.log.read_bytes(), secrets)
        for file in self.world.server.data.rglob("*"):
            if file.is_file():
                self.assert_clean(str(file.relative_to(self.world.server.data)), file.read_bytes(), secrets)
        for pid in [self.world.server.process.pid, *self.world.server.workers()]:
            self.assert_clean("a command line", Path(f"/proc/{pid}/cmdline").read_bytes(), secrets)

    def assert_clean(self, where, content, secrets):
        for secret in secrets:
            self.assertNotIn(secret, content, f"{where} holds a secret: {secret[:6]!r}…")

    def test_the_master_key_is_for_its_owner_alone(self):
        self.assertEqual((self.world.server.data / "master.key").stat().st_mode & 0o777, 0o600)

    def test_wrong_credentials_leave_the_stored_ones(self):
        first, client, good = self.world.first, self.world.client, self.world.postgres.credential()
        made = first.connect("stays", "POSTGRES", good)
        catalog = first.catalog("Stays", made)
        answer = client.send("PUT", f"{BASE}/connections/{first.id}/{made['id']}",
                             {"name": "stays", "type": "POSTGRES", "credential": good | {"password": WRONG_PASSWORD}})
        self.assertEqual((answer.status, answer.json()["error"]), (400, "INVALID_CREDENTIALS"))
        self.assertEqual(first.query(f'SELECT count(*) FROM "{catalog["name"]}"."public"."customers"'), [[500]])
