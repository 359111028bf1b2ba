"""Every block of the documents runs and shows what the program does; and the harness itself sees what is wrong."""

from pathlib import Path

import pytest

from tests import servers
from tests.docs import transcripts
from tests.docs.transcripts import Defect, Outcome, faults, matches, parse, run


@pytest.mark.parametrize("path", transcripts.documents(), ids=lambda path: str(path.relative_to(transcripts.ROOT)))
def test_document(path: Path, tmp_path, request):
    if not parse(path):
        return
    if transcripts.needs_database(path):
        server = request.getfixturevalue("postgresql_server")
        if isinstance(server, str):
            servers.give_up(server)
        with server.database("template0") as place:
            outcomes = run(path, tmp_path, place)
    else:
        outcomes = run(path, tmp_path)
    found = faults(path, outcomes)
    assert not found, "\n".join(["", *found, "to take these over: python -m tests.docs.transcripts --update"])


def test_every_block_is_run_or_read():
    """Counted without the parser, so that a block which it overlooks is seen."""
    for path in transcripts.documents():
        blocks = sum(line.startswith("```") for line in path.read_text("utf-8").split("\n"))
        commands = sum(line.startswith("$ ") for line in path.read_text("utf-8").split("\n"))
        steps = [step for step in parse(path) if step.kind != "set"]
        texts = sum(step.kind != "console" and step.expected is not None for step in steps)
        others = sum(step.kind != "console" for step in steps)
        consoles = path.read_text("utf-8").count("```console")
        assert blocks == 2 * (consoles + others + texts), path
        assert commands == sum(step.kind == "console" for step in steps), path


def written(tmp_path: Path, text: str) -> tuple[Path, list[Outcome]]:
    path, folder = tmp_path / "x.md", tmp_path / "sandbox"
    path.write_text(text, "utf-8")
    folder.mkdir()
    return path, run(path, folder)


def test_a_right_document_has_no_faults(tmp_path):
    text = """<!-- A=1 COLUMNS=40 -->
```console
$ x=2; echo $A; echo err >&2
1
err
$ printf '1\\n2\\n3\\n'
1
...
$ (exit 3)
$ echo $?
3
$ cat <<'END'
> $HOME
> END
$HOME
$ [ -t 0 ] && [ -t 1 ] && [ -t 2 ] && stty size
2000 40
```

```sh
echo x | cat
```
```text
x
```

```python
import crmcli
print(crmcli.__name__)
```

```json
[1]
```
"""
    path, outcomes = written(tmp_path, text)
    assert faults(path, outcomes) == []
    assert not transcripts.update(path, outcomes)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("```console\n$ echo 1\n2\n```\n", "came out"),
        ("```console\n$ (exit 3)\n```\n", "ended with 3"),
        ("```sh\nfalse\ntrue\n```\n", "ended with 1"),
        ("```python\n1/0\n```\n", "ended with 1"),
    ],
)
def test_a_wrong_document_is_seen(tmp_path, text, fault):
    path, outcomes = written(tmp_path, text)
    assert fault in "".join(faults(path, outcomes))


@pytest.mark.parametrize(
    "text", ["```\nx\n```\n", "```ruby\nx\n```\n", "```console\nx\n```\n", "```text\nx\n```\n", "```sh\n"]
)
def test_an_unknown_block_is_refused(tmp_path, text):
    path = tmp_path / "x.md"
    path.write_text(text, "utf-8")
    with pytest.raises(Defect):
        parse(path)


def test_what_came_out_is_written(tmp_path):
    path, outcomes = written(
        tmp_path, "```console\n$ echo 1\n2\n3\n$ echo 4\n```\n```sh\necho 5\n```\n```text\n```\nend\n"
    )
    assert transcripts.update(path, outcomes)
    expected = "```console\n$ echo 1\n1\n$ echo 4\n4\n```\n```sh\necho 5\n```\n```text\n5\n```\nend\n"
    assert path.read_text("utf-8") == expected


def test_any_lines():
    assert matches(["a", "...", "d"], ["a", "b", "c", "d"])
    assert matches(["a", "...", "d"], ["a", "d"])
    assert not matches(["a", "...", "d"], ["a", "c"])
    assert not matches([], ["a"])
