"""A running Oscar with the same catalogue, and what is asked of it."""

import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from aqad.runner.folders import socket_folder
from aqad.runner.program import PROJECT
from bench import words
from bench.load import Outcome, Request
from bench.oscar import purchases
from bench.servers import gunicorn
from tests.runner.installation import Installation

ENVIRONMENT = PROJECT / "var" / "bench" / "oscar"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
LINES = 2_000


@dataclass(frozen=True)
class Shop:
    url: str
    first: int  # key of the first product
    products: int
    sockets: str

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    def first_page(self) -> list[Request]:
        return [Request("/catalogue/")]

    def search(self) -> list[Request]:
        return [Request(f"/search/?q={quote(text)}") for text in words.queries(LINES)]

    def detail(self) -> list[Request]:
        return [Request(f"/catalogue/p{key}_{self.first + key}/") for key in range(min(self.products, LINES))]

    def buy(self, *, buyers: int, seconds: int, one_product: bool = False) -> Outcome:
        """Whole purchases; all of the first product, or each buyer's own."""
        wanted = (
            [self.first] if one_product else range(self.first + 2, self.first + min(self.products, LINES))
        )
        return purchases.run(self.port, wanted, buyers=buyers, seconds=seconds)

    def sell_out(self, number: int, *, buyers: int, seconds: int) -> str:
        """What `buyers` at once get of `number` cartons, in words."""
        product = self.first + 1
        self._execute(
            "UPDATE partner_stockrecord SET num_in_stock = %s WHERE product_id = %s", number, product
        )
        outcome = purchases.run(self.port, [product], buyers=buyers, seconds=seconds)
        return f"{number} cartons, {outcome.good} orders accepted, {self._sold(product)} promised"

    def _sold(self, product: int) -> int:
        """Cartons that Oscar promised to somebody."""
        return self._execute(
            "SELECT coalesce(sum(quantity), 0) FROM order_line WHERE product_id = %s", product
        )

    def _execute(self, statement: str, *values: int) -> int:
        with psycopg.connect(host=self.sockets, user="aqad", dbname="bench_oscar") as connection:
            cursor = connection.execute(statement, values)
            row = cursor.fetchone() if cursor.description else None
            return int(row[0]) if row else 0


@contextmanager
def opened(installation: Installation, products: int) -> Iterator[Shop]:
    """Oscar on the same PostgreSQL as AQAD, in a database of its own."""
    python = _environment()
    sockets = str(socket_folder(installation.data) / "postgres")
    with psycopg.connect(host=sockets, user="aqad", dbname="aqad", autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS bench_oscar")
        connection.execute("CREATE DATABASE bench_oscar")
    with tempfile.TemporaryDirectory() as media:
        _put_missing_image(python, Path(media))
        told = {**os.environ, "BENCH_SOCKETS": sockets, "BENCH_MEDIA": media, "PYTHONPATH": str(PROJECT)}
        command = [python, "-m", "bench.oscar.seed", str(products)]
        seeded = subprocess.run(command, cwd=PROJECT, env=told, check=True, stdout=subprocess.PIPE, text=True)
        with psycopg.connect(host=sockets, user="aqad", dbname="bench_oscar", autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        with gunicorn("bench.oscar.application", told, python=python) as url:
            yield Shop(url, int(seeded.stdout), products, sockets)


def _put_missing_image(python: str, media: Path) -> None:
    """Oscar's processes would race to make this link on their first page."""
    package = next(Path(python).parents[1].glob("lib/python*/site-packages/oscar"))
    (media / "image_not_found.jpg").symlink_to(package / "static" / "oscar" / "img" / "image_not_found.jpg")


def _environment() -> str:
    """The Python of an environment with Oscar in it, made the first time."""
    python = ENVIRONMENT / "bin" / "python"
    installed = ENVIRONMENT / "requirements.txt"
    if not installed.exists() or installed.read_bytes() != REQUIREMENTS.read_bytes():
        sys.stderr.write("Installing django-oscar into var/bench/oscar\n")
        venv.create(ENVIRONMENT, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, "-r", str(REQUIREMENTS)], check=True, stdout=sys.stderr)
        installed.write_bytes(REQUIREMENTS.read_bytes())
    return str(python)
