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
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts.Session;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What rests on a registered key, in a stretch of the log: what it and the sessions that it opened signed, and what was granted for these. One page reads so
 * many leaves, found or not; whoever wants all asks for the next until there is none.
 */
final class Touched {
    private static final int PAGE_LEAVES = 20_000;
    /** Of resources, in characters. */
    private static final int PAGE_TEXT = 1 << 18;

    private static final int RESOURCE_MAX = 512;

    private final Ledger ledger;
    private final LedgerDoor door;
    private final String principal;
    private final String key;

    private final Map<Stream, Boolean> streams = new HashMap<>();
    private final Set<String> sessions = new LinkedHashSet<>();
    private final Set<RecordId> contracts = new LinkedHashSet<>();
    private final Set<RecordId> identities = new LinkedHashSet<>();
    private final Set<String> resources = new TreeSet<>();
    private final TreeMap<String, Json> kinds = new TreeMap<>();
    private long uses;
    private long text;
    private long tooLong;

    private Touched(Ledger ledger, LedgerDoor door, String principal, String key) {
        this.ledger = ledger;
        this.door = door;
        this.principal = principal;
        this.key = key;
    }

    static ApiAnswer answer(Ledger ledger, LedgerDoor door, ApiRequest request) throws ApiException {
        Map<String, String> query = request.query();
        Queries.requireKnown(query, "principal", "key", "from");
        String principal = Queries.text(query, "principal").orElse("");
        String key = Queries.text(query, "key").orElse("");
        boolean known = door.ask(state -> state.keys(principal).stream()
                .anyMatch(standing -> standing.key().equals(key)));
        if (!known) {
            throw ApiException.notFound("a key of this principal");
        }
        try {
            return ApiAnswer.ok(new Touched(ledger, door, principal, key)
                    .page(Queries.number(query, "from").orElse(0)));
        } catch (LedgerException e) {
            throw Answers.of(e);
        }
    }

    private Json.Obj page(long from) throws LedgerException {
        long size = ledger.head().size().value();
        long last = Math.min(size, from + PAGE_LEAVES);
        long to = from;
        for (; to < last && text < PAGE_TEXT; to++) {
            Optional<StoredRecord> stored = ledger.record(new LeafIndex(to));
            if (stored.isPresent()) {
                take(stored.get().record());
            }
        }
        JsonBuilder out = JsonBuilder.object()
                .strings("contracts", hex(contracts))
                .put("from", from)
                .strings("identities", hex(identities))
                .put("kinds", new Json.Obj(kinds))
                .strings("live", hex(live()))
                .put("more", tooLong)
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

    private void take(SignedRecord record) throws LedgerException {
        Stream stream = record.header().stream();
        if (stream.principal().equals(principal) && rests(stream)) {
            own(record, stream);
        }
        switch (record.statement().facts()) {
            case AuthorityFacts.Identity identity
            when rests(new Stream(identity.grant().actor(), identity.session())) -> identities.add(record.id());
            case AuthorityFacts.Contract contract
            when contract.grant().actor().equals(principal) && rests(asker(record)) -> contracts.add(record.id());
            default -> used(record);
        }
    }

    private void own(SignedRecord record, Stream stream) {
        sessions.add(stream.toString());
        kinds.merge(record.kind().wire(), new Json.Int(1), (a, b) -> new Json.Int(((Json.Int) a).value() + 1));
        if (record.kind() == Kind.INTENT) {
            door.body(record.id()).ifPresent(body -> {
                try {
                    CallDetails.read(body).resources().forEach(this::resource);
                } catch (FormatException e) {
                    throw new IllegalStateException("an admitted body cannot be read", e);
                }
            });
        }
    }

    private void resource(String resource) {
        if (resource.length() > RESOURCE_MAX) {
            tooLong++;
        } else if (resources.add(resource)) {
            text += resource.length();
        }
    }

    private void used(SignedRecord record) {
        if (record.kind() == Kind.USE) {
            RecordId identity = record.header().references().one("identity");
            boolean counts = door.record(identity)
                    .map(found -> found.statement().facts())
                    .filter(AuthorityFacts.Identity.class::isInstance)
                    .map(AuthorityFacts.Identity.class::cast)
                    .filter(facts -> rests(new Stream(facts.grant().actor(), facts.session())))
                    .isPresent();
            uses += counts ? 1 : 0;
        }
    }

    /** Whose intent a contract is bound for. */
    private Stream asker(SignedRecord contract) {
        SignedRecord decision =
                door.record(contract.header().references().one("decision")).orElseThrow();
        return door.record(decision.header().references().one("intent")).orElseThrow().header().stream();
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
