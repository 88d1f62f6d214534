using ModelBuild.Compression.Training.Graphs;

namespace ModelBuild.Compression.Training.Weights;

/// <summary>Keeps the zeros of a pruned tensor: only its other elements are trained.</summary>
/// <param name="zeros">The positions of the zeros.</param>
internal sealed class KeptZeros(int[] zeros)
{
    /// <summary>
    /// Finds the zeros of a tensor. A vector has none that are kept, because zeros of biases are first values and no result of pruning.
    /// </summary>
    public static KeptZeros Of(Parameter parameter) =>
        new(parameter.Shape.Length < 2 ? [] : [.. parameter.Values.Index().Where(value => value.Item == 0).Select(value => value.Index)]);

    /// <summary>Sets the elements at the positions of the zeros to zero: gradients before an update, values after it.</summary>
    public void Clear(float[] values)
    {
        foreach (var index in zeros)
            values[index] = 0;
    }
}
