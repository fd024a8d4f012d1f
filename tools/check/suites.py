#!/usr/bin/env python3
"""Builds everything and runs every test. The last line is the sum: `412 passed, 0 failed`.

usage: tools/test               every suite but asan
       tools/test --fast        the same without the browser, with the checks that do not compile
       tools/test SUITE...      these only

suites:
  unit      one part at a time, without sockets
  contract  every store implementation against the same promises
  system    real programs and real sockets
  protocol  the schemas of the protocol against a real server and the transcripts
  sdk       the JavaScript SDK
  browser   the web client in Chromium
  check     formatting, arrows, self-contained headers, clang-tidy, and the tests of the checks
  fuzz      the codec, the HTTP edge, the token parser, the framing of WebSockets and the messages between
            nodes, a minute each
  asan      unit, contract and system again with the address and undefined behaviour sanitizers; the sum counts them once

Installs the Debian packages that are missing. Logs are kept in build/test.
"""

import os
import re
import shutil
import subprocess
import sys
import threading
import time
import traceback
from dataclasses import dataclass

from sources import ROOT

DOCTEST_SUITES = ["unit", "contract", "system"]
SUITES = DOCTEST_SUITES + ["protocol", "sdk", "browser", "check", "fuzz", "asan"]
FAST = DOCTEST_SUITES + ["protocol", "sdk", "check"]
DEFAULT = DOCTEST_SUITES + ["protocol", "sdk", "browser", "check", "fuzz"]
PACKAGES = {"protocol": ["web"], "sdk": ["web"], "browser": ["web", "browser"], "check": ["web", "check"],
            "fuzz": ["fuzz"]}
LOGS = ROOT / "build" / "test"


@dataclass
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    programs: int = 0


def count_doctest(text):
    """The sum over all programs that say `test cases: 12 | 12 passed | 0 failed | 0 skipped`."""
    count = Count()
    for line in re.findall(r"test cases: +\d+ \| +(\d+) passed \| +(\d+) failed \| +(\d+) skipped", text):
        passed, failed, skipped = map(int, line)
        count = Count(count.passed + passed, count.failed + failed, count.skipped + skipped, count.programs + 1)
    return count


def count_node(text):
    """What Node's test runner says in either of its spellings: `# pass 12` or `ℹ pass 12`."""
    said = dict.fromkeys(["tests", "pass", "fail", "cancelled", "skipped", "todo"], 0)
    for name, number in re.findall(r"^(?:#|ℹ) (tests|pass|fail|cancelled|skipped|todo) (\d+)$", text, re.MULTILINE):
        said[name] += int(number)
    return Count(said["pass"], said["fail"] + said["cancelled"], said["skipped"] + said["todo"])


def count_unittest(text):
    """What Python's unittest says: `Ran 20 tests in 0.2s` and `FAILED (failures=1, errors=2, skipped=3)`."""
    ran = sum(map(int, re.findall(r"^Ran (\d+) test", text, re.MULTILINE)))
    failed = sum(int(number) for number in re.findall(r"(?:failures|errors)=(\d+)", text))
    skipped = sum(int(number) for number in re.findall(r"skipped=(\d+)", text))
    return Count(ran - failed - skipped, failed, skipped)


