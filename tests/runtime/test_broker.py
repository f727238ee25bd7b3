"""The file-system broker: nothing is lost between live processes, and no file stops a reader."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from kombu.simple import SimpleQueue

from tests.runtime.traffic import opened, read, send

SENDERS, EACH = 4, 100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "broker"


@pytest.fixture
def queue(folder: Path) -> Iterator[SimpleQueue]:
    with opened(folder) as (_, queue):
        yield queue


def test_processes_that_send_and_read_at_once_lose_and_repeat_nothing(folder: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(SENDERS + 2, mp_context=spawn) as processes:
        sending = [processes.submit(send, folder, sender, EACH) for sender in range(SENDERS)]
        reading = [processes.submit(read, folder, 3.0) for _ in range(2)]
        for sent in sending:
            sent.result()
        arrived = [message for reader in reading for message in reader.result()]
    expected = [(f"{sender}-{n}", n * 1000 % 100_001) for sender in range(SENDERS) for n in range(EACH)]
    assert sorted(arrived + read(folder, 0.1)) == sorted(expected)


def test_messages_arrive_in_the_order_in_which_they_were_sent(folder: Path) -> None:
    send(folder, sender=1, count=20)
    assert [name for name, _ in read(folder, 0.1)] == [f"1-{number}" for number in range(20)]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"properties": {}}', b"\xff\xfe"])
def test_a_file_that_is_no_message_is_set_aside_and_the_next_one_is_read(
    content: bytes, folder: Path, queue: SimpleQueue
) -> None:
    (folder / "waiting" / "0000_a.post.msg").write_bytes(content)
    queue.put({"name": "good"})
    assert queue.get(timeout=1).payload == {"name": "good"}
    assert (folder / "unreadable" / "0000_a.post.msg").read_bytes() == content


def test_a_message_that_is_still_being_written_is_neither_read_nor_counted(
    folder: Path, queue: SimpleQueue
) -> None:
    (folder / "waiting" / ".0_a.post.msg").write_bytes(b'{"half')
    (folder / "waiting" / ".5e1f.draft").write_bytes(b'{"half')
    assert queue.qsize() == 0
    assert read(folder, 0.05) == []


def test_a_reader_that_closes_gives_back_what_it_did_not_acknowledge(folder: Path) -> None:
    send(folder, sender=1, count=1)
    with opened(folder) as (_, queue):
        queue.get(timeout=1)
    assert [name for name, _ in read(folder, 0.1)] == ["1-0"]


def test_a_damaged_routing_table_is_rewritten_by_the_next_one_who_binds(folder: Path) -> None:
    send(folder, sender=1, count=1)
    for table in (folder / "control").glob("*.exchange"):
        table.write_bytes(b"")
    send(folder, sender=2, count=1)
    assert [name for name, _ in read(folder, 0.1)] == ["1-0", "2-0"]


def test_two_folders_in_one_process_are_two_brokers(tmp_path: Path) -> None:
    send(tmp_path / "one", sender=1, count=1)
    send(tmp_path / "two", sender=2, count=2)
    assert len(read(tmp_path / "one", 0.05)) == 1
    assert len(read(tmp_path / "two", 0.05)) == 2
