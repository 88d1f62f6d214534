using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Compression.Signatures;

/// <summary>Finds the states of a model: those that the project names, or else those that names and shapes show unambiguously.</summary>
internal static class StateSource
{
    private const string None = "none";

    /// <summary>Returns the states of a model: those of the given text, or those that names and shapes show.</summary>
    /// <param name="signature">The signature of the model.</param>
    /// <param name="text">
    /// Pairs such as <c>stateN=state; cN=c</c>, with the output first; <c>none</c> for no states; null or empty to find them by names and shapes.
    /// </param>
    /// <exception cref="CompressionException">MB1028: the text names inputs or outputs that the model does not have, or that cannot be a state.</exception>
    public static IReadOnlyList<StatePair> Read(ModelSignature signature, string? text)
    {
        ArgumentNullException.ThrowIfNull(signature);
        if (string.IsNullOrWhiteSpace(text))
            return Find(signature);
        if (text.Trim().Equals(None, StringComparison.OrdinalIgnoreCase))
            return [];
        var pairs = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(entry => Parse(signature, entry)).ToArray();
        if (pairs.Length == 0)
            throw Wrong($"State=\"{text.Trim()}\" names no state: write 'none' for a model without states, or omit State to find them by name.");
        foreach (
            var name in pairs
                .GroupBy(pair => pair.Output)
                .Concat(pairs.GroupBy(pair => pair.Input))
                .Where(group => group.Count() > 1)
                .Select(group => group.Key)
        )
            throw Wrong($"State=\"{text.Trim()}\" names '{name}' twice.");
        return pairs;
    }

    private static StatePair Parse(ModelSignature signature, string entry)
    {
        if (entry.Split('=', StringSplitOptions.TrimEntries) is not [var output, var input])
            throw Wrong($"State has '{entry}', which is not an output and an input such as 'stateN=state'.");
        var from = Named(signature.Outputs, output, "output");
        var to = Named(signature.Inputs, input, "input");
        foreach (var value in new[] { from, to })
            if (value.Kind != ValueKind.Tensor || value.Type == "string")
                throw Wrong($"State has '{entry}', and '{value.Name}' is a {Describe(value)}; a state is a tensor of numbers.");
        if (to.Shape is null)
            throw Wrong($"State has '{entry}', and the shape of input '{to.Name}' is not declared, so that the stream cannot start with zeros.");
        if (from.Type != to.Type || !Agree(from, to, (a, b) => a.Size == b.Size || a.Size is null || b.Size is null))
            throw Wrong($"State has '{entry}', and output {Describe(from)} cannot be input {Describe(to)}.");
        return new StatePair(output, input);
    }

    private static ValueSignature Named(IReadOnlyList<ValueSignature> values, string name, string what) =>
        values.FirstOrDefault(value => value.Name == name)
        ?? throw Wrong(
            $"State names the {what} '{name}', which the model does not have.{NearestName.Hint(name, values.Select(value => value.Name))} "
                + $"It has: {string.Join(", ", values.Select(value => value.Name))}."
        );

    private static StatePair[] Find(ModelSignature signature)
    {
        // The cache of a decoder is not a state, because its size grows with each call. The generator writes other members for a decoder.
        if (DecoderLayout.Find([.. signature.Inputs.Select(Described)], [.. signature.Outputs.Select(Described)]) is not null)
            return [];
        var pairs = signature
            .Outputs.SelectMany(output => signature.Inputs.Where(input => IsState(output, input)).Select(input => new StatePair(output.Name, input.Name)))
            .ToArray();
        // A state is a pair of one output and one input. An output or input with several possible partners is ambiguous, so its pairs are removed.
        pairs = [.. pairs.Where(pair => pairs.Count(other => other.Output == pair.Output || other.Input == pair.Input) == 1)];
        // If a model has no inputs or no outputs besides its states, it is not a stream, and no states are returned.
        return pairs.Length < signature.Inputs.Count && pairs.Length < signature.Outputs.Count ? pairs : [];
    }

    private static DescribedValue Described(ValueSignature value) =>
        new(
            value.Name,
            value.Kind == ValueKind.Tensor ? value.Type : "",
            value.Shape is { } shape ? [.. shape.Select(dimension => (int)(dimension.Size ?? 0))] : null
        );

    private static bool IsState(ValueSignature output, ValueSignature input) =>
        output.Kind == ValueKind.Tensor
        && input.Kind == ValueKind.Tensor
        && output.Type == input.Type
        && output.Type != "string"
        && input.Shape is not null
        && Agree(output, input, (a, b) => a == b || (a.Size ?? (object?)a.Name) is null || (b.Size ?? (object?)b.Name) is null)
        && StateNames.Match(output.Name, input.Name);

    /// <summary>Returns whether two shapes can be equal. An undeclared shape equals any shape.</summary>
    private static bool Agree(ValueSignature output, ValueSignature input, Func<Dimension, Dimension, bool> isSame) =>
        output.Shape is null || (output.Shape.Count == input.Shape!.Count && output.Shape.Zip(input.Shape).All(pair => isSame(pair.First, pair.Second)));

    private static string Describe(ValueSignature value) =>
        $"'{value.Name}' {value.Type}{(value.Kind == ValueKind.Tensor ? $"[{(value.Shape is null ? "*" : string.Join(", ", value.Shape))}]" : "")}";

    private static CompressionException Wrong(string message) => new(Codes.States, message);
}
