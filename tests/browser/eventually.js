import assert from 'node:assert/strict';

const waitMs = 15_000;
const pollMs = 40;

/** Waits until `look` gives what is expected, and fails with the last difference. */
export async function eventually(look, expected, what = '') {
  const giveUp = Date.now() + waitMs;
  for (;;) {
    const seen = await look();
    try {
      assert.deepEqual(seen, expected, what);
      return;
    } catch (difference) {
      if (Date.now() > giveUp) throw difference;
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
