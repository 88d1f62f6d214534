using System.Globalization;

namespace ModelBuild.Compression.Signatures;

/// <summary>One dimension of a shape: a fixed size, a symbol, or neither.</summary>
/// <param name="Size">The number of elements; null when the dimension is dynamic.</param>
/// <param name="Name">The symbol; null when there is none.</param>
internal sealed record Dimension(long? Size, string? Name)
{
    /// <summary>Returns the size or the symbol of the dimension as text; <c>?</c> if it has neither.</summary>
    public override string ToString() => Size?.ToString(CultureInfo.InvariantCulture) ?? Name ?? "?";
}
