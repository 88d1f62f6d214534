namespace ModelBuild.Generator.Signatures;

/// <summary>One dimension: a size, or a symbol's name, or neither where the model says nothing.</summary>
/// <param name="Size">The size of a fixed dimension.</param>
/// <param name="Symbol">The model's name of an open one.</param>
/// <param name="Member">The name in C# that the project chose, or null.</param>
internal sealed record DimensionSignature(long? Size, string? Symbol, string? Member = null)
{
    public bool IsFixed => Size is not null;

    public override string ToString() => Size?.ToString(CultureInfo.InvariantCulture) ?? Symbol ?? "?";
}
