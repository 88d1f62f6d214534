using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Partition;

/// <summary>A value that another node reads than the one that gives it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Born">The place of its producer in the order of nodes.</param>
/// <param name="LastRead">The place of its last reader.</param>
/// <param name="Declared">Its type and sizes for all calls; null where it is no tensor, or nothing is known of it.</param>
/// <param name="Elements">The number of its elements in the call that is counted; sizes that are not known count as 1.</param>
/// <param name="Bytes">Their bytes.</param>
internal sealed record CrossingValue(string Name, int Born, int LastRead, InferredTensor? Declared, long Elements, long Bytes)
{
    /// <summary>Whether it is handed on where the order is cut before a place.</summary>
    public bool Crosses(int cut) => Born < cut && cut <= LastRead;
}
