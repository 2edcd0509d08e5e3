"""A small client of the Trino protocol; one connection is kept open."""

import http.client
import json
import urllib.parse

CALL_SECONDS = 120


class TrinoClient:
    """Statements for one server, in a catalog and a schema. Not thread-safe."""

    def __init__(self, port, key=None, user="alice", zone="UTC"):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=CALL_SECONDS)
        self._headers = {"X-Trino-User": user, "X-Trino-Time-Zone": zone, "X-Trino-Client-Capabilities": "PARAMETRIC_DATETIME,NUMBER"}
        if key:
            self._headers["X-Trino-Extra-Credential"] = f"peakaKey={key}"

    def run(self, sql, catalog=None, schema=None):
        """The columns as name and type, the rows, and the error's name with its message; None where there is none."""
        headers = dict(self._headers)
        if catalog:
            headers |= {"X-Trino-Catalog": catalog, "X-Trino-Schema": schema}
        page = self._send("POST", "/v1/statement", sql.encode(), headers)
        columns, rows, error = None, [], None
        while True:
            if page.get("columns"):
                columns = [[column["name"], column["type"]] for column in page["columns"]]
            rows += page.get("data") or []
            if page.get("error"):
                error = page["error"]
            if not page.get("nextUri"):
                break
            page = self._send("GET", urllib.parse.urlsplit(page["nextUri"]).path, None, self._headers)
        if error:
            return {"columns": None, "rows": None, "error": error["errorName"], "message": error["message"]}
        return {"columns": columns, "rows": rows, "error": None, "message": ""}

    def _send(self, method, path, body, headers):
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise ConnectionError(f"{method} {path} answers {answer.status}: {content[:300]!r}")
        return json.loads(content)

    def close(self):
        self._connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
