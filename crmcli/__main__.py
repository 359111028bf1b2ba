"""`crm` and `python -m crmcli`: the two answers that need no command line, then the door."""

import gc
import os
import sys


def main() -> None:
    """Run one command and leave the process with its exit status."""
    # Nothing lives long enough to be worth collecting, and collecting while modules load costs a quarter of a command.
    gc.disable()
    _open_streams()
    arguments = sys.argv[1:]
    if arguments in (["--version"], ["-V"]):
        from crmcli import __version__

        status = _write(f"crm {__version__}\n")
    elif arguments[:1] == ["__complete"]:
        from crmcli import completion

        status = completion.main(arguments[1:])
    else:
        try:
            from crmcli import cli

            status = cli.run(arguments)
        except KeyboardInterrupt:  # before the door could hear it
            status = 130
    _leave(status)


def _open_streams() -> None:
    """Give a stream that the caller closed the null device, before another file gets its number."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: SIM115


def _write(text: str) -> int:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError:
        return 1
    return 0


def _leave(status: int) -> None:
    """End at once: everything is closed and flushed by now, and tearing the interpreter down takes long."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        status = status or 1
    os._exit(status)


if __name__ == "__main__":
    main()
