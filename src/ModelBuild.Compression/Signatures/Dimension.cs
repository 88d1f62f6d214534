using System.Globalization;

namespace ModelBuild.Compression.Signatures;

/// <summary>One dimension of a shape: a fixed size, a symbol, or neither.</summary>
/// <param name="Size">The number of elements; null when the dimension is dynamic.</param>
/// <param name="Name">The symbol; null when there is none.</param>
internal sealed record Dimension(long? Size, string? Name)
{
    /// <summary>Returns the size, the symbol, or <c>?</c>.</summary>
    public override string ToString() => Size?.ToString(CultureInfo.InvariantCulture) ?? Name ?? "?";
}
