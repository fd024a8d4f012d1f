#!/usr/bin/env python3
"""Finds what no file of the tree may be: too long, badly ended, forgotten by the build, or holding one of words.txt."""

import ast
import re
import sys
from pathlib import Path

import sources

LINES_MAX = 600
CODE = {".cpp", ".hpp", ".py", ".js", ".ts", ".tsx", ".css", ".cmake", ".sql", ".sh"}
# Written by a tool or by lawyers.
FOREIGN = {"package-lock.json", "LICENSE"}


def words():
    """(regular expression, why not) of every line of words.txt."""
    for line in Path(__file__).with_name("words.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            pattern, why = re.split(r" {2,}", line, maxsplit=1)
            yield re.compile(pattern), why


def check_text(path, text, forbidden):
    lines = text.splitlines()
    if path.suffix in CODE and len(lines) > LINES_MAX:
        yield len(lines), f"longer than {LINES_MAX} lines; it holds two ideas that have not met yet"
    if text and not text.endswith("\n"):
        yield len(lines), "no line end at the end"
    if text.endswith("\n\n"):
        yield len(lines), "empty lines at the end"
    for number, line in enumerate(lines, 1):
        if "\t" in line:
            yield number, "a tab"
        if line != line.rstrip():
            yield number, "white space at the end"
        if path.name != "words.txt":
            yield from ((number, why) for pattern, why in forbidden if pattern.search(line))


def check_code(path, text):
    if path.suffix == ".hpp":
        if not text.startswith("///"):
            yield 1, "a header begins with /// and what it is about"
        if "\n#pragma once\n" not in text:
            yield 1, "no #pragma once"
    if path.suffix == ".cpp" and not is_built(path):
        yield 1, "no CMakeLists.txt names it"
    if path.suffix == ".py":
        try:
            ast.parse(text)
        except SyntaxError as problem:
            yield problem.lineno, problem.msg


def is_built(path):
    """Whether the CMakeLists.txt of a folder above names the source by its way from there."""
    for folder in path.parents:
        lists = sources.ROOT / folder / "CMakeLists.txt"
        if lists.exists():
            named = re.sub(r"#.*", "", lists.read_text(encoding="utf-8"))
            if re.search(rf"(?<![\w/.-]){re.escape(str(path.relative_to(folder)))}(?![\w/.-])", named):
                return True
    return False


def main():
    forbidden = list(words())
    found = []
    for path in sources.tracked():
        raw = (sources.ROOT / path).read_bytes()
        if path.name in FOREIGN or b"\0" in raw:
            continue
        text = raw.decode("utf-8", errors="replace")
        check = [*check_text(path, text, forbidden), *check_code(path, text)]
        found += [f"{path}:{line}: {what}" for line, what in check]
    print("\n".join(found), end="\n" if found else "")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
