package dev.jurat.app.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.app.http.Door;
import dev.jurat.app.http.DoorLimits;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.ConsistencyProof;
import dev.jurat.proof.log.MerkleTree;
import dev.jurat.proof.log.NoteSigner;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.log.VerifiedCheckpoint;
import dev.jurat.proof.log.WitnessRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The witness as a log meets it, over HTTP: the statuses of C2SP tlog-witness, and no fork. */
class WitnessTest {
    private static final String ORIGIN = "log.example";

    @TempDir
    Path folder;

    private final NoteSigner log = NoteSigner.log(ORIGIN, SoftwareKey.generate(RandomSource.secure()));
    private final NoteSigner other = NoteSigner.log(ORIGIN, SoftwareKey.generate(RandomSource.secure()));
    private final NoteSigner cosigner =
            NoteSigner.cosigner("witness.example/w1", SoftwareKey.generate(RandomSource.secure()));
    private final AtomicLong now = new AtomicLong(1_800_000_000);
    private final HttpClient http = HttpClient.newHttpClient();
    private final MerkleTree tree = new MerkleTree();
    private Door door;

    @BeforeEach
    void start() throws Exception {
        door = Door.loopback(0, new WitnessApi(open()).router(), DoorLimits.USUAL, fault -> {
            throw new AssertionError(fault);
        });
        grow(tree, 5, "leaf");
    }

    private Witness open() throws Exception {
        return Witness.open(
                folder, cosigner, new WitnessLogs(Map.of(ORIGIN, List.of(log.verifier()))), now::getAndIncrement);
    }

    @AfterEach
    void stop() {
        door.close();
        http.close();
    }

    private void restart() throws Exception {
        door.close();
        door = Door.loopback(0, new WitnessApi(open()).router(), DoorLimits.USUAL, fault -> {
            throw new AssertionError(fault);
        });
    }

