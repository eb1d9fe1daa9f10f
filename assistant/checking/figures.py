"""Whether a claimed figure agrees with a cited one: equal after normalisation and rounding, or derived from it.

`1.75x` is 75 % faster; from 73 to 6.7 ms is 91 % less; two orders of magnitude are 100x.
"""

from collections.abc import Iterable, Iterator
from math import isclose

from assistant.checking.quantities import FRACTION, LABEL, LITERAL, MAGNITUDE, YEAR, Quantity
from assistant.checking.units import COUNT, PERCENT, TIMES

ROUNDING_ERROR = 0.07  # the most that rounding may change a figure, as a share of it
LOOSE_ERROR = 0.1  # the same after "about", "nearly", "over"
LEAST_SIDE = 32  # the side of a square picture may be named alone
SMALL_COUNT = 12  # a bare number up to this one counts things


def _equal(claimed: Quantity, cited: float) -> bool:
    """Whether the claimed figure is `cited` rounded, or a round figure near it: "about 20", "more than 10" for 10.9."""
    if isclose(claimed.value, cited, rel_tol=1e-6):
        return True
    if cited == 0:
        return False
    error = (cited - claimed.value) / abs(cited)
    most = LOOSE_ERROR if claimed.approximate else ROUNDING_ERROR
    if abs(claimed.value - cited) <= 0.5000001 * claimed.step and abs(error) <= most:
        return True
    bounded = 0 < error * claimed.bound <= LOOSE_ERROR and _digits(cited) > 2  # "over 90" does not fit 95
    beside = abs(error) <= 0.03 or bounded
    rounder = _digits(claimed.value) < _digits(cited)  # nobody says "over 97" of 99
    return claimed.approximate and beside and rounder and _digits(claimed.value) <= 2


def _digits(value: float) -> int:
    """How many significant digits a value has: two in `21,000` and `1.6`."""
    return len(f"{value:.9e}".partition("e")[0].replace(".", "").rstrip("0"))


def _fits(claimed: Quantity, value: float, step: float = 0.0) -> bool:
    """Whether the claimed figure is `value` rounded. If `value` is coarser than the claim, by `step`, the worth of its
    last digit, they must be equal, unless the claim is approximate."""
    if step > claimed.step > 0 and not isclose(claimed.value, value, rel_tol=1e-6):
        return claimed.approximate and _equal(claimed, value)
    return _equal(claimed, value)


def compatible(claimed: Quantity, cited: Quantity) -> bool:
    """Whether two figures measure the same thing: the same unit, or a percentage or factor and a bare number that does
    not count things."""
    if claimed.unit == cited.unit:
        return True
    if YEAR in (claimed.unit, cited.unit):
        return {claimed.unit, cited.unit} == {YEAR, COUNT}
    if COUNT not in (claimed.unit, cited.unit):
        return False
    bare, measured = (claimed, cited) if claimed.unit == COUNT else (cited, claimed)
    if not measured.own_unit or measured.unit == "degrees":
        return True
    if measured.unit == PERCENT:
        return _decimal(bare) or bare.value > SMALL_COUNT
    return measured.unit == TIMES and _decimal(measured)


def _decimal(quantity: Quantity) -> bool:
    return 0 < quantity.step < 1


def agrees(claimed: Quantity, cited: Quantity, compares: bool = True) -> bool:
    """Whether the claimed figure says the same as the cited one. `compares`: the claim is about a change or a
    comparison, so times, percent and fractions are interchangeable."""
    if LITERAL in (claimed.unit, cited.unit):
        if claimed.unit == COUNT and claimed.value >= LEAST_SIDE:  # "ImageNet 256" is of 256x256
            return cited.literal == f"{claimed.value:g}x{claimed.value:g}"
        return claimed.literal == cited.literal and claimed.unit == cited.unit
    if LABEL in (claimed.unit, cited.unit):
        return claimed.literal == cited.literal
    if compatible(claimed, cited) and (
        isclose(claimed.value, cited.value, rel_tol=1e-6)  # another measure of nearly the same size is another thing
        if {claimed.unit, cited.unit} == {COUNT, PERCENT}
        else _fits(claimed, cited.value, cited.step)
    ):
        return True
    if {claimed.unit, cited.unit} == {COUNT, "temperature"}:  # 300K and 300 K
        small, large = sorted((claimed.value, cited.value))
        return isclose(small * 1000, large, rel_tol=1e-6)
    if claimed.unit == cited.unit:
        return False
    if {claimed.unit, cited.unit} == {COUNT, PERCENT}:  # .95 and 95 %
        share = cited.value * 100 if cited.unit == COUNT else cited.value / 100
        return min(claimed.value, cited.value) <= 1 and _fits(claimed, share)
    if {claimed.unit, cited.unit} == {COUNT, FRACTION} and _fits(claimed, cited.value):  # .25 and 1/4
        return True
    if claimed.unit == FRACTION:
        return any(abs(claimed.value - value) <= LOOSE_ERROR * value for value in _as_unit(cited, FRACTION))
    if not compares and {claimed.unit, cited.unit} != {TIMES, MAGNITUDE}:
        return False
    exact = claimed.unit == PERCENT and claimed.value == 100  # 99 % less is not "roughly 100 %"
    return any(isclose(value, 100) if exact else _fits(claimed, value) for value in _as_unit(cited, claimed.unit))


