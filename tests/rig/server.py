"""A Tarn server as a child process."""

import json
import os
import secrets
import signal
import string
import subprocess
import time
from pathlib import Path

from rig.client import Client
from rig.waiting import free_port, until

START_SECONDS = 20
STOP_SECONDS = 15
ALPHABET = string.ascii_letters + string.digits


def new_key():
    """A partner key in the contract's format."""
    return "".join(secrets.choice(ALPHABET) for _ in range(8)) + "." + "".join(secrets.choice(ALPHABET) for _ in range(32))


class Server:
    """`tarn serve` on a free port with a data folder. What it prints goes to `log`, beside the data folder."""

    def __init__(self, program, data, settings=None, key=None, arguments=()):
        self.program = str(Path(program).resolve())
        self.data = Path(data)
        self.settings = settings or {}
        self.key = key or new_key()
        self.arguments = list(arguments)
        self.log = self.data.with_name(self.data.name + ".log")
        self.config = self.data.with_name(self.data.name + ".toml")
        self.port = None
        self.process = None
        self.ready_after = None

    def start(self, port=None, wait=True):
        """Start, and wait until /readyz answers 200."""
        self.port = port or free_port()
        self.config.write_text(toml(self.settings), encoding="utf-8")
        command = [self.program, "serve", "--data", str(self.data), "--listen", f"127.0.0.1:{self.port}",
                   "--config", str(self.config), *self.arguments]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env=dict(os.environ, TARN_PARTNER_KEY=self.key), start_new_session=True)
        started = time.monotonic()
        if wait:
            try:
                until("the server is ready", self._ready_or_gone, START_SECONDS, 0.01)
            except Exception:
                self.kill()
                raise
            self.ready_after = time.monotonic() - started
        return self

    def client(self, key=None, **more):
        return Client(self.port, key or self.key, prefix=self.settings.get("prefix", ""), **more)

    def ready(self):
        try:
            return self.client().send("GET", "/readyz").status == 200
        except OSError:
            return False

    def _ready_or_gone(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"the server ended with {self.process.returncode}: {self.printed()[-1500:]}")
        return self.ready()

    def printed(self):
        """All it has printed so far, of every start."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def running(self):
        return self.process is not None and self.process.poll() is None

    def workers(self):
        """The process ids of its worker processes."""
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                arguments = (entry / "cmdline").read_bytes().split(b"\0")
            except (OSError, ValueError, IndexError):
                continue
            if parent == self.process.pid and b"worker" in arguments[1:2]:
                found.append(int(entry.name))
        return found

    def resident_bytes(self, pid=None):
        try:
            status = Path(f"/proc/{pid or self.process.pid}/status").read_text()
        except OSError:
            return 0
        line = next((line for line in status.splitlines() if line.startswith("VmRSS:")), "VmRSS: 0 kB")
        return int(line.split()[1]) * 1024

    def cpu_seconds(self):
        """What the server has computed so far, its workers apart."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        """SIGTERM and the seconds it took; the exit status is in process.returncode."""
        if not self.running():
            return 0.0
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        return time.monotonic() - started

    def kill(self):
        """SIGKILL, to the server alone: workers must notice by themselves."""
        if self.process is not None:
            if self.process.poll() is None:
                self.process.kill()
            self.process.wait(STOP_SECONDS)

    def close(self):
        """Stop whatever still runs, workers that lost their server included."""
        workers = self.workers() if self.running() else []
        self.kill()
        for pid in workers:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.close()


def toml(settings):
    """A TOML text of nested dictionaries of texts, numbers, booleans and lists of texts."""
    plain = [f"{name} = {json.dumps(value)}" for name, value in settings.items() if not isinstance(value, dict)]
    tables = [f"[{name}]\n" + toml(value) for name, value in settings.items() if isinstance(value, dict)]
    return "\n".join(plain + tables) + "\n"
