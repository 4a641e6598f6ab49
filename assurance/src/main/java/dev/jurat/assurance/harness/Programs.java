package dev.jurat.assurance.harness;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Command lines of our own programs: through the launcher that the system property {@code jurat.assurance.launcher} names, or else on the
 * class path of this process with the launcher's options.
 */
public final class Programs {
    private static final Pattern WRAPPER_JARS = Pattern.compile(
            ".*/((gateway|sdk|proof)/target/[^/]+|jurat-(gateway|sdk|proof)-[^/]+|bcprov-[^/]+|jackson-core-3[^/]+)");

    private static final String MAIN = "dev.jurat.app.cli.Main";
    private static final String WRAP = "dev.jurat.gateway.mcp.Wrap";
    private static final Map<String, Optional<Path>> CACHES = new ConcurrentHashMap<>();

    private Programs() {}

    /** The command line of {@code jurat} with these arguments. */
    public static List<String> jurat(List<String> arguments) {
        String launcher = System.getProperty("jurat.assurance.launcher");
        if (launcher != null) {
            List<String> command = new ArrayList<>(List.of(launcher));
            command.addAll(arguments);
            return command;
        }
        List<String> command = java(commandPath(), List.of("-Xmx512m"), MAIN, "warm-up");
        command.add(MAIN);
        command.addAll(arguments);
        return command;
    }

    /** The packaged jars where there are any, since only a path of jars can have a start-up cache; else all that is on the class path. */
    private static String commandPath() {
        String all = System.getProperty("java.class.path");
        List<String> jars = Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> Files.isRegularFile(Path.of(entry)))
                .toList();
        boolean packaged = jars.stream().anyMatch(jar -> jar.contains("jurat-app-"));
        return packaged ? String.join(File.pathSeparator, jars) : all;
    }

    /** The command line of {@code jurat} with these arguments. */
    public static List<String> jurat(String... arguments) {
        return jurat(List.of(arguments));
    }

    /** The command line of the MCP wrapper, which sees gateway, sdk and proof alone. */
    public static List<String> wrap(List<String> arguments) {
        if (System.getProperty("jurat.assurance.launcher") != null) {
            List<String> command = new ArrayList<>(List.of("mcp", "wrap"));
            command.addAll(arguments);
            return jurat(command);
        }
        List<String> jars = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (WRAPPER_JARS.matcher(entry).matches()) {
                jars.add(entry);
            }
        }
        List<String> options = List.of("-Xmx96m", "-XX:+ExitOnOutOfMemoryError");
        List<String> command = java(String.join(File.pathSeparator, jars), options, WRAP, "--warm-up");
        command.add(WRAP);
        command.addAll(arguments);
        return command;
    }

    /** The command line of a class of this module that needs the JDK alone. */
    public static List<String> own(Class<?> main, List<String> arguments) {
        List<String> command = java(System.getProperty("java.class.path"), List.of("-Xmx64m"));
        command.add(main.getName());
        command.addAll(arguments);
        return command;
    }

    /** With a start-up cache, as the launcher has one. */
    private static List<String> java(String classPath, List<String> options, String main, String warmUp) {
        List<String> all = new ArrayList<>(options);
        CACHES.computeIfAbsent(classPath, path -> StartUpCache.train(java(path, List.of()), main, warmUp))
                .ifPresent(cache -> all.add("-XX:AOTCache=" + cache));
        return java(classPath, all);
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
