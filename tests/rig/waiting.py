"""Waiting that always ends."""

import socket
import time


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
    """A port of 127.0.0.1 that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
