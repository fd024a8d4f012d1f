"""Results are counted from what test programs really print, and silence is a failure."""

import sys
import unittest

from suites import BehindRun, Count, Run, count_doctest, count_node, count_unittest

DOCTEST = """1: [doctest] test cases:  12 |  11 passed | 1 failed | 0 skipped
1: [doctest] assertions: 120 | 119 passed | 1 failed |
2: [doctest] test cases: 340 | 340 passed | 0 failed | 2 skipped
"""
NODE_18 = "TAP version 13\n# Subtest: a\nok 1 - a\n# tests 3\n# pass 2\n# fail 0\n# cancelled 1\n# skipped 0\n# todo 0\n"
NODE_20 = "✔ a (1ms)\nℹ tests 2\nℹ suites 0\nℹ pass 2\nℹ fail 0\nℹ cancelled 0\nℹ skipped 0\nℹ todo 0\n"


class Counting(unittest.TestCase):
    def test_doctest_programs_are_summed(self):
        self.assertEqual(count_doctest(DOCTEST), Count(passed=351, failed=1, skipped=2, programs=2))

    def test_both_spellings_of_node_are_read(self):
        self.assertEqual(count_node(NODE_18), Count(passed=2, failed=1))
        self.assertEqual(count_node(NODE_20), Count(passed=2))

    def test_unittest_is_read(self):
        self.assertEqual(count_unittest("Ran 20 tests in 0.205s\n\nOK\n"), Count(passed=20))
        self.assertEqual(count_unittest("Ran 9 tests in 1s\n\nFAILED (failures=1, errors=2, skipped=1)\n"),
                         Count(passed=5, failed=3, skipped=1))

    def test_a_log_without_results_counts_nothing(self):
        for count in (count_doctest, count_node, count_unittest):
            self.assertEqual(count("Segmentation fault\n"), Count())


class Recording(unittest.TestCase):
    def setUp(self):
        self.run_ = Run(["unit"], fast=False)

    def totals(self, *results):
        for code, count in results:
            self.run_.record("unit", code, count)
        return self.run_.passed, self.run_.failed

    def test_passed_tests_are_summed(self):
        self.assertEqual(self.totals((0, Count(passed=3)), (0, Count(passed=4))), (7, 0))

    def test_a_suite_that_counts_nothing_has_failed(self):
        self.assertEqual(self.totals((0, Count())), (0, 1))

    def test_a_suite_that_skips_has_failed(self):
        self.assertEqual(self.totals((0, Count(passed=3, skipped=2))), (3, 1))

    def test_an_exit_code_is_a_failure_even_if_every_test_passed(self):
        self.assertEqual(self.totals((134, Count(passed=3))), (3, 1))

    def test_a_repeated_suite_adds_failures_only(self):
        self.run_.record("asan unit", 1, Count(passed=3, failed=1), adds=False)
        self.assertEqual((self.run_.passed, self.run_.failed), (0, 1))


class Behind(unittest.TestCase):
    def test_what_it_says_is_kept_and_taken_in(self):
        behind = BehindRun([], fast=False)
        self.assertEqual(behind.phase("echo", sys.executable, "-c", "print('found'); raise SystemExit(3)"), 3)
        behind.record("check", 3, Count(passed=2))
        behind.start()
        run = Run([], fast=False)
        said = []
        run.say = said.append
        run.take_in(behind)
        self.assertIn("found\n", said[-1])
        self.assertEqual((run.passed, run.failed), (2, 1))
        self.assertIn("check", run.table[0])

    def test_an_error_of_its_own_is_a_failure(self):
        behind = BehindRun(["check"], fast=False)
        behind.check = lambda: 1 / 0
        behind.start()
        behind.join()
        self.assertEqual(behind.failed, 2)


if __name__ == "__main__":
    unittest.main()
