from crmcli.app import App


def COMMAND(app: App) -> None:
    """Today."""
    app.out.write("hi\n")
