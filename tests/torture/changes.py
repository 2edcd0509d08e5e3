"""Writers that change tables in every way that a database offers, refreshes meanwhile, and after each pause a comparison of
copy and source, key by key and value by value."""

import random
import subprocess
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from rig.mariadb import MariaDB
from rig.postgres import LOGICAL, Postgres
from rig.server import Server
from rig.shop import INCREMENTAL, Project, every
from rig.waiting import TimedOut, until

WRITERS = 8
ROWS = 40_000
PAUSE_EVERY = 8  # seconds of work between two comparisons
SETTLE_SECONDS = 240
SCRIPT_SECONDS = 120
LONGEST_WAIT = 4  # of a script that sleeps
COLUMNS = "id, team, amount, note"


class Statements:
    """What a transaction does, in SQL that both databases know; `at` places it among the keys."""

    def __init__(self, generator, dialect):
        self.random, self.dialect = generator, dialect

    def some(self, most):
        first = self.random.randrange(1, ROWS * 2)
        return f"id >= {first} AND id < {first + self.random.randrange(1, most)}"

    def insert(self):
        count = self.random.randrange(1, 400)
        return self.dialect.newcomers(count, self.random.randrange(1 << 30))

    def update(self, most=2000):
        return f"UPDATE things SET amount = amount + {self.random.randrange(1, 100)}.25, note = concat('n', {self.random.randrange(1 << 30)}) WHERE {self.some(most)};"

    def delete(self):
        return f"DELETE FROM things WHERE {self.some(600)};"

    def move_keys(self):
        """Keys change: the rows of one range take others, which are free."""
        return self.dialect.move_keys(self.some(60))

    def truncate(self):
        return "DELETE FROM things WHERE id > 0;" if self.random.random() < 0.5 else self.dialect.truncate

    def anything(self):
        return self.random.choices((self.update, self.insert, self.delete, self.move_keys), (6, 3, 2, 1))[0]()


class Transactions:
    """Whole transactions as scripts for a client program."""

    def __init__(self, generator, dialect):
        self.random, self.dialect, self.statements = generator, dialect, Statements(generator, dialect)

    def plain(self):
        return f"BEGIN; {''.join(self.statements.anything() for _ in range(self.random.randrange(1, 4)))} COMMIT;"

    def alone(self):
        return self.statements.anything()

    def rolled_back(self):
        return f"BEGIN; {self.statements.anything()} ROLLBACK;"

    def savepoints(self):
        return (f"BEGIN; {self.statements.anything()} SAVEPOINT a; {self.statements.anything()} SAVEPOINT b; {self.statements.anything()} "
                f"ROLLBACK TO SAVEPOINT {self.random.choice('ab')}; {self.statements.update(50)} COMMIT;")

    def long(self):
        """Stamps its rows early and commits late."""
        return f"BEGIN; {self.statements.update(300)} {self.dialect.sleep(self.random.uniform(0.2, 2.5))} {self.statements.insert()} COMMIT;"

    def prepared(self):
        name = f"p{self.random.randrange(1 << 40)}"
        return self.dialect.prepared(name, self.statements.update(300) + self.statements.insert(), self.dialect.sleep(self.random.uniform(0, 1.5)),
                                     self.random.random() < 0.7)

    def emptied(self):
        return f"{self.statements.truncate()} {self.dialect.newcomers(ROWS // 2, self.random.randrange(1 << 30))}"

    def hidden(self):
        return self.dialect.hidden(self.statements.update(500))

    def next(self):
        kinds = [(self.plain, 40), (self.alone, 20), (self.rolled_back, 8), (self.savepoints, 10), (self.long, 5), (self.prepared, self.dialect.prepares),
                 (self.emptied, 0.3), (self.hidden, self.dialect.hides)]
        return self.random.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])[0]()


