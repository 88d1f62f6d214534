using System.Collections.Immutable;
using ModelBuild.Compression.Formats;

namespace ModelBuild.Compression.Passes.Precision;

/// <summary>What to convert, and what to leave.</summary>
/// <param name="Format">The 16-bit float.</param>
/// <param name="Io">Whether the model's inputs and outputs are converted, too.</param>
/// <param name="Exclude">Names or operator types of nodes that stay float32, as patterns separated by <c>|</c>.</param>
internal sealed record ConversionSettings(NarrowFloat Format, bool Io, string Exclude)
{
    /// <summary>Places of nodes that stay float32 (<see cref="FloatNode.Ordinal"/>).</summary>
    public ImmutableHashSet<int> Float32 { get; init; } = [];

    /// <summary>Whether nodes without a layer around them are converted, too, so that what each of them costs can be measured.</summary>
    public bool Islands { get; init; }

    /// <summary>Values of the main graph that were seen beyond the format's range, with how large they became.</summary>
    public IReadOnlyDictionary<string, float> Overflowing { get; init; } = ImmutableDictionary<string, float>.Empty;
}
