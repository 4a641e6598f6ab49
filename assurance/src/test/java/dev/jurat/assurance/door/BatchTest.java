package dev.jurat.assurance.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.Party;
import dev.jurat.assurance.harness.RawHttp;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups by the batch at {@code /v1/batch}: each is judged by itself and answered in its place; what cannot be read takes nothing in. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BatchTest {
    private static final int GROUPS_MAX = 1024;
    private static final int GROUP_RECORDS_MAX = 32;
    private static final int BYTES_MAX = 48 << 20;
    private static final String JSON = "application/json";

    private Site site;
    private RecordId clock;

    @BeforeAll
    void start() throws Exception {
        site = Site.fresh();
        site.up();
        clock = Party.point(site).client().head().clock();
    }

    @AfterAll
    void stop() throws IOException {
        if (site != null) {
            site.close();
        }
    }

    private Entry observation(Party point) {
        return point.observation(RandomSource.secure().bytes(32), clock);
    }

    private List<Entry> observations(Party point, int count) {
        List<Entry> out = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            out.add(observation(point));
        }
        return out;
    }

    /** A record that points may not write: refused by the rules, its number used. */
    private static Entry forbidden(Party point) throws NodeException {
        return point.sign(
                new AuthorityFacts.Approval(AuthorityFacts.Verdict.APPROVE, Hash.of(new byte[0])),
                References.of("decision", point.session().genesis()),
                new PersonDetails("me").toJson());
    }

    private static String group(Entry... records) {
        List<Json> items = Arrays.stream(records).<Json>map(Entry::toJson).toList();
        return CanonicalJson.writeString(
                JsonBuilder.object().put("records", new Json.Arr(items)).build());
    }

    private RawHttp.Reply send(List<String> groups) throws IOException {
        String body = "{\"groups\":[" + String.join(",", groups) + "]}";
        return RawHttp.post(site.socket(), "/v1/batch", JSON, body.getBytes(StandardCharsets.UTF_8));
    }

    private long size() throws IOException {
        return Long.parseLong(Values.text(site.get("/v1/head"), "size"));
    }

    private long commits() throws IOException {
        return Long.parseLong(Values.text(site.get("/v1/status"), "ledger.commits"));
    }

    private boolean known(Entry entry) throws IOException {
        return RawHttp.get(site.socket(), "/v1/records/" + entry.record().id().hex())
                        .status()
                == 200;
    }

    /** What an answer says of a group: the status of its records, or the code and status with which it was not taken. */
    private static String told(Json answer) {
        String error = Values.text(answer, "error.code");
        if (!error.isEmpty()) {
            return error + " " + Values.text(answer, "status");
        }
        return String.join(
                " ",
                Values.list(answer, "results").stream()
                        .map(r -> Values.text(r, "status") + Values.text(r, "rule"))
                        .toList());
    }

    private static List<String> told(RawHttp.Reply reply) throws IOException {
        assertEquals(200, reply.status(), reply.text());
        return Values.list(reply.json(), "answers").stream()
                .map(BatchTest::told)
                .toList();
    }

    @Test
    void aBadGroupSpoilsGoodOnesOrIsAnsweredInAnothersPlace() throws Exception {
        Party one = Party.point(site);
        Party other = Party.point(site);
        Entry good = observation(one);
        Entry skipped = observation(other);
        Entry afterGap = observation(other);
        Entry refused = forbidden(one);
        Entry[] tooMany = observations(Party.point(site), GROUP_RECORDS_MAX + 1).toArray(Entry[]::new);
        Entry late = observation(one);
        List<String> groups =
                List.of(group(good), group(afterGap), group(refused), forged(late), group(tooMany), group(late));

        RawHttp.Reply reply = send(groups);

        assertEquals(
                List.of(
                        "admitted",
                        "sequence-gap 409",
                        "refusedrole-forbidden",
                        "signature-invalid 409",
                        "group-size 409",
                        "admitted"),
                told(reply));
        assertEquals(
                "you",
                Values.text(reply.json(), "answers.1.error.owner"),
                "an answer without an owner: " + reply.text());
        for (Entry entry : List.of(good, late)) {
            Json.Obj there = site.get("/v1/records/" + entry.record().id().hex());
            assertTrue(Long.parseLong(Values.text(there, "index")) > 0);
        }
        assertTrue(!known(afterGap) && !known(tooMany[0]), "what was not taken is there");

        assertEquals(
                List.of("present", "refusedrefused-before", "present"),
                told(send(List.of(group(good), group(refused), group(late)))),
                "the same bytes again");
        assertEquals(
                List.of("admitted", "admitted"),
                told(send(List.of(group(skipped), group(afterGap)))),
                "what was pushed back used no number");
    }

    /** A group whose record has a signature over something else. */
    private static String forged(Entry entry) {
        Json.Obj record = entry.toJson();
        String signature = Values.text(record, "signatures.0");
        char last = signature.charAt(10) == 'A' ? 'B' : 'A';
        String wrong = signature.substring(0, 10) + last + signature.substring(11);
        return group(entry).replace(signature, wrong);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"records\":[]}",
                "{}",
                "7",
                "{\"records\":[7]}",
                "{\"records\":[{\"payload\":\"e30=\",\"signatures\":[\"AA==\"]}]}",
                "{\"records\":[{\"payload\":\"*\",\"signatures\":[\"AA==\"]}]}",
                "{\"also\":1,\"records\":[]}",
                "{\"artefacts\":[\"*\"],\"records\":[]}",
                "{\"records\":[],\"records\":[]}"
            })
    void aGroupThatCannotBeReadLetsTheOthersIn(String malformed) throws Exception {
        Party point = Party.point(site);
        Entry first = observation(point);
        Entry last = observation(point);

        RawHttp.Reply reply = send(List.of(group(first), malformed, group(last)));

        assertEquals(400, reply.status(), reply.text());
        assertNotEquals("", Values.text(reply.json(), "code"), reply.text());
        assertTrue(!known(first) && !known(last), "part of the batch was taken in");
        assertEquals(List.of("admitted", "admitted"), told(send(List.of(group(first), group(last)))));
    }

    @Test
    void aBatchHasMoreGroupsThanItMay() throws Exception {
        Party point = Party.point(site);
        List<String> groups = new ArrayList<>();
        for (Entry entry : observations(point, GROUPS_MAX + 1)) {
            groups.add(group(entry));
        }
        long before = size();

        RawHttp.Reply tooMany = send(groups);
        long after = size();
        long commits = commits();
        List<String> most = told(send(groups.subList(0, GROUPS_MAX)));
        commits = commits() - commits;

        assertEquals(400, tooMany.status(), tooMany.text());
        assertEquals("batch-large", Values.text(tooMany.json(), "code"));
        assertTrue(after - before < GROUPS_MAX, "groups of a refused batch were taken in");
        assertEquals(Collections.nCopies(GROUPS_MAX, "admitted"), most);
        assertTrue(commits > 0 && commits < GROUPS_MAX / 2, "a batch took " + commits + " commits");
    }

    @Test
    void anOversizeBatchIsReadWhole() throws IOException {
        byte[] head = ("POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Type: " + JSON + "\r\nContent-Length: "
                        + (BYTES_MAX + 1) + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] request = Arrays.copyOf(head, head.length + BYTES_MAX + 1);
        Arrays.fill(request, head.length, request.length, (byte) ' ');

        RawHttp.Reply reply = RawHttp.send(site.socket(), request, Duration.ofSeconds(30));

        assertTrue(reply.status() == 413 || reply.status() == 0, reply.head() + reply.text());
        assertTrue(reply.sent() < BYTES_MAX / 2, "the node read " + reply.sent() + " bytes of a batch that it refuses");
    }
}
