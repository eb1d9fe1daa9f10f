"""The upper floor: answers, comparisons and digests, written about what the index found and checked."""
