using System.Globalization;

namespace ModelBuild.Compression.Signatures;

/// <summary>One dimension of a shape: a size, a name, or neither.</summary>
/// <param name="Size">The number of elements, when it is fixed.</param>
/// <param name="Name">The symbol, when it has one.</param>
public sealed record Dimension(long? Size, string? Name)
{
    /// <summary>The size, the symbol, or <c>?</c>.</summary>
    public override string ToString() => Size?.ToString(CultureInfo.InvariantCulture) ?? Name ?? "?";
}
