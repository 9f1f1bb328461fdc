"""Which patient a document belongs to: comparison, score, and the filing rules that no score overrides."""

from classify.matching.case import FilingRules
from classify.matching.decide import decide_filing
from classify.matching.memory_index import MemoryPatientIndex
from classify.matching.record import match_identifiers

__all__ = ["FilingRules", "MemoryPatientIndex", "decide_filing", "match_identifiers"]
