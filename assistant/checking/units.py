"""The units that figures of abstracts carry: a table of spellings, the dimension each measures, and its size.

Times and percentages are dimensions of their own (`x`, `%`); a count has the empty dimension.
"""

import re

TIMES, PERCENT, COUNT = "x", "%", ""

_SI = {
    "": 1.0, "n": 1e-9, "u": 1e-6, "μ": 1e-6, "m": 1e-3, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15,
    "E": 1e18,
}  # fmt: skip
_TIME = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0, "week": 604800.0}


def _table() -> dict[str, tuple[str, float]]:
    table: dict[str, tuple[str, float]] = {}

    def add(dimension: str, size: float, spellings: str) -> None:
        table.update((spelling, (dimension, size)) for spelling in spellings.split("|"))

    add(TIMES, 1, "x|X|×|times|fold|mal|fach|fache|Fache|fachen|fois|veces")
    add(PERCENT, 1, "%|percent|per cent|percentage points|percentage point|percent points|points|pp|pts|p.p.|%p")
    add(PERCENT, 1, "Prozent")
    for name, size in _TIME.items():
        add("time", size, f"{name}|{name}s")
        for device in ("GPU", "TPU", "CPU", "A100", "H100"):
            add(f"{device} time", size, f"{device} {name}s|{device} {name}|{device}-{name}s|{device}-{name}")
    add("time", 1, "s|sec|secs")
    add("time", 60, "min|mins")
    add("time", 3600, "h|hr|hrs")
    add("months", 1, "month|months")
    add("years", 1, "year|years|yrs")
    for prefix in ("n", "u", "μ", "m"):
        add("time", _SI[prefix], f"{prefix}s|{prefix}sec")
    add("time", 1e-3, "milliseconds|millisecond")
    add("time", 1e-6, "microseconds|microsecond")
    for prefix in ("", "K", "k", "M", "G", "T", "P"):
        add("bytes", _SI[prefix], f"{prefix}B" if prefix else "bytes|byte")
    add("bytes", 1024, "KiB")
    add("bytes", 1024.0**2, "MiB")
    add("bytes", 1024.0**3, "GiB")
    for prefix in ("K", "M", "G", "T", "P", "E"):
        add(
            "operations",
            _SI[prefix],
            "|".join(f"{prefix}{op}" for op in ("FLOPs", "FLOPS", "FLOP", "MACs", "OPS", "OPs")),
        )
        add("operations/s", _SI[prefix], "|".join(f"{prefix}{op}/s" for op in ("FLOPs", "FLOPS", "FLOP", "OPS", "OPs")))
        add("operations", _SI[prefix], f"{prefix}-FLOPs")
    for prefix in ("", "k", "M", "G"):
        add("frequency", _SI[prefix], f"{prefix}Hz")
        add("bandwidth", _SI[prefix], f"{prefix}bps|{prefix.upper() or 'B'}b/s")
    for prefix in ("M", "G", "T"):
        add("bytes/s", _SI[prefix], f"{prefix}B/s")
    for prefix in ("m", "k", "M", "μ", "u", ""):
        add("power", _SI[prefix], f"{prefix}W")
        add("energy", _SI[prefix], f"{prefix}J")
    for prefix, size in (("n", 1e-9), ("μ", 1e-6), ("u", 1e-6), ("m", 1e-3), ("c", 1e-2), ("k", 1e3)):
        add("length", size, f"{prefix}m")
    add("length", 1, "m|meters|meter|metres|metre")
    add("length", 1e3, "kilometers|kilometres")
    add("area", 1e-6, "mm^2|mm2")
    add("area", 1e6, "km^2|km2")
    add("bits", 1, "bit|bits")
    add("frames/s", 1, "fps|FPS|frames per second|frames/s")
    add("decibels", 1, "dB|decibels")
    add("degrees", 1, "degrees|degree|°")
    add("temperature", 1, "°C")
    add("money", 1, "dollars|USD|US dollars")
    return table


UNITS = _table()
SCALES = {
    "k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12, "G": 1e9, "hundred": 1e2, "thousand": 1e3, "million": 1e6,
    "billion": 1e9, "trillion": 1e12, "mn": 1e6, "bn": 1e9,
}  # fmt: skip


def unit_pattern() -> str:
    """A regular expression that matches any spelling of a unit, the longest first."""
    return "|".join(re.escape(spelling).replace(r"\ ", "[ -]") for spelling in sorted(UNITS, key=len, reverse=True))


def unit_of(spelling: str) -> tuple[str, float]:
    """The dimension of a unit's spelling and its size in the dimension's base unit; a count where it is none."""
    for candidate in (spelling, spelling.replace("-", " "), spelling.lstrip("-"), spelling.lower()):
        if candidate in UNITS:
            return UNITS[candidate]
    return COUNT, 1.0
