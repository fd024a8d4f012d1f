interface Props {
  reactions: Record<string, string[]>;
  me: string;
  onReact: ((key: string) => void) | undefined;
}

/** The reactions to a message; a click joins one or takes the own one back. */
export function Reactions({ reactions, me, onReact }: Props) {
  const given = Object.entries(reactions).filter(([, users]) => users.length > 0);
  if (given.length === 0) return null;
  return (
    <ul class="reactions" aria-label="Reactions">
      {given.map(([key, users]) => {
        const mine = users.includes(me);
        const shown = users.length > 1 ? `${key} ${users.length}` : key;
        const names = users.map((user) => (user === me ? 'you' : user)).join(', ');
        return (
          <li key={key}>
            <button
              type="button" class={mine ? 'mine-too' : ''} aria-pressed={mine} aria-label={`${shown} by ${names}`} title={names} disabled={!onReact}
              onClick={() => onReact?.(key)} data-testid="reaction" data-key={key}
            >{shown}</button>
          </li>
        );
      })}
    </ul>
  );
}
