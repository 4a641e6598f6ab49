package dev.jurat.app.demo;

import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base32;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.JuratHome;
import dev.jurat.sdk.NodeException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The tour: an agent works through Jurat on a real MCP server over a real folder, observed, allowed, refused, approved, too late; then its
 * proof is exported, checked without the node, and tampered with.
 *
 * <p>Every part is a process of its own, started as a user would start it. Ends what it started.
 */
public final class Demo {
    /** The file beside the home with what opens its keys. */
    public static final String PASSPHRASES = "passphrases.txt";

    private static final String AGENT = "helper";
    private static final String PERSON = "ada";
    private static final Duration NODE_START_MAX = Duration.ofSeconds(60);
    private static final long HASTY_MILLIS = 3_000;

    private final Path out;
    private final Path folder;
    private final Path home;
    private final Path data;
    private final Launch launch;
    private final Story story;
    private final String passphrase;
    private final PseudoTerminal terminal;
    private final List<Process> children = new ArrayList<>();

    private Demo(Path out, Story story) throws IOException {
        this.out = out;
        this.folder = out.resolve("folder");
        this.home = out.resolve("home");
        this.data = out.resolve("data");
        this.story = story;
        this.launch = new Launch(home, data);
        this.passphrase = Base32.encode(RandomSource.secure().bytes(10));
        this.terminal = new PseudoTerminal(launch, passphrase);
    }

    /**
     * Runs the tour and leaves {@code bundle.jurat}, {@code trust.json}, {@code data} and {@code summary.json} in {@code out}, and {@code home} and
     * {@code passphrases.txt}, with which its node can be gone on with.
     *
     * @param npm whether npm's server may be used
     * @return whether everything went as told
     * @throws DemoException where it cannot go on, with what is missing
     */
    public static boolean run(Path out, boolean npm, PrintStream print, boolean colours) throws DemoException {
        Story story = new Story(print, colours);
        try {
            JuratHome.makePrivate(out);
            if (Files.exists(out.resolve("data")) || Files.exists(out.resolve("home"))) {
                throw new DemoException(DemoException.FOLDER_USED, out + " holds an earlier run", null);
            }
            if (!PseudoTerminal.isHere()) {
                throw new DemoException(
                        DemoException.SCRIPT_MISSING,
                        "script(1), by which the tour types passphrases at a terminal, is not in PATH",
                        null);
            }
            Demo demo = new Demo(out, story);
            try {
                demo.tell(npm);
            } finally {
                demo.end();
            }
            story.write(out.resolve("summary.json"));
            demo.whatNext();
            return story.asExpected();
        } catch (IOException e) {
            throw new DemoException("the tour broke off: " + e.getMessage(), e);
        } catch (NodeException e) {
            throw new DemoException("the node does not answer: " + e.getMessage(), e);
        } catch (FormatException e) {
            throw new DemoException("an answer of the node cannot be read: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoException("interrupted", e);
        }
    }

    private void tell(boolean npm)
            throws IOException, InterruptedException, DemoException, NodeException, FormatException {
        JuratHome.makePrivate(home);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("notes.txt"), "Invoice 17 is due on Friday.\n");
        story.heading("Jurat: no execution without proof");
        story.say("An agent speaks MCP to a file server. Neither knows of Jurat. Everything below is real:\n"
                + "processes, files, signatures, and a log on this disk.");
        FileServer server = server(npm);
        story.say("MCP server: " + server.origin() + "\nIts folder: " + folder);
        try (JuratClient node = startNode()) {
            observed(node, server);
            claimed(node, server);
            allowedAndRefused(node, server);
            approvedAndExpired(node, server);
            proven(node);
        }
    }

    private FileServer server(boolean npm) throws InterruptedException {
        Optional<FileServer> fetched = npm ? FileServer.npm(FileServer.cache(), story) : Optional.empty();
        if (fetched.isEmpty()) {
            story.say((npm ? "npm, Node.js or the package cannot be had here; " : "") + "using "
                    + FileServer.bundled().origin() + ".");
        }
        return fetched.orElseGet(FileServer::bundled);
    }

    // ---- 1

