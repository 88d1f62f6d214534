namespace ModelBuild.Generator.Signatures;

/// <summary>Represents a dimension of a tensor: a size, a symbol, or neither if the model declares none.</summary>
/// <param name="Size">The size of a fixed dimension.</param>
/// <param name="Symbol">The symbol of a dynamic dimension.</param>
/// <param name="Member">The name in C# that the project sets; null if it sets none.</param>
internal sealed record DimensionSignature(long? Size, string? Symbol, string? Member = null)
{
    public bool IsFixed => Size is not null;

    public override string ToString() => Size?.ToString(CultureInfo.InvariantCulture) ?? Symbol ?? "?";
}
