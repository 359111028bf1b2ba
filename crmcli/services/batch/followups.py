"""Operations on what was promised."""

from typing import TYPE_CHECKING

from crmcli.services.batch.operation import (
    WHO,
    Operation,
    Values,
    check_flag,
    columns,
    ids,
    one,
    optional,
    rest,
    text,
    who,
)

if TYPE_CHECKING:
    from crmcli.app import App

_SET = columns("followup") - {"due_at"} | WHO | {"due", "subject", "every", "workdays", "case"}
_NOTED = {"note", "log", "channel", "outcome", "duration", "at", "no_aftercare", "satisfaction"}


def _add(app: "App", values: Values) -> list[str]:
    return [app.followups.add(one(values), text(values, "subject"), values)["id"]]


def _finish(app: "App", values: Values) -> list[str]:
    check_flag(values, "no_aftercare")
    return ids(app.followups.done(who(values), rest(values)))


OPERATIONS = {
    "followup.add": Operation(_add, _SET),
    "followup.edit": Operation(lambda app, v: [app.followups.edit(one(v), v)[0]["id"]], _SET),
    "followup.done": Operation(_finish, WHO | _NOTED | {"next", "next_subject"}),
    "followup.snooze": Operation(lambda app, v: ids(app.followups.snooze(who(v), text(v, "when"))), WHO | {"when"}),
    "followup.skip": Operation(lambda app, v: ids(app.followups.skip(who(v))), WHO),
    "followup.assign": Operation(lambda app, v: ids(app.followups.assign(who(v), text(v, "user"))), WHO | {"user"}),
    "followup.cancel": Operation(
        lambda app, v: ids(app.followups.cancel(who(v), optional(v, "reason"))), WHO | {"reason"}
    ),
}
