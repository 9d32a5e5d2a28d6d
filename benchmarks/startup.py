"""How long `maemoh-gis --help` takes from a cold process."""

from benchmarks.timing import main

if __name__ == "__main__":
    main("startup", ["--help"], runs=9)