class PostgresDialect:
    """Rows changed behind the trigger that stamps, and with stamps of the past, are found all the same."""

    name, prepares, hides = "PostgreSQL", 6, 6
    truncate = "TRUNCATE things;"
    tables = f"""
CREATE TABLE things (id bigint PRIMARY KEY, team int NOT NULL, amount numeric(14,2) NOT NULL, note text, touched timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE SEQUENCE fresh START {ROWS + 1};
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.touched := clock_timestamp(); RETURN NEW; END $$;
CREATE TRIGGER stamps BEFORE UPDATE ON things FOR EACH ROW EXECUTE FUNCTION stamp();
INSERT INTO things SELECT n, n % 50, n % 1000, 'first' FROM generate_series(1, {ROWS}) n;
CHECKPOINT;
"""

    def newcomers(self, count, seed):
        return (f"INSERT INTO things (id, team, amount, note) SELECT n % {ROWS * 2} + 1, n % 50, n % 1000, 'new' FROM generate_series({seed}, {seed + count}) n "
                "ON CONFLICT (id) DO NOTHING;")

    def move_keys(self, some):
        return f"UPDATE things SET id = nextval('fresh') + {ROWS * 2} WHERE {some};"

    def sleep(self, seconds):
        return f"SELECT pg_sleep({seconds:.3f});"

    def prepared(self, name, work, sleep, commits):
        return f"BEGIN; {work} PREPARE TRANSACTION '{name}'; {sleep} {'COMMIT' if commits else 'ROLLBACK'} PREPARED '{name}';"

    def hidden(self, work):
        return (f"BEGIN; SET LOCAL session_replication_role = replica; {work} UPDATE things SET touched = '2020-01-01', note = concat(note, 'x') "
                "WHERE id % 977 = 5; COMMIT;")


class MariaDialect:
    """The server stamps the rows itself; no script sets a stamp, which the method does not promise to find."""

    name, prepares, hides = "MariaDB", 0.5, 0
    truncate = "TRUNCATE TABLE things;"
    tables = f"""
CREATE TABLE things (id bigint PRIMARY KEY, team int NOT NULL, amount decimal(14,2) NOT NULL, note varchar(100),
  touched timestamp(6) NOT NULL DEFAULT current_timestamp(6) ON UPDATE current_timestamp(6), KEY (touched));
CREATE SEQUENCE fresh START WITH {ROWS + 1};
INSERT INTO things (id, team, amount, note) SELECT seq, seq % 50, seq % 1000, 'first' FROM seq_1_to_{ROWS};
"""

    def newcomers(self, count, seed):
        return (f"INSERT IGNORE INTO things (id, team, amount, note) SELECT (seq + {seed}) % {ROWS * 2} + 1, seq % 50, seq % 1000, 'new' "
                f"FROM seq_1_to_{count};")

    def move_keys(self, some):
        return f"UPDATE things SET id = NEXTVAL(fresh) + {ROWS * 2} WHERE {some};"

    def sleep(self, seconds):
        return f"DO SLEEP({seconds:.3f});"

    def prepared(self, name, work, sleep, commits):
        return f"XA START '{name}'; {work} XA END '{name}'; XA PREPARE '{name}'; {sleep} XA {'COMMIT' if commits else 'ROLLBACK'} '{name}';"

    def hidden(self, work):
        return work


