#!/usr/bin/env python3
"""Finds includes and links that go against the arrows of layers.txt."""

import re
import sys
from fnmatch import fnmatchcase
from pathlib import Path

import sources

LINK = re.compile(r"\bparley::(\w+)|\b([A-Z]\w*::[\w.]+|fmt::fmt|spdlog::spdlog|PARLEY_\w+)")


class Folder:
    def __init__(self):
        self.includes = []
        self.libraries = []
        self.exceptions = []  # (patterns, libraries)

    def may_include(self, target):
        return target.parts[0] in self.includes or str(target) in self.includes

    def may_link(self, folder):
        return any(allowed.split("/")[0] == folder for allowed in self.includes)

    def may_name(self, library, inner=None):
        """Whether the file `inner` (below the folder), or any file of the folder, may name `library`."""
        if library in self.libraries or "any" in self.libraries:
            return True
        return any(library in names and (inner is None or any(fnmatchcase(inner, pattern) for pattern in patterns))
                   for patterns, names in self.exceptions)


class Rules:
    """layers.txt, read."""

    def __init__(self, text):
        self.headers = {}  # "tl/expected.hpp" or "boost/asio/" -> library
        self.links = {}  # CMake name -> library
        self.never = set()
        self.public = []
        self.folders = {}
        folder = None
        for number, line in enumerate(text.splitlines(), 1):
            words = line.split("#")[0].split()
            match words:
                case []:
                    continue
                case ["library", name, "=", *rest]:
                    headers, _, links = " ".join(rest).partition("links")
                    self.headers |= {header: name for header in headers.split()}
                    self.links |= {link: name for link in links.split()}
                case ["never", *names]:
                    self.never |= set(names)
                case ["public", _, "=", *names]:
                    self.public = names
                case ["folder", name]:
                    folder = self.folders[name] = Folder()
                case ["includes", *names] if folder:
                    folder.includes = names
                case ["libraries", *names] if folder:
                    folder.libraries = names
                case ["in", *rest] if folder and "=" in rest:
                    middle = rest.index("=")
                    folder.exceptions.append((rest[:middle], rest[middle + 1:]))
                case _:
                    raise SystemExit(f"layers.txt:{number}: not understood: {line.strip()}")
        known = set(self.headers.values()) | {"any"}
        for name, folder in self.folders.items():
            named = folder.libraries + [library for _, libraries in folder.exceptions for library in libraries]
            for library in set(named) - known:
                raise SystemExit(f"layers.txt: folder {name} names {library}, which is no library")

    def library(self, header):
        """The library of a header, None for one of the standard library, or "" if nobody knows it."""
        if header in self.headers:
            return self.headers[header]
        for prefix, name in self.headers.items():
            if prefix.endswith("/") and header.startswith(prefix):
                return name
        return "" if "/" in header or "." in header else None


def is_public(path):
    return path.parts[1:3] == ("include", "parley")


def spelling(target):
    """How a file of this repository is included, without the closing mark."""
    return f"<{Path(*target.parts[2:])}" if is_public(target) else f'"{target}'


def findings(root, rules):
    paths = sources.tracked(root)
    tree = sources.IncludePaths(root, paths)
    result = []
    for path in paths:
        folder = rules.folders.get(path.parts[0])
        if path.suffix in {".cpp", ".hpp"}:
            if folder:
                check = check_includes(root, rules, tree, folder, path)
            else:
                check = [(1, f"layers.txt has no folder {path.parts[0]}")]
        elif path.name == "CMakeLists.txt" and folder:
            check = check_links(root, rules, folder, path)
        else:
            continue
        result += [f"{path}:{line}: {what}" for line, what in check]
    return result


def check_includes(root, rules, tree, folder, path):
    own = path.parts[0]
    for line, quote, name in sources.includes((root / path).read_text(encoding="utf-8")):
        target = tree.resolve(path, name)
        if name in rules.never:
            yield line, f"<{name}> is slow to compile and needed nowhere"
        elif target:
            if target.parts[0] != own and not folder.may_include(target):
                yield line, f"{own} may not include {target}"
            elif is_public(path) and not is_public(target):
                yield line, f"a public header may not include {target}, which is not public"
            elif (quote + name) != spelling(target):
                yield line, f"{target} is included as {spelling(target)}" + (">" if is_public(target) else '"')
        elif quote == '"':
            yield line, f'"{name}" is not in this repository'
        else:
            library = rules.library(name)
            if library == "":
                yield line, f"<{name}> belongs to no library of layers.txt"
            elif library and is_public(path) and library not in rules.public:
                yield line, f"a public header may not name {library}"
            elif library and not folder.may_name(library, str(Path(*path.parts[1:]))):
                yield line, f"{own} may not name {library} here"


def check_links(root, rules, folder, path):
    own = path.parts[0]
    for line, text in enumerate((root / path).read_text(encoding="utf-8").splitlines(), 1):
        for ours, foreign in LINK.findall(text.split("#")[0]):
            if ours and ours != own and ours in rules.folders and not folder.may_link(ours):
                yield line, f"{own} may not link parley::{ours}"
            elif foreign in rules.links and not folder.may_name(rules.links[foreign]):
                yield line, f"{own} may not link {rules.links[foreign]}"


if __name__ == "__main__":
    found = findings(sources.ROOT, Rules((sources.ROOT / "tools/check/layers.txt").read_text(encoding="utf-8")))
    print("\n".join(found), end="\n" if found else "")
    sys.exit(bool(found))
