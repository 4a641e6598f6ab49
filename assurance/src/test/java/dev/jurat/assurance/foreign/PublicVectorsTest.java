package dev.jurat.assurance.foreign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jurat.assurance.harness.GoModule;
import dev.jurat.assurance.harness.Site;
import dev.jurat.ledger.SignatureProvider;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.audit.LogSource;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.SuiteVerifier;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.ConsistencyProof;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.InclusionProof;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.MerkleTree;
import dev.jurat.proof.log.NoteSignature;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.SecondLineKey;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.log.VerifiedCheckpoint;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.sdk.Followed;
import dev.jurat.sdk.Follower;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Test vectors that others publish, read from the Go modules that carry them; none is kept here. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(3)
final class PublicVectorsTest {
    private static final HexFormat HEX = HexFormat.of();

    private static final SignatureChecker FASTEST = SignatureProvider.fastest().checker();

    private GoModule go;
    private Fields made;

    @BeforeAll
    void find() throws Exception {
        go = GoModule.find();
        assumeTrue(go.here(), go.why());
        Site.Said said = go.run("vectors");
        assertEquals(0, said.exit(), said.err());
        made = Fields.of(said.json(), "vectors");
    }

    private static List<Fields> list(Fields from, String name) throws FormatException {
        List<Fields> all = new ArrayList<>();
        for (Json one : from.array(name)) {
            all.add(Fields.of(one, name));
        }
        return all;
    }

    private static List<Hash> hashes(Fields from) throws FormatException {
        return from.strings("path").stream().map(Hash::fromHex).toList();
    }

    // ---- the tree of RFC 6962's implementations

    private MerkleTree example(Fields tree) throws FormatException {
        MerkleTree ours = MerkleTree.of(tree.strings("leaves").stream()
                .map(leaf -> Rfc6962.leafHash(HEX.parseHex(leaf)))
                .toList());
        List<String> roots = tree.strings("roots");
        for (int size = 0; size < roots.size(); size++) {
            assertEquals(roots.get(size), ours.root(new TreeSize(size)).hex());
        }
        return ours;
    }

    @Test
    void anInclusionProofOfOthersIsAnotherThanOurs() throws Exception {
        Fields tree = made.object("tree");
        MerkleTree ours = example(tree);
        List<Fields> all = list(tree, "inclusion");
        assertEquals(36, all.size());
        for (Fields one : all) {
            LeafIndex index = new LeafIndex(one.integer("index"));
            TreeSize size = new TreeSize(one.integer("size"));
            InclusionProof theirs = new InclusionProof(index, size, hashes(one));
            assertEquals(InclusionProof.make(ours, index, size), theirs);
            Hash leaf = ours.hash(0, index.value());
            theirs.verify(leaf, ours.root(size));
            for (List<Hash> wrong : wrong(theirs.path())) {
                assertThrows(
                        FormatException.class,
                        () -> new InclusionProof(index, size, wrong).verify(leaf, ours.root(size)));
            }
        }
    }

    @Test
    void aConsistencyProofOfOthersIsAnotherThanOurs() throws Exception {
        Fields tree = made.object("tree");
        MerkleTree ours = example(tree);
        List<Fields> all = list(tree, "consistency");
        assertEquals(36, all.size());
        for (Fields one : all) {
            TreeSize from = new TreeSize(one.integer("from"));
            TreeSize to = new TreeSize(one.integer("to"));
            ConsistencyProof theirs = new ConsistencyProof(from, to, hashes(one));
            assertEquals(ConsistencyProof.make(ours, from, to), theirs);
            theirs.verify(ours.root(from), ours.root(to));
            for (List<Hash> wrong : wrong(theirs.path())) {
                assertThrows(
                        FormatException.class,
                        () -> new ConsistencyProof(from, to, wrong).verify(ours.root(from), ours.root(to)));
            }
        }
    }

    /** A path with each hash changed, without its first or last, and with one more. */
    private static List<List<Hash>> wrong(List<Hash> path) {
        List<List<Hash>> all = new ArrayList<>();
        for (int i = 0; i < path.size(); i++) {
            byte[] bytes = path.get(i).bytes();
            bytes[31] ^= 1;
            List<Hash> changed = new ArrayList<>(path);
            changed.set(i, Hash.ofBytes(bytes));
            all.add(changed);
        }
        if (!path.isEmpty()) {
            all.add(path.subList(1, path.size()));
            all.add(path.subList(0, path.size() - 1));
        }
        List<Hash> longer = new ArrayList<>(path);
        longer.add(Rfc6962.EMPTY_ROOT);
        all.add(longer);
        return all;
    }

    // ---- notes

    @Test
    void aNoteThatOthersSignedAndCosignedIsRefused() throws Exception {
        List<Fields> notes = list(made, "notes");
        assertEquals(9, notes.size());
        for (Fields one : notes) {
            NoteVerifier log = NoteVerifier.parse(one.string("log"));
            NoteVerifier witness = NoteVerifier.parse(one.string("witness"));
            byte[] bytes = one.string("note").getBytes(StandardCharsets.UTF_8);
            SignedNote note = SignedNote.parse(bytes);
            assertArrayEquals(bytes, note.bytes());
            assertEquals(
                    List.of(witness),
                    VerifiedCheckpoint.open(note, log, List.of(witness)).cosigners());
            for (int i = 0; i < bytes.length; i++) {
                byte[] other = bytes.clone();
                other[i] ^= 1;
                assertFalse(cosigned(other, log, witness), "byte " + i + " is not covered");
            }
        }
    }