    private JuratClient startNode() throws IOException, InterruptedException, NodeException, DemoException {
        story.heading("1. A node starts, with nobody in charge yet");
        List<String> up = launch.jurat("up", "--home", home.toString(), "--data", data.toString());
        Process process = launch.process(up)
                .redirectErrorStream(true)
                .redirectOutput(out.resolve("node.log").toFile())
                .redirectInput(new File("/dev/null"))
                .start();
        children.add(process);
        long end = System.nanoTime() + NODE_START_MAX.toNanos();
        Path socket = data.resolve("node.sock");
        while (!Files.exists(socket) && System.nanoTime() - end < 0 && process.isAlive()) {
            Thread.sleep(20);
        }
        if (!Files.exists(socket)) {
            throw new DemoException("the node did not start: "
                    + Files.readString(out.resolve("node.log")).strip());
        }
        JuratClient node = new JuratClient(socket, Duration.ofSeconds(20));
        story.step(
                "node",
                "unclaimed",
                node.head().claimed() ? "claimed" : "unclaimed",
                "one process, one folder: " + data + "; unclaimed, so it only observes");
        return node;
    }

    private void observed(JuratClient node, FileServer server)
            throws IOException, InterruptedException, NodeException, FormatException {
        story.heading("2. Observed: one command puts a server behind Jurat");
        story.say("jurat mcp wrap --agent " + AGENT + " --observe -- " + shown(server));
        try (McpSession agent = wrap(server, "--observe")) {
            McpSession.Answer answer = agent.call("read_text_file", path("notes.txt"));
            story.say("the agent reads notes.txt: “" + answer.text().strip() + "”");
        }
        story.step(
                "observed",
                "observed",
                latest(node, "decision"),
                "the call passed, and the record says that nothing was enforced");
    }

    // ---- 3

    private void claimed(JuratClient node, FileServer server)
            throws IOException, InterruptedException, NodeException, DemoException {
        story.heading("3. A person claims the node, and a policy decides from now on");
        story.say(
                "The key is sealed by a passphrase typed at a terminal (here a pseudo-terminal); no argument and no variable holds it.");
        PrivateFiles.write(out.resolve(PASSPHRASES), passphrases().getBytes(StandardCharsets.UTF_8));
        operator("operator", "enroll", "--name", PERSON);
        story.step(
                "claimed",
                "claimed",
                node.head().claimed() ? "claimed" : "unclaimed",
                PERSON + " is the administrator, once and on record");
        if (server.isBundled()) {
            Path profile = out.resolve("bundled-files.json");
            Files.write(profile, BundledFileServer.profile());
            operator("profile", "publish", profile.toString());
        }
        operator("policy", "publish", "starter@v1");
        operator("agent", "confirm", AGENT);
        operator("agent", "confirm", "point");
        story.say("starter@v1 decides; " + PERSON + " has accepted the agent and its enforcement point.");
    }

    // ---- 4

    private void allowedAndRefused(JuratClient node, FileServer server)
            throws IOException, InterruptedException, NodeException, FormatException {
        story.heading("4. Allowed, and refused");
        try (McpSession agent = wrap(server)) {
            McpSession.Answer read = agent.call("read_text_file", path("notes.txt"));
            story.step(
                    "allowed",
                    "success",
                    read.error() ? "refused: " + read.text() : latest(node, "outcome"),
                    "reading inside the folder: intent, context, decision, contract and identity in one commit, the use in a second");
            McpSession.Answer write =
                    agent.call("write_file", path("reply.txt").with("content", Json.of("Will pay on Thursday.\n")));
            story.step(
                    "written",
                    "written",
                    !write.error() && Files.exists(folder.resolve("reply.txt"))
                            ? "written"
                            : "not written: " + write.text(),
                    "writing inside the folder: a contract for exactly this call, once");
            McpSession.Answer outside = agent.call(
                    "write_file",
                    JsonBuilder.object()
                            .put("content", "oops")
                            .put("path", folder + "/../outside.txt")
                            .build());
            boolean there = Files.exists(out.resolve("outside.txt"));
            story.step(
                    "refused",
                    "refused",
                    outside.error() && !there ? "refused" : "let through",
                    "writing to ../outside.txt never reaches the server");
            story.say("the model is told: “" + outside.text().strip() + "”");
        }
    }

