"""PyPI trino: its SQLAlchemy dialect, with inspection."""

import json
import urllib.request

import sqlalchemy as sa

from checks import HOST, KEY, MILLION, PORT, check, equal

ENGINE = sa.create_engine(f"trino://tester@{HOST}:{PORT}/tpch/tiny", connect_args={"extra_credential": [("peakaKey", KEY)]})

with check("connect"), ENGINE.connect() as connection:
    equal(connection.execute(sa.text("SELECT 1")).scalar(), 1)

with check("inspect"):
    inspector = sa.inspect(ENGINE)
    assert "tiny" in inspector.get_schema_names(), inspector.get_schema_names()
    assert "nation" in inspector.get_table_names("tiny"), inspector.get_table_names("tiny")
    columns = inspector.get_columns("nation", "tiny")
    equal([column["name"] for column in columns], ["nationkey", "name", "regionkey", "comment"])
    assert isinstance(columns[0]["type"], sa.BIGINT), columns[0]
    equal(columns[1]["type"].length, 25)
    equal((inspector.has_table("nation", "tiny"), inspector.has_table("nosuch", "tiny")), (True, False))
    equal(inspector.get_pk_constraint("nation", "tiny")["constrained_columns"], [])
    equal(inspector.get_view_names("tiny"), [])

with check("reflected table and parameters"), ENGINE.connect() as connection:
    nation = sa.Table("nation", sa.MetaData(), schema="tiny", autoload_with=ENGINE)
    query = sa.select(nation.c.name).where(nation.c.nationkey > 3, nation.c.name.like("E%")).order_by(nation.c.name).limit(1).offset(1)
    equal(connection.execute(query).all(), [("ETHIOPIA",)])

with check("error with its position"), ENGINE.connect() as connection:
    try:
        connection.execute(sa.text("SELECT nosuch FROM nation")).all()
        raise AssertionError("no error")
    except sa.exc.DBAPIError as error:
        equal((error.orig.error_name, error.orig.error_location), ("COLUMN_NOT_FOUND", (1, 8)))

with check("a million rows"), ENGINE.connect() as connection:
    equal(sum(1 for _ in connection.execution_options(stream_results=True).execute(sa.text(MILLION))), 1000000)

with check("the address that the REST API tells"):
    request = urllib.request.Request(f"http://{HOST}:{PORT}/api/v1/supportedDrivers?catalogName=tpch", headers={"Authorization": f"Bearer {KEY}"})
    with urllib.request.urlopen(request) as answer:
        told = json.load(answer)
    with sa.create_engine(told["SQL_ALCHEMY"]).connect() as connection:
        equal(connection.execute(sa.text("SELECT count(*) FROM tiny.nation")).scalar(), 25)
