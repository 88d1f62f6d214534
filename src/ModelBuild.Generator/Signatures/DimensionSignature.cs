namespace ModelBuild.Generator.Signatures;

/// <summary>One dimension: a size, or a symbol's name, or neither where the model says nothing.</summary>
internal sealed record DimensionSignature(long? Size, string? Symbol)
{
    public bool IsFixed => Size is not null;

    public override string ToString() => Size?.ToString(CultureInfo.InvariantCulture) ?? Symbol ?? "?";
}
