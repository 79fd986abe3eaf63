"""The triggers that keep what is searched in step with the names it comes from."""

import pgtrigger

_LEARN = """
    INSERT INTO catalog_searchword (word)
    SELECT DISTINCT known.lexeme FROM {words}
     WHERE known.weights && '{{A,B}}' AND length(known.lexeme) BETWEEN 3 AND 80 AND known.lexeme !~ '[0-9]'
       AND NOT EXISTS (SELECT FROM catalog_searchword AS learnt WHERE learnt.word = known.lexeme)
     ORDER BY known.lexeme
    ON CONFLICT DO NOTHING;
    RETURN NULL;
"""


def product_triggers() -> list[pgtrigger.Trigger]:
    """Brand and category are locked against another name until the product's transaction ends."""
    return [
        pgtrigger.Trigger(
            name="is_searched",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert
            | pgtrigger.UpdateOf(
                "name",
                "name_ar",
                "description",
                "description_ar",
                "sku",
                "barcode",
                "pack_size",
                "brand_id",
                "category_id",
                "search_vector",
            ),
            declare=[("brand", "text"), ("category", "text")],
            func="""
                SELECT name || ' ' || name_ar INTO brand
                  FROM catalog_brand WHERE id = NEW.brand_id FOR SHARE;
                SELECT name || ' ' || name_ar INTO category
                  FROM catalog_category WHERE id = NEW.category_id FOR SHARE;
                NEW.search_vector := catalog_vector(
                    NEW.name || ' ' || NEW.name_ar, coalesce(brand, '') || ' ' || coalesce(category, ''),
                    NEW.description || ' ' || NEW.description_ar,
                    NEW.pack_size, NEW.sku, NEW.barcode);
                RETURN NEW;
            """,
        ),
        pgtrigger.Trigger(
            name="new_words_are_learnt",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="products"),
            func=_LEARN.format(words="products, unnest(products.search_vector) AS known"),
        ),
        pgtrigger.Trigger(
            name="changed_words_are_learnt",
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            condition=pgtrigger.Condition("OLD.search_vector IS DISTINCT FROM NEW.search_vector"),
            func=_LEARN.format(words="unnest(NEW.search_vector) AS known"),
        ),
    ]


def renamed_trigger(column: str) -> pgtrigger.Trigger:
    """Products are found by the new name of what `column` points to."""
    return pgtrigger.Trigger(
        name="its_products_are_searched",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("name", "name_ar"),
        condition=pgtrigger.Condition(
            "OLD.name IS DISTINCT FROM NEW.name OR OLD.name_ar IS DISTINCT FROM NEW.name_ar"
        ),
        func=f"UPDATE catalog_product SET search_vector = NULL WHERE {column} = NEW.id; RETURN NULL;",  # noqa: S608
    )


def names_trigger() -> pgtrigger.Trigger:
    """A brand or category is found by its own names."""
    return pgtrigger.Trigger(
        name="its_names_are_searched",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("name", "name_ar", "search_vector"),
        func="NEW.search_vector := catalog_names_vector(NEW.name, NEW.name_ar); RETURN NEW;",
    )
