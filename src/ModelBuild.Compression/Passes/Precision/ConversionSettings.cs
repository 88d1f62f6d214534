using System.Collections.Immutable;
using ModelBuild.Compression.Formats;

namespace ModelBuild.Compression.Passes.Precision;

/// <summary>The nodes and values that a conversion to 16 bits changes.</summary>
/// <param name="Format">The 16-bit float.</param>
/// <param name="Io">Whether the model's inputs and outputs are converted, too.</param>
/// <param name="Exclude">Names or operator types of nodes that stay float32, as patterns separated by <c>|</c>.</param>
internal sealed record ConversionSettings(NarrowFloat Format, bool Io, string Exclude)
{
    /// <summary>The ordinals of nodes that stay float32 (<see cref="FloatNode.Ordinal"/>).</summary>
    public ImmutableHashSet<int> Float32 { get; init; } = [];

    /// <summary>Whether nodes that no converted layer is connected to are converted, too, so that the error of each of them can be measured.</summary>
    public bool Islands { get; init; }

    /// <summary>The values of the main graph that exceed the format's range on calibration data, with their largest magnitude.</summary>
    public IReadOnlyDictionary<string, float> Overflowing { get; init; } = ImmutableDictionary<string, float>.Empty;
}
