"""pandas.read_sql, over the DB-API and over SQLAlchemy."""

import pandas
import sqlalchemy as sa

from checks import HOST, KEY, MILLION, PORT, check, equal

ENGINE = sa.create_engine(f"trino://tester@{HOST}:{PORT}/tpch/tiny", connect_args={"extra_credential": [("peakaKey", KEY)]})

with check("read_sql"):
    frame = pandas.read_sql("SELECT nationkey, name, regionkey * 1.5e0 AS x FROM nation ORDER BY nationkey", ENGINE)
    equal((len(frame), list(frame.columns), frame["name"][0]), (25, ["nationkey", "name", "x"], "ALGERIA"))
    equal([str(kind) for kind in frame.dtypes[["nationkey", "x"]]], ["int64", "float64"])

with check("read_sql with parameters"):
    equal(pandas.read_sql(sa.text("SELECT name FROM nation WHERE nationkey = :key"), ENGINE, params={"key": 3})["name"].tolist(), ["CANADA"])

with check("read_sql_table"):
    equal(len(pandas.read_sql_table("region", ENGINE, schema="tiny")), 5)

with check("a million rows"):
    equal(int(pandas.read_sql(MILLION, ENGINE)["n"].sum()), 499999500000)
