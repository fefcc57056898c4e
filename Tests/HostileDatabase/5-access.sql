-- Who may what. The roles "Reader of ""all""", writer and the one of sixty-three bytes are there already.
GRANT SELECT ON customers TO "Reader of ""all""" WITH GRANT OPTION;
GRANT INSERT (email), UPDATE (email, country), REFERENCES ON customers TO writer;
GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO writer;
REVOKE ALL ON SEQUENCE odd_sequence FROM writer;
GRANT USAGE ON SCHEMA "Odd ""Name"" with spaces", ext TO "Reader of ""all""", PUBLIC;
REVOKE EXECUTE ON FUNCTION twice(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION twice(integer) TO "to the last of its sixty-three bytes this is a name of one role";
GRANT EXECUTE ON PROCEDURE do_nothing TO writer;
REVOKE ALL ON TYPE mood FROM PUBLIC;
GRANT USAGE ON TYPE mood, code TO writer;
GRANT SELECT, UPDATE ON LARGE OBJECT 424242 TO writer;
REVOKE ALL ON empty FROM CURRENT_USER;
GRANT SELECT ON empty TO CURRENT_USER;
GRANT TRUNCATE, TRIGGER ON lines TO PUBLIC;
GRANT SELECT ON "EXTENSION pretends" TO writer;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO "Reader of ""all""";
ALTER DEFAULT PRIVILEGES IN SCHEMA ext GRANT ALL ON TABLES TO writer WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON TYPES TO writer;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO writer;
COMMENT ON COLUMN customers.email IS '';
COMMENT ON COLUMN customers.country IS E'tab\t, newline\n, quote '', \\backslash';
COMMENT ON CONSTRAINT later ON customers IS 'on a constraint';
COMMENT ON CONSTRAINT above_zero ON DOMAIN positive IS 'on a domain''s';
COMMENT ON TRIGGER spoil ON customers IS 'on a trigger';
COMMENT ON RULE quietly ON animals IS 'on a rule';
COMMENT ON POLICY own ON secrets IS 'on a policy';
COMMENT ON INDEX customers_hash IS 'on an index';
COMMENT ON FUNCTION twice(integer) IS 'on a function';
COMMENT ON AGGREGATE joined(integer) IS 'on an aggregate';
COMMENT ON OPERATOR <~~> (text, integer) IS 'on an operator';
COMMENT ON CAST (text AS address) IS 'on a cast';
COMMENT ON TYPE mood IS 'on a type';
COMMENT ON COLLATION backwards IS 'on a collation';
COMMENT ON STATISTICS customers_statistics IS 'on statistics';
COMMENT ON TEXT SEARCH CONFIGURATION words IS 'on a configuration';
COMMENT ON SEQUENCE odd_sequence IS 'on a sequence';
COMMENT ON VIEW rich IS 'on a view';
COMMENT ON MATERIALIZED VIEW totals IS 'on a materialised view';
COMMENT ON EXTENSION hstore IS 'in other words than its own';
CREATE PUBLICATION some_tables FOR TABLE customers, lines WITH (publish = 'insert');
COMMENT ON PUBLICATION some_tables IS 'on a publication';
-- Before PostgreSQL 15 the schema public is the server's, not the database's owner's.
SELECT current_setting('server_version_num')::integer >= 150000 AS is_ours \gset
\if :is_ours
GRANT CREATE ON SCHEMA public TO writer;
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
COMMENT ON SCHEMA public IS 'a comment that is ours, and not the usual one';
\endif
