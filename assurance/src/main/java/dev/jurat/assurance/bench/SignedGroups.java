package dev.jurat.assurance.bench;

import dev.jurat.assurance.harness.Party;
import dev.jurat.assurance.harness.Site;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.ExecutionDetails;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.sdk.Enrolment;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.KeyFile;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Requests of signed records, made before the time starts: each sender has sessions of its own, and its requests follow one another in them. */
final class SignedGroups {
    private final Site site;
    private final Path key;

    private SignedGroups(Site site, Path key) {
        this.site = site;
        this.key = key;
    }

    /**
     * A request that is ready to be sent.
     *
     * @param groups the leaves of each of its groups, as marks
     * @param firstLeaf the hash of its first leaf
     */
    record Request(byte[] bytes, List<long[]> groups, Hash firstLeaf) {
        int records() {
            return groups.stream().mapToInt(g -> g.length).sum();
        }
    }

    /** The shape of what one sender sends: groups a request, and records a group. */
    record Shape(int groups, int records) {
        int size() {
            return groups * records;
        }
    }

    /** Enrols an enforcement point, whose sessions will send. */
    static SignedGroups of(Site site) throws IOException {
        Path file = site.home().resolve("points/mcp.json");
        try (JuratClient client = new JuratClient(site.socket(), Duration.ofSeconds(20))) {
            KeyFile key = KeyFile.open(file, "system", SignerType.SERVICE, RandomSource.secure());
            Enrolment.self(client, key, Role.POINT, "mcp", client.head(), RandomSource.secure());
        } catch (NodeException | FormatException e) {
            throw new IOException(e);
        }
        return new SignedGroups(site, file);
    }

    /** For each of so many senders so many requests; every group of a request has a session of its own. */
    List<List<Request>> sign(int senders, int requests, Shape shape) throws IOException {
        RecordId seen = clock();
        List<List<Session>> sessions = IntStream.range(0, senders)
                .parallel()
                .mapToObj(i -> IntStream.range(0, shape.groups())
                        .mapToObj(g -> session())
                        .toList())
                .toList();
        return sessions.parallelStream()
                .map(own -> IntStream.range(0, requests)
                        .mapToObj(i -> request(own, shape.records(), seen))
                        .toList())
                .toList();
    }

    private RecordId clock() throws IOException {
        try (JuratClient client = new JuratClient(site.socket(), Duration.ofSeconds(20))) {
            return client.head().clock();
        } catch (NodeException e) {
            throw new IOException(e);
        }
    }

    private Session session() {
        try {
            Party party = Party.open(site, key);
            party.client().close();
            return party.session();
        } catch (NodeException | FormatException e) {
            throw new IllegalStateException("a session was not opened", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Request request(List<Session> sessions, int records, RecordId seen) {
        List<Json> groups = new ArrayList<>();
        List<long[]> marks = new ArrayList<>();
        Hash first = Hash.ZERO;
        for (Session session : sessions) {
            List<Entry> entries = IntStream.range(0, records)
                    .mapToObj(i -> entry(session, seen))
                    .toList();
            first = marks.isEmpty()
                    ? Rfc6962.leafHash(entries.getFirst().record().leaf())
                    : first;
            List<Json> texts = entries.stream().<Json>map(Entry::toJson).toList();
            groups.add(JsonBuilder.object().put("records", new Json.Arr(texts)).build());
            marks.add(entries.stream()
                    .mapToLong(entry -> Marks.of(entry.record().leaf()))
                    .toArray());
        }
        Json.Obj body = JsonBuilder.object().put("groups", new Json.Arr(groups)).build();
        return new Request(KeptConnection.post("/v1/batch", CanonicalJson.write(body)), marks, first);
    }

    private static Entry entry(Session session, RecordId seen) {
        Hash matter = Hash.ofBytes(RandomSource.secure().bytes(Hash.BYTES));
        return session.sign(
                salt -> new ExecutionFacts.Observation("tools/list", matter),
                References.NONE,
                seen,
                new ExecutionDetails.Observation(1, List.of()).toJson());
    }
}