    private static void grow(MerkleTree tree, int count, String word) {
        for (int i = 0; i < count; i++) {
            tree.append(Hash.of((word + i).getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static String text(MerkleTree tree) {
        return new Checkpoint(ORIGIN, tree.size(), tree.root()).text();
    }

    private byte[] request(MerkleTree tree, long old) throws Exception {
        return request(ConsistencyProof.make(tree, new TreeSize(old), tree.size()), log.note(text(tree)));
    }

    private static byte[] request(ConsistencyProof proof, SignedNote note) throws Exception {
        return WitnessRequest.of(proof, note).bytes();
    }

    private HttpResponse<byte[]> post(byte[] body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + "/add-checkpoint"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> newest() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + door.port() + "/" + Witness.name(ORIGIN) + "/checkpoint"))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String body(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private void cosigned(HttpResponse<byte[]> answer, MerkleTree of) throws Exception {
        assertEquals(200, answer.statusCode(), body(answer));
        assertEquals(1, body(answer).lines().count());
        byte[] note = (text(of) + "\n" + body(answer)).getBytes(StandardCharsets.UTF_8);
        assertEquals(List.of(cosigner.verifier()), SignedNote.parse(note).verify(List.of(cosigner.verifier())));
    }

    private void refused(int status, String code, byte[] body) throws Exception {
        HttpResponse<byte[]> answer = post(body);
        assertEquals(status, answer.statusCode(), body(answer));
        assertTrue(body(answer).contains("\"" + code + "\""), body(answer));
    }

    private void stale(long size, byte[] body) throws Exception {
        HttpResponse<byte[]> answer = post(body);
        assertEquals(409, answer.statusCode(), body(answer));
        assertEquals(size + "\n", body(answer));
        assertEquals(
                "text/x.tlog.size", answer.headers().firstValue("Content-Type").orElseThrow());
    }

    @Test
    void aLogThatGrowsIsNotCosigned() throws Exception {
        assertEquals(404, newest().statusCode());
        cosigned(post(request(tree, 0)), tree);
        grow(tree, 9, "more");
        cosigned(post(request(tree, 5)), tree);
        cosigned(post(request(tree, 14)), tree);
        VerifiedCheckpoint served = VerifiedCheckpoint.open(
                SignedNote.parse(newest().body()), log.verifier(), List.of(cosigner.verifier()));
        assertEquals(14, served.checkpoint().size().value());
        assertEquals(1, served.cosigners().size());
        restart();
        assertEquals(
                14,
                VerifiedCheckpoint.open(SignedNote.parse(newest().body()), log.verifier())
                        .checkpoint()
                        .size()
                        .value());
        stale(14, request(tree, 5));
    }

    @Test
    void extensionLinesAndOthersSignaturesKeepALogFromBeingCosigned() throws Exception {
        String text = text(tree) + "extension line\n";
        SignedNote note = log.note(text)
                .with(NoteSigner.log("somebody", SoftwareKey.generate(RandomSource.secure()))
                        .sign(text));
        HttpResponse<byte[]> answer = post(request(ConsistencyProof.make(tree, new TreeSize(0), tree.size()), note));
        assertEquals(200, answer.statusCode(), body(answer));
        SignedNote served = SignedNote.parse(newest().body());
        assertEquals(2, served.signatures().size(), "what nobody checked is not served");
        assertEquals(text, served.text());
    }

    /** A note has room for 64 lines, and the cosignature is one more. */
    @Test
    void aLineThatIsRepeatedMakesANoteThatCannotBeRead() throws Exception {
        SignedNote note = log.note(text(tree));
        while (note.signatures().size() < SignedNote.SIGNATURES_MAX) {
            note = note.with(note.signatures().getFirst());
        }
        ConsistencyProof proof = ConsistencyProof.make(tree, new TreeSize(0), tree.size());
        assertEquals(200, post(request(proof, note)).statusCode());
        assertEquals(2, SignedNote.parse(newest().body()).signatures().size());
        restart();
        grow(tree, 2, "more");
        cosigned(post(request(tree, 5)), tree);
    }

    @Test
    void aForkIsCosigned() throws Exception {
        cosigned(post(request(tree, 0)), tree);
        MerkleTree fork = new MerkleTree();
        grow(fork, 5, "fork");
        ConsistencyProof same = new ConsistencyProof(new TreeSize(5), new TreeSize(5), List.of());
        refused(422, "consistency-proof-invalid", request(same, log.note(text(fork))));
        grow(fork, 5, "fork more");
        refused(422, "consistency-proof-invalid", request(fork, 5));
        stale(5, request(fork, 0));
        stale(5, request(fork, 4));
        grow(tree, 3, "more");
        List<Hash> wrong = new ArrayList<>(
                ConsistencyProof.make(tree, new TreeSize(5), tree.size()).path());
        wrong.set(0, Hash.ZERO);
        refused(
                422,
                "consistency-proof-invalid",
                request(new ConsistencyProof(new TreeSize(5), tree.size(), wrong), log.note(text(tree))));
        cosigned(post(request(tree, 5)), tree);
    }

    @Test
    void aFirstCheckpointWithAProofOrOfAnImpossibleEmptyTreeIsCosigned() throws Exception {
        refused(
                422,
                "consistency-proof-invalid",
                request(new ConsistencyProof(new TreeSize(0), tree.size(), List.of(Hash.ZERO)), log.note(text(tree))));
        String empty = ORIGIN + "\n0\n" + "A".repeat(43) + "=\n";
        ConsistencyProof none = new ConsistencyProof(new TreeSize(0), new TreeSize(0), List.of());
        refused(422, "checkpoint-root", request(none, log.note(empty)));
        assertEquals(
                200,
                post(request(none, log.note(new Checkpoint(ORIGIN, new TreeSize(0), Rfc6962.EMPTY_ROOT).text())))
                        .statusCode());
        cosigned(post(request(tree, 0)), tree);
    }

    @Test
    void aLogOrAKeyThatIsNotKnownIsCosigned() throws Exception {
        ConsistencyProof proof = ConsistencyProof.make(tree, new TreeSize(0), tree.size());
        NoteSigner stranger = NoteSigner.log("other.example", SoftwareKey.generate(RandomSource.secure()));
        String theirs = new Checkpoint("other.example", tree.size(), tree.root()).text();
        refused(404, "witness-log-unknown", request(proof, stranger.note(theirs)));
        refused(403, "note-signature-missing", request(proof, other.note(text(tree))));
        // One line of the known key that does not verify spoils the note, beside a good one too.
        String wrong = new String(log.note(text(tree)).bytes(), StandardCharsets.UTF_8);
        String line = log.note(ORIGIN + "\n1\n" + "A".repeat(43) + "=\n")
                .signatures()
                .getFirst()
                .line();
        refused(
                403,
                "note-signature-invalid",
                request(proof, SignedNote.parse((wrong + line + "\n").getBytes(StandardCharsets.UTF_8))));
        assertEquals(404, newest().statusCode());
    }

    private static List<byte[]> malformed() {
        String hash = "A".repeat(43) + "=";
        return List.of(
                        "",
                        "\n",
                        "old\n\n",
                        "old 0\n",
                        "old -1\n\nx\n",
                        "old 01\n\nx\n",
                        "old 99999999999999999999\n\nx\n",
                        "0\n\nx\n",
                        "old 0\n\n",
                        "old 0\n\nnot a note",
                        "old 0\nAAAA\n\nlog.example\n1\n" + hash + "\n\n— log.example AAAAAAA=\n",
                        "old 0\n" + (hash + "\n").repeat(64) + "\nlog.example\n1\n" + hash
                                + "\n\n— log.example AAAAAAA=\n",
                        "old 0\n\nlog.example\nx\n" + hash + "\n\n— log.example AAAAAAA=\n",
                        "old 0\n\nlog.example\n1\n\n— log.example AAAAAAA=\n")
                .stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void aRequestThatIsNoneIsLookedAt() throws Exception {
        for (byte[] body : malformed()) {
            HttpResponse<byte[]> answer = post(body);
            assertEquals(400, answer.statusCode(), body(answer));
        }
    }

    @Test
    void aRequestBeyondTheLimitIsRead() throws Exception {
        assertEquals(413, post(new byte[WitnessRequest.BYTES_MAX + 1]).statusCode());
        byte[] sized = Arrays.copyOf("old 0\n\n".getBytes(StandardCharsets.US_ASCII), WitnessRequest.BYTES_MAX);
        assertEquals(400, post(sized).statusCode());
        byte[] above = request(new ConsistencyProof(new TreeSize(9), tree.size(), List.of()), log.note(text(tree)));
        refused(400, "consistency-sizes", above);
    }

    /** Two histories from one size, sent by many at once. */
    @Test
    void ofTwoForksAtOnceBothAreCosigned() throws Exception {
        cosigned(post(request(tree, 0)), tree);
        MerkleTree fork = new MerkleTree();
        grow(fork, 5, "leaf");
        grow(tree, 4, "one");
        grow(fork, 4, "two");
        List<byte[]> requests = List.of(request(tree, 5), request(fork, 5));
        List<Future<Integer>> answers = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 40; i++) {
                byte[] request = requests.get(i % 2);
                answers.add(threads.submit(() -> post(request).statusCode()));
            }
        }
        int cosigned = 0;
        for (Future<Integer> answer : answers) {
            cosigned += answer.get() == 200 ? 1 : 0;
            assertTrue(List.of(200, 409).contains(answer.get()));
        }
        assertEquals(1, cosigned);
    }

    @Test
    void aDamagedNoteOfWhatWasCosignedStartsAnew() throws Exception {
        cosigned(post(request(tree, 0)), tree);
        Path file = folder.resolve(Witness.name(ORIGIN));
        byte[] note = Files.readAllBytes(file);
        for (int at = 0; at < note.length; at += 7) {
            byte[] changed = note.clone();
            changed[at] ^= 4;
            Files.write(file, changed);
            boolean others = at > new String(note, StandardCharsets.UTF_8).indexOf("\n\n");
            if (!others) {
                assertEquals(
                        "witness-state",
                        assertThrows(FormatException.class, this::open).code());
            }
        }
        Files.write(file, new byte[0]);
        assertEquals(
                "witness-state", assertThrows(FormatException.class, this::open).code());
    }

    /** Nobody knows whether what could not be written is there. */
    @Test
    void aWitnessGoesOnAfterAWriteOfWhichNobodyKnows() throws Exception {
        cosigned(post(request(tree, 0)), tree);
        Path aside = folder.resolveSibling("aside");
        Files.move(folder, aside);
        grow(tree, 2, "more");
        refused(503, "witness-stopped", request(tree, 5));
        Files.move(aside, folder);
        refused(503, "witness-stopped", request(tree, 5));
        restart();
        cosigned(post(request(tree, 5)), tree);
    }

    @Test
    void aFileOfLogsThatIsNoneIsTaken() throws Exception {
        String vkey = log.verifier().text();
        String more = "# ours\n\n log " + vkey + " https://log.example/ \nlog "
                + other.verifier().text() + "\n";
        assertEquals(
                Map.of(ORIGIN, List.of(log.verifier(), other.verifier())),
                WitnessLogs.read(more.getBytes(StandardCharsets.UTF_8)).byOrigin());
        NoteVerifier witness = cosigner.verifier();
        for (String text :
                List.of("", "log", "witness w " + witness.text(), "log " + witness.text(), "log x", "\u00e4")) {
            assertThrows(
                    FormatException.class, () -> WitnessLogs.read(text.getBytes(StandardCharsets.ISO_8859_1)), text);
        }
    }
}
