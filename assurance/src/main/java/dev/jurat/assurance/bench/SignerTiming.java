package dev.jurat.assurance.bench;

import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Programs;
import dev.jurat.assurance.harness.Site;
import dev.jurat.custody.Custody;
import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import dev.jurat.custody.PassphraseSeal;
import dev.jurat.custody.Secret;
import dev.jurat.custody.signer.SignerKey;
import dev.jurat.custody.signer.SignerRule;
import dev.jurat.custody.software.SoftwareCustody;
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
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Whether the time that a key's users see tells anything of the key: signatures in this process and over the socket of a signer that is a process of
 * its own, its rules, and a passphrase. The first two lines show what the method finds: nothing between a class and itself, and a comparison that ends
 * at the first difference.
 */
final class SignerTiming {
    private static final int BYTES = 700;
    private static final int POOL = 4096;
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

    /** Inputs of which the first class is always the same and the second another each time, both made by the same steps. */
    private static IntFunction<byte[]> fixedOrRandom(byte[] fixed) {
        return drawn -> {
            byte[] input = RANDOM.bytes(fixed.length);
            int kept = -drawn;
            for (int i = 0; i < input.length; i++) {
                input[i] = (byte) (input[i] & kept | fixed[i] & ~kept);
            }
            return input;
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
        line("signature: one message, random messages", classes.compare(fixedOrRandom(RANDOM.bytes(BYTES)), key::sign));
        byte[] other = RANDOM.bytes(SoftwareKey.SEED_BYTES);
        line("control: messages with a small nonce of another key, with any", nonces(key, other));
        line("signature: messages with a small nonce, with any", nonces(key, key.dangerouslySeed()));
    }

    private Welch.Found nonces(SoftwareKey key, byte[] seed) {
        Nonces nonces = new Nonces(seed);
        Supplier<byte[]> any = () -> RANDOM.bytes(BYTES);
        IntFunction<byte[]> pool = pool(() -> nonces.small(any), any);
        return classes.compare(
                drawn -> {
                    key.sign(any.get());
                    return pool.apply(drawn);
                },
                key::sign);
    }

    private void keys() {
        byte[] seed = RANDOM.bytes(SoftwareKey.SEED_BYTES);
        line("control: random keys, random keys", keys(() -> SoftwareKey.generate(RANDOM)));
        line("signature: one key, random keys", keys(() -> SoftwareKey.ofSeed(seed)));
    }

    private Welch.Found keys(Supplier<SoftwareKey> first) {
        byte[] message = RANDOM.bytes(BYTES);
        IntFunction<SoftwareKey> pool = pool(first, () -> SoftwareKey.generate(RANDOM));
        return classes.compare(
                drawn -> {
                    SoftwareKey key = pool.apply(drawn);
                    key.sign(RANDOM.bytes(BYTES));
                    return key;
                },
                key -> key.sign(message));
    }

    /** As many of the one class as of the other, made in turn before anything is timed, so that neither is nearer at hand; one of them at a time. */
    private static <T> IntFunction<T> pool(Supplier<T> first, Supplier<T> second) {
        List<T> both = new ArrayList<>();
        for (int i = 0; i < POOL; i++) {
            both.add(first.get());
            both.add(second.get());
        }
        Random random = new Random();
        return drawn -> both.get(2 * random.nextInt(POOL) + drawn);
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
        byte[] seed = RANDOM.bytes(SoftwareKey.SEED_BYTES);
        String passphrase = text();
        try (Site site = Site.fresh()) {
            Files.writeString(site.folder().resolve("typed"), passphrase + "\n");
            run(site, "signer", "init", "--custody", "software");
            run(site, "signer", "make", "hers", "--user", "nobody", "--unlock-fd", "3");
            Path folder = site.home().resolve("signer");
            keep(folder, passphrase, seed);
            try (ManagedProcess serving = start(site, "signer", "serve", "--unlock-fd", "3", "--json")) {
                serving.awaitLine(line -> line.contains("socket"), Site.READY);
                overSocket(folder.resolve("signer.sock"), new Nonces(seed));
            }
        }
    }

    /** A key whose seed this process knows, to tell its nonces. */
    private static void keep(Path folder, String passphrase, byte[] seed) throws IOException {
        RandomSource known = bytes -> System.arraycopy(
                bytes.length == seed.length ? seed : RANDOM.bytes(bytes.length), 0, bytes, 0, bytes.length);
        try (Custody custody =
                SoftwareCustody.in(folder.resolve("keys"), passphrase::toCharArray, PassphraseSeal.Cost.LIGHT, known)) {
            custody.make("mine", Suite.ED25519_2026).close();
        }
        SignerRule rule = new SignerRule(
                "mine",
                "local/" + "a".repeat(26),
                Set.of(System.getProperty("user.name")),
                SignerRule.KINDS,
                SignerRule.PER_MINUTE_MAX);
        Files.write(
                Files.createFile(
                        folder.resolve("rules/mine.json"),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
                rule.bytes());
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

    private void overSocket(Path socket, Nonces nonces) {
        SignerKey.About about = SignerKey.about(socket, "mine", TIME);
        TwoClasses asked = new TwoClasses(ASKED);
        SignerKey mine = SignerKey.of(socket, "mine", about.key(), TIME);
        Supplier<byte[]> any = () -> session(about);
        line(
                "signer: records with a small nonce, with any",
                asked.compare(pool(() -> nonces.small(any), any), record -> untilAnswered(() -> mine.sign(record))));
        line(
                "signer: a key of another user, a name without a key",
                asked.compare(drawn -> drawn == 0 ? "hers" : "none", name -> refused(socket, name)));
        byte[] record = session(about);
        line(
                "signer: another's key asked to sign, a name without a key",
                asked.compare(
                        drawn -> SignerKey.of(socket, drawn == 0 ? "hers" : "none", about.key(), TIME),
                        key -> refused(() -> key.sign(record))));
    }

    private static void refused(Path socket, String name) {
        refused(() -> SignerKey.about(socket, name, TIME));
    }

    private static void refused(Runnable asked) {
        try {
            untilAnswered(asked);
            throw new IllegalStateException("it was allowed");
        } catch (CustodyException e) {
            if (e.code() != CustodyCode.DENIED) {
                throw e;
            }
        }
    }

    /** A user has few connections at once, and on a busy machine the signer has not seen yet that the last ones were closed. */
    private static void untilAnswered(Runnable asked) {
        while (true) {
            try {
                asked.run();
                return;
            } catch (CustodyException e) {
                if (e.code() != CustodyCode.MISSING) {
                    throw e;
                }
            }
        }
    }

    /** A session record of the signer's key, another each time. */
    private static byte[] session(SignerKey.About about) {
        RecordId seen = new RecordId(Hash.ofBytes(RANDOM.bytes(Hash.BYTES)));
        RegistryFacts.Session facts = new RegistryFacts.Session(
                about.key().text(),
                about.key().text(),
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
}
