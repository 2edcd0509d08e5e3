"""The usual walk of a Partner API client: project, connection, catalog, queries, caches."""

from rig.client import quoted
from rig.waiting import until

SYNC_SECONDS = 120
FULL, INCREMENTAL = "fullRefreshUpdate", "incrementalUpdate"
SLOTS = {FULL: "lastFullRefreshCacheExecution", INCREMENTAL: "lastIncrementalCacheExecution"}


def every(duration):
    return {"type": "BASIC", "expression": duration}


class Project:
    """A project made through the API, and calls inside it."""

    def __init__(self, client, name):
        self.client = client
        organization = client.get("/organizations")[0]["id"]
        workspace = next(item for item in client.get(f"/organizations/{organization}/workspaces") if item["defaultWorkspace"])
        self.path = f"/organizations/{organization}/workspaces/{workspace['id']}/projects"
        self.id = client.post(self.path, {"name": name})["id"]
        self.data = f"/data/projects/{self.id}"

    def key(self, name="key", **more):
        """A new project key, with its id."""
        made = self.client.post(f"/projects/{self.id}/apiKeys", {"name": name} | more)
        return made["apiKey"], made["apiKeyId"]

    def connect(self, name, kind, credential):
        return self.client.post(f"/connections/{self.id}", {"name": name, "type": kind, "credential": credential})

    def catalog(self, name, connection, **extra):
        return self.client.post(f"{self.data}/catalogs", {"name": name, "connectionId": connection["id"]} | extra)

    def source(self, name, kind, credential):
        """A connection and a catalog on it."""
        return self.catalog(name, self.connect(name, kind, credential))

    def tables(self, catalog, schema):
        found = self.client.get(f"{self.data}/catalogs/{catalog['id']}/schemas/{quoted(schema)}/tables")
        return [item["tableName"] for item in found]

    def query(self, statement, style="TYPED", **more):
        """The rows of a statement."""
        return self.client.api("POST", f"{self.data}/queries/execute", {"statement": statement} | more, {"format": style})["data"]

    def cache(self, catalog, schema, table, **schedules):
        body = {"catalogId": catalog["id"], "schemaName": schema, "tableName": table} | schedules
        return self.client.post(f"{self.data}/cache", body)

    def status(self, cache_id):
        return self.client.get(f"{self.data}/cache/{cache_id}/status", excludeLogs="true")

    def statuses(self):
        return self.client.get(f"{self.data}/cache/status")

    def settled(self, cache_id, seconds=SYNC_SECONDS):
        """The status once nothing is at work."""
        def ended():
            status = self.status(cache_id)
            return status if status["status"] not in ("RUNNING", "NOT_INITIALIZED") else None
        return until(f"the cache {cache_id} settles", ended, seconds, 0.02)

    def cached(self, catalog, schema, table, **schedules):
        """A cache whose first copy is complete."""
        cache = self.cache(catalog, schema, table, **schedules)
        status = self.settled(cache["id"])
        if status["status"] != "COMPLETED":
            raise AssertionError(f"the first copy of {table} is {status}")
        return cache

    def refresh(self, cache_id, how, seconds=SYNC_SECONDS, **query):
        """Refresh and wait; the finished execution. It begins after this call: one that waits already would be joined."""
        def idle():
            executions = [self.status(cache_id).get(slot) for slot in SLOTS.values()]
            return not any(item and item["status"] == "RUNNING" for item in executions)
        until("nothing is at work", idle, seconds, 0.02)
        before = (self.status(cache_id).get(SLOTS[how]) or {}).get("id")
        self.client.post(f"{self.data}/cache/{cache_id}/{how}", **query)

        def finished():
            execution = self.status(cache_id).get(SLOTS[how])
            done = execution and execution["id"] != before and execution["status"] not in ("RUNNING", "NOT_INITIALIZED")
            return execution if done else None
        return until("the refresh ends", finished, seconds, 0.02)
