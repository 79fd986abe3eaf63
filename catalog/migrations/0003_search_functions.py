"""The one normal form of texts and queries, as functions of the database: catalog/search says how it works."""

from typing import ClassVar

from django.db import migrations

# Separators are named one by one, not by class: what is a letter must not depend on the database's locale.
WORDS = r"""
CREATE FUNCTION catalog_words(given text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    plain text := lower(normalize(given, NFKD));
BEGIN
    plain := regexp_replace(plain, '[\u0300-\u036f\u0610-\u061a\u061c\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\u0621''\u2018\u2019\u02bc]', '', 'g');
    plain := translate(plain, 'ةىٱیېکگھہپچژڤ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹', 'هياييككههبجزف01234567890123456789');
    plain := regexp_replace(plain, '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u02b0-\u02ff\u0600-\u060f\u061b-\u061f\u066a-\u066d\u06d4\u06dd\u06de\u06e9\u2000-\u2bff\u2e00-\u2e7f\u3000-\u303f\ufd3e\ufd3f\ufff0-\uffff\U0001f000-\U0001faff]+', ' ', 'g');
    plain := regexp_replace(plain, '([0-9]) ?x ?(?=[0-9])', '\1 ', 'g');
    plain := regexp_replace(plain, '([0-9]+)', ' \1 ', 'g');
    RETURN (
        SELECT coalesce(array_agg(left(CASE
                   WHEN word IN ('مل', 'ملي', 'مليلتر', 'mls', 'millilitre', 'milliliter') THEN 'ml'
                   WHEN word IN ('لتر', 'ليتر', 'ltr', 'lt', 'litre', 'liter', 'litres', 'liters') THEN 'l'
                   WHEN word IN ('غ', 'غم', 'جم', 'غرام', 'جرام', 'gm', 'gms', 'gr', 'gram', 'grams') THEN 'g'
                   WHEN word IN ('كغ', 'كغم', 'كجم', 'كيلو', 'kgs', 'kilo', 'kilos') THEN 'kg'
                   WHEN word IN ('one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten')
                   THEN array_position('{one,two,three,four,five,six,seven,eight,nine,ten}', word)::text
                   ELSE word END, 40) ORDER BY place), '{}')
          FROM string_to_table(plain, ' ') WITH ORDINALITY AS found (word, place)
         WHERE word <> ''
    );
END $$;
"""

BARE = r"""
CREATE FUNCTION catalog_bare(word text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    IF length(word) < 5 OR ascii(word) NOT BETWEEN 1536 AND 1791 THEN
        RETURN word;
    END IF;
    RETURN regexp_replace(word, '^([وبفك]?ال|لل)(?=...)', '');
END $$;
"""

CODE = r"""
CREATE FUNCTION catalog_code(given text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(left(array_to_string(catalog_words(given), ''), 100), '^0+(?=[0-9]+$)', '');
"""

JOINED = r"""
CREATE FUNCTION catalog_joined(words text[]) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    pairs text[] := '{}';
    before text;
    word text;
BEGIN
    FOREACH word IN ARRAY words LOOP
        IF ascii(word) BETWEEN 48 AND 57 THEN
            before := NULL;
        ELSE
            IF before IS NOT NULL THEN
                pairs := pairs || (before || word);
            END IF;
            before := word;
        END IF;
    END LOOP;
    RETURN pairs;
END $$;
"""

WEIGHED = r"""
CREATE FUNCTION catalog_weighed(words text[], weight text, after integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    text_form text := '';
    word text;
    bare text;
    at text;
BEGIN
    FOREACH word IN ARRAY words LOOP
        after := after + 1;
        at := ''':' || least(after, 16383) || weight;
        text_form := text_form || ' ''' || word || at;
        bare := catalog_bare(word);
        IF bare <> word THEN
            text_form := text_form || ' ''' || bare || at;
        END IF;
    END LOOP;
    RETURN text_form;
END $$;
"""

