package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.ArrayList;
import java.util.List;

/** How the folders of a server are found in the command that starts it. */
public sealed interface RootRule {
    /** Whether the command starts a server of this kind. */
    boolean matches(List<String> command);

    /** The folders; codes {@code roots-launch}, {@code roots-none}, and those of {@link LexicalPath}. */
    Roots find(List<String> command, LexicalPath workingDirectory) throws FormatException;

    Json.Obj toJson();

    /** The server works on no folder; its profile is chosen by name. */
    record None() implements RootRule {
        @Override
        public boolean matches(List<String> command) {
            return false;
        }

        @Override
        public Roots find(List<String> command, LexicalPath workingDirectory) {
            return Roots.NONE;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object().put("from", "none").build();
        }
    }

    /**
     * Every argument after the first that names the server is a folder.
     *
     * @param words arguments that name the server, whole
     * @param endings ends of arguments that name the server, each beginning with a slash
     */
    record AfterLaunch(List<String> words, List<String> endings) implements RootRule {
        public AfterLaunch {
            words = List.copyOf(words);
            endings = List.copyOf(endings);
        }

        @Override
        public boolean matches(List<String> command) {
            return command.stream().anyMatch(this::names);
        }

        @Override
        public Roots find(List<String> command, LexicalPath workingDirectory) throws FormatException {
            int at = 0;
            while (at < command.size() && !names(command.get(at))) {
                at++;
            }
            if (at == command.size()) {
                throw new FormatException("roots-launch", "the command does not start the server of this profile");
            }
            List<LexicalPath> paths = new ArrayList<>();
            for (String argument : command.subList(at + 1, command.size())) {
                paths.add(LexicalPath.parse(argument, workingDirectory));
            }
            if (paths.isEmpty()) {
                throw new FormatException("roots-none", "the command gives the server no folder");
            }
            return Roots.of(paths);
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .strings("endings", endings)
                    .put("from", "after-launch")
                    .strings("words", words)
                    .build();
        }

        private boolean names(String argument) {
            return words.contains(argument) || endings.stream().anyMatch(argument::endsWith);
        }
    }

    /** Reads the closed object; {@code profile-roots} for an unknown source, or an ending without its slash. */
    static RootRule read(Fields fields) throws FormatException {
        String from = fields.string("from");
        if (from.equals("none")) {
            fields.end();
            return new None();
        }
        if (!from.equals("after-launch")) {
            throw new FormatException("profile-roots", fields.path() + ".from is not known");
        }
        AfterLaunch rule = new AfterLaunch(fields.strings("words"), fields.strings("endings"));
        fields.end();
        if (!rule.endings().stream().allMatch(ending -> ending.startsWith("/"))) {
            throw new FormatException("profile-roots", fields.path() + ".endings has one without its slash");
        }
        return rule;
    }
}