class Session:
    """A client program that stays connected; a lost connection is made anew."""

    def __init__(self, source):
        self.source, self.process, self.problem = source, None, ""

    def run(self, script):
        """False where the connection was lost before its end."""
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(self.source.client_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                            env=self.source.server.environment(), text=True)
        try:
            # The client itself says that it has come so far, also when the server does not answer it any more.
            self.process.stdin.write(f"{self.source.unfinished} {script}\nSELECT 'done so far';\n{self.source.say} at the end\n")
            self.process.stdin.flush()
            answered = False
            for line in self.process.stdout:
                answered = answered or "done so far" in line
                if "at the end" in line:
                    break
            else:
                answered = False
            if answered:
                return True
        except OSError as error:
            self.problem = repr(error)
        self.close()
        return False

    def close(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            with suppress(OSError):  # what it did not take any more
                self.process.stdin.close()
            self.process.stdout.close()
            self.process = None


class PostgresSource:
    kind, unfinished, say = "POSTGRES", "ROLLBACK;", "\\echo"
    name, options, settings = "postgres", {}, {}

    def __init__(self):
        self.dialect, self.server, self.schema = PostgresDialect(), Postgres(**self.settings).start(), "public"
        self.server.run(self.dialect.tables)

    def client_command(self):
        return [part if part != "ON_ERROR_STOP=1" else "ON_ERROR_STOP=0" for part in self.server.command()]

    def rows(self):
        return {line.split("|")[0]: line for line in self.server.run(f"SELECT {COLUMNS} FROM things").splitlines()}

    def changes(self):
        return int(self.server.run("SELECT n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables WHERE relname = 'things'"))

    def end_prepared(self):
        for name in self.server.run("SELECT gid FROM pg_prepared_xacts").split():
            self.server.run(f"COMMIT PREPARED '{name}'")


class LoggedSource(PostgresSource):
    """PostgreSQL, by its log of changes."""
    name, options, settings = "log", {"incrementalMethod": "log"}, LOGICAL


class MariaSource:
    kind, unfinished, say = "MARIADB", "ROLLBACK;", "\\! echo"
    name, options = "mariadb", {}

    def __init__(self):
        self.dialect, self.server, self.schema = MariaDialect(), MariaDB().start(), MariaDB.DATABASE
        self.server.run(self.dialect.tables)

    def client_command(self):
        return [*self.server.command(), "--force", "--unbuffered"]

    def rows(self):
        lines = self.server.run(f"SELECT {COLUMNS} FROM things").splitlines()
        return {line.split("\t")[0]: line.replace("\t", "|").replace("NULL", "") for line in lines}

    def changes(self):
        return sum(int(line.split("\t")[1]) for line in self.server.run(
            "SHOW GLOBAL STATUS WHERE variable_name IN ('Handler_write', 'Handler_update', 'Handler_delete')").splitlines())

    def end_prepared(self):
        for line in self.server.run("XA RECOVER").splitlines():
            self.server.run(f"XA COMMIT '{line.split(chr(9))[-1]}'")


SOURCES = (PostgresSource, LoggedSource, MariaSource)


class Writer(threading.Thread):
    """Runs one transaction after another, but for pauses in which the source is at rest."""

    def __init__(self, source, seed, make):
        super().__init__(daemon=True)
        self.session, self.make = Session(source), make
        self.transactions = Transactions(random.Random(seed), source.dialect)
        self.may_work, self.over, self.resting = threading.Event(), False, threading.Event()
        self.done = 0

    def run(self):
        while not self.over:
            if not self.may_work.is_set():
                self.resting.set()
                self.may_work.wait(0.2)
                continue
            self.resting.clear()
            if self.session.run(self.make(self.transactions)):
                self.done += 1
            else:
                time.sleep(0.1)  # the source is down; it will be back
        self.resting.set()
        self.session.close()


class Bench:
    """A source with its writers, and a server with a copy of the table that is refreshed all the time."""

    def __init__(self, tarn, source, seed, folder, options=None, make=Transactions.next):
        self.source, self.random = source, random.Random(seed)
        self.server = Server(tarn, folder / source.name / "data", {"cache": {"workers": 2}})
        self.server.data.parent.mkdir()
        self.server.start()
        self.project = Project(self.server.client(), "Changes")
        catalog = self.project.source("Source", source.kind, source.server.credential())
        self.table = f'"{catalog["name"]}"."{source.schema}"."things"'
        self.cache = self.project.cached(catalog, source.schema, "things", incrementalCacheSchedule=every("PT1H"),
                                         **(source.options if options is None else options))
        self.writers = [Writer(source, f"{seed} {number}", make) for number in range(WRITERS)]
        self.kills, self.methods, self.changes, self.counted = 0, set(), 0, source.changes()
        self.found = {"missed": 0, "left": 0, "stale": 0, "doubled": 0}

    def close(self):
        for writer in self.writers:
            writer.over = True
            writer.may_work.set()
        for writer in self.writers:
            writer.join(SCRIPT_SECONDS)
        self.server.close()
        self.source.server.close()

    def work(self, seconds, kills):
        """Writers and refreshes side by side."""
        for writer in self.writers:
            if writer.ident is None:
                writer.start()
            writer.may_work.set()
        enough = time.monotonic() + seconds
        kill_at = time.monotonic() + self.random.uniform(0, seconds) if kills else enough
        while time.monotonic() < enough:
            try:
                self.server.client().post(f"{self.project.data}/cache/{self.cache['id']}/{INCREMENTAL}")
            except Exception:  # the server or a refresh before it is being killed; the comparison tells what came of it
                pass
            time.sleep(self.random.uniform(0.05, 0.4))
            if time.monotonic() > kill_at:
                kill_at = enough
                self.kill()

    def count(self):
        """Adds up what the source says of its changes, which begins anew when it is started."""
        now = self.source.changes()
        self.changes += now - self.counted if now >= self.counted else now
        self.counted = now

    def kill(self):
        self.count()
        self.kills += 1
        what = self.random.choice(("worker", "server", "source"))
        if what == "worker":
            for pid in self.server.workers():
                subprocess.run(["kill", "-9", str(pid)], check=False, capture_output=True)
        elif what == "server":
            self.server.kill()
            self.server.start()
            self.project.client = self.server.client()
        else:
            self.source.server.stop(9 if self.source.kind == "MARIADB" else 3)
            self.source.server.start()

    @contextmanager
    def rest(self):
        """Nothing is open at the source meanwhile."""
        for writer in self.writers:
            writer.may_work.clear()
        enough = time.monotonic() + SCRIPT_SECONDS
        while working := [writer for writer in self.writers if writer.is_alive() and not writer.resting.wait(LONGEST_WAIT)]:
            if time.monotonic() > enough:
                raise TimedOut(f"{len(working)} writers rest: not within {SCRIPT_SECONDS} s; {working[0].session.problem}")
            self.source.end_prepared()  # what a crash left prepared keeps others waiting
        self.source.end_prepared()
        yield

    def settle(self, **query):
        """Refresh until one is completed; how its rows differ from the source's."""
        def refreshed():
            execution = self.project.refresh(self.cache["id"], INCREMENTAL, SETTLE_SECONDS, **query)
            return execution if execution["status"] == "COMPLETED" else None
        until("a refresh succeeds", refreshed, SETTLE_SECONDS)
        status = self.project.status(self.cache["id"])
        self.methods.add(status["refreshMethod"]["incrementalMethod"])
        copied = ["|".join(value or "" for value in row) for row in self.project.query(f"SELECT {COLUMNS} FROM {self.table}", "COMPACT")]
        copy, real = {line.split("|")[0]: line for line in copied}, self.source.rows()
        return {"missed": len(real.keys() - copy.keys()), "left": len(copy.keys() - real.keys()), "doubled": len(copied) - len(copy),
                "stale": sum(1 for key in real.keys() & copy.keys() if real[key] != copy[key])}

    def round(self, seconds, kills):
        self.work(seconds, kills)
        with self.rest():
            self.count()
            found = self.settle()
        for name, count in found.items():
            self.found[name] += count
        return found


def proves_itself(tarn, seed, folder):
    """The harness sees a method that loses changes: one that takes rows newer than the newest that it has. Only updates, as
    numbers of rows that differ give a lost insert away."""
    bench = Bench(tarn, PostgresSource(), seed, folder, {"incrementalMethod": "cursor", "cursorColumn": "touched", "lookback": "PT0S"},
                  lambda transactions: f"BEGIN; {transactions.statements.update(300)} {transactions.dialect.sleep(transactions.random.uniform(0, 0.5))} COMMIT;")
    try:
        for _ in range(6):
            bench.round(4, kills=False)
            if bench.found["stale"]:
                break
        with bench.rest():
            after = bench.settle(audit="true")
    finally:
        bench.close()
    print(f"  a cursor without a look-back: {bench.found}; after an audit: {after}", flush=True)
    return bool(bench.found["stale"]) and not any(after.values())


def run(tarn, seconds, seed=None, sources=SOURCES):
    """Passed checks, and what failed."""
    seed = random.SystemRandom().randrange(1 << 32) if seed is None else seed
    print(f"changes: {seconds:.0f} s, seed {seed}", flush=True)
    failed, passed = [], 0
    with tempfile.TemporaryDirectory(prefix="tarn-changes-") as name:
        folder = Path(name)
        (folder / "proof").mkdir()
        if proves_itself(tarn, seed, folder / "proof"):
            passed += 1
        else:
            failed.append(f"changes, seed {seed}: the harness does not see a method that loses changes, or an audit does not mend it")
        for make in sources:
            bench = Bench(tarn, make(), seed, folder)
            try:
                enough, rounds = time.monotonic() + seconds / len(sources), 0
                while time.monotonic() < enough or not rounds:
                    rounds += 1
                    found = bench.round(min(PAUSE_EVERY, seconds / len(sources)), kills=rounds % 2 == 0)
                    if any(found.values()):
                        failed.append(f"changes, seed {seed}, {bench.source.name}, round {rounds}: {found}")
                    else:
                        passed += 1
                done = [writer.done for writer in bench.writers]
                print(f"  {bench.source.dialect.name} by {sorted(bench.methods)}: {bench.changes:,} row changes in {sum(done):,} transactions, "
                      f"{rounds} comparisons, {bench.kills} kills, {bench.found}", flush=True)
                if not all(done):
                    failed.append(f"changes, seed {seed}, {bench.source.name}: a writer never got through")
            except Exception as error:
                failed.append(f"changes, seed {seed}, {bench.source.name}: {error!r}; {bench.server.printed()[-600:]}")
            finally:
                bench.close()
    return passed, failed
