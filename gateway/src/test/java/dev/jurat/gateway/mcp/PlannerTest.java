package dev.jurat.gateway.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.contract.Effect;
import dev.jurat.proof.contract.LexicalPath;
import dev.jurat.proof.contract.Roots;
import dev.jurat.proof.contract.Salt;
import dev.jurat.proof.contract.ToolProfile;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.testkit.npm.NpmPackages;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls read by the shipped profile of npm's filesystem server, over a real folder with real links. */
class PlannerTest {
    private static final Path SHIPPED = Path.of(
            System.getProperty("jurat.root", ".."),
            "governance/src/main/resources/dev/jurat/governance/profiles/filesystem.json");

    private static byte[] listed = {};

    @TempDir
    Path temporary;

    private Path root = Path.of("");
    private final ToolList list = new ToolList();
    private Planner planner = new Planner(Optional.empty(), Map.of(), Roots.NONE, list);

    @BeforeEach
    void start() throws Exception {
        root = Files.createDirectory(temporary.toRealPath().resolve("root"));
        Files.createDirectory(temporary.resolve("outside"));
        Files.writeString(root.resolve("a.txt"), "a");
        Files.createSymbolicLink(root.resolve("out"), temporary.toRealPath().resolve("outside"));
        Files.createSymbolicLink(
                root.resolve("dangling"), temporary.toRealPath().resolve("outside/new.txt"));
        Files.createSymbolicLink(root.resolve("in"), root.resolve("a.txt"));
        Files.createSymbolicLink(root.resolve("loop"), root.resolve("loop"));
        list.take(Optional.empty(), Wire.parse(listed).member("result").orElseThrow());
        ToolProfile profile = ToolProfile.read(Files.readAllBytes(SHIPPED));
        planner = new Planner(
                Optional.of(profile), Map.of(), Roots.of(List.of(LexicalPath.parse(root.toString()))), list);
    }

    /** What the server itself says to tools/list, byte for byte; it is asked once. */
    @BeforeAll
    static void list(@TempDir Path folder) throws IOException {
        Optional<NpmPackages> packages = NpmPackages.find();
        Assumptions.assumeTrue(packages.isPresent(), "npm cannot be had");
        Path main = packages.get().folder().resolve("@modelcontextprotocol/server-filesystem/dist/index.js");
        Process server = new ProcessBuilder("node", main.toString(), folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (Writer out = server.outputWriter(StandardCharsets.UTF_8);
                BufferedReader in = server.inputReader(StandardCharsets.UTF_8)) {
            out.write(new String(McpCases.handshake("2025-11-25").getFirst().bytes(), StandardCharsets.UTF_8) + "\n");
            out.flush();
            in.readLine();
            out.write("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n");
            out.write("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}\n");
            out.flush();
            listed = Objects.requireNonNull(in.readLine()).getBytes(StandardCharsets.UTF_8);
        } finally {
            server.destroy();
        }
    }

    private Plan plan(String tool, String path) throws Exception {
        return planArguments(tool, "{\"path\":" + CanonicalJson.writeString(Json.of(path)) + "}");
    }

    private Plan planArguments(String tool, String arguments) throws Exception {
        return planBeside(tool, arguments, "");
    }

    private Plan planBeside(String tool, String arguments, String others) throws Exception {
        byte[] line = ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                        + "\",\"arguments\":" + arguments + others + "}}")
                .getBytes(StandardCharsets.UTF_8);
        Wire root = Wire.parse(line);
        Message message = new Message(
                line,
                Message.Form.REQUEST,
                Optional.of(new MessageId("n:1", "1")),
                "tools/call",
                root,
                root.member("params"));
        return planner.plan(GovernedCall.of(message, Revision.R2025_11_25));
    }

    @Test
    void listHasTheDefinitionsThatTheProfileWasWrittenFor() throws Exception {
        Plan plan = plan("read_text_file", root.resolve("a.txt").toString());
        assertEquals(Effect.READ, plan.tool().effect());
        assertTrue(plan.touched().getFirst().inside());
        assertEquals(
                Effect.WRITE,
                planArguments("write_file", "{\"path\":\"" + root + "/b\",\"content\":\"\"}")
                        .tool()
                        .effect());
    }

