"""What an e-mail address says of its owner."""

from crmcli.kernel.mailboxes import is_public, is_role


def test_boxes_of_a_task() -> None:
    assert is_role("info@engines.example")
    assert is_role("sales-berlin@engines.example")
    assert is_role("no-reply@engines.example")
    assert not is_role("ada@engines.example")
    assert not is_role("ada.info@engines.example")


def test_hosts_for_everybody() -> None:
    assert is_public("gmail.com")
    assert is_public("yahoo.co.uk")
    assert is_public("localhost")
    assert not is_public("engines.example")
    assert not is_public("mail.engines.example")
