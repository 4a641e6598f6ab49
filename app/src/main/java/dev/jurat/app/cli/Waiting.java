package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.AuthorityDetails;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.contract.Offer;
import dev.jurat.proof.contract.Shape;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.contract.ToolProfile;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A pending decision as a person is to see it before signing: fetched as records, and recomputed here.
 *
 * <p>Security property: what is shown as covered is what the terms cover. The terms are computed from the proposal that is shown, and the arguments
 * that are shown give the call that the grant names; a node that shows one thing and asks for a signature over another is found out.
 *
 * @param name what the node calls the agent; nobody signs that
 * @param origin whether the agent declared a purpose, or the wrapper made the intent from the call
 */
record Waiting(
        RecordId id,
        String name,
        AuthorityFacts.Decision facts,
        AuthorityDetails.Proposed proposed,
        AuthorityFacts.Origin origin,
        CallDetails call,
        Surroundings around) {
    /** The code of what a node tells that is not so. */
    static final String LIE = "node-lies";

    private static final String UNSIGNED = "; nothing was signed";

    /** What the node has in its list of what waits for the decision that the typed id means. */
    static Json find(JuratClient node, String typed) throws NodeException {
        String prefix = Ids.check(typed);
        Json.Obj all = node.get("/v1/pending");
        List<Json> matching = View.list(all, "pending").stream()
                .filter(item -> View.text(item, "decision").startsWith(prefix))
                .toList();
        if (matching.isEmpty()) {
            for (String decision : unreadable(all)) {
                if (decision.startsWith(prefix)) {
                    throw bodyErased(decision);
                }
            }
            throw Failure.no("not-pending", "no decision of that id waits for a person", "jurat pending");
        }
        if (matching.size() > 1) {
            throw Failure.input(
                    "id-ambiguous", "several waiting decisions begin so", "type more digits: jurat pending");
        }
        return matching.getFirst();
    }

    /** The ids of decisions that wait and that nobody can be shown. */
    static List<String> unreadable(Json.Obj pending) {
        return View.list(pending, "unreadable").stream()
                .map(id -> View.text(id, ""))
                .toList();
    }

    static Failure bodyErased(String decision) {
        return Failure.no(
                "body-erased",
                "what this decision is about was erased or damaged, so that nobody can answer it; it decides nothing, and the same call is"
                        + " decided anew",
                "jurat show " + View.brief(decision));
    }

    /** Fetches the decision that the node has in its list of what waits. */
    static Waiting of(JuratClient node, Json item) throws NodeException {
        try {
            return read(node, item);
        } catch (FormatException e) {
            throw lie("the records of this decision are not what their ids say, or out of form (" + e.code() + ")");
        }
    }

    private static Waiting read(JuratClient node, Json item) throws NodeException, FormatException {
        Asked asked = Asked.of(node, item);
        Entry decision = whole(asked.id(), asked.answer());
        AuthorityFacts.Decision facts = asked.facts();
        AuthorityDetails.Proposed proposed = proposed(decision, facts);
        Entry entry = fetch(node, decision.record().header().references().one("intent"));
        if (!(entry.record().statement().facts() instanceof AuthorityFacts.Intent intent)) {
            throw lie("what the decision calls its intent is of the kind "
                    + entry.record().kind().wire());
        }
        Offer offer = proposed.proposal().offer();
        CallDetails call = call(entry, intent, offer);
        return new Waiting(
                decision.record().id(),
                View.text(item, "actor"),
                facts,
                proposed,
                intent.origin(),
                call,
                Surroundings.of(node, item, decision, offer.point(), call.name()));
    }

    private static AuthorityDetails.Proposed proposed(Entry decision, AuthorityFacts.Decision facts)
            throws FormatException {
        AuthorityDetails.Decision details = AuthorityDetails.Decision.read(body(decision));
        AuthorityDetails.Proposed proposed = details.proposed().orElseThrow(() -> lie("the decision proposes nothing"));
        boolean same = facts.grant().isPresent() && facts.grant().get().terms().equals(proposed.terms());
        if (!same || !facts.grant().get().offer().equals(proposed.proposal().offer())) {
            throw lie("the terms to be signed are not those of the proposal");
        }
        return proposed;
    }

    private static CallDetails call(Entry entry, AuthorityFacts.Intent intent, Offer offer) throws FormatException {
        CallDetails call = CallDetails.read(body(entry));
        boolean shown =
                call.commitment(intent.tool()).map(intent.call()::equals).orElse(true);
        boolean granted =
                !(offer.shape() instanceof Shape.Exact exact) || exact.call().equals(intent.call());
        if (!shown || !granted) {
            throw lie("the arguments shown are not those that would be approved");
        }
        boolean named = List.of(call.name(), Tool.digestName(call.name()))
                        .contains(offer.tool().name())
                || isNamedByCommitment(call, offer.tool());
        boolean asked = offer.tool().equals(intent.tool())
                && offer.point().equals(intent.point())
                && offer.actor().equals(entry.record().header().stream().principal());
        if (!named || !asked) {
            throw lie("the agent asked for something else than would be approved");
        }
        return call;
    }

    /** Of a resource or a completion, statements have the method alone; what is called is in the commitment, which was compared. */
    private static boolean isNamedByCommitment(CallDetails call, Tool tool) {
        return !tool.method().equals(ToolProfile.METHOD)
                && tool.name().equals(tool.method())
                && call.redacted().isEmpty();
    }

    private static dev.jurat.proof.record.Body body(Entry entry) {
        return entry.body()
                .orElseThrow(() -> Failure.no(
                        "body-erased",
                        "the details of this decision were erased or are damaged: nobody can see what would be approved",
                        "jurat pending"));
    }

    /** Fetches a record and makes sure that it is the one asked for, and that its body is its own. */
    static Entry fetch(JuratClient node, RecordId id) throws NodeException, FormatException {
        return whole(id, node.record(id));
    }

    private static Entry whole(RecordId id, Json.Obj answer) throws FormatException {
        Entry entry = asked(id, View.entry(answer));
        if (entry.body().isPresent()) {
            entry.body().get().checkBelongsTo(entry.record().statement());
        }
        return entry;
    }

    /** The record of a node's answer, if it is the one with the id. */
    static Entry asked(RecordId id, Entry entry) {
        if (!entry.record().id().equals(id)) {
            throw lie("the node answered with another record than " + View.brief(id.hex()));
        }
        return entry;
    }

    static Failure lie(String what) {
        return new Failure(Exit.NO, LIE, what + UNSIGNED, "operator", "stop the node and look into it: jurat doctor");
    }

    /** What of it is not so, where something is signed all the same. */
    static String lied(Failure lie) {
        return String.valueOf(lie.getMessage()).replace(UNSIGNED, "");
    }

    /** Shows what a signature would cover, and what it would not. */
    void show(Screen screen, Excerpt excerpt) {
        screen.line(screen.tone(Screen.Tone.STRONG, "Decision " + View.brief(id.hex())) + " waits: "
                + Screen.clean(facts.reason()));
        new Terms(screen, excerpt, this).show();
        around.definition(call.name()).show(screen, "  ");
    }

    /** Everything, whole: the salts too, so that whoever has this computes the same digests. */
    Json.Obj toJson() {
        return JsonBuilder.object()
                .put("around", around.toJson())
                .put("call", callJson())
                .put("declared", declared())
                .put("proposal", proposed.proposal().toJson())
                .put("terms", proposed.terms().hex())
                .put("terms-salt", proposed.termsSalt().hex())
                .build();
    }

    private Json.Obj callJson() {
        return JsonBuilder.object()
                .put("arguments", text(call.arguments()))
                .put("name", call.name())
                .put("others", text(call.others()))
                .put("redacted", call.redacted())
                .put("salt", call.callSalt().hex())
                .build();
    }

    /** The agent's word. */
    private Json.Obj declared() {
        return JsonBuilder.object()
                .put("origin", origin.wire())
                .put("purpose", call.purpose().map(Json.Str::new))
                .strings("resources", call.resources())
                .build();
    }

    private static Optional<Json> text(Optional<byte[]> bytes) {
        return bytes.map(b -> Json.of(new String(b, StandardCharsets.UTF_8)));
    }
}
