"""The source under torture: tables that keep an invariant in every transaction, and writers that never rest."""

import signal
import subprocess
import threading

BURST_SECONDS = 60
ACCOUNTS, TOTAL = 20_000, 20_000_000
COUNTING = "SELECT count(*), sum(balance), max(version), max(people) FROM {0}"

# Row 0 of accounts counts the transactions (version) and the other rows (people). So one statement on accounts
# shows whether it saw one state: the balances sum up to TOTAL and the rows are as many as row 0 says.
# events has no key; its ids are the versions without a gap.
TABLES = f"""
CREATE TABLE accounts (id bigint PRIMARY KEY, balance bigint NOT NULL, version bigint NOT NULL, people bigint NOT NULL, filling text);
INSERT INTO accounts SELECT n, CASE n WHEN 0 THEN 0 ELSE {TOTAL // ACCOUNTS} END, 0, CASE n WHEN 0 THEN {ACCOUNTS} ELSE 0 END,
  repeat(md5(n::text), 4) FROM generate_series(0, {ACCOUNTS}) n;
CREATE TABLE events (id bigint NOT NULL, balance bigint NOT NULL, version bigint NOT NULL, people bigint NOT NULL);
INSERT INTO events VALUES (1, 0, 1, 1);
UPDATE accounts SET version = 1 WHERE id = 0;
CREATE SEQUENCE newcomers START {ACCOUNTS + 1};
CREATE FUNCTION work() RETURNS void LANGUAGE plpgsql AS $$
DECLARE giver bigint; taker bigint; moved bigint; born bigint; now_version bigint;
BEGIN
  UPDATE accounts SET version = version + 1 WHERE id = 0 RETURNING version INTO now_version;
  INSERT INTO events VALUES (now_version, 0, now_version, now_version);
  FOR n IN 1..3 LOOP
    SELECT id INTO giver FROM accounts WHERE id >= 1 + floor(random() * {ACCOUNTS}) ORDER BY id LIMIT 1;
    SELECT id INTO taker FROM accounts WHERE id >= 1 + floor(random() * {ACCOUNTS}) AND id <> giver ORDER BY id LIMIT 1;
    CONTINUE WHEN giver IS NULL OR taker IS NULL;
    IF random() < 0.3 THEN
      DELETE FROM accounts WHERE id = giver RETURNING balance INTO moved;
      UPDATE accounts SET balance = balance + moved WHERE id = taker;
      UPDATE accounts SET people = people - 1 WHERE id = 0;
    ELSE
      moved := floor(random() * 100);
      UPDATE accounts SET balance = balance - moved WHERE id = giver;
      IF random() < 0.5 THEN
        INSERT INTO accounts VALUES (nextval('newcomers'), moved, 0, 0, md5(moved::text));
        UPDATE accounts SET people = people + 1 WHERE id = 0;
      ELSE
        UPDATE accounts SET balance = balance + moved WHERE id = taker;
      END IF;
    END IF;
  END LOOP;
END $$;
"""
KEYED, KEYLESS = "accounts", "events"


def broken_invariant(table, row):
    """What a read shows that no state of the table ever was; empty when it may be one."""
    rows, total, version, people = (int(value or 0) for value in row)
    if rows == 0:
        return f"{table} is empty"
    if table == KEYED and total != TOTAL:
        return f"{table}: the balances sum up to {total}, not {TOTAL}"
    if table == KEYED and rows - 1 != people:
        return f"{table}: {rows - 1} accounts, row 0 says {people}"
    if table == KEYLESS and rows != version:
        return f"{table}: {rows} rows, the newest is {version}"
    return ""


class Writer(threading.Thread):
    """Works on the source without a pause, through restarts of it, until told to stop."""

    def __init__(self, postgres):
        super().__init__(daemon=True)
        self._postgres = postgres
        self._done = threading.Event()
        self.bursts = 0
        self.problem = ""  # why the last burst did not get through

    def run(self):
        script = ("SELECT work();\nSELECT pg_sleep(0.004);\n" * 50).encode()
        while not self._done.is_set():
            try:
                done = subprocess.run([*self._postgres.command(), "-o", "/dev/null", "-f", "-"], input=script, capture_output=True,
                                      env=self._postgres.environment(), timeout=BURST_SECONDS, check=False)
            except subprocess.TimeoutExpired:
                self.problem = f"not done in {BURST_SECONDS} s"
                continue
            if done.returncode == 0:
                self.bursts += 1
            else:
                self.problem = done.stderr.decode("utf-8", "replace").strip()[-300:]
                self._done.wait(0.1)  # the source is down; it will be back

    def stop(self):
        self._done.set()
        self.join(60)


def restart(postgres, how, pause):
    """Stop the source in one of PostgreSQL's ways and start it again after a pause."""
    postgres.stop({"fast": signal.SIGINT, "crash": signal.SIGQUIT}[how])
    pause()
    postgres.start()
