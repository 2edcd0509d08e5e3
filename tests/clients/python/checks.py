"""What the Python clients' checks share: where the server is, and one line for each check."""

import contextlib
import os
import sys
import traceback

HOST, PORT, KEY = "127.0.0.1", int(os.environ["TARN_PORT"]), os.environ["TARN_KEY"]
MILLION = "SELECT a * 1000 + b AS n, 'row' AS s FROM UNNEST(sequence(0, 999)) t(a) CROSS JOIN UNNEST(sequence(0, 999)) u(b)"
ENDLESS = ("SELECT count(*) FROM UNNEST(sequence(1, 10000)) a(x) CROSS JOIN UNNEST(sequence(1, 10000)) b(y) "
           "CROSS JOIN UNNEST(sequence(1, 10000)) c(z) WHERE x * y % 7 = z % 5")


@contextlib.contextmanager
def check(name):
    """Prints PASS or FAIL for what happens inside."""
    try:
        yield
        print(f"PASS {name}", flush=True)
    except Exception as error:  # the other checks still run
        traceback.print_exc(file=sys.stderr)
        print(f"FAIL {name}: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"[:500], flush=True)


def equal(got, wanted):
    if got != wanted:
        raise AssertionError(f"got {got!r}, wanted {wanted!r}")
