"""Other servers for the time of a measurement: gunicorn with some application, nginx with a file."""

import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from aqad.runner.program import PROJECT
from bench.load import tool
from tests.runner.installation import free_port

UP_WITHIN = 60.0  # seconds

_NGINX = """
daemon off; worker_processes 2; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; location / {{ root {folder}/files; default_type application/json; }} }}
}}
"""


@contextmanager
def gunicorn(application: str, told: Mapping[str, str], *, python: str = sys.executable) -> Iterator[str]:
    """The address of `application` under gunicorn with AQAD's number of processes, threads and cores."""
    port = free_port()
    command = [python, "-m", "gunicorn", "--config", "python:bench.like_aqad"]
    command += ["--bind", f"127.0.0.1:{port}", application]
    with _running(command, port, told) as url:
        yield url


@contextmanager
def nginx(body: bytes) -> Iterator[str]:
    """The address of a file with this content."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="aqad-bench-nginx-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "files").mkdir()
        (folder / "files" / "list.json").write_bytes(body)
        (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, port=port))
        command = [tool("nginx", "nginx-light"), "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]
        with _running(command, port, {}) as url:
            yield f"{url}/list.json"


@contextmanager
def _running(command: list[str], port: int, told: Mapping[str, str]) -> Iterator[str]:
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(command, cwd=PROJECT, env=dict(told) or None)
    try:
        _wait(process, url)
        yield url
    finally:
        process.terminate()
        process.wait(UP_WITHIN)


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + UP_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        try:
            urllib.request.urlopen(f"{url}/", timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{url} did not answer within {UP_WITHIN:.0f} s")
