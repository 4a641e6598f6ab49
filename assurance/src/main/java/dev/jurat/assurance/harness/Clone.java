package dev.jurat.assurance.harness;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder that looks to the launcher like a fresh clone: the launcher itself and the build's files, and in front of {@code PATH} a
 * {@code mvn} that puts there what this build has made instead of building, or fails. So the tree under test is not built over. Thread-safe.
 */
public final class Clone {
    private static final Duration LONG = Duration.ofMinutes(5);

    private static @Nullable Clone shared;

    private final Path root;
    private final Map<String, String> environment = new ConcurrentSkipListMap<>();

    private Clone(Path root) {
        this.root = root;
    }

    /** One whose {@code mvn} is a script with this last line, run in the clone. */
    public static Clone with(Path root, String mvn) throws IOException {
        Path tree = Path.of(System.getProperty("jurat.root", ".")).toAbsolutePath();
        Files.createDirectories(root.resolve("app/src/main"));
        for (String file : List.of("jurat", "pom.xml", "app/pom.xml")) {
            Files.copy(tree.resolve(file), root.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path program = Files.createDirectory(root.resolve("bin")).resolve("mvn");
        Files.writeString(program, "#!/bin/sh\necho called >>'" + root.resolve("built") + "'\n" + mvn + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Clone clone = new Clone(root);
        clone.environment.put("PATH", program.getParent() + File.pathSeparator + System.getenv("PATH"));
        clone.environment.put("JAVA_HOME", System.getProperty("java.home"));
        clone.environment.put("JURAT_HOME", root.resolve("home").toString());
        return clone;
    }

    /** One whose {@code mvn} succeeds, with the classes of this build. */
    public static Clone built(Path root) throws IOException {
        Path made = Files.createDirectories(root.resolveSibling(root.getFileName() + "-made"));
        List<String> jars = new ArrayList<>();
        Path app = made;
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path path = Path.of(entry);
            Path jar = Files.isDirectory(path) ? packed(made, path) : path;
            if (jar.getFileName().toString().startsWith("jurat-app-")) {
                app = jar;
            } else if (!jar.equals(made) && !jar.toString().contains("jurat-assurance")) {
                jars.add(jar.toString());
            }
        }
        Files.writeString(made.resolve("class-path.txt"), String.join(File.pathSeparator, jars));
        return with(
                root,
                "echo '[INFO] Building Jurat app 0.1.0'\nmkdir -p app/target && cp '" + app
                        + "' app/target/jurat-app-0.1.0.jar && cp '" + made.resolve("class-path.txt")
                        + "' app/target/class-path.txt");
    }

    /** One with the classes of this build, built and with start-up caches: made once a process, since that takes longer than most tests. */
    public static synchronized Clone shared() throws IOException {
        Clone clone = shared;
        if (clone == null) {
            Path folder = Files.createTempDirectory("jurat-clone");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            clone = built(folder.resolve("clone"));
            Site.Said said = clone.jurat("--version");
            if (said.exit() != 0 || said.err().contains("starts will be slower")) {
                throw new IOException("the launcher does not build, or not all of it: " + said.out() + said.err());
            }
            shared = clone;
        }
        return clone;
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            System.err.println("could not delete " + folder + ": " + e);
        }
    }

    /** The jar of a module's classes; the folder itself where these are a test's. */
    private static Path packed(Path made, Path classes) throws IOException {
        if (!classes.endsWith("target/classes")) {
            return made;
        }
        Path jar = made.resolve("jurat-" + classes.resolve("../..").normalize().getFileName() + "-0.1.0.jar");
        List<String> command = List.of(
                System.getProperty("java.home") + "/bin/jar", "-cf", jar.toString(), "-C", classes.toString(), ".");
        try (ManagedProcess process = ManagedProcess.start(command, made, Map.of())) {
            if (process.exit(LONG) != 0) {
                throw new IOException(process.errors());
            }
        }
        return jar;
    }

    /** A variable for everything that is run from here. */
    public Clone let(String name, String value) {
        environment.put(name, value);
        return this;
    }

    public Path launcher() {
        return root.resolve("jurat");
    }

    /** What the launcher has put together. */
    public Path installed() {
        return root.resolve("app/target/jurat");
    }

    /** How often it was built. */
    public long builds() throws IOException {
        Path built = root.resolve("built");
        return Files.exists(built) ? Files.readAllLines(built).size() : 0;
    }

    public ManagedProcess start(Path launcher, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        return ManagedProcess.start(command, root, environment);
    }

    /** Runs the launcher to its end. */
    public Site.Said jurat(String... arguments) throws IOException {
        return jurat(launcher(), arguments);
    }

    /** The same by another name for it. */
    public Site.Said jurat(Path launcher, String... arguments) throws IOException {
        try (ManagedProcess process = start(launcher, arguments)) {
            process.input().close();
            int exit = process.exit(LONG);
            return new Site.Said(exit, process.output(), process.errors());
        }
    }
}
