package dev.jurat.app.demo;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command lines of Jurat's own processes: through the launcher where it started this one, else through this JVM's class path.
 *
 * @param home the folder that {@code JURAT_HOME} names for them
 * @param data the node's data folder
 */
record Launch(Path home, Path data) {
    /** A command of the command line. */
    List<String> jurat(String... arguments) {
        return line("dev.jurat.app.cli.Main", List.of(), arguments);
    }

    /** The wrapper, with these arguments. */
    List<String> wrapper(List<String> arguments) {
        return line("dev.jurat.gateway.mcp.Wrap", List.of("mcp", "wrap"), arguments.toArray(String[]::new));
    }

    private static List<String> line(String main, List<String> words, String... arguments) {
        List<String> line = new ArrayList<>();
        String launcher = System.getProperty("jurat.launcher", "");
        if (launcher.isEmpty()) {
            line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            line.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
            line.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        } else {
            line.add(launcher);
            line.addAll(words);
        }
        line.addAll(List.of(arguments));
        return line;
    }

    /** A process that knows this home and inherits nothing that tells it another one. */
    ProcessBuilder process(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JURAT_HOME", home.toString());
        builder.directory(new File(home.toString()));
        return builder;
    }
}
