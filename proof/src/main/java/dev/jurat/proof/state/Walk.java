package dev.jurat.proof.state;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.contract.Grant;
import dev.jurat.proof.contract.Total;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.record.SuccessionFacts;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a finding from evidence: goes from the subject's record to those that it rests on, and takes the standing of each ({@code
 * docs/spec/state.md} §6). Not thread-safe.
 */
final class Walk {
    private final Evidence evidence;
    private final Frame frame;
    /** In the order found, each once. */
    private final Set<String> reasons = new LinkedHashSet<>();

    private Walk(Evidence evidence, Frame frame) {
        this.evidence = evidence;
        this.frame = frame;
    }

    static StateFinding find(Evidence evidence, Frame frame, Subject subject) throws FormatException {
        Walk walk = new Walk(evidence, frame);
        Json.Obj shown = switch (subject) {
            case Subject.OfStream(Stream stream) -> walk.stream(stream);
            case Subject.OfPrincipal(String principal) -> walk.whole(principal);
            case Subject.OfContract(RecordId contract) -> walk.contract(contract);
            case Subject.OfIdentity(RecordId identity) -> walk.identity(identity);
            case Subject.OfKey(String key) -> walk.key(key);
            case Subject.OfPolicy(RecordId policy) -> walk.policy(policy);
        };
        return new StateFinding(
                subject, frame.stateLeaf(), frame.size(), frame.clock(), shown, List.copyOf(walk.reasons));
    }

    // ---- streams and principals

    private Json.Obj stream(Stream stream) throws FormatException {
        Leaf opener = evidence.opener(stream);
        Standing standing = evidence.standing(opener);
        Facts facts = opener.record().statement().facts();
        Standing.Head head = switch (standing) {
            case Standing.Session(Standing.Head own, long before) -> own;
            case Standing.Enrolled(Standing.Principal principal, Standing.Credential key, Standing.Head own) -> own;
            case Standing.Succeeded(Standing.Credential key, Standing.Head own) -> own;
            case Standing.Genesis genesis -> named(genesis, stream).stream().orElseThrow();
            default -> throw foreign(opener);
        };
        JsonBuilder out = head(head).put("leaf", opener.index()).put("stream", stream.toString());
        if (facts instanceof RegistryFacts.Session session) {
            out.put("key", session.key()).put("notAfter", session.notAfter());
            over(session.notAfter(), "session-expired");
            out.put("identityKey", credential(session.identityKey(), false).build());
        } else {
            out.put("identityKey", credential(owned(opener, stream), true).build());
        }
        endedBy(head.suspended(), "session-suspended");
        endedBy(head.ended(), "session-ended");
        return out.put("principal", principal(stream.principal()).build()).build();
    }

    private Standing.Named named(Standing.Genesis genesis, Stream stream) throws FormatException {
        List<Registered> principals = frame.genesis().principals();
        for (int i = 0; i < principals.size(); i++) {
            if (Beginnings.opens(principals.get(i), stream)) {
                return genesis.principals().get(i);
            }
        }
        throw new FormatException("state-proof-subject", "genesis does not open the stream");
    }

    /** The key that a stream which is no session's is signed with. */
    private String owned(Leaf opener, Stream stream) throws FormatException {
        return switch (opener.record().statement().facts()) {
            case RegistryFacts.Key key -> key.key();
            case SuccessionFacts.Successor successor -> successor.key();
            default ->
                frame.genesis().principals().stream()
                        .filter(registered -> Beginnings.opens(registered, stream))
                        .findFirst()
                        .orElseThrow(() -> foreign(opener))
                        .key();
        };
    }

    /**
     * A registered key: what follows it, and whether it was reported.
     *
     * @param signs whether it is asked for what it signs from now on, rather than for what it has opened
     */
    private JsonBuilder credential(String key, boolean signs) throws FormatException {
        Leaf leaf = evidence.origin(key);
        Standing.Credential standing = credentialAt(leaf, key);
        JsonBuilder out = credentialJson(leaf, key, standing);
        endedBy(standing.report() != 0, "key-compromised");
        if (standing.next() != 0) {
            out.put("next", standing.next());
            if (signs) {
                retired(leaf, standing, key);
            }
        }
        return out;
    }

