package dev.jurat.assurance.bench;

import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Programs;
import dev.jurat.assurance.harness.Site;
import dev.jurat.custody.CustodyException;
import dev.jurat.custody.PassphraseSeal;
import dev.jurat.custody.Secret;
import dev.jurat.custody.signer.SignerKey;
import dev.jurat.proof.crypto.Dsse;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Statement;
import dev.jurat.proof.record.Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Whether the time that a key's users see tells anything of the key: signatures in this process and over the socket of a signer that is a process of
 * its own, its rules, and a passphrase. The first two lines show what the method finds: nothing between a class and itself, and a comparison that ends
 * at the first difference.
 */
final class SignerTiming {
    private static final int BYTES = 700;
    private static final int KEYS = 4096;
    private static final int PASSPHRASES = 1000;
    /** Below the signatures that a rule gives at once, warming up included. */
    private static final int ASKED = 40_000;

    private static final Duration TIME = Duration.ofSeconds(10);
    private static final RandomSource RANDOM = RandomSource.secure();

    private final Report report;
    private final TwoClasses classes;

    SignerTiming(Report report, int samples) {
        this.report = report;
        this.classes = new TwoClasses(samples);
        report.title("Timing: Welch's t between two classes, " + samples + " samples in process, " + ASKED
                + " over the socket; beyond 4.5 they differ");
    }

    void run() throws IOException {
        controls();
        messages();
        keys();
        passphrases();
        signer();
    }

    private void line(String name, Welch.Found found) {
        report.line(name, (found.differs() ? "DIFFERS: " : "no difference: ") + found);
    }

    /** Inputs of which the first class is always the same and the second another each time. */
    private static IntFunction<byte[]> fixedOrRandom(byte[] fixed) {
        return drawn -> {
            byte[] other = RANDOM.bytes(fixed.length);
            return drawn == 0 ? fixed.clone() : other;
        };
    }

    private void controls() {
        byte[] fixed = RANDOM.bytes(BYTES);
        line("control: a class against itself", classes.compare(drawn -> RANDOM.bytes(BYTES), Hash::of));
        byte[][] sink = new byte[1][];
        line("control: a comparison that ends early", classes.compare(fixedOrRandom(fixed), input -> {
            int at = 0;
            while (at < fixed.length && input[at] == fixed[at]) {
                at++;
            }
            sink[0] = at == fixed.length ? input : fixed;
        }));
    }

    private void messages() {
        SoftwareKey key = SoftwareKey.generate(RANDOM);
        byte[] fixed = RANDOM.bytes(BYTES);
        line("signature: one message, random messages", classes.compare(fixedOrRandom(fixed), key::sign));
        line(
                "signature: a message of zeros, random messages",
                classes.compare(fixedOrRandom(new byte[BYTES]), key::sign));
    }

    /** As many objects of the one key as of the others, so that neither class is warmer than the other. */
    private void keys() {
        byte[] message = RANDOM.bytes(BYTES);
        for (byte[] seed : List.of(RANDOM.bytes(SoftwareKey.SEED_BYTES), new byte[SoftwareKey.SEED_BYTES])) {
            List<SoftwareKey> one = new ArrayList<>();
            List<SoftwareKey> others = new ArrayList<>();
            for (int i = 0; i < KEYS; i++) {
                one.add(SoftwareKey.ofSeed(seed));
                others.add(SoftwareKey.generate(RANDOM));
            }
            int[] next = new int[1];
            String which = Arrays.equals(seed, new byte[seed.length]) ? "the key of a zero seed" : "one key";
            line(
                    "signature: " + which + ", random keys",
                    classes.compare(
                            drawn -> (drawn == 0 ? one : others).get(next[0]++ % KEYS), key -> key.sign(message)));
        }
    }

    /** A passphrase that is right but for its last character, against ones that are wrong from the first. */
    private void passphrases() {
        PassphraseSeal seal = PassphraseSeal.make(PassphraseSeal.Cost.LIGHT, RANDOM);
        String right = text();
        byte[] sealed = seal.seal(secret(right), RANDOM.bytes(32), new byte[0]);
        TwoClasses few = new TwoClasses(PASSPHRASES);
        line(
                "passphrase: wrong at the end, wrong throughout (n=" + PASSPHRASES + ")",
                few.compare(
                        drawn -> secret(drawn == 0 ? right.substring(0, right.length() - 1) + "!" : text()),
                        secret -> seal.open(secret, sealed, new byte[0])));
    }

