"""The units of figures: their spellings, dimensions and sizes."""

import re

TIMES, PERCENT, COUNT = "x", "%", ""

_SI = {
    "": 1.0, "f": 1e-15, "p": 1e-12, "n": 1e-9, "u": 1e-6, "μ": 1e-6, "m": 1e-3, "c": 1e-2, "k": 1e3, "K": 1e3,
    "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
}  # fmt: skip
_TIME = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0, "week": 604800.0}
# dimension, size of the base unit, base spelling, the prefixes that it takes
_PREFIXED = (
    ("time", 1, "s", "fpnuμm"), ("time", 1, "sec", "nuμm"), ("bytes", 1, "B", "KkMGTP"), ("bytes/s", 1, "B/s", "MGT"),
    ("frequency", 1, "Hz", ("", *"mkMGT")), ("bandwidth", 1, "bps", ("", *"kMG")), ("bandwidth", 1, "b/s", "KMG"),
    ("power", 1, "W", ("", *"mkMμu")), ("energy", 1, "J", ("", *"mkMμu")), ("length", 1, "m", "nμumck"),
    ("electronvolts", 1, "eV", ("", *"μmkMGTPE")), ("field", 1, "G", "nμm"), ("voltage", 1, "V", "μmkM"),
    ("barns", 1, "b", "fpnm"), ("luminosity", 1, "b^-1", "fpnm"), ("parsecs", 1, "pc", ("", *"kMG")),
    ("years", 1, "yr", ("", *"kMG")), ("jansky", 1, "Jy", ("", *"μm")), ("temperature", 1, "K", "μm"),
    ("pressure", 1, "Pa", "kMG"), ("mass", 1e-3, "g", "nμmk"), ("current", 1, "A", "nμm"), ("velocity", 1, "m/s", "ck"),
    ("velocity", 1, "m s^-1", "ck"),
)  # fmt: skip


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
    add("time", 1, "s|secs|sec")
    add("time", 60, "min|mins")
    add("time", 3600, "h|hr|hrs")
    add("months", 1, "month|months")
    add("years", 1, "year|years|yrs")
    for dimension, size, base, prefixes in _PREFIXED:
        for prefix in prefixes:
            add(dimension, _SI[prefix] * size, prefix + base)
    add("time", 1e-3, "milliseconds|millisecond")
    add("time", 1e-6, "microseconds|microsecond")
    add("bytes", 1, "bytes|byte")
    add("bytes", 1024, "KiB")
    add("bytes", 1024.0**2, "MiB")
    add("bytes", 1024.0**3, "GiB")
    for prefix in "KMGTPE":  # whether a second is meant is left out as often as said
        for op in ("FLOPs", "FLOPS", "FLOP", "MACs", "OPS", "OPs"):
            add("operations", _SI[prefix], f"{prefix}{op}|{prefix}{op}/s|{prefix}-{op}")
    add("length", 1, "m|meters|meter|metres|metre")
    add("length", 1e3, "kilometers|kilometres")
    add("area", 1e-6, "mm^2|mm2")
    add("area", 1e6, "km^2|km2")
    add("bits", 1, "bit|bits")
    add("frames/s", 1, "fps|FPS|frames per second|frames/s")
    add("lines", 1, "p")
    add("decibels", 1, "dB|decibels")
    add("degrees", 1, "degrees|degree|°|deg")
    add("degrees", 1 / 60, "arcmin|′")
    add("degrees", 1 / 3600, "arcsec|′′")
    add("temperature", 1, "kelvin|K")
    add("°C", 1, "°C")
    add("standard deviations", 1, "σ|sigma|standard deviations")
    add("solar masses", 1, "M_⊙|M⊙|solar masses|M_sun")
    for sign, code in (("dollars", "USD"), ("euros", "EUR"), ("pounds", "GBP")):
        add(sign, 1, f"{sign}|{code}")
    add("dollars", 1, "dollar|US dollars")
    return table


UNITS = _table()
CURRENCIES = {
    "$": "dollars", "US$": "dollars", "USD": "dollars", "€": "euros", "EUR": "euros", "£": "pounds", "GBP": "pounds",
}  # fmt: skip
SCALES = {
    "k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12, "G": 1e9, "hundred": 1e2, "thousand": 1e3, "million": 1e6,
    "billion": 1e9, "trillion": 1e12, "mn": 1e6, "bn": 1e9,
}  # fmt: skip


def unit_pattern() -> str:
    """A regular expression for the spellings of all units, longest first."""
    placed = {"p": r"(?<=\d)p", "K": r"(?<=\d\s)K"}  # 720p, 300 K
    longest_first = sorted(UNITS, key=len, reverse=True)
    return "|".join(placed.get(s) or re.escape(s).replace(r"\ ", "[ -]") for s in longest_first)


def unit_of(spelling: str) -> tuple[str, float]:
    """The dimension of a unit that `unit_pattern` matched, and its size in the dimension's base unit."""
    return UNITS[spelling if spelling in UNITS else spelling.replace("-", " ")]
