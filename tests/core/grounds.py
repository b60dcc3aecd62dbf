"""Places and roads of an invented county, drawn by Hypothesis."""

from hypothesis import strategies as st

from wuzha.core.ground.point import Point

# All over the country, and a few steps of up to some hundred metres from there.
CORNERS = st.builds(Point, st.floats(75, 134), st.floats(4, 53))
STEPS = st.floats(-0.008, 0.008).map(lambda value: round(value, 6))
# As far as a site stands from the middle of its road, or a little farther.
CLOSE = st.floats(-0.0006, 0.0006).map(lambda value: round(value, 6))


@st.composite
def lines(draw: st.DrawFn, most: int = 12) -> tuple[Point, ...]:
    """A road of two points or more, some of them equal to the one before."""
    place = draw(CORNERS)
    found = [Point(round(place.lon, 6), round(place.lat, 6))]
    for east, north in draw(st.lists(st.tuples(STEPS, STEPS), min_size=1, max_size=most)):
        found.append(Point(found[-1].lon + east, found[-1].lat + north))
    return tuple(found)


@st.composite
def beside(draw: st.DrawFn, line: tuple[Point, ...]) -> Point:
    """A place not far from one of the line's points."""
    point = draw(st.sampled_from(line))
    steps = draw(st.sampled_from([STEPS, CLOSE]))
    return Point(point.lon + draw(steps), point.lat + draw(steps))
