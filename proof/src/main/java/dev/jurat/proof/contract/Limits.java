package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.Collection;

/**
 * What arguments may be: a closed profile of JSON Schema, so that every reader reaches the same verdict. Immutable.
 *
 * <p>Security property: objects are closed, every node has a type, and a keyword that is not known, or does not belong to its type, is
 * refused when the limits are read. The mistake that looks right but is not: ignoring unknown keywords, as JSON Schema does, so that a
 * misspelt bound is no bound.
 *
 * <p>Spec: {@code docs/spec/contract.md}, Limits.
 */
public final class Limits {
    private final Json.Obj json;
    private final Limit.Members top;

    private Limits(Json.Obj json, Limit.Members top) {
        this.json = json;
        this.top = top;
    }

    /**
     * Reads limits on an arguments object.
     *
     * @throws FormatException {@code limit-type}, {@code limit-keyword}, {@code limit-value}, {@code limit-range}, {@code limit-required},
     *     {@code limit-enum}, {@code limit-depth}, {@code limit-not-object} where the top is of another type
     */
    public static Limits read(Json.Obj json) throws FormatException {
        if (LimitReader.read(json) instanceof Limit.Members top) {
            return new Limits(json, top);
        }
        throw new FormatException("limit-not-object", "arguments are an object, so their limits have the type object");
    }

    /** Checks arguments; the first excess in the order of the spec. */
    public Containment check(ForeignJson arguments) {
        return top.check(arguments, "");
    }

    /** Checks a call without arguments, which stands for an empty object. */
    public Containment checkAbsent() {
        return top.required().isEmpty()
                ? Containment.WITHIN
                : new Containment.Beyond(
                        "beyond-required", "/" + Limit.pointer(top.required().getFirst()));
    }

    /** Whether an argument's value is limited in any way beyond being there. */
    public boolean restricts(String argument) {
        Limit limit = top.properties().get(argument);
        return limit != null && !(limit instanceof Limit.Anything);
    }

    /** The same limits, asking of these arguments only that they are listed. */
    Limits without(Collection<String> hidden) throws FormatException {
        if (hidden.stream().noneMatch(this::lists) || !(json.members().get("properties") instanceof Json.Obj all)) {
            return this;
        }
        Json.Obj open = all;
        for (String name : hidden) {
            if (lists(name)) {
                open = open.with(name, JsonBuilder.object().put("type", "any").build());
            }
        }
        return read(json.with("properties", open));
    }

    boolean lists(String argument) {
        return top.properties().containsKey(argument);
    }

    boolean isRequired(String argument) {
        return top.required().contains(argument);
    }

    boolean isText(String argument) {
        return top.properties().get(argument) instanceof Limit.Text;
    }

    boolean isTexts(String argument) {
        return top.properties().get(argument) instanceof Limit.Items items && items.each() instanceof Limit.Text;
    }

    public Json.Obj toJson() {
        return json;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Limits limits && json.equals(limits.json);
    }

    @Override
    public int hashCode() {
        return json.hashCode();
    }

    @Override
    public String toString() {
        return "Limits" + json;
    }
}
