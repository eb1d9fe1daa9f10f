"""Crossref's API: a DOI -> its paper, read as any record of Crossref's is."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from index.paper import Reject
from index.safety.limits import FIELD, refuse_longer
from index.sources.client import CROSSREF, FetchError, Visit
from index.sources.record_fields import with_own_id

if TYPE_CHECKING:
    from index.sources import Reading

_API = "https://api.crossref.org/works/"


def read(visit: Visit, doi: str, *, place: str, posted: str | None = None) -> "Reading":
    """The paper of a DOI, or the reject that says what it lacks. Raises FetchError, and TooLarge for a text that is no
    DOI."""
    from index.sources import read_text

    refuse_longer("The DOI", doi, FIELD)
    text = visit.get(_API + quote(doi, safe="")).text or ""
    try:
        record = json.loads(text)["message"]
        same = record["DOI"].casefold() == doi.casefold()
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        raise FetchError(
            f"{CROSSREF} answered with something other than a paper. Try again later, or add the paper's record."
        ) from None
    if not same:
        raise FetchError(f"{CROSSREF} answered with another paper than {doi}. Check the DOI.")
    record.pop("custom", None)  # where our own exports keep a paper's id: a site must not choose it
    reading = read_text(json.dumps(record), place=place, format="crossref", posted=posted)
    return replace(
        reading,
        papers=tuple(with_own_id(paper, f"doi:{doi}") for paper in reading.papers[:1]),
        rejects=tuple(_told(reject) for reject in reading.rejects),
    )


def _told(reject: Reject) -> Reject:
    if reject.reason != "has no abstract":
        return reject
    reason = "has no abstract at Crossref: export its record with the abstract (BibTeX, RIS), and add that"
    return replace(reject, reason=reason)
