"""A PostgreSQL of the tests' own: a temporary cluster on a free port of 127.0.0.1, with a password."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from rig.waiting import free_port, until

START_SECONDS = 30
SETTINGS = {
    "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "200",
    "shared_buffers": "256MB", "max_wal_size": "4GB", "wal_level": "minimal", "max_wal_senders": "0",
    "listen_addresses": "127.0.0.1", "log_min_messages": "fatal", "timezone": "UTC", "max_prepared_transactions": "20",
}


LOGICAL = {"wal_level": "logical", "max_wal_senders": "10", "max_replication_slots": "40"}


class Postgres:
    """Superuser `tarn_test` in database `shop`; everything is removed on close."""

    USER = "tarn_test"
    DATABASE = "shop"

    def __init__(self, **settings):
        """A cluster; settings of the server beside or instead of the usual ones."""
        self.settings = SETTINGS | settings
        self.folder = Path(tempfile.mkdtemp(prefix="tarn-pg-"))
        self.password = "pg-" + secrets.token_hex(12)
        self.port = free_port()
        self.process = None
        self._as = {}
        if os.getuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self._as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        found = shutil.which("initdb")
        self.programs = Path(found).parent if found else max(Path("/usr/lib/postgresql").glob("*/bin"))
        password_file = self.folder / "password"
        password_file.write_text(self.password + "\n")
        shutil.chown(password_file, *(self._as["user"], self._as["group"]) if self._as else (os.getuid(), os.getgid()))
        subprocess.run([self.programs / "initdb", "-D", self.folder / "data", "-U", self.USER, "-A", "scram-sha-256",
                        f"--pwfile={password_file}", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
                       check=True, capture_output=True, cwd="/", timeout=120, **self._as)
        password_file.unlink()

    def start(self):
        """Start, and wait until it takes connections."""
        options = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", self.folder / "data", "-p", str(self.port),
                 "-c", f"unix_socket_directories={self.folder}", *options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True, **self._as)
        until("PostgreSQL answers", self._answers, START_SECONDS)
        if self._psql("SELECT 1 FROM pg_database WHERE datname = 'shop'", database="postgres").strip() != "1":
            self._psql(f"CREATE DATABASE {self.DATABASE}", database="postgres")
        return self

    def _answers(self):
        if self.process.poll() is not None:
            raise RuntimeError("PostgreSQL ended: " + (self.folder / "log").read_text()[-1000:])
        done = subprocess.run(self.command("postgres") + ["-c", "SELECT 1"], env=self.environment(), capture_output=True,
                              timeout=10, check=False)
        return done.returncode == 0

    def environment(self):
        return dict(os.environ, PGHOST="127.0.0.1", PGPORT=str(self.port), PGUSER=self.USER, PGPASSWORD=self.password,
                    PGDATABASE=self.DATABASE, PGCONNECT_TIMEOUT="10", PGCLIENTENCODING="UTF8")

    def command(self, database=None):
        return ["psql", "-X", "-q", "-A", "-t", "-w", "-v", "ON_ERROR_STOP=1", "-d", database or self.DATABASE]

    def _psql(self, sql, database=None, timeout=300):
        done = subprocess.run(self.command(database) + ["-f", "-"], input=sql.encode(), env=self.environment(),
                              capture_output=True, timeout=timeout, check=False)
        if done.returncode:
            raise RuntimeError("psql: " + done.stderr.decode("utf-8", "replace").strip()[:500])
        return done.stdout.decode("utf-8")

    def run(self, sql, timeout=300, database=None):
        """Run statements; psql's bare output."""
        return self._psql(sql, database, timeout)

    @contextmanager
    def locked(self, table):
        """Nobody else reads or writes the table meanwhile."""
        session = subprocess.Popen(self.command() + ["-f", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                   env=self.environment())
        try:
            session.stdin.write(f"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE; SELECT 'locked';\n")
            session.stdin.flush()
            session.stdout.readline()
            yield
        finally:
            session.stdin.close()  # rolls back
            session.wait(60)

    def rows(self, query):
        """A query's rows as lists of texts; NULL is the text ∅."""
        return [line.split("\x1f") for line in
                self._psql(f"\\pset null ∅\n\\pset fieldsep '\x1f'\n{query};").splitlines()]

    def credential(self, **changes):
        return {"url": "127.0.0.1", "port": self.port, "user": self.USER, "password": self.password,
                "databaseName": self.DATABASE, "useSsl": False} | changes

    def running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, how=signal.SIGINT):
        """SIGINT ends its sessions and stops; SIGQUIT drops everything at once, as a crash does."""
        if self.running():
            self.process.send_signal(how)
            self.process.wait(60)

    def close(self):
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.close()
