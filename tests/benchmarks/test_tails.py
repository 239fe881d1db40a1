"""The slowest Updates, over all blocks: what a quantile is, and how far chance moves a ratio of two."""

from benchmarks.tails import QUANTILES, quantile, tails


def test_a_quantile_is_one_of_the_values_that_were_measured() -> None:
    values = [float(number) for number in range(100, 0, -1)]
    assert (quantile(values, 0.5), quantile(values, 0.99), quantile(values, 1.0)) == (51.0, 100.0, 100.0)


def test_sides_that_differ_by_a_factor_show_it_at_every_quantile_and_chance_moves_nothing() -> None:
    hand = [[10.0, 20.0, 30.0, 400.0]] * 4
    model = [[2 * value for value in block] for block in hand]
    found = tails(model, hand)
    assert [tail.quantile for tail in found] == list(QUANTILES)
    assert {(tail.ratio, tail.low, tail.high) for tail in found} == {(2.0, 2.0, 2.0)}


def test_one_slow_block_widens_what_chance_allows() -> None:
    hand = [[10.0] * 50] * 4
    model = [[10.0] * 50] * 3 + [[100.0] * 50]
    tail = tails(model, hand)[-1]
    assert (tail.ratio, tail.low, tail.high) == (10.0, 1.0, 10.0)
