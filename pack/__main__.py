"""Write the bundled layers again from their sources and update the catalog."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from maemoh_gis.core.errors import MaeMohError
from maemoh_gis.core.messages import describe
from pack.rebuild import rebuild

LAYERS = Path(__file__).resolve().parent.parent / "layers"


def main() -> int:
    """Rebuild as asked; 2 if it cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m pack", description=__doc__)
    parser.add_argument("--sources", type=Path, required=True, metavar="DIR",
                        help="folder with reference/ and facts/")  # fmt: skip
    parser.add_argument("--layers", type=Path, default=LAYERS, metavar="DIR",
                        help="folder with the catalog that describes the layers")  # fmt: skip
    parser.add_argument("--out", type=Path, metavar="DIR",
                        help="folder to write, that of the catalog if not given")  # fmt: skip
    parser.add_argument("--any-sources", action="store_true",
                        help="take sources whose checksums are not those of last time")  # fmt: skip
    asked = parser.parse_args()
    folder = asked.out or asked.layers
    try:
        written = rebuild(
            asked.sources, folder, described_in=asked.layers, any_sources=asked.any_sources
        )
    except MaeMohError as error:
        sys.stderr.writelines(f"{describe(fault, 'en')}\n" for fault in error.faults)
        return 2
    sys.stdout.write(f"{len(written)} layers written to {folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
