package dev.jurat.app.node;

import dev.jurat.app.http.ApiAnswer;
import dev.jurat.app.http.ApiException;
import dev.jurat.app.http.ApiRequest;
import dev.jurat.governance.LedgerDoor;
import dev.jurat.ledger.Ledger;
import dev.jurat.ledger.LedgerException;
import dev.jurat.ledger.StoredRecord;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts.Session;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What rests on a registered key, in a stretch of the log: what it and the sessions that it opened signed, what was granted for these or on
 * its approval, and what it administered. One page reads so many leaves, found or not; whoever wants all asks for the next until there is none.
 */
final class Touched {
    private static final int PAGE_LEAVES = 20_000;
    /** Of resources, in characters. */
    private static final int PAGE_TEXT = 1 << 18;

    /** What one record that it administered takes of a page. */
    private static final int RECORD_TEXT = 256;

    private static final int RESOURCE_MAX = 512;
    private static final int RECENT_MAX = 1 << 10;

    private final Ledger ledger;
    private final LedgerDoor door;
    private final String principal;
    private final String key;
    /** From which leaf on an approval by the key is in doubt. */
    private final long since;

    private final Administered administered;

    private final Map<Stream, Boolean> streams = new HashMap<>();
    /** What was read last: a record mostly rests on those right before it. */
    private final Map<RecordId, SignedRecord> recent = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<RecordId, SignedRecord> eldest) {
            return size() > RECENT_MAX;
        }
    };

    private final Set<String> sessions = new LinkedHashSet<>();
    private final Set<RecordId> contracts = new LinkedHashSet<>();
    private final Set<RecordId> identities = new LinkedHashSet<>();
    private final Set<String> holders = new LinkedHashSet<>();
    private final List<Json> records = new ArrayList<>();
    private final Set<String> resources = new TreeSet<>();
    private final TreeMap<String, Json> kinds = new TreeMap<>();
    private long uses;
    private long text;
    /** Resources that are too long to be listed, and calls whose body is gone. */
    private long more;

    private Touched(Ledger ledger, LedgerDoor door, String principal, String key, long since) throws FormatException {
        this.ledger = ledger;
        this.door = door;
        this.principal = principal;
        this.key = key;
        this.since = since;
        this.administered = new Administered(principal, key);
    }

    static ApiAnswer answer(Ledger ledger, LedgerDoor door, ApiRequest request) throws ApiException {
        Map<String, String> query = request.query();
        Queries.requireKnown(query, "principal", "key", "from", "since");
        String principal = Queries.text(query, "principal").orElse("");
        String key = Queries.text(query, "key").orElse("");
        boolean known = door.ask(state -> state.keys(principal).stream()
                .anyMatch(standing -> standing.key().equals(key)));
        if (!known) {
            throw ApiException.notFound("a key of this principal");
        }
        try {
            long from = Queries.number(query, "from").orElse(0);
            long since = Queries.number(query, "since").orElse(from);
            return ApiAnswer.ok(new Touched(ledger, door, principal, key, since).page(from));
        } catch (LedgerException e) {
            throw Answers.of(e);
        } catch (FormatException e) {
            throw new IllegalStateException("a registered key cannot be read", e);
        }
    }

    private Json.Obj page(long from) throws LedgerException {
        long size = ledger.head().size().value();
        long last = Math.min(size, from + PAGE_LEAVES);
        long to = from;
        for (; to < last && text < PAGE_TEXT; to++) {
            Optional<SignedRecord> record = ledger.permanent(new LeafIndex(to));
            if (record.isPresent()) {
                take(record.get(), to);
            }
        }
        JsonBuilder out = JsonBuilder.object()
                .put("administered", new Json.Arr(records))
                .strings("contracts", hex(contracts))
                .put("from", from)
                .strings("holders", List.copyOf(holders))
                .strings("identities", hex(identities))
                .put("kinds", new Json.Obj(kinds))
                .strings("live", hex(live()))
                .put("more", more)
                .strings("resources", List.copyOf(resources))
                .strings("sessions", List.copyOf(sessions))
                .put("size", size)
                .put("uses", uses);
        return to < size ? out.put("next", to).build() : out.build();
    }

    private List<RecordId> live() {
        return door.ask(state -> contracts.stream()
                .filter(id -> state.contract(id)
                        .filter(Lifecycle.ContractStanding::live)
                        .isPresent())
                .toList());
    }

    private static List<String> hex(Collection<RecordId> ids) {
        return ids.stream().map(RecordId::hex).toList();
    }

    private void take(SignedRecord record, long leaf) throws LedgerException {
        recent.put(record.id(), record);
        Stream stream = record.header().stream();
        boolean own = rests(stream);
        if (own) {
            own(record, leaf);
        }
        if (administered.has(record, own)) {
            records.add(administered.shown(record, leaf));
            text += RECORD_TEXT;
        }
        switch (record.statement().facts()) {
            case AuthorityFacts.Identity identity
            when counts(record, identity) -> {
                identities.add(record.id());
                holders.add(holder(identity).toString());
            }
            case AuthorityFacts.Contract contract
            when asked(record, contract) || approved(record) -> contracts.add(record.id());
            default -> used(record, leaf);
        }
    }

    private void own(SignedRecord record, long leaf) throws LedgerException {
        sessions.add(record.header().stream().toString());
        kinds.merge(record.kind().wire(), new Json.Int(1), (a, b) -> new Json.Int(((Json.Int) a).value() + 1));
        if (record.kind() == Kind.INTENT) {
            call(leaf);
        }
    }

    /** What an intent names, and a use, since whoever asks need not say what the point then sees. */
    private void call(long leaf) throws LedgerException {
        Optional<byte[]> body = ledger.record(new LeafIndex(leaf)).flatMap(StoredRecord::body);
        if (body.isEmpty()) {
            more++;
            return;
        }
        try {
            CallDetails.read(Body.read(body.get())).resources().forEach(this::resource);
        } catch (FormatException e) {
            throw new IllegalStateException("an admitted body cannot be read", e);
        }
    }

    private void resource(String resource) {
        if (resource.length() > RESOURCE_MAX) {
            more++;
        } else if (resources.add(resource)) {
            text += resource.length();
        }
    }

    private void used(SignedRecord record, long leaf) throws LedgerException {
        if (record.kind() == Kind.USE) {
            SignedRecord identity = find(record.header().references().one("identity"));
            boolean counts =
                    identity.statement().facts() instanceof AuthorityFacts.Identity facts && counts(identity, facts);
            if (counts) {
                uses++;
                call(leaf);
            }
        }
    }

    private static Stream holder(AuthorityFacts.Identity facts) {
        return new Stream(facts.grant().actor(), facts.session());
    }

    /** Whether an identity is of a session of the key, or of a contract on its approval. */
    private boolean counts(SignedRecord identity, AuthorityFacts.Identity facts) {
        return rests(holder(facts))
                || approved(find(identity.header().references().one("contract")));
    }

    /** Whether a contract is bound for an intent of the key's sessions. */
    private boolean asked(SignedRecord contract, AuthorityFacts.Contract facts) {
        return facts.grant().actor().equals(principal)
                && rests(find(decision(contract).header().references().one("intent")).header().stream());
    }

    /** Whether a contract rests on an approval that the key gave from the leaf asked for on. */
    private boolean approved(SignedRecord contract) {
        return decision(contract).header().references().many("approvals").stream()
                .filter(approval -> door.indexOf(approval).orElseThrow() >= since)
                .anyMatch(approval -> rests(find(approval).header().stream()));
    }

    private SignedRecord decision(SignedRecord contract) {
        return find(contract.header().references().one("decision"));
    }

    private SignedRecord find(RecordId id) {
        SignedRecord read = recent.get(id);
        return read == null ? door.record(id).orElseThrow() : read;
    }

    /** Whether a stream is the key's own, or of a session that it opened. */
    private boolean rests(Stream stream) {
        return stream.principal().equals(principal)
                && streams.computeIfAbsent(
                        stream,
                        asked -> door.ask(state -> state.head(asked)
                                .filter(head -> head.session()
                                        .map(Session::identityKey)
                                        .orElse(head.key().text())
                                        .equals(key))
                                .isPresent()));
    }
}
