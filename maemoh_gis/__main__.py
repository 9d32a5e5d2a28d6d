"""Let `python -m maemoh_gis` be the command line."""

from maemoh_gis.cli import main

if __name__ == "__main__":
    main()
