package dev.jurat.assurance.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Command lines of our own programs: through the launcher that the system property {@code jurat.assurance.launcher} names, or else with what
 * the launcher of a {@linkplain Clone#shared() clone} has put together, class paths and start-up caches, but without the launcher's search
 * for a JDK and for changes of the sources.
 */
public final class Programs {
    private static final Set<String> LONG = Set.of("up", "demo", "verify", "bundle");

    private Programs() {}

    /** The command line of {@code jurat} with these arguments. */
    public static List<String> jurat(List<String> arguments) throws IOException {
        String launcher = System.getProperty("jurat.assurance.launcher");
        if (launcher != null) {
            List<String> command = new ArrayList<>(List.of(launcher));
            command.addAll(arguments);
            return command;
        }
        boolean isLong = !arguments.isEmpty() && LONG.contains(arguments.getFirst());
        List<String> command = installed("cli", isLong ? "cli" : "short", List.of("-Xmx512m"));
        command.add("dev.jurat.app.cli.Main");
        command.addAll(arguments);
        return command;
    }

    /** The command line of {@code jurat} with these arguments. */
    public static List<String> jurat(String... arguments) throws IOException {
        return jurat(List.of(arguments));
    }

    /** The command line of the MCP wrapper, which sees gateway, sdk and proof alone. */
    public static List<String> wrap(List<String> arguments) throws IOException {
        if (System.getProperty("jurat.assurance.launcher") != null) {
            List<String> command = new ArrayList<>(List.of("mcp", "wrap"));
            command.addAll(arguments);
            return jurat(command);
        }
        List<String> command = installed(
                "wrap", "wrap", List.of("-Xmx96m", "-XX:+ExitOnOutOfMemoryError", "-XX:+DisplayVMOutputToStderr"));
        command.add("dev.jurat.gateway.mcp.Wrap");
        command.addAll(arguments);
        return command;
    }

    private static List<String> installed(String classPath, String cache, List<String> options) throws IOException {
        Path installed = Clone.shared().installed();
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of("-Xlog:disable", "-Xlog:all=error:stderr"));
        all.add("-XX:AOTCache=" + installed.resolve(cache + ".aot"));
        return java(Files.readString(installed.resolve(classPath + ".path")), all);
    }

    /** The command line of a class of this module that needs the JDK alone. */
    public static List<String> own(Class<?> main, List<String> arguments) {
        List<String> command = java(System.getProperty("java.class.path"), List.of("-Xmx64m"));
        command.add(main.getName());
        command.addAll(arguments);
        return command;
    }

    private static List<String> java(String classPath, List<String> options) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
        command.add("-Djurat.root=" + System.getProperty("jurat.root", "."));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath));
        return command;
    }
}
