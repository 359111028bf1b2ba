"""Write everything in the documents that is made by a program: `python docs/refresh.py`.

The exit status is 0 when all is well.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STEPS = (
    ["docs/generate.py"],
    ["docs/datamodel.py"],
    ["docs/picture.py"],
    ["-m", "tests.docs.transcripts", "--update"],
)


def main() -> int:
    """Run every generator; returns 1 when one failed."""
    return int(any([subprocess.run([sys.executable, *step], cwd=ROOT, check=False).returncode for step in STEPS]))


if __name__ == "__main__":
    sys.exit(main())
