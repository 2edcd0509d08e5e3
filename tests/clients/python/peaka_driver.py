"""PyPI peaka: a driver that knows nothing but a key, and a fixed host whose connections are led here."""

import os

import urllib3.util.connection as connections
from peaka.dbapi import connect_to_peaka

from checks import KEY, MILLION, check, equal

ORIGINAL = connections.create_connection


def led_here(address, *arguments, **options):
    equal(address, ("dbc.peaka.studio", 4567))
    return ORIGINAL(("127.0.0.1", int(os.environ["TARN_TLS_PORT"])), *arguments, **options)


connections.create_connection = led_here
os.environ["REQUESTS_CA_BUNDLE"] = os.environ["TARN_TLS_CERTIFICATE"]

with check("connect over TLS with nothing but the key"):
    cursor = connect_to_peaka(KEY, catalog="tpch", schema="tiny").cursor()
    equal(cursor.execute("SELECT name FROM nation WHERE nationkey = 3").fetchall(), [["CANADA"]])

with check("parameters and metadata"):
    cursor = connect_to_peaka(KEY).cursor()
    equal(cursor.execute("SELECT ? + 1", [41]).fetchall(), [[42]])
    assert ["tpch"] in cursor.execute("SHOW CATALOGS").fetchall()

with check("a million rows"):
    equal(len(connect_to_peaka(KEY).cursor().execute(MILLION).fetchall()), 1000000)
