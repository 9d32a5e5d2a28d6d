"""Asked for faster than done: every asking is answered by what stood at the last one."""

import threading

from maemoh_gis.desk.latest import Latest


def test_only_the_newest_is_shown_and_nothing_is_done_twice_at_a_time():
    shown, begun, go_on = [], threading.Semaphore(0), threading.Semaphore(0)
    at_work, most, wish = [0], [0], ["a"]
    ended = threading.Event()

    def do():
        at_work[0] += 1
        most[0] = max(most[0], at_work[0])
        what = wish[0]
        begun.release()
        assert go_on.acquire(timeout=60)
        at_work[0] -= 1

        def show():
            shown.append(what)
            ended.set()

        return show

    latest = Latest(do)
    latest.ask()
    assert begun.acquire(timeout=60)
    for wish[0] in "bc":
        latest.ask()
    go_on.release(), go_on.release()
    assert ended.wait(60)
    assert shown == ["c"]
    assert most == [1]


def test_it_takes_up_again_after_it_was_done():
    shown, ended = [], threading.Semaphore(0)
    latest = Latest(lambda: lambda: (shown.append(len(shown)), ended.release()))
    for _ in range(3):
        latest.ask()
        assert ended.acquire(timeout=60)
    assert shown == [0, 1, 2]
