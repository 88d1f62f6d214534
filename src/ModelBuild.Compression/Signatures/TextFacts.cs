namespace ModelBuild.Compression.Signatures;

/// <summary>The properties of methods that take texts, as the files of a tokenizer name them.</summary>
/// <param name="Pooling">How the vectors of tokens become the vector of a text, such as <c>mean, normalized</c>; null for models without such vectors.</param>
/// <param name="MaxTokens">The number of tokens at which texts are cut; null if the files name none.</param>
/// <param name="Fault">Why the files cannot be used, as sentences; null if they can.</param>
internal sealed record TextFacts(string? Pooling, int? MaxTokens, string? Fault)
{
    /// <summary>Returns the facts as text in brackets, with a space before them; empty if there are none.</summary>
    public override string ToString()
    {
        string?[] facts = [Pooling is null ? null : "pooling: " + Pooling, MaxTokens is { } count ? $"texts are cut at {count} tokens" : null];
        var known = string.Join("; ", facts.Where(fact => fact is not null));
        return known.Length == 0 ? "" : $" ({known})";
    }
}