def _as_unit(cited: Quantity, unit: str) -> Iterator[float]:
    """The values of a cited figure in another unit of comparison."""
    ratios = list(_ratios(cited))
    if unit == PERCENT:
        for ratio in ratios:
            yield abs(ratio - 1) * 100
            if cited.unit == FRACTION:
                yield ratio * 100
    elif unit == TIMES:
        for ratio in ratios:
            yield from (ratio, 1 / ratio)
    elif unit == FRACTION:
        if cited.unit == COUNT and _decimal(cited):
            yield cited.value
        if cited.unit == PERCENT:
            yield cited.value / 100
        for ratio in ratios:
            yield from (ratio, 1 / ratio)
    elif unit == MAGNITUDE and cited.unit in (TIMES, COUNT) and cited.value >= 5:
        for power in range(1, 13):
            if 0.5 * 10**power <= cited.value <= 10 ** (power + 0.7):
                yield float(power)


def _ratios(cited: Quantity) -> Iterator[float]:
    """The ratios of new to old that a comparison may mean: 1.75, 1/1.75 and 2.75 for `1.75x`; .6, 1/.6 and 1.4 for
    `40 %`."""
    if cited.unit == TIMES and cited.value > 0:
        yield from (cited.value, 1 / cited.value)
        yield 1 + cited.value
    elif cited.unit == PERCENT and cited.value > 0:
        yield 1 + cited.value / 100
        if cited.value < 100:
            yield from (1 - cited.value / 100, 1 / (1 - cited.value / 100))
    elif cited.unit == FRACTION and cited.value > 0:
        yield cited.value
    elif cited.unit == MAGNITUDE:
        yield 10.0**cited.value


def derives(claimed: Quantity, before: Quantity, after: Quantity) -> bool:
    """Whether the claimed figure is the difference or the ratio of two cited ones of the same unit."""
    if before.unit != after.unit or before.unit in (LITERAL, LABEL, YEAR) or not before.value or not after.value:
        return False
    difference = abs(before.value - after.value)
    high, low = max(before.value, after.value), min(before.value, after.value)
    values: list[float] = []
    if claimed.unit == before.unit or (claimed.unit == PERCENT and before.unit == COUNT):
        values.append(difference)
    if claimed.unit == TIMES:
        values.append(high / low)
    elif claimed.unit == PERCENT:
        values += [difference / high * 100, difference / low * 100]
    elif claimed.unit == FRACTION:
        values.append(low / high)
    return any(value > 0 and _equal(claimed, value) for value in values)


def is_rest(claimed: Quantity, share: Quantity) -> bool:
    """Whether the claimed percentage is the rest of a cited one: 88 % less leaves 12 %."""
    return 0 < share.value < 100 and _equal(claimed, 100 - share.value)


def is_share(claimed: Quantity, one: float, another: float) -> bool:
    """Whether the claimed percentage is one count as a share of the other: 170 of 1,942 are 9 %."""
    return _equal(claimed, 100 * min(one, another) / max(one, another))


def find_figure(claimed: Quantity, cited: Iterable[Quantity], compares: bool = True) -> Quantity | None:
    """The first cited figure that the claimed one agrees with, preferably of the same unit."""
    fallback = None
    for quantity in cited:
        if agrees(claimed, quantity, compares):
            if quantity.unit == claimed.unit:
                return quantity
            fallback = fallback or quantity
    return fallback