    /** A key is over when its overlap ends, or a key further on is brought by administrators. */
    private void retired(Leaf leaf, Standing.Credential standing, String key) throws FormatException {
        SuccessionFacts.Successor next = following(leaf, standing.next(), key);
        if (next instanceof SuccessionFacts.Rotation rotation) {
            over(rotation.until(), "key-retired");
        }
        long at = standing.next();
        while (next instanceof SuccessionFacts.Rotation && at != 0) {
            Leaf of = evidence.at(at);
            long after = credentialAt(of, next.key()).next();
            next = after == 0 ? next : following(of, after, next.key());
            at = after;
        }
        endedBy(next instanceof SuccessionFacts.Recovery, "key-retired");
    }

    private static JsonBuilder credentialJson(Leaf leaf, String key, Standing.Credential standing) {
        JsonBuilder out = JsonBuilder.object().put("key", key).put("leaf", leaf.index());
        return standing.report() == 0
                ? out
                : out.put("report", standing.report()).put("since", standing.since());
    }

    private Standing.Credential credentialAt(Leaf leaf, String key) throws FormatException {
        return switch (evidence.standing(leaf)) {
            case Standing.Enrolled(Standing.Principal principal, Standing.Credential own, Standing.Head stream) -> own;
            case Standing.Succeeded(Standing.Credential own, Standing.Head stream) -> own;
            case Standing.Genesis genesis -> {
                List<String> keys = frame.genesis().principals().stream()
                        .map(Registered::key)
                        .toList();
                if (!keys.contains(key)) {
                    throw foreign(leaf);
                }
                yield genesis.principals().get(keys.indexOf(key)).key();
            }
            default -> throw foreign(leaf);
        };
    }

    /** The keys of a principal, from the first one to the one that none follows, whose report alone ends what the principal may. */
    private Json.Arr keys(String first) throws FormatException {
        List<Json> found = new ArrayList<>();
        String key = first;
        for (long next = 1; next != 0; ) {
            Leaf leaf = evidence.origin(key);
            Standing.Credential standing = credentialAt(leaf, key);
            found.add(credentialJson(leaf, key, standing).build());
            next = standing.next();
            if (next == 0) {
                endedBy(standing.report() != 0, "key-compromised");
            } else {
                key = following(leaf, next, key).key();
            }
        }
        return new Json.Arr(found);
    }

    /** What brings the next key at a leaf, which is a later one and follows this key. */
    private SuccessionFacts.Successor following(Leaf leaf, long next, String key) throws FormatException {
        Facts facts = evidence.at(next).record().statement().facts();
        if (next <= leaf.index()
                || !(facts instanceof SuccessionFacts.Successor successor)
                || !successor.follows().equals(key)) {
            throw new FormatException("state-proof-subject", "leaf " + next + " brings no key that follows this one");
        }
        return successor;
    }

    private static JsonBuilder head(Standing.Head head) {
        return JsonBuilder.object()
                .put("awaited", head.awaited())
                .put("ended", head.ended())
                .put("next", head.next())
                .put("previous", head.previous().hex())
                .put("suspended", head.suspended());
    }

    private JsonBuilder principal(String principal) throws FormatException {
        Standing.Principal standing = standingOf(principal);
        endedBy(standing.suspended(), "principal-suspended");
        return JsonBuilder.object()
                .put("principal", principal)
                .put("selfEnrolled", standing.selfEnrolled())
                .put("sessions", standing.sessions())
                .put("suspended", standing.suspended());
    }

    private Standing.Principal standingOf(String principal) throws FormatException {
        Leaf leaf = evidence.registration(principal);
        return switch (evidence.standing(leaf)) {
            case Standing.Enrolled(Standing.Principal own, Standing.Credential key, Standing.Head stream) -> own;
            case Standing.Genesis genesis -> {
                List<String> names = frame.genesis().principals().stream()
                        .map(Registered::principal)
                        .toList();
                yield genesis.principals().get(names.indexOf(principal)).principal();
            }
            default -> throw foreign(leaf);
        };
    }

    /** A principal with every session that it has had, newest first. */
    private Json.Obj whole(String principal) throws FormatException {
        Leaf registration = evidence.registration(principal);
        Registered registered = Beginnings.registered(
                        registration.record().statement().facts())
                .stream()
                .filter(r -> r.principal().equals(principal))
                .findFirst()
                .orElseThrow();
        Standing.Principal standing = standingOf(principal);
        return principal(principal)
                .put("class", registered.type().wire())
                .put("keys", keys(registered.key()))
                .put("leaf", registration.index())
                .strings("roles", registered.roles().stream().map(r -> r.wire()).toList())
                .put("streams", new Json.Arr(sessions(principal, standing)))
                .build();
    }