    @Test
    void linkWhoseNameIsEqualUnderNfcIsFollowedAsTheServerFollowsIt() throws Exception {
        Path outside = temporary.toRealPath().resolve("outside");
        Files.createSymbolicLink(root.resolve("do\u0301r"), outside);
        Files.createSymbolicLink(root.resolve("fi\u0301l.txt"), outside.resolve("f.txt"));
        Files.createSymbolicLink(root.resolve("\u212A"), outside);
        for (String name : List.of("d\u00f3r", "d\u00f3r/x.txt", "f\u00edl.txt", "K/x.txt")) {
            Touched touched =
                    plan("read_text_file", root + "/" + name).touched().getFirst();
            assertFalse(touched.inside(), name);
            assertTrue(touched.resolved().orElseThrow().startsWith(outside.toString()), name);
        }
    }

    @Test
    void linkWhoseNameIsEqualUnderNfcIsRecordedWithWhereItLeads() throws Exception {
        Path secret = Files.createDirectory(root.resolve("secret")).resolve("s.txt");
        Files.writeString(secret, "s");
        Path link = Files.createSymbolicLink(root.resolve("u\u0301.txt"), secret);
        Plan plan = plan("read_text_file", root + "/\u00fa.txt");
        Touched touched = plan.touched().getFirst();
        assertTrue(touched.inside());
        assertEquals(Optional.of(secret.toString()), touched.resolved());
        assertFalse(plan.moved());
        Files.delete(link);
        Files.createSymbolicLink(link, root.resolve("a.txt"));
        assertTrue(plan.moved());
    }

    @Test
    void exactNameIsTakenBeforeOneThatIsEqual() throws Exception {
        Files.createSymbolicLink(root.resolve("u\u0301.txt"), temporary.resolve("outside"));
        Files.writeString(root.resolve("\u00fa.txt"), "u");
        assertTrue(plan("read_text_file", root + "/\u00fa.txt")
                .touched()
                .getFirst()
                .inside());
    }

    @Test
    void ofSeveralEqualNamesNobodyCanSayWhichIsMeant() throws Exception {
        Files.createDirectory(root.resolve("\u212B"));
        Files.createDirectory(root.resolve("A\u030A"));
        Touched touched =
                plan("read_text_file", root + "/\u00C5/x.txt").touched().getFirst();
        assertFalse(touched.inside());
        assertEquals(Optional.empty(), touched.resolved());
    }

    @Test
    void fileOfAnEqualNameKeepsTheNameThatWasAsked() throws Exception {
        Files.createDirectory(root.resolve("e\u0301"));
        Files.createSymbolicLink(root.resolve("e\u0301/up"), Path.of("../a.txt"));
        Touched file =
                plan("read_text_file", root + "/\u00e9/new.txt").touched().getFirst();
        assertEquals(Optional.of(root + "/\u00e9/new.txt"), file.resolved());
        Touched up = plan("read_text_file", root + "/\u00e9/up").touched().getFirst();
        assertEquals(Optional.of(root + "/a.txt"), up.resolved());
        assertTrue(file.inside() && up.inside());
    }

    /** The kernel knows no equal names: what a link names is taken to the letter. */
    @Test
    void namesInLinksAreTakenToTheLetter() throws Exception {
        Files.createSymbolicLink(root.resolve("e\u0301"), temporary.resolve("outside"));
        Files.createSymbolicLink(root.resolve("link"), Path.of("\u00e9"));
        assertEquals(
                Optional.of(root + "/\u00e9"),
                plan("read_text_file", root + "/link").touched().getFirst().resolved());
    }

