"""`make check`: everything that judges the code without running the suite."""

import sys
from collections.abc import Mapping

from aqad.runner import terminal
from aqad.runner.commands.throwaway import throwaway_services
from aqad.runner.environment import production_like
from aqad.runner.foreground import run_in_foreground

IMPORT_RULES = "import sys; from importlinter.cli import lint_imports_command as lint; sys.exit(lint())"


def check() -> int:
    """Run every check, also after one failed; 1 when any did."""
    failed = []
    with throwaway_services() as environment:
        for title, arguments, variables in _steps(environment):
            terminal.heading(title)
            if run_in_foreground([sys.executable, *arguments], {**environment, **variables}):
                failed.append(title)
    terminal.heading("result")
    terminal.plain(f"FAILED: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def _steps(environment: Mapping[str, str]) -> list[tuple[str, list[str], dict[str, str]]]:
    services = {name: environment[name] for name in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL")}
    deployment = ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return [
        ("lint", ["-m", "ruff", "check", "."], {}),
        ("format", ["-m", "ruff", "format", "--check", "."], {}),
        ("types", ["-m", "mypy", "."], {}),
        ("import rules", ["-c", IMPORT_RULES], {}),
        ("migrations", ["manage.py", "makemigrations", "--check", "--dry-run"], {}),
        ("deployment settings", deployment, production_like(services)),
    ]
