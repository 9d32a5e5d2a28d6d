"""The desk in a real browser: by keyboard, on a telephone, with no request beyond this machine."""

import shutil
import time

import pytest

pytest.importorskip("voila")
pytest.importorskip("hatchling")

from maemoh_gis.core.messages import text
from maemoh_gis.runs.project import Project
from tests.desk.served import served
from tests.pages.browser import Browser, find_browser
from tests.pages.test_accessibility import FAULTS, axe  # noqa: F401
from tests.paths import LAYERS

pytestmark = pytest.mark.slow

SHOWN = "(document.querySelector('.desk')?.innerText ?? '')"
NAME = """(() => {
  const at = document.activeElement;
  return at.labels?.[0]?.textContent || at.getAttribute("aria-label") || at.textContent || "";
})()"""
OPEN_ALL = "document.querySelectorAll('.desk-opens:not(.mod-active)').forEach((one) => one.click())"
OUTSIDE = """[...document.querySelectorAll(".desk :is(input, select, button)")].filter((one) => {
  const box = one.getBoundingClientRect();
  return box.width > 0 && (box.left < 0 || box.right > innerWidth + 0.5);
}).map((one) => one.outerHTML)"""
UNNAMED = """[...document.querySelectorAll(".desk :is(input, select, textarea, button)")].filter(
  (one) => one.type !== "file" && !one.labels?.length && !one.getAttribute("aria-label") &&
    !one.textContent.trim()).map((one) => one.outerHTML)"""


@pytest.fixture(scope="module")
def folder(small_project, tmp_path_factory):
    place = tmp_path_factory.mktemp("desk")
    shutil.copytree(small_project.scenarios, place / "scenarios")
    return place


@pytest.fixture(scope="module")
def url(folder):
    with served(folder, language="th") as (_, port, token):
        yield f"http://127.0.0.1:{port}/?token={token}"


@pytest.fixture
def browser():
    program = find_browser()
    if program is None:
        pytest.skip("no Chromium on this machine")
    with Browser(program, host="127.0.0.1") as opened:
        yield opened


def wait(browser, condition):
    """Wait until a condition holds in the page."""
    until = time.monotonic() + 400
    while not browser.run(condition):
        assert time.monotonic() < until, (condition, browser.run(SHOWN), browser.complaints)
        time.sleep(0.2)


def opened(browser, url, **size):
    browser.open(url, **size)
    wait(browser, f"{SHOWN}.includes({text('desk.sound', 'th', n=0)!r})")
    browser.drawn()


def press(browser, key, code):
    for kind in ("keyDown", "keyUp"):
        said = {"text": "\r"} if key == "Enter" and kind == "keyDown" else {}
        browser.send("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                     windowsVirtualKeyCode=code, **said)  # fmt: skip


def here(name):
    """Say whether a control of a name is shown and may be used."""
    return f"""[...document.querySelectorAll(".desk :is(input, select, button)")].some((one) => {{
      const said = (one.labels?.[0]?.textContent || one.textContent).trim();
      const named = said === {name!r} || said.startsWith({name!r} + " (");
      return named && one.offsetParent && !one.disabled;
    }})"""


def tab_to(browser, name):
    """Go by the tab key from the head of the page until the control of a name has the focus."""
    wait(browser, here(name))
    # Nothing stands behind the frame, whose page has tab stops of its own.
    browser.run("document.querySelector('.desk-head select').focus()")
    met = []
    for _ in range(120):
        press(browser, "Tab", 9)
        met.append(browser.run(NAME).strip())
        if met[-1] == name or met[-1].startswith(f"{name} ("):
            return
    raise AssertionError(f"no way to {name} by keyboard, but to {met}")


def type_into(browser, name, said):
    tab_to(browser, name)
    browser.run("document.activeElement.select()")
    browser.send("Input.insertText", text=said)
    press(browser, "Tab", 9)


def beyond(browser, url):
    own = (url.partition("/?")[0] + "/", "data:", "blob:", "about:")
    return [one for one in browser.requests if not one.startswith(own)]


def test_a_planner_changes_runs_looks_compares_and_saves_by_keyboard(browser, url, folder):
    opened(browser, url)
    assert browser.run("location.href") == url.partition("?")[0]
    assert browser.run("document.title") == text("desk.title", "th")
    assert browser.run("document.documentElement.lang") == "th"
    assert "import maemoh_gis" not in browser.run("document.body.innerText")

    tab_to(browser, text("desk.limits", "th"))
    press(browser, "Enter", 13)
    limit = "ภายใน … เมตรจากรอยเลื่อนมีพลัง"
    type_into(browser, limit, "-1")
    wait(browser, f"{SHOWN}.includes('ใช้ค่า -1 ไม่ได้')")
    wait(browser, "document.querySelector('.desk-main').disabled")
    type_into(browser, limit, "1500")
    wait(browser, f"{SHOWN}.includes({text('desk.sound', 'th', n=1)!r})")

    for number in (1, 2):
        tab_to(browser, text("desk.run", "th"))
        press(browser, "Enter", 13)
        wait(browser, f"{SHOWN}.includes('runs/small')" if number == 2 else
             "!!document.querySelector('.desk iframe[src*=\"small--desk-\"]')")  # fmt: skip
        if number == 1:
            tab_to(browser, text("desk.reset", "th"))
            press(browser, "Enter", 13)
            wait(browser, f"{SHOWN}.includes({text('desk.sound', 'th', n=0)!r})")
    wait(browser, "!!document.querySelector('.desk iframe[src*=\"/small/map.html\"]')")

    tab_to(browser, text("desk.comparison", "th"))
    press(browser, "Enter", 13)
    wait(browser, "!!document.querySelector('.desk iframe[src*=\"comparison.html\"]')")
    tab_to(browser, text("desk.save", "th"))
    press(browser, "Enter", 13)
    type_into(browser, text("desk.save_id", "th"), "of_mine")
    tab_to(browser, text("desk.save_go", "th"))
    press(browser, "Enter", 13)
    wait(browser, f"{SHOWN}.includes('maemoh-gis run of_mine')")
    assert Project(LAYERS, folder / "scenarios").scenario("of_mine").scenario.year == 2569

    assert beyond(browser, url) == []
    assert len(browser.requests) > 10
    assert browser.complaints == []


@pytest.mark.parametrize(
    "size", [{"width": 1280, "height": 720}, {"width": 390, "height": 844, "phone": True}],
    ids=["screen", "telephone"],
)  # fmt: skip
def test_every_control_has_a_name_and_stands_on_the_page(browser, url, axe, size):  # noqa: F811
    opened(browser, url, **size)
    for steps in ("0", OPEN_ALL):
        browser.run(steps)
        browser.drawn()
        browser.run(f"{axe}; 0")
        assert browser.run(FAULTS) == []
    assert browser.run(UNNAMED) == []
    assert browser.run(OUTSIDE) == []
    assert browser.run("document.documentElement.scrollWidth <= innerWidth")
    assert browser.run("document.fonts.check('15px Sarabun', 'ก')")
    assert beyond(browser, url) == []


def test_the_language_changes_and_what_was_set_stays(browser, url):
    opened(browser, url)
    browser.run("""(() => {
      const all = [...document.querySelectorAll(".desk select")];
      const one = all.find((select) => select.options[1]?.text === "English");
      one.selectedIndex = 1;
      one.dispatchEvent(new Event("change", {bubbles: true}));
    })()""")
    wait(browser, f"document.title === {text('desk.title', 'en')!r}")
    wait(browser, f"{SHOWN}.includes({text('desk.sound', 'en', n=0)!r})")
