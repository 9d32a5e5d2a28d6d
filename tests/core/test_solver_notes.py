"""What a solver writes of its own does not stand among answers."""

import os
import subprocess
import sys

import pytest
import scipy.optimize

from maemoh_gis.core.solver_notes import notes_beside_answers
from maemoh_gis.sites.land_mix import mix_uses
from tests.sites.test_land_mix import rivals
from tests.yard_choice.test_yard_room import found

NOTE = b"a note of the solver\n"


def test_notes_go_to_standard_error_and_answers_to_standard_output():
    program = (
        "import os\n"
        "from maemoh_gis.core.solver_notes import notes_beside_answers\n"
        "print('before')\n"
        "with notes_beside_answers():\n"
        "    os.write(1, b'note')\n"
        "print('after')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["before", "after"]
    assert done.stderr == "note"


def test_standard_output_is_back_after_a_failure(capfd):
    def fail():
        os.write(1, NOTE)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), notes_beside_answers():
        fail()
    os.write(1, b"answer\n")
    out, errors = capfd.readouterr()
    assert out == "answer\n"
    assert errors == NOTE.decode()


def test_a_program_without_standard_output_still_solves():
    program = (
        "import os, sys\n"
        "from maemoh_gis.core.solver_notes import notes_beside_answers\n"
        "os.close(1)\n"
        "with notes_beside_answers():\n"
        "    sys.stderr.write('solved')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stderr.startswith("solved")


@pytest.fixture
def noisy(monkeypatch):
    """Let the solver write a note whenever it is asked; say how often that was."""
    asked, quiet = [], scipy.optimize.milp

    def milp(*given, **settings):
        asked.append(os.write(1, NOTE))
        return quiet(*given, **settings)

    monkeypatch.setattr(scipy.optimize, "milp", milp)
    return asked


def test_uses_that_share_the_land_leave_standard_output_clean(noisy, capfd):
    mix_uses(rivals(1))
    assert noisy
    assert capfd.readouterr().out == ""


def test_yards_of_limited_room_leave_standard_output_clean(noisy, capfd):
    found([120.0, 1e6, 1e6], [1, 2])
    assert noisy
    assert capfd.readouterr().out == ""
