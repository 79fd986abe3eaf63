"""What the cache itself gives: values as large as a list, by redis-benchmark."""

import subprocess

from aqad.runner.folders import socket_folder
from aqad.runner.services.valkey import SOCKET
from bench.load import tool
from tests.runner.installation import Installation


def gets_a_second(installation: Installation, *, connections: int, size: int) -> float:
    """GETs of a value of `size` bytes, one at a time on each connection."""
    command = [tool("redis-benchmark", "redis-tools"), "-s", str(socket_folder(installation.data) / SOCKET)]
    command += ["-c", str(connections), "-n", "100000", "-d", str(size), "-t", "set,get", "--csv"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    row = next(line for line in said.splitlines() if line.startswith('"GET"'))
    return float(row.split(",")[1].strip('"'))
