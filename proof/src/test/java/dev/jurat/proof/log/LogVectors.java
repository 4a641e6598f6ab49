package dev.jurat.proof.log;

import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.HostileSignatures;
import dev.jurat.proof.crypto.MlDsaKey;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** Makes the cases of {@code vectors/log/v1}, always the same: one defect a case. */
final class LogVectors {
    private static final String ORIGIN = "log.example";
    private static final SoftwareKey LOG_KEY = key("log");
    private static final SoftwareKey WITNESS_KEY = key("witness");
    private static final NoteSigner LOG = NoteSigner.log(ORIGIN, LOG_KEY);
    private static final NoteSigner OTHER = NoteSigner.log(ORIGIN, key("another log"));
    private static final NoteSigner WITNESS = NoteSigner.cosigner("witness.example/w1", WITNESS_KEY);
    private static final SecondLineSigner SECOND = new SecondLineSigner(ORIGIN, mlDsaKey("second"));
    private static final int LEAVES = 11;
    private static final MerkleTree TREE = tree();
    private static final TreeSize SIZE = new TreeSize(LEAVES);
    private static final String TEXT = new Checkpoint(ORIGIN, SIZE, TREE.root()).text();

    private final TreeMap<String, Json.Obj> cases = new TreeMap<>();

    private LogVectors() {}

    /** All cases by name. */
    static TreeMap<String, Json.Obj> make() {
        LogVectors vectors = new LogVectors();
        vectors.vkeys();
        vectors.notes();
        vectors.checkpoints();
        vectors.secondLines();
        vectors.inclusion();
        vectors.consistency();
        vectors.tiles();
        vectors.entries();
        vectors.proofs();
        vectors.signatures();
        vectors.policies();
        vectors.quorums();
        return vectors.cases;
    }

