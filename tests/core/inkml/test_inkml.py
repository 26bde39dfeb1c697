"""Any bytes and any tree are read or refused."""

from __future__ import annotations

import random
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkread.core.errors import InkDamaged
from inkread.core.inkml import is_inkml, read_inkml
from tests.core.inkml.documents import ink_xml


def read_or_refuse(data: bytes) -> None:
    try:
        drawings = read_inkml(data, "a.inkml")
    except InkDamaged as error:
        assert str(error).startswith("a.inkml: ")
    else:
        assert drawings
        for drawing in drawings:
            for stroke in drawing.ink.strokes:
                assert np.isfinite(stroke.points).all()
                assert 0 < stroke.width < np.inf


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    is_inkml(data)
    read_or_refuse(data)


_RICH = ink_xml(
    """<definitions><context xml:id="c" brushRef="#b"><inkSource><traceFormat>
    <channel name="Y" type="integer" units="cm" orientation="-ve"/><channel name="X"/>
    <intermittentChannels><channel name="F" min="0" max="9"/></intermittentChannels>
    </traceFormat><channelProperties>
    <channelProperty channel="Y" name="resolution" value="10" units="1/cm"/>
    </channelProperties></inkSource></context>
    <brush xml:id="b"><brushProperty name="width" value="3" units="mm"/></brush></definitions>
    <trace xml:id="0" contextRef="#c">1 2, '3"4 5, * ?, !6-7 8</trace>
    <trace xml:id="1" continuation="end" priorRef="#0">#ff 1e3</trace>
    <traceGroup xml:id="g" contextRef="#c"><annotation type="truth">7</annotation>
    <traceView traceDataRef="#0"/><trace type="penUp">1 1</trace></traceGroup>
    <traceView traceDataRef="#g"/>"""
)


@pytest.mark.slow
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(_RICH)),
            st.integers(0, 20),
            st.one_of(
                st.binary(max_size=4),
                st.sampled_from([b"#c", b"#g", b"-", b"9" * 30, b"</trace>", b"<trace>", b'"/>']),
            ),
        ),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=400)
def test_spoilt_files_are_read_or_refused(changes: list[tuple[int, int, bytes]]) -> None:
    data = bytearray(_RICH)
    for at, gone, new in changes:
        data[at : at + gone] = new
    read_or_refuse(bytes(data))


def any_tree(rng: random.Random, depth: int = 0) -> ET.Element:
    """Sense and nonsense made of the elements, attributes and references that mean something."""
    known = ET.fromstring(_RICH)
    elements = [element for element in known.iter() if element is not known]
    tags = sorted({element.tag for element in elements})
    pairs = sorted({pair for element in elements for pair in element.items()})
    root = ET.Element(rng.choice(tags) if depth else known.tag)
    for name, value in rng.choices(pairs, k=rng.randrange(5)):
        root.set(name, value if rng.random() < 0.7 else rng.choice(pairs)[1])
    root.text = "".join(rng.choices("0123456789 .,'\"!*?TF-+e#", k=rng.randrange(20)))
    if depth < 4:
        root.extend(any_tree(rng, depth + 1) for _ in range(rng.randrange(5 - depth)))
    return root


@pytest.mark.parametrize("seed", range(100))
def test_any_tree_is_read_or_refused(seed: int) -> None:
    read_or_refuse(ET.tostring(any_tree(random.Random(seed))))
