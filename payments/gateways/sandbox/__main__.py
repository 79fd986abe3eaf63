"""Start the sandbox gateway: `python -m payments.gateways.sandbox`."""

import os
import sys
from typing import Any

import structlog
from gunicorn.app.base import BaseApplication

from payments.gateways.sandbox.app import App, build
from payments.gateways.sandbox.config import Config, ConfigError, from_environment


class Server(BaseApplication):
    """gunicorn with one worker: faults and the webhook sender live in one process, the state in the file."""

    def __init__(self, config: Config) -> None:
        self._config = config
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn how to serve."""
        options: dict[str, Any] = {
            "bind": f"127.0.0.1:{self._config.port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": 8,
            "timeout": 90,
            "graceful_timeout": 5,
            "loglevel": "warning",
            "control_socket_disable": True,
            "proc_name": "aqad-sandbox-gateway",
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> App:
        """Build the application, in the worker."""
        return build(self._config)


def main() -> None:
    """Serve until told to stop; end with one line when the environment is not right."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.PrintLoggerFactory(),
    )
    try:
        config = from_environment(os.environ)
    except ConfigError as error:
        sys.exit(f"sandbox gateway: {error}")
    structlog.get_logger().info("listening", url=config.url)
    Server(config).run()


if __name__ == "__main__":
    main()
