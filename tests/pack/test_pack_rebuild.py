"""Rebuilding the bundled layers: what a killed rebuild left, and what a failed one leaves."""

import pytest

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from pack import rebuild
from tests.paths import LAYERS


def test_what_a_killed_rebuild_left_goes_and_a_failed_one_leaves_nothing(tmp_path, monkeypatch):
    def fail(*_):
        raise LayerError(Fault("source_missing", "x", key="a", found="a"))

    dead = tmp_path / ".rebuilding-dead" / "layers"
    dead.mkdir(parents=True)
    (dead.parent / ".lock").touch()
    (dead / "half.tif").write_bytes(b"half")
    monkeypatch.setattr(rebuild, "source_faults", lambda *_, **__: [])
    monkeypatch.setattr(rebuild, "_build_all", fail)
    with pytest.raises(LayerError):
        rebuild.rebuild(tmp_path, tmp_path, described_in=LAYERS)
    assert list(tmp_path.iterdir()) == []
