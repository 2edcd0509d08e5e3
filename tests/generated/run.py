"""Clients that OpenAPI Generator makes of the served document, in Python and TypeScript: they are built, and run a scenario."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from clients import setup
from rig.server import Server

HERE = Path(__file__).resolve().parent
GENERATOR = "org.openapitools:openapi-generator-cli:7.10.0"
PYTHON_NEEDS = ("pydantic==2.10.6", "urllib3==2.3.0", "python-dateutil==2.9.0.post0", "typing-extensions==4.12.2", "setuptools==75.8.0")
TYPESCRIPT = "typescript@5.6.3"
SECONDS = 180


def _run(command, **options):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=SECONDS, check=False, **options)


def _must(what, command, **options):
    done = _run(command, **options)
    if done.returncode:
        raise RuntimeError(f"{what}: {done.stdout[-800:]}{done.stderr[-800:]}")


def _generator():
    """The generator's program."""
    def install(folder):
        _must("fetching the generator", ["mvn", "--quiet", "--batch-mode", "dependency:copy", f"-Dartifact={GENERATOR}", f"-DoutputDirectory={folder}"])
    return next(setup.once("generator", [GENERATOR], install).glob("*.jar"))


def _python_environment():
    def install(folder):
        _must("making an environment", [sys.executable, "-m", "venv", folder])
        _must("installing", [folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", *PYTHON_NEEDS])
    return setup.once("generated-python", PYTHON_NEEDS, install) / "bin" / "python"


def _compiler():
    def install(folder):
        _must("installing the compiler", ["npm", "install", "--no-audit", "--no-fund", "--prefix", folder, TYPESCRIPT])
    return setup.once("generated-typescript", [TYPESCRIPT], install) / "node_modules" / ".bin" / "tsc"


def _generate(document, language, folder, *options):
    _must(f"generating {language}", ["java", "-jar", _generator(), "generate", "-i", document, "-g", language, "-o", folder, *options])


def _python(document, folder):
    """The command that runs the scenario."""
    _generate(document, "python", folder / "python", "--additional-properties=packageName=tarn_client")
    return [_python_environment(), HERE / "scenario.py"], {"PYTHONPATH": str(folder / "python")}


def _typescript(document, folder):
    place = folder / "typescript"
    _generate(document, "typescript-fetch", place / "client")
    shutil.copy(HERE / "scenario.ts", place)
    _must("compiling", [_compiler(), "--strict", "--target", "es2022", "--module", "commonjs", "--lib", "es2022,dom", "--skipLibCheck", "--outDir",
                        place / "built", place / "scenario.ts"])
    return ["node", place / "built" / "scenario.js"], {}


def run(tarn):
    """The numbers of calls that passed, and what failed."""
    passed, failed = 0, []
    with tempfile.TemporaryDirectory(prefix="tarn-generated-") as name:
        folder = Path(name)
        with Server(tarn, folder / "data", {"file_roots": [name]}) as server:
            document = folder / "api.json"
            document.write_text(server.client().send("GET", "/v3/api-docs").text, encoding="utf-8")
            database = folder / "people.db"
            with sqlite3.connect(database) as made:
                made.execute("CREATE TABLE people (id integer PRIMARY KEY, name text)")
                made.executemany("INSERT INTO people VALUES (?, ?)", [(1, "Ada"), (2, "Bob")])
            for language, build in (("Python", _python), ("TypeScript", _typescript)):
                command, more = build(document, folder)
                done = _run(command, env=dict(os.environ, TARN_PORT=str(server.port), TARN_KEY=server.key, TARN_SQLITE=str(database)) | more)
                lines = done.stdout.splitlines()
                good = [line for line in lines if line.startswith("PASS ")]
                bad = [f"{language}: {line[5:]}" for line in lines if line.startswith("FAIL ")]
                if (done.returncode or len(good) != 40) and not bad:
                    bad.append(f"{language}: it ended with {done.returncode} after {len(good)} calls: {done.stderr[-400:]}")
                print(f"  {language}: {len(good)} passed, {len(bad)} failed", flush=True)
                passed += len(good)
                failed += bad
    return passed, failed
