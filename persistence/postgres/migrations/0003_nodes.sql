-- Layout 3: the nodes of a cluster. state is a number of core's model: 0 joining, 1 up, 2 draining, 3 down.

-- The version of the view; no row stands for 0. Whoever changes the view takes this row first.
CREATE TABLE cluster_view (
  version bigint NOT NULL,
  only_row boolean NOT NULL PRIMARY KEY DEFAULT true CHECK (only_row)
);

-- Beats move every second and are in no index; the free room lets them move within their page.
CREATE TABLE nodes (
  incarnation bigint NOT NULL,
  beat bigint NOT NULL,
  instance uuid NOT NULL,
  protocol_min integer NOT NULL,
  protocol_max integer NOT NULL,
  state smallint NOT NULL,
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  address text COLLATE "C" NOT NULL
) WITH (fillfactor = 50);