    /** Follows the chain from the newest session to the first; {@code state-sessions} where it is not as long as the principal says. */
    private List<Json> sessions(String principal, Standing.Principal standing) throws FormatException {
        List<Json> found = new ArrayList<>();
        long at = standing.newest();
        long above = frame.size();
        while (at != 0 && found.size() < standing.sessions()) {
            Leaf leaf = evidence.at(at);
            boolean sound = at < above
                    && leaf.record().statement().facts() instanceof RegistryFacts.Session
                    && leaf.stream().principal().equals(principal);
            if (!sound || !(evidence.standing(leaf) instanceof Standing.Session(Standing.Head head, long before))) {
                throw new FormatException("state-sessions", "leaf " + at + " is no session of the principal");
            }
            found.add(session(leaf, head));
            above = at;
            at = before;
        }
        if (at != 0 || found.size() != standing.sessions()) {
            throw new FormatException("state-sessions", "the principal has another number of sessions than it says");
        }
        return found;
    }

    private Json session(Leaf leaf, Standing.Head head) {
        RegistryFacts.Session facts =
                (RegistryFacts.Session) leaf.record().statement().facts();
        return head(head)
                .put("key", facts.key())
                .put("leaf", leaf.index())
                .put("notAfter", facts.notAfter())
                .put("stream", leaf.stream().toString())
                .build();
    }

    // ---- what was granted

    private Json.Obj policy(RecordId id) throws FormatException {
        Standing.Policy standing = policyOf(id);
        endedBy(standing.revoked(), "policy-revoked");
        endedBy(standing.withdrawn(), "policy-withdrawn");
        RegistryFacts.Policy facts =
                (RegistryFacts.Policy) evidence.record(id).record().statement().facts();
        return policyJson(id, standing)
                .put("artefact", facts.artefact().hex())
                .put("name", facts.name())
                .put("use", facts.publication().wire())
                .build();
    }

    private JsonBuilder policyJson(RecordId id, Standing.Policy standing) throws FormatException {
        return JsonBuilder.object()
                .put("leaf", evidence.record(id).index())
                .put("policy", id.hex())
                .put("revoked", standing.revoked())
                .put("withdrawn", standing.withdrawn());
    }

    private Standing.Policy policyOf(RecordId id) throws FormatException {
        Leaf leaf = evidence.record(id);
        if (evidence.standing(leaf) instanceof Standing.Policy standing) {
            return standing;
        }
        throw foreign(leaf);
    }

    private Json.Obj contract(RecordId id) throws FormatException {
        Leaf leaf = evidence.record(id);
        if (!(leaf.record().statement().facts() instanceof AuthorityFacts.Contract facts)
                || !(evidence.standing(leaf) instanceof Standing.Contract standing)) {
            throw foreign(leaf);
        }
        Leaf decision = evidence.record(leaf.header().references().one("decision"));
        RecordId policyId = decision.header()
                .references()
                .optional("policy")
                .orElseThrow(() ->
                        new FormatException("state-proof-subject", "what the contract names as its decision is none"));
        Standing.Policy policy = policyOf(policyId);
        Grant grant = facts.grant();
        long notAfter = standing.notBefore() + grant.windowMillis();
        endedBy(standing.revoked(), "contract-revoked");
        endedBy(policy.revoked(), "policy-revoked");
        if (standing.expired()) {
            reasons.add("contract-expired");
        } else {
            over(notAfter, "contract-expired");
        }
        endedBy(standing.ordinal() >= grant.uses(), "contract-spent");
        return JsonBuilder.object()
                .put("actor", grant.actor())
                .put("contract", id.hex())
                .put("decision", decision.id().hex())
                .put("expired", standing.expired())
                .put("identities", numbers(standing.identities()))
                .put("leaf", leaf.index())
                .put("mode", grant.mode().text())
                .put("notAfter", notAfter)
                .put("notBefore", standing.notBefore())
                .put("ordinal", standing.ordinal())
                .put("policy", policyJson(policyId, policy).build())
                .put("revoked", standing.revoked())
                .put("spent", standing.spent())
                .put("totals", totals(grant, standing))
                .put("uses", grant.uses())
                .build();
    }

