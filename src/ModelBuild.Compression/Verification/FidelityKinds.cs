using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Compression.Verification;

/// <summary>The kinds of outputs that the user sets, such as <c>last_hidden_state:embedding; boxes:boxes</c>.</summary>
internal sealed class FidelityKinds
{
    private readonly IReadOnlyDictionary<string, FidelityKind> _kinds;

    private FidelityKinds(string text, IReadOnlyDictionary<string, FidelityKind> kinds) => (Text, _kinds) = (text, kinds);

    /// <summary>An instance that sets no kinds, so that rules determine all of them.</summary>
    public static FidelityKinds None { get; } = new("", new Dictionary<string, FidelityKind>());

    /// <summary>The names of all kinds.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<FidelityKind>().Select(Name)];

    /// <summary>The text that the kinds were parsed from.</summary>
    public string Text { get; }

    /// <summary>Returns the name of a kind.</summary>
    public static string Name(FidelityKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>Parses a list of outputs and kinds. The last colon separates them, because names of outputs may contain colons.</summary>
    /// <exception cref="CompressionException">MB1005: the text is not such a list, a kind is unknown, or an output occurs twice.</exception>
    public static FidelityKinds Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return None;
        var kinds = new Dictionary<string, FidelityKind>(StringComparer.Ordinal);
        foreach (var entry in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = entry.LastIndexOf(':');
            var (output, kind) = colon < 1 ? ("", "") : (entry[..colon].Trim(), entry[(colon + 1)..].Trim());
            if (output.Length == 0)
                throw new CompressionException(
                    Codes.UnknownOption,
                    $"Fidelity='{text}': '{entry}' must be an output and its kind, such as 'last_hidden_state:embedding'."
                );
            if (!Names.Contains(kind))
                throw new CompressionException(
                    Codes.UnknownOption,
                    $"Fidelity='{text}': the kind '{kind}' is unknown; use {string.Join(", ", Names)}.{NearestName.Hint(kind, Names)}"
                );
            if (!kinds.TryAdd(output, Enum.Parse<FidelityKind>(kind, ignoreCase: true)))
                throw new CompressionException(Codes.UnknownOption, $"Fidelity='{text}' names the output '{output}' twice.");
        }

        return kinds.Count > 0
            ? new FidelityKinds(text.Trim(), kinds)
            : throw new CompressionException(Codes.UnknownOption, $"Fidelity='{text}' names no output: write 'last_hidden_state:embedding', or leave it out.");
    }

    /// <summary>Returns the kind of an output or a part, or null when the user does not set it.</summary>
    internal FidelityKind? Of(string name) => _kinds.TryGetValue(name, out var kind) ? kind : null;

    /// <summary>Checks that the model has all outputs that the user names.</summary>
    /// <exception cref="CompressionException">MB1005: the model does not have an output or part of this name.</exception>
    internal void Check(IReadOnlyCollection<string> known)
    {
        if (_kinds.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new CompressionException(
                Codes.UnknownOption,
                $"Fidelity='{Text}' names '{unknown}', which the model does not have as an output or a part of one; "
                    + $"it has {string.Join(", ", known)}.{NearestName.Hint(unknown, known)}"
            );
    }
}
