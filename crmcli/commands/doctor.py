"""`crm doctor`."""

from crmcli.app import App
from crmcli.render.loader import load
from crmcli.render.views.doctor import VIEW
from crmcli.services.doctor.doctor import counts


def COMMAND(app: App) -> int:
    """Look whether all is well here, and say what to do if not.

    Nothing is changed, not even an older database. What it says is fit for a bug report. The exit status is 1 when
    something fails.
    """
    app.doctor.readable_settings()
    if not app.prepare(VIEW):
        return 0
    page = app.doctor.findings()
    if app.out.drawn:
        load("screens.findings").write(page.items, app.out)
    else:
        app.show(VIEW, page)
    number = counts(page)
    if app.out.on_terminal:
        app.out.message(f"{number['ok']} ok, {number['warn']} to look at, {number['fail']} failed")
    return 1 if number["fail"] else 0
