"""The banner shows the last message, and what lasts beside it."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from inkread.ui.widgets.banner import Banner


@pytest.fixture
def banner(qtbot: QtBot) -> Banner:
    banner = Banner()
    qtbot.addWidget(banner)
    return banner


def test_a_message_takes_the_place_of_the_last_one(banner: Banner) -> None:
    banner.show_text("one")
    banner.show_text("two")
    assert (banner.text, banner.isHidden()) == ("two", False)
    banner.dismiss()
    assert (banner.text, banner.isHidden()) == ("", True)


def test_a_lasting_message_stays_beside_others(banner: Banner) -> None:
    banner.show_text("before")
    banner.show_lasting("lasting")
    assert banner.text == "before\nlasting"
    banner.show_text("after")
    banner.show_lasting("lasting")
    assert (banner.text, banner.message) == ("after\nlasting", "after")
    banner.end_lasting()
    assert banner.text == "after"


def test_a_lasting_message_alone_goes_when_it_ends(banner: Banner) -> None:
    banner.show_lasting("lasting")
    assert (banner.text, banner.accessibleName()) == ("lasting", "lasting")
    banner.end_lasting()
    assert banner.isHidden()
    banner.end_lasting()
    banner.show_text("other")
    assert banner.text == "other"


def test_who_closes_the_banner_has_read_all_of_it(banner: Banner, qtbot: QtBot) -> None:
    banner.show_text("one")
    banner.show_lasting("lasting")
    with qtbot.waitSignal(banner.closed):
        banner.close_button.click()
    banner.show_text("other")
    assert banner.text == "other"


def test_a_lasting_message_stays_when_the_last_one_is_out_of_date(banner: Banner) -> None:
    banner.show_lasting("lasting")
    banner.dismiss()
    banner.show_text("one")
    banner.dismiss()
    assert (banner.text, banner.isHidden()) == ("lasting", False)
