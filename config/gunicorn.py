"""The web server; says "ready" once the first request can be served."""

import os
from typing import Any

# No page may keep a connection busy for longer; commands and migrations may.
os.environ.setdefault("STATEMENT_TIMEOUT", "30")

wsgi_app = "config.wsgi:application"
bind = f"{os.environ.get('LISTEN', '127.0.0.1')}:{os.environ.get('PORT') or 8000}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = 4
timeout = 60
graceful_timeout = 10
loglevel = "warning"
# The socket for gunicorn's own console would be shared by every site of this account.
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """The socket has listened since before the first worker; now one has loaded the site and answers."""
    if worker.age == 1:
        print("ready", flush=True)
