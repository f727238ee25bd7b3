"""A Celery application with one task, for a real worker over a broker folder given by the environment."""

import os
from pathlib import Path

from celery import Celery

app = Celery("worker_app", set_as_current=False)  # the tests around it keep the portal's own
app.conf.update(
    broker_url="filesystem://localhost",
    broker_transport="regulator.broker:FilesystemTransport",
    broker_transport_options={"folder": os.environ.get("BROKER_FOLDER", ""), "polling_interval": 0.05},
    worker_enable_remote_control=False,
    task_ignore_result=True,
    task_acks_late=True,
)


@app.task
def note(word: str, path: str) -> None:
    with Path(path).open("a", encoding="utf-8") as file:
        file.write(f"{word}\n")
