package dev.jurat.proof.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads every case of {@code vectors/log/v1}; {@code -Djurat.vectors.write=true} writes them anew first. */
class LogVectorsTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("jurat.root", "..")).resolve("vectors/log/v1");

    @BeforeAll
    static void writeWhenAsked() throws IOException {
        if (Boolean.getBoolean("jurat.vectors.write")) {
            Files.createDirectories(FOLDER);
            for (Map.Entry<String, Json.Obj> vector : LogVectors.make().entrySet()) {
                Files.write(FOLDER.resolve(vector.getKey() + ".json"), file(vector.getValue()));
            }
        }
    }

    @Test
    void theFilesAreWhatTheGeneratorMakes() throws IOException {
        TreeMap<String, String> made = new TreeMap<>();
        LogVectors.make()
                .forEach((name, vector) -> made.put(name + ".json", new String(file(vector), StandardCharsets.UTF_8)));
        TreeMap<String, String> there = new TreeMap<>();
        for (Path path : files()) {
            there.put(path.getFileName().toString(), Files.readString(path));
        }
        assertEquals(made, there);
    }

    @Test
    void moreCasesAreRefusedThanAccepted() throws IOException, FormatException {
        int accepted = 0;
        for (Path path : files()) {
            if (Fields.of(read(path), "vector").string("expect").equals("accept")) {
                accepted++;
            }
        }
        assertTrue(accepted * 2 < files().size());
    }

    @ParameterizedTest
    @MethodSource("files")
    void theAnswerIsTheExpectedOne(Path path) throws IOException, FormatException {
        Fields vector = Fields.of(read(path), "vector");
        assertEquals("log", vector.string("spec"));
        assertEquals(path.getFileName().toString(), vector.string("case") + ".json");
        String expect = vector.string("expect");
        Fields input = vector.object("input");
        vector.end();
        assertEquals(expect, answer(input));
        input.end();
    }

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }

    private static String answer(Fields input) throws FormatException {
        Case check = read(input);
        try {
            check.run();
            return "accept";
        } catch (FormatException e) {
            return e.code();
        }
    }

    private interface Case {
        void run() throws FormatException;
    }

    private static Case read(Fields input) throws FormatException {
        return switch (input.string("check")) {
            case "vkey" -> vkey(input.string("vkey"));
            case "note" -> note(bytes(input, "note"), verifiers(input, "vkeys"));
            case "checkpoint" -> checkpoint(bytes(input, "note"), log(input), verifiers(input, "cosigners"));
            case "second" -> second(bytes(input, "note"), log(input), input.string("second"));
            case "inclusion" -> inclusion(input);
            case "consistency" -> consistency(input);
            case "tile" -> tile(input.string("path"), bytes(input, "bytes"));
            case "entries" -> entries(input.string("path"), bytes(input, "bytes"));
            case "proof" -> proof(input);
            case "signature" -> signature(input);
            case "policy" -> policy(bytes(input, "policy"));
            case "quorum" -> quorum(bytes(input, "policy"), bytes(input, "note"), log(input));
            default -> throw new IllegalStateException("unknown check");
        };
    }

    private static Case vkey(String vkey) {
        return () -> assertEquals(vkey, NoteVerifier.parse(vkey).text());
    }

    private static Case note(byte[] note, List<NoteVerifier> known) {
        return () -> SignedNote.parse(note).verify(known);
    }

    private static Case checkpoint(byte[] note, NoteVerifier log, List<NoteVerifier> cosigners) {
        return () -> VerifiedCheckpoint.open(SignedNote.parse(note), log, cosigners);
    }

    private static Case second(byte[] note, NoteVerifier log, String vkey) {
        return () -> {
            SecondLineKey second = SecondLineKey.parse(vkey);
            assertEquals(vkey, second.text());
            VerifiedCheckpoint.open(SignedNote.parse(note), log, Optional.of(second), List.of());
        };
    }

    private static Case inclusion(Fields input) throws FormatException {
        InclusionProof proof = new InclusionProof(
                new LeafIndex(input.integer("index")), new TreeSize(input.integer("size")), hashes(input, "path"));
        Hash leaf = Hash.fromHex(input.string("leaf"));
        Hash root = Hash.fromHex(input.string("root"));
        return () -> proof.verify(leaf, root);
    }

    private static Case consistency(Fields input) throws FormatException {
        ConsistencyProof proof = new ConsistencyProof(
                new TreeSize(input.integer("from")), new TreeSize(input.integer("to")), hashes(input, "path"));
        Hash fromRoot = Hash.fromHex(input.string("fromRoot"));
        Hash toRoot = Hash.fromHex(input.string("toRoot"));
        return () -> proof.verify(fromRoot, toRoot);
    }

    private static Case tile(String path, byte[] bytes) {
        return () -> Tile.parse(path).decode(bytes);
    }

    private static Case entries(String path, byte[] bytes) {
        return () -> EntryBundle.parse(path).decode(bytes);
    }

    private static Case proof(Fields input) throws FormatException {
        byte[] proof = bytes(input, "proof");
        Hash leaf = Rfc6962.leafHash(bytes(input, "entry"));
        NoteVerifier log = log(input);
        List<NoteVerifier> cosigners = verifiers(input, "cosigners");
        return () -> TlogProof.parse(proof).verify(leaf, log, cosigners);
    }

    private static Case signature(Fields input) throws FormatException {
        String suite = input.string("suite");
        byte[] key = bytes(input, "key");
        byte[] message = bytes(input, "message");
        byte[] signature = bytes(input, "signature");
        return () -> {
            if (!VerifyKey.of(Suite.parse(suite), key).verifies(message, signature)) {
                throw new FormatException("signature-invalid", "the signature does not verify");
            }
        };
    }

    private static Case policy(byte[] policy) {
        return () -> assertArrayEquals(policy, TlogPolicy.parse(policy).text().getBytes(StandardCharsets.UTF_8));
    }

    private static Case quorum(byte[] bytes, byte[] note, NoteVerifier log) {
        return () -> {
            TlogPolicy policy = TlogPolicy.parse(bytes);
            if (!policy.accepts(log)) {
                throw new FormatException("trust-log", "the policy is for other logs");
            }
            List<NoteVerifier> signed = VerifiedCheckpoint.open(SignedNote.parse(note), log, policy.keys())
                    .cosigners();
            if (!policy.met(signed)) {
                throw new FormatException("witness-quorum", "fewer signed than the policy asks for");
            }
        };
    }

    private static NoteVerifier log(Fields input) throws FormatException {
        return NoteVerifier.parse(input.string("log"));
    }

    private static List<NoteVerifier> verifiers(Fields input, String name) throws FormatException {
        List<NoteVerifier> verifiers = new ArrayList<>();
        for (String vkey : input.strings(name)) {
            verifiers.add(NoteVerifier.parse(vkey));
        }
        return verifiers;
    }

    private static List<Hash> hashes(Fields input, String name) throws FormatException {
        return input.strings(name).stream().map(Hash::fromHex).toList();
    }

    private static byte[] bytes(Fields input, String name) throws FormatException {
        return Base64Text.decode(input.string(name));
    }

    private static Json.Obj read(Path path) throws IOException, FormatException {
        return CanonicalJson.readLoose(Files.readAllBytes(path));
    }

    private static byte[] file(Json.Obj vector) {
        return (CanonicalJson.writeString(vector) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
