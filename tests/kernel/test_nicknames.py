"""Nicknames."""

from crmcli.kernel.nicknames import different_names, initials, same_name


def test_short_forms_are_those_of_their_names() -> None:
    assert same_name("bob", "robert")
    assert same_name("bill", "will")
    assert same_name("alex", "alexander")
    assert same_name("alex", "alexandra")
    assert not same_name("alexander", "alexandra")
    assert same_name("unheardof", "unheardof")
    assert not same_name("bob", "unheardof")


def test_two_known_names_are_two() -> None:
    assert different_names("john", "joan")
    assert different_names("maria", "mario")
    assert not different_names("jon", "john")
    assert not different_names("john", "jhon")


def test_initials_are_those_of_all_that_a_name_is_short_for() -> None:
    assert initials("bob") == {"b", "r"}
    assert initials("unheardof") == {"u"}
