"""How long the baseline run takes, from the command to the finished run folder."""

from benchmarks.timing import main

if __name__ == "__main__":
    main("baseline_run", ["run", "baseline"], runs=3, with_folder=True)
