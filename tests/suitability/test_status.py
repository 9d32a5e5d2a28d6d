"""Whether a limit was checked on some land."""

from types import SimpleNamespace

import pytest

from maemoh_gis.suitability.limit_status import status_of

TESTED, DECLARED = SimpleNamespace(test="within"), SimpleNamespace(test=None)


@pytest.mark.parametrize(
    ("limit", "known", "cells", "status"),
    [
        (TESTED, 5, 5, "checked"),
        (TESTED, 4, 5, "partly"),
        (TESTED, 0, 5, "partly"),
        (TESTED, 0, 0, "partly"),
        (DECLARED, 0, 5, "not_checked"),
    ],
)
def test_a_limit_is_checked_only_where_it_is_known_on_all_of_the_land(limit, known, cells, status):
    assert status_of(limit, known, cells) == status
