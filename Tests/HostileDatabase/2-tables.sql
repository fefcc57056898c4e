-- Tables in all their forms, and what belongs to them.
CREATE TABLE customers (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email citext UNIQUE NOT NULL,
    country char(2) DEFAULT 'XX' NOT NULL CHECK (country = upper(country)),
    parent integer CONSTRAINT "refers to itself" REFERENCES customers DEFERRABLE INITIALLY DEFERRED,
    balance numeric(10, 2) DEFAULT 0 NOT NULL,
    CONSTRAINT "balance of all ""customers""" CHECK (balance > -1000) NO INHERIT
);
-- A row that refers to one inserted later, and two that refer to each other.
BEGIN;
INSERT INTO customers (email, country, parent)
    SELECT 'c' || n || '@example.org', 'DE', CASE WHEN n < 500 THEN n + 1 ELSE 1 END FROM generate_series(1, 500) n;
COMMIT;
ALTER TABLE customers ADD CONSTRAINT later CHECK (balance <> 13) NOT VALID;
CREATE TABLE left_hand (id integer PRIMARY KEY, other integer);
CREATE TABLE right_hand (id integer PRIMARY KEY, other integer NOT NULL REFERENCES left_hand ON DELETE CASCADE ON UPDATE SET NULL);
INSERT INTO left_hand VALUES (1, 1);
INSERT INTO right_hand VALUES (1, 1);
ALTER TABLE left_hand ADD FOREIGN KEY (other) REFERENCES right_hand MATCH FULL;

SET search_path = public, ext;
CREATE TABLE bookings (room integer, during tstzrange, note text, EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (room > 0));
RESET search_path;
INSERT INTO bookings VALUES (1, '[2025-01-01,2025-01-02)', 'a'), (1, '[2025-01-02,2025-01-03)', 'b'), (-1, '(,)', 'c');

CREATE TABLE measures (city integer NOT NULL, at timestamptz NOT NULL, value real, note text DEFAULT 'none',
    PRIMARY KEY (city, at)) PARTITION BY RANGE (at);
CREATE TABLE measures_2025 PARTITION OF measures (note DEFAULT 'from 2025') FOR VALUES FROM ('2025-01-01Z') TO ('2026-01-01Z')
    PARTITION BY LIST (city);
CREATE TABLE measures_2025_1 PARTITION OF measures_2025 FOR VALUES IN (1, 2);
CREATE TABLE measures_2025_rest PARTITION OF measures_2025 DEFAULT;
CREATE TABLE measures_2026 (note text, value real, at timestamptz NOT NULL, city integer NOT NULL, gone text);
ALTER TABLE measures_2026 DROP gone;
ALTER TABLE measures ATTACH PARTITION measures_2026 FOR VALUES FROM ('2026-01-01Z') TO (MAXVALUE);
CREATE TABLE measures_before PARTITION OF measures DEFAULT WITH (fillfactor = 70);
CREATE INDEX measures_by_value ON measures (value DESC NULLS LAST) INCLUDE (note) WHERE value > 0;
CREATE INDEX ON ONLY measures (note);
INSERT INTO measures SELECT n % 5, '2024-06-01Z'::timestamptz + n * interval '1 day', n / 3.0, NULLIF('n' || n % 7, 'n0')
    FROM generate_series(1, 900) n;
CREATE TABLE by_hash (id uuid, payload jsonb) PARTITION BY HASH (id);
CREATE TABLE by_hash_0 PARTITION OF by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE by_hash_1 PARTITION OF by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO by_hash SELECT md5(n::text)::uuid, jsonb_build_object('n', n) FROM generate_series(1, 100) n;
-- By the hash of an enumeration, whose values have other numbers in the copy: rows change their partition.
CREATE TABLE by_mood (mood mood, note text) PARTITION BY HASH (mood);
CREATE TABLE by_mood_0 PARTITION OF by_mood FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE by_mood_1 PARTITION OF by_mood FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE by_mood_2 PARTITION OF by_mood FOR VALUES WITH (MODULUS 3, REMAINDER 2);
INSERT INTO by_mood SELECT (enum_range(NULL::mood))[1 + n % 5], 'm' || n FROM generate_series(1, 60) n;

CREATE TABLE animals (id serial, name text NOT NULL, CHECK (name <> ''));
CREATE TABLE birds (wings integer DEFAULT 2) INHERITS (animals);
CREATE TABLE fish (fins integer, name text NOT NULL) INHERITS (animals);
CREATE TABLE flying_fish () INHERITS (birds, fish);
INSERT INTO animals (name) VALUES ('cow'), ('dog');
INSERT INTO birds (name) VALUES ('wren');
INSERT INTO flying_fish (name, fins) VALUES ('exocoetus', 4);
CREATE TABLE of_type OF address (PRIMARY KEY (street), house WITH OPTIONS DEFAULT 7);
INSERT INTO of_type VALUES ('Main', 1, '{a}');

CREATE UNLOGGED TABLE fleeting (id integer, note text) WITH (autovacuum_enabled = off, fillfactor = 50);
INSERT INTO fleeting VALUES (1, 'kept all the same');
CREATE TABLE no_columns ();
INSERT INTO no_columns DEFAULT VALUES;
INSERT INTO no_columns DEFAULT VALUES;
CREATE TABLE dropped_columns (a integer, b text, c integer, d text GENERATED ALWAYS AS ('d' || c) STORED);
INSERT INTO dropped_columns (a, b, c) VALUES (1, 'b', 3);
ALTER TABLE dropped_columns DROP a, ADD e boolean DEFAULT true NOT NULL;
CREATE TABLE wide ();
SELECT 'ALTER TABLE wide ' || string_agg(format('ADD c%s integer DEFAULT %s', n, n), ', ') FROM generate_series(1, 900) n \gexec
INSERT INTO wide DEFAULT VALUES;
CREATE TABLE empty (id integer);
CREATE TABLE lines (t text);
INSERT INTO lines VALUES (E'\\.'), (E'\\.\n'), (''), (NULL), ('\N'), (E'\n'), (E'\r\n'), (repeat('long ', 300000)), (chr(1) || chr(127));

CREATE INDEX customers_lower ON customers (lower(email::text) COLLATE "C" text_pattern_ops, (balance * 2) DESC);
CREATE UNIQUE INDEX customers_unique ON customers (country, id) WHERE balance >= 0;
CREATE INDEX lines_trigrams ON customers USING gist ((email::text) ext.gist_trgm_ops (siglen = 32));
CREATE INDEX customers_hash ON customers USING hash (country);
CREATE INDEX customers_brin ON customers USING brin (id) WITH (pages_per_range = 4);
CREATE INDEX types_gin ON every_type USING gin (a_jsonb jsonb_path_ops, an_hstore);
CREATE STATISTICS customers_statistics (dependencies, ndistinct, mcv) ON country, parent FROM customers;
CREATE STATISTICS customers_expression ON (balance + 1), (lower(country)) FROM customers;
ALTER STATISTICS customers_statistics SET STATISTICS 50;
ALTER INDEX customers_lower ALTER COLUMN 2 SET STATISTICS 99;
ALTER TABLE customers CLUSTER ON customers_pkey;
ALTER TABLE customers REPLICA IDENTITY USING INDEX customers_email_key;
ALTER TABLE left_hand REPLICA IDENTITY FULL;
