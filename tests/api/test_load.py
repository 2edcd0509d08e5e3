"""Many connections, a dead source, slow and vanishing clients."""

import asyncio
import resource
import socket
import time
import unittest

from api.world import world
from rig.client import BASE
from rig.waiting import free_port

CONNECTIONS = 1000


class LoadTest(unittest.TestCase):
    def setUp(self):
        self.world = world()

    def test_a_thousand_connections(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4096)), hard))
        statuses = asyncio.run(self.many())
        self.assertEqual(statuses, [200] * (2 * CONNECTIONS))

    async def many(self):
        request = (f"GET {BASE}/info HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.world.first_key}\r\n\r\n").encode()

        async def ask(reader, writer):
            writer.write(request)
            await writer.drain()
            head = await reader.readuntil(b"\r\n\r\n")
            lines = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
            await reader.readexactly(int(lines[b"content-length"]))
            return int(head.split()[1])

        opened = await asyncio.gather(*(asyncio.open_connection("127.0.0.1", self.world.server.port) for _ in range(CONNECTIONS)))
        statuses = []
        for _ in range(2):
            statuses += await asyncio.wait_for(asyncio.gather(*(ask(*pair) for pair in opened)), 60)
        for _, writer in opened:
            writer.close()
        return statuses

    def test_a_dead_source_among_fifty_catalogs(self):
        first, client = self.world.first, self.world.client
        connection = first.connect("alive", "POSTGRES", self.world.postgres.credential())
        made = [first.catalog(f"Fifty {n}", connection) for n in range(49)]
        with type(self.world.postgres)() as dying:
            dead = first.source("Fifty dead", "POSTGRES", dying.credential())
        started = time.monotonic()
        self.assertGreaterEqual(len(client.get(f"{first.data}/catalogs")), 52)
        self.assertLess(time.monotonic() - started, 1)
        started = time.monotonic()
        self.assertEqual(len(client.post(f"{first.data}/search", {"query": "Fifty"})["matchedCatalogs"]), 50)
        self.assertLess(time.monotonic() - started, 5)
        started = time.monotonic()
        self.assertEqual(first.query(f'SELECT count(*) FROM "{made[0]["name"]}"."public"."customers"'), [[500]])
        self.assertLess(time.monotonic() - started, 2)
        answer = client.send("POST", f"{BASE}{first.data}/queries/execute",
                             {"statement": f'SELECT * FROM "{dead["name"]}"."public"."customers"'})
        self.assertIn(answer.status, (400, 502, 503, 504))

    def test_requests_that_never_end(self):
        """Half requests hold no one else up."""
        held = []
        try:
            for _ in range(200):
                connection = socket.create_connection(("127.0.0.1", self.world.server.port))
                connection.send(b"POST /api/v1/projects HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
                held.append(connection)
            started = time.monotonic()
            self.assertEqual(self.world.client.send("GET", "/healthz").status, 200)
            self.assertLess(time.monotonic() - started, 1)
        finally:
            for connection in held:
                connection.close()

    def test_a_closed_port_is_refused_quickly(self):
        started = time.monotonic()
        answer = self.world.client.send("POST", f"{BASE}/connections/{self.world.first.id}", {
            "name": "closed", "type": "POSTGRES", "credential": self.world.postgres.credential(port=free_port())})
        self.assertEqual((answer.status, answer.json()["error"]), (400, "INVALID_CREDENTIALS"))
        self.assertLess(time.monotonic() - started, 5)
