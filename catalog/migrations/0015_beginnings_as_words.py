"""The narrower reading again, as of 0009: few words that begin so stand for a beginning.

A beginning makes the index collect all that it leads to before anything else is asked: "al" of "Dar Al Khair"
cost 30 ms among a million products, and "ماء", which is two letters in its one form, 25. So a word of one or two
letters stands for itself, as units do, and a longer one for the words of names that begin so where they are few.
"""

from importlib import import_module
from typing import ClassVar

from django.db import migrations

before = import_module("catalog.migrations.0009_words_as_they_are")

NARROW = r"""
CREATE OR REPLACE FUNCTION catalog_narrow(given text) RETURNS tsquery
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
    few CONSTANT integer := 8;
    words text[] := catalog_asked(given);
    text_form text := '';
    word text;
    forms text;
    begun text[];
BEGIN
    FOR place IN 1 .. cardinality(words) LOOP
        word := words[place];
        forms := catalog_forms(word, words[place - 1], words[place + 1]);
        IF word ~ '[0-9]' THEN
            IF place < cardinality(words) THEN
                forms := replace(forms, ':*', '');
            END IF;
        ELSIF length(word) < 3 OR EXISTS (SELECT FROM catalog_searchword AS known WHERE known.word = words[place]) THEN
            forms := replace(forms, ':*', '');
        ELSE
            begun := ARRAY(
                SELECT known.word FROM catalog_searchword AS known
                 WHERE known.word ~>=~ words[place] AND known.word ~<~ (words[place] || chr(1114111))
                    OR known.word ~>=~ catalog_bare(words[place])
                       AND known.word ~<~ (catalog_bare(words[place]) || chr(1114111))
                 LIMIT few + 1);
            IF cardinality(begun) BETWEEN 1 AND few THEN
                forms := replace(forms, ':*', '') || ' | ''' || array_to_string(begun, ''' | ''') || '''';
            END IF;
        END IF;
        text_form := text_form || ' & (' || forms || ')';
    END LOOP;
    IF text_form = '' THEN
        RETURN NULL;
    END IF;
    RETURN (substr(text_form, 4) || ' | ''=' || catalog_code(left(given, 200)) || '''')::tsquery;
END $$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("catalog", "0014_rows_of_products")]

    operations: ClassVar = [
        migrations.RunSQL(NARROW, before.NARROW.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
    ]