class Run:
    """The phases and results of one call."""

    def __init__(self, suites, fast):
        self.suites, self.fast = suites, fast
        self.started = time.monotonic()
        self.passed = self.failed = 0
        self.table = []
        self.environment = os.environ | {f"PARLEY{name}": str(ROOT / f"build/dev/tools/parley{name.lower()}")
                                         for name in ("D", "CTL", "LOAD")}

    def say(self, text):
        print(text, flush=True)

    def command(self, *words, log=None):
        """Runs a command, shows what it says, keeps that in `log`, and answers its exit code."""
        if log is None:
            return subprocess.run(words, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL).returncode
        with subprocess.Popen(words, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, encoding="utf-8", errors="replace") as child, open(log, "w") as file:
            for line in child.stdout:
                file.write(line)
                sys.stdout.write(line)
                sys.stdout.flush()
        return child.returncode

    def phase(self, name, *words, log=None):
        self.say(f"\n== {name}")
        begun = time.monotonic()
        code = self.command(*words, log=log)
        self.say(f"== {name}: {time.monotonic() - begun:.0f} s")
        return code

    def must(self, name, *words):
        """A phase without which nothing further makes sense."""
        if self.phase(name, *words) != 0:
            self.table.append(f"{name} failed; nothing further was run")
            self.failed += 1
            sys.exit(self.finish())

    def npm_ci(self, folder):
        lock, installed = ROOT / folder / "package-lock.json", ROOT / folder / "node_modules/.package-lock.json"
        if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
            self.must(f"packages of {folder}", "npm", "--prefix", folder, "ci", "--no-progress")

    def record(self, suite, code, count, adds=True):
        """Takes a result in. One that fails, counts nothing or skips something has failed, whatever else it says."""
        failed, notes = count.failed, []
        if count.passed + count.failed == 0:
            notes.append("counted no test")
        if count.skipped:
            notes.append(f"skipped {count.skipped}")
        if code != 0 and not count.failed:
            notes.append(f"ended with code {code}")
        failed += len(notes)
        self.table.append(f"{suite:14}{count.passed:5} passed, {failed} failed" + "".join(f"; {note}" for note in notes))
        self.failed += failed
        if adds:
            self.passed += count.passed

    def build(self, preset):
        self.must(f"configure {preset}", "cmake", "--preset", preset, "--log-level=WARNING")
        self.must(f"build {preset}", "cmake", "--build", "--preset", preset)

    def programs(self, preset, *selection):
        """The names of the test programs that ctest would run."""
        shown = subprocess.run(["ctest", "--preset", preset, *selection, "--show-only"], cwd=ROOT, capture_output=True,
                               text=True).stdout
        return re.findall(r"^ *Test +#\d+: (\S+)", shown, re.MULTILINE)

    def doctest(self, preset, suite, adds=True):
        name = suite if preset == "dev" else f"{preset} {suite}"
        selection = ["--label-regex", f"^{suite}$"]
        # What talks over sockets and kills processes has the machine to itself.
        jobs = "1" if suite == "system" else str(os.cpu_count())
        code = self.phase(name, "ctest", "--preset", preset, *selection, "--parallel", jobs)
        log = LOGS / f"{preset}-{suite}.log"
        shutil.copy(ROOT / f"build/{preset}/Testing/Temporary/LastTest.log", log)
        count = count_doctest(log.read_text(errors="replace"))
        if count.programs != len(self.programs(preset, *selection)):
            self.say(f"{name}: a program printed no count")
            code = code or 1
        self.record(name, code, count, adds)

    def node(self, suite, folder, script="test"):
        log = LOGS / f"{suite.replace(' ', '-')}.log"
        code = self.phase(suite, "timeout", "900", "npm", "--prefix", folder, "run", script, log=log)
        self.record(suite, code, count_node(log.read_text()))

    def check(self):
        log = LOGS / "check.log"
        tests = self.phase("tests of the checks", sys.executable, "-m", "unittest", "discover", "-s", "tools/check", "-p",
                           "*_test.py", log=log)
        checks = self.phase("check", "tools/check/all", *(["--fast"] if self.fast else []))
        self.record("check", tests or checks, count_unittest(log.read_text()))

    def check_and_fuzz(self):
        if "check" in self.suites:
            self.check()
        if "fuzz" in self.suites:
            log = LOGS / "fuzz.log"
            code = self.phase("fuzz", "tools/fuzz", log=log)
            ran = re.findall(r"^(ok|FOUND) +\w+", log.read_text(errors="replace"), re.MULTILINE)
            self.record("fuzz", code, Count(ran.count("ok"), ran.count("FOUND")))

    def take_in(self, behind):
        self.say("\n== waiting for the checks and fuzzers")
        behind.join()
        self.say("".join(behind.said))
        self.table += behind.table
        self.passed += behind.passed
        self.failed += behind.failed

    def all(self):
        wanted = set(self.suites)
        groups = {group for suite in wanted for group in PACKAGES.get(suite, [])}
        self.must("packages", "tools/packages", "server", "test", *sorted(groups))
        if wanted != {"asan"}:
            self.build("dev")
            stray = self.programs("dev", "--label-exclude", f"^({'|'.join(DOCTEST_SUITES)})$")
            if stray:
                self.record("no suite", 1, Count(failed=len(stray)))
                self.say(f"these belong to no suite: {' '.join(stray)}")
        if wanted & {"sdk", "check"}:
            self.npm_ci("sdk/js")
        if wanted & {"sdk", "browser", "check"}:
            self.must("web client", "tools/web")
        for suite in DOCTEST_SUITES:
            if suite in wanted:
                self.doctest("dev", suite)
        # Checks and fuzzers need the processors, browsers wait most of the time.
        behind = BehindRun(self.suites, self.fast) if "browser" in wanted and wanted & {"check", "fuzz"} else None
        if behind:
            behind.start()
        if "protocol" in wanted:
            self.npm_ci("tests/protocol")
            self.node("protocol", "tests/protocol")
        if "sdk" in wanted:
            self.node("sdk", "sdk/js")
            self.node("sdk system", "sdk/js", "test:system")
        if "browser" in wanted:
            self.npm_ci("tests/browser")
            self.node("browser", "tests/browser")
        if behind:
            self.take_in(behind)
        else:
            self.check_and_fuzz()
        if "asan" in wanted:
            self.build("asan")
            for suite in DOCTEST_SUITES:
                self.doctest("asan", suite, adds=suite not in wanted)

    def finish(self):
        minutes, seconds = divmod(int(time.monotonic() - self.started), 60)
        self.say("\n" + "\n".join(self.table))
        self.say(f"took {minutes} min {seconds} s\n{self.passed} passed, {self.failed} failed")
        return int(self.failed > 0)


class BehindRun(Run):
    """The checks and the fuzzers, with what other suites leave of the machine. What they say is kept."""

    def __init__(self, suites, fast):
        super().__init__(suites, fast)
        self.said = []
        self.thread = threading.Thread(target=self.run)

    def start(self):
        self.thread.start()

    def join(self):
        self.thread.join()

    def run(self):
        try:
            self.check_and_fuzz()
        except Exception:
            # An error of ours may not look like a suite that was not asked for.
            self.say(traceback.format_exc())
            self.record("check, fuzz", 1, Count())

    def say(self, text):
        self.said.append(f"{text}\n")

    def command(self, *words, log=None):
        child = subprocess.run(["nice", "-n", "19", *words], cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace")
        if log:
            log.write_text(child.stdout)
        self.said.append(child.stdout)
        return child.returncode


def main(arguments):
    if {"-h", "--help"} & set(arguments):
        print(__doc__.strip())
        return 0
    fast = "--fast" in arguments
    suites = [argument for argument in arguments if argument != "--fast"]
    for suite in suites:
        if suite not in SUITES:
            print(f"tools/test: no such suite: {suite} (there are {' '.join(SUITES)})", file=sys.stderr)
            return 1
    LOGS.mkdir(parents=True, exist_ok=True)
    run = Run(suites or (FAST if fast else DEFAULT), fast)
    run.all()
    return run.finish()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
