"""Finding products by words, in English and Arabic, whatever their order, and in spite of a slip.

**One form.** `catalog_words`, a function of the database, brings texts and queries to one form: no case,
accents, tashkeel or tatweel, one alef, one yeh, Latin digits, letters apart from digits, one spelling of each
unit.

**Kept by the database.** `Product.search_vector` is written by a trigger, whoever writes the row, and again
when the brand or category gets another name: the words of the name weigh A, those of brand and category B,
description and codes C, the pack D; with them words without the Arabic article, neighbours written together,
and whole codes marked with `=`. `SearchWord` collects the words of names and brands.

**A query** wants every word, alone or written together with its neighbour; or the whole of it as a code.
Words that names have, units, short words, and numbers before other words stand for themselves, another word
for the few words of names that begin so (`catalog_narrow`); where too little is found so, each for whatever
begins so (`catalog_query`). Beginnings of five common words cost the index of a million products 150 ms, the
words themselves 5.

`spelling` says how a query may be read, `ranking` puts the best first, `suggesting` answers while one types,
`marks` shows where the words stand, `missed` counts what is not found.
"""
