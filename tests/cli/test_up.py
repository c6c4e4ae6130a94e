"""`tricorn up`: one command to a served page, and back again, leaving nothing behind."""

import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.beside import PATIENCE, free_port, wait_until
from tests.house.ground import ROOT
from tests.own_database import own_database

# What is about processes and ports is the same whatever the database; a start costs seconds.
ONCE = pytest.mark.only_on("sqlite")


@pytest.fixture
def surroundings(tmp_path):
    with own_database(tmp_path / "home", is_made=False) as environment:
        yield dict(environment)


@pytest.fixture
def furnished(tmp_path):
    """Surroundings where the database has its tables already."""
    with own_database(tmp_path / "home") as environment:
        yield dict(environment)


def tricorn(surroundings, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "tricorn", *arguments],
        cwd=ROOT,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


class Up:
    """A running `tricorn up`, with what it has said so far."""

    def __init__(self, surroundings, port, *arguments):
        self.port = port
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tricorn", "up", "--port", str(port), *arguments],
            cwd=ROOT,
            env=surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said = []

    def __enter__(self):
        assert self.process.stdout is not None
        watch = threading.Timer(PATIENCE, self.process.kill)
        watch.start()
        for line in self.process.stdout:
            self.said.append(line.rstrip("\n"))
            if line.startswith("Stop it with"):
                watch.cancel()
                return self
        raise AssertionError(self.process.communicate())

    def __exit__(self, *problem):
        if self.process.poll() is None:
            self.stop(signal.SIGKILL)

    def stop(self, number=signal.SIGINT):
        self.process.send_signal(number)
        self.process.communicate(timeout=PATIENCE)
        return self.process.returncode

    def get(self, path):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path)
        answer = connection.getresponse()
        connection.close()
        return answer

    def children(self):
        """The process ids of web server and worker."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


# Four starts stand for everything: each costs seconds.


@ONCE
def test_an_empty_house_prints_a_link_to_set_it_up_which_a_second_start_makes_anew(
    furnished, tmp_path
):
    keys = []
    with Up(furnished, free_port(), "--no-demo") as up:
        assert up.said[0] == f"Tricorn runs at http://127.0.0.1:{up.port}"
        keys += key_in(up, tmp_path / "home" / "setup-key")
        assert up.get("/health/").status == 200
        what_dies_is_started_again(up)
        assert up.stop() == 0
        assert is_free(up.port)

    with Up(furnished, free_port(), "--no-demo") as up:
        keys += key_in(up, tmp_path / "home" / "setup-key")
        killed_by_force_it_leaves_nothing_holding_the_port(up)

    assert len(set(keys)) == 2


def key_in(up, kept):
    """The key of the link that was printed; its hash is kept, for nobody else to read."""
    found = re.findall(r"http://127\.0\.0\.1:\d+/setup/\?key=(\S+)", "\n".join(up.said))
    assert [hashlib.sha256(key.encode()).hexdigest() for key in found] == [kept.read_text()]
    assert kept.stat().st_mode & 0o777 == 0o600
    return found


def what_dies_is_started_again(up):
    before = up.children()
    for pid in before:
        os.kill(pid, signal.SIGKILL)

    wait_until(lambda: len(up.children()) == 2 and not set(before) & set(up.children()))
    wait_until(lambda: up.get("/health/").status == 200)


def killed_by_force_it_leaves_nothing_holding_the_port(up):
    left = up.children()

    up.stop(signal.SIGKILL)

    wait_until(lambda: not any(Path(f"/proc/{pid}/cmdline").exists() for pid in left))
    wait_until(lambda: is_free(up.port))


@ONCE
def test_a_taken_port_is_one_sentence_before_anything_is_made(surroundings, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        answer = tricorn(surroundings | {"PORT": str(port)}, "up")

    assert answer.returncode == 1
    assert answer.stderr == (
        f"tricorn: Port {port} is taken by another program. "
        f"Choose another: PORT={port + 1} make up\n"
    )
    assert not (tmp_path / "home").exists()


@ONCE
@pytest.mark.parametrize("port", ["http", "-1", "70000", "80.5"])
def test_a_port_that_is_none_is_wrong_use(surroundings, port):
    answer = tricorn(surroundings, "up", "--port", port)

    assert answer.returncode == 2
    assert "A port is a number from 1 to 65535" in answer.stderr


@ONCE
def test_an_address_of_another_machine_is_one_sentence(surroundings):
    answer = tricorn(surroundings, "up", "--host", "192.0.2.1", "--port", "0")

    assert answer.returncode == 1
    assert answer.stderr.startswith("tricorn: Cannot listen on 192.0.2.1")
    assert answer.stderr.count("\n") == 1


@ONCE
def test_a_home_that_cannot_be_made_is_one_sentence(surroundings, tmp_path):
    (tmp_path / "file").write_text("")

    answer = tricorn(surroundings | {"TRICORN_HOME": str(tmp_path / "file" / "x")}, "verify")

    assert answer.returncode == 1
    assert answer.stderr.startswith("tricorn: cannot make the folder")
    assert answer.stderr.count("\n") == 1


@pytest.mark.only_on("postgresql")
def test_a_command_on_an_empty_home_makes_the_database_and_no_demonstration(surroundings):
    first = tricorn(surroundings, "verify", "--json")
    second = tricorn(surroundings, "worker", "--once")

    assert json.loads(first.stdout)["sealed_lines"] == 0
    assert (first.returncode, second.returncode) == (0, 0)
    assert second.stdout == ""


@ONCE
def test_the_first_start_fills_in_the_demonstration_and_the_second_keeps_everything(
    surroundings, tmp_path
):
    # Another command at the same moment finds the home as empty, and one database is made.
    beside = subprocess.Popen(
        [sys.executable, "-m", "tricorn", "verify"],
        cwd=ROOT,
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        with Up(surroundings, free_port()) as up:
            assert up.said[1].startswith("This is a demonstration: its people and stories are")
            assert up.get("/").status == 200
            assert up.stop(number) == 0
            assert is_free(up.port)
            assert not list((tmp_path / "home" / "workers").iterdir())
    said = beside.communicate(timeout=PATIENCE)
    assert (beside.returncode, said[1]) == (0, b""), said

    assert tricorn(surroundings, "verify").returncode == 0
