"""Checks each written sentence against the sentences it cites: figures, names, quotes, dates, the right paper."""

from assistant.checking.sentence import check_claim, check_sentence, is_borne_out

__all__ = ["check_claim", "check_sentence", "is_borne_out"]
