"""First start, second start, refused starts, stopping, restarting."""

import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from api.world import PROGRAM
from rig.server import Server, new_key
from rig.shop import Project, every
from rig.waiting import free_port, until

KEY = re.compile(r"\b[A-Za-z0-9]{8}\.[A-Za-z0-9]{32}\b")
STOP_SECONDS = 10


class LifecycleTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tarn-life-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def serve(self, **more):
        server = Server(PROGRAM, self.folder / "data", **more)
        self.addCleanup(server.close)
        return server

    def tarn(self, *arguments):
        return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=30, check=False)

    def test_first_start_shows_the_key_once(self):
        data = self.folder / "own"
        texts = []
        for _ in range(2):
            port = free_port()
            process = subprocess.Popen([PROGRAM, "serve", "--data", str(data), "--listen", f"127.0.0.1:{port}"],
                                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            try:
                process.wait(3)
            except subprocess.TimeoutExpired:
                process.terminate()
            texts.append(process.communicate(timeout=STOP_SECONDS)[0])
        self.assertEqual(len(set(KEY.findall(texts[0]))), 1, texts[0])
        self.assertEqual(KEY.findall(texts[1]), [])

    def test_the_key_that_was_shown_works(self):
        server = self.serve(key=new_key()).start()
        self.assertTrue(server.client().get("/organizations"))
        self.assertEqual(server.client(new_key()).send("GET", "/api/v1/organizations").status, 401)

    def test_a_second_server_on_the_same_data_is_refused(self):
        self.serve().start()
        done = self.tarn("serve", "--data", str(self.folder / "data"), "--listen", f"127.0.0.1:{free_port()}")
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stdout + done.stderr, r"(?i)data folder|in use|already")

    def test_a_taken_port_is_refused(self):
        server = self.serve().start()
        done = self.tarn("serve", "--data", str(self.folder / "other"), "--listen", f"127.0.0.1:{server.port}")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(str(server.port), done.stdout + done.stderr)

    def test_sigterm_stops_within_ten_seconds(self):
        server = self.serve().start()
        self.assertLess(server.stop(), STOP_SECONDS)
        self.assertEqual(server.process.returncode, 0, server.printed()[-500:])

    def test_health_readiness_and_metrics(self):
        client = self.serve().start().client()
        for path in ("/healthz", "/readyz"):
            self.assertEqual(client.send("GET", path).status, 200)
        metrics = client.send("GET", "/metrics")
        self.assertEqual(metrics.status, 200)
        self.assertRegex(metrics.text, r"(?m)^# TYPE \S+ (counter|gauge|histogram)$")
        for line in metrics.text.splitlines():
            if line and not line.startswith("#"):
                self.assertRegex(line, r'^[a-zA-Z_:][a-zA-Z0-9_:]*(\{.*\})? -?[0-9.e+-]+|NaN|\+Inf$')

    def test_a_restart_keeps_everything(self):
        server = self.serve().start()
        project = Project(server.client(), "Kept")
        cache = self.any_cache(project)
        key, _ = project.key()
        settings = project.client.get(f"{project.data}/cache/{cache['id']}")
        listed = project.client.get(f"{project.data}/catalogs")
        server.stop()
        server.start()
        self.assertLess(server.ready_after, 2)
        again = server.client()
        self.assertEqual(again.get(f"{project.data}/cache/{cache['id']}"), settings)
        self.assertEqual(again.with_key(key).get(f"{project.data}/catalogs"), listed)
        self.assertEqual(again.get(f"{project.data}/cache/{cache['id']}/status")["status"], "COMPLETED")
        server.stop()
        self.assertEqual(self.tarn("check", str(server.data)).returncode, 0)

    def any_cache(self, project):
        catalog = project.source("Sample", "TPCH", {})
        return project.cached(catalog, "tiny", "nation", fullRefreshCacheSchedule=every("PT6H"))

    def test_check_finds_a_damaged_file(self):
        server = self.serve().start()
        project = Project(server.client(), "Damaged")
        self.any_cache(project)
        server.stop()
        file = next((server.data / "cache").rglob("*.duckdb"))
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 0xFF
        file.chmod(0o600)
        file.write_bytes(content)
        self.assertNotEqual(self.tarn("check", str(server.data)).returncode, 0)

    def test_version_and_unknown_options(self):
        self.assertRegex(self.tarn("version").stdout, r"\d+\.\d+\.\d+")
        for arguments in (["serve", "--data", str(self.folder / "x"), "--no-such"], ["no-such"],
                          ["serve", "--data", str(self.folder / "x"), "--listen", "nonsense"]):
            self.assertNotEqual(self.tarn(*arguments).returncode, 0, arguments)

    def test_the_list_of_built_operations_is_current(self):
        written = Path(__file__).resolve().parents[2] / "docs" / "api-coverage.md"
        self.assertEqual(self.tarn("api-coverage").stdout, written.read_text("utf-8"), "run ./dev coverage")

    def test_a_configuration_with_an_unknown_key_is_refused(self):
        config = self.folder / "bad.toml"
        config.write_text('lisen = "127.0.0.1:1"\n')
        done = self.tarn("serve", "--data", str(self.folder / "x"), "--config", str(config))
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("lisen", done.stdout + done.stderr)

    def test_a_path_prefix(self):
        server = self.serve(settings={"prefix": "/tarn"}).start(wait=False)
        until("ready under the prefix", server.ready, 10)
        self.assertTrue(server.client().get("/organizations"))

    def test_cors_by_configuration(self):
        server = self.serve(settings={"cors": {"origins": ["https://app.example"]}}).start()
        headers = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}
        allowed = server.client().send("OPTIONS", "/api/v1/info", headers=headers | {"Origin": "https://app.example"})
        self.assertIn(allowed.status, (200, 204))
        self.assertEqual(allowed.headers["Access-Control-Allow-Origin"], "https://app.example")
        other = server.client().send("OPTIONS", "/api/v1/info", headers=headers | {"Origin": "https://evil.example"})
        self.assertIsNone(other.headers["Access-Control-Allow-Origin"])
