"""A disk that can be filled."""

import os
import subprocess

DISK_BYTES = 400 << 20


class Disk:
    """A small file system of its own for the data folder, where this may be mounted; else a plain folder."""

    def __init__(self, folder):
        self.folder = folder / "disk"
        self.folder.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tarn-torture", str(self.folder)]
        self.small = os.getuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0

    def fill(self):
        """Take all free space; the file to remove afterwards."""
        file = self.folder / "filler"
        with open(file, "wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(bytes(1 << 20))
            except OSError:
                pass
        return file

    def close(self):
        if self.small:
            subprocess.run(["umount", "-l", str(self.folder)], capture_output=True, check=False)
