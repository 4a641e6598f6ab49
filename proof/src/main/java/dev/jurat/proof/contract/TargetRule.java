package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;

/** A set of resources that a contract allows. */
public sealed interface TargetRule {
    boolean covers(Resource resource);

    Json.Obj toJson();

    /** A path alone, with all that is below it, or with what is beside it too. */
    record Path(LexicalPath path, Reach reach) implements TargetRule {
        @Override
        public boolean covers(Resource resource) {
            return switch (resource) {
                case Resource.Path asked -> covers(asked);
            };
        }

        private boolean covers(Resource.Path asked) {
            return switch (reach) {
                case BESIDE -> asked.path().under(path);
                case BELOW -> asked.within(path);
                case ITSELF -> asked.path().equals(path) && asked.reach() == Reach.ITSELF;
            };
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("path", path.text())
                    .put("reach", reach.text())
                    .put("type", Resource.Path.TYPE)
                    .build();
        }
    }

    /** Reads the closed object; {@code contract-target} for an unknown type or a path that is not in its one form. */
    static TargetRule read(Fields fields) throws FormatException {
        if (!fields.string("type").equals(Resource.Path.TYPE)) {
            throw new FormatException("contract-target", fields.path() + ".type is not known");
        }
        String text = fields.string("path");
        Reach reach = Reach.read(fields.string("reach"));
        fields.end();
        LexicalPath path = LexicalPath.parse(text);
        if (!path.text().equals(text)) {
            throw new FormatException("contract-target", fields.path() + ".path is not in its one form");
        }
        return new Path(path, reach);
    }
}
