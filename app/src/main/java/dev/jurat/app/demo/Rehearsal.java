package dev.jurat.app.demo;

import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An agent that works through a real wrapper on a real server, so that start-up caches know the code which calls run through. */
public final class Rehearsal {
    /** To the end of a wrapper that puts its own start-up cache together then. */
    private static final long SECONDS_MAX = 120;

    private Rehearsal() {}

    /**
     * Makes calls, and ends the wrapper.
     *
     * @param home the wrapper's home, with the node's data in it
     * @param wrapper the command that starts a wrapper, without its arguments
     * @param profile the name of the tool profile that reads the calls
     * @throws IOException if a call gets no answer, or an error for one
     */
    public static void run(Path home, List<String> wrapper, String profile, int calls)
            throws IOException, InterruptedException {
        Path files = Files.createDirectory(home.resolve("files")).toRealPath();
        List<String> line = new ArrayList<>(wrapper);
        line.addAll(List.of("--observe", "--agent", "warm-up", "--root", files.toString(), "--profile", profile, "--"));
        line.addAll(FileServer.bundled().serving(files));
        Process process = new Launch(home, home.resolve("data"))
                .process(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (McpSession agent = new McpSession(process)) {
            for (int call = 0; call < calls; call++) {
                McpSession.Answer answer = agent.call("write_file", write(files, call));
                if (answer.error()) {
                    throw new IOException(answer.text());
                }
            }
            process.getOutputStream().close();
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new IOException("the wrapper did not end");
            }
        }
    }

    private static Json.Obj write(Path files, int call) {
        return JsonBuilder.object()
                .put("content", "call " + call)
                .put("path", files.resolve(call + ".txt").toString())
                .build();
    }
}