    // ---- 5 and 6

    private void approvedAndExpired(JuratClient node, FileServer server)
            throws IOException, InterruptedException, NodeException, FormatException {
        story.heading("5. Approved by a person");
        publish("careful@v1", "10m");
        story.say("careful@v1 decides now: each write waits for a person, whose word holds for ten minutes.");
        try (McpSession agent = wrap(server, "--hold", "55")) {
            Json.Obj arguments = path("payment.txt").with("content", Json.of("Pay invoice 17.\n"));
            CompletableFuture<String> call = agent.start("write_file", arguments);
            String decision = pending(node);
            story.say("the call is held; " + PERSON + " sees it:  jurat approve " + decision.substring(0, 12));
            operator("approve", decision, "--reason", "agreed with accounting");
            McpSession.Answer answer = agent.await(call);
            story.step(
                    "approved",
                    "written",
                    !answer.error() && Files.exists(folder.resolve("payment.txt"))
                            ? "written"
                            : "not written: " + answer.text(),
                    "the approval is over exactly these bytes, and the call went out once");
        }
        story.heading("6. Too late");
        publish("careful@v2", HASTY_MILLIS / 1_000 + "s");
        story.say("careful@v2: the person's word holds for three seconds.");
        try (McpSession agent = wrap(server, "--hold", "1")) {
            Json.Obj arguments = path("second.txt").with("content", Json.of("Pay invoice 18.\n"));
            McpSession.Answer first = agent.call("write_file", arguments);
            story.say("the model is told: “" + first.text().strip() + "”");
            operator("approve", pending(node), "--reason", "fine, if it is now");
            Thread.sleep(HASTY_MILLIS + 1_500);
            McpSession.Answer late = agent.call("write_file", arguments);
            boolean there = Files.exists(folder.resolve("second.txt"));
            story.step(
                    "expired",
                    "refused",
                    late.error() && !there ? "refused" : "let through",
                    "the approved contract ran out unused; the same call waits for a person anew");
            story.say("the model is told: “" + late.text().strip() + "”");
        }
    }

