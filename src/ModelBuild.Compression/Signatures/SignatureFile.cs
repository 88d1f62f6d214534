using System.Text.Json;

namespace ModelBuild.Compression.Signatures;

/// <summary>Writes <c>*.signature.json</c>, which the source generator reads.</summary>
internal static class SignatureFile
{
    /// <summary>Returns the bytes of the file: UTF-8 with LF and indentation. Equal arguments give equal bytes.</summary>
    public static byte[] ToJson(ModelSignature signature, SignatureBinding binding)
    {
        ArgumentNullException.ThrowIfNull(signature);
        ArgumentNullException.ThrowIfNull(binding);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteNumber(SignatureFields.Schema, SignatureFields.SchemaVersion);
            json.WriteString(SignatureFields.ClassName, binding.ClassName);
            WriteOptions(json, binding.Options);
            if (binding.Descriptions.Count > 0)
                WriteDescriptions(json, binding.Descriptions);
            json.WriteString(SignatureFields.Model, binding.Model);
            json.WriteString(SignatureFields.Description, signature.Description);
            json.WriteString(SignatureFields.Deploy, binding.Deploy);
            json.WriteString(SignatureFields.Path, binding.Path);
            if (binding.Stages.Count > 0)
                WriteTexts(json, SignatureFields.Stages, binding.Stages);
            json.WriteString(SignatureFields.Hash, signature.Hash());
            WriteTexts(json, SignatureFields.Providers, binding.Providers);
            WriteTexts(json, SignatureFields.Labels, binding.Labels);
            WriteValues(json, SignatureFields.Inputs, signature.Inputs, binding.Members.OfInput, binding.Members.OfDimension);
            WriteValues(json, SignatureFields.Outputs, signature.Outputs, binding.Members.OfOutput, (_, _) => null);
            if (binding.States.Count > 0)
                WriteStates(json, binding.States);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static void WriteOptions(Utf8JsonWriter json, IReadOnlyDictionary<string, string> options)
    {
        json.WriteStartObject(SignatureFields.Options);
        foreach (var (name, value) in options.OrderBy(option => option.Key, StringComparer.Ordinal))
            json.WriteString(name, value);
        json.WriteEndObject();
    }

    private static void WriteDescriptions(Utf8JsonWriter json, IReadOnlyList<ValueDescription> descriptions)
    {
        json.WriteStartArray(SignatureFields.Descriptions);
        foreach (var description in descriptions)
        {
            json.WriteStartObject();
            json.WriteString(SignatureFields.Name, description.Name);
            json.WriteString(SignatureFields.Text, description.Text);
            if (description.Source is { } source)
                json.WriteString(SignatureFields.Source, source);
            if (description.IsChannelsFirst is { } isFirst)
                json.WriteString(SignatureFields.Layout, isFirst ? SignatureFields.ChannelsFirst : SignatureFields.ChannelsLast);
            WriteFacts(json, description.Texts);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteFacts(Utf8JsonWriter json, TextFacts? facts)
    {
        if (facts?.Pooling is { } pooling)
            json.WriteString(SignatureFields.Pooling, pooling);
        if (facts?.MaxTokens is { } count)
            json.WriteNumber(SignatureFields.MaxTokens, count);
        if (facts?.Fault is { } fault)
            json.WriteString(SignatureFields.Fault, fault);
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
        json.WriteStartArray(SignatureFields.States);
        foreach (var state in states)
        {
            json.WriteStartObject();
            json.WriteString(SignatureFields.Output, state.Output);
            json.WriteString(SignatureFields.Input, state.Input);
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
            json.WriteString(SignatureFields.Name, value.Name);
            WriteMember(json, member(value));
            json.WriteString(SignatureFields.Kind, value.Kind.ToString().ToLowerInvariant());
            json.WriteString(SignatureFields.Type, value.Type);
            // The shape of a sequence or an optional is the shape of the tensors inside.
            var shape = value.Shape ?? value.ElementShape ?? [];
            json.WriteNumber(SignatureFields.Rank, (value.Shape ?? value.ElementShape)?.Count ?? -1);
            json.WriteStartArray(SignatureFields.Shape);
            for (var axis = 0; axis < shape.Count; axis++)
                WriteDimension(json, shape[axis], dimensionMember(value, axis));
            json.WriteEndArray();
            if (value.Scores != ScoreKind.Logits)
                json.WriteString(SignatureFields.Scores, value.Scores == ScoreKind.Probabilities ? "probabilities" : "log-probabilities");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteDimension(Utf8JsonWriter json, Dimension dimension, string? member)
    {
        json.WriteStartObject();
        if (dimension.Size is { } size)
            json.WriteNumber(SignatureFields.Size, size);
        else if (dimension.Name is { } symbol)
            json.WriteString(SignatureFields.Name, symbol);
        WriteMember(json, member);
        json.WriteEndObject();
    }

    private static void WriteMember(Utf8JsonWriter json, string? member)
    {
        if (member is not null)
            json.WriteString(SignatureFields.Member, member);
    }
}
