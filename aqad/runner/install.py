"""Make `.venv` and install requirements files into it, only when one of them changed.

Run by path with the machine's own Python, before anything is installed:
`python3 aqad/runner/install.py requirements.txt …` from the project's folder.
"""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

ENVIRONMENT = Path(".venv")
PYTHON = ENVIRONMENT / "bin" / "python"
STAMPS = ENVIRONMENT / "installed"


def main(files: list[Path]) -> int:
    """Return 0 once everything in `files` is installed."""
    version = _python_version()
    if not version:
        print(f"Making {ENVIRONMENT} with Python {sys.version.split()[0]}", flush=True)
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        version = _python_version()
    wanted = {file: hashlib.sha256(file.read_bytes() + version).hexdigest() for file in files}
    changed = [file for file, fingerprint in wanted.items() if _stamped(file) != fingerprint]
    if not changed:
        return 0
    print(f"Installing {', '.join(map(str, changed))} into {ENVIRONMENT}", flush=True)
    if code := _install([part for file in files for part in ("-r", str(file))]):
        return code
    STAMPS.mkdir(exist_ok=True)
    for file in changed:
        (STAMPS / file.name).write_text(wanted[file])
    return 0


def _python_version() -> bytes:
    """Of the environment; empty where there is none, it is half made, or its Python is gone."""
    return _run_python("-c", "import sys, pip; print(sys.version)").stdout if PYTHON.exists() else b""


def _install(arguments: list[str]) -> int:
    """With uv, which takes a third of the time, or with pip where uv cannot be had or does not manage."""
    if not (ENVIRONMENT / "bin" / "uv").exists():
        _run_python("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv")
    with_uv = [
        str(ENVIRONMENT / "bin" / "uv"),
        "pip",
        "install",
        "--quiet",
        "--python",
        str(PYTHON),
        *arguments,
    ]
    if Path(with_uv[0]).exists():
        if subprocess.run(with_uv, check=False).returncode == 0:
            return 0
        print("uv could not install them; trying pip", flush=True)
    with_pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    return subprocess.run(with_pip, check=False).returncode


def _run_python(*arguments: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run([str(PYTHON), *arguments], capture_output=True, check=False)


def _stamped(file: Path) -> str:
    stamp = STAMPS / file.name
    return stamp.read_text() if stamp.exists() else ""


if __name__ == "__main__":
    sys.exit(main([Path(argument) for argument in sys.argv[1:]]))
