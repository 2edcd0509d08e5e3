"""Internal tables through the API: columns, rows, imports of files."""

import http.client
import json
import secrets

from rig.client import BASE, Answer, Unexpected, quoted

TYPES = ("VARCHAR", "BIGINT", "BOOLEAN", "DECIMAL", "TIMESTAMP", "TIME", "DATE", "UUID")


def form(content, request):
    """The body of an import and its content type; `request` is JSON data, or text that is sent as it is."""
    before, after, content_type = _around(request)
    return before + content + after, content_type


def _around(request):
    """What stands before and behind the bytes of a file, and the content type."""
    boundary = secrets.token_hex(12)
    text = request if isinstance(request, str) else json.dumps(request)
    before = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="rows"\r\nContent-Type: text/csv\r\n\r\n'
    after = f'\r\n--{boundary}\r\nContent-Disposition: form-data; name="request"\r\n\r\n{text}\r\n--{boundary}--\r\n'
    return before.encode(), after.encode(), f"multipart/form-data; boundary={boundary}"


def send_file(table, file, mappings, wait=60, **request):
    """An import of a large file, which is sent piece by piece."""
    before, after, content_type = _around({"mappings": mappings} | request)
    client = table.project.client
    connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=wait + client.timeout)

    def body():
        yield before
        with open(file, "rb") as opened:
            while piece := opened.read(1 << 20):
                yield piece
        yield after

    try:
        connection.request("POST", f"{client.prefix}{BASE}{table.path}/import?wait={wait}", body(),
                           {"Authorization": f"Bearer {client.key}", "Content-Type": content_type,
                            "Content-Length": str(len(before) + file.stat().st_size + len(after))})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def column(name, kind="VARCHAR", **more):
    return {"name": name, "dataType": kind} | more


def mapped(*names):
    """Columns that are called the same in the file."""
    return [{"name": name, "csvColumnName": name} for name in names]


class InternalTable:
    """A table that is made with the given columns; `kind` is "table" or "bitable"."""

    def __init__(self, project, name, *columns, kind="table"):
        self.project, self.name, self.kind = project, name, kind
        self.path = f"{project.data}/{kind}/{quoted(name)}"
        escaped = name.replace('"', '""')
        self.sql = f'"peaka"."{kind}"."{escaped}"'
        project.client.post(self.path)
        if columns:
            project.client.post(f"{self.path}/columns", list(columns))

    def columns(self):
        return {item["name"]: item for item in self.project.client.get(f"{self.path}/columns")}

    def rows(self, what="*", rest="", style="SIMPLE"):
        return self.project.query(f"SELECT {what} FROM {self.sql} {rest}", style)

    def values(self, what, rest=""):
        """Rows as arrays of texts."""
        return self.rows(what, rest, "COMPACT")

    def send_import(self, content, mappings, wait=60, **request):
        body, content_type = form(content if isinstance(content, bytes) else content.encode(), {"mappings": mappings} | request)
        return self.project.client.send("POST", f"{BASE}{self.path}/import", body, {"wait": wait}, {"Content-Type": content_type})

    def load(self, content, mappings, wait=60, **request):
        """The job of an import that must succeed."""
        answer = self.send_import(content, mappings, wait, **request)
        if answer.status != 200:
            raise Unexpected(f"the import answers {answer.status}: {answer.text[:500]}")
        return answer.json()

    def insert(self, *rows):
        return self.project.client.post(f"{self.path}/rows", list(rows))

    def send_rows(self, method, body=None, **query):
        return self.project.client.send(method, f"{BASE}{self.path}/rows", body, query)

    def drop(self):
        self.project.client.api("DELETE", self.path)
