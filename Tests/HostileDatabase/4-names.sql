-- Names that end early, begin late, or say something else where they stand unquoted.
CREATE SCHEMA "Odd ""Name"" with spaces";
CREATE SCHEMA "pg""_toast; DROP TABLE customers; --";
CREATE SCHEMA "sixty-three bytes of one name, to the last that fits in a name!";
CREATE SCHEMA U&"line\000abreak \000d\000a and \0009tab";
CREATE SCHEMA "select";
CREATE SCHEMA "Ünï ""cödé"" 😀";
-- A quote and an accent that stands on it are one character to a reader who is not careful.
CREATE SCHEMA U&"quote ""\0301 and '\0301 accents";
CREATE TABLE U&"quote ""\0301 and '\0301 accents".U&"a ""\0301; table '\0301" (U&"column ""\0301" text, "to" text, "from" text, by text);
INSERT INTO U&"quote ""\0301 and '\0301 accents".U&"a ""\0301; table '\0301" VALUES (U&'value ''\0301', 'to', 'from', 'by');
GRANT SELECT (U&"column ""\0301", "to", by), UPDATE ("from") ON U&"quote ""\0301 and '\0301 accents".U&"a ""\0301; table '\0301" TO PUBLIC;
COMMENT ON COLUMN U&"quote ""\0301 and '\0301 accents".U&"a ""\0301; table '\0301".U&"column ""\0301" IS U&'comment ''\0301; --';

CREATE TABLE "Odd ""Name"" with spaces"."Table; with 'all' of \ it" ("Column ""of"" it" integer DEFAULT 3, "%s" text, "$1" text);
INSERT INTO "Odd ""Name"" with spaces"."Table; with 'all' of \ it" SELECT n, '%d', '$$' FROM generate_series(1, 9) n;
CREATE TABLE "pg""_toast; DROP TABLE customers; --".customers (id integer);
INSERT INTO "pg""_toast; DROP TABLE customers; --".customers VALUES (1);
CREATE TABLE "sixty-three bytes of one name, to the last that fits in a name!"."sixty-three bytes of one name, to the last that fits in a name!" (
    "sixty-three bytes of one name, to the last that fits in a name!" serial PRIMARY KEY);
INSERT INTO "sixty-three bytes of one name, to the last that fits in a name!"."sixty-three bytes of one name, to the last that fits in a name!" DEFAULT VALUES;
CREATE TABLE U&"line\000abreak \000d\000a and \0009tab".U&"table\000aof lines" (U&"column\000aof lines" text);
INSERT INTO U&"line\000abreak \000d\000a and \0009tab".U&"table\000aof lines" VALUES (E'a\nb');
COMMENT ON TABLE U&"line\000abreak \000d\000a and \0009tab".U&"table\000aof lines" IS E'two\nlines\r\n\\connect template1';
CREATE FUNCTION U&"line\000abreak \000d\000a and \0009tab".U&"f\000a\005c! echo"() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TABLE "select"."table" ("user" text, "order" text, "group" text PRIMARY KEY);
INSERT INTO "select"."table" VALUES ('u', 'o', 'g');
CREATE TABLE "Ünï ""cödé"" 😀"."é" (é text);
CREATE TABLE "Ünï ""cödé"" 😀".U&"e\0301" (U&"e\0301" text);
INSERT INTO "Ünï ""cödé"" 😀"."é" VALUES ('one character');
INSERT INTO "Ünï ""cödé"" 😀".U&"e\0301" VALUES ('two'), ('characters');
CREATE TYPE "select"."case" AS ENUM ('when', '');
CREATE TABLE "EXTENSION pretends" ("SCHEMA" "select"."case" DEFAULT 'when');
COMMENT ON TABLE "EXTENSION pretends" IS 'EXTENSION hstore';
CREATE SCHEMA "EXTENSION x";
COMMENT ON SCHEMA "EXTENSION x" IS 'no extension';
CREATE SCHEMA "DATABASE y";
GRANT USAGE ON SCHEMA "DATABASE y" TO PUBLIC;
CREATE EXTENSION tcn WITH SCHEMA "Odd ""Name"" with spaces";
COMMENT ON SCHEMA ext IS 'where extensions live';
-- Many schemas, with the same names in them.
SELECT format('CREATE SCHEMA many_%s; CREATE TABLE many_%1$s.one (id integer); INSERT INTO many_%1$s.one VALUES (%1$s); '
    'CREATE VIEW many_%1$s.two AS SELECT * FROM many_%1$s.one', n) FROM generate_series(1, 60) n \gexec
