package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.AuthorityDetails;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.contract.Shape;
import dev.jurat.proof.contract.ToolProfile;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
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
 * <p>Security property: what is shown is what the terms cover. The terms are computed from the proposal that is shown, and the arguments that are shown
 * give the call that the grant names; a node that shows one thing and asks for a signature over another is found out.
 */
record Waiting(
        RecordId id,
        AuthorityFacts.Decision facts,
        AuthorityDetails.Proposed proposed,
        CallDetails call,
        Definition definition) {
    private static final int SHOWN_CHARS_MAX = 2_000;

    /** Fetches the decision that the typed id means, out of those that wait. */
    static Waiting find(JuratClient node, String typed) throws NodeException, FormatException {
        String prefix = Ids.check(typed);
        List<String> matching = View.list(node.get("/v1/pending"), "pending").stream()
                .map(item -> View.text(item, "decision"))
                .filter(id -> id.startsWith(prefix))
                .toList();
        if (matching.isEmpty()) {
            throw Failure.no("not-pending", "no decision of that id waits for a person", "jurat pending");
        }
        if (matching.size() > 1) {
            throw Failure.input(
                    "id-ambiguous", "several waiting decisions begin so", "type more digits: jurat pending");
        }
        Entry decision = fetch(node, RecordId.parse(matching.getFirst()));
        if (!(decision.record().statement().facts() instanceof AuthorityFacts.Decision facts)) {
            throw lie("what the node calls a decision is a "
                    + decision.record().kind().wire());
        }
        AuthorityDetails.Proposed proposed = proposed(decision, facts);
        RecordId intentId = decision.record().header().references().one("intent");
        CallDetails call = call(fetch(node, intentId), facts);
        return new Waiting(decision.record().id(), facts, proposed, call, definition(node, decision, call.name()));
    }

    /** The tool's definition where it is not accepted, from the context that the decision rests on. */
    private static Definition definition(JuratClient node, Entry decision, String tool)
            throws NodeException, FormatException {
        Entry context = fetch(node, decision.record().header().references().one("context"));
        if (!(context.record().statement().facts() instanceof AuthorityFacts.Context seen) || seen.known()) {
            return new Definition("", "", tool);
        }
        Optional<ToolProfile> profile = Optional.empty();
        if (seen.profile().isPresent()) {
            profile = Optional.of(ToolProfile.read(node.artefact(seen.profile().get())));
        }
        return new Definition(
                seen.definition().map(Hash::hex).orElse(""),
                profile.filter(p -> p.tool(tool).isPresent())
                        .map(ToolProfile::name)
                        .orElse(""),
                tool);
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

    private static CallDetails call(Entry intent, AuthorityFacts.Decision facts) throws FormatException {
        CallDetails call = CallDetails.read(body(intent));
        if (!(intent.record().statement().facts() instanceof AuthorityFacts.Intent wish)) {
            throw lie("what the decision calls its intent is a "
                    + intent.record().kind().wire());
        }
        boolean shown = call.commitment(wish.tool()).map(wish.call()::equals).orElse(true);
        boolean granted = facts.grant()
                .map(g -> !(g.offer().shape() instanceof Shape.Exact exact)
                        || exact.call().equals(wish.call()))
                .orElse(false);
        if (!shown || !granted) {
            throw lie("the arguments shown are not those that would be approved");
        }
        return call;
    }

    private static dev.jurat.proof.record.Body body(Entry entry) {
        return entry.body()
                .orElseThrow(() -> Failure.no(
                        "body-erased",
                        "the details of this decision were erased: nobody can see what would be approved",
                        "jurat pending"));
    }

    /** Fetches a record and makes sure that it is the one asked for. */
    static Entry fetch(JuratClient node, RecordId id) throws NodeException, FormatException {
        Json.Obj answer = node.record(id);
        Entry entry = Entry.read(answer.without("index").without("id").without("flags"));
        if (!entry.record().id().equals(id)) {
            throw lie("the node answered with another record than " + View.brief(id.hex()));
        }
        if (entry.body().isPresent()) {
            entry.body().get().checkBelongsTo(entry.record().statement());
        }
        return entry;
    }

    private static Failure lie(String what) {
        return new Failure(
                Exit.NO,
                "node-lies",
                what + "; nothing was signed",
                "operator",
                "stop the node and look into it: jurat doctor");
    }

    /** Shows what a signature would cover. */
    void show(Screen screen) {
        var offer = proposed.proposal().offer();
        screen.line(screen.tone(Screen.Tone.STRONG, "Decision " + View.brief(id.hex())) + " waits: " + facts.reason());
        screen.line("  agent      " + offer.actor());
        screen.line("  what       " + Screen.clean(offer.tool().method() + " " + call.name()) + " ("
                + offer.tool().effect().text() + ")");
        call.purpose().ifPresent(p -> screen.line("  it says    " + Screen.clean(p)));
        call.resources().forEach(r -> screen.line("  on         " + Screen.clean(r)));
        screen.line("  arguments  " + arguments());
        call.others().ifPresent(o -> screen.line("  besides    " + shown(o)));
        screen.line("  how often  "
                + (offer.shape() instanceof Shape.Exact
                        ? "once, exactly these bytes"
                        : offer.uses() + " times, within limits"));
        proposed.proposal()
                .limits()
                .ifPresent(l -> screen.line("  limits     " + Screen.clean(CanonicalJson.writeString(l.toJson()))));
        screen.line("  how long   " + offer.windowMillis() / 1000 + " s from the start of the contract");
        screen.line("  terms      " + proposed.terms().hex());
        definition.show(screen, "  ");
    }

    private String arguments() {
        if (call.redacted().isPresent()) {
            return Screen.clean(CanonicalJson.writeString(call.redacted().get())) + "  (secret ones as digests)";
        }
        return call.arguments().map(this::shown).orElse("none");
    }

    private String shown(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        String clean = Screen.clean(text);
        return clean.length() <= SHOWN_CHARS_MAX
                ? clean
                : clean.substring(0, SHOWN_CHARS_MAX) + "… (" + text.length() + " characters; all of them: jurat show "
                        + View.brief(id.hex()) + ")";
    }
}
