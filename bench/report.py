"""The figures as a table, and as JSON to keep."""

import json
import platform
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.rounds import Results


@dataclass(frozen=True)
class Target:
    """`load` is to reach `at_least` times the rate of `reference`."""

    load: str
    reference: str
    at_least: float


TARGETS = (
    Target("list, cached", "bare Django JsonResponse", 0.5),
    Target("list, cold", "REST framework serializers", 4),
    Target("search", "Oscar: search", 10),
    Target("orders, distinct", "Oscar: orders, distinct", 10),
    Target("orders, one hot product", "Oscar: orders, one hot product", 8),
)
COMPARED = (
    *TARGETS,
    Target("list, cached", "Oscar: list", 0),
    Target("list, cached", "nginx, static file", 0),
    Target("list, cached", "Redis GET", 0),
    Target("detail", "Oscar: detail", 0),
    Target("orders, distinct", "PostgreSQL: the order's rows by pgbench", 0),
)


def machine() -> dict[str, Any]:
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": model,
        "python": platform.python_version(),
        "system": platform.platform(),
    }


def write(results: Results, statements: dict[str, int], facts: dict[str, Any], keep: Path) -> None:
    """Print the tables and write everything measured into `keep`."""
    say = sys.stdout.write
    say("\n| load | a second | p50 ms | p99 ms | SQL |\n|---|---:|---:|---:|---:|\n")
    for name in results.outcomes:
        if run := results.median(name):
            times = f"{run.p50:.1f} | {run.p99:.1f}" if run.p99 else " | "
            say(f"| {name} | {run.rate:,.0f} | {times} | {statements.get(name, '')} |\n")
    say("\n| compared | with | ratio | to reach |\n|---|---|---:|---:|\n")
    for target in COMPARED:
        ratio = results.ratio(target.load, target.reference)
        if ratio is not None:
            say(f"| {target.load} | {target.reference} | {ratio:.2f} | {target.at_least or ''} |\n")
    say("\n")
    for name, value in facts.items():
        say(f"{name}: {value}\n")
    keep.parent.mkdir(parents=True, exist_ok=True)
    outcomes = {name: [asdict(run) for run in runs] for name, runs in results.outcomes.items()}
    whole = {"machine": machine(), "outcomes": outcomes, "statements": statements, "facts": facts}
    keep.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    say(f"kept in {keep}\n")
