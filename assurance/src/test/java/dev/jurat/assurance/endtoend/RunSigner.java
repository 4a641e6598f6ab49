package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Programs;
import dev.jurat.assurance.harness.Site;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The signer of a site: its commands get their passphrase, or PIN, by a file descriptor. */
final class RunSigner {
    static final String ME = System.getProperty("user.name");

    private final Site site;
    private final Path folder;
    /** The words that name its folder, where that is not the one of its home. */
    private final List<String> where;

    private final String secret;
    private final Map<String, String> environment;

    RunSigner(Site site, String secret, Map<String, String> environment) {
        this(site, site.home().resolve("signer"), List.of(), secret, environment);
    }

    /** One of several, each with a folder of its own. */
    RunSigner(Site site, Path folder, String secret, Map<String, String> environment) {
        this(site, folder, List.of("--dir", folder.toString()), secret, environment);
    }

    private RunSigner(Site site, Path folder, List<String> where, String secret, Map<String, String> environment) {
        this.site = site;
        this.folder = folder;
        this.where = List.copyOf(where);
        this.secret = secret;
        this.environment = Map.copyOf(environment);
    }

    Path socket() {
        return folder.resolve("signer.sock");
    }

    /** The same signer as somebody starts it who has another secret, and no credentials. */
    RunSigner ofAStranger() {
        Map<String, String> variables = new HashMap<>(environment);
        variables.keySet().removeIf(name -> name.startsWith("AWS_"));
        variables.put("AWS_SHARED_CREDENTIALS_FILE", "/nowhere");
        return new RunSigner(site, folder, where, "not the words", variables);
    }

    /** Runs a command that succeeds. */
    String said(String... words) throws IOException {
        try (ManagedProcess process = start(words)) {
            assertEquals(0, process.exit(Servers.SOON), process.output() + process.errors());
            return process.output();
        }
    }

    /** Makes a key for this user; its public half. */
    String make(String name, String... more) throws Exception {
        List<String> words =
                new ArrayList<>(List.of("signer", "make", name, "--user", ME, "--unlock-fd", "3", "--json"));
        words.addAll(List.of(more));
        byte[] said = said(words.toArray(String[]::new)).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return ((Json.Str) CanonicalJson.readLoose(said).members().get("key")).value();
    }

    /** A signer that is up. */
    ManagedProcess serve() throws Exception {
        ManagedProcess signer = site.keep(start("signer", "serve", "--unlock-fd", "3"));
        signer.awaitLine(line -> line.equals("The signer is up."), Servers.SOON);
        return signer;
    }

    /** The public half in an agent's file. */
    String key(String agent) throws Exception {
        Json.Obj file = CanonicalJson.readLoose(Files.readAllBytes(file(agent)));
        return Fields.of(file, "file").string("key");
    }

    Path file(String agent) {
        return site.home().resolve("agents").resolve(agent + ".json");
    }

    /** Starts a command; of the signer's own commands, on its folder. */
    ManagedProcess start(String... words) throws IOException {
        Path typed = Files.writeString(site.folder().resolve("typed-" + folder.getFileName()), secret + "\n");
        List<String> all = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" 3<" + typed, "sh"));
        all.addAll(Programs.jurat(words));
        if (words[0].equals("signer") && !words[1].equals("use")) {
            all.addAll(where);
        }
        Map<String, String> both = new HashMap<>(site.environment());
        both.putAll(environment);
        return ManagedProcess.start(all, site.folder(), both);
    }
}
