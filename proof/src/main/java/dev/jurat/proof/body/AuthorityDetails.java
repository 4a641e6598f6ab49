package dev.jurat.proof.body;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.LexicalPath;
import dev.jurat.proof.contract.Proposal;
import dev.jurat.proof.contract.Roots;
import dev.jurat.proof.contract.Salt;
import dev.jurat.proof.contract.Terms;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.Body;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The bodies that the control plane writes. */
public sealed interface AuthorityDetails extends Details {
    /**
     * A context: the whole input that the policy was asked with ({@code docs/spec/policy.md}).
     *
     * <p>Of the input the folders alone are read here: what a call acts on depends on them, for whoever recomputes it.
     */
    record Context(Json.Obj input) implements AuthorityDetails {
        /** Reads the body; besides the codes of members those of paths, for folders that are none. */
        public static Context read(Body body) throws FormatException {
            Fields in = Details.fields(body);
            Context details = new Context(in.rawObject("input"));
            in.end();
            details.folders();
            return details;
        }

        /** The folders of the server, and the one that relative paths start from. */
        public Roots folders() throws FormatException {
            Fields in = Fields.of(input, "input");
            List<LexicalPath> paths = new ArrayList<>();
            for (String root : in.strings("roots")) {
                paths.add(LexicalPath.parse(root));
            }
            Optional<LexicalPath> base =
                    in.has("base") ? Optional.of(LexicalPath.parse(in.string("base"))) : Optional.empty();
            return new Roots(paths, base);
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object().put("input", input).build();
        }
    }

    /**
     * A proposal with the salt of its terms, as decision and contract carry it.
     *
     * @param callSalt for an exact grant the salt of its call commitment
     */
    record Proposed(Proposal proposal, Salt termsSalt, Optional<Salt> callSalt) {
        public Hash terms() {
            return Terms.of(termsSalt, proposal);
        }

        void put(JsonBuilder out) {
            out.put("callSalt", callSalt.map(s -> new Json.Str(s.hex())))
                    .put("proposal", proposal.toJson())
                    .put("termsSalt", termsSalt.hex());
        }

        static Proposed read(Fields in) throws FormatException {
            return new Proposed(
                    Proposal.read(in.rawObject("proposal")),
                    Details.salt(in, "termsSalt"),
                    in.has("callSalt") ? Optional.of(Details.salt(in, "callSalt")) : Optional.empty());
        }
    }

    /**
     * A decision.
     *
     * @param proposed what is proposed; empty where it is denied
     * @param determining the ids of the policies that determined the answer, sorted
     * @param help what would help, in words for the model
     */
    record Decision(Optional<Proposed> proposed, List<String> determining, String help) implements AuthorityDetails {
        public static Decision read(Body body) throws FormatException {
            Fields in = Details.fields(body);
            Decision details = new Decision(
                    in.has("proposal") ? Optional.of(Proposed.read(in)) : Optional.empty(),
                    in.strings("determining"),
                    in.string("help"));
            in.end();
            return details;
        }

        @Override
        public Json.Obj toJson() {
            JsonBuilder out =
                    JsonBuilder.object().strings("determining", determining).put("help", help);
            proposed.ifPresent(p -> p.put(out));
            return out.build();
        }
    }

    /** A contract: the proposal that was decided and approved. */
    record Contract(Proposed proposed) implements AuthorityDetails {
        public static Contract read(Body body) throws FormatException {
            Fields in = Details.fields(body);
            Contract details = new Contract(Proposed.read(in));
            in.end();
            return details;
        }

        @Override
        public Json.Obj toJson() {
            JsonBuilder out = JsonBuilder.object();
            proposed.put(out);
            return out.build();
        }
    }

    /** An identity: the token's text, whose SHA-256 is {@code eid}. */
    record Identity(String token) implements AuthorityDetails {
        public static Identity read(Body body) throws FormatException {
            Fields in = Details.fields(body);
            Identity details = new Identity(in.string("token"));
            in.end();
            return details;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object().put("token", token).build();
        }
    }
}