    private static String text() {
        return Base64.getEncoder().encodeToString(RANDOM.bytes(24));
    }

    private static Secret secret(String text) {
        return Secret.of(text::toCharArray);
    }

    // ---- a signer, as a process

    private void signer() throws IOException {
        try (Site site = Site.fresh()) {
            Files.writeString(site.folder().resolve("typed"), text() + "\n");
            run(site, "signer", "init", "--custody", "software");
            String me = System.getProperty("user.name");
            String most = "60000";
            run(site, "signer", "make", "mine", "--user", me, "--per-minute", most, "--unlock-fd", "3");
            run(site, "signer", "make", "hers", "--user", "nobody", "--unlock-fd", "3");
            try (ManagedProcess serving = start(site, "signer", "serve", "--unlock-fd", "3", "--json")) {
                serving.awaitLine(line -> line.contains("socket"), Site.READY);
                overSocket(site.home().resolve("signer/signer.sock"));
            }
        }
    }

    private static ManagedProcess start(Site site, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" 3<typed", "sh"));
        command.addAll(Programs.jurat(words));
        return ManagedProcess.start(command, site.folder(), site.environment());
    }

    private static void run(Site site, String... words) throws IOException {
        try (ManagedProcess process = start(site, words)) {
            if (process.exit(Site.READY) != 0) {
                throw new IOException(process.output() + process.errors());
            }
        }
    }

    private void overSocket(Path socket) {
        SignerKey.About about = SignerKey.about(socket, "mine", TIME);
        TwoClasses asked = new TwoClasses(ASKED);
        SignerKey mine = SignerKey.of(socket, "mine", about.key(), TIME);
        byte[] fixed = session(about);
        line(
                "signer: one session record, random ones",
                asked.compare(drawn -> drawn == 0 ? fixed : session(about), mine::sign));
        line(
                "signer: a key of another user, a name without a key",
                asked.compare(drawn -> drawn == 0 ? "hers" : "none", name -> refused(socket, name)));
        byte[] short1 = Arrays.copyOf(fixed, fixed.length - 1);
        line(
                "signer: another's key asked to sign, a name without a key",
                asked.compare(
                        drawn -> SignerKey.of(socket, drawn == 0 ? "hers" : "none", about.key(), TIME),
                        key -> refused(() -> key.sign(short1))));
    }

    private static void refused(Path socket, String name) {
        refused(() -> SignerKey.about(socket, name, TIME));
    }

    private static void refused(Runnable asked) {
        try {
            asked.run();
            throw new IllegalStateException("it was allowed");
        } catch (CustodyException e) {
            // As it should be.
        }
    }

    /** A session record of the signer's key with a session key that nobody has. */
    private static byte[] session(SignerKey.About about) {
        RecordId seen = new RecordId(Hash.ofBytes(RANDOM.bytes(Hash.BYTES)));
        RegistryFacts.Session facts = new RegistryFacts.Session(
                about.key().text(),
                KEYS_OF_SESSIONS.get(Math.floorMod(seen.hashCode(), KEYS_OF_SESSIONS.size())),
                1,
                RegistryFacts.Isolation.SAME_USER,
                true,
                RegistryFacts.Signs.WRAPPER,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        Header header = new Header(
                facts.kind(),
                new Stream(about.principal(), "c".repeat(26)),
                SignerType.AGENT,
                0,
                seen,
                seen,
                References.NONE,
                Suite.ED25519_2026);
        return Dsse.pae(Statement.PAYLOAD_TYPE, new Statement(header, facts, seen.hash()).bytes());
    }

    private static final List<String> KEYS_OF_SESSIONS = java.util.stream.Stream.generate(
                    () -> SoftwareKey.generate(RANDOM).verifyKey().text())
            .limit(KEYS)
            .toList();
}