    private void publish(String name, String window) throws IOException, InterruptedException {
        Path policy = out.resolve(name + ".cedar");
        try (InputStream text = Demo.class.getResourceAsStream("careful.cedar")) {
            String rules = new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8);
            Files.writeString(policy, rules.replace("@window(\"10m\")", "@window(\"" + window + "\")"));
        }
        operator("policy", "publish", policy.toString(), "--name", name);
    }

    // ---- 7

    private void proven(JuratClient node) throws IOException, InterruptedException, NodeException, FormatException {
        story.heading("7. Proof, for somebody who trusts none of this");
        Path trust = out.resolve("trust.json");
        Path bundle = out.resolve("bundle.jurat");
        plain(launch.jurat(
                "log", "trust", "--home", home.toString(), "--data", data.toString(), "--out", trust.toString()));
        plain(launch.jurat(
                "bundle",
                "export",
                "--all",
                "--home",
                home.toString(),
                "--data",
                data.toString(),
                "--out",
                bundle.toString()));
        story.say(bundle + ": " + Files.size(bundle) + " bytes, " + node.head().size() + " records");
        boolean cut = cutOff();
        Checked sound = verify(trust, bundle, cut);
        story.step(
                "verified",
                "0",
                Integer.toString(sound.status()),
                "jurat verify accepts it" + (cut ? ", with the network cut off" : "")
                        + ", on the word of trust.json alone");
        Path tampered = out.resolve("tampered.jurat");
        byte[] bytes = Files.readAllBytes(bundle);
        bytes[bytes.length / 2] ^= 1;
        Files.write(tampered, bytes);
        Checked broken = verify(trust, tampered, cut);
        story.step("tampered", "1", Integer.toString(broken.status()), "one bit of a copy flipped: refused");
        story.say("the verifier says: " + firstLines(broken.text()));
    }

    private static String firstLines(String text) {
        return String.join(" ", text.strip().lines().limit(2).map(String::strip).toList());
    }

    private record Checked(int status, String text) {}

    private Checked verify(Path trust, Path bundle, boolean cut) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(cut ? List.of("unshare", "-r", "-n") : List.of());
        command.addAll(launch.jurat("verify", "--trust", trust.toString(), bundle.toString()));
        return plain(command);
    }

    /** Whether a process can be started here that has no network at all. */
    private static boolean cutOff() throws InterruptedException {
        try {
            Process process = new ProcessBuilder("unshare", "-r", "-n", "true")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    // ---- the parts

    private McpSession wrap(FileServer server, String... options) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(
                List.of("--agent", AGENT, "--socket", data.resolve("node.sock").toString()));
        arguments.addAll(List.of(options));
        arguments.add("--");
        arguments.addAll(server.serving(folder));
        Process process = launch.process(launch.wrapper(arguments))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        out.resolve("wrapper.log").toFile()))
                .start();
        children.add(process);
        return new McpSession(process);
    }

    private void operator(String... words) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("--home", home.toString(), "--data", data.toString()));
        PseudoTerminal.Said said = terminal.run(launch.jurat(arguments.toArray(String[]::new)));
        if (said.status() != 0) {
            throw new IOException("jurat " + String.join(" ", words) + " ended with " + said.status() + ": "
                    + said.text().strip());
        }
    }

    private Checked plain(List<String> command) throws IOException, InterruptedException {
        Process process = launch.process(command)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Checked(process.waitFor(), text);
    }

    private Json.Obj path(String name) {
        return JsonBuilder.object().put("path", folder.resolve(name).toString()).build();
    }

    private String shown(FileServer server) {
        return server.command().getFirst() + " … " + folder;
    }

    /** The decision that waits, once there is one. */
    private static String pending(JuratClient node)
            throws NodeException, InterruptedException, IOException, FormatException {
        for (int i = 0; i < 300; i++) {
            List<Json> waiting = Fields.of(node.get("/v1/pending"), "pending").array("pending");
            if (!waiting.isEmpty()) {
                return Fields.of(waiting.getFirst(), "pending").string("decision");
            }
            Thread.sleep(100);
        }
        throw new IOException("nothing waits for approval");
    }

    /** A member of the newest action, once the index has it; an outcome that is still awaited is waited for. */
    private static String latest(JuratClient node, String member)
            throws NodeException, InterruptedException, FormatException {
        String found = "";
        for (int i = 0; i < 200 && (found.isEmpty() || found.equals("open")); i++) {
            List<Json> actions =
                    Fields.of(node.get("/v1/search?limit=1"), "search").array("actions");
            if (!actions.isEmpty()) {
                found = Fields.of(actions.getFirst(), "action")
                        .optionalString(member)
                        .orElse("");
            }
            if (found.isEmpty() || found.equals("open")) {
                Thread.sleep(50);
            }
        }
        return found;
    }

    private void end() throws InterruptedException {
        for (Process child : children.reversed()) {
            child.destroy();
        }
        for (Process child : children) {
            if (!child.waitFor(10, TimeUnit.SECONDS)) {
                child.destroyForcibly();
            }
        }
    }

    /** A toy's: its owner can go on with what the tour leaves, and nothing else is lost with it. */
    private String passphrases() {
        return PERSON + " " + passphrase + "\n\nThis is the passphrase of the demo's only person, whose key is in "
                + home + ".\nIt opens this one toy node. A real passphrase is in no file.\n";
    }

    private void whatNext() {
        story.heading(
                story.asExpected() ? "All " + story.count() + " steps went as told." : "Not everything went as told.");
        story.say("What is left: " + out + "\n  bundle.jurat, trust.json, data, summary.json, and " + PERSON
                + "'s key in home, which passphrases.txt opens: a toy's,\n  since a real passphrase is in no file.");
        String folders = " --home " + home + " --data " + data;
        story.say("A call still waits there; go on as " + PERSON + ":\n  jurat up" + folders
                + " --background\n  jurat pending" + folders);
        story.say("Next, your own server:\n"
                + "  jurat mcp wrap --agent my-agent --observe -- npx -y YOUR-SERVER …\n"
                + "  jurat search\n"
                + "or put it into a client's configuration:  jurat mcp install --client claude NAME");
    }
}
