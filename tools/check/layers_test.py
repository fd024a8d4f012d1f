"""Plants violations in a small tree and wants layers.py to find each of them, and nothing else."""

import tempfile
import unittest
from pathlib import Path

import layers

RULES = """
library tl::expected = tl/expected.hpp
library CAF = caf/  links PARLEY_CAF_CORE
library Boost.JSON = boost/json.hpp boost/json/
library threads = thread mutex
never caf/all.hpp
public <folder>/include/parley = tl::expected

folder core
  libraries tl::expected
  in src/codec*.cpp = Boost.JSON
folder actors
  includes core
  libraries CAF threads
folder net
  includes core actors/messages.hpp
folder tools
  includes core actors net tools
  libraries any
"""

CLEAN = {
    "core/include/parley/error.hpp": "#include <tl/expected.hpp>\n#include <string>\n",
    "core/include/parley/ids.hpp": "#include <parley/error.hpp>\n",
    "core/src/parse.hpp": "#include <parley/ids.hpp>\n",
    "core/src/codec_frames.cpp": '#include "core/src/parse.hpp"\n#include <boost/json.hpp>\n',
    "core/CMakeLists.txt": "parley_library(core SOURCES src/codec_frames.cpp)\n",
    "actors/messages.hpp": "#include <parley/ids.hpp>\n",
    "actors/session.hpp": '#include "actors/messages.hpp"\n#include <caf/actor.hpp>\n#include <mutex>\n',
    "actors/CMakeLists.txt": "parley_library(actors LINK parley::core ${PARLEY_CAF_CORE})\n",
    "net/bridge.cpp": '#include "actors/messages.hpp"\n',
    "net/CMakeLists.txt": "parley_library(net LINK parley::core parley::actors)\n",
    "tools/parleyd/main.cpp": '#include "net/bridge.cpp"\n#include <boost/json.hpp>\n',
}


def findings(planted):
    """What layers.py says about the clean tree with `planted` files added."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in {**CLEAN, **planted}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        return layers.findings(root, layers.Rules(RULES))


class Layers(unittest.TestCase):
    def found(self, path, text, message, line=1):
        self.assertEqual(findings({path: text}), [f"{path}:{line}: {message}"])

    def test_a_clean_tree_has_no_findings(self):
        self.assertEqual(findings({}), [])

    def test_an_arrow_that_points_up_is_found(self):
        self.found("core/src/a.cpp", '#include "actors/session.hpp"\n', "core may not include actors/session.hpp")

    def test_the_line_is_named(self):
        self.found("core/src/a.cpp", '\n\n  #  include "net/bridge.cpp"\n', "core may not include net/bridge.cpp", line=3)

    def test_a_folder_that_is_open_by_one_header_is_closed_to_the_others(self):
        self.found("net/a.cpp", '#include "actors/session.hpp"\n', "net may not include actors/session.hpp")

    def test_nothing_includes_tools(self):
        self.found("actors/a.cpp", '#include "tools/parleyd/main.cpp"\n', "actors may not include tools/parleyd/main.cpp")

    def test_a_library_of_another_folder_is_found(self):
        self.found("core/src/a.cpp", "#include <caf/actor.hpp>\n", "core may not name CAF here")

    def test_a_standard_header_can_be_a_library(self):
        self.found("core/src/a.cpp", "#include <thread>\n", "core may not name threads here")

    def test_an_exception_holds_for_its_files_only(self):
        self.found("core/src/frames.cpp", "#include <boost/json.hpp>\n", "core may not name Boost.JSON here")

    def test_an_unknown_library_is_found(self):
        self.found("actors/a.cpp", "#include <zlib.h>\n", "<zlib.h> belongs to no library of layers.txt")

    def test_the_header_of_everything_is_found_even_where_any_library_is_allowed(self):
        self.found("tools/a.cpp", "#include <caf/all.hpp>\n", "<caf/all.hpp> is slow to compile and needed nowhere")

    def test_a_public_header_does_not_include_a_private_one(self):
        self.found("core/include/parley/a.hpp", '#include "core/src/parse.hpp"\n',
                   "a public header may not include core/src/parse.hpp, which is not public")

    def test_a_public_header_names_few_libraries(self):
        self.found("actors/include/parley/a.hpp", "#include <caf/actor.hpp>\n", "a public header may not name CAF")

    def test_a_public_header_is_included_by_its_public_name(self):
        self.found("net/a.cpp", '#include "core/include/parley/ids.hpp"\n',
                   "core/include/parley/ids.hpp is included as <parley/ids.hpp>")

    def test_a_private_header_is_named_from_the_top(self):
        self.found("actors/a.cpp", '#include "session.hpp"\n', 'actors/session.hpp is included as "actors/session.hpp"')

    def test_a_missing_header_is_found(self):
        self.found("net/a.cpp", '#include "net/gone.hpp"\n', '"net/gone.hpp" is not in this repository')

    def test_a_folder_without_rules_is_found(self):
        self.found("extra/a.cpp", "#include <string>\n", "layers.txt has no folder extra")

    def test_a_link_against_an_arrow_is_found(self):
        self.found("actors/CMakeLists.txt", "parley_library(actors\n  LINK parley::net)\n",
                   "actors may not link parley::net", line=2)

    def test_a_link_with_a_foreign_library_is_found(self):
        self.found("core/CMakeLists.txt", "target_link_libraries(parley_core ${PARLEY_CAF_CORE})\n", "core may not link CAF")

    def test_a_rule_that_is_not_understood_ends_the_check(self):
        with self.assertRaisesRegex(SystemExit, "layers.txt:2: not understood"):
            layers.Rules("folder core\n  may everything\n")

    def test_a_rule_with_an_unknown_library_ends_the_check(self):
        with self.assertRaisesRegex(SystemExit, "folder core names Qt"):
            layers.Rules("folder core\n  libraries Qt\n")


if __name__ == "__main__":
    unittest.main()
