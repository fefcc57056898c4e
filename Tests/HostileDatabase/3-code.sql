-- Code: functions, views, rules, triggers, policies, text search. Bodies that look like other things.
CREATE FUNCTION twice(integer) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 7 AS 'SELECT $1 * 2';
CREATE FUNCTION twice(INOUT a text, VARIADIC more integer[] DEFAULT '{1,2}', OUT b integer) LANGUAGE plpgsql
    SECURITY DEFINER SET search_path TO '$user', public, "Odd, path" SET work_mem = '3MB' AS $outer$
BEGIN
    -- $body$ and $$ within; COPY customers FROM stdin;
    EXECUTE $q$SELECT '\.'$q$;
    b := cardinality(more);
END $outer$;
CREATE FUNCTION rows_of(n integer) RETURNS TABLE (a integer, b text) LANGUAGE sql STABLE ROWS 17
    BEGIN ATOMIC SELECT g, 'x;' || g FROM generate_series(1, n) g; END;
CREATE PROCEDURE do_nothing(INOUT x integer) LANGUAGE plpgsql AS $$ BEGIN COMMIT; x := x + 1; END $$;
CREATE FUNCTION add_text(text, integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1 || $2 $$;
CREATE AGGREGATE joined(integer) (SFUNC = add_text, STYPE = text, INITCOND = '''quoted"', PARALLEL = SAFE);
CREATE OPERATOR <~~> (LEFTARG = text, RIGHTARG = integer, FUNCTION = add_text, COMMUTATOR = OPERATOR(public.<~~~>));
CREATE FUNCTION to_address(text) RETURNS address LANGUAGE sql IMMUTABLE AS $$ SELECT ROW($1, 1, NULL)::address $$;
CREATE CAST (text AS address) WITH FUNCTION to_address(text) AS ASSIGNMENT;
CREATE DEFAULT CONVERSION latin_again FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;

CREATE VIEW rich (who, "how much") WITH (security_barrier) AS
    SELECT email, balance FROM customers WHERE balance >= 0 WITH LOCAL CHECK OPTION;
CREATE RECURSIVE VIEW chain (id, parent) AS
    SELECT id, parent FROM customers WHERE id = 1 UNION SELECT c.id, c.parent FROM customers c JOIN chain ON c.id = chain.parent;
ALTER VIEW rich ALTER who SET DEFAULT 'nobody@example.org';
-- Two views that refer to each other, which only a view made twice can be loaded from.
CREATE VIEW first_view AS SELECT 1 AS a;
CREATE VIEW second_view AS SELECT a FROM first_view;
CREATE OR REPLACE VIEW first_view AS SELECT a FROM (SELECT 2 AS a) x WHERE a > (SELECT count(*) FROM customers) * 0;
CREATE VIEW grouped AS SELECT id, email, balance FROM customers GROUP BY id;
CREATE MATERIALIZED VIEW totals AS SELECT country, count(*), sum(balance) FROM customers GROUP BY country;
CREATE UNIQUE INDEX ON totals (country);
CREATE MATERIALIZED VIEW of_totals AS SELECT max(count) FROM totals;
CREATE MATERIALIZED VIEW never_filled AS SELECT * FROM customers WITH NO DATA;

CREATE RULE quietly AS ON DELETE TO animals WHERE old.id < 0 DO INSTEAD NOTHING;
CREATE RULE also AS ON INSERT TO left_hand DO ALSO (SELECT 1; SELECT 2);
ALTER TABLE left_hand DISABLE RULE also;
CREATE RULE through_the_view AS ON INSERT TO grouped DO INSTEAD INSERT INTO customers (email) VALUES (new.email);

-- A trigger that would spoil every row that is loaded while it fires.
CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    new.balance := 999;
    RETURN new;
END $$;
CREATE TRIGGER spoil BEFORE INSERT ON customers FOR EACH ROW EXECUTE FUNCTION spoil('arg', E'o''\n');
ALTER TABLE customers ENABLE ALWAYS TRIGGER spoil;
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$;
CREATE TRIGGER "Refuse; all" AFTER DELETE ON animals REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION refuse();
CREATE TRIGGER when_asked BEFORE UPDATE OF name ON animals FOR EACH ROW WHEN (old.name IS DISTINCT FROM new.name)
    EXECUTE FUNCTION refuse();
ALTER TABLE animals DISABLE TRIGGER when_asked;
CREATE CONSTRAINT TRIGGER at_the_end AFTER INSERT ON left_hand DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse();
ALTER TABLE left_hand ENABLE REPLICA TRIGGER at_the_end;
CREATE TRIGGER on_parts AFTER INSERT ON measures FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER instead INSTEAD OF UPDATE ON second_view FOR EACH ROW EXECUTE FUNCTION refuse();
-- A check whose function reads another table, and finds it empty where that is loaded later.
CREATE TABLE a_later_table (id integer);
INSERT INTO a_later_table VALUES (1);
CREATE TABLE z_earlier_table (id integer);

CREATE TABLE secrets (id integer GENERATED ALWAYS AS IDENTITY, owner name DEFAULT current_user, what text);
INSERT INTO secrets (owner, what) SELECT 'somebody', 'secret ' || n FROM generate_series(1, 25) n;
CREATE POLICY own ON secrets FOR ALL TO PUBLIC USING (owner = current_user) WITH CHECK (what <> 'none');
CREATE POLICY narrow ON secrets AS RESTRICTIVE FOR SELECT USING (id > 0);
ALTER TABLE secrets ENABLE ROW LEVEL SECURITY;
CREATE TABLE policies_asleep (id integer);
CREATE POLICY none ON policies_asleep USING (false);

CREATE TEXT SEARCH DICTIONARY plain_words (TEMPLATE = simple, STOPWORDS = 'english', ACCEPT = false);
CREATE TEXT SEARCH CONFIGURATION words (PARSER = default);
ALTER TEXT SEARCH CONFIGURATION words ADD MAPPING FOR asciiword, word WITH plain_words, english_stem;
CREATE INDEX lines_words ON lines USING gin (to_tsvector('words'::regconfig, left(t, 1000)));
CREATE INDEX customers_tenfold ON customers (twice(id));
