"""Names of the sample county, put together from syllables so that none is taken from a map."""

from random import Random

COUNTY = "石桥县"

# The first town is the county seat. Signs that are rare in names of places, in pairs not known from any map.
TOWNS = ("砚汀", "筠坪", "葭浦", "蓼塘", "苇埠", "椿垄", "榆屿", "枫汊", "橘圩", "杉洄", "藜湾", "楮岙")
STREETS = 2
"""How many of the towns are sub-districts (街道); the rest are 镇, the last three 乡."""

RURAL = 3

_FIRST = tuple("笺笙箫筝弦韵簪绫绢绸缎毡毯靛黛绛缃釉瓷篦")
_SECOND = tuple("坡岔埂坎洼汊渡堰畈冲坳峪垭坨圳墩")


def name_town(number: int) -> str:
    """The full name of a town, from 1."""
    if number <= STREETS:
        return f"{TOWNS[number - 1]}街道"
    return f"{TOWNS[number - 1]}{'乡' if number > len(TOWNS) - RURAL else '镇'}"


def list_village_names(seed: str) -> list[str]:
    """All two-syllable names of villages and communities, each once, shuffled."""
    names = [first + second for first in _FIRST for second in _SECOND]
    Random(seed).shuffle(names)
    return names
