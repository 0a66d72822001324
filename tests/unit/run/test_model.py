"""How a run's end is read, and what is kept of a program."""

from __future__ import annotations

import pytest

from authsome.run.errors import ProgramInvalid
from authsome.run.model import LEASE_LIFE, RENEW_EVERY, RunOutcome, check_program, lease_name, outcome_of


@pytest.mark.parametrize(
    ("exit_code", "outcome"),
    [
        (0, RunOutcome.COMPLETED),
        (1, RunOutcome.FAILED),
        (255, RunOutcome.FAILED),
        (-9, RunOutcome.SIGNALLED),
        (-2, RunOutcome.SIGNALLED),
    ],
)
def test_an_exit_code_is_one_of_a_closed_list_of_ends(exit_code: int, outcome: RunOutcome) -> None:
    assert outcome_of(exit_code) is outcome


@pytest.mark.parametrize(
    ("program", "kept"),
    [("curl", "curl"), ("/home/ann/secret-project/agent.py", "agent.py"), ("C:\\Users\\ann\\a.exe", "a.exe")],
)
def test_only_the_last_part_of_a_programs_path_is_kept(program: str, kept: str) -> None:
    assert check_program(program) == kept


@pytest.mark.parametrize("program", ["", "/", "a\nb", "x" * 65, "a\0", "\x1b[2J", "/" * 10**6])
def test_what_is_no_programs_name_is_refused(program: str) -> None:
    with pytest.raises(ProgramInvalid):
        check_program(program)


def test_two_renewals_may_be_lost_before_a_run_is() -> None:
    assert RENEW_EVERY * 3 <= LEASE_LIFE
    assert lease_name("run_1") == "run:run_1"
