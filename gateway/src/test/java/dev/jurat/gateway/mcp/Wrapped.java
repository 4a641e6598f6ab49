package dev.jurat.gateway.mcp;

import dev.jurat.proof.record.SignerType;
import dev.jurat.sdk.JuratHome;
import dev.jurat.sdk.KeyFile;
import dev.jurat.testkit.World;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A wrapper as a process of its own, and the client's end of it. */
final class Wrapped implements AutoCloseable {
    private final Process process;
    private final OutputStream in;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private Wrapped(Process process) {
        this.process = process;
        this.in = process.getOutputStream();
        Thread.ofVirtual().start(this::read);
    }

    /** A home whose agent and point are the ones that a claimed world knows. */
    static JuratHome enrolled(Path folder) throws IOException {
        JuratHome home = new JuratHome(folder);
        new KeyFile(World.principal("agent", SignerType.AGENT), SignerType.AGENT, World.key("agent"))
                .write(home.agentKey("agent"));
        new KeyFile(World.principal("point", SignerType.SERVICE), SignerType.SERVICE, World.key("point"))
                .write(home.pointKey());
        return home;
    }

    static Wrapped start(JuratHome home, Path socket, List<String> options, List<String> server) throws IOException {
        return start(WrapProgram.command(), home, socket, options, server);
    }

    static Wrapped start(List<String> program, JuratHome home, Path socket, List<String> options, List<String> server)
            throws IOException {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of("--agent", "agent", "--socket", socket.toString()));
        command.addAll(options);
        command.add("--");
        command.addAll(server);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("JURAT_HOME", home.folder().toString());
        return new Wrapped(builder.start());
    }

    private void read() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String line;
            while ((line = out.readLine()) != null) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("");
        }
    }

    void send(String line) throws IOException {
        in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    /** The next line; an error if none comes within the time. */
    String next(int seconds) throws InterruptedException {
        String line = lines.poll(seconds, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("no line within " + seconds + " s");
        }
        return line;
    }

    /** The answer to a request with this id; others that come before it are passed over. */
    String answer(int id) throws InterruptedException {
        while (true) {
            String line = next(40);
            if (line.contains("\"id\":" + id + ",") || line.endsWith("\"id\":" + id + "}")) {
                return line;
            }
        }
    }

    void handshake() throws IOException, InterruptedException {
        send(
                "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"test\",\"version\":\"1\"}}}");
        answer(0);
        send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
    }

    void call(int id, String tool, String arguments) throws IOException {
        send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                + "\",\"arguments\":" + arguments + "}}");
    }

    Process process() {
        return process;
    }

    /** Ends the input and waits for the wrapper to end by itself. */
    int end() throws IOException, InterruptedException {
        in.close();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("the wrapper does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
