"""What a comparison prints: pairs with the first run only, those of one value together."""

from maemoh_gis.commands.compare import _with_the_first


def test_pairs_of_one_value_stand_on_one_line_and_others_are_left_to_the_tables():
    pairs = [
        {"runs": ["a", "b"], "jaccard": 1.0},
        {"runs": ["a", "c"], "jaccard": 0.98},
        {"runs": ["a", "d"], "jaccard": 1.0},
        {"runs": ["b", "c"], "jaccard": 0.5},
    ]
    assert _with_the_first(pairs, "jaccard") == {("1.000",): "a / b, d", ("0.980",): "a / c"}
    assert _with_the_first([], "jaccard") == {}


def test_ranks_of_sites_and_yards_are_kept_apart_and_unknown_tau_is_a_dash():
    pairs = [
        {"runs": ["a", "b"], "kind": "site", "pieces": 12, "tau_b": None},
        {"runs": ["a", "b"], "kind": "yard", "pieces": 3, "tau_b": 1.0},
    ]
    assert _with_the_first(pairs, "kind", "pieces", "tau_b") == {
        ("site", "12", "–"): "a / b",
        ("yard", "3", "1.000"): "a / b",
    }
