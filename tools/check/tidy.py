#!/usr/bin/env python3
"""Runs clang-tidy over the sources that changed since it last had nothing to say about them.

The flags are those of build/dev, less what only gcc understands. Version 19, because libstdc++ 12 in C++20 mode is beyond
what Debian's default of 14 can read.
"""

import json
import os
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import sources

TIDY = "clang-tidy-19"
COMMANDS = sources.ROOT / "build/dev/compile_commands.json"
FINDING = re.compile(r"^\S.*: (warning|error): ", re.MULTILINE)


def flags_of(command):
    """The macros, include paths and language of a gcc command line, without launcher, warnings and precompiled headers."""
    words, flags = iter(shlex.split(command)), []
    for word in words:
        if word in {"-isystem", "-iquote"}:
            flags += [word, next(words)]
        elif word.startswith(("-D", "-I", "-std=", "-isystem")):
            flags.append(word)
    return flags


def findings(path, flags):
    """What clang-tidy says about one source and our headers in it."""
    run = subprocess.run([TIDY, "--quiet", f"--config-file={sources.ROOT}/.clang-tidy", path, "--", *flags],
                         capture_output=True, text=True, cwd=sources.ROOT)
    if run.returncode == 0 and not FINDING.search(run.stdout):
        return ""
    return (run.stdout or run.stderr).replace(f"{sources.ROOT}/", "")


def main(only):
    if not COMMANDS.exists():
        sys.exit(f"{COMMANDS.relative_to(sources.ROOT)} is missing: configure with `cmake --preset dev` first")
    tree = sources.IncludePaths(sources.ROOT, sources.cpp())
    flags = {}
    for entry in json.loads(COMMANDS.read_text()):
        path = Path(entry["file"]).resolve()
        if path.is_relative_to(sources.ROOT):
            flags[path.relative_to(sources.ROOT)] = flags_of(entry["command"])
    flags = {path: words for path, words in flags.items() if path in tree.paths}

    config = (sources.ROOT / ".clang-tidy").read_text()
    good = sources.KnownGood("tidy")
    digests = {path: tree.digest(path, TIDY, config, *words) for path, words in flags.items()}
    waiting = [path for path, digest in digests.items() if not good.has(digest) and (not only or str(path) in only)]
    said_before, found = set(), False
    try:
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            for path, said in zip(waiting, threads.map(lambda path: findings(path, flags[path]), waiting)):
                if not said:
                    good.add(digests[path])
                    continue
                found = True
                # A finding in a header comes again with every source that includes it.
                for block in re.split(r"(?m)^(?=\S.*: (?:warning|error): )", said):
                    if block.strip() and block not in said_before:
                        said_before.add(block)
                        print(block, end="", flush=True)
    finally:
        good.save()
    return found


if __name__ == "__main__":
    sys.exit(main(set(sys.argv[1:])))
