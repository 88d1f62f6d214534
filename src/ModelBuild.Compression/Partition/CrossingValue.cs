using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Partition;

/// <summary>A value that another node reads, so that it may cross from one stage to another.</summary>
/// <param name="Name">The name of the value.</param>
/// <param name="Born">The position of its producer in the order of nodes.</param>
/// <param name="LastRead">The position of its last reader.</param>
/// <param name="Declared">The type and shape for all calls; null when the value is not a tensor or its type is unknown.</param>
/// <param name="Elements">The number of elements in the counted call. Unknown sizes count as 1.</param>
/// <param name="Bytes">The size of the elements in bytes.</param>
internal sealed record CrossingValue(string Name, int Born, int LastRead, InferredTensor? Declared, long Elements, long Bytes)
{
    /// <summary>Returns whether the value crosses a cut before a position of the order: it is computed before the cut and read after it.</summary>
    public bool Crosses(int cut) => Born < cut && cut <= LastRead;
}
