package dev.jurat.assurance.secrets;

import dev.jurat.app.keys.PersonKeys;
import dev.jurat.app.keys.SealedKey;
import dev.jurat.assurance.endtoend.Servers;
import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.DumpAgent;
import dev.jurat.assurance.harness.LogReader;
import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Programs;
import dev.jurat.assurance.harness.SecretForms;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.SoftToken;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.custody.PassphraseSeal;
import dev.jurat.custody.Secret;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.sdk.Identity;
import dev.jurat.sdk.KeyFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A node that somebody claimed, an agent whose key is in a file, agents whose keys a signer has, in files and in a token, and a wrapper at work for
 * each: every process can be asked for a dump of its heap. Whatever was typed or made is known here.
 */
final class KeyStage implements AutoCloseable {
    static final String WORDS = "words that open the keeper";
    private static final List<String> NODES = List.of("record", "checkpoint", "governor", "broker");

    final Site site;
    final ManagedProcess node;
    final ManagedProcess signer;
    final StdioClient local;
    final StdioClient remote;
    final Optional<ManagedProcess> tokenSigner;
    private final Optional<SoftToken> token;
    private final StringBuilder said = new StringBuilder();
    private final Watch watch;

    /** What stood in arguments and variables of processes that name this stage, looked at again and again. */
    private static final class Watch implements AutoCloseable {
        private final Map<String, byte[]> seen = new HashMap<>();
        private final Thread thread;
        private volatile boolean ended;

        Watch(Site site) {
            thread = Thread.ofPlatform().daemon().start(() -> {
                while (!ended) {
                    look(site);
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                }
            });
        }

        private synchronized void look(Site site) {
            for (ProcessHandle process : site.strays()) {
                for (String file : List.of("cmdline", "environ")) {
                    try {
                        Path path = Path.of("/proc", Long.toString(process.pid()), file);
                        seen.put(path.toString(), Files.readAllBytes(path));
                    } catch (IOException e) {
                        // It has ended, or does not show it.
                    }
                }
            }
        }

        synchronized Map<String, byte[]> seen() {
            return Map.copyOf(seen);
        }

        @Override
        public void close() {
            ended = true;
        }
    }

    KeyStage(Path typed) throws IOException {
        site = Site.fresh();
        // Its maker takes the PIN as an argument.
        token = SoftToken.in(Files.createDirectories(site.folder().resolve("hsm")));
        watch = new Watch(site);
        node = site.upWithDumps(dumps());
        signer = signer("keeper", typed, WORDS, Map.of(), "--custody", "software");
        tokenSigner = token.isPresent() ? Optional.of(signer(typed, token.get())) : Optional.empty();
        local = wrapped("local");
        remote = wrapped("remote-keeper");
        if (token.isPresent()) {
            wrapped("remote-hsm-keeper");
        }
        site.claim("ann");
    }

    private ManagedProcess signer(Path typed, SoftToken made) throws IOException {
        return signer(
                "hsm-keeper",
                typed,
                made.pin(),
                made.environment(),
                "--custody",
                "pkcs11",
                "--module",
                made.module().toString(),
                "--token",
                made.label());
    }

    Path dumps() {
        return site.folder().resolve("dumps");
    }

    private ManagedProcess signer(String name, Path typed, String words, Map<String, String> more, String... custody)
            throws IOException {
        Map<String, String> environment = new HashMap<>(site.environment());
        environment.putAll(more);
        environment.putAll(DumpAgent.environment(dumps()));
        Path input = Files.writeString(typed.resolve(name), words + "\n");
        String dir = site.folder().resolve(name).toString();
        List<String> init = new ArrayList<>(List.of("signer", "init", "--dir", dir));
        init.addAll(List.of(custody));
        ran(input, environment, init);
        String me = System.getProperty("user.name");
        ran(input, environment, List.of("signer", "make", "reports", "--user", me, "--dir", dir, "--unlock-fd", "3"));
        ManagedProcess serving =
                site.keep(start(input, environment, List.of("signer", "serve", "--dir", dir, "--unlock-fd", "3")));
        serving.awaitLine(line -> line.contains("socket"), Site.READY);
        String socket = Path.of(dir, "signer.sock").toString();
        ran(input, environment, List.of("signer", "use", "reports", "--agent", "remote-" + name, "--signer", socket));
        return serving;
    }

