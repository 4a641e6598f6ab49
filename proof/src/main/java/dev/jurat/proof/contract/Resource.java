package dev.jurat.proof.contract;

import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;

/** What a call acts on, in the one form that its type gives it. */
public sealed interface Resource {
    /** The name of the type, as profiles and targets write it. */
    String type();

    /** The one text form. */
    String text();

    /** How far from what is named the call goes. */
    Reach reach();

    /** For bodies and for policies. */
    default Json.Obj toJson() {
        return JsonBuilder.object()
                .put("reach", reach().text())
                .put("resource", text())
                .put("type", type())
                .build();
    }

    /** A file or folder. */
    record Path(LexicalPath path, Reach reach) implements Resource {
        public static final String TYPE = "path";

        /**
         * Whether all that the call reaches lies in a folder. The mistake that looks right but is not: a folder holds itself, but not what
         * is written beside it.
         */
        public boolean within(LexicalPath folder) {
            return reach == Reach.BESIDE ? path.below(folder) : path.under(folder);
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String text() {
            return path.text();
        }
    }
}
