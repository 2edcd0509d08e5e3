"""The bare engine as a child process: what an answer is compared with."""

import json
import subprocess


class Duck:
    """Runs statements one after another in one engine; see bench/duck.cpp."""

    def __init__(self, program, file=None, read_only=False, threads=None, memory=None):
        command = [str(program)] + (["--read-only"] if read_only else [])
        command += (["--threads", str(threads)] if threads else []) + (["--memory", memory] if memory else [])
        self._process = subprocess.Popen(command + ([str(file)] if file else []), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                         text=True)

    def run(self, sql, rows=False, repeat=1):
        """The answer: ms, count, columns, rows. RuntimeError when the engine refuses."""
        self._process.stdin.write(json.dumps({"sql": sql, "rows": rows, "repeat": repeat}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the bare engine ended with {self._process.wait(10)}")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(f"the bare engine refuses {sql[:100]}: {answer['error'][:300]}")
        return answer

    def rows(self, sql):
        return self.run(sql, rows=True)["rows"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
