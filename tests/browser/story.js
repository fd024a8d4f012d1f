/** Friends and their conversations, as the pictures in docs/images show them. Mira is who we look over the shoulder of. */

export const people = ['Mira', 'Jonas', 'Leila', 'Anjali', 'Diego', 'Ingrid', 'Maximilian.Featherstonehaugh'];

export const groups = {
  'Lake weekend ☀️': ['Jonas', 'Leila', 'Anjali', 'Mira'],
  'Garden Street 12': ['Diego', 'Ingrid', 'Anjali', 'Mira'],
  'Choir: rehearsals, concerts and the summer tour': ['Ingrid', 'Maximilian.Featherstonehaugh', 'Leila', 'Mira'],
};

const days = { Fri: '2026-05-08', Mon: '2026-05-11', Tue: '2026-05-12', Wed: '2026-05-13', Thu: '2026-05-14' };
export const timezone = 'Europe/Berlin';

/** Milliseconds of a time such as `Thu 18:41`. */
export function momentOf(when) {
  const [day, clock] = when.split(' ');
  return Date.parse(`${days[day]}T${clock}:00+02:00`);
}

/** When the pictures are taken. */
export const now = momentOf('Thu 18:43');

/**
 * What happens, in this order. A line is a time, an author, a text, and perhaps the text that it answers. `chat` is the title of a group or the two users of a direct chat; after the lines those in
 * `readBy` read them. Who leaves closes the browser, so what follows is not delivered to them.
 */
export const chapters = [
  {
    chat: ['Diego', 'Mira'],
    lines: [
      ['Fri 08:50', 'Diego', 'There is a parcel for me, could you take it in?'],
      ['Fri 09:20', 'Mira', 'It is on the shoe cabinet, just ring'],
      ['Fri 19:04', 'Diego', 'Got it, thank you!'],
    ],
    readBy: ['Mira', 'Diego'],
  },
  {
    chat: ['Jonas', 'Mira'],
    lines: [
      ['Mon 10:12', 'Jonas', 'Did the bike survive the rain?'],
      ['Mon 10:15', 'Mira', 'It did, but the chain sounds like a coffee grinder ☕'],
      ['Mon 10:16', 'Jonas', '😄'],
      ['Mon 10:24', 'Jonas', 'That is ten minutes of work. I do mine like this:\n1. an old cloth and a little degreaser\n2. let it dry\n3. one drop of oil on each link\n4. wipe off what is too much'],
      ['Wed 19:30', 'Mira', 'I followed your recipe to the letter, and it runs as quietly as on the first day. Honestly, I thought I would have to buy a new one. Dinner is on me the next time you are in town!'],
      ['Wed 19:34', 'Jonas', 'Deal. I never say no to dinner'],
      ['Wed 19:41', 'Jonas', 'The oil is from here, by the way: https://www.example.org/bikes/chain-oil'],
      ['Thu 17:20', 'Jonas', 'Can I borrow the roof rack for the weekend?'],
      ['Thu 17:31', 'Mira', 'Of course. It is in the cellar, behind the skis'],
      ['Thu 17:32', 'Jonas', 'You are the best 🙌'],
    ],
    readBy: ['Mira', 'Jonas'],
  },
  { chat: ['Jonas', 'Mira'], lines: [['Thu 17:34', 'Mira', 'Perfect, see you at six']] },
  {
    chat: 'Choir: rehearsals, concerts and the summer tour',
    lines: [['Tue 21:40', 'Ingrid', 'The dates for the summer tour are fixed: 3 to 9 July, all of us in one house by the sea']],
    readBy: ['Mira'],
  },
  {
    chat: ['Maximilian.Featherstonehaugh', 'Mira'],
    lines: [['Wed 16:05', 'Maximilian.Featherstonehaugh', 'It was a pleasure to meet you at the exhibition. Shall we continue over a cup of tea?']],
    readBy: ['Mira'],
  },
  {
    chat: ['Anjali', 'Mira'],
    lines: [
      ['Wed 20:30', 'Anjali', 'Lemon and poppy seeds this time, still warm'],
      ['Wed 20:32', 'Mira', 'Recipe, please! 😋'],
    ],
    readBy: ['Mira'],
  },
  {
    chat: ['Leila', 'Mira'],
    lines: [
      ['Wed 21:02', 'Leila', 'Finished it last night. What an ending!'],
      ['Wed 21:03', 'Mira', 'No spoilers! I am at chapter nine 🙈'],
      ['Wed 21:05', 'Leila', 'My lips are sealed. But call me as soon as you are at the lighthouse'],
      ['Thu 12:40', 'Mira', 'I am at the lighthouse'],
      ['Thu 12:40', 'Mira', 'WHAT'],
      ['Thu 12:44', 'Leila', 'I know!'],
      ['Thu 12:44', 'Leila', '😱'],
      ['Thu 12:51', 'Leila', 'Coffee by the water on Saturday, before the others are up? Then we can talk without ruining it for Anjali.'],
      ['Thu 12:53', 'Mira', 'Yes! And I bring the espresso pot'],
    ],
    readBy: ['Mira', 'Leila'],
  },
  {
    chat: 'Lake weekend ☀️',
    lines: [
      ['Wed 20:03', 'Jonas', 'So, who is in for the lake this weekend? The cabin is ours from Friday'],
      ['Wed 20:05', 'Leila', 'Me! And I can bring the small boat 🛶'],
      ['Wed 20:11', 'Mira', 'In! I come straight from work and should be there by six'],
      ['Wed 20:14', 'Anjali', 'I would love to, but my train only gets in at half past eight. Could somebody pick me up at the station? It is ten minutes by car, and I pay in cake 🍰'],
      ['Wed 20:15', 'Mira', 'For cake, always. I will be there'],
      ['Thu 17:58', 'Jonas', 'Shopping list so far:\n• pasta, tomatoes, olives\n• charcoal\n• candles\n• breakfast for four 🥐'],
      ['Thu 18:20', 'Leila', 'No rain until Monday: https://www.example.org/forecast/lake'],
      ['Thu 18:22', 'Mira', 'Then I bring the hammock', 'No rain until Monday: https://www.example.org/forecast/lake'],
    ],
    reactions: [
      ['Leila', 'For cake, always. I will be there', '❤️'],
      ['Anjali', 'For cake, always. I will be there', '❤️'],
      ['Jonas', 'No rain until Monday: https://www.example.org/forecast/lake', '🎉'],
    ],
    readBy: ['Mira', 'Jonas', 'Leila', 'Anjali'],
  },
  {
    chat: 'Garden Street 12',
    lines: [
      ['Thu 18:02', 'Ingrid', 'The bicycle room gets a new lock on Monday'],
      ['Thu 18:05', 'Diego', 'About time! Where do we get the keys?'],
      ['Thu 18:09', 'Ingrid', 'They will be in your letter boxes on Saturday'],
    ],
  },
  {
    chat: ['Leila', 'Mira'],
    lines: [
      ['Thu 18:30', 'Leila', 'Found the sequel in the second-hand shop on the corner 📚'],
      ['Thu 18:37', 'Leila', 'They had two copies, so I took both. One is yours'],
    ],
  },
  { chat: 'Lake weekend ☀️', lines: [['Thu 18:35', 'Mira', 'And who has space for the long table? It does not fit into my car']] },
  { leaves: 'Anjali' },
  { chat: 'Lake weekend ☀️', lines: [['Thu 18:41', 'Mira', 'It is 1.80 m']] },
];
