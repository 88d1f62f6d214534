using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Training.Recomputation;

/// <summary>A value that is in memory outside of the sessions of a training graph's parts.</summary>
/// <param name="Name">The name of the value.</param>
/// <param name="Type">Its element type and shape.</param>
/// <param name="First">The index of the part that computes it.</param>
/// <param name="Last">The index of the last part that reads it, or after which it is read.</param>
internal sealed record BufferUse(string Name, InferredTensor Type, int First, int Last)
{
    /// <summary>The number of bytes of the value.</summary>
    public long Bytes => Type.Bytes!.Value;

    /// <summary>Returns whether two values are needed at the same time.</summary>
    public bool Overlaps(BufferUse other) => First <= other.Last && other.First <= Last;
}
