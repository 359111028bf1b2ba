"""The picture of the README shows what the program draws, and fetches nothing."""

import subprocess
import sys
from xml.etree import ElementTree

from tests.docs.transcripts import ROOT


def test_it_is_fresh():
    command = [sys.executable, "docs/picture.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{done.stdout}to draw it: python docs/picture.py"


def test_it_stands_alone():
    text = (ROOT / "docs" / "images" / "show.svg").read_text("utf-8")
    ElementTree.fromstring(text)
    assert not any(word in text for word in ("@import", "url(http", "href=", "<script"))
