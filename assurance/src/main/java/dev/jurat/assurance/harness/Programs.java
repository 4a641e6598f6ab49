package dev.jurat.assurance.harness;

import dev.jurat.testkit.ClassPaths;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Command lines of our own programs: through the launcher that the system property {@code jurat.assurance.launcher} names, or else on the
 * class path of this process with the launcher's options.
 */
public final class Programs {
    private static final Pattern WRAPPER_JARS = Pattern.compile(
            ".*/((gateway|sdk|proof)/target/[^/]+|jurat-(gateway|sdk|proof)-[^/]+|bcprov-[^/]+|jackson-core-3[^/]+)");

    private Programs() {}

    /** The command line of {@code jurat} with these arguments. */
    public static List<String> jurat(List<String> arguments) {
        String launcher = System.getProperty("jurat.assurance.launcher");
        if (launcher != null) {
            List<String> command = new ArrayList<>(List.of(launcher));
            command.addAll(arguments);
            return command;
        }
        List<String> command = java(System.getProperty("java.class.path"), List.of("-Xmx512m"));
        command.add("dev.jurat.app.cli.Main");
        command.addAll(arguments);
        return command;
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
        List<String> command =
                java(String.join(File.pathSeparator, jars), List.of("-Xmx96m", "-XX:+ExitOnOutOfMemoryError"));
        command.add("dev.jurat.gateway.mcp.Wrap");
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

    private static List<String> java(String classPath, List<String> options) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
        command.add("-Djurat.root=" + System.getProperty("jurat.root", "."));
        command.addAll(options);
        command.addAll(List.of("-cp", ClassPaths.launched(classPath)));
        return command;
    }
}
