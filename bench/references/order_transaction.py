"""What PostgreSQL itself can place: the rows of an order in one transaction, sent by pgbench."""

import re
import subprocess
import tempfile
from pathlib import Path

import psycopg

from aqad.runner.folders import socket_folder
from aqad.runner.services import postgres_binaries
from bench.load import THREADS
from tests.runner.installation import Installation

DATABASE = "bench_reference"
PRODUCTS = 10_000

_TABLES = f"""
CREATE TABLE retailer (id int PRIMARY KEY, name text);
CREATE TABLE product (id int PRIMARY KEY, name text, price numeric(12, 2));
CREATE TABLE stock (product_id int PRIMARY KEY, on_hand int, reserved int CHECK (reserved <= on_hand));
CREATE TABLE checkout (id bigserial PRIMARY KEY, retailer_id int REFERENCES retailer, total numeric(12, 2));
CREATE TABLE orders (id bigserial PRIMARY KEY, checkout_id bigint REFERENCES checkout, total numeric(12, 2));
CREATE TABLE line (id bigserial PRIMARY KEY, order_id bigint REFERENCES orders, product_id int, quantity int);
CREATE TABLE movement (id bigserial PRIMARY KEY, product_id int, reserved int, order_id bigint);
CREATE TABLE outbox (id bigserial PRIMARY KEY, about bigint, body jsonb);
INSERT INTO retailer SELECT n, 'Grocery' FROM generate_series(1, {PRODUCTS}) n;
INSERT INTO product SELECT n, 'Cola', 45 FROM generate_series(1, {PRODUCTS}) n;
INSERT INTO stock SELECT n, 1000000, 0 FROM generate_series(1, {PRODUCTS}) n;
"""

_ORDER = f"""
\\set retailer random(1, {PRODUCTS})
\\set product random(1, {PRODUCTS})
BEGIN;
SELECT id FROM retailer WHERE id = :retailer FOR NO KEY UPDATE;
SELECT name, price FROM product WHERE id = :product;
INSERT INTO checkout (retailer_id, total) VALUES (:retailer, 47.25) RETURNING id AS checkout \\gset
INSERT INTO orders (checkout_id, total) VALUES (:checkout, 47.25) RETURNING id AS order \\gset
INSERT INTO line (order_id, product_id, quantity) VALUES (:order, :product, 1);
INSERT INTO outbox (about, body) VALUES (:order, '{{"kind": "order_created"}}');
INSERT INTO movement (product_id, reserved, order_id) VALUES (:product, 1, :order);
UPDATE stock SET reserved = reserved + 1 WHERE product_id = :product AND on_hand - reserved >= 1;
COMMIT;
"""


def orders_a_second(installation: Installation, *, connections: int, seconds: int) -> float:
    """On the same server with the same settings as AQAD's own database."""
    sockets = str(socket_folder(installation.data) / "postgres")
    with psycopg.connect(host=sockets, user="aqad", dbname="aqad", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        connection.execute(f"CREATE DATABASE {DATABASE}")
    with psycopg.connect(host=sockets, user="aqad", dbname=DATABASE) as connection:
        connection.execute(_TABLES)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(_ORDER)
        script.flush()
        pgbench = Path(postgres_binaries.find()) / "pgbench"
        command = [str(pgbench), "-n", "-h", sockets, "-U", "aqad", "-M", "prepared", "-f", script.name]
        command += ["-c", str(connections), "-j", str(THREADS), "-T", str(seconds), DATABASE]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"tps = ([\d.]+)", said)
    assert found, said
    return float(found[1])
