using ModelBuild.Compression.Training.Buffers;

namespace ModelBuild.Compression.Training.Weights;

/// <summary>Keeps the zeros of a pruned tensor: only its other elements are trained.</summary>
/// <param name="zeros">The positions of the zeros.</param>
internal sealed class KeptZeros(int[] zeros)
{
    /// <summary>An instance that keeps no zeros.</summary>
    public static KeptZeros None { get; } = new([]);

    /// <summary>
    /// Returns the zeros of a weight that stay zero. The result is empty for a vector and for a tensor that holds only zeros, because their zeros are initial
    /// values and not the result of pruning.
    /// </summary>
    public static KeptZeros Of(Parameter parameter) => parameter.Shape.Length < 2 || !parameter.Values.AsSpan().ContainsAnyExcept(0f) ? None : All(parameter);

    /// <summary>Returns an instance that keeps all zeros of a parameter.</summary>
    public static KeptZeros All(Parameter parameter) => new([.. parameter.Values.Index().Where(value => value.Item == 0).Select(value => value.Index)]);

    /// <summary>Sets the elements at the positions of the zeros to zero: gradients before an update, values after it.</summary>
    public void Clear(float[] values)
    {
        foreach (var index in zeros)
            values[index] = 0;
    }
}
