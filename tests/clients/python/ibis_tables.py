"""ibis: tables and expressions."""

import ibis

from checks import HOST, KEY, MILLION, PORT, check, equal

CONNECTION = None

with check("connect"):
    CONNECTION = ibis.trino.connect(host=HOST, port=PORT, user="tester", database="tpch", schema="tiny", extra_credential=[("peakaKey", KEY)])
    assert "nation" in CONNECTION.list_tables(), CONNECTION.list_tables()

with check("metadata"):
    assert "tpch" in CONNECTION.list_catalogs(), CONNECTION.list_catalogs()
    assert "tiny" in CONNECTION.list_databases(catalog="tpch")
    equal(CONNECTION.table("nation").schema()["nationkey"], ibis.dtype("int64", nullable=False))

with check("expressions"):
    nation = CONNECTION.table("nation")
    frame = nation.group_by("regionkey").agg(count=nation.count()).order_by("regionkey").to_pandas()
    equal(frame["count"].tolist(), [5, 5, 5, 5, 5])

with check("SQL of one's own"):
    equal(CONNECTION.sql("SELECT name FROM nation WHERE nationkey = 3").to_pandas()["name"].tolist(), ["CANADA"])

with check("a million rows"):
    equal(len(CONNECTION.sql(MILLION).to_pandas()), 1000000)