    private static Json.Arr numbers(List<Long> leaves) {
        return new Json.Arr(leaves.stream().<Json>map(Json.Int::new).toList());
    }

    private static Json.Arr totals(Grant grant, Standing.Contract standing) {
        List<Json> totals = new ArrayList<>();
        for (int i = 0; i < grant.totals().size(); i++) {
            Total total = grant.totals().get(i);
            totals.add(JsonBuilder.object()
                    .put("max", total.max().text())
                    .put("name", total.name())
                    .put("sum", standing.totals().get(i).text())
                    .build());
        }
        return new Json.Arr(totals);
    }

    private Json.Obj identity(RecordId id) throws FormatException {
        Leaf leaf = evidence.record(id);
        if (!(leaf.record().statement().facts() instanceof AuthorityFacts.Identity facts)
                || !(evidence.standing(leaf) instanceof Standing.Identity standing)) {
            throw foreign(leaf);
        }
        endedBy(standing.revoked(), "identity-revoked");
        Json.Obj contract = contract(leaf.header().references().one("contract"));
        over(facts.notAfter(), "identity-expired");
        return JsonBuilder.object()
                .put("awaited", standing.awaited())
                .put("contract", contract)
                .put("identity", id.hex())
                .put("leaf", leaf.index())
                .put("notAfter", facts.notAfter())
                .put("revoked", standing.revoked())
                .put("session", stream(new Stream(facts.grant().actor(), facts.session())))
                .put("uses", standing.uses())
                .build();
    }

    // ---- keys

    private Json.Obj key(String key) throws FormatException {
        Leaf leaf = evidence.origin(key);
        JsonBuilder out = JsonBuilder.object()
                .put("key", key)
                .put("leaf", leaf.index())
                .put("record", leaf.id().hex());
        Facts facts = leaf.record().statement().facts();
        if (facts instanceof RegistryFacts.Session session && session.key().equals(key)) {
            return out.put("of", "session")
                    .put("session", stream(leaf.stream()))
                    .build();
        }
        if (facts instanceof LedgerFacts.Genesis genesis
                && genesis.checkpointKey().equals(key)) {
            return out.put("of", "checkpoints")
                    .put("principal", principal(Stream.LEDGER.principal()).build())
                    .build();
        }
        if (facts instanceof SuccessionFacts.Successor) {
            return succeeded(leaf, key, out);
        }
        Optional<Registered> owner = Beginnings.registered(facts).stream()
                .filter(r -> r.key().equals(key))
                .findFirst();
        if (owner.isEmpty()) {
            throw foreign(leaf);
        }
        return registered(owner.get(), out);
    }

    /** A key that follows another one opens its stream; of who opens sessions with it, what counts is the key and its principal. */
    private Json.Obj succeeded(Leaf leaf, String key, JsonBuilder out) throws FormatException {
        if (leaf.header().signer() == SignerType.HUMAN) {
            return out.put("of", "stream").put("stream", stream(leaf.stream())).build();
        }
        return principalsKey(key, leaf.stream().principal(), out);
    }

    private Json.Obj principalsKey(String key, String principal, JsonBuilder out) throws FormatException {
        return out.put("of", "principal")
                .put("credential", credential(key, true).build())
                .put("principal", principal(principal).build())
                .build();
    }

    /** People and the ledger sign in a stream of that very key; all others open sessions with it, or are enrolled by it. */
    private Json.Obj registered(Registered owner, JsonBuilder out) throws FormatException {
        if (!Beginnings.opensStream(owner)) {
            return principalsKey(owner.key(), owner.principal(), out);
        }
        Stream own = new Stream(owner.principal(), Beginnings.session(owner));
        return out.put("of", "stream").put("stream", stream(own)).build();
    }

    // ---- reasons

    private void endedBy(boolean ended, String reason) {
        if (ended) {
            reasons.add(reason);
        }
    }

    /** Something is over once the clock may have reached its end; without a clock nobody can say that it is not. */
    private void over(long notAfter, String reason) {
        if (frame.clock().isEmpty()) {
            reasons.add("time-not-shown");
        } else {
            endedBy(frame.clock().get().latest() >= notAfter, reason);
        }
    }

    private static FormatException foreign(Leaf leaf) {
        return new FormatException("state-proof-subject", leaf + " is not what the proof needs in its place");
    }
}