    private static boolean cosigned(byte[] bytes, NoteVerifier log, NoteVerifier witness) {
        try {
            return !VerifiedCheckpoint.open(SignedNote.parse(bytes), log, List.of(witness))
                    .cosigners()
                    .isEmpty();
        } catch (FormatException e) {
            return false;
        }
    }

    /** The log of Torchwood's witness signs with ML-DSA-44 alone. */
    @Test
    void aLineThatOthersSignedWithMlDsaIsRefused() throws Exception {
        String version = "v0.10.0";
        Path module = go.zip("filippo.io/torchwood", version, "h1:zgBIImawK53X7lM0qHKcjn0pbDtFLqU04NU9qDvBnjs=");
        String script;
        try (ZipFile zip = new ZipFile(module.toFile())) {
            String name = "filippo.io/torchwood@" + version + "/cmd/litewitness/testdata/mldsa.txt";
            script = new String(zip.getInputStream(zip.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
        }
        Matcher vkey = Pattern.compile("-key ([^\\s+]+\\+\\S+)").matcher(script);
        Matcher request = Pattern.compile("old 0\n\n(.+?\n)```", Pattern.DOTALL).matcher(script);
        assertTrue(vkey.find() && request.find(), "key and checkpoint are not where they were");
        SecondLineKey key = SecondLineKey.parse(vkey.group(1));
        assertEquals(vkey.group(1), key.text());
        SignedNote note = SignedNote.parse(request.group(1).getBytes(StandardCharsets.UTF_8));
        NoteSignature line = note.signatures().getFirst();
        Checkpoint checkpoint = Checkpoint.parse(note.text());
        assertTrue(key.verifies(checkpoint, line));
        TreeSize other = new TreeSize(checkpoint.size().value() + 1);
        assertFalse(key.verifies(new Checkpoint(checkpoint.origin(), other, checkpoint.root()), line));
    }

    // ---- a log

    @Test
    void aLogOfOthersCannotBeFollowed() throws Exception {
        Path tessera = go.module("github.com/transparency-dev/tessera");
        Matcher vkey = Pattern.compile("mustMakeVerifier\\(\"([^\"]+)\"\\)")
                .matcher(Files.readString(tessera.resolve("client/client_test.go")));
        assertTrue(vkey.find(), "its key is not where it was");
        KeptLog log = new KeptLog(tessera.resolve("testdata/log"));
        TrustPolicy trust = new TrustPolicy(NoteVerifier.parse(vkey.group(1)), Optional.empty(), Optional.empty());
        Follower follower = new Follower(log, trust, Follower.Waits.USUAL, Followed.from(TreeSize.EMPTY));
        List<byte[]> read = new ArrayList<>();
        for (long size = 0; size <= 15; size++) {
            log.size = size;
            follower.poll((first, leaves, after) -> read.addAll(leaves));
            assertEquals(size, read.size());
        }
    }

    /** A log in the folder of a module, with a checkpoint of each size. */
    private static final class KeptLog implements LogSource {
        private final Path folder;
        private long size;

        KeptLog(Path folder) {
            this.folder = folder;
        }

        @Override
        public SignedNote checkpoint(Optional<NoteVerifier> known) throws IOException, FormatException {
            return SignedNote.parse(Files.readAllBytes(folder.resolve("checkpoint." + size)));
        }

        @Override
        public Optional<byte[]> entries(EntryBundle bundle) throws IOException {
            return Optional.of(Files.readAllBytes(folder.resolve(bundle.path())));
        }

        @Override
        public Optional<byte[]> tile(Tile tile) throws IOException {
            return Optional.of(Files.readAllBytes(folder.resolve(tile.path())));
        }

        @Override
        public boolean owes(Tile tile) {
            return true;
        }
    }

    // ---- Ed25519

    /**
     * By the profile (log.md §8), of what holds under some reading of RFC 8032: valid is what has a key that is canonical and of prime order, an
     * R whose bytes are canonical, and an equation that holds without the cofactor.
     */
    private static final Set<String> REFUSED =
            Set.of("LowOrderA", "LowOrderComponentA", "NonCanonicalA", "NonCanonicalR", "LowOrderResidue");

    @Test
    void anEdgeCaseOfEd25519IsAnsweredOtherwiseThanByTheProfile() throws Exception {
        Path folder = go.module(
                "filippo.io/mostly-harmless/ed25519vectors",
                "v0.0.0-20210322192420-30a2d7243a94",
                "h1:oHn3iEYQCHVcHLEqtzCSizBZcnOSFk61oo8tKsbNrqI=");
        String array = Files.readString(folder.resolve("ed25519vectors.json"));
        Fields file = Fields.of(
                CanonicalJson.readLoose(("{\"all\":" + array.replace("\"Flags\": null", "\"Flags\": []") + "}")
                        .getBytes(StandardCharsets.UTF_8)),
                "file");
        int valid = 0;
        for (Fields one : list(file, "all")) {
            boolean expected = Collections.disjoint(one.strings("Flags"), REFUSED);
            byte[] message = one.string("M").getBytes(StandardCharsets.UTF_8);
            String told = one.string("A") + " " + one.string("R") + " " + one.strings("Flags");
            assertVerdict(expected, one.string("A"), message, one.string("R") + one.string("S"), told);
            valid += expected ? 1 : 0;
        }
        assertTrue(valid > 1 && file.array("all").size() > 700, valid + " valid cases");
    }

    @Test
    void aSignatureOfWycheproofIsAnsweredOtherwise() throws Exception {
        Path folder = go.module("github.com/c2sp/wycheproof");
        Fields file = Fields.of(
                CanonicalJson.readLoose(Files.readAllBytes(folder.resolve("testvectors_v1/ed25519_test.json"))),
                "file");
        int count = 0;
        for (Fields group : list(file, "testGroups")) {
            String key = group.object("publicKey").string("pk");
            for (Fields one : list(group, "tests")) {
                boolean expected = one.string("result").equals("valid");
                byte[] message = HEX.parseHex(one.string("msg"));
                assertVerdict(expected, key, message, one.string("sig"), "case " + one.integer("tcId"));
                count++;
            }
        }
        assertEquals(file.integer("numberOfTests"), count);
    }

    private static void assertVerdict(boolean expected, String key, byte[] message, String signature, String told) {
        byte[] bytes = HEX.parseHex(signature);
        VerifyKey taken;
        try {
            taken = VerifyKey.ed25519(HEX.parseHex(key));
        } catch (FormatException e) {
            assertFalse(expected, told + ": the key is refused, " + e.code());
            return;
        }
        assertEquals(expected, taken.verifies(message, bytes), told + ": BouncyCastle");
        assertEquals(expected, SignatureChecker.standard().verifies(taken, message, bytes), told + ": standard");
    }

    // ---- P-256

    /** The half of the order: of two signatures that Wycheproof calls valid, the profile takes the one with the lower s (log.md §8). */
    private static final BigInteger HALF =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16).shiftRight(1);

    @Test
    void aSignatureOnP256OfWycheproofIsAnsweredOtherwise() throws Exception {
        Path folder = go.module("github.com/c2sp/wycheproof");
        Path vectors = folder.resolve("testvectors_v1/ecdsa_secp256r1_sha256_p1363_test.json");
        Fields file = Fields.of(CanonicalJson.readLoose(Files.readAllBytes(vectors)), "file");
        SignatureChecker sunEc = SignatureChecker.with(SuiteVerifier.jca(Security.getProvider("SunEC")), 4);
        int count = 0;
        int valid = 0;
        for (Fields group : list(file, "testGroups")) {
            VerifyKey key = compressed(HEX.parseHex(group.object("publicKey").string("uncompressed")));
            for (Fields one : list(group, "tests")) {
                byte[] message = HEX.parseHex(one.string("msg"));
                byte[] signature = HEX.parseHex(one.string("sig"));
                boolean expected = one.string("result").equals("valid")
                        && new BigInteger(1, signature, 32, 32).compareTo(HALF) <= 0;
                String told = "case " + one.integer("tcId");
                assertEquals(expected, key.verifies(message, signature), told + ": BouncyCastle");
                assertEquals(expected, sunEc.verifies(key, message, signature), told + ": SunEC");
                assertEquals(expected, FASTEST.verifies(key, message, signature), told + ": fastest");
                count++;
                valid += expected ? 1 : 0;
            }
        }
        assertEquals(file.integer("numberOfTests"), count);
        assertTrue(valid > 20 && valid < count, valid + " valid cases");
    }

    private static VerifyKey compressed(byte[] point) throws FormatException {
        byte[] key = Arrays.copyOf(point, 33);
        key[0] = (byte) (2 + (point[64] & 1));
        return VerifyKey.of(Suite.P256_2026, key);
    }

    @Test
    void anHonestSignatureOfOthersIsRefusedOrMadeOtherwise() throws Exception {
        Path file = go.root().resolve("src/crypto/ed25519/testdata/sign.input.gz");
        int count = 0;
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                assertHonest(line.split(":"));
                count++;
            }
        }
        assertTrue(count > 100, count + " signatures");
    }

    /** Seed and key, key, message, signature and message. */
    private static void assertHonest(String[] parts) throws FormatException, IOException {
        SoftwareKey key = SoftwareKey.ofSeed(Arrays.copyOf(HEX.parseHex(parts[0]), SoftwareKey.SEED_BYTES));
        byte[] message = HEX.parseHex(parts[2]);
        byte[] signature = Arrays.copyOf(HEX.parseHex(parts[3]), 64);
        assertEquals(parts[1], HEX.formatHex(key.verifyKey().bytes()));
        assertArrayEquals(signature, key.sign(message));
        assertTrue(SignatureChecker.standard().verifies(key.verifyKey(), message, signature));
    }
}
