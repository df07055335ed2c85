"""How long until the form stands there: `python bench/first_screen.py`. Prints, asserts nothing; needs Chromium.

The server has drawn its page once before, as that of a department has; a new browser knows nothing of the page, the
next tab of the same browser has its files.
"""

import argparse
import os
import shutil
import statistics
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))

from sessions import started  # noqa: E402


def screen_s(context: BrowserContext, port: int) -> float:
    """Seconds from the address to what stands in the place of a result, which is drawn last. [s]"""
    page = context.new_page()
    start = time.perf_counter()
    page.goto(f"http://127.0.0.1:{port}/")
    page.get_by_text("the result stands here as soon as its inputs are complete").wait_for()
    taken = time.perf_counter() - start
    page.close()
    return taken


def opened(browser: Browser, port: int) -> tuple[float, float]:
    """The first screen of a new browser and that of its second tab. [s]"""
    context = browser.new_context()
    times = screen_s(context, port), screen_s(context, port)
    context.close()
    return times


def main() -> None:
    """Print the median and the longest of several."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--times", type=int, default=7)
    asked.add_argument("--chromium", default=shutil.which("chromium"), help="of another place than the path")
    options = asked.parse_args()
    sandbox = [] if os.name != "posix" or os.getuid() else ["--no-sandbox"]
    process, port = started()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=options.chromium, args=sandbox)
            opened(browser, port)
            new, known = zip(*(opened(browser, port) for _ in range(options.times)), strict=True)
            browser.close()
    finally:
        process.terminate()
        process.wait(timeout=30)
    for which, times in (("a new browser", new), ("one that knows it", known)):
        print(f"first screen, {which}: median {statistics.median(times):.2f} s, longest {max(times):.2f} s  aim < 2")


if __name__ == "__main__":
    main()
