#!/usr/bin/env python3
"""Compiles every header alone: what it needs it includes itself. Headers that did not change are not compiled again.

A source that includes its own header first has shown the same in the build, unless its folder precompiles headers.
"""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import sources

# Tests precompile what all of them include.
PRECOMPILES = re.compile(r"^\s*parley_(precompile|test)\(", re.MULTILINE)
COMPILER = os.environ.get("CXX", "g++")
FLAGS = ["-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers", "-DBOOST_ASIO_SEPARATE_COMPILATION",
         "-DBOOST_BEAST_SEPARATE_COMPILATION", "-DBOOST_ASIO_NO_DEPRECATED", "-I."]


def compile_alone(header, flags):
    """What the compiler says about a source that includes nothing but `header`, twice."""
    source = f'#include "{header}"\n' * 2
    run = subprocess.run([COMPILER, *flags, "-x", "c++", "-"], input=source, capture_output=True, text=True,
                         cwd=sources.ROOT)
    return "" if run.returncode == 0 else run.stderr


def shown_by_build(header, tree, precompiled):
    """Whether a source of the build begins with this header."""
    if header.parts[0] in precompiled:
        return False
    sources_of = [header.with_suffix(".cpp"), Path(header.parts[0], "src", header.with_suffix(".cpp").name)]
    for source in sources_of:
        if source in tree.paths:
            first = sources.includes((tree.root / source).read_text(encoding="utf-8"))[:1]
            if any(tree.resolve(source, name) == header for _, _, name in first):
                return True
    return False


def main():
    paths = sources.cpp()
    tree = sources.IncludePaths(sources.ROOT, paths)
    public = sorted({str(path.parents[-3]) for path in tree.public.values()})
    flags = FLAGS + [f"-I{folder}" for folder in public]
    version = subprocess.run([COMPILER, "--version"], capture_output=True, text=True, check=True).stdout
    good = sources.KnownGood("headers")

    precompiled = {path.parts[0] for path in sources.tracked() if path.name == "CMakeLists.txt"
                   and PRECOMPILES.search((sources.ROOT / path).read_text(encoding="utf-8"))}
    alone = [path for path in paths if path.suffix == ".hpp" and not shown_by_build(path, tree, precompiled)]
    digests = {path: tree.digest(path, version, *flags) for path in alone}
    waiting = [path for path, digest in digests.items() if not good.has(digest)]
    found = False
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for path, said in zip(waiting, threads.map(lambda path: compile_alone(path, flags), waiting)):
            if said:
                found = True
                print(f"{path}: does not compile alone\n{said}")
            else:
                good.add(digests[path])
    good.save()
    return found


if __name__ == "__main__":
    sys.exit(main())
