"""Code that puts something else where a file was: nothing of this machine is read, written or removed through it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import openai
import pytest
from openai import OpenAI


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file of this machine."""
    path = tmp_path / "secret.txt"
    path.write_text("of this machine")
    return path


def run(client: OpenAI, container: str, code: str) -> Any:
    tool: Any = {"type": "code_interpreter", "container": container}
    response = client.responses.create(
        model="gpt-5.4-mini",
        tools=[tool],
        input=f"```python\nimport os, shutil\n{code}\n```",
        include=["code_interpreter_call.outputs"],
    )
    return next(item for item in response.output if item.type == "code_interpreter_call")


@pytest.fixture
def container(client: OpenAI) -> str:
    return client.containers.create(name="mine").id


@pytest.mark.parametrize("name", ["notes.txt", "sub/secret.txt"])
def test_a_file_that_became_a_link_is_gone(client: OpenAI, container: str, secret: Path, name: str) -> None:
    run(client, container, f"os.makedirs('sub', exist_ok=True)\nopen({name!r}, 'w').write('mine')")
    [file] = client.containers.files.list(container)
    content = client.containers.files.content
    assert content.retrieve(file.id, container_id=container).read() == b"mine"
    target, link = (secret.parent, "sub") if "/" in name else (secret, name)
    run(client, container, f"os.remove({name!r})\nshutil.rmtree('sub')\nos.symlink({str(target)!r}, {link!r})")
    assert list(client.containers.files.list(container)) == []
    with pytest.raises(openai.NotFoundError):
        content.retrieve(file.id, container_id=container)
    with pytest.raises(openai.NotFoundError):
        client.containers.files.delete(file.id, container_id=container)
    assert secret.read_text() == "of this machine"


@pytest.mark.parametrize("trap", ["os.symlink({secret!r}, {name!r})", "os.mkfifo({name!r})"])
def test_what_lies_in_the_way_of_an_upload_is_replaced(client: OpenAI, container: str, secret: Path, trap: str) -> None:
    uploaded = client.files.create(file=("b.csv", b"a,b"), purpose="assistants")
    run(client, container, trap.format(secret=str(secret), name=f"{uploaded.id}-b.csv"))
    made: list[Any] = []
    upload = threading.Thread(
        target=lambda: made.append(client.containers.files.create(container, file_id=uploaded.id)), daemon=True
    )
    upload.start()
    upload.join(10)  # a pipe that nobody reads would hold it up for ever
    assert made
    assert client.containers.files.content.retrieve(made[0].id, container_id=container).read() == b"a,b"
    assert secret.read_text() == "of this machine"


def test_a_file_that_the_code_removed_is_no_longer_listed(client: OpenAI, container: str) -> None:
    run(client, container, "open('a.txt', 'w').write('x')")
    assert len(list(client.containers.files.list(container))) == 1
    run(client, container, "os.remove('a.txt')")
    assert list(client.containers.files.list(container)) == []


def test_a_container_lists_a_thousand_files_at_most(client: OpenAI, container: str) -> None:
    run(client, container, "for n in range(1500): open(f'{n}.txt', 'w').write('x')")
    assert len(list(client.containers.files.list(container, limit=100))) == 1000
    with pytest.raises(openai.BadRequestError, match="at most 1000 files"):
        client.containers.files.create(container, file=("more.txt", b"x"))


def test_names_that_are_no_text_or_too_long_do_no_harm(client: OpenAI, container: str) -> None:
    run(client, container, "open(b'/mnt/data/\\xff.txt', 'w').write('x')")
    assert list(client.containers.files.list(container)) == []
    made = client.containers.files.create(container, file=("x" * 400 + ".txt", b"long"))
    assert made.path.endswith("x.txt")
    assert client.containers.files.content.retrieve(made.id, container_id=container).read() == b"long"


def test_a_forged_answer_is_no_server_error(client: OpenAI, container: str) -> None:
    [logs] = run(
        client, container, "for fd in range(3, 9):\n    try: os.write(fd, b'garbage\\n')\n    except OSError: pass"
    ).outputs
    assert logs.logs.startswith("The process ended.")
    assert run(client, container, "print(1 + 1)").outputs[0].logs == "2\n"
