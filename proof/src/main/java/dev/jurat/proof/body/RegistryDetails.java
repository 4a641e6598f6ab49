package dev.jurat.proof.body;

import dev.jurat.proof.FormatException;
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
     */
    record Session(String software, List<String> server, Optional<String> confinement, Optional<String> credentials)
            implements RegistryDetails {
        public static Session read(Body body) throws FormatException {
            Fields in = Details.fields(body);
            Session details = new Session(
                    in.string("software"),
                    in.strings("server"),
                    in.optionalString("confinement"),
                    in.optionalString("credentials"));
            in.end();
            return details;
        }

        @Override
        public Json.Obj toJson() {
            return JsonBuilder.object()
                    .put("confinement", confinement.map(Json.Str::new))
                    .put("credentials", credentials.map(Json.Str::new))
                    .strings("server", server)
                    .put("software", software)
                    .build();
        }
    }
}