    private void vkeys() {
        String vkey = LOG.verifier().text();
        String key = vkey.substring(vkey.lastIndexOf('+') + 1);
        vkey("specification", "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "accept");
        vkey("cosigner", WITNESS.verifier().text(), "accept");
        vkey("another-name", "x" + vkey, "vkey-id");
        vkey("id-upper-case", "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "vkey-syntax");
        vkey("no-name", vkey.substring(ORIGIN.length()), "vkey-syntax");
        vkey("no-id", ORIGIN + "+" + key, "vkey-syntax");
        vkey("no-key", ORIGIN + "+00000000+", "vkey-syntax");
        vkey("space-in-name", "log example" + vkey.substring(ORIGIN.length()), "vkey-syntax");
        vkey("base64-padded-twice", vkey + "=", "vkey-syntax");
        vkey("type-ecdsa", vkeyText(2, LOG_KEY.verifyKey().bytes()), "vkey-type");
        vkey("key-short", vkeyText(1, new byte[31]), "key-length");
        vkey("key-small-order", vkeyText(1, new byte[32]), "key-not-prime-order");
    }

    private void notes() {
        byte[] good = LOG.note(TEXT).bytes();
        String text = utf8(good);
        note("one-signature", good, "accept");
        note("unknown-key-beside", OTHER.note(TEXT).with(LOG.sign(TEXT)).bytes(), "accept");
        note("empty-line-in-text", LOG.note("one\n\ntwo\n").bytes(), "accept");
        note("text-changed", text.replace("\n11\n", "\n12\n"), "note-signature-invalid");
        note("known-key-twice-one-bad", LOG.note(TEXT).with(LOG.sign("x\n")).bytes(), "note-signature-invalid");
        note("known-key-only-unknown", OTHER.note(TEXT).bytes(), "note-signature-missing");
        note("signature-short", text.replaceAll("....\n$", "\n"), "note-signature-invalid");
        note("no-signature", TEXT + "\n", "note-syntax");
        note("no-empty-line", text.replace("\n\n", "\n"), "note-syntax");
        note("no-last-line-feed", text.substring(0, text.length() - 1), "note-syntax");
        note("carriage-return", text.replace("\n", "\r\n"), "note-control");
        note("tab", text.replace("11", "11\t"), "note-control");
        note("hyphen-for-dash", text.replace('\u2014', '-'), "note-signature-line");
        note("two-spaces", text.replace("\u2014 ", "\u2014  "), "note-signature-line");
        note("text-after-signatures", text + "more\n", "note-signature-line");
        note("base64-url", text.replaceAll("(example )....", "$1-_-_"), "note-signature-line");
        note("key-id-alone", TEXT + "\n\u2014 log.example AAAAAA==\n", "note-signature-line");
        note("plus-in-name", text.replace("\u2014 log.example", "\u2014 log+example"), "note-signature-line");
        note("no-break-space-in-name", text.replace("\u2014 log.", "\u2014 log\u00a0"), "note-signature-line");
        byte[] notUtf8 = good.clone();
        notUtf8[0] = (byte) 0xff;
        note("not-utf8", notUtf8, "note-utf8");
        SignedNote many = LOG.note(TEXT);
        for (int i = 0; i < 15; i++) {
            many = many.with(WITNESS.cosign(TEXT, i + 1));
        }
        note("sixteen-signatures", many.bytes(), "accept");
        for (int i = 16; i <= SignedNote.SIGNATURES_MAX; i++) {
            many = many.with(WITNESS.cosign(TEXT, i));
        }
        note("sixty-five-signatures", many.bytes(), "note-signature-count");
    }

    private void checkpoints() {
        String empty = Base64Text.encode(Rfc6962.EMPTY_ROOT.bytes());
        String root = Base64Text.encode(TREE.root().bytes());
        checkpoint("eleven-leaves", TEXT, "accept");
        checkpoint("empty-tree", "log.example\n0\n" + empty + "\n", "accept");
        checkpoint("empty-tree-other-root", "log.example\n0\n" + root + "\n", "checkpoint-root");
        checkpoint("origin-of-another", "other.example\n11\n" + root + "\n", "checkpoint-origin-mismatch");
        checkpoint("origin-with-space", "log example\n11\n" + root + "\n", "checkpoint-origin");
        checkpoint("origin-empty", "\n11\n" + root + "\n", "checkpoint-origin");
        checkpoint("extension-line", TEXT + "more\n", "checkpoint-extension");
        checkpoint("two-lines", "log.example\n11\n", "checkpoint-syntax");
        checkpoint("size-leading-zero", "log.example\n011\n" + root + "\n", "checkpoint-size");
        checkpoint("size-signed", "log.example\n+11\n" + root + "\n", "checkpoint-size");
        checkpoint("size-beyond", "log.example\n9223372036854775808\n" + root + "\n", "checkpoint-size");
        checkpoint("size-hexadecimal", "log.example\nb\n" + root + "\n", "checkpoint-size");
        checkpoint("root-short", "log.example\n11\n" + root.substring(0, 40) + "\n", "checkpoint-root");
        checkpoint("root-unpadded", "log.example\n11\n" + root.substring(0, 43) + "\n", "checkpoint-root");
        checkpoint("root-hexadecimal", "log.example\n11\n" + TREE.root().hex() + "\n", "checkpoint-root");
        SignedNote cosigned = LOG.note(TEXT).with(WITNESS.cosign(TEXT, 1_795_219_200));
        checkpoint("cosigned", cosigned, "accept");
        byte[] later = WITNESS.cosign(TEXT, 1_795_219_200).bytes();
        later[7] ^= 1;
        NoteSignature moved =
                new NoteSignature("witness.example/w1", WITNESS.verifier().keyId(), later);
        checkpoint("cosigned-time-changed", LOG.note(TEXT).with(moved), "note-signature-invalid");
        byte[] message = ("cosignature/v1\ntime 9223372036854775808\n" + TEXT).getBytes(StandardCharsets.UTF_8);
        byte[] unsigned = ByteBuffer.allocate(72)
                .putLong(Long.MIN_VALUE)
                .put(WITNESS_KEY.sign(message))
                .array();
        NoteSignature beyond =
                new NoteSignature("witness.example/w1", WITNESS.verifier().keyId(), unsigned);
        checkpoint("cosigned-time-beyond", LOG.note(TEXT).with(beyond), "note-signature-invalid");
        checkpoint(
                "cosigned-not-signed",
                SignedNote.of(TEXT).with(WITNESS.cosign(TEXT, 1_795_219_200)),
                "note-signature-missing");
    }

    private void secondLines() {
        Checkpoint checkpoint = new Checkpoint(ORIGIN, SIZE, TREE.root());
        SignedNote first = LOG.note(TEXT);
        NoteSignature line = SECOND.sign(checkpoint);
        SignedNote good = first.with(line);
        second("good", good, "accept");
        second("before-a-witness", good.with(WITNESS.cosign(TEXT, 1_795_219_200)), "accept");
        second(
                "behind-a-witness",
                first.with(WITNESS.cosign(TEXT, 1_795_219_200)).with(line),
                "accept");
        second("missing", first, "second-line-missing");
        second("before-the-first", SignedNote.of(TEXT).with(line).with(LOG.sign(TEXT)), "second-line-order");
        second("alone", SignedNote.of(TEXT).with(line), "note-signature-missing");
        SecondLineSigner other = new SecondLineSigner(ORIGIN, mlDsaKey("another second"));
        second("by-another-key", first.with(other.sign(checkpoint)), "second-line-missing");
        second("forged", first.with(line(other.sign(checkpoint).bytes())), "note-signature-invalid");
        second("good-and-forged", good.with(line(other.sign(checkpoint).bytes())), "note-signature-invalid");
        Checkpoint smaller = new Checkpoint(ORIGIN, new TreeSize(10), TREE.root(new TreeSize(10)));
        second("of-another-size", first.with(SECOND.sign(smaller)), "note-signature-invalid");
        Checkpoint elsewhere = new Checkpoint("other.example", SIZE, TREE.root());
        second("of-another-log", first.with(SECOND.sign(elsewhere)), "note-signature-invalid");
        byte[] bytes = line.bytes();
        second("short", first.with(line(Arrays.copyOf(bytes, bytes.length - 1))), "note-signature-invalid");
        second("long", first.with(line(Arrays.copyOf(bytes, bytes.length + 1))), "note-signature-invalid");
        byte[] moved = bytes.clone();
        moved[7] = 1;
        second("time-changed", first.with(line(moved)), "note-signature-invalid");
        byte[] beyond = bytes.clone();
        beyond[0] = (byte) 0x80;
        second("time-beyond", first.with(line(beyond)), "note-signature-invalid");
        String vkey = SECOND.verifier().text();
        second("vkey-of-another-name", good, "x" + vkey, "vkey-id");
        second("vkey-of-the-first", good, LOG.verifier().text(), "vkey-type");
        String[] parts = vkey.split("\\+", 3);
        String shorter = Base64Text.encode(Arrays.copyOf(typed(parts[2]), 1312));
        second("vkey-short", good, parts[0] + "+" + parts[1] + "+" + shorter, "key-length");
    }

    private static byte[] typed(String base64) {
        return java.util.Base64.getDecoder().decode(base64);
    }

    /** A line under the second key's name and id, whoever made it. */
    private static NoteSignature line(byte[] bytes) {
        return new NoteSignature(ORIGIN, SECOND.verifier().keyId(), bytes);
    }

    private void second(String name, SignedNote note, String expect) {
        second(name, note, SECOND.verifier().text(), expect);
    }

    private void second(String name, SignedNote note, String vkey, String expect) {
        add(
                "second",
                name,
                JsonBuilder.object()
                        .put("note", Base64Text.encode(note.bytes()))
                        .put("log", LOG.verifier().text())
                        .put("second", vkey),
                expect);
    }

    private void inclusion() {
        InclusionProof good = InclusionProof.make(TREE, new LeafIndex(4), SIZE);
        Hash root = TREE.root();
        for (int index : new int[] {0, 4, 7, 8, 10}) {
            inclusion(
                    "leaf-" + index,
                    index,
                    LEAVES,
                    InclusionProof.make(TREE, new LeafIndex(index), SIZE).path(),
                    "accept");
        }
        inclusion("one-leaf", 0, 1, List.of(), "accept");
        inclusion("another-index", 5, LEAVES, good.path(), "inclusion-proof-invalid");
        inclusion("another-size", 4, LEAVES - 3, good.path(), "inclusion-proof-invalid");
        inclusion("hash-missing", 4, LEAVES, good.path().subList(0, 3), "inclusion-proof-invalid");
        inclusion("hash-more", 4, LEAVES, plus(good.path(), root), "inclusion-proof-invalid");
        inclusion("hash-order", 4, LEAVES, good.path().reversed(), "inclusion-proof-invalid");
        inclusion("no-path", 4, LEAVES, List.of(), "inclusion-proof-invalid");
        inclusion("index-equals-size", LEAVES, LEAVES, good.path(), "leaf-index-beyond-size");
        inclusion("empty-tree", 0, 0, List.of(), "leaf-index-beyond-size");
    }

    private void inclusion(String name, int index, int size, List<Hash> path, String expect) {
        Hash leaf = TREE.hash(0, Math.min(index, LEAVES - 1));
        add(
                "inclusion",
                name,
                JsonBuilder.object()
                        .put("index", index)
                        .put("size", size)
                        .put("leaf", leaf.hex())
                        .strings("path", hex(path))
                        .put("root", TREE.root(new TreeSize(size)).hex()),
                expect);
    }

    private void consistency() {
        for (int[] sizes : new int[][] {{0, 11}, {1, 11}, {4, 11}, {6, 11}, {8, 11}, {10, 11}, {11, 11}}) {
            consistency(sizes[0] + "-to-" + sizes[1], sizes[0], sizes[1], made(sizes[0], sizes[1]), "accept");
        }
        List<Hash> good = made(6, LEAVES);
        consistency("hash-missing", 6, LEAVES, good.subList(0, good.size() - 1), "consistency-proof-invalid");
        consistency("hash-more", 6, LEAVES, plus(good, TREE.root()), "consistency-proof-invalid");
        consistency("hash-order", 6, LEAVES, good.reversed(), "consistency-proof-invalid");
        consistency("no-path", 6, LEAVES, List.of(), "consistency-proof-invalid");
        consistency("from-empty-with-path", 0, LEAVES, good, "consistency-proof-invalid");
        consistency("same-size-with-path", LEAVES, LEAVES, good, "consistency-proof-invalid");
        consistency(
                "power-with-root-repeated",
                8,
                LEAVES,
                first(TREE.root(new TreeSize(8)), made(8, LEAVES)),
                "consistency-proof-invalid");
        consistency("shrinking", LEAVES, 6, good, "consistency-sizes");
        Hash fork = Rfc6962.nodeHash(TREE.root(), TREE.root());
        consistency("fork", 6, fork, LEAVES, good, "consistency-proof-invalid");
        consistency("same-size-fork", LEAVES, fork, LEAVES, List.of(), "consistency-proof-invalid");
        consistency("empty-with-root", 0, fork, LEAVES, List.of(), "consistency-proof-invalid");
    }

    private static List<Hash> made(int from, int to) {
        return ConsistencyProof.make(TREE, new TreeSize(from), new TreeSize(to)).path();
    }

    private void consistency(String name, int from, int to, List<Hash> path, String expect) {
        consistency(name, from, TREE.root(new TreeSize(from)), to, path, expect);
    }

    private void consistency(String name, int from, Hash fromRoot, int to, List<Hash> path, String expect) {
        add(
                "consistency",
                name,
                JsonBuilder.object()
                        .put("from", from)
                        .put("fromRoot", fromRoot.hex())
                        .put("to", to)
                        .put("toRoot", TREE.root(new TreeSize(to)).hex())
                        .strings("path", hex(path)),
                expect);
    }

    private void tiles() {
        tile("full-far", "tile/0/x001/x234/067", new byte[8192], "accept");
        tile("partial", "tile/2/000.p/1", new byte[32], "accept");
        tile("short", "tile/0/000.p/2", new byte[63], "tile-length");
        tile("full-for-partial", "tile/0/000.p/2", new byte[8192], "tile-length");
        tile("empty", "tile/0/000", new byte[0], "tile-length");
        tile("unpadded-index", "tile/0/0", new byte[8192], "tile-path");
        tile("zero-group", "tile/0/x000/000", new byte[8192], "tile-path");
        tile("no-x", "tile/0/001/000", new byte[8192], "tile-path");
        tile("x-on-last", "tile/0/x001", new byte[8192], "tile-path");
        tile("width-zero", "tile/0/000.p/0", new byte[0], "tile-path");
        tile("width-256", "tile/0/000.p/256", new byte[8192], "tile-path");
        tile("level-64", "tile/64/000", new byte[8192], "tile-path");
        tile("level-padded", "tile/00/000", new byte[8192], "tile-path");
    }

    private void tile(String name, String path, byte[] bytes, String expect) {
        add("tile", name, JsonBuilder.object().put("path", path).put("bytes", Base64Text.encode(bytes)), expect);
    }

    private void entries() {
        byte[] two = new EntryBundle(0, 2).encode(List.of(new byte[] {1}, new byte[] {2, 3}));
        entries("two", "tile/entries/000.p/2", two, "accept");
        entries("one-empty", "tile/entries/000.p/1", new byte[2], "accept");
        entries("width-more", "tile/entries/000.p/3", two, "entry-bundle-width");
        entries("width-less", "tile/entries/000.p/1", two, "entry-bundle-width");
        entries("cut-in-entry", "tile/entries/000.p/2", Arrays.copyOf(two, 6), "entry-bundle-truncated");
        entries("cut-in-length", "tile/entries/000.p/2", Arrays.copyOf(two, 4), "entry-bundle-truncated");
        entries("tile-for-bundle", "tile/0/000.p/2", two, "tile-path");
    }

    private void entries(String name, String path, byte[] bytes, String expect) {
        add("entries", name, JsonBuilder.object().put("path", path).put("bytes", Base64Text.encode(bytes)), expect);
    }

    private void proofs() {
        SignedNote note = LOG.note(TEXT).with(WITNESS.cosign(TEXT, 1_795_219_200));
        List<Hash> path = InclusionProof.make(TREE, new LeafIndex(4), SIZE).path();
        String good = utf8(new TlogProof(new LeafIndex(4), path, note).bytes());
        proof("leaf-4", good, 4, "accept");
        Hash only = Rfc6962.leafHash(entry(0));
        SignedNote first = LOG.note(new Checkpoint(ORIGIN, new TreeSize(1), only).text());
        proof("only-leaf", utf8(new TlogProof(new LeafIndex(0), List.of(), first).bytes()), 0, "accept");
        proof("another-entry", good, 5, "inclusion-proof-invalid");
        proof("another-index", good.replace("index 4", "index 5"), 4, "inclusion-proof-invalid");
        proof("index-beyond", good.replace("index 4", "index 11"), 4, "leaf-index-beyond-size");
        proof("index-padded", good.replace("index 4", "index 04"), 4, "tlog-proof-index");
        proof("index-missing", good.replace("index 4\n", ""), 4, "tlog-proof-index");
        proof("extra-line", good.replace("index", "extra AAAA\nindex"), 4, "tlog-proof-extra");
        proof("another-version", good.replace("@v1", "@v2"), 4, "tlog-proof-header");
        proof("hash-short", good.replaceFirst("index 4\n....", "index 4\n"), 4, "tlog-proof-path");
        proof("hash-missing", good.replaceFirst("index 4\n.*\n", "index 4\n"), 4, "inclusion-proof-invalid");
        proof("carriage-return", good.replaceFirst("\n", "\r\n"), 4, "tlog-proof-header");
        proof("no-checkpoint", good.substring(0, good.indexOf("\n\n") + 1), 4, "tlog-proof-syntax");
        proof(
                "path-too-long",
                good.replaceFirst("index 4\n(.*\n)", "index 4\n" + "$1".repeat(64)),
                4,
                "tlog-proof-path");
        proof(
                "checkpoint-of-another",
                utf8(new TlogProof(new LeafIndex(4), path, OTHER.note(TEXT)).bytes()),
                4,
                "note-signature-missing");
        proof("checkpoint-changed", good.replace("\n11\n", "\n12\n"), 4, "note-signature-invalid");
        proof("not-ascii", good.replace("index 4", "index \u0664"), 4, "tlog-proof-syntax");
    }

    private void proof(String name, String proof, int leaf, String expect) {
        add(
                "proof",
                name,
                JsonBuilder.object()
                        .put("proof", base64(proof))
                        .put("entry", Base64Text.encode(entry(leaf)))
                        .put("log", LOG.verifier().text())
                        .strings("cosigners", List.of(WITNESS.verifier().text())),
                expect);
    }

    private void signatures() {
        HostileSignatures.signatures()
                .forEach(c -> signature(
                        c.name(), HostileSignatures.key(), c.signature(), c.valid() ? "accept" : "signature-invalid"));
        HostileSignatures.badKeys().forEach(bad -> signature("key " + bad.name(), bad.key(), new byte[64], bad.code()));
    }

    private void signature(String name, byte[] key, byte[] signature, String expect) {
        String words = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        add(
                "signature",
                words,
                JsonBuilder.object()
                        .put("suite", "ed25519-2026")
                        .put("key", Base64Text.encode(key))
                        .put("message", Base64Text.encode(HostileSignatures.message()))
                        .put("signature", Base64Text.encode(signature)),
                expect);
    }

    private void policies() {
        String log = "log " + LOG.verifier().text() + "\n";
        String first = witness(1);
        String three = witness(1) + witness(2) + witness(3);
        policy("none", "quorum none\n", "accept");
        policy("witness", log + first + "quorum w1\n", "accept");
        policy(
                "groups",
                "# two of three, and the other\n\n \t" + log + "log " + otherLog() + " https://other.example/log/\n"
                        + three
                        + "witness\tw4  " + cosigner(4) + "\thttps://w4.example \n"
                        + "group xs 2 w1 w2 w3\ngroup all-of-it all xs w4\nquorum all-of-it\n",
                "accept");
        policy("name-of-other-script", "witness é\u00a0é " + cosigner(1) + "\nquorum é\u00a0é\n", "accept");
        policy("group-not-in-quorum", three + "group any-one any w1 w2\nquorum w3\n", "accept");
        policy("no-quorum", log + first, "tlog-policy-quorum");
        policy("quorum-twice", first + "quorum w1\nquorum w1\n", "tlog-policy-quorum");
        policy("quorum-before-witness", "quorum w1\n" + first, "tlog-policy-quorum");
        policy("quorum-unknown", first + "quorum w2\n", "tlog-policy-quorum");
        policy("quorum-of-two", first + witness(2) + "quorum w1 w2\n", "tlog-policy-line");
        policy("forward-reference", first + "group g any w1 w2\n" + witness(2) + "quorum g\n", "tlog-policy-member");
        policy("circle", first + "group g any w1 g\nquorum g\n", "tlog-policy-member");
        policy("member-none", first + "group g any w1 none\nquorum g\n", "tlog-policy-member");
        policy("member-twice-in-group", first + "group g any w1 w1\nquorum g\n", "tlog-policy-member");
        policy(
                "member-of-two-groups",
                three + "group g all w1 w2\ngroup h all w2 w3\nquorum g\n",
                "tlog-policy-member");
        policy("group-empty", first + "group g any\nquorum g\n", "tlog-policy-line");
        policy("threshold-zero", first + "group g 0 w1\nquorum g\n", "tlog-policy-threshold");
        policy("threshold-above-members", first + "group g 2 w1\nquorum g\n", "tlog-policy-threshold");
        policy("threshold-leading-zero", first + "group g 01 w1\nquorum g\n", "tlog-policy-threshold");
        policy("threshold-word", first + "group g most w1\nquorum g\n", "tlog-policy-threshold");
        policy("name-twice", first + first.replace(cosigner(1), cosigner(2)) + "quorum w1\n", "tlog-policy-name");
        policy("name-of-witness-for-group", first + "group w1 any w1\nquorum w1\n", "tlog-policy-name");
        policy("name-none", "witness none " + cosigner(1) + "\nquorum none\n", "tlog-policy-name");
        policy("key-twice", first + "witness w2 " + cosigner(1) + "\nquorum w1\n", "tlog-policy-key");
        NoteSigner renamed = NoteSigner.cosigner("witness.example/x", key("witness 1"));
        policy(
                "key-twice-under-two-names",
                first + "witness w2 " + renamed.verifier().text() + "\nquorum w1\n",
                "tlog-policy-key");
        policy("log-twice", log + log + "quorum none\n", "tlog-policy-key");
        policy("log-key-as-witness", "witness w1 " + LOG.verifier().text() + "\nquorum w1\n", "tlog-policy-key");
        policy("witness-key-as-log", "log " + cosigner(1) + "\nquorum none\n", "tlog-policy-key");
        policy("log-cosigns-itself", log + "witness w1 " + ownCosigner() + "\nquorum w1\n", "tlog-policy-key");
        policy("vkey-id-of-another", "log x" + LOG.verifier().text() + "\nquorum none\n", "vkey-id");
        policy("unknown-line", "witnesses w1\nquorum none\n", "tlog-policy-line");
        policy("upper-case", "Quorum none\n", "tlog-policy-line");
        policy("witness-without-key", "witness w1\nquorum none\n", "tlog-policy-line");
        policy("word-after-url", log.strip() + " https://log.example more\nquorum none\n", "tlog-policy-line");
        policy("comment-behind-line", "quorum none # nobody\n", "tlog-policy-line");
        policy("no-last-line-feed", "quorum none", "tlog-policy-text");
        policy("carriage-return", "quorum none\r\n", "tlog-policy-text");
        policy("delete-character", "# \u007f\nquorum none\n", "tlog-policy-text");
        policy("not-utf8", new byte[] {'#', (byte) 0xff, '\n'}, "tlog-policy-text");
        policy("empty", "", "tlog-policy-text");
        StringBuilder many = new StringBuilder();
        for (int i = 1; i <= 63; i++) {
            many.append(witness(i));
        }
        policy("sixty-three-witnesses", many + "quorum w63\n", "accept");
        policy("sixty-four-witnesses", many + witness(64) + "quorum w63\n", "tlog-policy-large");
        policy("more-than-64-kib", "#".repeat(65_536 - 12) + "\nquorum none\n", "tlog-policy-large");
    }

    /** Who has signed a checkpoint, held against the rule of the specification's example and others. */
    private void quorums() {
        String six = witness(1) + witness(2) + witness(3) + witness(4) + witness(5) + witness(6);
        String both = six + "group xs 2 w1 w2 w3\ngroup ys any w4 w5 w6\ngroup both all xs ys\nquorum both\n";
        quorum("two-of-three-and-one", both, "accept", 1, 3, 5);
        quorum("all-six", both, "accept", 1, 2, 3, 4, 5, 6);
        quorum("one-of-three-and-all", both, "witness-quorum", 2, 4, 5, 6);
        quorum("three-and-none", both, "witness-quorum", 1, 2, 3);
        quorum("nobody", both, "witness-quorum");
        quorum("one-witness", six + "quorum w2\n", "accept", 2);
        quorum("another-witness", six + "quorum w2\n", "witness-quorum", 1, 3);
        quorum("none-wanted", "quorum none\n", "accept");
        quorum("signed-twice", six + "group g 2 w1 w2\nquorum g\n", "witness-quorum", 1, 1);
        quorum("of-unknown-witness", witness(1) + "quorum w1\n", "witness-quorum", 2);
        SignedNote forged = LOG.note(TEXT).with(WITNESS.cosign(TEXT, 1));
        NoteSignature other = new NoteSignature(
                "witness.example/w1",
                NoteSigner.cosigner("witness.example/w1", key("witness 1"))
                        .verifier()
                        .keyId(),
                WITNESS.cosign(TEXT, 1).bytes());
        quorum("line-forged", witness(1) + "quorum w1\n", "note-signature-invalid", forged.with(other));
        quorum("of-another-log", "log " + otherLog() + "\n" + witness(1) + "quorum w1\n", "trust-log", 1);
    }

    private void quorum(String name, String policy, String expect, int... signers) {
        SignedNote note = LOG.note(TEXT);
        for (int signer : signers) {
            note = note.with(signer(signer).cosign(TEXT, 1_795_219_200));
        }
        quorum(name, policy, expect, note);
    }

    private void quorum(String name, String policy, String expect, SignedNote note) {
        add(
                "quorum",
                name,
                JsonBuilder.object()
                        .put("policy", base64(policy))
                        .put("log", LOG.verifier().text())
                        .put("note", Base64Text.encode(note.bytes())),
                expect);
    }

    private static NoteSigner signer(int number) {
        return NoteSigner.cosigner("witness.example/w" + number, key("witness " + number));
    }

    private static String cosigner(int number) {
        return signer(number).verifier().text();
    }

    private static String witness(int number) {
        return "witness w" + number + " " + cosigner(number) + "\n";
    }

    private static String ownCosigner() {
        return NoteSigner.cosigner(ORIGIN, LOG_KEY).verifier().text();
    }

    private static String otherLog() {
        return NoteSigner.log("other.example", key("another log")).verifier().text();
    }

    private void policy(String name, String policy, String expect) {
        policy(name, policy.getBytes(StandardCharsets.UTF_8), expect);
    }

    private void policy(String name, byte[] policy, String expect) {
        add("policy", name, JsonBuilder.object().put("policy", Base64Text.encode(policy)), expect);
    }

    private void vkey(String name, String vkey, String expect) {
        add("vkey", name, JsonBuilder.object().put("vkey", vkey), expect);
    }

    private void note(String name, String note, String expect) {
        note(name, note.getBytes(StandardCharsets.UTF_8), expect);
    }

    private void note(String name, byte[] note, String expect) {
        add(
                "note",
                name,
                JsonBuilder.object()
                        .put("note", Base64Text.encode(note))
                        .strings("vkeys", List.of(LOG.verifier().text())),
                expect);
    }

    private void checkpoint(String name, String text, String expect) {
        checkpoint(name, LOG.note(text), expect);
    }

    private void checkpoint(String name, SignedNote note, String expect) {
        add(
                "checkpoint",
                name,
                JsonBuilder.object()
                        .put("note", Base64Text.encode(note.bytes()))
                        .put("log", LOG.verifier().text())
                        .strings("cosigners", List.of(WITNESS.verifier().text())),
                expect);
    }

    private void add(String check, String name, JsonBuilder input, String expect) {
        String full = check + "-" + name;
        Json.Obj vector = JsonBuilder.object()
                .put("case", full)
                .put("spec", "log")
                .put("input", input.put("check", check).build())
                .put("expect", expect)
                .build();
        if (cases.put(full, vector) != null) {
            throw new IllegalStateException("two cases called " + full);
        }
    }

    private static SoftwareKey key(String name) {
        return SoftwareKey.ofSeed(Hash.of(name.getBytes(StandardCharsets.UTF_8)).bytes());
    }

    private static MlDsaKey mlDsaKey(String name) {
        return MlDsaKey.ofSeed(Hash.of(name.getBytes(StandardCharsets.UTF_8)).bytes());
    }

    private static byte[] entry(int index) {
        return ("entry " + index).getBytes(StandardCharsets.UTF_8);
    }

    private static MerkleTree tree() {
        MerkleTree tree = new MerkleTree();
        for (int i = 0; i < LEAVES; i++) {
            tree.append(Rfc6962.leafHash(entry(i)));
        }
        return tree;
    }

    private static String vkeyText(int type, byte[] key) {
        byte[] typed =
                ByteBuffer.allocate(key.length + 1).put((byte) type).put(key).array();
        Hash id = Hash.of((ORIGIN + "\n").getBytes(StandardCharsets.UTF_8), typed);
        return ORIGIN + "+" + id.hex().substring(0, 8) + "+" + Base64Text.encode(typed);
    }

    private static List<String> hex(Collection<Hash> hashes) {
        return hashes.stream().map(Hash::hex).toList();
    }

    private static List<Hash> plus(List<Hash> hashes, Hash last) {
        List<Hash> more = new ArrayList<>(hashes);
        more.add(last);
        return more;
    }

    private static List<Hash> first(Hash hash, List<Hash> hashes) {
        List<Hash> more = new ArrayList<>(hashes);
        more.addFirst(hash);
        return more;
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String base64(String text) {
        return Base64Text.encode(text.getBytes(StandardCharsets.UTF_8));
    }
}
