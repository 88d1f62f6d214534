using System.Text.Json;

namespace ModelBuild.Compression.Signatures;

/// <summary>Writes <c>*.signature.json</c>, which the source generator reads.</summary>
public static class SignatureFile
{
    private const int Schema = 1;

    /// <summary>Returns the bytes of the file: UTF-8 with LF and indentation. Equal arguments give equal bytes.</summary>
    public static byte[] ToJson(ModelSignature signature, SignatureBinding binding)
    {
        ArgumentNullException.ThrowIfNull(signature);
        ArgumentNullException.ThrowIfNull(binding);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", Schema);
            json.WriteString("className", binding.ClassName);
            json.WriteString("namespace", binding.Namespace);
            json.WriteString("access", binding.Access);
            json.WriteString("model", binding.Model);
            json.WriteString("description", signature.Description);
            json.WriteString("deploy", binding.Deploy);
            json.WriteString("path", binding.Path);
            if (binding.Stages.Count > 0)
                WriteTexts(json, "stages", binding.Stages);
            json.WriteString("hash", signature.Hash());
            WriteTexts(json, "providers", binding.Providers);
            WriteTexts(json, "labels", binding.Labels);
            WriteValues(json, "inputs", signature.Inputs, binding.Members.OfInput, binding.Members.OfDimension);
            WriteValues(json, "outputs", signature.Outputs, binding.Members.OfOutput, (_, _) => null);
            if (binding.States.Count > 0)
                WriteStates(json, binding.States);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void WriteStates(Utf8JsonWriter json, IReadOnlyList<StatePair> states)
    {
        json.WriteStartArray("states");
        foreach (var state in states)
        {
            json.WriteStartObject();
            json.WriteString("output", state.Output);
            json.WriteString("input", state.Input);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteValues(
        Utf8JsonWriter json,
        string name,
        IReadOnlyList<ValueSignature> values,
        Func<ValueSignature, string?> member,
        Func<ValueSignature, int, string?> dimensionMember
    )
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStartObject();
            json.WriteString("name", value.Name);
            WriteMember(json, member(value));
            json.WriteString("kind", value.Kind.ToString().ToLowerInvariant());
            json.WriteString("type", value.Type);
            // For sequences and optionals, the shape is that of the tensors inside.
            var shape = value.Shape ?? value.ElementShape ?? [];
            json.WriteNumber("rank", (value.Shape ?? value.ElementShape)?.Count ?? -1);
            json.WriteStartArray("shape");
            for (var axis = 0; axis < shape.Count; axis++)
                WriteDimension(json, shape[axis], dimensionMember(value, axis));
            json.WriteEndArray();
            json.WriteBoolean("optional", value.Optional);
            if (value.Scores != ScoreKind.Logits)
                json.WriteString("scores", value.Scores == ScoreKind.Probabilities ? "probabilities" : "log-probabilities");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteDimension(Utf8JsonWriter json, Dimension dimension, string? member)
    {
        json.WriteStartObject();
        if (dimension.Size is { } size)
            json.WriteNumber("size", size);
        else if (dimension.Name is { } symbol)
            json.WriteString("name", symbol);
        WriteMember(json, member);
        json.WriteEndObject();
    }

    private static void WriteMember(Utf8JsonWriter json, string? member)
    {
        if (member is not null)
            json.WriteString("member", member);
    }
}
