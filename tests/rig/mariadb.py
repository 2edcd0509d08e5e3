"""A MariaDB of the tests' own: a temporary server on a free port of 127.0.0.1, with a password."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from rig.waiting import free_port, until

START_SECONDS = 60
SETTINGS = {"bind-address": "127.0.0.1", "innodb-flush-log-at-trx-commit": "0", "innodb-buffer-pool-size": "256M",
            "innodb-log-file-size": "256M", "max-connections": "200", "character-set-server": "utf8mb4",
            "max-allowed-packet": "256M", "skip-name-resolve": "1", "local-infile": "1", "performance-schema": "0"}


class MariaDB:
    """User `tarn_test` with all rights, database `shop`; everything is removed on close."""

    USER = "tarn_test"
    DATABASE = "shop"

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="tarn-my-"))
        self.password = "my-" + secrets.token_hex(12)
        self.port = free_port()
        self.process = None
        self._as = {}
        if os.getuid() == 0:
            user = pwd.getpwnam("mysql")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self._as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self.folder.chmod(0o755)
        subprocess.run(["mariadb-install-db", "--no-defaults", f"--datadir={self.folder}/data", "--skip-test-db",
                        "--auth-root-authentication-method=normal"],
                       check=True, capture_output=True, cwd="/", timeout=120, **self._as)
        first = self.folder / "first.sql"
        first.write_text(f"CREATE DATABASE {self.DATABASE};\n"
                         f"CREATE USER '{self.USER}'@'%' IDENTIFIED BY '{self.password}';\n"
                         f"GRANT ALL ON *.* TO '{self.USER}'@'%' WITH GRANT OPTION;\nDROP USER 'root'@'localhost';\n")
        self._initial = [f"--init-file={first}"]

    def start(self):
        """Start, and wait until it takes connections."""
        program = shutil.which("mariadbd") or "/usr/sbin/mariadbd"
        options = [f"--{name}={value}" for name, value in SETTINGS.items()]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [program, "--no-defaults", f"--datadir={self.folder}/data", f"--port={self.port}",
                 f"--socket={self.folder}/socket", f"--pid-file={self.folder}/pid", *options, *self._initial],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True, **self._as)
        self._initial = []
        until("MariaDB answers", self._answers, START_SECONDS)
        return self

    def _answers(self):
        if self.process.poll() is not None:
            raise RuntimeError("MariaDB ended: " + (self.folder / "log").read_text()[-1000:])
        done = subprocess.run(self.command() + ["-e", "SELECT 1"], env=self.environment(), capture_output=True, timeout=10,
                              check=False)
        return done.returncode == 0

    def environment(self):
        return dict(os.environ, MYSQL_PWD=self.password)

    def command(self):
        return ["mariadb", "--no-defaults", "--protocol=tcp", "--host=127.0.0.1", f"--port={self.port}", f"--user={self.USER}",
                "--default-character-set=utf8mb4", "--batch", "--skip-column-names", "--quick", self.DATABASE]

    def run(self, sql, timeout=300):
        """Run statements; the client's bare output."""
        done = subprocess.run(self.command(), input=sql.encode(), env=self.environment(), capture_output=True,
                              timeout=timeout, check=False)
        if done.returncode:
            raise RuntimeError("mariadb: " + done.stderr.decode("utf-8", "replace").strip()[:500])
        return done.stdout.decode("utf-8")

    def credential(self, **changes):
        return {"url": "127.0.0.1", "port": self.port, "user": self.USER, "password": self.password,
                "databaseName": self.DATABASE, "useSsl": False} | changes

    def running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, how=signal.SIGTERM):
        """SIGTERM stops in order; SIGKILL is a crash."""
        if self.running():
            self.process.send_signal(how)
            self.process.wait(60)

    def close(self):
        self.stop(signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.close()
