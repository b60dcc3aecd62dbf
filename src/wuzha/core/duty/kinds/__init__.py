"""The seven verbs. A new one is a file here and a line in this table."""

from collections.abc import Mapping
from types import MappingProxyType

from wuzha.core.duty.kinds.attain import ATTAIN
from wuzha.core.duty.kinds.check import CHECK
from wuzha.core.duty.kinds.cover import COVER
from wuzha.core.duty.kinds.do import DO
from wuzha.core.duty.kinds.file import FILE
from wuzha.core.duty.kinds.keep import KEEP
from wuzha.core.duty.kinds.space import SPACE
from wuzha.core.duty.kinds.verb import Verb

VERBS: Mapping[str, Verb] = MappingProxyType(
    {verb.name: verb for verb in (DO, KEEP, COVER, FILE, CHECK, SPACE, ATTAIN)}
)