    /** A server that opens names to the letter would make the file outside, where an equal link leads back in. */
    @Test
    void equalNamesOutsideLeadNowhereInside() throws Exception {
        Files.createSymbolicLink(temporary.resolve("outside/e\u0301"), root);
        assertFalse(plan("read_text_file", root + "/out/\u00e9/x.txt")
                .touched()
                .getFirst()
                .inside());
    }

    @ParameterizedTest
    @ValueSource(strings = {"in", "new.txt", "sub/new.txt", "./a.txt", "sub/../a.txt", "in/../a.txt"})
    void namesThatStayInsideAreInside(String name) throws Exception {
        assertTrue(
                plan("read_text_file", root + "/" + name).touched().getFirst().inside());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../outside/x",
                "out/x",
                "out",
                "out/../a.txt",
                "dangling",
                "loop",
                "../rootless",
                "../ROOT/a.txt",
                "%2e%2e/outside/x",
                "..\u2215outside",
                "a\u0301/../../outside"
            })
    void namesThatLeadOutOrCannotBeReadOneWayAreOutside(String name) throws Exception {
        Plan plan = plan("read_text_file", root + "/" + name);
        boolean lexicallyOdd = name.contains("%") || name.contains("\u2215");
        Touched touched = plan.touched().getFirst();
        assertTrue(
                !touched.inside()
                        || lexicallyOdd && touched.resolved().orElse("").startsWith(root.toString()),
                touched.toString());
    }

    /** The server makes a file next to what it writes, and a move takes a name out of the folder above. */
    @ParameterizedTest
    @ValueSource(strings = {".", "ROOT", "ROOT/", "ROOT/x/..", "self", "self/self", "sub/up"})
    void writeThatReachesBesideTheRootIsInside(String named) throws Exception {
        Files.createDirectory(root.resolve("sub"));
        Files.createSymbolicLink(root.resolve("self"), root);
        Files.createSymbolicLink(root.resolve("sub/up"), Path.of(".."));
        String path = "{\"path\":\"" + named.replace("ROOT", root.toString()) + "\"";
        assertOutside(planArguments("write_file", path + ",\"content\":\"\"}"));
        assertOutside(planArguments("edit_file", path + ",\"edits\":[]}"));
        String move = path.replace("path", "source") + path.replace("{\"path", ",\"destination") + "}";
        assertOutside(planArguments("move_file", move));
        for (String tool : List.of("create_directory", "list_directory", "directory_tree", "get_file_info")) {
            assertTrue(planArguments(tool, path + "}").touched().getFirst().inside(), tool);
        }
        Plan search = planArguments("search_files", path + ",\"pattern\":\"*\"}");
        assertTrue(search.touched().getFirst().inside());
    }

    private Touched touched(String method, String params) throws Exception {
        byte[] line = ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}")
                .getBytes(StandardCharsets.UTF_8);
        Wire read = Wire.parse(line);
        Optional<MessageId> id = Optional.of(new MessageId("n:1", "1"));
        Message message = new Message(line, Message.Form.REQUEST, id, method, read, read.member("params"));
        Plan plan = planner.plan(GovernedCall.of(message, Revision.R2025_11_25));
        assertEquals(Effect.UNKNOWN, plan.tool().effect());
        assertEquals(List.of(), plan.resources());
        return plan.touched().getFirst();
    }

    private Touched read(String uri) throws Exception {
        return touched("resources/read", "{\"uri\":" + CanonicalJson.writeString(Json.of(uri)) + "}");
    }

    @Test
    void whatNamesNoFileIsTakenForOne() throws Exception {
        assertEquals("uri memo://1", named(read("memo://1")));
        assertEquals("uri files+x:/etc/passwd", named(read("files+x:/etc/passwd")));
        assertEquals("name p", named(touched("prompts/get", "{\"name\":\"p\"}")));
        String ref = "{\"ref\":{\"type\":\"ref/";
        assertEquals("name p", named(touched("completion/complete", ref + "prompt\",\"name\":\"p\"}}")));
        assertEquals(
                "uri memo://{id}", named(touched("completion/complete", ref + "resource\",\"uri\":\"memo://{id}\"}}")));
        assertEquals(
                "path /etc/{name}",
                named(touched("completion/complete", ref + "resource\",\"uri\":\"file:///etc/{name}\"}}")));
    }

    private static String named(Touched touched) {
        assertFalse(touched.inside());
        return touched.kind() + " " + touched.name();
    }

    @ParameterizedTest
    @ValueSource(strings = {"file://ROOT/a.txt", "FILE://localhostROOT/a.txt", "file:ROOT/new", "ROOT/a.txt", "a.txt"})
    void fileInsideNamedByAUriIsOutside(String uri) throws Exception {
        Touched touched = read(uri.replace("ROOT", root.toString()));
        assertEquals("path", touched.kind());
        assertTrue(touched.inside(), touched.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "File:///etc/passwd",
                "fi\tle:///etc/passwd",
                " file:///etc/passwd",
                "file:///etc/passwd ",
                "file://hostROOT/a.txt",
                "file:////ROOT/a.txt",
                "file:a.txt",
                "file:",
                "file://ROOT/out/x",
                "file://ROOT/../outside/x",
                "file://ROOT/%2e%2e/outside/x",
                "file:///etc/passwd?/../..ROOT/a.txt",
                "file:///etc/passwd#/../..ROOT/a.txt",
                "file:\\\\ROOT\\a.txt",
                "/etc/passwd",
                "../outside/x",
                "C:/x",
                ""
            })
    void fileOutsideNamedByAUriIsNoPath(String uri) throws Exception {
        Touched touched = read(uri.replace("ROOT", root.toString()));
        assertEquals("path", touched.kind());
        assertFalse(touched.inside(), touched.toString());
    }

    private static void assertOutside(Plan plan) {
        assertFalse(plan.touched().isEmpty());
        plan.touched().forEach(touched -> assertFalse(touched.inside(), touched.toString()));
    }

    @Test
    void writeStrictlyBelowTheRootIsOutside() throws Exception {
        for (String name : List.of("a.txt", "new.txt", "in", "sub/new.txt")) {
            String path = "{\"path\":\"" + root + "/" + name + "\",\"content\":\"\"}";
            assertTrue(planArguments("write_file", path).touched().getFirst().inside(), name);
        }
    }

    @Test
    void relativePathStartsFromTheOneRootUntilTheClientSendsItsOwn() throws Exception {
        assertTrue(plan("read_text_file", "a.txt").touched().getFirst().inside());
        assertTrue(planner.clientTellsRoots());
        assertFalse(plan("read_text_file", "a.txt").touched().getFirst().inside());
    }

    @Test
    void relativeCallThatWasReadBeforeTheClientToldItsFoldersDoesNotDepart() throws Exception {
        Plan relative = plan("read_text_file", "a.txt");
        Plan whole = plan("read_text_file", root + "/a.txt");
        Plan unread = plan("unheard_of", "a.txt");
        assertTrue(planner.stands(relative));
        assertTrue(planner.clientTellsRoots());
        assertFalse(planner.stands(relative));
        assertFalse(planner.departs(relative));
        assertFalse(planner.departs(unread));
        assertTrue(planner.departs(whole));
        assertTrue(planner.departs(plan("read_text_file", root + "/a.txt")));
    }

    @Test
    void clientDoesNotTellItsFoldersAfterARelativeCallHasDeparted() throws Exception {
        assertTrue(planner.departs(plan("read_text_file", root + "/a.txt")));
        Plan relative = plan("read_text_file", "a.txt");
        assertTrue(planner.departs(relative));
        assertFalse(planner.clientTellsRoots());
        assertTrue(planner.departs(relative));
        assertEquals(Optional.of(root.toString()), planner.roots().base().map(LexicalPath::text));
    }

    @Test
    void clientsFoldersNeverWidenTheRoots() throws Exception {
        assertTrue(planner.clientTellsRoots());
        assertEquals(List.of(root.toString()), planner.rootTexts());
        assertFalse(plan("read_text_file", temporary.toRealPath() + "/outside/x")
                .touched()
                .getFirst()
                .inside());
    }

    @Test
    void changedOrUnlistedDefinitionMakesTheToolUnknown() throws Exception {
        list.take(
                Optional.empty(),
                Wire.parse("{\"tools\":[{\"name\":\"read_text_file\",\"description\":\"changed\"}]}"
                        .getBytes(StandardCharsets.UTF_8)));
        assertEquals(
                Effect.UNKNOWN, plan("read_text_file", root + "/a.txt").tool().effect());
        list.stale();
        assertEquals(Effect.UNKNOWN, plan("write_file", root + "/a.txt").tool().effect());
    }

    @Test
    void toolOfALaterPageHasADigestForItsName() throws Exception {
        ToolList pages = new ToolList();
        pages.take(
                Optional.empty(), Wire.parse("{\"tools\":[],\"nextCursor\":\"2\"}".getBytes(StandardCharsets.UTF_8)));
        Planner plain = new Planner(Optional.empty(), Map.of(), Roots.NONE, pages);
        Planner profiled = planner;
        list.stale();
        for (Planner each : List.of(plain, profiled)) {
            planner = each;
            Plan plan = plan("rug", "/a");
            assertEquals("rug", plan.tool().name());
            assertEquals(Effect.UNKNOWN, plan.tool().effect());
            assertEquals(Optional.empty(), plan.definition());
        }
        pages.take(Optional.empty(), Wire.parse("{\"tools\":[]}".getBytes(StandardCharsets.UTF_8)));
        planner = plain;
        assertTrue(plan("rug", "/a").tool().name().startsWith("sha256:"));
    }

    @Test
    void argumentThatTheProfileDoesNotKnowMakesTheCallUnknown() throws Exception {
        Plan plan = planArguments("read_text_file", "{\"path\":\"" + root + "/a.txt\",\"follow\":true}");
        assertEquals(Effect.UNKNOWN, plan.tool().effect());
    }

    private static final String OUT = "\"ROOT/../outside/s.txt\"";

    /** What a server makes of such arguments nobody has read; what they name stands there for anybody. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '^',
            delimiter = '|',
            value = {
                "read_text_file | `path`:OUT,`extra`:1 | extra is not among the arguments that the profile has (head, path, tail)",
                "read_text_file | `path`:OUT,`head`:`1` | head must be an integer",
                "read_text_file | `path`:OUT,`head`:1.0 | head must be an integer",
                "read_text_file | `path`:OUT,`head`:-1 | head must be at least 0",
                "read_text_file | `path`:[OUT] | path must be a text",
                "read_text_file | `path`:OUT,`a\\u0000b`:1 | an argument is not among the arguments that the profile has (head, path, tail)",
                "read_multiple_files | `paths`:[`ROOT/a.txt`,[OUT]] | paths/1 must be a text",
                "read_multiple_files | `paths`:OUT | paths must be a list",
                "write_file | `path`:OUT | content is missing",
                "edit_file | `path`:OUT,`edits`:`x` | edits must be a list",
                "edit_file | `path`:OUT,`edits`:[{`oldText`:`x`}] | edits/0/newText is missing",
                "move_file | `source`:`ROOT/a.txt`,`destination`:OUT,`x`:{} | x is not among the arguments that the profile has (destination, source)",
                "list_directory_with_sizes | `path`:OUT,`sortBy`:`age` | sortBy must be one of name, size"
            })
    void argumentsThatTheProfileDoesNotKnowHideWhatIsOutside(String tool, String arguments, String words)
            throws Exception {
        Plan plan = planArguments(
                tool, "{" + arguments.replace('`', '"').replace("OUT", OUT).replace("ROOT", root.toString()) + "}");
        assertEquals(Effect.UNKNOWN, plan.tool().effect());
        assertFalse(plan.isInside());
        assertTrue(plan.names().contains(temporary.toRealPath() + "/outside/s.txt"), plan.toString());
        assertEquals(words, plan.unmapped().orElseThrow().words());
        assertEquals(Optional.empty(), plan.unmapped().orElseThrow().refusal());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '^',
            delimiter = '|',
            value = {
                "read_text_file | {} | path must be a text",
                "read_text_file | {`PATH`:OUT} | path must be a text",
                "read_text_file | {`path`:5} | path must be a text",
                "read_text_file | {`path`:[]} | path must be a text",
                "read_text_file | {`path`:{`a`:OUT}} | path must be a text",
                "read_text_file | {`path`:null,`extra`:1} | path must be a text",
                "read_multiple_files | {`paths`:[`ROOT/a.txt`,5]} | paths must be a list of texts",
                "move_file | {`source`:OUT} | destination must be a text"
            })
    void callWhosePathsCannotBeReadIsAskedAbout(String tool, String arguments, String words) throws Exception {
        Plan plan = planArguments(
                tool, arguments.replace('`', '"').replace("OUT", OUT).replace("ROOT", root.toString()));
        Guard.Refusal refusal = plan.unmapped().flatMap(Unmapped::refusal).orElseThrow();
        assertEquals("arguments-unmapped", refusal.code());
        assertTrue(refusal.text().contains(words), refusal.text());
        assertEquals(arguments.contains("OUT") && !arguments.contains("PATH"), !plan.isInside());
    }

    @Test
    void moreFilesThanAPolicyIsAskedAboutAreAskedAbout() throws Exception {
        String many = ("\"" + root + "/f\",").repeat(256);
        Plan most = planArguments(
                "read_multiple_files", "{\"extra\":1,\"paths\":[" + many.substring(0, many.length() - 1) + "]}");
        assertEquals(Optional.empty(), most.unmapped().orElseThrow().refusal());
        assertEquals(256, most.touched().size());
        Plan more = planArguments("read_multiple_files", "{\"paths\":[" + many + "\"/etc/passwd\"]}");
        assertEquals(
                "resources-too-many",
                more.unmapped().flatMap(Unmapped::refusal).orElseThrow().code());
        assertEquals(List.of(), more.touched());
        Plan none = planArguments("list_allowed_directories", "{\"extra\":1}");
        assertEquals(
                "extra is not among the arguments that the profile has (it has none)",
                none.unmapped().orElseThrow().words());
        assertEquals(Optional.empty(), none.unmapped().orElseThrow().refusal());
    }

    @Test
    void callThatAnswersTheServerIsUnknownAndStillSaysWhatItNames() throws Exception {
        String arguments = "{\"path\":\"" + root + "/out/x\"}";
        Plan plan = planBeside("read_text_file", arguments, ",\"requestState\":\"s\",\"inputResponses\":{}");
        assertEquals(Effect.UNKNOWN, plan.tool().effect());
        assertFalse(plan.touched().getFirst().inside());
        assertEquals(List.of(), plan.resources());
        Plan task = planBeside("read_text_file", arguments, ",\"task\":{\"ttl\":1}");
        assertEquals(Effect.READ, task.tool().effect());
    }

    @Test
    void whatGoesOutBesideTheArgumentsIsCommittedToInTheOrderOfItsNames() throws Exception {
        Salt salt = Salt.of(new byte[Salt.BYTES]);
        Plan one = planBeside("unheard_of", "{}", ",\"requestState\": \"s\" ,\"inputResponses\":{ }");
        Plan other = planBeside("unheard_of", "{}", ",\"inputResponses\":{ },\"_meta\":{},\"requestState\":\"s\"");
        assertEquals(
                "{\"inputResponses\":{ },\"requestState\":\"s\"}",
                new String(one.call().others().orElseThrow(), StandardCharsets.UTF_8));
        assertEquals(one.committed().commitment(salt), other.committed().commitment(salt));
        assertNotEquals(
                one.committed().commitment(salt),
                planArguments("unheard_of", "{}").committed().commitment(salt));
        CallDetails details = Authoriser.details(one, salt, Optional.empty());
        assertEquals(Optional.of(one.committed().commitment(salt)), details.commitment(one.tool()));
    }

    @Test
    void linkSwappedAfterwardsIsNoticed() throws Exception {
        Plan plan = plan("read_text_file", root + "/in");
        assertFalse(plan.moved());
        Files.delete(root.resolve("in"));
        Files.createSymbolicLink(root.resolve("in"), temporary.toRealPath().resolve("outside"));
        assertTrue(plan.moved());
    }

    private Planner planner(Path root) throws Exception {
        ToolProfile profile = ToolProfile.read(Files.readAllBytes(SHIPPED));
        return new Planner(Optional.of(profile), Map.of(), Roots.of(List.of(LexicalPath.parse(root.toString()))), list);
    }

    private boolean inside(Path path) throws Exception {
        return plan("read_text_file", path.toString()).touched().getFirst().inside();
    }

    @Test
    void rootReplacedByALinkTakesWhatIsBehindItForInside() throws Exception {
        Path outside = temporary.toRealPath().resolve("outside");
        String file = root + "/new.txt";
        Plan before = plan("read_text_file", file);
        assertTrue(before.touched().getFirst().inside());
        Path moved = Files.move(root, temporary.toRealPath().resolve("moved"));
        Files.createSymbolicLink(root, outside);
        Plan after = plan("read_text_file", file);
        assertFalse(after.isInside());
        assertEquals(
                Optional.of(outside + "/new.txt"), after.touched().getFirst().resolved());
        assertEquals(List.of(root.toString()), planner.rootTexts());
        assertOutside(planArguments("write_file", "{\"path\":\"" + file + "\",\"content\":\"\"}"));
        assertTrue(before.moved());
        Files.delete(root);
        Files.createSymbolicLink(root, moved);
        assertFalse(inside(root.resolve("a.txt")));
        Files.delete(root);
        Files.move(moved, root);
        assertTrue(inside(root.resolve("a.txt")));
        assertFalse(before.moved());
    }

    @Test
    void folderAboveTheRootReplacedByALinkTakesWhatIsBehindItForInside() throws Exception {
        Path above = Files.createDirectory(temporary.toRealPath().resolve("above"));
        Path below = Files.createDirectory(above.resolve("root"));
        planner = planner(below);
        assertTrue(inside(below.resolve("x")));
        Files.move(above, temporary.resolve("moved"));
        Files.createDirectory(temporary.resolve("outside/root"));
        Files.createSymbolicLink(above, temporary.toRealPath().resolve("outside"));
        assertFalse(inside(below.resolve("x")));
    }

    @Test
    void rootThatIsALinkAtTheStartIsNotWhereItLed() throws Exception {
        Path outside = temporary.toRealPath().resolve("outside");
        Path link = Files.createSymbolicLink(temporary.toRealPath().resolve("link"), root);
        planner = planner(link);
        assertEquals(List.of(link.toString(), root.toString()), planner.rootTexts());
        assertTrue(inside(link.resolve("a.txt")));
        assertTrue(inside(root.resolve("a.txt")));
        assertFalse(inside(outside.resolve("x")));
        Files.delete(link);
        Files.createSymbolicLink(link, outside);
        assertFalse(inside(link.resolve("a.txt")));
        assertTrue(inside(root.resolve("a.txt")));
        Files.delete(link);
        Files.createDirectory(link);
        assertFalse(inside(link.resolve("a.txt")));
    }

    @Test
    void rootThatIsMadeLaterAsALinkLeadsAnywhere() throws Exception {
        Path later = temporary.toRealPath().resolve("later");
        planner = planner(later);
        assertTrue(inside(later.resolve("x")));
        Files.createSymbolicLink(later, temporary.toRealPath().resolve("outside"));
        assertFalse(inside(later.resolve("x")));
        Files.delete(later);
        Files.createDirectory(later);
        assertTrue(inside(later.resolve("x")));
        Path loop = root.resolve("loop");
        planner = planner(loop);
        Files.delete(loop);
        Files.createDirectory(loop);
        assertFalse(inside(loop.resolve("x")));
    }
}
