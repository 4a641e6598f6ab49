package dev.jurat.proof.body;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Launch;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.Body;
import java.util.List;
import java.util.Optional;

/** The bodies of {@code key} and {@code session} records. */
public sealed interface RegistryDetails extends Details {
    /** A principal's name, which stays out of statements so that it can be erased. */
    record Key(String name) implements RegistryDetails {
        public static Key read(Body body) throws FormatException {
            Fields in = Details.fields(body);
            Key details = new Key(in.string("name"));
            in.end();
            return details;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object().put("name", name).build();
        }
    }

    /**
     * A session: what runs, and how far it is kept apart.
     *
     * @param software what opened the session, with its version
     * @param server the command of the server behind the point, as it was given; empty for others
     * @param confinement how the server is confined: {@code none} where it is not
     * @param credentials whether the server's credentials come from the keystore or the environment: {@code none}, {@code environment},
     *     {@code keystore} or {@code mixed}
     * @param launch how the server was started, with the command of {@code server}; empty where no point started one
     */
    record Session(
            String software,
            List<String> server,
            Optional<String> confinement,
            Optional<String> credentials,
            Optional<Launch> launch)
            implements RegistryDetails {
        /** A session of which nobody says how a server was started. */
        public Session(
                String software, List<String> server, Optional<String> confinement, Optional<String> credentials) {
            this(software, server, confinement, credentials, Optional.empty());
        }

        public static Session read(Body body) throws FormatException {
            Fields in = Details.fields(body);
            List<String> server = in.strings("server");
            Session details = new Session(
                    in.string("software"),
                    server,
                    in.optionalString("confinement"),
                    in.optionalString("credentials"),
                    in.has("launch") ? Optional.of(Launch.read(in.object("launch"), server)) : Optional.empty());
            in.end();
            return details;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("confinement", confinement.map(Json.Str::new))
                    .put("credentials", credentials.map(Json.Str::new))
                    .put("launch", launch.map(Launch::toJson))
                    .strings("server", server)
                    .put("software", software)
                    .build();
        }
    }
}
