// One to three of them, with skin tones, joined families and flags.
const emoji =
  /^(?:(?:\p{Regional_Indicator}{2}|\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F)(?:\p{Emoji_Modifier}|\uFE0F|\u200D\p{Extended_Pictographic})*\s*){1,3}$/u;

/** Whether a message is nothing but a few emoji, which are then shown large. */
export function isEmoji(text: string): boolean {
  return emoji.test(text);
}
