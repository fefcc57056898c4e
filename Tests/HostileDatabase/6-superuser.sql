-- What only a superuser can make.
CREATE EXTENSION file_fdw;
CREATE EXTENSION pageinspect WITH SCHEMA ext;
CREATE SERVER elsewhere TYPE 'it''s' VERSION '1;' FOREIGN DATA WRAPPER file_fdw;
CREATE USER MAPPING FOR CURRENT_USER SERVER elsewhere;
CREATE FOREIGN TABLE far_away (id integer, note text OPTIONS (force_not_null 'true')) SERVER elsewhere
    OPTIONS (filename '/dev/null', format 'csv', delimiter E'\t', null '\N ''x');
CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'nothing may be made here'; END $$;
CREATE PUBLICATION everything FOR ALL TABLES;
CREATE FUNCTION native(double precision) RETURNS double precision LANGUAGE internal STRICT AS 'dsqrt';
CREATE FUNCTION sure(integer) RETURNS boolean LANGUAGE sql LEAKPROOF IMMUTABLE AS 'SELECT true';
CREATE OPERATOR CLASS by_text FOR TYPE address USING hash AS OPERATOR 1 = (record, record), FUNCTION 1 hash_record(record);
CREATE ACCESS METHOD heap_again TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE in_heap_again (id integer) USING heap_again;
INSERT INTO in_heap_again VALUES (1), (2);
CREATE TEXT SEARCH TEMPLATE plain_template (LEXIZE = dsimple_lexize);
CREATE TYPE base;
CREATE FUNCTION base_in(cstring) RETURNS base LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION base_out(base) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE base (INPUT = base_in, OUTPUT = base_out, LIKE = text);
CREATE TABLE of_base (b base);
INSERT INTO of_base VALUES ('based');
ALTER TABLE secrets FORCE ROW LEVEL SECURITY;
CREATE EVENT TRIGGER watch ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'CREATE INDEX') EXECUTE FUNCTION watch();
COMMENT ON EVENT TRIGGER watch IS 'on an event trigger';
COMMENT ON PUBLICATION everything IS 'on all';
