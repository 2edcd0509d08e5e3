"""A small client of the Partner API; each call has a timeout and its own connection."""

import http.client
import json
import urllib.parse

BASE = "/api/v1"
CALL_SECONDS = 30


class Unexpected(Exception):
    """An answer with another status than the caller counts on."""


class Answer:
    def __init__(self, status, headers, content):
        self.status = status
        self.headers = headers
        self.content = content

    @property
    def text(self):
        return self.content.decode("utf-8", "replace")

    def json(self):
        """The parsed body; None where there is none. ValueError when it is not JSON."""
        return json.loads(self.content) if self.content else None


class Client:
    """Calls one server with one key. OSError when the server gives no HTTP answer."""

    def __init__(self, port, key=None, timeout=CALL_SECONDS, prefix=""):
        self.port = port
        self.key = key
        self.timeout = timeout
        self.prefix = prefix

    def with_key(self, key):
        return Client(self.port, key, self.timeout, self.prefix)

    def send(self, method, path, body=None, query=None, headers=None):
        """The answer, whatever its status. A body is JSON data, or bytes sent as they are; a path that
        starts with /v3 or has no API base, such as /healthz, is taken from the server's root."""
        content, all_headers = None, {"Accept": "application/json"}
        if self.key:
            all_headers["Authorization"] = f"Bearer {self.key}"
        if body is not None:
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            all_headers["Content-Type"] = "application/json"
        if query:
            path += "?" + urllib.parse.urlencode(query)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        try:
            connection.connect()
            try:
                connection.request(method, self.prefix + path, content, all_headers | (headers or {}))
            except (BrokenPipeError, ConnectionResetError):
                pass  # a large body may be refused before it is read to its end; the answer follows
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        except http.client.HTTPException as error:
            raise ConnectionError(f"no HTTP answer to {method} {path}: {error!r}") from error
        finally:
            connection.close()

    def api(self, method, path, body=None, query=None, expect=200):
        """The parsed body of a call below /api/v1 that must have the expected status."""
        answer = self.send(method, BASE + path, body, query)
        if answer.status != expect:
            raise Unexpected(f"{method} {path} answers {answer.status}, not {expect}: {answer.text[:500]}")
        return answer.json()

    def get(self, path, **query):
        return self.api("GET", path, query=query)

    def post(self, path, body=None, **query):
        return self.api("POST", path, body, query)


def quoted(name):
    """A name as one segment of a path."""
    return urllib.parse.quote(name, safe="")
