"""A worker traces pages."""

from __future__ import annotations

import cv2

from inkread.core.ink import rasterise_page
from inkread.core.picture.page import Page, open_page
from inkread.core.reading import Seen
from inkread.services.page_traces import PageTraces
from tests.services.manual import ManualExecutor
from tests.written import write


def page(text: str) -> Page:
    _, data = cv2.imencode(".png", rasterise_page(write(text)))
    return open_page(data.tobytes(), text)


def test_every_stage_of_the_page_is_reported_with_it(qapp: object) -> None:
    executor = ManualExecutor()
    traces, emitted = PageTraces(executor), list[tuple[Page, list[str]]]()
    traces.traced.connect(lambda page, steps: emitted.append((page, [s.name for s in steps])))
    one = page("20")
    traces.request(one)
    assert emitted == []
    executor.drain()
    ((of, names),) = emitted
    assert of is one
    assert (names[0], names[-1]) == ("rectify sheet", "drop non text")


def test_of_pages_shown_one_after_the_other_the_last_is_traced(qapp: object) -> None:
    executor = ManualExecutor()
    traces, emitted = PageTraces(executor), list[Page]()
    traces.traced.connect(lambda page, _: emitted.append(page))
    pages = [page(text) for text in "123"]
    for each in pages:
        traces.request(each)
    executor.drain()
    assert emitted == [pages[-1]]


def test_a_page_is_traced_as_it_was_seen_when_it_was_read(qapp: object) -> None:
    executor = ManualExecutor()
    traces, emitted = PageTraces(executor), list[dict[str, tuple[int, ...]]]()
    traces.traced.connect(lambda _, steps: emitted.append({s.name: s.picture.shape for s in steps}))
    one = page("20")
    traces.request(one, Seen(half_size=True, quarters=1))
    executor.drain()
    ((height, width),) = {(h // 2, w // 2) for h, w in [one.grey.shape]}
    (shapes,) = emitted
    assert shapes["denoise"] == (height, width)
    assert shapes["turn page"] == shapes["drop non text"] == (width, height)
