"""Rooms that another command hands over to."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from inspect import signature
from typing import Any, get_args, get_origin

from crmcli.app import App
from crmcli.kernel.errors import UsageError

# Noun -> the module of its room.
SHOWN = {"deal": "deals", "order": "orders", "case": "cases", "product": "products"}


def show(app: App, noun: str, ref: str, **given: Any) -> Any:
    """Run `crm NOUN show REF` for `crm show REF`; returns its exit status.

    Args:
        app: the program.
        noun: one of SHOWN.
        ref: the id.
        given: options that the person gave, by their parameters.

    Raises:
        UsageError: there is no such command, or it has not these options.
    """
    verb = _verb(SHOWN[noun])
    if verb is None:
        raise UsageError(f"{ref} is a {noun}, not a customer", f"try: crm {noun} show {ref}")
    parameters = signature(verb).parameters
    for name in given:
        if name not in parameters:
            flag = name.replace("_", "-")
            raise UsageError(f"--{flag} is for customers, and {ref} is a {noun}", f"leave it out: crm show {ref}")
    which = list(parameters.values())[1]
    many = get_origin((get_args(which.annotation) or [None])[0]) is list
    return verb(app, [ref] if many else ref, **given)


def _verb(module: str) -> Callable[..., Any] | None:
    path = f"crmcli.commands.{module}"
    if find_spec(path) is None:
        return None
    verb: Callable[..., Any] | None = import_module(path).ROOM.verbs.get("show")
    return verb
