"""The desk as the command line starts it."""

import os
import re
import subprocess
import sys
from contextlib import contextmanager


@contextmanager
def served(folder, *more, language="en"):
    """Start the desk as the command line does; give its port and token."""
    process = subprocess.Popen(
        [sys.executable, "-m", "maemoh_gis", "desk", "small", "--no-browser", *more],
        cwd=folder, env={**os.environ, "MAEMOH_LANG": language, "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        said = ""
        for said in process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:(\d+)/\?token=(\S+)", said):
                break
        else:
            raise AssertionError(process.stderr.read())
        yield process, int(found[1]), found[2]
    finally:
        process.kill()
        process.communicate()
