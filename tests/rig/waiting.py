"""Waiting that always ends."""

import random
import socket
import time
from pathlib import Path


class TimedOut(Exception):
    """What was waited for did not happen in time."""


def until(what, probe, seconds, pause=0.05):
    """The first true answer of `probe`; TimedOut after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        if answer := probe():
            return answer
        if time.monotonic() > deadline:
            raise TimedOut(f"{what}: not within {seconds} s")
        time.sleep(pause)


def free_port():
    """A port of 127.0.0.1 that nobody listens on, and that no connection gets by itself while its server is restarted."""
    first_given = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()[0])
    for _ in range(1000):
        port = random.randrange(10_000, first_given) if first_given > 11_000 else 0
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise TimedOut("a free port: none of 1,000 is")