VECTOR = r"""
CREATE FUNCTION catalog_vector(name text, shelf text, described text, aside text, sku text, barcode text)
RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    names text[] := catalog_words(name);
    shelves text[] := catalog_words(shelf);
    skus text[] := catalog_words(sku);
    whole_sku text := left(array_to_string(skus, ''), 100);
    named integer := cardinality(names) + cardinality(shelves);
    text_form text;
BEGIN
    text_form := catalog_weighed(names, 'A', 0)
        || catalog_weighed(shelves || catalog_joined(shelves), 'B', cardinality(names))
        || catalog_weighed(catalog_words(described), 'C', named + 20)
        || catalog_weighed(catalog_joined(names) || catalog_words(aside), 'D', named);
    IF whole_sku <> '' THEN
        text_form := text_form || catalog_weighed(skus || whole_sku, 'C', named) || ' ''=' || catalog_code(sku) || ''':1C';
    END IF;
    IF barcode <> '' THEN
        text_form := text_form || ' ''' || barcode || ''':1C ''=' || ltrim(barcode, '0') || ''':1C';
    END IF;
    RETURN text_form::tsvector;
END $$;
"""

FORMS = r"""
CREATE FUNCTION catalog_forms(word text, before text, after text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    forms text := '''' || word || '''';
    bare text := catalog_bare(word);
BEGIN
    IF length(word) > 1 THEN
        forms := forms || ' | ''' || word || ''':*';
    END IF;
    IF bare <> word THEN
        forms := forms || ' | ''' || bare || ''':*';
    END IF;
    IF ascii(word) BETWEEN 48 AND 57 THEN
        RETURN forms;
    END IF;
    IF ascii(before) NOT BETWEEN 48 AND 57 THEN
        forms := forms || ' | ''' || before || word || ''':*';
    END IF;
    IF ascii(after) NOT BETWEEN 48 AND 57 THEN
        forms := forms || ' | ''' || word || after || ''':*';
    END IF;
    IF length(word) > 3 AND right(word, 1) = 's' THEN
        forms := forms || ' | ''' || left(word, -1) || '''';
        IF right(word, 3) = 'ies' THEN
            forms := forms || ' | ''' || left(word, -3) || 'y''';
        ELSIF right(word, 2) = 'es' THEN
            forms := forms || ' | ''' || left(word, -2) || '''';
        END IF;
    END IF;
    RETURN forms;
END $$;
"""

ASKED = r"""
CREATE FUNCTION catalog_asked(given text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    every text[] := (catalog_words(left(given, 200)))[1:12];
    telling text[] := array(
        SELECT word FROM unnest(every) WITH ORDINALITY AS asked (word, place)
         WHERE word <> ALL ('{and,or,the,of,with,for,from,و,من,مع,في}') ORDER BY place);
BEGIN
    RETURN CASE WHEN cardinality(telling) > 0 THEN telling ELSE every END;
END $$;
"""

QUERY = r"""
CREATE FUNCTION catalog_query(given text) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    words text[] := catalog_asked(given);
    text_form text := '';
BEGIN
    FOR place IN 1 .. cardinality(words) LOOP
        text_form := text_form || ' & (' || catalog_forms(words[place], words[place - 1], words[place + 1]) || ')';
    END LOOP;
    IF text_form = '' THEN
        RETURN NULL;
    END IF;
    RETURN (substr(text_form, 4) || ' | ''=' || catalog_code(left(given, 200)) || '''')::tsquery;
END $$;
"""

RESTS = r"""
CREATE FUNCTION catalog_rests(word text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT rest)
      FROM (SELECT word UNION ALL
            SELECT overlay(word PLACING '' FROM place FOR 1) FROM generate_series(1, length(word)) AS place) AS rests (rest);
$$;
"""

NAMES = r"""
CREATE FUNCTION catalog_names_vector(name text, name_ar text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN catalog_vector(name || ' ' || name_ar, '', '', '', '', '');
"""

FUNCTIONS = {
    "catalog_words(text)": WORDS,
    "catalog_bare(text)": BARE,
    "catalog_code(text)": CODE,
    "catalog_joined(text[])": JOINED,
    "catalog_weighed(text[], text, integer)": WEIGHED,
    "catalog_vector(text, text, text, text, text, text)": VECTOR,
    "catalog_forms(text, text, text)": FORMS,
    "catalog_asked(text)": ASKED,
    "catalog_query(text)": QUERY,
    "catalog_rests(text)": RESTS,
    "catalog_names_vector(text, text)": NAMES,
}


class Migration(migrations.Migration):
    dependencies: ClassVar = [("catalog", "0002_names_sort_without_case")]

    operations: ClassVar = [
        migrations.RunSQL(body, f"DROP FUNCTION {signature}") for signature, body in FUNCTIONS.items()
    ]
