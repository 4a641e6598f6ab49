package dev.jurat.proof.json;

import java.util.TreeMap;

/** The members of an object as a parser gathers them; it gives them away and keeps none, so {@link Json.Obj} takes them as they are. */
final class Members extends TreeMap<String, Json> {
    private static final long serialVersionUID = 1L;
}
