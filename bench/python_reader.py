"""Reads all rows of a statement with PyPI trino: python_reader.py PORT KEY SQL REPEAT; one line of JSON a run.

Without a key the server is a real Trino, whose user needs no proof."""

import json
import sys
import time

import trino

port, key, statement, repeat = sys.argv[1:]
for _ in range(int(repeat)):
    options = {"extra_credential": [("peakaKey", key)]} if key else {}
    cursor = trino.dbapi.connect(host="127.0.0.1", port=int(port), user="bench", **options).cursor()
    started, rows = time.perf_counter(), 0
    cursor.execute(statement)
    while chunk := cursor.fetchmany(10000):
        rows += len(chunk)
    print(json.dumps({"rows": rows, "ms": (time.perf_counter() - started) * 1000}), flush=True)
