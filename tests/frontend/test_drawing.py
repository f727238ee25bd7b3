"""The parts that every chart is drawn with."""

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from regulator.frontend.drawing import element, lines_of, round_ticks, width_of


def test_an_element_escapes_what_it_is_given() -> None:
    drawn = element("text", '<b>"&', x=1.25, class_='"a"', text_anchor=None, font_size=16)

    assert drawn == '<text x="1.2" class="&#34;a&#34;" font-size="16">&lt;b&gt;&#34;&amp;</text>'


def test_elements_within_stay_as_they_are() -> None:
    assert element("g", element("line", x1=0), "x < y") == Markup('<g><line x1="0"></line>x &lt; y</g>')


@given(st.text(), st.floats(min_value=10, max_value=900), st.sampled_from([14, 16]))
def test_lines_hold_every_word_and_keep_to_their_width(text: str, width: float, size: int) -> None:
    lines = lines_of(text, width=width, size=size)

    assert "".join("".join(lines).split()) == "".join(text.split())
    assert lines
    for line in lines:
        assert len(line) == 1 or width_of(line, size=size) <= width + 0.001


def test_lines_break_between_words_where_they_can() -> None:
    assert lines_of("one two three", width=width_of("one two", size=10), size=10) == ["one two", "three"]
    assert lines_of("", width=100, size=10) == [""]


@given(st.floats(min_value=0, max_value=1e9))
def test_ticks_are_few_round_and_reach_the_largest(largest: float) -> None:
    ticks = round_ticks(largest)

    assert ticks[0] == 0
    assert ticks[-1] >= largest
    assert 2 <= len(ticks) <= 7
    step = ticks[1]
    assert ticks == [step * place for place in range(len(ticks))]
    assert str(step).rstrip("0") in {"1", "2", "5"}
