package dev.jurat.assurance.bench;

import dev.jurat.testkit.npm.NpmPackages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs all measurements, or those that are named: {@code start}, {@code calls}, {@code appends}. {@code --calls N} sets how many calls a
 * series has (default 1000).
 */
public final class Bench {
    private static final List<String> ALL = List.of("start", "appends", "calls");

    private Bench() {}

    public static void main(String[] args) throws IOException {
        int calls = 1000;
        List<String> wanted = new java.util.ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--calls")) {
                calls = Integer.parseInt(args[++i]);
            } else {
                wanted.add(args[i]);
            }
        }
        NpmPackages npm =
                NpmPackages.find().orElseThrow(() -> new IOException("the measurements need npm's filesystem server"));
        Path script = npm.file("@modelcontextprotocol/server-filesystem", "dist/index.js");
        Report report = new Report(System.out);
        for (String part : wanted.isEmpty() ? ALL : wanted) {
            switch (part) {
                case "start" -> {
                    Path folder = Files.createTempDirectory("jurat-bench");
                    new StartUp(report).run(StartUp.filesystem(script, folder));
                    Files.delete(folder);
                }
                case "appends" -> new Appends(report).run();
                case "calls" -> new CallCost(report, script, calls).run();
                default -> throw new IOException("no measurement " + part + "; there are " + ALL);
            }
        }
        System.exit(0);
    }
}
