package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.List;
import java.util.Optional;

/**
 * How one argument names what a call acts on. The type is {@code path} in this version.
 *
 * @param argument the member of {@code arguments}
 * @param each whether the argument is an array of names
 * @param reach how far from what it names the call goes
 */
public record ResourceRule(String argument, boolean each, Reach reach) {
    /** Reads the closed object; {@code profile-resource} for an unknown type. */
    static ResourceRule read(Fields fields) throws FormatException {
        if (!fields.string("type").equals(Resource.Path.TYPE)) {
            throw new FormatException("profile-resource", fields.path() + ".type is not known");
        }
        ResourceRule rule =
                new ResourceRule(fields.string("argument"), fields.bool("each"), Reach.read(fields.string("reach")));
        fields.end();
        return rule;
    }

    Json.Obj toJson() {
        return JsonBuilder.object()
                .put("argument", argument)
                .put("each", each)
                .put("reach", reach.text())
                .put("type", Resource.Path.TYPE)
                .build();
    }

    /** Whether the argument must be there, as text, or as an array of texts where each is one. */
    boolean fits(Limits arguments) {
        return arguments.isRequired(argument) && (each ? arguments.isTexts(argument) : arguments.isText(argument));
    }

    /** Adds the resources that one value names; the value has the form that {@link #fits} demands. */
    void read(ForeignJson value, Roots roots, List<Resource> into) throws FormatException {
        switch (value) {
            case ForeignJson.Str text -> into.add(new Resource.Path(path(text.value(), roots.base()), reach));
            case ForeignJson.Arr array -> {
                for (ForeignJson item : array.items()) {
                    read(item, roots, into);
                }
            }
            case ForeignJson.Obj ignored -> throw notText();
            case ForeignJson.Num ignored -> throw notText();
            case ForeignJson.Bool ignored -> throw notText();
            case ForeignJson.Null ignored -> throw notText();
        }
    }

    private static LexicalPath path(String text, Optional<LexicalPath> base) throws FormatException {
        return base.isPresent() ? LexicalPath.parse(text, base.get()) : LexicalPath.parse(text);
    }

    private FormatException notText() {
        return new FormatException("arguments-unmapped", "the argument " + argument + " is not text");
    }
}