    private ManagedProcess start(Path input, Map<String, String> environment, List<String> words) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" 3<" + input, "sh"));
        command.addAll(Programs.jurat(words));
        return ManagedProcess.start(command, site.folder(), environment);
    }

    private void ran(Path input, Map<String, String> environment, List<String> words) throws IOException {
        try (ManagedProcess process = start(input, environment, words)) {
            if (process.exit(Site.READY) != 0) {
                throw new IOException(words + ": " + process.output() + process.errors());
            }
            said.append(process.output()).append(process.errors());
        }
    }

    private StdioClient wrapped(String agent) throws IOException {
        Map<String, String> environment = new HashMap<>(site.environment());
        environment.putAll(DumpAgent.environment(dumps()));
        List<String> command = Site.wrapCommand(
                agent, List.of("--observe"), CountingServer.command(site.files().resolve("counter-" + agent)));
        StdioClient client = site.keep(StdioClient.start(command, site.folder(), environment));
        Servers.ready(client);
        for (int i = 0; i < 5; i++) {
            client.call("count", "{\"word\":\"word-" + i + "\"}", Servers.SOON);
        }
        return client;
    }

    // ---- what is secret

    /** Every private key, passphrase and PIN. */
    Map<String, SecretForms> secrets() throws IOException {
        Map<String, SecretForms> all = new LinkedHashMap<>();
        for (Map.Entry<String, Path> one : keyFiles().entrySet()) {
            try {
                all.put(
                        one.getKey(),
                        SecretForms.ofSeed(
                                one.getKey(), KeyFile.read(one.getValue()).key().dangerouslySeed()));
            } catch (FormatException e) {
                throw new IOException(e);
            }
        }
        all.put("ann", SecretForms.ofSeed("ann", annsSeed()));
        all.put("keeper", SecretForms.ofSeed("keeper", keepersSeed()));
        all.put("words of ann", SecretForms.ofText("words of ann", Site.PASSPHRASE));
        all.put("words of the keeper", SecretForms.ofText("words of the keeper", WORDS));
        token.ifPresent(t -> all.put("PIN", SecretForms.ofText("PIN", t.pin())));
        return all;
    }

    /** Keys that lie in a file of mode 0600, each with the one file where it may be. */
    Map<String, Path> keyFiles() {
        Map<String, Path> files = new LinkedHashMap<>();
        NODES.forEach(name -> files.put(name, site.data().resolve("keys").resolve(name + ".json")));
        files.put("local", site.home().resolve("agents/local.json"));
        files.put("point", site.home().resolve("points/mcp.json"));
        return files;
    }

    private byte[] annsSeed() throws IOException {
        try {
            SealedKey sealed = SealedKey.read(Files.readAllBytes(site.home().resolve("operators/ann.json")));
            return PersonKeys.dangerouslySecret(
                    sealed.open(Site.PASSPHRASE.toCharArray()).orElseThrow());
        } catch (FormatException e) {
            throw new IOException(e);
        }
    }

    /** The software signer's key, out of its file by its passphrase. */
    private byte[] keepersSeed() throws IOException {
        try {
            Json.Obj file =
                    CanonicalJson.readObject(Files.readAllBytes(site.folder().resolve("keeper/keys/reports.key")));
            NavigableMap<String, Json> open = new TreeMap<>(file.members());
            open.remove("sealed");
            PassphraseSeal seal = new PassphraseSeal(
                    PassphraseSeal.Cost.of(text(file, "kdf")).orElseThrow(),
                    Base64Text.decode(text(file, "salt")),
                    Base64Text.decode(text(file, "nonce")));
            byte[] seed = seal.open(
                            Secret.of(WORDS::toCharArray),
                            Base64Text.decode(text(file, "sealed")),
                            CanonicalJson.write(new Json.Obj(open)))
                    .orElseThrow();
            if (!SoftwareKey.ofSeed(seed).verifyKey().equals(identity("remote-keeper"))) {
                throw new IOException("the key in the file is not the one that signs");
            }
            return seed;
        } catch (FormatException e) {
            throw new IOException(e);
        }
    }

    private static String text(Json.Obj object, String name) {
        return ((Json.Str) object.members().get(name)).value();
    }

    /** The public half of an agent's identity key. */
    VerifyKey identity(String agent) throws IOException {
        try {
            return Identity.read(site.home().resolve("agents").resolve(agent + ".json"))
                    .key()
                    .verifyKey();
        } catch (FormatException e) {
            throw new IOException(e);
        }
    }

    /** The public keys of all sessions that the log has. */
    List<byte[]> sessionKeys() throws IOException {
        List<byte[]> keys = new ArrayList<>();
        try {
            for (byte[] leaf : leaves()) {
                if (SignedRecord.ofLeaf(leaf).statement().facts() instanceof RegistryFacts.Session session) {
                    keys.add(Base64Text.decode(session.key()));
                }
            }
        } catch (FormatException e) {
            throw new IOException(e);
        }
        return keys;
    }

    private List<byte[]> leaves() throws IOException {
        try (LogReader reader = new LogReader(site.logAddress())) {
            return reader.leaves(reader.checkpoint().size().value());
        }
    }

    // ---- where it could be

    /** What processes said, what their arguments and variables were, and all records with all bodies, by where it stood. */
    Map<String, byte[]> spoken() throws IOException {
        Map<String, byte[]> all = new HashMap<>(watch.seen());
        List<ManagedProcess> processes = new ArrayList<>(List.of(node, signer, local.process(), remote.process()));
        tokenSigner.ifPresent(processes::add);
        for (ManagedProcess process : processes) {
            all.put("said by " + process.pid(), (process.output() + process.errors()).getBytes(StandardCharsets.UTF_8));
        }
        all.put("said by commands", said.toString().getBytes(StandardCharsets.UTF_8));
        int index = 0;
        for (byte[] leaf : leaves()) {
            all.put("leaf " + index++, leaf);
        }
        Path bundle = site.folder().resolve("all.jurat");
        Files.deleteIfExists(bundle);
        site.json("bundle", "export", "--all", "--data", site.data().toString(), "--out", bundle.toString());
        return all;
    }

    /** Every file: data, logs, homes, signers, temporary files. */
    List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(site.folder())) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    byte[] heap(ManagedProcess process) throws IOException {
        return DumpAgent.dump(dumps(), process.pid());
    }

    @Override
    public void close() throws IOException {
        watch.close();
        site.close();
    }
}
